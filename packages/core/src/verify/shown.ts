import { Address } from '../address/address.ts'
import { familyOf, firstOf, lastOf, widthOf } from '../address/bits.ts'
import type { Range } from '../match/range.ts'

/** A range as people write it: an address, a prefix where it is one, else first and last address. */
export function rangeText({ first, last }: Range): string {
  const start = Address.fromBits(first).toString()
  if (first === last) return start
  for (let length = 0; length < widthOf(familyOf(first)); length++) {
    if (firstOf(first, length) === first && lastOf(first, length) === last) return `${start}/${length}`
  }
  return `${start}-${Address.fromBits(last)}`
}
