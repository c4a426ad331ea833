import type { Address } from '../address/address.ts'
import { type Bits, firstOf, lastOf, offsetBy, widthOf } from '../address/bits.ts'
import type { Prefix } from '../address/prefix.ts'
import { Tracked } from '../match/tracked.ts'
import type { NatRule } from '../policy/gateway-policy.ts'

export interface Translation {
  readonly field: Tracked
  /** Several addresses become one, so that answers can be told apart by ports only. */
  readonly isShared: boolean
}

/** What a rule that matches makes of the field that it translates; `own` is the address that masquerade gives. */
export function translated(rule: NatRule, field: Tracked, own: Address): Translation {
  const { action } = rule
  switch (action.kind) {
    case 'exempt':
      return { field, isShared: false }
    case 'masquerade':
      return { field: collapsed(field, own.bits), isShared: true }
    case 'pool':
      return { field: collapsed(field, action.first.bits), isShared: true }
    case 'map':
      return mapped(field, { to: action.to, matched: matchedBits(rule) })
  }
}

/** How many trailing bits of the field differ between the addresses that the rule takes. */
function matchedBits(rule: NatRule): number {
  const match = rule.direction === 'source' ? rule.source : rule.destination
  if (match?.kind === 'prefix' && !match.negated) return widthOf(match.prefix.family) - match.prefix.length
  if (match?.kind === 'range' && !match.negated && match.first.equals(match.last)) return 0
  return Number.POSITIVE_INFINITY
}

/**
 * The first bits are those of the target, the rest is kept: what nftables and NETMAP do with a prefix. Where the rule takes more
 * addresses than the target has, several share one.
 */
function mapped(field: Tracked, { to, matched }: { readonly to: Prefix; readonly matched: number }): Translation {
  const isShared = matched > widthOf(to.family) - to.length
  if (to.length === widthOf(to.family)) return { field: collapsed(field, to.bits), isShared }
  const first = firstOf(field.value, to.length)
  field.isIn({ first, last: lastOf(first, to.length) })
  return { field: field.moved(difference(to.bits, first)), isShared }
}

/** Many values become one; the one that it was already goes a way of its own, since nothing changes for it. */
function collapsed(field: Tracked, bits: Bits): Tracked {
  field.isIn({ first: bits, last: bits })
  return Tracked.fixed(bits)
}

function difference(a: Bits, b: Bits): Bits {
  return offsetBy(a, -b as Bits)
}

/** The address that masquerade gives on the inside: that of the gateway in the receiver's own network, which natplan does not know. */
export function neighbourOf(destination: Tracked, networks: readonly Prefix[]): Address | undefined {
  const network = networks.find((prefix) => destination.isIn({ first: prefix.bits, last: prefix.lastBits }))
  if (!network) return undefined
  const candidates = [1, 2, 0].filter((distance) => distance < Number(network.size)).map((at) => network.at(at))
  return candidates.find(({ bits }) => !destination.isIn({ first: bits, last: bits }))
}
