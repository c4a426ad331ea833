import {
  type DeviceRule,
  type InterfaceMatch,
  ownPrefix,
  type PacketMatch,
  type RuleAction,
  type RuleSet,
} from '@natplan/core'
import type { ConfigNode } from '../config-tree.ts'
import { readLeaf } from '../read-leaf.ts'
import { callRules } from './call-set.ts'
import { inForce } from './in-force.ts'
import type { NamedSets } from './named-sets.ts'

/** A zone: some interfaces, or the gateway itself. */
interface Zone {
  readonly name: string
  readonly node: ConfigNode
  /** Those that packets come in by, and those that they leave by. */
  readonly in: InterfaceMatch
  readonly out: InterfaceMatch
  readonly isLocal: boolean
}

/** The rules by which chains call the sets of zones. */
export interface ZoneRules {
  readonly forward: readonly DeviceRule[]
  readonly input: readonly DeviceRule[]
  readonly output: readonly DeviceRule[]
}

/** Words of a zone, with those that say nothing of packets. */
const zoneWords = 'interface member local-zone default-action from intra-zone-filtering description'.split(' ')
const silentWords = ['enable-default-log', 'default-log']

/** `firewall zone`, and `zone-policy zone` before VyOS 1.4. Packets between zones meet the set of the zone that they go to. */
export function zoneRules(tree: ConfigNode | undefined, sets: NamedSets): ZoneRules {
  const zones = zonesOf(tree, sets)
  const local = zones.filter(({ isLocal }) => isLocal)
  const others = zones.filter(({ isLocal, out }) => !isLocal && out.names.length > 0)
  return {
    forward: others.map((zone) => ({ ...callOf(zone, transitSet(zone, zones, sets)), match: { out: zone.out } })),
    input: local.map((zone) => callOf(zone, inwardSet(zone, zones, sets))),
    output: local.map((zone) => callOf(zone, outwardSet(zone, others, sets))),
  }
}

function zonesOf(tree: ConfigNode | undefined, { seen, reading: { unread } }: NamedSets): Zone[] {
  return (tree?.children() ?? []).flatMap(([name, node]) => {
    if (!inForce(node)) return []
    for (const [word, child] of node.children()) {
      if (![...zoneWords, ...silentWords].includes(word)) {
        unread.add(child.lines(), { touches: 'filters', isPlaced: false })
      }
    }
    const own = [...node.children('interface'), ...node.children('member', 'interface')].map(([text]) => text)
    const vrfs = node.children('member', 'vrf').map(([text]) => text)
    const out = { names: [...own, ...vrfs.flatMap((vrf) => seen.membersOf(vrf))], negated: false }
    const incoming = seen.meant({ names: [...own, ...vrfs], negated: false }, false)
    return [{ name, node, in: incoming, out, isLocal: node.at('local-zone') !== undefined }]
  })
}

function callOf({ node }: Zone, to: RuleSet): DeviceRule {
  const action: RuleAction = { kind: 'jump', to, isFinal: false }
  return { number: undefined, description: undefined, match: {}, action, line: node.line }
}

/** What goes through the gateway into a zone. */
function transitSet(zone: Zone, zones: readonly Zone[], sets: NamedSets): RuleSet {
  return inwardFrom(zone, zones, { sets, passed: withinZone(zone, sets) })
}

/** What comes to the gateway itself; what it sends itself by `lo` passes. */
function inwardSet(zone: Zone, zones: readonly Zone[], sets: NamedSets): RuleSet {
  return inwardFrom(zone, zones, { sets, passed: [passing({ in: loopback }, zone)] })
}

