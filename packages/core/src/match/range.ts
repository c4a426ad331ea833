import type { Bits } from '../address/bits.ts'

/** Numbers from first to last, both included: addresses, ports or protocols. */
export interface Range {
  readonly first: Bits
  readonly last: Bits
}

/** What two ranges share; `undefined` for nothing. Ranges of different families share nothing. */
export function sharedRange(a: Range, b: Range): Range | undefined {
  if (typeof a.first !== typeof b.first) return undefined
  const { first } = a.first > b.first ? a : b
  const { last } = a.last < b.last ? a : b
  return first <= last ? { first, last } : undefined
}
