import type { DeviceRule, InterfaceMatch, RuleList } from '@natplan/core'
import type { ConfigNode } from '../config-tree.ts'
import { callRules } from './call-set.ts'
import { entriesInForce } from './in-force.ts'
import type { NamedSets } from './named-sets.ts'
import { callOf, statePolicyOf } from './state-policy.ts'
import { type ZoneRules, zoneRules } from './zones.ts'

/** Rules that the platform makes by itself. */
export interface AutomaticRules {
  readonly forward: readonly DeviceRule[]
  readonly input: readonly DeviceRule[]
}

type Way = 'in' | 'out' | 'local'

/**
 * The chains of the generation before VyOS 1.4, one for each hook: the policy by state, which can accept for the whole chain, what the
 * platform makes by itself, the sets of interfaces, of which those of both must let a packet pass, and the zones
 * (vyatta-cfg-firewall, vyatta-zone).
 */
export function interfaceLists(sets: NamedSets, automatic: AutomaticRules): RuleList[] {
  const { reading, family } = sets
  const policy = statePolicyOf(reading)
  const policed = policy?.isEverywhere ? callOf(policy) : []
  const zones = olderZones(sets)
  const bound = boundNodes(sets)
  addStrange(bound, reading)
  const rules = {
    forward: [...automatic.forward, ...callsOf(bound, 'in', sets), ...callsOf(bound, 'out', sets), ...zones.forward],
    input: [...automatic.input, ...callsOf(bound, 'local', sets), ...zones.input],
    output: zones.output,
  }
  return (['forward', 'input', 'output'] as const).map((hook) => ({
    name: `firewall (${hook})`,
    rules: [...policed, ...rules[hook]],
    fallback: 'accept',
    hook,
    priority: 0,
    kind: 'filter',
    family,
    line: undefined,
  }))
}

/** What the gateway itself sends meets the zones only if some pair is for it; then so does IPv6 (add_fromzone_fw of vyatta-zone.pl). */
function olderZones(sets: NamedSets): ZoneRules {
  const tree = sets.reading.root.at('zone-policy', 'zone')
  const rules = zoneRules(tree, sets)
  const locals = (tree?.children() ?? []).flatMap(([name, node]) => (node.at('local-zone') ? [name] : []))
  const isFiltered = entriesInForce(tree).some((zone) => locals.some((name) => zone.at('from', name, 'firewall')))
  return isFiltered ? rules : { ...rules, output: [] }
}

interface Bound {
  readonly name: string
  readonly node: ConfigNode
}

/** `firewall in name WAN_IN` below an interface; early releases of VyOS 1.4 had `firewall interface eth0 in name WAN_IN`. */
function boundNodes({ reading: { root, nodes } }: NamedSets): Bound[] {
  return [
    ...nodes.flatMap(({ name, node }) => {
      const firewall = node.at('firewall')
      return firewall ? [{ name, node: firewall }] : []
    }),
    ...root.children('firewall', 'interface').map(([name, node]) => ({ name, node })),
  ]
}

function callsOf(bound: readonly Bound[], way: Way, sets: NamedSets): DeviceRule[] {
  return bound.flatMap(({ name, node }) => {
    const names: InterfaceMatch = { names: [name], negated: false }
    const match = way === 'out' ? { out: names } : { in: sets.seen.meant(names, false) }
    return callRules(node.at(way), { match, isFinal: false }, sets)
  })
}

const ways: readonly string[] = ['in', 'out', 'local'] satisfies Way[]
/** What is bound there: sets of filters, and those that choose a way for packets. */
const kinds = ['name', 'ipv6-name', 'modify', 'ipv6-modify']

function addStrange(bound: readonly Bound[], { unread }: NamedSets['reading']): void {
  for (const [way, place] of bound.flatMap(({ node }) => node.children())) {
    const strange = ways.includes(way)
      ? place.children().filter(([kind]) => !kinds.includes(kind))
      : [[way, place] as const]
    for (const [, node] of strange) unread.add(node.lines(), { touches: 'filters', isPlaced: false })
  }
}