function inwardFrom(
  zone: Zone,
  zones: readonly Zone[],
  { sets, passed }: { readonly sets: NamedSets; readonly passed: readonly DeviceRule[] },
): RuleSet {
  const rest = sets.readRest(zone.node, `zone ${zone.name}`)
  const lacking = zones
    .filter((from) => from !== zone && !from.isLocal && from.in.names.length > 0 && !hasSet(zone, from, sets))
    .map((from) => lackingRule({ zone, from, match: { in: from.in } }, rest, sets))
  const remedy = `put the interface that they come in by into a zone, and give ${zone.name} a set for packets from it`
  return { ...rest, remedy, rules: [...passed, ...inwardPairs(zone, zones, sets), ...lacking] }
}

interface Pair {
  readonly zone: Zone
  readonly from: Zone
  readonly match: PacketMatch
}

function hasSet({ node }: Zone, { name }: Zone, { family }: NamedSets): boolean {
  return node.at('from', name, 'firewall', family === 4 ? 'name' : 'ipv6-name') !== undefined
}

/** A name of a set is at most so long (vyatta-cfg-firewall, node.def of name). */
const longestName = 28

/** Packets of a pair that no set is for meet what the zone says, as if there was a set without rules: one can be put there. */
function lackingRule({ zone, from, match }: Pair, rest: Omit<RuleSet, 'rules'>, sets: NamedSets): DeviceRule {
  const { path, list } = sets.zonesAt
  const name = `${ownPrefix}${from.name}-${zone.name}`
  const leaf = sets.family === 4 ? 'name' : 'ipv6-name'
  const binding = [...path, zone.name, 'from', from.name, 'firewall', leaf]
  const written = name.length > longestName ? {} : { written: { path: [...list, name], numbers: [], binding } }
  const to: RuleSet = { ...rest, ...written, name: `zone ${zone.name} from ${from.name}`, rules: [] }
  return { ...passing(match, zone), action: { kind: 'jump', to, isFinal: true } }
}

/** For what comes in from other zones. From one that is not there, which devices refuse, it could be any. */
function inwardPairs(zone: Zone, zones: readonly Zone[], sets: NamedSets): DeviceRule[] {
  return zone.node.children('from').flatMap(([name, pair]) => {
    const from = zones.find((one) => one.name === name)
    if (from?.isLocal) return []
    return pairRules(pair, from ? { in: from.in } : { unknown: `zone ${name}, which is not there` }, sets)
  })
}

/** What the gateway itself sends. */
function outwardSet(local: Zone, others: readonly Zone[], sets: NamedSets): RuleSet {
  const rest = sets.readRest(local.node, `zone ${local.name}`)
  const pairs = others.flatMap((zone) => {
    const match = { out: zone.out }
    const pair = zone.node.at('from', local.name)
    const written = pair ? pairRules(pair, match, sets) : []
    return hasSet(zone, local, sets) ? written : [...written, lackingRule({ zone, from: local, match }, rest, sets)]
  })
  return { ...rest, rules: [passing({ out: loopback }, local), ...pairs] }
}

const loopback: InterfaceMatch = { names: ['lo'], negated: false }

function passing(match: PacketMatch, { node }: Zone): DeviceRule {
  return { number: undefined, description: undefined, match, action: { kind: 'return' }, line: node.line }
}

/** Between interfaces of the zone itself everything passes, unless it says otherwise. */
function withinZone(zone: Zone, sets: NamedSets): DeviceRule[] {
  const node = zone.node.at('intra-zone-filtering')
  const word = readLeaf(node, 'action')
  const match = { in: zone.in }
  if (word === 'drop' || word === 'reject')
    return [{ ...passing(match, zone), action: { kind: word }, line: node?.line }]
  const filtered = node && word === undefined ? pairRules(node, match, sets) : []
  return filtered.length > 0 ? filtered : [passing(match, zone)]
}

/** What comes back out of the set of a pair passes. A pair that has none of this family is as if it was not there. */
function pairRules(pair: ConfigNode, match: PacketMatch, sets: NamedSets): DeviceRule[] {
  return callRules(pair.at('firewall'), { match, isFinal: true }, sets)
}
