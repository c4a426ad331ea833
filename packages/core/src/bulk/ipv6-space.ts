import { Prefix } from '../address/prefix.ts'
import type { FreeIn } from './pool-space.ts'
import type { PrefixTable } from './prefix-table.ts'
import { offsetsOf, sortPrefixes } from './sort-prefixes.ts'
import { sideOf } from './sweep.ts'

/** Addresses from `first` on, `end` not included. */
interface Interval {
  readonly first: bigint
  readonly end: bigint
}

/** What is free in IPv6: the same as in IPv4, in numbers that have no end. */
export class Ipv6Space implements FreeIn {
  readonly #used: readonly Interval[]

  constructor(used: readonly PrefixTable[]) {
    this.#used = outermost(used)
  }

  forEachBlock(pool: Prefix, length: number, visit: (block: Prefix) => boolean): void {
    const size = sizeOf(length)
    this.#forEachGap(pool, ({ first, end }) => {
      for (let at = ((first + size - 1n) / size) * size; at + size <= end; at += size)
        if (!visit(Prefix.fromBits(at, length))) return false
      return true
    })
  }

  largest(pools: readonly Prefix[], count: number): Prefix[] {
    const byLength: Prefix[][] = Array.from({ length: 129 }, () => [])
    for (const pool of pools) {
      this.#forEachLargest(pool, (first, length) => {
        const blocks = byLength[length] as Prefix[]
        if (blocks.length < count) blocks.push(Prefix.fromBits(first, length))
      })
    }
    return byLength.flat().slice(0, count)
  }

  free(pool: Prefix): { readonly free: bigint; readonly largest: Prefix | undefined } {
    let free = 0n
    let largest = { first: 0n, length: 129 }
    this.#forEachLargest(pool, (first, length) => {
      free += sizeOf(length)
      if (length < largest.length) largest = { first, length }
    })
    return { free, largest: free === 0n ? undefined : Prefix.fromBits(largest.first, largest.length) }
  }

  #forEachLargest(pool: Prefix, visit: (first: bigint, length: number) => void): void {
    this.#forEachGap(pool, ({ first, end }) => {
      for (let at = first; at < end; ) {
        const length = largestAt(at, end)
        visit(at, length)
        at += sizeOf(length)
      }
      return true
    })
  }

  #forEachGap(pool: Prefix, visit: (gap: Interval) => boolean): void {
    let first = BigInt(pool.bits)
    const poolEnd = first + sizeOf(pool.length)
    for (let index = this.#firstEndingBehind(first); first < poolEnd; index++) {
      const block = this.#used[index]
      const end = block === undefined || block.first > poolEnd ? poolEnd : block.first
      if (first < end && !visit({ first, end })) return
      first = block === undefined ? poolEnd : block.end
    }
  }

  /** The used blocks lie apart, so their ends are sorted too. */
  #firstEndingBehind(address: bigint): number {
    let low = 0
    let high = this.#used.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#used[middle] as Interval).end <= address) low = middle + 1
      else high = middle
    }
    return low
  }
}

function outermost(tables: readonly PrefixTable[]): Interval[] {
  if (tables.every((table) => table.sizeOf(6) === 0)) return []
  const { ids, depths } = sortPrefixes(tables, 6)
  const offsets = offsetsOf(tables)
  const blocks: Interval[] = []
  for (let position = 0; position < ids.length; position++) {
    if (depths[position] !== 0) continue
    const id = ids[position] as number
    const side = sideOf(id, offsets)
    const prefix = (tables[side] as PrefixTable).prefixAt(id - (offsets[side] as number))
    const first = BigInt(prefix.bits)
    blocks.push({ first, end: first + sizeOf(prefix.length) })
  }
  return blocks
}

function sizeOf(length: number): bigint {
  return 1n << BigInt(128 - length)
}

/** The length of the largest aligned block that starts at an address and does not pass `end`. */
function largestAt(first: bigint, end: bigint): number {
  const size = (end - first).toString(2).length - 1
  const aligned = first === 0n ? 128 : (first & -first).toString(2).length - 1
  return 128 - Math.min(size, aligned)
}
