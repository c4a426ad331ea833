import type { Gateway } from '../network/network.ts'
import type { Connection } from './connections.ts'
import type { TunnelPolicy } from './gateway-policy.ts'
import type { GatewaySite } from './gateway-site.ts'
import { tunnelInterface } from './platform-needs.ts'
import type { NumberedSubnetPair } from './subnet-pairs.ts'

/** The tunnel of one gateway: its selectors are the visible prefixes of both ends, pair by pair. */
export function tunnelPolicy(
  { gateway }: GatewaySite,
  { peer, algorithms, settings, start, peerStart }: Connection,
  pairs: readonly NumberedSubnetPair[],
): TunnelPolicy {
  return {
    peer: peer.name,
    local: { address: gateway.outside.address, identity: gateway.identity },
    remote: { address: peer.gateway.outside.publicAddress, identity: peer.gateway.identity },
    ike: { ...algorithms.ike, lifetime: settings.ikeLifetime, deadPeer: settings.deadPeer },
    esp: { ...algorithms.esp, lifetime: settings.espLifetime },
    start,
    peerStart,
    ...(settings.forceNatTraversal || [gateway, peer.gateway].some(isBehindNat) ? { inUdp: true } : {}),
    forceNatTraversal: settings.forceNatTraversal,
    selectors: pairs
      .map(({ number, local, remote }) => ({
        number,
        local: local.visible,
        remote: remote.visible,
      }))
      .sort((a, b) => a.number - b.number),
    through: tunnelInterface(gateway),
  }
}

function isBehindNat({ outside: { address, publicAddress } }: Gateway): boolean {
  return !address.equals(publicAddress)
}
