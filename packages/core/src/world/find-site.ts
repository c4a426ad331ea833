import type { Address } from '../address/address.ts'
import { type Bits, offsetBy } from '../address/bits.ts'
import type { Prefix } from '../address/prefix.ts'
import type { Device, DeviceTunnel } from '../device/device.ts'
import { prefixOf } from '../match/prefix-of.ts'
import { isForFarNames, visibleName } from './far-maps.ts'
import { peersOf } from './peers.ts'
import type { World, WorldSite } from './world.ts'

/** The sites that have an address behind their gateway, in the order of the world. */
export function sitesWith(world: World, address: Address): WorldSite[] {
  return [...world.sites.values()].filter((site) => prefixesBehind(site).some((prefix) => prefix.contains(address)))
}

/** Everything behind a gateway that a packet can come from. */
export function prefixesBehind({ subnets, otherNetworks, nodes }: WorldSite): Prefix[] {
  return [...subnets, ...otherNetworks, ...nodes.flatMap(({ podSubnets }) => podSubnets)]
}

/** By which address one site calls a host of another; `undefined` when no tunnel carries it. */
export function callNameOf(
  world: World,
  from: WorldSite,
  host: { readonly site: WorldSite; readonly real: Address },
): Address | undefined {
  const { site, real } = host
  const { device } = from
  const names = translatedNames(site, real)
  const isUnique = sitesWith(world, real).every((one) => one === site)
  return (
    carriedBy(device, tunnelsBetween(world, from, site), [...names, real]) ??
    carriedBy(device, device.tunnels, namesBeyond(world, from, { site, names: [...names, real] })) ??
    carriedBy(device, device.tunnels, isUnique ? [...names, real] : names)
  )
}

function tunnelsBetween(world: World, from: WorldSite, to: WorldSite): DeviceTunnel[] {
  return from.device.tunnels.filter((tunnel) =>
    peersOf(world, { site: from, tunnel }).ends.some(({ site }) => site === to),
  )
}

/** What a host is called at the gateways between, which may rename it. */
function namesBeyond(
  world: World,
  from: WorldSite,
  { site, names }: { readonly site: WorldSite; readonly names: readonly Address[] },
): Address[] {
  const between = from.device.tunnels.flatMap((tunnel) => peersOf(world, { site: from, tunnel }).ends)
  const hubs = [...new Set(between.map((end) => end.site))].filter((hub) => hub !== site)
  return hubs.flatMap((hub) => carriedBy(hub.device, tunnelsBetween(world, hub, site), names) ?? [])
}

/** The first name that some tunnel carries: to its other end, or through a hub. */
function carriedBy(device: Device, tunnels: readonly DeviceTunnel[], names: readonly Address[]): Address | undefined {
  const carried = tunnels.flatMap(({ children }) => children.filter(({ kind }) => kind === 'protect'))
  const name = names.find((one) => carried.some(({ remote }) => remote.contains(one)))
  return name && carried.flatMap((child) => visibleName(device, child, name) ?? [])[0]
}

/** What destination rules of a gateway turn into that real address. */
function translatedNames({ device }: WorldSite, real: Address): Address[] {
  const rules = device.lists
    .filter(({ kind }) => kind === 'destination-nat')
    .flatMap((list) => list.rules)
    .filter((rule) => !isForFarNames(device, 'destination-nat', rule))
  return rules.flatMap(({ action, match }) => {
    if (action.kind !== 'map' || !action.to.contains(real)) return []
    const called = prefixOf(match.destination)
    if (!called || called.length !== action.to.length) return []
    return [called.at(offsetBy(real.bits, -action.to.bits as Bits))]
  })
}
