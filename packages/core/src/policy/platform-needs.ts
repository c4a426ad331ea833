import type { Address } from '../address/address.ts'
import type { Family } from '../address/bits.ts'
import { knownAddress, knownOf } from '../address/named-address.ts'
import { Prefix } from '../address/prefix.ts'
import { type Finding, findingOf, inPlan } from '../finding.ts'
import type { SiteName } from '../network/names.ts'
import type { Gateway, Uplink } from '../network/network.ts'
import { abilities } from './abilities.ts'
import type { Connection } from './connections.ts'
import type { Clamp, GatewayRoute, VirtualInterface } from './gateway-policy.ts'
import { segmentSize } from './mtu.ts'
import type { NumberedSubnetPair, SubnetPair } from './subnet-pairs.ts'
import type { Domain, TunnelPlace } from './tunnel-places.ts'

/** The virtual interfaces of a gateway: the one that all tunnels share, and those of single tunnels. */
export function virtualInterfacesOf(
  { platform, virtualInterface }: Gateway,
  places: readonly TunnelPlace[],
): VirtualInterface[] {
  const { name, address } = virtualInterface
  const isShared = abilities[platform].virtualInterface && places.some(({ through }) => through?.kind === 'feature')
  const shared = isShared
    ? [{ kind: 'feature' as const, name, address: { address: address.first, network: address } }]
    : []
  return [...shared, ...places.flatMap(({ interfaces }) => interfaces)]
}

/** The static routes that lead packets for the peers into the tunnels, by prefix. */
export function routesOf(
  gateway: Gateway,
  connections: readonly Connection[],
  {
    pairs,
    places,
    further,
  }: {
    readonly pairs: readonly NumberedSubnetPair[]
    readonly places: ReadonlyMap<SiteName, TunnelPlace>
    readonly further: readonly GatewayRoute[]
  },
): { readonly routes: readonly GatewayRoute[]; readonly findings: readonly Finding[] } {
  const isBehindFeature = ({ tunnel }: NumberedSubnetPair) => places.get(tunnel)?.through?.kind === 'feature'
  const halves = halvedRoutes(gateway, pairs.filter(isBehindFeature))
  const ranks = new Map(connections.map(({ name, rank }) => [name, rank]))
  const routed = pairs.flatMap((pair) => {
    const place = places.get(pair.tunnel)
    const rank = ranks.get(pair.tunnel) ?? 1
    return place?.through?.kind === 'route'
      ? routesThrough(pair, { ...place, name: place.through.interface, rank })
      : []
  })
  const outer = outerRoutes(connections)
  const all = [...halves.routes, ...routed, ...outer.routes, ...further]
  const nearest = all.sort((a, b) => b.distance - a.distance)
  const routes = [...new Map(nearest.map((route) => [routeKey(route), route])).values()]
  return { routes: routes.sort(byTable), findings: [...halves.findings, ...outer.findings] }
}

function routeKey({ prefix, to, vrf }: GatewayRoute): string {
  return `${vrf ?? ''} ${prefix} ${to.kind} ${to.kind === 'nowhere' ? '' : to.interface}`
}

/** What leads the packets of tunnels over their uplinks: a route to the peer, where it has an address for that tunnel alone. */
function outerRoutes(connections: readonly Connection[]): {
  readonly routes: readonly GatewayRoute[]
  readonly findings: readonly Finding[]
} {
  const routes: GatewayRoute[] = []
  const findings: Finding[] = []
  for (const { name, site, peer, uplink, path } of connections) {
    if (!uplink || abilities[site.gateway.platform].cloud) continue
    const called = knownAddress(peer.gateway.outside.publicAddress)
    const isAlone = called !== undefined && !connections.some((other) => other.name !== name && calls(other, called))
    if (isAlone && uplink.nextHop) {
      const to = { kind: 'via', address: uplink.nextHop, interface: uplink.interface } as const
      routes.push({ prefix: Prefix.of(called), to, distance: 1 })
    } else findings.push(byHand({ name, site, path }, { uplink, called, isAlone }))
  }
  return { routes, findings }
}

function calls({ peer }: Connection, address: Address): boolean {
  return knownAddress(peer.gateway.outside.publicAddress)?.equals(address) ?? false
}

function byHand(
  { name, site, path }: Pick<Connection, 'name' | 'site' | 'path'>,
  known: { readonly uplink: Uplink; readonly called: Address | undefined; readonly isAlone: boolean },
): Finding {
  const { uplink, called, isAlone } = known
  const where = uplink.interface
  return findingOf('UPLINK_ROUTE_BY_HAND', inPlan([...path, 'uplinks']), {
    message: `natplan writes no route that sends the packets of ${site.name} for its tunnel ${name}${called ? ` to ${called}` : ''} over ${where}`,
    hint: isAlone
      ? `write nextHop at the uplink, or make sure that such a route exists`
      : `route what ${site.name} sends from its address on ${where} over that interface, or give the peer another address for this tunnel`,
    ...(isAlone ? { related: [{ place: inPlan(uplink.path), message: 'the uplink is here' }] } : {}),
  })
}

function byTable(a: GatewayRoute, b: GatewayRoute): number {
  const [one, other] = [a.vrf ?? '', b.vrf ?? '']
  if (one !== other) return one < other ? -1 : 1
  return Prefix.compare(a.prefix, b.prefix) || a.distance - b.distance
}

/** Any other route for these addresses comes first. */
export const discardDistance = 254

