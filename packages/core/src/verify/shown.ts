import { Address } from '../address/address.ts'
import { familyOf, firstOf, lastOf, offsetBy, widthOf } from '../address/bits.ts'
import { Prefix } from '../address/prefix.ts'
import type { TunnelChild } from '../device/device.ts'
import type { Box } from '../match/box.ts'
import type { Range } from '../match/range.ts'
import type { RangeSet } from '../match/range-set.ts'

/** A range as people write it: an address, a prefix where it is one, else first and last address. */
export function rangeText(range: Range): string {
  const { first, last } = range
  if (first === last) return Address.fromBits(first).toString()
  return prefixOfRange(range)?.toString() ?? `${Address.fromBits(first)}-${Address.fromBits(last)}`
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

function prefixOfRange({ first, last }: Range): Prefix | undefined {
  for (let length = 0; length <= widthOf(familyOf(first)); length++) {
    if (firstOf(first, length) === first && lastOf(first, length) === last) return Prefix.fromBits(first, length)
  }
  return undefined
}

/** The prefix that a set is; `undefined` for one that is none. */
export function prefixOf({ ranges }: RangeSet): Prefix | undefined {
  const [only, ...rest] = ranges
  return only && rest.length === 0 ? prefixOfRange(only) : undefined
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
