import type { Address } from '../address/address.ts'
import { Prefix } from '../address/prefix.ts'
import { PrefixSet } from '../address/prefix-set.ts'
import { privateRanges } from '../address/special-purpose.ts'
import type { Device, DeviceInterface, DeviceRoute, NextHop } from './device.ts'

/** A network that an interface has an address in. */
export interface ConnectedNetwork {
  readonly interface: DeviceInterface
  readonly address: Address
  readonly prefix: Prefix
  readonly line: number | undefined
}

const connected = new WeakMap<Device, readonly ConnectedNetwork[]>()

/** The networks of a device's interfaces, those of a single address included. */
export function connectedNetworks(device: Device): readonly ConnectedNetwork[] {
  const known = connected.get(device)
  if (known) return known
  const made = device.interfaces.flatMap((one) =>
    one.addresses.flatMap((given): ConnectedNetwork[] => {
      if (given.kind === 'dynamic') return []
      const { address, network, line } = given
      return [{ interface: one, address, prefix: network, line: line ?? one.line }]
    }),
  )
  connected.set(device, made)
  return made
}

/** Where a written route leads. */
export type Onward =
  | { readonly kind: 'interface'; readonly interface: string }
  /** Out by that interface and in again by the one that it joins. */
  | { readonly kind: 'across'; readonly interface: string }
  | { readonly kind: 'nowhere' | 'next-table' }
  /** The next hop is an address of the device itself. */
  | { readonly kind: 'itself' }
  /** The configuration does not say where the next hop is; `isPrivate`: whether its address is. */
  | { readonly kind: 'unknown'; readonly isPrivate: boolean }

const followed = new WeakMap<Device, Map<string, Map<NextHop, Onward>>>()

/** Follows the next hop of a route to the interface that it is behind. Thousands of routes may have the same. */
export function onwardOf(device: Device, { to, table }: Pick<DeviceRoute, 'to' | 'table'>): Onward {
  const tables = followed.get(device) ?? new Map<string, Map<NextHop, Onward>>()
  followed.set(device, tables)
  const hops = tables.get(table) ?? new Map<NextHop, Onward>()
  tables.set(table, hops)
  const known = hops.get(to)
  if (known) return known
  const found = findOnward(device, { to, table })
  hops.set(to, found)
  return found
}

function findOnward(device: Device, { to, table }: Pick<DeviceRoute, 'to' | 'table'>): Onward {
  if (to.kind === 'nowhere' || to.kind === 'next-table') return { kind: to.kind }
  if (to.kind === 'interface') return { kind: 'interface', interface: to.interface }
  const networks = connectedNetworks(device)
  const own = networks.find(({ address }) => address.equals(to.address))
  if (own) return acrossPair(device, own, { to, table })
  if (to.interface !== undefined) return { kind: 'interface', interface: to.interface }
  const holding = networks.filter(({ prefix }) => prefix.contains(to.address))
  const inTable = holding.filter((network) => network.interface.table === table)
  const [nearest] = [...(inTable.length > 0 ? inTable : holding)].sort((a, b) => b.prefix.length - a.prefix.length)
  if (nearest) return { kind: 'interface', interface: nearest.interface.name }
  return { kind: 'unknown', isPrivate: privateSpace.contains(Prefix.of(to.address)) }
}

/** An address of the device that is at the far end of a pair of its interfaces: packets for it leave there and come in again. */
function acrossPair(
  device: Device,
  own: ConnectedNetwork,
  { to, table }: { readonly to: Extract<NextHop, { kind: 'via' }>; readonly table: string },
): Onward {
  const near = device.interfaces.find(({ joins }) => joins === own.interface.name)
  const isBeside = near?.addresses.some((one) => one.kind === 'known' && one.network.contains(to.address))
  const isAsked = near?.table === table && (to.interface === undefined || to.interface === near.name)
  return near && isBeside && isAsked ? { kind: 'across', interface: near.name } : { kind: 'itself' }
}

/** The name of the interface that a route leads over; `undefined`: not known, or none. */
export function interfaceOfRoute(device: Device, route: Pick<DeviceRoute, 'to' | 'table'>): string | undefined {
  const onward = onwardOf(device, route)
  return onward.kind === 'interface' || onward.kind === 'across' ? onward.interface : undefined
}

const leading = new WeakMap<Device, ReadonlyMap<string | undefined, Prefix[]>>()

/** The prefixes that routes of a device lead into an interface. */
export function prefixesInto(device: Device, name: string): readonly Prefix[] {
  const found = leading.get(device) ?? prefixesByInterface(device)
  leading.set(device, found)
  return found.get(name) ?? []
}

function prefixesByInterface(device: Device): ReadonlyMap<string | undefined, Prefix[]> {
  const found = new Map<string | undefined, Prefix[]>()
  for (const route of device.routes) {
    const name = interfaceOfRoute(device, route)
    const known = found.get(name)
    if (known) known.push(route.prefix)
    else found.set(name, [route.prefix])
  }
  return found
}

export const privateSpace = PrefixSet.of(privateRanges.map(({ prefix }) => prefix))

export function interfaceNamed(device: Device, name: string | undefined): DeviceInterface | undefined {
  return device.interfaces.find((one) => one.name === name)
}

/** The name of the main routing table. */
export const mainTable = 'main'