/** Into a virtual interface, which has no route while its tunnel is down: packets then go nowhere. */
function routesThrough(
  { local, remote }: SubnetPair,
  { name, domain, rank }: { readonly name: string; readonly domain: Domain | undefined; readonly rank: number },
): GatewayRoute[] {
  const into = (prefix: Prefix, vrf?: string): GatewayRoute[] => {
    const table = vrf === undefined ? {} : { vrf }
    return [
      { prefix, to: { kind: 'interface', interface: name }, distance: rank, ...table },
      { prefix, to: { kind: 'nowhere' }, distance: discardDistance, ...table },
    ]
  }
  if (!domain) return into(remote.inside)
  const { near, far, vrf } = domain
  const over = (from: Domain['near'], to: Domain['near']) =>
    ({ kind: 'via', address: to.address, interface: from.name }) as const
  return [
    { prefix: remote.inside, to: over(near, far), distance: rank },
    ...into(remote.wire, vrf.name),
    { prefix: local.wire, to: over(far, near), distance: 1, vrf: vrf.name },
  ]
}

/**
 * Routes to the interface where NAT is done for all tunnels. IPsec puts a kernel route of the remote prefix's own length towards the outside,
 * which wins over a static one of that length; so each prefix gets two routes that are one bit longer. A single address cannot be halved.
 */
function halvedRoutes(
  { virtualInterface: { name }, path }: Gateway,
  pairs: readonly NumberedSubnetPair[],
): { readonly routes: readonly GatewayRoute[]; readonly findings: readonly Finding[] } {
  const remotes = new Map(
    pairs.map(({ peer, remote }) => [
      remote.inside.toString(),
      { peer, prefix: remote.inside, isHidden: remote.subnet?.hideBehind !== undefined },
    ]),
  )
  const routes = [...remotes.values()]
    .flatMap(({ prefix }) => halvesOf(prefix))
    .map((prefix): GatewayRoute => ({ prefix, to: { kind: 'interface', interface: name }, distance: 1 }))
  const single = [...remotes.values()].filter(({ prefix }) => halvesOf(prefix).length === 1)
  return {
    routes,
    findings: single.map(({ peer, prefix, isHidden }) =>
      findingOf('ROUTE_SINGLE_ADDRESS', inPlan(path), {
        message: `${prefix} of ${peer} is a single address: its route to ${name} is as long as the one that IPsec installs`,
        hint: isHidden
          ? `let ${peer} hide behind a /31 or larger range`
          : `list a /30 or larger at ${peer}, or look at "show ip route" when the tunnel is up`,
      }),
    ),
  }
}

function halvesOf(prefix: Prefix): Prefix[] {
  const isSingle = prefix.bits === prefix.lastBits
  if (isSingle) return [prefix]
  return [Prefix.fromBits(prefix.bits, prefix.length + 1), Prefix.fromBits(prefix.lastBits, prefix.length + 1)]
}

/** Both ends have addresses of one family; where neither is known, the larger header is counted. */
function outerFamily(one: Gateway, other: Gateway): Family {
  const [known] = knownOf([other.outside.publicAddress, one.outside.publicAddress, one.outside.address])
  return known?.family ?? 6
}

/** One segment size for the whole gateway: the smallest that any of its tunnels needs. */
export function clampsOf(
  gateway: Gateway,
  connections: readonly Connection[],
  { pairs, places }: { readonly pairs: readonly NumberedSubnetPair[]; readonly places: readonly TunnelPlace[] },
): { readonly clamps: readonly Clamp[]; readonly findings: readonly Finding[] } {
  if (connections.length === 0) return { clamps: [], findings: [] }
  const inner = pairs.some(({ local }) => local.wire.family === 6) ? 6 : 4
  const sizes = connections.map(({ site, peer, algorithms, settings }) => {
    const mtu = Math.min(site.gateway.outside.mtu, peer.gateway.outside.mtu)
    const outer = outerFamily(gateway, peer.gateway)
    return segmentSize({ ...algorithms.esp, lifetime: settings.espLifetime }, { mtu, outer, inner })
  })
  const mss = Math.min(...sizes)
  if (connections.every(({ peer }) => clampsForPeer(gateway, peer.gateway))) return { clamps: [], findings: [] }
  const targets = [...new Set(places.flatMap((place) => clampTargets(gateway, place)))].sort()
  if (targets.length > 0) return { clamps: targets.map((target) => ({ interface: target, mss })), findings: [] }
  return {
    clamps: [],
    findings: [
      findingOf('MSS_BY_HAND', inPlan(gateway.path), {
        message: `${gateway.platform} cannot clamp the MSS to ${mss} on an interface: large transfers may stall`,
        hint: `clamp the MSS to ${mss} at the other end of the tunnel or on the hosts`,
      }),
    ],
  }
}

/** A peer that sets the size sets it for both directions. */
function clampsForPeer({ platform }: Gateway, peer: Gateway): boolean {
  const { clamp } = abilities[peer.platform]
  return abilities[platform].clamp === 'peer' && clamp !== 'peer' && clamp !== 'none'
}

function clampTargets({ platform, outside, inside }: Gateway, { through }: TunnelPlace): (string | undefined)[] {
  switch (abilities[platform].clamp) {
    case 'sides': {
      const far = through?.kind === 'route' ? through.interface : outside.interface
      return [far, ...(inside ? [inside.interface] : [])]
    }
    case 'virtual':
      return [through?.interface]
    case 'everywhere':
      return [undefined]
    case 'peer':
    case 'none':
      return []
  }
}
