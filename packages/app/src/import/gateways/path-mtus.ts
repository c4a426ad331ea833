import {
  type Algorithms,
  type DeviceRoute,
  type EspSettings,
  interfaceOfRoute,
  knownAddress,
  type PeerEnd,
  segmentSize,
} from '@natplan/core'
import { endAt, type JoinedTunnel, peerBeyond, shownEnds } from './joined-tunnels.ts'

const usualMtu = 1500
const leastMtu = 1000
/** What paths mostly have: PPPoE, tunnels of carriers, and the least of IPv6. */
const commonMtus = [usualMtu, 1492, 1480, 1460, 1450, 1440, 1430, 1420, 1400, 1380, 1300, 1280]

/** What the segment size at one end of a tunnel is with an MTU. */
type SizeAt = (mtu: number) => number

/**
 * The path MTU of each site that explains the segment sizes that gateways have; a site is missing where the usual one does. Of all that would do
 * it is the least, or a common one that does the same.
 */
export function pathMtus(
  tunnels: readonly JoinedTunnel[],
  algorithmsOf: (tunnel: JoinedTunnel) => Algorithms | undefined,
): Map<string, number> {
  const withIpv6 = new Set(tunnels.flatMap((tunnel) => shownEnds(tunnel).filter(carriesIpv6)).map(({ site }) => site))
  const known = tunnels.flatMap((tunnel) => {
    const algorithms = algorithmsOf(tunnel)
    if (!algorithms) return []
    const esp = { ...algorithms.esp, lifetime: 0 }
    const ends = shownEnds(tunnel).map((end) => ({ end, sizeAt: sizeIn(end, esp, withIpv6.has(end.site) ? 6 : 4) }))
    return [{ tunnel, ends }]
  })
  const tunnelsOf = (name: string) =>
    known.filter(({ tunnel }) => tunnel.here.site.name === name || tunnel.peer === name)
  const names = new Set(known.flatMap(({ tunnel }) => [tunnel.here.site.name, tunnel.peer]))
  const found = [...names].flatMap((name) => {
    const ends = tunnelsOf(name).flatMap((one) => one.ends)
    const least = ends.flatMap(({ end, sizeAt }) => leastFor(end, sizeAt))
    if (least.length === 0) return []
    const mtu = Math.max(...least)
    const isSame = (one: number) => ends.every(({ sizeAt }) => sizeAt(one) === sizeAt(mtu))
    return [[name, commonMtus.find((one) => one >= mtu && isSame(one)) ?? mtu] as const]
  })
  const mtus = new Map(found)
  // A gateway that shows nothing need not be told of where the ones that show something have the same.
  const isTold = (name: string) =>
    tunnelsOf(name).some(({ tunnel }) => {
      const beyond = peerBeyond(tunnel, name)
      return endAt(tunnel, name) !== undefined || mtus.get(beyond) !== mtus.get(name)
    })
  return new Map(found.filter(([name, mtu]) => mtu !== usualMtu && isTold(name)))
}

/** By its selectors, or by the routes into it where it takes everything. */
function carriesIpv6({ site: { device }, tunnel }: PeerEnd): boolean {
  const names = new Set(tunnel.children.map(({ through }) => through?.interface))
  const isInto = (route: DeviceRoute) => names.has(interfaceOfRoute(device, route) ?? '')
  return (
    tunnel.children.some(({ local }) => local.family === 6 && local.length > 0) ||
    device.routes.some((route) => route.prefix.family === 6 && route.prefix.length > 0 && isInto(route))
  )
}

function sizeIn({ site, tunnel }: PeerEnd, esp: EspSettings, inner: 4 | 6): SizeAt {
  const address = knownAddress(tunnel.remote.address) ?? site.addresses[0]
  return (mtu) => segmentSize(esp, { mtu, outer: address?.family ?? 4, inner })
}

/** The least MTU with which a gateway could have the segment size that it has. */
function leastFor({ site }: PeerEnd, sizeAt: SizeAt): number[] {
  const sizes = site.device.clamps.map(({ mss }) => mss)
  if (sizes.length === 0) return []
  const size = Math.min(...sizes)
  let mtu = leastMtu
  while (mtu < usualMtu && sizeAt(mtu) < size) mtu++
  return [mtu]
}
