import type { Gateway } from '../network/network.ts'
import type { Connection } from './connections.ts'
import type { Selector, TunnelPolicy } from './gateway-policy.ts'
import type { GatewaySite } from './gateway-site.ts'
import type { NumberedSubnetPair } from './subnet-pairs.ts'
import type { TunnelPlace } from './tunnel-places.ts'

/** The tunnel of one gateway: its selectors are what both ends are called on the wire, pair by pair. */
export function tunnelPolicy(
  { gateway }: GatewaySite,
  { peer, algorithms, settings, start, peerStart }: Connection,
  { pairs, place }: { readonly pairs: readonly NumberedSubnetPair[]; readonly place: TunnelPlace | undefined },
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
    selectors: selectorsOf(pairs),
    through: place?.through,
  }
}

/** Several pairs may look the same on the wire: the first one stands for them. */
function selectorsOf(pairs: readonly NumberedSubnetPair[]): Selector[] {
  const alike = new Map<string, NumberedSubnetPair[]>()
  for (const pair of [...pairs].sort((a, b) => a.number - b.number)) {
    const key = `${pair.local.wire} ${pair.remote.wire}`
    alike.set(key, [...(alike.get(key) ?? []), pair])
  }
  return [...alike.values()].flatMap(([first, ...others]) => (first ? [selectorOf(first, others)] : []))
}

function selectorOf(first: NumberedSubnetPair, others: readonly NumberedSubnetPair[]): Selector {
  const forwards = [first, ...others].flatMap((pair) => pair.forwards.filter(({ isFar }) => !isFar))
  const also = [...others, ...forwards].map(({ number }) => number).sort((a, b) => a - b)
  const { number, local, remote } = first
  return { number, ...(also.length > 0 ? { also } : {}), local: local.wire, remote: remote.wire }
}

function isBehindNat({ outside: { address, publicAddress } }: Gateway): boolean {
  return !address.equals(publicAddress)
}
