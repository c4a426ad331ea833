import type { Address } from '../address/address.ts'
import { distance } from '../address/bits.ts'
import { Prefix } from '../address/prefix.ts'
import { type Hook, stagesOf } from '../device/stages.ts'
import { esp, udp } from '../match/protocols.ts'
import type { SiteName } from '../network/names.ts'
import { abilities } from '../policy/abilities.ts'
import type { GatewayPolicy, NatAction, TunnelPolicy } from '../policy/gateway-policy.ts'
import { filterStops } from './filter-stops.ts'

/** Packets that a filter must let pass, as it sees them there. */
export interface Passage {
  readonly peer: SiteName
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
  /** The interfaces by which packets come and go, as far as they are known there. */
  readonly in: string | undefined
  readonly out: string | undefined
  /** Whether a filter can ask there that packets came out of a tunnel. */
  readonly showsEncrypted: boolean
  readonly passages: readonly Passage[]
}

/** What the filters of a gateway, and those in front of it, must let pass. */
export function filterPlaces(policy: GatewayPolicy): FilterPlace[] {
  const { publicAddress } = policy.outside
  const places = [
    ...ways.map((way) => ownPlace(policy, way)),
    ...(publicAddress === undefined
      ? []
      : ways.map((way) => ({ ...ownPlace(policy, way, publicAddress), position: 'between' as const, hooks: [] }))),
    ...ways.flatMap((way) => hostPlaces(policy, way)),
  ]
  return places.filter(({ passages }) => passages.length > 0)
}

const ways = ['in', 'out'] as const

function ownPlace(policy: GatewayPolicy, way: 'in' | 'out', own?: Address): FilterPlace {
  const outside = policy.outside.interface
  return {
    position: 'own',
    way,
    hooks: [way === 'in' ? 'input' : 'output'],
    in: way === 'in' ? outside : undefined,
    out: way === 'out' ? outside : undefined,
    showsEncrypted: false,
    passages: policy.tunnels.flatMap((tunnel) => ownPassages(tunnel, way, own ?? tunnel.local.address)),
  }
}

/** IKE (RFC 7296) and the packets of a tunnel, as ESP or in UDP (RFC 3948). */
function ownPassages(tunnel: TunnelPolicy, way: 'in' | 'out', own: Address): Passage[] {
  const { peer, remote, start, peerStart, inUdp, ike } = tunnel
  const [from, to] = way === 'in' ? [remote.address, own] : [own, remote.address]
  const ends = { peer, source: Prefix.of(from), destination: Prefix.of(to) }
  const begins = (way === 'in' ? peerStart : start) !== 'respond'
  // IKEv2 goes on at 4500 also where both ends can move (MOBIKE, RFC 4555).
  const ports = inUdp || ike.version === 2 ? [500, 4500] : [500]
  const keys = { ...ends, protocol: udp, ports, mayBeFirst: begins }
  return inUdp ? [keys] : [keys, { ...ends, protocol: esp, ports: [], mayBeFirst: true }]
}

function hostPlaces(policy: GatewayPolicy, way: 'in' | 'out'): FilterPlace[] {
  const { platform, outside, inside, interfaces } = policy
  const isDataplane = abilities[platform].virtualInterface
  const tunnelSide = (isDataplane ? interfaces[0]?.name : undefined) ?? outside.interface
  const [from, to] = way === 'in' ? [tunnelSide, inside?.interface] : [inside?.interface, tunnelSide]
  return filterStops(stagesOf(abilities[platform])).map(({ position, hooks }) => ({
    position,
    way,
    hooks,
    in: hooks.some((hook) => hook !== 'postrouting') ? from : undefined,
    out: hooks.some((hook) => hook !== 'prerouting') ? to : undefined,
    showsEncrypted: way === 'in' && !isDataplane && !hooks.every((hook) => hook === 'postrouting'),
    passages: unique(policy.tunnels.flatMap((tunnel) => hostPassages(policy, tunnel, { way, position }))),
  }))
}

function hostPassages(
  policy: GatewayPolicy,
  { peer, selectors }: TunnelPolicy,
  { way, position }: Pick<FilterPlace, 'way' | 'position'>,
): Passage[] {
  // On the way out the source is translated last, on the way in the destination first.
  const isTranslated = way === 'out' ? position === 'after' : position === 'before'
  return selectors.flatMap((selector) => {
    const { local, remote } = selector
    const behind = ownFaces(policy, selector)
    const mayBeFirst = way === 'out' || !behind.isHidden
    return (isTranslated ? [local] : behind.real).map((own) => {
      const [source, destination] = way === 'in' ? [remote, own] : [own, remote]
      return { peer, source, destination, protocol: undefined, ports: [], mayBeFirst }
    })
  })
}

type Ends = Readonly<Record<'local' | 'remote', Prefix>>

/** What the site itself calls the local prefix of a selector; several subnets may hide behind one. */
interface OwnFaces {
  readonly real: readonly Prefix[]
  /** The peer opens no connections to them. */
  readonly isHidden: boolean
}

function ownFaces(policy: GatewayPolicy, { local, remote }: Ends): OwnFaces {
  return facesOf(policy).get(endsKey(local, remote)) ?? { real: [local], isHidden: false }
}

const known = new WeakMap<GatewayPolicy, ReadonlyMap<string, OwnFaces>>()

function facesOf(policy: GatewayPolicy): ReadonlyMap<string, OwnFaces> {
  const made = known.get(policy) ?? findFaces(policy)
  known.set(policy, made)
  return made
}

function findFaces({ nat }: GatewayPolicy): Map<string, OwnFaces> {
  const faces = new Map<string, OwnFaces>()
  for (const { direction, source, destination, action } of nat) {
    const given = addressesOf(action)
    if (direction !== 'source' || !given || !source || !destination) continue
    const key = endsKey(given, destination)
    const real = [...(faces.get(key)?.real ?? []), source]
    faces.set(key, { real, isHidden: distance(source.bits, source.lastBits) > distance(given.bits, given.lastBits) })
  }
  return faces
}

function addressesOf(action: NatAction): Pick<Prefix, 'bits' | 'lastBits'> | undefined {
  if (action.kind === 'map') return action.to
  return action.kind === 'pool' ? { bits: action.first.bits, lastBits: action.last.bits } : undefined
}

function endsKey({ bits, lastBits }: Pick<Prefix, 'bits' | 'lastBits'>, remote: Prefix): string {
  return `${bits}-${lastBits} ${remote}`
}

function unique(passages: readonly Passage[]): Passage[] {
  return [...new Map(passages.map((one) => [`${one.peer} ${one.source} ${one.destination}`, one])).values()]
}
