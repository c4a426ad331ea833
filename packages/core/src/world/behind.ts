import { distance, offsetBy } from '../address/bits.ts'
import { outermost } from '../address/outermost.ts'
import { Prefix } from '../address/prefix.ts'
import type { Device, TunnelChild } from '../device/device.ts'
import { prefixOf } from '../match/prefix-of.ts'
import type { Range } from '../match/range.ts'
import { type RangeSet, rangeOf } from '../match/range-set.ts'

/** A rule that maps a prefix to another, by what it means and not by its direction. */
interface Mapping {
  readonly real: Prefix
  readonly translated: Prefix
  /** The addresses of peers that it is for; `undefined` for all. */
  readonly far: RangeSet | undefined
  /** The smallest range around these. */
  readonly bounds: Range | undefined
}

function areMeeting(one: Range | undefined, other: Range): boolean {
  return one !== undefined && one.first <= other.last && other.first <= one.last
}

/** What NAT rules and a selector say about the networks behind the gateway. */
export interface Behind {
  readonly child: TunnelChild
  /** What rules make addresses of the selector's local prefix of. */
  readonly real: readonly Prefix[]
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
  const mappings = mappingsOf(device)
  const children = device.tunnels.flatMap((tunnel) => tunnel.children.filter(({ kind }) => kind === 'protect'))
  const makings = new Map<string, readonly Mapping[]>()
  return children.map((child) => {
    const key = child.local.toString()
    const making = makings.get(key) ?? mappings.filter(({ translated }) => translated.overlaps(child.local))
    makings.set(key, making)
    const remote = rangeOf(child.remote)
    const forPeer = making.filter(({ far, bounds }) => !far || (areMeeting(bounds, remote) && far.meets(remote)))
    return { child, real: outermost(forPeer.map((mapping) => realOf(child, mapping))), isMade: making.length > 0 }
  })
}

function mappingsOf({ lists }: Device): Mapping[] {
  return lists.flatMap(({ kind, rules }) =>
    rules.flatMap(({ action, match }): Mapping[] => {
      if (action.kind !== 'map' || kind === 'filter') return []
      const matched = prefixOf(kind === 'source-nat' ? match.source : match.destination)
      if (!matched || matched.equals(action.to)) return []
      const [real, translated] = kind === 'source-nat' ? [matched, action.to] : [action.to, matched]
      const far = kind === 'source-nat' ? match.destination : match.source
      return [{ real, translated, far, bounds: far?.boundsOf(real.family === 4 ? 'number' : 'bigint') }]
    }),
  )
}

/** What of a mapping is behind the local prefix of a child. */
export function realOf(
  { local }: Pick<TunnelChild, 'local'>,
  { real, translated }: Pick<Mapping, 'real' | 'translated'>,
): Prefix {
  if (real.length !== translated.length || local.contains(translated)) return real
  return Prefix.fromBits(offsetBy(real.bits, distance(translated.bits, local.bits)), local.length)
}
