import { type Algorithms, type PeerEnd, segmentSize, type TunnelPolicy } from '@natplan/core'
import { carriedBy, endAt, type JoinedTunnel, peerBeyond, shownEnds } from './joined-tunnels.ts'

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
  const tunnelsOf = (name: string) =>
    known.filter(({ tunnel }) => tunnel.here.site.name === name || tunnel.peer === name)
  const found = [...names].flatMap((name) => {
    const own = tunnelsOf(name)
    const least = own.flatMap(({ tunnel, sizeAt }) => shownEnds(tunnel).flatMap((end) => leastFor(end, sizeAt)))
    if (least.length === 0) return []
    const mtu = Math.max(...least)
    const isSame = (one: number) => own.every(({ sizeAt }) => sizeAt(one) === sizeAt(mtu))
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
