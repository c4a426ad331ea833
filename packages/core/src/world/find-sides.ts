import type { Address } from '../address/address.ts'
import { Prefix } from '../address/prefix.ts'
import { PrefixSet } from '../address/prefix-set.ts'
import type { Device, DeviceRoute, RuleList, Written } from '../device/device.ts'
import {
  type ConnectedNetwork,
  connectedNetworks,
  interfaceNamed,
  mainTable,
  onwardOf,
  privateSpace,
} from '../device/next-hop.ts'
import { behindOf } from './behind.ts'
import type { Found } from './inference.ts'

/**
 * The interfaces that the internet is behind, in the order of preference: those of the default routes by distance, then those that tunnels
 * start from; without either the one that a plan names, then those that get their address from others, and last those that NAT rules name.
 */
export function uplinksOf(device: Device, planned?: string): Found[] {
  const own = tunnelsOwn(device)
  const defaults = defaultRoutes(device)
  const preferred = defaults.map(({ name }) => name)
  const written = distinct([...own, ...defaults])
  const outer = written.filter(({ name }) => own.some((one) => one.name === name) || !holdsHosts(device, name))
  const sorted = (outer.length > 0 ? outer : written).sort(
    (a, b) => rankOf(preferred, a.name) - rankOf(preferred, b.name),
  )
  if (sorted.length > 0) return sorted
  if (planned !== undefined) return [{ name: planned, because: 'the plan names it' }]
  const guessed = [dynamicInterface(device), namedByRules(device)].flatMap((found) => found ?? [])
  return guessed.slice(0, 1)
}

/** What the tunnels are for is behind it, so that a default route through it leads to a router inside. */
function holdsHosts(device: Device, name: string): boolean {
  const networks = connectedNetworks(device).filter((network) => network.interface.name === name)
  const hosts = behindOf(device).flatMap(({ child, real, isMade }) =>
    real.length > 0 || isMade ? real.map(({ prefix }) => prefix) : [child.local],
  )
  return networks.some(({ prefix }) => hosts.some((one) => one.length > 0 && one.overlaps(prefix)))
}

function rankOf(names: readonly string[], name: string): number {
  const at = names.indexOf(name)
  return at < 0 ? names.length : at
}

function distinct(found: readonly Found[]): Found[] {
  return [...new Map([...found].reverse().map((one) => [one.name, one])).values()].reverse()
}

/** Where the addresses that tunnels start from stand; a loopback or dummy that holds one has nothing behind it. */
function tunnelsOwn(device: Device): Found[] {
  return device.tunnels.flatMap(({ local: { address } }): Found[] => {
    if (address.kind === 'dynamic' && address.interface !== undefined) {
      return [{ name: address.interface, because: 'the tunnels start from its address' }]
    }
    if (address.kind !== 'known') return []
    const holding = connectedNetworks(device).find((network) => network.address.equals(address.address))
    if (holding?.interface.kind !== 'physical') return []
    return [{ name: holding.interface.name, because: `it has the address ${address.address} of the tunnels` }]
  })
}

function defaultRoutes(device: Device): Found[] {
  const routes = device.routes.filter(({ prefix, table }) => prefix.length === 0 && table === mainTable)
  return [...routes]
    .sort((a, b) => a.distance - b.distance)
    .flatMap((route): Found[] => {
      const onward = onwardOf(device, route)
      if (onward.kind !== 'interface') return []
      const kind = interfaceNamed(device, onward.interface)?.kind ?? 'physical'
      return kind === 'physical' ? [{ name: onward.interface, because: 'a default route leads through it' }] : []
    })
}

function dynamicInterface(device: Device): Found | undefined {
  const found = device.interfaces.filter(
    ({ kind, addresses }) => kind === 'physical' && addresses.some((one) => one.kind === 'dynamic'),
  )
  const [only] = found
  return only && found.length === 1 ? { name: only.name, because: 'it gets its address from elsewhere' } : undefined
}

