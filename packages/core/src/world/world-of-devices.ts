import type { Address } from '../address/address.ts'
import type { Prefix } from '../address/prefix.ts'
import type { Device } from '../device/device.ts'
import { addressesOn, insideOf, uplinksOf } from './find-sides.ts'
import type { Inference } from './inference.ts'
import { networksOf } from './networks.ts'
import { connectedNetworks, mainTable, privateSpace } from './next-hop.ts'
import { peersOf } from './peers.ts'
import type { NodeGroup, Sides, World, WorldSite } from './world.ts'

/** A device by the name of its site. */
export interface DeviceSource {
  readonly site: string
  readonly device: Device
  readonly nodes?: readonly NodeGroup[]
}

/** The world that configurations show by themselves, and what was concluded to make it. */
export function worldOfDevices(sources: readonly DeviceSource[]): {
  readonly world: World
  readonly inferred: readonly Inference[]
} {
  const inferred: Inference[] = []
  const sites = sources.map((source) => siteOf(source, inferred))
  const world = { sites: new Map(sites.map((site) => [site.name, site])) }
  return { world: withPublicAddresses(world, inferred), inferred }
}

function siteOf({ site, device, nodes = [] }: DeviceSource, inferred: Inference[]): WorldSite {
  const note = (kind: Inference['kind'], value: string, because: string) =>
    inferred.push({ site, kind, value, because })
  const { sides, addresses } = gatewayOf(device, (kind, value, because) => note(kind, value, because))
  const networks = networksOf(device, sides.uplinks)
  for (const { prefix, because } of networks.subnets) note('subnet', String(prefix), because)
  for (const { prefix, because } of networks.others) note('network', String(prefix), because)
  return {
    name: site,
    device,
    subnets: networks.subnets.map(({ prefix }) => prefix),
    otherNetworks: networks.otherSpace,
    addresses,
    sides,
    nodes,
  }
}

/** What a device tells of the gateway itself; each conclusion is told on. `subnets`: what is known to be inside beforehand. */
export function gatewayOf(
  device: Device,
  note: (kind: Inference['kind'], value: string, because: string) => void,
  subnets: readonly Prefix[] = [],
): { readonly sides: Sides; readonly addresses: readonly Address[] } {
  const found = uplinksOf(device)
  const uplinks = found.map(({ name }) => name)
  for (const { name, because } of found) note('outside', name, because)
  const real = [...subnets, ...networksOf(device, uplinks).subnets.map(({ prefix }) => prefix)]
  const inside = insideOf(device, uplinks, real)
  if (inside) note('inside', inside.name, inside.because)
  const [uplink] = uplinks
  if (uplink !== undefined && lacksDefaultRoute(device)) {
    note('default-route', uplink, 'no default route is written, and other packets must leave somewhere')
  }
  return { sides: { uplinks, inside: inside?.name }, addresses: ownAddresses(device, uplinks) }
}

/** Reports whether a device that shows its networks has no default route of its own. */
function lacksDefaultRoute(device: Device): boolean {
  const isWritten = device.routes.some(({ prefix, table }) => prefix.length === 0 && table === mainTable)
  return !isWritten && !device.showsAllRoutes && connectedNetworks(device).length > 0
}

/** Those that its tunnels start from; where some do not say, or without any, those of its uplinks, so that a peer's tunnel leads to it. */
function ownAddresses(device: Device, uplinks: readonly string[]): Address[] {
  const locals = device.tunnels.flatMap(({ local: { address } }) => (address.kind === 'known' ? [address.address] : []))
  const isOpen = device.tunnels.length === 0 || locals.length < device.tunnels.length
  const names = uplinks.length > 0 ? uplinks : device.interfaces.map(({ name }) => name)
  return unique([...locals, ...(isOpen ? addressesOn(device, names) : [])])
}

export function unique(addresses: readonly Address[]): Address[] {
  return [...new Map(addresses.map((address) => [address.toString(), address])).values()]
}

/** A gateway with a private address that a peer reaches at another one is behind a NAT. */
function withPublicAddresses(world: World, inferred: Inference[]): World {
  const owned = new Set([...world.sites.values()].flatMap(({ addresses }) => addresses.map(String)))
  const sites = [...world.sites.values()].map((site): WorldSite => {
    const added = unique(publicAddresses(world, site)).filter((address) => !owned.has(address.toString()))
    for (const address of added) {
      const because = 'the peer sends to it, and the gateway itself has a private address'
      inferred.push({ site: site.name, kind: 'public-address', value: String(address), because })
    }
    return added.length === 0 ? site : { ...site, addresses: [...site.addresses, ...added] }
  })
  return { sites: new Map(sites.map((site) => [site.name, site])) }
}

function publicAddresses(world: World, site: WorldSite): Address[] {
  return site.device.tunnels.flatMap((tunnel) => {
    const { address: own } = tunnel.local
    if (own.kind !== 'known' || !privateSpace.contains(own.address)) return []
    return peersOf(world, { site, tunnel }).ends.flatMap((end) => {
      const { address } = end.tunnel.remote
      return address.kind === 'known' && !privateSpace.contains(address.address) ? [address.address] : []
    })
  })
}
