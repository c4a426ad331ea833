import { type Doubt, type InterfaceMatch, type PacketMatch, RangeSet, type SteeringRule } from '@natplan/core'
import type { ConfigNode } from './config-tree.ts'
import type { DeviceReading } from './device-reading.ts'
import { balancedPackets } from './read-balancing.ts'
import { tableName, tableOfVrf } from './read-interfaces.ts'
import { readLeaf } from './read-leaf.ts'
import { interfaceMatchOf, packetMatchOf } from './read-match.ts'
import { tryParseAddresses } from './read-values.ts'
import { firstLineOf } from './unread-lines.ts'

/** The rules that send some packets by another table than the main one, in the order in which they are asked. */
export function readSteering(reading: DeviceReading): SteeringRule[] {
  return [...policyRoutes(reading), ...balancedPackets(reading), ...localRoutes(reading)]
}

/** A set of rules and the interfaces whose packets it is asked for. */
interface BoundSet {
  readonly set: ConfigNode
  readonly names: readonly string[]
}

function policyRoutes(reading: DeviceReading): SteeringRule[] {
  return boundSets(reading).flatMap(({ set, names }) => {
    const rules = set
      .children('rule')
      .filter(([, rule]) => !rule.at('disable'))
      .sort(([a], [b]) => Number(a) - Number(b))
    return rules.flatMap(([, rule]) => steeringRule(rule, { names, negated: false }, reading))
  })
}

/** By interface: `policy route NAME` below it, `interface` in the set (VyOS 1.4), `firewall in modify NAME` (EdgeOS). */
function boundSets({ root, nodes }: DeviceReading): BoundSet[] {
  const bound = new Map<ConfigNode, string[]>()
  const bind = (set: ConfigNode | undefined, name: string) => {
    if (set) bound.set(set, [...(bound.get(set) ?? []), name])
  }
  const routes = root.at('policy', 'route')
  for (const [, set] of routes?.children() ?? []) {
    for (const [name] of set.children('interface')) bind(set, name)
  }
  for (const { name, node } of nodes) {
    for (const [own] of node.children('policy', 'route')) bind(routes?.at(own), name)
    for (const [own] of node.children('policy', 'route', 'pbr')) bind(routes?.at('pbr', own), name)
    for (const [own] of node.children('firewall', 'in', 'modify')) bind(root.at('firewall', 'modify', own), name)
  }
  return [...bound].map(([set, names]) => ({ set, names }))
}

/** Words that change a packet without choosing a way for it. */
const harmless = [
  'description',
  'log',
  'statistic',
  'tcp-mss',
  'dscp',
  'mark',
  'connmark',
  'set-dscp',
  'address-family',
]

function steeringRule(rule: ConfigNode, names: InterfaceMatch, reading: DeviceReading): SteeringRule[] {
  const action = readLeaf(rule, 'action')
  if (action === 'drop' || action === 'reject') {
    if (reading.dialect.platform === 'vyatta-5600') {
      reading.unread.add(rule.at('action')?.lines() ?? [], { touches: 'filters', isPlaced: false })
    }
    return []
  }
  const to = chosenTable(rule, action, reading)
  if (!to) return []
  const match = { ...steeringMatch(rule, reading), in: names }
  for (const leaf of harmless) rule.at(leaf)?.markAllRead()
  for (const leaf of ['set', 'modify']) for (const word of harmless) rule.at(leaf, word)?.markAllRead()
  return [placed(rule, { match, asked: 'before-translation', to }, reading)]
}

/** What is accepted without another table goes by the main one. */
function chosenTable(
  rule: ConfigNode,
  action: string | undefined,
  { root }: DeviceReading,
): SteeringRule['to'] | undefined {
  for (const below of [rule.at('set'), rule.at('modify'), rule]) {
    const table = readLeaf(below, 'table')
    if (table !== undefined) return { kind: 'table', table: tableName(table) }
    const vrf = readLeaf(below, 'vrf') ?? readLeaf(below, 'routing-instance')
    if (vrf !== undefined) return { kind: 'table', table: tableOfVrf(root, vrf) }
    if (readLeaf(below, 'lb-group') !== undefined) return { kind: 'unknown' }
  }
  return action === 'accept' || action === 'return' ? { kind: 'table', table: 'main' } : undefined
}

const untold = {
  state: 'the state of the connection',
  icmp: 'the kind of ICMP',
  tcp: 'the flags of TCP',
  fragment: 'fragments',
}

/** Beside addresses, ports and protocol such rules ask what a walk does not tell of its packets. */
function steeringMatch(rule: ConfigNode, reading: DeviceReading): PacketMatch {
  const unknown = Object.entries(untold).flatMap(([leaf, what]) => (rule.at(leaf) ? [what] : []))
  for (const leaf of Object.keys(untold)) rule.at(leaf)?.markAllRead()
  const match = packetMatchOf(rule, reading)
  const all = [...(match.unknown === undefined ? [] : [match.unknown]), ...unknown]
  return { ...match, ...(all.length > 0 ? { unknown: all.join(', ') } : {}) }
}

function placed(
  rule: ConfigNode,
  steering: Omit<SteeringRule, 'line' | 'doubt'>,
  { unread }: DeviceReading,
): SteeringRule {
  const doubt: Doubt | undefined =
    unread.add(rule.unread(), { touches: 'routes', isPlaced: true }) ?? doubtOfUnknown(rule, steering)
  return { ...steering, line: rule.line, ...(doubt ? { doubt } : {}) }
}

function doubtOfUnknown(rule: ConfigNode, { to }: Pick<SteeringRule, 'to'>): Doubt | undefined {
  const line = to.kind === 'unknown' ? firstLineOf(rule) : undefined
  return line && { line: line.line, what: line.text }
}

/** VyOS's `policy local-route` are rules of the kernel, asked after destination NAT and before the main table. */
function localRoutes(reading: DeviceReading): SteeringRule[] {
  const rules = reading.root.children('policy', 'local-route', 'rule')
  return rules
    .toSorted(([a], [b]) => Number(a) - Number(b))
    .flatMap(([, rule]) => {
      const table = readLeaf(rule, 'set', 'table')
      const vrf = readLeaf(rule, 'set', 'vrf')
      if (table === undefined && vrf === undefined) return []
      const to = {
        kind: 'table' as const,
        table: table === undefined ? tableOfVrf(reading.root, vrf) : tableName(table),
      }
      return [placed(rule, { match: localMatch(rule, reading), asked: 'at-routing', to }, reading)]
    })
}

/** Here addresses stand below `source` at once in older releases, and several of them count as one set. */
function localMatch(rule: ConfigNode, reading: DeviceReading): PacketMatch {
  const incoming = interfaceMatchOf(rule, 'inbound-interface', reading)
  const mark = readLeaf(rule, 'fwmark')
  const sides = (['source', 'destination'] as const).map((side) => {
    const node = rule.at(side)
    const texts = ((node?.at('address') ?? node)?.children() ?? []).map(([text]) => text)
    const sets = texts.map(tryParseAddresses)
    if (texts.length === 0 || !sets.every((set) => set !== undefined)) return undefined
    node?.markAllRead()
    return RangeSet.of(sets.flatMap(({ ranges }) => ranges))
  })
  const [source, destination] = sides
  return {
    ...packetMatchOf(rule, reading),
    ...(incoming ? { in: incoming } : {}),
    ...(source ? { source } : {}),
    ...(destination ? { destination } : {}),
    ...(mark === undefined ? {} : { unknown: `the mark ${mark}` }),
  }
}
