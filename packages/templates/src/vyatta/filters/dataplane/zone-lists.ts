import {
  type DeviceRule,
  type InterfaceMatch,
  ownPrefix,
  type RuleAction,
  type RuleList,
  type RuleSet,
} from '@natplan/core'
import type { ConfigNode } from '../../config-tree.ts'
import { readLeaf } from '../../read-leaf.ts'
import { inForce } from '../in-force.ts'
import { listOf } from './interface-lists.ts'
import { type DataplaneSets, keepState, setsPath } from './sets.ts'

interface Zone {
  readonly name: string
  readonly node: ConfigNode
  readonly interfaces: InterfaceMatch
  readonly isLocal: boolean
  /** What makes one of interfaces that are in none. */
  readonly needs?: readonly (readonly string[])[]
}

const zonesPath = ['security', 'zone-policy', 'zone']

/**
 * `security zone-policy`: packets meet the sets of their pair of zones where they leave. Where one of both interfaces is in no zone they are
 * dropped, whatever session they belong to; what the gateway itself sends is not (npf_zone_hook of DANOS npf_zone_public.c).
 */
export function zoneLists(sets: DataplaneSets): RuleList[] {
  const zones = zonesOf(sets)
  const local = zones.find(({ isLocal }) => isLocal)
  const others = zones.filter(({ isLocal, interfaces }) => !isLocal && interfaces.names.length > 0)
  if (others.length === 0) return []
  const all = [...others, ...(local ? [] : tunnelZone(others, sets))]
  const line = sets.reading.root.at(...zonesPath)?.line
  const leaving = { hook: 'postrouting', priority: 200 } as const
  return [
    {
      ...listOf('zone-policy', strays(all, line), leaving),
      remedy: 'put both interfaces into zones, with a set for that pair',
    },
    listOf(
      'zones',
      all.map((zone) => toZone(zone, all, sets)),
      { ...leaving, sparesSessions: ['in', 'out'] },
    ),
    ...(local ? localLists(local, others, sets) : []),
  ]
}

/**
 * Interfaces of tunnels that are in no zone, where all others are in one: a zone of their own would change nothing but what is dropped
 * between them and the zones.
 */
function tunnelZone(zones: readonly Zone[], { reading }: DataplaneSets): Zone[] {
  const name = `${ownPrefix}tunnel`
  const node = reading.root.at(...zonesPath)
  const zoned = new Set(zones.flatMap(({ interfaces }) => interfaces.names))
  const strays = reading.interfaces.filter(({ name, kind }) => kind !== 'loopback' && !zoned.has(name))
  const planned = reading.planned.filter((one) => !zoned.has(one))
  const names = [...new Set([...strays.map((one) => one.name), ...planned])]
  if (!node || node.at(name) || names.length === 0 || strays.some(({ kind }) => kind !== 'virtual')) return []
  const needs = names.map((one) => [...zonesPath, name, 'interface', one])
  return [{ name, node, interfaces: { names, negated: false }, isLocal: false, needs }]
}

function zonesOf({ reading: { root, unread } }: DataplaneSets): Zone[] {
  return root.children(...zonesPath).flatMap(([name, node]) => {
    if (!inForce(node)) return []
    for (const [word, child] of node.children()) {
      if (!zoneWords.includes(word)) unread.add(child.lines(), { touches: 'filters', isPlaced: false })
    }
    const names = node.children('interface').map(([one]) => one)
    return [{ name, node, interfaces: { names, negated: false }, isLocal: node.at('local-zone') !== undefined }]
  })
}

const zoneWords = ['interface', 'to', 'default-action', 'local-zone', 'description']

const plain = { number: undefined, description: undefined }

/** What goes from a zone to an interface in none, or the other way. */
function strays(zones: readonly Zone[], line: number | undefined): DeviceRule[] {
  const names = zones.flatMap(({ interfaces }) => interfaces.names)
  const [inside, outside] = [
    { names, negated: false },
    { names, negated: true },
  ]
  const drop: RuleAction = { kind: 'drop' }
  return [
    { ...plain, match: { in: inside, out: outside }, action: drop, line },
    { ...plain, match: { in: outside, out: inside }, action: drop, line },
  ]
}

/** Within a zone everything passes. */
function toZone(zone: Zone, zones: readonly Zone[], sets: DataplaneSets): DeviceRule {
  const { name, node, interfaces } = zone
  const within: DeviceRule = { ...plain, match: { in: interfaces }, action: { kind: 'accept' }, line: node.line }
  const pairs = zones.filter((from) => from !== zone).flatMap((from) => pairRules(from, zone, sets))
  const to: RuleSet = { name: `zone ${name}`, rules: [within, ...pairs], fallback: 'drop', line: node.line }
  return { ...plain, match: { out: interfaces }, action: { kind: 'jump', to, isFinal: false }, line: node.line }
}

/** A pair without sets is as if there was one without rules. */
function pairRules(from: Zone, to: Zone, sets: DataplaneSets): DeviceRule[] {
  const pair = from.needs ? undefined : from.node.at('to', to.name)
  const match = { in: from.interfaces }
  const rules = sets.calls(
    pair?.at('firewall'),
    match,
    readLeaf(from.node, 'default-action') === 'accept' ? 'accept' : 'drop',
  )
  if (rules.length > 0) return rules
  if (!pair)
    return [
      { ...plain, match, action: { kind: 'jump', to: lackingSet(from, to), isFinal: false }, line: from.node.line },
    ]
  const doubt = sets.reading.unread.add(pair.lines(), { touches: 'filters', isPlaced: true })
  return [{ ...plain, match, action: { kind: 'unknown' }, line: pair.line, ...(doubt ? { doubt } : {}) }]
}

function lackingSet(from: Zone, to: Zone): RuleSet {
  const path = [...setsPath, `${ownPrefix}${from.name}-${to.name}`]
  const binding = [...zonesPath, from.name, 'to', to.name, 'firewall']
  const needs = [...(from.needs ?? []), ...(to.needs ?? [])]
  const written = { path, numbers: [], binding, ...(needs.length > 0 ? { needs } : {}) }
  const [one, other] = [from, to].map(({ name, interfaces, needs }) =>
    needs ? `${interfaces.names.join(', ')} (in no zone)` : `zone ${name}`,
  )
  return { name: `${one} to ${other}`, rules: [], fallback: 'drop', line: from.node.line, written }
}

/** With a zone for the gateway itself: what comes to it out of others; what it sends makes sessions at most. */
function localLists(local: Zone, others: readonly Zone[], sets: DataplaneSets): RuleList[] {
  const inward = others.flatMap((from) => pairRules(from, local, sets))
  const outward = others.flatMap(({ name, interfaces }) =>
    sets.calls(local.node.at('to', name, 'firewall'), { out: interfaces }, 'accept').map(withoutDrops),
  )
  return [
    listOf(`zone ${local.name}`, inward, { hook: 'input', priority: 0, sparesSessions: ['in'] }),
    ...(keepState(outward)
      ? [listOf(`zone ${local.name}, out`, outward, { hook: 'output', priority: 0, sparesSessions: ['out'] })]
      : []),
  ]
}

function withoutDrops(rule: DeviceRule): DeviceRule {
  const { action } = rule
  if (action.kind === 'drop') return { ...rule, action: { kind: 'accept' } }
  if (action.kind !== 'jump') return rule
  const { to } = action
  const fallback = to.fallback === 'drop' ? 'accept' : to.fallback
  return { ...rule, action: { ...action, to: { ...to, fallback, rules: to.rules.map(withoutDrops) } } }
}
