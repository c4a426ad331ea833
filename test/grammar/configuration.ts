import { wordsOf } from '../support/set-lines.ts'
import type { GrammarNode, Table } from './table.ts'
import { passes } from './values.ts'

/** What stands below a node of a configuration: the values of a tag or leaf, the nodes of others. */
export class Tree {
  readonly #below = new Map<string, Tree>()

  grow(name: string): Tree {
    const known = this.#below.get(name)
    if (known) return known
    const made = new Tree()
    this.#below.set(name, made)
    return made
  }

  at(...path: readonly string[]): Tree | undefined {
    let tree: Tree | undefined = this
    for (const name of path) tree = tree === undefined ? undefined : tree.#below.get(name)
    return tree
  }

  has(...path: readonly string[]): boolean {
    return this.at(...path) !== undefined
  }

  /** The names below a path; none where it is not there. */
  names(...path: readonly string[]): string[] {
    return this.entries(...path).map(([name]) => name)
  }

  entries(...path: readonly string[]): [string, Tree][] {
    const tree = this.at(...path)
    return tree ? [...tree.#below] : []
  }

  value(...path: readonly string[]): string | undefined {
    return this.names(...path)[0]
  }

  remove(name: string): void {
    this.#below.delete(name)
  }

  clear(): void {
    this.#below.clear()
  }

  get isEmpty(): boolean {
    return this.#below.size === 0
  }
}

/** A device as far as its grammar goes: each line is held against the table, and changes the configuration where it passes. */
export class Configuration {
  readonly root = new Tree()
  readonly #table: Table
  readonly #set = new Set<string>()

  constructor(table: Table) {
    this.#table = table
  }

  /** What others configured, which nobody judges. */
  presume(text: string): void {
    for (const line of linesOf(text)) {
      if (line.startsWith('set '))
        wordsOf(line)
          .slice(1)
          .reduce((tree, word) => tree.grow(word), this.root)
    }
  }

  /** Enters lines one after the other; what the device says to those that it refuses. */
  enter(text: string): string[] {
    this.#set.clear()
    return linesOf(text).flatMap((line) => {
      const [verb, ...words] = wordsOf(line)
      const complaint = isShell(line)
        ? 'the shell takes it apart'
        : verb === 'set'
          ? this.#enterSet(words)
          : verb === 'delete'
            ? this.#enterDelete(words)
            : 'no such command'
      return complaint === undefined ? [] : [`${line}: ${complaint}`]
    })
  }

  /** What is missing below nodes that cannot be without it. */
  missing(): string[] {
    const found: string[] = []
    const visit = (tree: Tree, path: string, shown: string): void => {
      for (const [name, below] of tree.entries()) {
        const here = path === '' ? name : `${path} ${name}`
        const node = this.#table.nodes[here]
        if (!node || node.kind === 'leaf' || node.kind === 'leaves' || node.kind === 'flag') continue
        const instances = node.kind === 'tag' ? below.entries() : ([['', below]] as const)
        for (const [value, inner] of instances) {
          const at = `${shown} ${name} ${value}`.trim()
          found.push(...lacks(node, inner).map((names) => `${at}: ${names} is missing`))
          visit(inner, here, at)
        }
      }
    }
    visit(this.root, '', '')
    return found
  }

  #enterSet(words: readonly string[]): string | undefined {
    const complaint = this.#judge(words, 'set')
    if (complaint !== undefined) return complaint
    const node = this.#nodeAt(words)
    const above = words.slice(0, -1).reduce((tree, word) => tree.grow(word), this.root)
    if (node.isValue && node.kind === 'leaf') {
      const leaf = words.slice(0, -1).join('\n')
      if (this.#set.has(leaf) && !above.isEmpty) return 'the leaf holds one value and has one from a line above'
      this.#set.add(leaf)
      above.clear()
    }
    above.grow(words.at(-1) ?? '')
    return undefined
  }

  #enterDelete(words: readonly string[]): string | undefined {
    const complaint = this.#judge(words, 'delete')
    if (complaint !== undefined) return complaint
    if (!this.root.has(...words)) return 'there is nothing of the kind'
    for (let end = words.length; end > 0; end--) {
      const above = this.root.at(...words.slice(0, end - 1))
      above?.remove(words[end - 1] ?? '')
      if (!above?.isEmpty) return undefined
    }
    return undefined
  }

  /** Walks the words down the table. */
  #judge(words: readonly string[], verb: 'set' | 'delete'): string | undefined {
    let path = ''
    for (let at = 0; at < words.length; at++) {
      path = path === '' ? (words[at] ?? '') : `${path} ${words[at]}`
      const node = this.#table.nodes[path]
      if (!node) return `no node ${path}`
      if (node.kind === 'node') {
        if (at === words.length - 1 && verb === 'set' && this.#hasBelow(path)) return `${path} alone says nothing`
        continue
      }
      if (node.kind === 'flag') return at === words.length - 1 ? undefined : `${path} has no value`
      const value = words[++at]
      if (value === undefined) return verb === 'delete' ? undefined : `${path} lacks its value`
      if (node.is !== undefined && !passes(value, node.is)) return `${value} is no value of ${path}`
      if (node.kind !== 'tag') return at === words.length - 1 ? undefined : `there is nothing below ${path}`
    }
    return undefined
  }

  #hasBelow(path: string): boolean {
    return Object.keys(this.#table.nodes).some((one) => one.startsWith(`${path} `))
  }

  /** The node at which a line that passed ends. */
  #nodeAt(words: readonly string[]): GrammarNode & { readonly isValue: boolean } {
    let path = ''
    let last: GrammarNode = { kind: 'node' }
    for (let at = 0; at < words.length; at++) {
      path = path === '' ? (words[at] ?? '') : `${path} ${words[at]}`
      last = this.#table.nodes[path] ?? last
      if (last.kind !== 'node' && last.kind !== 'flag' && ++at === words.length - 1) return { ...last, isValue: true }
    }
    return { ...last, isValue: false }
  }
}

function lacks({ needs = [] }: GrammarNode, tree: Tree): string[] {
  return needs.filter((names) => !names.some((name) => tree.has(name))).map((names) => names.join(' or '))
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
}

/** What bare words may have, so that no shell of a device takes them for its own. */
function isShell(line: string): boolean {
  return !/^(?:[\w@.,:/=+%-]+|'[^'\n]*')(?: (?:[\w@.,:/=+%-]+|'[^'\n]*'))*$/.test(line)
}
