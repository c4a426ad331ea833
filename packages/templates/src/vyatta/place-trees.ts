import type { NotUnderstood } from '../platform.ts'
import type { ConfigNode } from './config-tree.ts'
import { isTree } from './member-trees.ts'
import { lostTrees } from './trees.ts'

/**
 * Puts trees that were pasted without what they stand in where they belong, and takes those out whose first word is not known: their
 * lines come back.
 */
export function placeTrees(root: ConfigNode): NotUnderstood[] {
  const stray: NotUnderstood[] = []
  for (const [name, node] of root.children()) {
    const home = homeOf(name, node, root)
    if (home?.length === 0) continue
    root.remove(name)
    if (home)
      graft(
        home.reduce((above, word) => above.grow(word, node.line), root),
        name,
        node,
      )
    else stray.push(...linesOf(name, node))
  }
  return stray
}

/** Where a tree belongs: the root, a path, or nowhere that is known. */
function homeOf(name: string, node: ConfigNode, root: ConfigNode): readonly string[] | undefined {
  if (name === 'nat' && node.at('rule')) return ['service']
  if (isTree(name)) return []
  const home = lostTrees.find(({ path: [first, ...below] }) => first === name && hasPath(node, below))?.home
  return home?.[0] === 'vpn' && root.at('security') ? ['security', ...home] : home
}

function hasPath(node: ConfigNode, [word, ...below]: readonly string[]): boolean {
  if (word === undefined) return true
  return node.children().some(([name, child]) => (word === '*' || word === name) && hasPath(child, below))
}

function linesOf(name: string, node: ConfigNode): NotUnderstood[] {
  const lines = node.lines()
  return lines.length > 0 || node.line === undefined ? lines : [{ line: node.line, text: name }]
}

function graft(into: ConfigNode, name: string, node: ConfigNode): void {
  const there = into.at(name)
  if (!there) into.adopt(node)
  else for (const [below, child] of node.children()) graft(there, below, child)
}
