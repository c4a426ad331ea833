import { Address } from '../address/address.ts'
import { firstOf, lastOf, offsetBy } from '../address/bits.ts'
import { Prefix } from '../address/prefix.ts'
import type { TunnelChild } from '../device/device.ts'
import type { Box } from '../match/box.ts'
import { prefixOf } from '../match/prefix-of.ts'
import type { Range } from '../match/range.ts'
import { RangeSet } from '../match/range-set.ts'

/** A range as people write it: an address, a prefix where it is one, else first and last address. */
export function rangeText(range: Range): string {
  const { first, last } = range
  if (first === last) return Address.fromBits(first).toString()
  return prefixOf(RangeSet.of([range]))?.toString() ?? `${Address.fromBits(first)}-${Address.fromBits(last)}`
}

/** The first range of a set, and how many more there are. */
export function setText({ ranges }: RangeSet): string {
  const [first, ...rest] = ranges
  if (!first) return 'nothing'
  return rest.length === 0 ? rangeText(first) : `${rangeText(first)} (and ${rest.length} more)`
}

/** `source → destination`. */
export function boxText({ source, destination }: Pick<Box, 'source' | 'destination'>): string {
  return `${setText(source)} → ${setText(destination)}`
}

/** `local ↔ remote`. */
export function childText({ local, remote }: Pick<TunnelChild, 'local' | 'remote'>): string {
  return `${local} ↔ ${remote}`
}

/** The fewest prefixes that hold the members of a set, ascending. */
export function prefixesOf({ ranges }: RangeSet): Prefix[] {
  return ranges.flatMap((range) => {
    const prefixes: Prefix[] = []
    for (let start = range.first; start <= range.last; ) {
      const block = largestFrom(start, range.last)
      prefixes.push(block)
      start = offsetBy(block.lastBits, 1)
    }
    return prefixes
  })
}

function largestFrom(first: Range['first'], last: Range['last']): Prefix {
  let length = 0
  while (firstOf(first, length) !== first || lastOf(first, length) > last) length++
  return Prefix.fromBits(first, length)
}