/** Packets leave there after source NAT; on a virtual interface they do not leave. */
function namedByRules(device: Device): Found | undefined {
  const isPlain = (name: string) => /^[\w.-]+$/.test(name) && mayHaveNeighbours(device, name)
  const of = (kind: RuleList['kind'], side: 'in' | 'out') =>
    device.lists
      .filter((list) => list.kind === kind)
      .flatMap(({ rules }) => rules.flatMap(({ match }) => (match[side]?.negated ? [] : (match[side]?.names ?? []))))
      .filter(isPlain)
  const source = mostFrequent(of('source-nat', 'out'))
  if (source !== undefined) return { name: source, because: 'source rules are for packets that leave there' }
  const destination = mostFrequent(of('destination-nat', 'in'))
  if (destination === undefined) return undefined
  return { name: destination, because: 'destination rules are for packets that come in there' }
}

/** An interface that the device does not show may be any. */
function mayHaveNeighbours(device: Device, name: string): boolean {
  return !isVirtual(device, name) && (interfaceNamed(device, name)?.kind ?? 'physical') === 'physical'
}

export function isVirtual(device: Device, name: string): boolean {
  return interfaceNamed(device, name)?.kind === 'virtual' || throughOf(device).has(name)
}

const through = new WeakMap<Device, ReadonlySet<string>>()

/** The interfaces that the children of tunnels name. */
function throughOf(device: Device): ReadonlySet<string> {
  const known = through.get(device)
  if (known) return known
  const children = device.tunnels.flatMap((tunnel) => tunnel.children)
  const made = new Set(children.flatMap((child) => child.through?.interface ?? []))
  through.set(device, made)
  return made
}

function mostFrequent(names: readonly string[]): string | undefined {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0]
}

/** A network that the device reaches on an interface that is no uplink, or by a next hop there. */
export interface InsideNetwork extends Written {
  readonly prefix: Prefix
  readonly interface: string | undefined
  readonly isConnected: boolean
}

const shown = new WeakMap<Device, Map<string, readonly InsideNetwork[]>>()

/** What the device shows to be behind it. Link-local networks are everywhere, and a default route says nothing of what is inside. */
export function insideNetworks(device: Device, uplinks: readonly string[]): readonly InsideNetwork[] {
  const known = shown.get(device) ?? new Map<string, readonly InsideNetwork[]>()
  shown.set(device, known)
  const key = uplinks.join(' ')
  const found = known.get(key) ?? findInside(device, uplinks)
  known.set(key, found)
  return found
}

function findInside(device: Device, uplinks: readonly string[]): InsideNetwork[] {
  const networks = connectedNetworks(device)
    .filter((network) => isLan(network, uplinks))
    .map(
      ({ prefix, interface: { name }, line }): InsideNetwork => ({ prefix, interface: name, isConnected: true, line }),
    )
  for (const route of decidingRoutes(device)) {
    const { prefix, line, file } = route
    if (prefix.length === 0 || isLinkLocal(prefix)) continue
    const name = insideOfRoute(device, route, uplinks)
    if (name === false) continue
    const found = { prefix, interface: name, isConnected: false, line }
    networks.push(file === undefined ? found : { ...found, file })
  }
  return networks
}

/** Without those that wait for one of the same prefix to fail: they tell where else it may be reached. */
function decidingRoutes({ routes }: Device): readonly DeviceRoute[] {
  const waiting = new Set<DeviceRoute>()
  const sorted = [...routes].sort((a, b) => Prefix.compare(a.prefix, b.prefix))
  for (let start = 0; start < sorted.length; ) {
    let end = start + 1
    while (sorted[end]?.prefix.equals((sorted[start] as DeviceRoute).prefix)) end++
    if (end > start + 1) for (const route of waitingAmong(sorted.slice(start, end))) waiting.add(route)
    start = end
  }
  return waiting.size === 0 ? routes : routes.filter((route) => !waiting.has(route))
}

