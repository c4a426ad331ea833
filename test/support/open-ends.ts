import type { GatewayPolicy } from '@natplan/core'
import { Secret } from '@natplan/templates'

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

/** Tunnels between the same two ends have one key: the device chooses it by the ends. */
export function keysOf(policy: GatewayPolicy): Map<string, Secret> {
  const tunnels = keyedTunnels(policy)
  const ends = ({ local, remote }: (typeof tunnels)[number]) => JSON.stringify([endOf(local), endOf(remote)])
  return new Map(
    tunnels.map((tunnel) => {
      const { peer } = tunnels.find((one) => ends(one) === ends(tunnel)) ?? tunnel
      return [tunnel.peer as string, new Secret(`EXAMPLE-ONLY-${peer}-0123456789`)]
    }),
  )
}

function endOf({ identity, address }: GatewayPolicy['tunnels'][number]['local']): string {
  return identity ?? JSON.stringify(address)
}
