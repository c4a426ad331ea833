import type { RuleList, Touch } from '@natplan/core'
import { touchOfSetting } from '../kernel-setting.ts'
import type { NotUnderstood } from '../platform.ts'
import type { ConfigNode } from './config-tree.ts'
import type { DeviceReading } from './device-reading.ts'
import { droppingLines, type FilterSets, inForce, said } from './filter-sets.ts'
import { interfaceNodes } from './read-interfaces.ts'
import { zonesThatDrop } from './read-zones.ts'

/**
 * The filters that are followed; of the others in force it says which lines could drop a packet, so that each makes every walk doubtful. Sets
 * that are bound nowhere, those that accept whatever comes, and those for IPv6 where no tunnel carries it touch nothing.
 */
export function readFilters(reading: DeviceReading): RuleList[] {
  const { root, unread, carriesIpv6 } = reading
  const sets = setsOf(root)
  const lines = [
    ...boundToInterfaces(reading, sets),
    ...baseChains(root, { sets, carriesIpv6 }),
    ...statePolicies(root),
    ...reversePathLines(root),
    ...zonesThatDrop(root, sets),
  ]
  const closed = carriesIpv6 ? [] : closedChains(root)
  const followed = new Set(closed.map(({ line }) => line))
  const others = lines.filter(({ line }) => !followed.has(line))
  unread.add(others, { touches: 'filters', isPlaced: false })
  for (const { node, touches } of kernelSettings(root)) unread.add(node.lines(), { touches, isPlaced: false })
  return closed
}

/** A chain for forwarded IPv4 packets that has no rule and drops the rest lets none pass: all of it is understood. */
function closedChains(root: ConfigNode): RuleList[] {
  const chain = root.at('firewall', 'ipv4', 'forward', 'filter')
  const word = chain?.peek('default-action')
  const hasRules = [...(chain?.at('rule')?.entries() ?? [])].some(([, rule]) => inForce(rule))
  if (!chain || hasRules || word === undefined || !isDrop(word)) return []
  const [line] = chain.at('default-action')?.lines() ?? []
  return [
    {
      name: 'firewall ipv4 forward filter',
      hook: 'forward',
      priority: 0,
      kind: 'filter',
      rules: [],
      fallback: 'drop',
      line: line?.line,
    },
  ]
}

/** Where the members of the family keep named sets. */
function setsOf(root: ConfigNode): FilterSets {
  const firewall = root.at('firewall')
  const roots = [firewall, firewall?.at('ipv4'), root.at('security', 'firewall')].filter((node) => node !== undefined)
  const newer = root.at('security', 'firewall')
  return {
    find: (name) => roots.map((node) => node.at('name', name)).find((node) => node !== undefined),
    findIpv6: (name) => firewall?.at('ipv6-name', name) ?? firewall?.at('ipv6', 'name', name),
    findModify: (name) => firewall?.at('modify', name),
    stateful: newer === undefined ? 'none' : newer.at('global-state-policy') ? 'by protocol' : 'told',
  }
}

/** `firewall in name WAN_IN` below an interface, and `firewall in WAN_IN` on the 5600. */
function boundToInterfaces({ root, carriesIpv6 }: DeviceReading, sets: FilterSets): NotUnderstood[] {
  const places = [
    ...interfaceNodes(root).flatMap(({ node }) => node.at('firewall') ?? []),
    ...entriesOf(root.at('firewall', 'interface')),
  ]
  return places.flatMap((place) =>
    (['in', 'out', 'local'] as const).flatMap((way) => {
      const bound = place.at(way)
      return bound ? boundSets(bound, { sets, carriesIpv6, isLocal: way === 'local' }) : []
    }),
  )
}

interface Binding {
  readonly sets: FilterSets
  readonly carriesIpv6: boolean
  readonly isLocal: boolean
}

/** A set that is bound and not there may drop everything. On the 5600 what no local set takes comes in. */
function boundSets(bound: ConfigNode, { sets, carriesIpv6, isLocal }: Binding): NotUnderstood[] {
  return [...bound.entries()].flatMap(([kind, below]) => {
    if (kind === 'name') return namesBelow(below, (name) => sets.find(name), sets)
    if (kind === 'modify') return namesBelow(below, (name) => sets.findModify(name), sets, 'accept')
    if (kind === 'ipv6-name' || kind === 'ipv6-modify') {
      return carriesIpv6 && kind === 'ipv6-name' ? namesBelow(below, (name) => sets.findIpv6(name), sets) : []
    }
    const set = sets.find(kind)
    const isLoose = isLocal && sets.stateful !== 'none'
    return set ? droppingLines(set, { sets, unset: isLoose ? 'accept' : 'drop' }) : below.lines()
  })
}