/** Of routes of one prefix those that another one in their table comes before. */
function waitingAmong(routes: readonly DeviceRoute[]): DeviceRoute[] {
  const lowest = new Map<string, number>()
  for (const { table, distance } of routes) lowest.set(table, Math.min(distance, lowest.get(table) ?? distance))
  return routes.filter(({ table, distance }) => distance !== lowest.get(table))
}

/** What only routes tell of: no interface has an address in it, and it is not `known` otherwise. */
export function routedAlone(shown: readonly InsideNetwork[], known: readonly Prefix[]): Prefix[] {
  const of = (isConnected: boolean) =>
    shown.filter((one) => one.isConnected === isConnected).map(({ prefix }) => prefix)
  return PrefixSet.of(of(false))
    .subtract(PrefixSet.of([...of(true), ...known]))
    .prefixes()
}

function isLan({ interface: { name, kind }, prefix }: ConnectedNetwork, uplinks: readonly string[]): boolean {
  return kind === 'physical' && !uplinks.includes(name) && prefix.bits !== prefix.lastBits && !isLinkLocal(prefix)
}

/** `false` when the route leads elsewhere. Where no network of the device is known, private next hops are taken to be inside. */
function insideOfRoute(device: Device, route: DeviceRoute, uplinks: readonly string[]): string | undefined | false {
  const onward = onwardOf(device, route)
  if (onward.kind === 'unknown') {
    return onward.isPrivate && connectedNetworks(device).length === 0 ? undefined : false
  }
  if (onward.kind !== 'interface' || uplinks.includes(onward.interface)) return false
  const kind = interfaceNamed(device, onward.interface)?.kind ?? 'physical'
  return kind === 'physical' && !isVirtual(device, onward.interface) ? onward.interface : false
}

/** Private networks of an uplink, where the hosts of a gateway with one interface are. */
export function networksOfUplinks(device: Device, uplinks: readonly string[]): Prefix[] {
  return connectedNetworks(device)
    .filter(({ interface: { name, kind }, prefix }) => {
      const isNetwork = prefix.bits !== prefix.lastBits && !isLinkLocal(prefix)
      return kind === 'physical' && uplinks.includes(name) && isNetwork && privateSpace.contains(prefix)
    })
    .map(({ prefix }) => prefix)
}

const linkLocal = ['169.254.0.0/16', 'fe80::/10'].map(Prefix.parse)

function isLinkLocal(prefix: Prefix): boolean {
  return linkLocal.some((block) => block.contains(prefix))
}

/** The only other interface, or the one whose network holds what is behind the tunnels. */
export function insideOf(device: Device, uplinks: readonly string[], real: readonly Prefix[]): Found | undefined {
  if (uplinks.length === 0) return undefined
  const networks = insideNetworks(device, uplinks).filter(({ isConnected }) => isConnected)
  const names = [...new Set(networks.flatMap((network) => network.interface ?? []))]
  const [only] = names
  if (only !== undefined && names.length === 1) return { name: only, because: 'it is the only other interface' }
  const holding = networks.find(({ prefix }) => real.some((subnet) => subnet.overlaps(prefix)))
  if (holding?.interface !== undefined) return { name: holding.interface, because: `${holding.prefix} is behind it` }
  const clamped = device.clamps.flatMap(({ interface: name }) => name ?? [])
  const [other, ...more] = clamped.filter((name) => !uplinks.includes(name) && mayHaveNeighbours(device, name))
  return other !== undefined && more.length === 0 && names.length === 0
    ? { name: other, because: 'the MSS is clamped there, too' }
    : undefined
}

/** Addresses of uplinks, without those of others. */
export function addressesOn(device: Device, names: readonly string[]): Address[] {
  return connectedNetworks(device)
    .filter(({ interface: { name } }) => names.includes(name))
    .map(({ address }) => address)
}
