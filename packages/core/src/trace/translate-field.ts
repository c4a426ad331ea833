import { Address } from '../address/address.ts'
import { type Bits, familyOf, firstOf, offsetBy, widthOf } from '../address/bits.ts'
import type { Prefix } from '../address/prefix.ts'
import type { RuleAction } from '../device/device.ts'
import { isWithinBlock } from '../match/prefix-of.ts'
import type { Range } from '../match/range.ts'
import type { RangeSet } from '../match/range-set.ts'
import { Tracked } from '../match/tracked.ts'

export type Translating = Extract<RuleAction, { kind: 'map' | 'pool' | 'masquerade' }>

export interface Translated {
  readonly field: Tracked
  /** Several addresses become one, so that answers can be told apart by ports only. */
  readonly isShared: boolean
}

/** How a rule translates a field. */
export interface FieldTranslation {
  readonly action: Translating
  /** The addresses that the rule takes on the side that it translates; `undefined` for all. */
  readonly matched: RangeSet | undefined
  /** The address that masquerade gives. */
  readonly own: Address
  /** Told when it matters which address of a pool it is. */
  readonly whenUndecided: () => void
}

/** What a rule that matches makes of the field that it translates. */
export function translateField(field: Tracked, { action, matched, own, whenUndecided }: FieldTranslation): Translated {
  switch (action.kind) {
    case 'masquerade':
      return { field: collapsed(field, own.bits), isShared: true }
    case 'pool':
      return {
        field: pooled(field, { first: action.first.bits, last: action.last.bits }, whenUndecided),
        isShared: true,
      }
    case 'map':
      return mapped(field, action.to, matched)
  }
}

/**
 * The first bits are those of the target, the rest is kept: what nftables and NETMAP do with a prefix. Where the rule takes more
 * addresses than the target has, several share one. What lies in the target already is told apart, since nothing changes for it.
 */
function mapped(field: Tracked, to: Prefix, matched: RangeSet | undefined): Translated {
  const isShared = !isWithinBlock(matched, to.bits, to.length)
  if (to.length === widthOf(familyOf(to.bits))) return { field: collapsed(field, to.bits), isShared }
  if (isShared) {
    field.isIn({ first: to.bits, last: to.lastBits })
    return { field: field.folded(to.bits, to.length), isShared }
  }
  return { field: field.moved(offsetBy(to.bits, -firstOf(field.value, to.length) as Bits)), isShared }
}

/** One of several addresses, shown as another than the packet has: it counts as changed. */
function pooled(field: Tracked, pool: Range, whenUndecided: () => void): Tracked {
  const isFirst = field.isIn({ first: pool.first, last: pool.first })
  if (pool.first === pool.last) return Tracked.fixed(pool.first)
  return Tracked.anyOf(pool, isFirst ? pool.last : pool.first, whenUndecided)
}

/** Many values become one; the one that it was already goes a way of its own, since nothing changes for it. */
function collapsed(field: Tracked, bits: Bits): Tracked {
  field.isIn({ first: bits, last: bits })
  return Tracked.fixed(bits)
}

/** An address of a network that is not the destination: stands for the gateway's own, where that is not known. */
export function neighbourOf(destination: Tracked, networks: readonly Prefix[]): Address | undefined {
  const network = networks.find((prefix) => destination.isIn({ first: prefix.bits, last: prefix.lastBits }))
  if (!network) return undefined
  const candidates = [1, 2, 0].filter((distance) => distance < Number(network.size)).map((at) => network.at(at))
  return candidates.find(({ bits }) => !destination.isIn({ first: bits, last: bits }))
}

/** Stands in for the address of a gateway that shows none. */
export const anyAddress = Address.fromBits(0)
