import { type Bits, familyOf, firstOf, lastOf, widthOf } from '../address/bits.ts'
import { Prefix } from '../address/prefix.ts'
import type { Range } from './range.ts'
import type { RangeSet } from './range-set.ts'

/** The prefix that a set is; `undefined` for any other set. */
export function prefixOf(set: RangeSet | undefined): Prefix | undefined {
  const [range, ...others] = set?.ranges ?? []
  return range && others.length === 0 ? prefixOfRange(range) : undefined
}

function prefixOfRange({ first, last }: Range): Prefix | undefined {
  for (let length = widthOf(familyOf(first)); length >= 0; length--) {
    if (firstOf(first, length) !== first) return undefined
    if (lastOf(first, length) === last) return Prefix.fromBits(first, length)
  }
  return undefined
}

/** Reports whether all members of a set that are of an address's family lie in one block of that length. */
export function isWithinBlock(set: RangeSet | undefined, like: Bits, length: number): boolean {
  const bounds = set?.boundsOf(typeof like === 'number' ? 'number' : 'bigint')
  return bounds !== undefined && firstOf(bounds.first, length) === firstOf(bounds.last, length)
}
