import type { Address } from '../address/address.ts'
import type { Prefix } from '../address/prefix.ts'
import type { Device, DeviceEnd, DeviceTunnel } from '../device/device.ts'
import { connectedNetworks, mainTable, privateSpace } from '../device/next-hop.ts'
import { withoutApartTables } from './apart-tables.ts'
import { isSingleIdentity, type PeerEnd, plainIdentity } from './ends.ts'
import { addressesOn, insideOf, uplinksOf } from './find-sides.ts'
import type { Inference } from './inference.ts'
import { type Networks, networksOf } from './networks.ts'
import { peersOf } from './peers.ts'
import type { NodeGroup, ReachedAddress, Sides, World, WorldSite } from './world.ts'

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
  const behindOne = withAddresses(world, inferred, {
    reachedAt: (site) => publicAddresses(world, site),
    because: 'the peer sends to it, and the gateway itself has a private address',
  })
  const byIdentities = namedPairs(behindOne)
  const behindBoth = withAddresses(behindOne, inferred, {
    reachedAt: (site) => byIdentities.get(site) ?? [],
    because:
      'a gateway sends to it whose identity and expected identity are those of a tunnel here, and both have private addresses',
  })
  return { world: behindBoth, inferred }
}

function siteOf({ site, device: written, nodes = [] }: DeviceSource, inferred: Inference[]): WorldSite {
  const device = withoutApartTables(written)
  const note = (kind: Inference['kind'], value: string, because: string) =>
    inferred.push({ site, kind, value, because })
  const { sides, addresses, networks } = gatewayOf(device, (kind, value, because) => note(kind, value, because))
  for (const { prefix, because } of networks.subnets) note('subnet', String(prefix), because)
  for (const { prefix, because } of networks.others) note('network', String(prefix), because)
  return {
    name: site,
    device,
    subnets: networks.subnets.map(({ prefix }) => prefix),
    otherNetworks: networks.otherSpace,
    routedNetworks: networks.routed,
    addresses,
    sides,
    nodes,
  }
}

/** What a device tells of the gateway itself; each conclusion is told on. `planned`: what is known beforehand. */
export function gatewayOf(
  device: Device,
  note: (kind: Inference['kind'], value: string, because: string) => void,
  planned: { readonly subnets?: readonly Prefix[]; readonly uplink?: string | undefined } = {},
): { readonly sides: Sides; readonly addresses: readonly Address[]; readonly networks: Networks } {
  const { subnets = [], uplink: named } = planned
  const found = uplinksOf(device, named)
  const uplinks = found.map(({ name }) => name)
  for (const { name, because } of found) note('outside', name, because)
  const networks = networksOf(device, uplinks)
  const real = [...subnets, ...networks.subnets.map(({ prefix }) => prefix)]
  const inside = insideOf(device, uplinks, real)
  if (inside) note('inside', inside.name, inside.because)
  const [uplink] = uplinks
  if (uplink !== undefined && lacksDefaultRoute(device)) {
    note('default-route', uplink, 'no default route is written, and other packets must leave somewhere')
  }
  return { sides: { uplinks, inside: inside?.name }, addresses: ownAddresses(device, uplinks), networks }
}

