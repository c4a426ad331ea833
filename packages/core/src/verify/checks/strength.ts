import { type Finding, findingOf } from '../../finding.ts'
import type { Platform } from '../../network/written.ts'
import { abilities } from '../../policy/abilities.ts'
import { strengthOf } from '../../policy/proposals.ts'
import { placeAt, type Subject } from '../subject.ts'

/** No offer of a configuration can be broken: whoever sits between the gateways may make them take the weakest. */
export function offersAreStrong({ sites }: Subject): Finding[] {
  return sites.flatMap((site) => {
    const { written, policy, proposals } = site.gateway
    // What a plan demands was judged when it was planned.
    if (!written) return []
    return policy.tunnels.flatMap((tunnel) => {
      const { ike, esp } = proposals.get(tunnel.peer) ?? { ike: [tunnel.ike], esp: [tunnel.esp] }
      return strengthOf({ ike, esp }, placeAt(site, tunnel)).map((finding) => ({
        ...finding,
        message: `tunnel ${tunnel.peer} of ${site.name}: ${finding.message}`,
      }))
    })
  })
}

/** How a configuration says so. */
const trapWords: Readonly<Partial<Record<Platform, string>>> = {
  'vyos-1.5': ': connection-type trap, which builds before December 2025 call respond',
  'vyos-1.4': ': connection-type respond',
  'vyos-1.3': ': connection-type respond',
  linux: ': start_action = trap',
}

/** Nothing leaves unencrypted while a tunnel is down. */
export function tunnelsHoldPackets({ sites }: Subject): Finding[] {
  return sites.flatMap((site) => {
    const { written, policy, platform } = site.gateway
    const { failsClosed, starts } = abilities[platform]
    if (!written || failsClosed) return []
    const open = policy.tunnels.filter(({ start }) => start !== 'trap')
    return open.map((tunnel) =>
      findingOf('TUNNEL_MAY_LEAK', placeAt(site, tunnel), {
        message: `while the tunnel ${tunnel.peer} of ${site.name} is down, packets for it leave unencrypted: nothing holds them back`,
        hint: starts.includes('trap')
          ? `let the tunnel start with a trap${trapWords[platform] ?? ''}`
          : 'drop unencrypted packets to the prefixes of the peer in the firewall of the outside interface',
      }),
    )
  })
}
