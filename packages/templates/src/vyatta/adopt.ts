import { ownDescription } from '@natplan/core'
import type { Adopted } from '../difference.ts'
import { visible } from '../visible.ts'
import { canBeEntered } from './compare-nodes.ts'
import type { ConfigNode } from './config-tree.ts'
import type { VyattaDialect } from './dialect.ts'
import { below } from './own-thing.ts'
import { readConfig } from './read-config.ts'
import { quotedWord } from './split-words.ts'

/** The lines that make tunnels and rules natplan's by describing them so; nothing of what they do changes. */
export function adoptVyatta(text: string, { site, file, tunnels, rules }: Adopted, dialect: VyattaDialect): string[] {
  const { vpnRoot, natRoot, natLists } = dialect
  const { root } = readConfig(text)
  const list = [...vpnRoot, 'site-to-site', 'peer']
  const peers = tunnels.flatMap(({ line, peer }) =>
    below(root, list)
      .filter(([, node]) => node.line === line)
      .map(([key]) => described([...list, key], `${ownDescription}${site} to ${peer}`)),
  )
  const translating = rules.flatMap(({ direction, number, line, wanted, description }) => {
    const all = [...natRoot, ...(natLists === 'one' ? [] : [direction]), 'rule']
    const own = described([...all, String(wanted)], description)
    if (number === wanted) return [own]
    const moved = renumbered(root, { all, number: String(number), wanted: String(wanted) })
    return moved ? [...moved, own] : [notMoved(`${direction} rule ${number}`, `${file}:${line}`, wanted)]
  })
  return [...peers, ...translating]
}

function notMoved(name: string, place: string, wanted: number): string {
  return `# ${visible(name)} (${visible(place)}) does what natplan's rule ${wanted} is for: delete it when that one is there`
}

interface Move {
  /** Where the rules stand. */
  readonly all: readonly string[]
  readonly number: string
  readonly wanted: string
}

/** A pair of subnets has one number for both directions: the rule as it is under that one; `undefined` where another one has it. */
function renumbered(root: ConfigNode, { all, number, wanted }: Move): string[] | undefined {
  const node = root.at(...all, number)
  if (!node || root.at(...all, wanted)) return undefined
  const paths = leavesOf(node)
    .filter(([name]) => name !== 'description')
    .map((path) => [...all, wanted, ...path])
  if (!paths.every(canBeEntered)) return undefined
  return [entered('delete', [...all, number]), ...paths.map((path) => entered('set', path))]
}

function leavesOf(node: ConfigNode): string[][] {
  return node
    .children()
    .flatMap(([name, child]) => (child.isEmpty ? [[name]] : leavesOf(child).map((path) => [name, ...path])))
}

function entered(verb: 'set' | 'delete', path: readonly string[]): string {
  return `${verb} ${path.map(quotedWord).join(' ')}`
}

/** Names of sites and prefixes need no quotes, and neither do keys that the device took. */
function described(path: readonly string[], description: string): string {
  return `set ${path.join(' ')} description '${description}'`
}
