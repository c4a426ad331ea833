import { Address, type Clamp, type NatRule, Prefix } from '@natplan/core'
import type { NotUnderstood } from '../../platform.ts'
import { type Block, type Line, partsOf } from './read-blocks.ts'

export interface Table {
  readonly nat: readonly NatRule[]
  readonly clamps: readonly Clamp[]
  /** Of rules and clamps. */
  readonly lines: ReadonlyMap<object, number>
  readonly notUnderstood: readonly NotUnderstood[]
}

const counter = 'counter(?: packets [0-9]+ bytes [0-9]+)?'
const peers = '@peers[46]'

const sourceRule = new RegExp(
  `^oifname "([^"]+)" ip daddr (\\S+) ${counter} snat ip prefix to ip saddr map \\{ (\\S+) : (\\S+) \\} comment "([0-9]+)(?: (.*))?"$`,
)
const destinationRule = new RegExp(
  `^iifname "([^"]+)" ip saddr (\\S+) ${counter} dnat ip prefix to ip daddr map \\{ (\\S+) : (\\S+) \\} comment "([0-9]+)(?: (.*))?"$`,
)
const clampRule = new RegExp(
  `^[io]ifname "([^"]+)" ip6? [sd]addr ${peers} tcp flags syn / syn,rst tcp option maxseg size > ([0-9]+) tcp option maxseg size set ([0-9]+)$`,
)
/** What natplan derives from selectors and translations; it says nothing of its own about the policy. Older ones are bound to one interface. */
const guardRule = new RegExp(
  `^(?:[io]ifname (?:!= )?"[^"]+" )?ip6? (?:[sd]addr ${peers} (?:rt|meta) ipsec missing|daddr @own[46]) ${counter} drop$`,
)

/** The `type` line that each chain of natplan has, and what reads its rules. */
const chains: Readonly<
  Record<string, { readonly type: string; readonly read: (line: Line, table: Found) => boolean }>
> = {
  destination: { type: 'type nat hook prerouting priority dstnat - 10; policy accept;', read: readDestination },
  source: { type: 'type nat hook postrouting priority srcnat - 10; policy accept;', read: readSource },
  clamp: { type: 'type filter hook forward priority mangle; policy accept;', read: readClamp },
  'guard-out': { type: 'type filter hook postrouting priority 150; policy accept;', read: isGuard },
  'guard-in': { type: 'type filter hook prerouting priority mangle; policy accept;', read: isGuard },
}

interface Found {
  readonly source: NatRule[]
  readonly destination: NatRule[]
  readonly clamps: Map<string, WrittenClamp>
  readonly lines: Map<object, number>
}

interface WrittenClamp {
  readonly mss: number
  readonly line: number
}

/** Reads natplan's table. Sets hold what selectors and rules say already. */
export function readTable(table: Block): Table {
  const found: Found = { source: [], destination: [], clamps: new Map(), lines: new Map() }
  const { lines, blocks } = partsOf(table)
  const notUnderstood: NotUnderstood[] = lines.map(shown)
  for (const block of blocks) {
    const [kind, name = ''] = block.header.split(' ')
    if (kind === 'set' && /^(?:peers|own)[46]$/.test(name)) continue
    const chain = kind === 'chain' && Object.hasOwn(chains, name) ? chains[name] : undefined
    if (chain) notUnderstood.push(...readChain(block, { chain, found }))
    else notUnderstood.push({ line: block.line, text: `${block.header} {` })
  }
  const clamps = [...found.clamps].map(([name, { mss, line }]) => {
    const clamp = { interface: name, mss }
    found.lines.set(clamp, line)
    return clamp
  })
  clamps.sort((a, b) => (a.interface < b.interface ? -1 : 1))
  return { nat: [...found.source, ...found.destination], clamps, lines: found.lines, notUnderstood }
}

function readChain(
  block: Block,
  { chain, found }: { readonly chain: (typeof chains)[string]; readonly found: Found },
): NotUnderstood[] {
  const { lines, blocks } = partsOf(block)
  const strange = lines.filter((line) => line.text !== chain.type && !chain.read(line, found))
  return [...strange.map(shown), ...blocks.map(({ line, header }) => ({ line, text: `${header} {` }))]
}

function shown({ line, text }: Line): NotUnderstood {
  return { line, text }
}

function readSource(line: Line, { source, lines }: Found): boolean {
  const parts = natParts(sourceRule.exec(line.text))
  if (!parts) return false
  const { other, from, ...rest } = parts
  const rule = { direction: 'source', ...rest, source: only(from), destination: only(other) } as const
  source.push(rule)
  lines.set(rule, line.line)
  return true
}

function readDestination(line: Line, { destination, lines }: Found): boolean {
  const parts = natParts(destinationRule.exec(line.text))
  if (!parts) return false
  const { other, from, ...rest } = parts
  const rule = { direction: 'destination', ...rest, source: only(other), destination: only(from) } as const
  destination.push(rule)
  lines.set(rule, line.line)
  return true
}

function natParts(match: RegExpExecArray | null) {
  const [, name, otherText = '', fromText = '', toText = '', number, description] = match ?? []
  const [other, from, to] = [otherText, fromText, toText].map(prefixOf)
  if (name === undefined || !other || !from || !to || from.length !== to.length) return undefined
  const action = from.equals(to) ? ({ kind: 'exempt' } as const) : ({ kind: 'map', to } as const)
  return { number: Number(number), interface: name, protocol: undefined, action, description, other, from }
}

/** nft lists a single address without a length. */
function prefixOf(text: string): Prefix | undefined {
  const address = Address.tryParse(text)
  return address ? Prefix.of(address) : Prefix.tryParse(text)
}

function only(prefix: Prefix) {
  return { kind: 'prefix', prefix, negated: false } as const
}

/** Two rules that limit one interface differently contradict each other: the second is not understood. */
function readClamp(line: Line, { clamps }: Found): boolean {
  const [, name, above, set] = clampRule.exec(line.text) ?? []
  if (name === undefined || above !== set) return false
  const mss = Number(set)
  const before = clamps.get(name)
  if (before && before.mss !== mss) return false
  clamps.set(name, before ?? { mss, line: line.line })
  return true
}

function isGuard({ text }: Line): boolean {
  return guardRule.test(text)
}
