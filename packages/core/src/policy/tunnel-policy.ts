import type { NamedAddress } from '../address/named-address.ts'
import type { SiteName } from '../network/names.ts'
import type { DeadPeer, Gateway, TunnelSettings } from '../network/network.ts'
import { canBeCalled, isBehindNat } from './changing-ends.ts'
import type { Connection } from './connections.ts'
import type { Selector, TunnelPolicy } from './gateway-policy.ts'
import { isTranslated, type NumberedSubnetPair } from './subnet-pairs.ts'
import type { TunnelPlace } from './tunnel-places.ts'

/** The tunnel of one gateway: its selectors are what both ends are called on the wire, pair by pair. */
export function tunnelPolicy(
  { name, site: { name: own, gateway }, peer, algorithms, settings, authentication, start, peerStart }: Connection,
  { pairs, place }: { readonly pairs: readonly NumberedSubnetPair[]; readonly place: TunnelPlace | undefined },
): TunnelPolicy {
  return {
    peer: name,
    site: peer.name,
    interface: gateway.outside.interface,
    local: { address: onInterface(gateway.outside.address, gateway.outside.interface), identity: gateway.identity },
    remote: { address: calledAt(peer.gateway), identity: peer.gateway.identity },
    ike: {
      ...algorithms.ike,
      lifetime: settings.ikeLifetime,
      deadPeer: canBeCalled(peer) ? settings.deadPeer : forgotten(settings),
    },
    esp: { ...algorithms.esp, lifetime: settings.espLifetime },
    authentication,
    start,
    peerStart,
    ...(settings.forceNatTraversal || [{ gateway }, peer].some(isBehindNat) ? { inUdp: true } : {}),
    forceNatTraversal: settings.forceNatTraversal,
    selectors: selectorsOf(pairs, [own, peer.name]),
    through: place?.through,
  }
}

/** The sites of a tunnel: the gateway's own, and the peer. */
type Ends = readonly [own: SiteName, peer: SiteName]

/** Several pairs may look the same on the wire: the first one stands for them. */
function selectorsOf(pairs: readonly NumberedSubnetPair[], ends: Ends): Selector[] {
  const alike = new Map<string, NumberedSubnetPair[]>()
  for (const pair of [...pairs].sort((a, b) => a.number - b.number)) {
    const key = `${pair.local.wire} ${pair.remote.wire}`
    alike.set(key, [...(alike.get(key) ?? []), pair])
  }
  return [...alike.values()].flatMap(([first, ...others]) => (first ? [selectorOf(first, others, ends)] : []))
}

function selectorOf(first: NumberedSubnetPair, others: readonly NumberedSubnetPair[], [own, peer]: Ends): Selector {
  const forwards = [first, ...others].flatMap((pair) => pair.forwards.filter(({ isFar }) => !isFar))
  const also = [...others, ...forwards].map(({ number }) => number).sort((a, b) => a - b)
  const { number, local, remote } = first
  const called = isTranslated(remote) ? { visible: remote.inside } : {}
  const between = { local: local.subnet?.site, remote: remote.subnet?.site }
  const isBeyond = between.local !== own || between.remote !== peer
  return {
    number,
    ...(also.length > 0 ? { also } : {}),
    local: local.wire,
    remote: remote.wire,
    ...called,
    ...(isBeyond ? { between } : {}),
  }
}

/** A silent peer that nobody can call is forgotten until it calls. */
function forgotten({ deadPeer }: TunnelSettings): DeadPeer {
  return { ...deadPeer, action: 'clear' }
}

/** Whatever address it gets is that of the outside interface. */
export function onInterface(address: NamedAddress, name: string): NamedAddress {
  return address.kind === 'dynamic' ? { kind: 'dynamic', interface: name } : address
}

/** Nobody calls a gateway whose address changes: it may call from anywhere. */
function calledAt({ outside: { publicAddress } }: Gateway): NamedAddress {
  return publicAddress.kind === 'dynamic' ? { kind: 'any' } : publicAddress
}
