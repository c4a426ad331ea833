import { type Algorithms, type PeerEnd, segmentSize, type TunnelPolicy } from '@natplan/core'
import { carriedBy, type JoinedTunnel, shownEnds } from './joined-tunnels.ts'

const usualMtu = 1500
const leastMtu = 1000
/** What paths mostly have: PPPoE, tunnels of carriers, and the least of IPv6. */
const commonMtus = [usualMtu, 1492, 1480, 1460, 1450, 1440, 1430, 1420, 1400, 1380, 1300, 1280]

type Esp = Pick<TunnelPolicy, 'esp'>['esp']

/**
 * The path MTU of each site that explains the segment sizes that gateways have; a site is missing where the usual one does. Of all that would do
 * it is the least, or a common one that does the same.
 */
export function pathMtus(
  tunnels: readonly JoinedTunnel[],
  algorithmsOf: (tunnel: JoinedTunnel) => Algorithms | undefined,
): Map<string, number> {
  const known = tunnels.flatMap((tunnel) => {
    const algorithms = algorithmsOf(tunnel)
    return algorithms ? [{ tunnel, sizeAt: sizeIn(tunnel, { ...algorithms.esp, lifetime: 0 }) }] : []
  })
  const names = new Set(known.flatMap(({ tunnel }) => [tunnel.here.site.name, tunnel.peer]))
  const found = [...names].flatMap((name) => {
    const own = known.filter(({ tunnel }) => tunnel.here.site.name === name || tunnel.peer === name)
    const least = own.flatMap(({ tunnel, sizeAt }) => shownEnds(tunnel).flatMap((end) => leastFor(end, sizeAt)))
    if (least.length === 0) return []
    const mtu = Math.max(...least)
    const isSame = (one: number) => own.every(({ sizeAt }) => sizeAt(one) === sizeAt(mtu))
    return [[name, commonMtus.find((one) => one >= mtu && isSame(one)) ?? mtu] as const]
  })
  return new Map(found.filter(([, mtu]) => mtu !== usualMtu))
}

function sizeIn(tunnel: JoinedTunnel, esp: Esp): (mtu: number) => number {
  const { site, tunnel: own } = tunnel.here
  const inner = carriedBy(tunnel.here).some(({ child }) => child.local.family === 6 && child.local.length > 0) ? 6 : 4
  const { address } = own.remote
  const outer = address.kind === 'known' ? address.address.family : (site.addresses[0]?.family ?? 4)
  return (mtu) => segmentSize(esp, { mtu, outer, inner })
}

/** The least MTU with which a gateway could have the segment size that it has. */
function leastFor({ site }: PeerEnd, sizeAt: (mtu: number) => number): number[] {
  const sizes = site.device.clamps.map(({ mss }) => mss)
  if (sizes.length === 0) return []
  const size = Math.min(...sizes)
  let mtu = leastMtu
  while (mtu < usualMtu && sizeAt(mtu) < size) mtu++
  return [mtu]
}
