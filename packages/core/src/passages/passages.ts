import { knownAddress, knownOf, type NamedAddress } from '../address/named-address.ts'
import { Prefix } from '../address/prefix.ts'
import { type Hook, stagesOf } from '../device/stages.ts'
import { esp, tcp, udp } from '../match/protocols.ts'
import type { SiteName } from '../network/names.ts'
import { abilities } from '../policy/abilities.ts'
import { cableOf } from '../policy/cables.ts'
import type { GatewayPolicy, NatRule, TunnelPolicy } from '../policy/gateway-policy.ts'
import { hidesHosts, selectorRules } from '../policy/selector-rules.ts'
import { filterStops } from './filter-stops.ts'

/** Packets that a filter must let pass, as it sees them there. */
export interface Passage {
  readonly peer: SiteName
  /** By which it comes from the peer, or leaves for it: virtual where the tunnel has such an interface. */
  readonly interface: string
  readonly source: Prefix
  readonly destination: Prefix
  /** `undefined`: whatever hosts send to each other. */
  readonly protocol: number | undefined
  readonly ports: readonly number[]
  /** Whether they may be the first that the filter sees of a connection; else it is enough to let answers pass. */
  readonly mayBeFirst: boolean
}

/**
 * Where filters ask about packets of the tunnels. `own`: what gateways send to each other, at this one; `between`: the same, in front of the NAT
 * before this gateway; else what hosts send, where the translations of this gateway are still to come (`before`), half done (`amid`), or done.
 */
export type Position = 'own' | 'between' | 'before' | 'amid' | 'after'

/** One place where filters ask, and all that passes there in one direction. */
export interface FilterPlace {
  readonly position: Position
  /** `in`: what peers send. */
  readonly way: 'in' | 'out'
  readonly hooks: readonly Hook[]
  /** The interfaces by which packets come and go, as far as they are known there, and the same for all. */
  readonly in: string | undefined
  readonly out: string | undefined
  /** Whether a filter can ask there that packets came out of a tunnel. */
  readonly showsEncrypted: boolean
  readonly passages: readonly Passage[]
}

const known = new WeakMap<GatewayPolicy, readonly FilterPlace[]>()

/** What the filters of a gateway, and those in front of it, must let pass; found once for each policy. */
export function filterPlaces(policy: GatewayPolicy): readonly FilterPlace[] {
  const places = known.get(policy) ?? findPlaces(policy)
  known.set(policy, places)
  return places
}

function findPlaces(policy: GatewayPolicy): FilterPlace[] {
  const { publicAddress } = policy.outside
  const places = [
    ...outsidesOf(policy).flatMap((end) => ways.map((way) => ownPlace(policy, way, { end }))),
    ...(publicAddress === undefined
      ? []
      : ways.map((way) => ({
          ...ownPlace(policy, way, { end: policy.outside.interface, own: publicAddress }),
          position: 'between' as const,
          hooks: [],
        }))),
    ...ways.flatMap((way) => hostPlaces(policy, way)),
  ]
  return places.filter(({ passages }) => passages.length > 0)
}

const ways = ['in', 'out'] as const

/** The interfaces by which packets of tunnels leave. */
function outsidesOf({ outside, tunnels }: GatewayPolicy): string[] {
  return [...new Set([outside.interface, ...tunnels.map((tunnel) => tunnel.interface)])]
}

function ownPlace(
  policy: GatewayPolicy,
  way: 'in' | 'out',
  { end, own }: { readonly end: string; readonly own?: NamedAddress },
): FilterPlace {
  const tunnels = policy.tunnels.filter((tunnel) => tunnel.interface === end)
  return {
    position: 'own',
    way,
    hooks: [way === 'in' ? 'input' : 'output'],
    in: way === 'in' ? end : undefined,
    out: way === 'out' ? end : undefined,
    showsEncrypted: false,
    passages: tunnels.flatMap((tunnel) => ownPassages(tunnel, way, own ?? tunnel.local.address)),
  }
}

/** IKE (RFC 7296) and the packets of a tunnel, as ESP or in UDP (RFC 3948). */
function ownPassages(tunnel: TunnelPolicy, way: 'in' | 'out', own: NamedAddress): Passage[] {
  const { peer, interface: end, remote, start, peerStart, inUdp, ike } = tunnel
  const family = knownOf([remote.address, own])[0]?.family ?? 4
  const [here, there] = [own, remote.address].map((one) => prefixOf(one, family)) as [Prefix, Prefix]
  const [source, destination] = way === 'in' ? [there, here] : [here, there]
  const ends = { peer, interface: end, source, destination }
  const begins = (way === 'in' ? peerStart : start) !== 'respond'
  // IKEv2 goes on at 4500 also where both ends can move (MOBIKE, RFC 4555).
  const ports = inUdp || ike.version === 2 ? [500, 4500] : [500]
  const keys = { ...ends, protocol: udp, ports, mayBeFirst: begins }
  return inUdp ? [keys] : [keys, { ...ends, protocol: esp, ports: [], mayBeFirst: true }]
}

