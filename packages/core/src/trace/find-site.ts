import type { Address } from '../address/address.ts'
import { offsetBy } from '../address/bits.ts'
import type { Prefix } from '../address/prefix.ts'
import type { ParsedTunnel } from '../policy/parsed-policy.ts'
import { peerOf } from './negotiation.ts'
import type { TracedSite, World } from './world.ts'

/** The sites that have an address behind their gateway, in the order of the world. */
export function sitesWith(world: World, address: Address): TracedSite[] {
  return [...world.sites.values()].filter((site) => networksOf(site).some((prefix) => prefix.contains(address)))
}

/** Everything behind a gateway that a packet can come from. */
export function networksOf({ subnets, otherNetworks, nodes }: TracedSite): Prefix[] {
  return [...subnets, ...otherNetworks, ...nodes.flatMap(({ podSubnets }) => podSubnets)]
}

/** By which address one site calls a host of another; `undefined` when no tunnel carries it. */
export function callNameOf(
  world: World,
  from: TracedSite,
  host: { readonly site: TracedSite; readonly real: Address },
): Address | undefined {
  const { site, real } = host
  const { tunnels } = from.gateway.policy
  const direct = tunnels.filter((tunnel) => peerOf(world, from, tunnel).some((end) => end.site === site))
  const names = translatedNames(site, real)
  const isUnique = sitesWith(world, real).every((one) => one === site)
  return carriedBy(direct, [...names, real]) ?? carriedBy(tunnels, isUnique ? [...names, real] : names)
}

/** The first name that some tunnel carries: to its other end, or through a hub. */
function carriedBy(tunnels: readonly ParsedTunnel[], names: readonly Address[]): Address | undefined {
  const carried = tunnels.flatMap(({ selectors }) => selectors.map(({ remote }) => remote))
  return names.find((name) => carried.some((remote) => remote.contains(name)))
}

/** What destination rules of a gateway turn into that real address. */
function translatedNames({ gateway }: TracedSite, real: Address): Address[] {
  return gateway.policy.nat.flatMap(({ direction, action, destination }) => {
    if (direction !== 'destination' || action.kind !== 'map' || !action.to.contains(real)) return []
    if (destination?.kind !== 'prefix' || destination.negated || destination.prefix.length !== action.to.length)
      return []
    return [destination.prefix.at(offsetBy(real.bits, -action.to.bits as typeof real.bits))]
  })
}
