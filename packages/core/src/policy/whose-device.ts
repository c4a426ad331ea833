import type { Address } from '../address/address.ts'
import { isSameName, knownOf } from '../address/named-address.ts'
import type { Device } from '../device/device.ts'
import type { SiteName } from '../network/names.ts'
import type { Network } from '../network/network.ts'
import { outsidesOf } from '../network/outsides.ts'
import type { GatewaySite } from './gateway-site.ts'

/**
 * The site whose gateway a device is, by its own addresses and identities; where it shows none that the plan knows, by whom its tunnels lead to.
 * `undefined` when nothing tells, or when two sites are equally likely.
 */
export function whoseDevice(device: Device, network: Network): SiteName | undefined {
  const sites = [...network.sites.values()].filter((site): site is GatewaySite => site.gateway !== undefined)
  return likeliest(sites, (site) => ownSigns(device, site)) ?? byPeers(device, sites, network)
}

function likeliest(sites: readonly GatewaySite[], signs: (site: GatewaySite) => number): SiteName | undefined {
  const [first, second] = sites.map((site) => ({ site, count: signs(site) })).sort((a, b) => b.count - a.count)
  return first && first.count > 0 && first.count !== second?.count ? first.site.name : undefined
}

/** How many things of a device say that it is a site's gateway. */
function ownSigns({ interfaces, tunnels }: Device, { gateway }: GatewaySite): number {
  const planned = knownOf(outsidesOf(gateway).flatMap(({ address, publicAddress }) => [address, publicAddress]))
  const own = interfaces.flatMap(({ addresses }) => addresses)
  const isOwn = (one: Address) => planned.some((address) => address.equals(one))
  const locals = tunnels.map(({ local }) => local)
  return [
    own.some((one) => one.kind === 'known' && isOwn(one.address)),
    locals.some((end) => end.address.kind === 'known' && isOwn(end.address.address)),
    locals.some(({ identity }) => identity === gateway.identity),
  ].filter(Boolean).length
}

/**
 * The only site that has tunnels to all sites of the plan that the device has tunnels to. A device that names its own address is none of those
 * sites when the plan does not know it.
 */
function byPeers(
  { tunnels }: Device,
  sites: readonly GatewaySite[],
  { tunnels: planned }: Network,
): SiteName | undefined {
  const isTold = tunnels.some(({ local }) => local.address.kind === 'known')
  const peers = sites.filter(({ gateway }) =>
    tunnels.some(
      ({ remote }) =>
        remote.address.kind !== 'any' &&
        outsidesOf(gateway).some(({ publicAddress }) => isSameName(remote.address, publicAddress)),
    ),
  )
  if (isTold || peers.length === 0) return undefined
  const isJoined = (a: SiteName, b: SiteName) =>
    a !== b && (planned === undefined || planned.some((tunnel) => tunnel.sites.includes(a) && tunnel.sites.includes(b)))
  const [only, ...more] = sites.filter(({ name }) => peers.every((peer) => isJoined(name, peer.name)))
  return more.length === 0 ? only?.name : undefined
}
