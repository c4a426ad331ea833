import type { Family } from '../address/bits.ts'
import type { PrefixTable } from './prefix-table.ts'
import { sortIpv4 } from './sort-ipv4.ts'
import { sortIpv6 } from './sort-ipv6.ts'
import type { SortedPrefixes } from './sorted-prefixes.ts'

/** Ids are shifted by a bit while they are sorted. */
const mostRows = 2 ** 31

/** Where each table's rows begin when they are counted on, and behind the last one where they end. */
export function offsetsOf(tables: readonly PrefixTable[]): Uint32Array {
  const offsets = new Uint32Array(tables.length + 1)
  let sum = 0
  for (const [index, table] of tables.entries()) {
    sum += table.size
    if (sum > mostRows) throw new RangeError(`more than ${mostRows} prefixes`)
    offsets[index + 1] = sum
  }
  return offsets
}

/** Sorts in O(n) for IPv4 and O(n · bytes that differ) for IPv6. */
export function sortPrefixes(tables: readonly PrefixTable[], family: Family): SortedPrefixes {
  return family === 4 ? sortIpv4(tables) : sortIpv6(tables)
}
