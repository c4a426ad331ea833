import { type Bits, offsetBy } from '../address/bits.ts'
import { Prefix } from '../address/prefix.ts'
import type { Device, TunnelChild } from '../device/device.ts'
import { prefixOf } from '../match/prefix-of.ts'
import { type RangeSet, rangeOf } from '../match/range-set.ts'

/** A rule that maps a prefix to another, by what it means and not by its direction. */
interface Mapping {
  readonly real: Prefix
  readonly translated: Prefix
  /** The addresses of peers that it is for; `undefined` for all. */
  readonly far: RangeSet | undefined
}

/** What NAT rules and a selector say about the networks behind the gateway. */
export interface Behind {
  readonly child: TunnelChild
  /** What rules make addresses of the selector's local prefix of. */
  readonly real: readonly Prefix[]
  /** The gateway makes addresses of the local prefix itself, be it for another peer. */
  readonly isMade: boolean
}

export function behindOf(device: Device): Behind[] {
  const mappings = mappingsOf(device)
  return device.tunnels.flatMap(({ children }) =>
    children
      .filter(({ kind }) => kind === 'protect')
      .map((child) => {
        const making = mappings.filter(({ translated }) => translated.overlaps(child.local))
        const real = making.filter(({ far }) => !far || far.meets(rangeOf(child.remote)))
        return { child, real: outermost(real.map((mapping) => realOf(child, mapping))), isMade: making.length > 0 }
      }),
  )
}

function mappingsOf({ lists }: Device): Mapping[] {
  return lists.flatMap(({ kind, rules }) =>
    rules.flatMap(({ action, match }): Mapping[] => {
      if (action.kind !== 'map' || kind === 'filter') return []
      const matched = prefixOf(kind === 'source-nat' ? match.source : match.destination)
      if (!matched || matched.equals(action.to)) return []
      return kind === 'source-nat'
        ? [{ real: matched, translated: action.to, far: match.destination }]
        : [{ real: action.to, translated: matched, far: match.source }]
    }),
  )
}

function realOf({ local }: TunnelChild, { real, translated }: Mapping): Prefix {
  if (real.length !== translated.length || local.contains(translated)) return real
  return Prefix.fromBits(offsetBy(real.bits, distance(translated.bits, local.bits)), local.length)
}

function distance(from: Bits, to: Bits): Bits {
  return offsetBy(to, -from as Bits)
}

/** Each prefix once, without those inside another. */
export function outermost(prefixes: Iterable<Prefix>): Prefix[] {
  const kept: Prefix[] = []
  for (const prefix of [...prefixes].sort(Prefix.compare)) {
    if (!kept.at(-1)?.contains(prefix)) kept.push(prefix)
  }
  return kept
}
