import { Address } from '../address/address.ts'
import { PrefixSet } from '../address/prefix-set.ts'
import type { Range } from '../trace/tracked.ts'

/** A range as people write it: a prefix where it is one, else first and last address. */
export function rangeText({ first, last }: Range): string {
  const [start, end] = [Address.fromBits(first), Address.fromBits(last)]
  if (start.equals(end)) return start.toString()
  const prefix = PrefixSet.between(start, end).prefixes()
  return prefix.length === 1 ? String(prefix[0]) : `${start}-${end}`
}