/** An address that is not known may be any. */
function prefixOf(named: NamedAddress, family: 4 | 6): Prefix {
  const address = knownAddress(named)
  return address ? Prefix.of(address) : everywhere[family]
}

const everywhere = { 4: Prefix.parse('0.0.0.0/0'), 6: Prefix.parse('::/0') }

function hostPlaces(policy: GatewayPolicy, way: 'in' | 'out'): FilterPlace[] {
  const { platform, inside } = policy
  const sides = new Set(policy.tunnels.map((tunnel) => tunnelSide(policy, tunnel)))
  const side = sides.size === 1 ? [...sides][0] : undefined
  const [from, to] = way === 'in' ? [side, inside?.interface] : [inside?.interface, side]
  const isMarked = way === 'in' && policy.tunnels.every((tunnel) => keepsMark(policy, tunnel))
  const found = new Map<boolean, readonly Passage[]>()
  const passagesAt = (position: Position) => {
    // On the way out the source is translated last, on the way in the destination first.
    const isTranslated = way === 'out' ? position === 'after' : position === 'before'
    const passages =
      found.get(isTranslated) ??
      unique(policy.tunnels.flatMap((tunnel) => hostPassages(policy, tunnel, { way, isTranslated })))
    found.set(isTranslated, passages)
    return passages
  }
  return filterStops(stagesOf(abilities[platform])).map(({ position, hooks }) => ({
    position,
    way,
    hooks,
    in: hooks.some((hook) => hook !== 'postrouting') ? from : undefined,
    out: hooks.some((hook) => hook !== 'prerouting') ? to : undefined,
    showsEncrypted: isMarked && !hooks.every((hook) => hook === 'postrouting'),
    passages: passagesAt(position),
  }))
}

/** The interface by which packets of hosts come from a tunnel, or leave for it. */
function tunnelSide(policy: GatewayPolicy, tunnel: TunnelPolicy): string {
  return cableOf(policy, tunnel)?.near.name ?? tunnel.through?.interface ?? tunnel.interface
}

/** Whether packets of hosts still count as encrypted where filters ask about them. */
function keepsMark(policy: GatewayPolicy, tunnel: TunnelPolicy): boolean {
  const { through } = tunnel
  if (through?.kind === 'feature' || cableOf(policy, tunnel)) return false
  const { filters, virtualKeepsMark } = abilities[policy.platform]
  return !filters?.seesNoTunnel && (through === undefined || virtualKeepsMark === true)
}

function hostPassages(
  policy: GatewayPolicy,
  tunnel: TunnelPolicy,
  { way, isTranslated }: Pick<FilterPlace, 'way'> & { readonly isTranslated: boolean },
): Passage[] {
  const rulesOf = selectorRules(policy)
  const at = { peer: tunnel.peer, interface: tunnelSide(policy, tunnel) }
  return tunnel.selectors.flatMap((selector) => {
    const { local, remote: carried, visible: remote = carried } = selector
    const { sources, destinations } = rulesOf(selector)
    const real = sources.flatMap(({ source }) => source ?? [])
    const own = isTranslated || real.length === 0 ? [local] : real
    const mayBeFirst = way === 'out' || !sources.some(hidesHosts)
    const ends = (prefix: Prefix) =>
      way === 'in' ? { source: remote, destination: prefix } : { source: prefix, destination: remote }
    const every = { protocol: undefined, ports: [], mayBeFirst }
    // Behind the cable the peer has the name that it has itself.
    const beyond = isTranslated ? remote : carried
    const across = way === 'in' ? { source: beyond, destination: local } : { source: local, destination: beyond }
    return [
      ...own.map((prefix) => ({ ...at, ...ends(prefix), ...every })),
      ...(remote === carried ? [] : [{ ...at, ...across, ...every }]),
      ...(way === 'in' ? destinations.flatMap((rule) => forwarded(rule, isTranslated)) : []).map(
        ({ to, ...service }) => ({ ...at, ...ends(to), ...service, mayBeFirst: true }),
      ),
    ]
  })
}

/** What peers send to a port that leads to a host, in front of the translation or behind. */
function forwarded({ service, destination, action }: NatRule, isTranslated: boolean) {
  if (!service || !destination || action.kind !== 'map') return []
  const protocol = { tcp, udp }[service.protocol]
  const port = isTranslated ? service.port : (action.ports?.first ?? service.port)
  return [{ to: isTranslated ? destination : action.to, protocol, ports: [port] }]
}

function unique(passages: readonly Passage[]): Passage[] {
  return [...new Map(passages.map((one) => [passageKey(one), one])).values()]
}

function passageKey({ peer, source, destination, protocol, ports }: Passage): string {
  return [peer, source, destination, protocol, ...ports].join(' ')
}
