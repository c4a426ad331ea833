import { distance, offsetBy } from '../address/bits.ts'
import { outermost } from '../address/outermost.ts'
import { Prefix } from '../address/prefix.ts'
import type { Device, RuleAction, TunnelChild } from '../device/device.ts'
import { IntervalIndex } from '../match/interval-index.ts'
import type { InterfaceMatch, PacketMatch } from '../match/packet-match.ts'
import { prefixOf } from '../match/prefix-of.ts'
import { RangeSet, rangeOf } from '../match/range-set.ts'
import { takesName } from '../match/takes.ts'
import { isForFarNames, seenByHosts } from './far-maps.ts'

/** A rule that maps a prefix to another, by what it means and not by its direction. */
interface Mapping {
  readonly real: Prefix
  readonly translated: Prefix
  /** The addresses of peers that it is for; `undefined` for all. */
  readonly far: RangeSet | undefined
  /** The interface that it is asked on; `undefined` for all. */
  readonly on: InterfaceMatch | undefined
}

/** A prefix behind a gateway, and what peers see in its place. */
interface Seen {
  readonly prefix: Prefix
  readonly as: Prefix
}

/** What NAT rules and a selector say about the networks behind the gateway. */
export interface Behind {
  readonly child: TunnelChild
  /** What rules make addresses of the selector's local prefix of. */
  readonly real: readonly Seen[]
  /** The gateway makes addresses of the local prefix itself, be it for another peer. */
  readonly isMade: boolean
}

export function behindOf(device: Device): readonly Behind[] {
  const made = known.get(device) ?? findBehind(device)
  known.set(device, made)
  return made
}

const known = new WeakMap<Device, readonly Behind[]>()

function findBehind(device: Device): Behind[] {
  const mappings = new IntervalIndex(mappingsOf(device).map((value) => ({ range: rangeOf(value.translated), value })))
  const makings = new Map<string, Making>()
  return seenByHosts(device).map((child) => {
    const on = routedInto(child)
    const key = `${child.local} ${on ?? ''}`
    const making = makings.get(key) ?? makingOf(child.local, mappings, on)
    makings.set(key, making)
    const forPeer = mappingsFor(child.remote, making)
    const kept = on !== undefined && forPeer.length > 0 ? keptFor(device, on) : []
    const seen = [...forPeer.map((mapping) => seenBy(child, mapping)), ...kept]
    return { child, real: outermostSeen(seen), isMade: making.isMade }
  })
}

/**
 * The interface whose rules alone make addresses of a child: one that carries everything does not tell by its prefixes which rules are for
 * it.
 */
export function routedInto({ local, through }: TunnelChild): string | undefined {
  return local.length === 0 && through?.kind === 'route' ? through.interface : undefined
}

function seenBy({ local }: TunnelChild, mapping: Mapping): Seen {
  const { translated } = mapping
  return { prefix: realOf({ local }, mapping), as: local.contains(translated) ? translated : local }
}

function outermostSeen(seen: readonly Seen[]): Seen[] {
  return outermost(seen.map(({ prefix }) => prefix)).flatMap(
    (outer) => seen.find(({ prefix }) => prefix.equals(outer)) ?? [],
  )
}

/** What rules keep as it is beside what they translate, for a tunnel that carries everything: it is behind the gateway, too, or beyond another. */
function keptFor(device: Device, name: string): Seen[] {
  const isBeyond = (prefix: Prefix) =>
    device.routes.some(({ prefix: far, to }) => to.kind === 'interface' && far.length > 0 && far.contains(prefix))
  return device.lists
    .filter(({ kind }) => kind === 'source-nat')
    .flatMap(({ rules }) => rules)
    .flatMap(({ action, match }) => {
      const prefix = prefixOf(match.source)
      const isKept = action.kind === 'exempt' || (action.kind === 'map' && prefix?.equals(action.to))
      const isAsked = match.out !== undefined && takesName(match.out, name)
      return isKept && isAsked && prefix && prefix.length > 0 && !isBeyond(prefix) ? [{ prefix, as: prefix }] : []
    })
}

/** The mappings that make addresses of a local prefix, by whom they are for. */
interface Making {
  readonly isMade: boolean
  readonly forAll: readonly Mapping[]
  readonly byFar: IntervalIndex<Mapping & { readonly far: RangeSet }>
}

function makingOf(local: Prefix, mappings: IntervalIndex<Mapping>, name: string | undefined): Making {
  const making = mappings
    .meeting(rangeOf(local))
    .filter(({ translated, on }) => translated.overlaps(local) && (!on || name === undefined || takesName(on, name)))
  const forSome = making.flatMap(({ far, ...mapping }) => {
    const range = far?.boundsOf(local.family === 4 ? 'number' : 'bigint')
    return far && range ? [{ range, value: { ...mapping, far } }] : []
  })
  return {
    isMade: making.length > 0,
    forAll: making.filter(({ far }) => !far),
    byFar: new IntervalIndex(forSome),
  }
}

function mappingsFor(remote: Prefix, { forAll, byFar }: Making): readonly Mapping[] {
  const range = rangeOf(remote)
  return [...forAll, ...byFar.meeting(range).filter(({ far }) => far.meets(range))]
}

function mappingsOf(device: Device): Mapping[] {
  return device.lists.flatMap(({ kind, rules }) =>
    rules.flatMap(({ action, match }): Mapping[] => {
      if (kind === 'source-nat' && action.kind === 'pool') return hidings(action, match)
      if (action.kind !== 'map' || kind === 'filter' || isForFarNames(device, kind, { match })) return []
      const matched = prefixOf(kind === 'source-nat' ? match.source : match.destination)
      if (!matched || matched.equals(action.to)) return []
      const [real, translated] = kind === 'source-nat' ? [matched, action.to] : [action.to, matched]
      const [far, on] = kind === 'source-nat' ? [match.destination, match.out] : [match.source, match.in]
      return [{ real, translated, far, on }]
    }),
  )
}

/** Hosts that share few addresses are behind these, too. */
function hidings({ first, last }: Extract<RuleAction, { kind: 'pool' }>, match: PacketMatch): Mapping[] {
  const real = prefixOf(match.source)
  const translated = prefixOf(RangeSet.of([{ first: first.bits, last: last.bits }]))
  return real && translated ? [{ real, translated, far: match.destination, on: match.out }] : []
}

/** What of a mapping is behind the local prefix of a child. */
export function realOf(
  { local }: Pick<TunnelChild, 'local'>,
  { real, translated }: Pick<Mapping, 'real' | 'translated'>,
): Prefix {
  if (real.length !== translated.length || local.contains(translated)) return real
  return Prefix.fromBits(offsetBy(real.bits, distance(translated.bits, local.bits)), local.length)
}