/** Reports whether a device that shows its networks has no default route of its own. */
function lacksDefaultRoute(device: Device): boolean {
  const isWritten = device.routes.some(({ prefix, table }) => prefix.length === 0 && table === mainTable)
  const isShown = device.wholeTables?.includes(4) === true
  return !isWritten && !isShown && connectedNetworks(device).length > 0
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
function withAddresses(
  world: World,
  inferred: Inference[],
  {
    reachedAt,
    because,
  }: {
    readonly reachedAt: (site: WorldSite) => readonly ReachedAddress[]
    readonly because: string
  },
): World {
  const owned = new Set([...world.sites.values()].flatMap(({ addresses }) => addresses.map(String)))
  const sites = [...world.sites.values()].map((site): WorldSite => {
    const found = reachedAt(site).filter(({ address }) => !owned.has(address.toString()))
    const reached = [...new Map(found.map((one) => [`${one.own} ${one.address}`, one])).values()]
    const added = unique(reached.map(({ address }) => address))
    for (const address of added) {
      inferred.push({ site: site.name, kind: 'public-address', value: String(address), because })
    }
    if (added.length === 0) return site
    return {
      ...site,
      addresses: [...site.addresses, ...added],
      reachedAt: [...(site.reachedAt ?? []), ...reached],
    }
  })
  return { sites: new Map(sites.map((site) => [site.name, site])) }
}

function publicAddresses(world: World, site: WorldSite): ReachedAddress[] {
  return site.device.tunnels.flatMap((tunnel) => {
    const { address: own } = tunnel.local
    if (own.kind !== 'known' || !privateSpace.contains(own.address)) return []
    return peersOf(world, { site, tunnel }).ends.flatMap((end) => {
      const { address } = end.tunnel.remote
      const isPublic = address.kind === 'known' && !privateSpace.contains(address.address)
      return isPublic ? [{ own: own.address, address: address.address }] : []
    })
  })
}

/**
 * Where both gateways of a tunnel are behind a NAT, neither shows the address that the other sends to: what two ends send to whose
 * identities fit each other, and nobody else's, by the site that is reached there. A second tunnel of the two may lead to an address that is shown.
 */
function namedPairs(world: World): Map<WorldSite, ReachedAddress[]> {
  const ends = [...world.sites.values()].flatMap((site) =>
    site.device.tunnels
      .filter((tunnel) => isNamed(tunnel) && (isBehindNat(tunnel) || isMoving(tunnel)))
      .map((tunnel): PeerEnd => ({ site, tunnel })),
  )
  const owned = new Set([...world.sites.values()].flatMap(({ addresses }) => addresses.map(String)))
  const leadsToKnown = ({ tunnel: { remote } }: PeerEnd) =>
    remote.address.kind === 'known' && owned.has(String(remote.address.address))
  const byNames = new Map<string, PeerEnd[]>()
  for (const end of ends) {
    const names = namesOf(end.tunnel.local, end.tunnel.remote)
    byNames.set(names, [...(byNames.get(names) ?? []), end])
  }
  const found = new Map<WorldSite, ReachedAddress[]>()
  for (const { site, tunnel } of ends) {
    const named = byNames.get(namesOf(tunnel.remote, tunnel.local)) ?? []
    const others = named.length > 1 ? named.filter((one) => !leadsToKnown(one)) : named
    const [other] = others
    if (!other || others.length > 1 || other.site === site) continue
    const [{ address: own }, { address }] = [tunnel.local, other.tunnel.remote]
    if (own.kind !== 'known' || address.kind !== 'known') continue
    found.set(site, [...(found.get(site) ?? []), { own: own.address, address: address.address }])
  }
  return found
}

function isNamed({ local, remote }: DeviceTunnel): boolean {
  return [local, remote].every(({ identity }) => identity !== undefined && isSingleIdentity(identity))
}

/** Sends from a private address to a public one, or answers from there whoever calls. */
function isBehindNat({ local, remote }: DeviceTunnel): boolean {
  if (local.address.kind !== 'known' || !privateSpace.contains(local.address.address)) return false
  return remote.address.kind === 'any' || isPublic(remote)
}

/** Sends to a public address from one that is not known. */
function isMoving({ local, remote }: DeviceTunnel): boolean {
  return local.address.kind !== 'known' && isPublic(remote)
}

function isPublic({ address }: DeviceEnd): boolean {
  return address.kind === 'known' && !privateSpace.contains(address.address)
}

function namesOf(one: DeviceEnd, other: DeviceEnd): string {
  return [one, other].map(({ identity = '' }) => plainIdentity(identity)).join(' ')
}
