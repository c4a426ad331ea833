import type { GatewayPolicy } from '@natplan/core'

/** Platforms that say of a tunnel that it starts from any address, where that of the interface is not known. */
const openPlatforms: readonly string[] = ['vyos-1.4', 'vyos-1.5', 'linux']

/** A policy with the own addresses that its platform writes. */
export function withOpenEnds(policy: GatewayPolicy): GatewayPolicy {
  if (!openPlatforms.includes(policy.platform)) return policy
  const opened = (tunnel: GatewayPolicy['tunnels'][number]) =>
    tunnel.local.address.kind === 'dynamic'
      ? { ...tunnel, local: { ...tunnel.local, address: { kind: 'any' } as const } }
      : tunnel
  return { ...policy, tunnels: policy.tunnels.map(opened) }
}

/** The tunnels whose ends have a pre-shared key. */
export function keyedTunnels({ tunnels }: GatewayPolicy): GatewayPolicy['tunnels'] {
  return tunnels.filter(({ authentication }) => authentication.kind === 'key')
}
