import { ipv4Size } from '../address/bits.ts'
import { Prefix } from '../address/prefix.ts'
import type { FreeIn } from './pool-space.ts'
import { type Chunk, chunkBits, chunkMask, chunkSize, type PrefixTable } from './prefix-table.ts'
import { offsetsOf, sortPrefixes } from './sort-prefixes.ts'
import { sideOf } from './sweep.ts'

/**
 * Where what is in use begins and ends: the first addresses and the last ones, sorted each for itself. What lies behind the last address at a place
 * and before the first one at the next place is free: as many blocks end before it as begin before it.
 *
 *     used     |--------|          |---|
 *                 |--|
 *     firsts   0  1                2
 *     lasts          0  1              2
 *     free               |--------|     |---
 */
interface Used {
  readonly firsts: Uint32Array
  readonly lasts: Uint32Array
}

/** What is free in IPv4: building it takes O(n log n) time and 8 bytes for each prefix beside the sort, every answer O(n + what it lists). */
export class Ipv4Space implements FreeIn {
  readonly #used: Used

  constructor(tables: readonly PrefixTable[]) {
    const count = tables.reduce((sum, table) => sum + table.sizeOf(4), 0)
    this.#used = count < many ? usedByFew(tables, count) : usedByMany(tables)
  }

  forEachBlock(pool: Prefix, length: number, visit: (block: Prefix) => boolean): void {
    if (length > 32) return
    const size = ipv4Size(length)
    this.#forEachGap(pool, (first, end) => {
      for (let at = Math.ceil(first / size) * size; at + size <= end; at += size)
        if (!visit(Prefix.fromBits(at, length))) return false
      return true
    })
  }

  largest(pools: readonly Prefix[], count: number): Prefix[] {
    const byLength: Prefix[][] = Array.from({ length: 33 }, () => [])
    for (const pool of pools) {
      this.#forEachLargest(pool, (first, length) => {
        const blocks = byLength[length] as Prefix[]
        if (blocks.length < count) blocks.push(Prefix.fromBits(first, length))
      })
    }
    return byLength.flat().slice(0, count)
  }

  free(pool: Prefix): { readonly free: bigint; readonly largest: Prefix | undefined } {
    let free = 0
    let largest = { first: 0, length: 33 }
    this.#forEachLargest(pool, (first, length) => {
      free += ipv4Size(length)
      if (length < largest.length) largest = { first, length }
    })
    return { free: BigInt(free), largest: free === 0 ? undefined : Prefix.fromBits(largest.first, largest.length) }
  }

  /** Calls `visit` with the fewest aligned blocks that the free intervals of a pool are made of. */
  #forEachLargest(pool: Prefix, visit: (first: number, length: number) => void): void {
    this.#forEachGap(pool, (first, end) => {
      for (let at = first; at < end; ) {
        const length = largestAt(at, end)
        visit(at, length)
        at += ipv4Size(length)
      }
      return true
    })
  }

  /** Calls `visit` with the free intervals of a pool, `end` not included, from the lowest up, as long as it returns true. */
  #forEachGap(pool: Prefix, visit: (first: number, end: number) => boolean): void {
    const { firsts, lasts } = this.#used
    const poolEnd = Number(pool.bits) + Number(pool.size)
    let first = Number(pool.bits)
    for (let place = this.#firstAbove(first); first < poolEnd; place++) {
      if (place > 0) first = Math.max(first, (lasts[place - 1] as number) + 1)
      const end = place < firsts.length ? Math.min(firsts[place] as number, poolEnd) : poolEnd
      if (first < end && !visit(first, end)) return
      if (end === poolEnd) return
    }
  }

  /** The place of the first block that begins above an address. */
  #firstAbove(address: number): number {
    const { firsts } = this.#used
    let low = 0
    let high = firsts.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((firsts[middle] as number) <= address) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** From so many prefixes on, the radix sort is the faster one; below, most of its time would go by before its code is compiled. */
const many = 2 ** 16

/** By length the bits behind it. */
const hostBits = Uint32Array.from({ length: 33 }, (_, length) => ipv4Size(length) - 1)

function newUsed(count: number): Used {
  return { firsts: new Uint32Array(count), lasts: new Uint32Array(count) }
}

function usedByFew(tables: readonly PrefixTable[], count: number): Used {
  const used = newUsed(count)
  let start = 0
  for (const table of tables) start = fill(used, start, table)
  used.firsts.sort()
  used.lasts.sort()
  return used
}

function fill({ firsts, lasts }: Used, start: number, { chunks, size }: PrefixTable): number {
  let at = start
  for (const [index, { networks, lengths }] of chunks.entries()) {
    const rows = Math.min(size - index * chunkSize, chunkSize)
    for (let row = 0; row < rows; row++) {
      const length = lengths[row] as number
      if (length > 32) continue
      const network = networks[row] as number
      firsts[at] = network
      lasts[at++] = network | (hostBits[length] as number)
    }
  }
  return at
}

/** Of many, only those in no other one. */
function usedByMany(tables: readonly PrefixTable[]): Used {
  const { ids, depths } = sortPrefixes(tables, 4)
  const offsets = offsetsOf(tables)
  const { firsts, lasts } = newUsed(ids.length)
  let kept = 0
  for (let position = 0; position < ids.length; position++) {
    if (depths[position] !== 0) continue
    const id = ids[position] as number
    const side = sideOf(id, offsets)
    const row = id - (offsets[side] as number)
    const { networks, lengths } = (tables[side] as PrefixTable).chunks[row >>> chunkBits] as Chunk
    const network = networks[row & chunkMask] as number
    firsts[kept] = network
    lasts[kept++] = network | (hostBits[lengths[row & chunkMask] as number] as number)
  }
  return { firsts: firsts.slice(0, kept), lasts: lasts.slice(0, kept) }
}

/** The length of the largest aligned block that starts at an address and does not pass `end`. */
function largestAt(first: number, end: number): number {
  const alignment = first === 0 ? 0 : 1 + Math.clz32(first & -first)
  const size = end - first
  return Math.max(alignment, size === 2 ** 32 ? 0 : 1 + Math.clz32(size))
}