function namesBelow(
  node: ConfigNode,
  find: (name: string) => ConfigNode | undefined,
  sets: FilterSets,
  unset: 'accept' | 'drop' = 'drop',
): NotUnderstood[] {
  return [...node.entries()].flatMap(([name, below]) => {
    const set = find(name)
    return set ? droppingLines(set, { sets, unset }) : below.lines()
  })
}

/** The chains of VyOS 1.4 and later, which are in force by being there; what none of their rules takes goes on. */
function baseChains(
  root: ConfigNode,
  { sets, carriesIpv6 }: { readonly sets: FilterSets; readonly carriesIpv6: boolean },
): NotUnderstood[] {
  const firewall = root.at('firewall')
  const routed = [firewall?.at('ipv4'), carriesIpv6 ? firewall?.at('ipv6') : undefined]
  return [
    ...routed.flatMap((tree) => chainLines(tree, ['forward', 'input', 'output', 'prerouting'], sets)),
    ...bridgeChains(firewall?.at('bridge'), sets),
  ]
}

/** What the gateway routes comes out of a bridge and goes into one; what is forwarded there goes from port to port. */
function bridgeChains(bridge: ConfigNode | undefined, sets: FilterSets): NotUnderstood[] {
  const find = (name: string) => bridge?.at('name', name)
  return chainLines(bridge, ['input', 'output', 'prerouting'], { ...sets, find, findIpv6: find })
}

function chainLines(tree: ConfigNode | undefined, hooks: readonly string[], sets: FilterSets): NotUnderstood[] {
  return hooks.flatMap((hook) =>
    ['filter', 'raw'].flatMap((chain) => {
      const node = tree?.at(hook, chain)
      return node ? droppingLines(node, { sets, unset: 'accept' }) : []
    }),
  )
}

/** What is dropped by the state of its connection, in all chains. */
function statePolicies(root: ConfigNode): NotUnderstood[] {
  const policies = [root.at('firewall', 'global-options', 'state-policy'), root.at('firewall', 'state-policy')]
  return policies.flatMap((policy) =>
    entriesOf(policy).flatMap((state) => {
      const action = state.at('action') ?? state
      return [...action.entries()].flatMap(([word, node]) => (isDrop(word) ? said(node, action) : []))
    }),
  )
}

function isDrop(word: string): boolean {
  return word === 'drop' || word === 'reject'
}

/**
 * Checks of the way back, which drop what comes from elsewhere: strict ones any packet of a policy-based tunnel whose way back is not by the
 * outside interface. A loose one lets pass what any route leads to, so with a default route everything.
 */
function reversePathLines(root: ConfigNode): NotUnderstood[] {
  const hasDefault = hasDefaultRoute(root)
  const leaves = [
    root.at('firewall', 'source-validation'),
    root.at('firewall', 'global-options', 'source-validation'),
    ...interfaceNodes(root).flatMap(({ node }) => [
      node.at('ip', 'source-validation'),
      node.at('ip', 'rpf-check'),
      node.at('ip', 'disable-forwarding'),
    ]),
  ]
  return leaves.flatMap((leaf) => {
    if (!leaf) return []
    if (leaf.isEmpty) return leaf.lines()
    return [...leaf.entries()].flatMap(([word, node]) =>
      word === 'strict' || (word === 'loose' && !hasDefault) ? node.lines() : [],
    )
  })
}

function hasDefaultRoute(root: ConfigNode): boolean {
  const route = root.at('protocols', 'static', 'route', '0.0.0.0/0') ?? root.at('system', 'gateway-address')
  return route !== undefined
}

/** Settings of the kernel: `system sysctl parameter NAME value V`, with `all` or `custom` in older releases. */
function kernelSettings(root: ConfigNode): { readonly node: ConfigNode; readonly touches: Touch }[] {
  const settings = root.children('system', 'sysctl').flatMap(([, list]) => list.children())
  const isLooseOpen = hasDefaultRoute(root)
  return settings.flatMap(([name, node]) => {
    const value = node.peek('value')
    const isLoose = name.endsWith('.rp_filter') && value === '2' && !isLooseOpen
    const touches = isLoose ? 'filters' : touchOfSetting(name.replaceAll('/', '.'), value)
    return touches ? [{ node, touches }] : []
  })
}

function entriesOf(node: ConfigNode | undefined): ConfigNode[] {
  return [...(node?.entries() ?? [])].map(([, child]) => child).filter((child) => inForce(child))
}
