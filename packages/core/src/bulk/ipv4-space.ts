import { Prefix } from '../address/prefix.ts'
import type { FreeIn } from './pool-space.ts'
import { chunkSize, type PrefixTable } from './prefix-table.ts'
import { sortPrefixes } from './sort-prefixes.ts'

/** What is free in IPv4: building it takes O(n log n) time and 8 bytes for each prefix beside the sort, every answer O(n + what it lists). */
export class Ipv4Space implements FreeIn {
  readonly #used: Float64Array

  constructor(used: readonly PrefixTable[]) {
    this.#used = outermostBlocks(used)
  }

  forEachBlock(pool: Prefix, length: number, visit: (block: Prefix) => boolean): void {
    if (length > 32) return
    const size = 2 ** (32 - length)
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
      free += 2 ** (32 - length)
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
        at += 2 ** (32 - length)
      }
      return true
    })
  }

  /** Calls `visit` with the free intervals of a pool, `end` not included, from the lowest up, as long as it returns true. */
  #forEachGap(pool: Prefix, visit: (first: number, end: number) => boolean): void {
    const poolEnd = Number(pool.bits) + Number(pool.size)
    let at = Number(pool.bits)
    for (let index = this.#firstEndingBehind(at); at < poolEnd; index++) {
      const block = this.#used[index]
      const gapEnd = block === undefined ? poolEnd : Math.min(startOf(block), poolEnd)
      if (at < gapEnd && !visit(at, gapEnd)) return
      at = block === undefined ? poolEnd : endOf(block)
    }
  }

  /** The used blocks lie apart, so their ends are sorted too. */
  #firstEndingBehind(address: number): number {
    let low = 0
    let high = this.#used.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (endOf(this.#used[middle] as number) <= address) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** From so many prefixes on, the radix sort is the faster one; below, most of its time would go by before its code is compiled. */
const many = 2 ** 16

/** What is in use as sorted blocks that lie apart, each the number address · 64 + length: such numbers sort as prefixes do. */
function outermostBlocks(tables: readonly PrefixTable[]): Float64Array {
  const size = tables.reduce((sum, table) => sum + table.sizeOf(4), 0)
  return size < many ? outermostOfFew(tables, size) : outermostOfMany(tables)
}

function outermostOfFew(tables: readonly PrefixTable[], size: number): Float64Array {
  const blocks = new Float64Array(size)
  let count = 0
  for (const table of tables) count = fill(blocks, count, table)
  blocks.sort()
  let kept = 0
  let end = 0
  for (const block of blocks) {
    if (startOf(block) < end) continue
    end = endOf(block)
    blocks[kept++] = block
  }
  return blocks.subarray(0, kept)
}

function outermostOfMany(tables: readonly PrefixTable[]): Float64Array {
  const { networks, lengths, depths } = sortPrefixes(tables, 4)
  const blocks = new Float64Array(networks.length)
  let kept = 0
  for (let position = 0; position < networks.length; position++) {
    if (depths[position] !== 0) continue
    blocks[kept++] = ((networks[position] as number) >>> 0) * 64 + (lengths[position] as number)
  }
  return blocks.slice(0, kept)
}

function fill(blocks: Float64Array, start: number, { chunks, size }: PrefixTable): number {
  let at = start
  for (const [index, { networks, lengths }] of chunks.entries()) {
    const rows = Math.min(size - index * chunkSize, chunkSize)
    for (let row = 0; row < rows; row++) {
      const length = lengths[row] as number
      if (length <= 32) blocks[at++] = ((networks[row] as number) >>> 0) * 64 + length
    }
  }
  return at
}

function startOf(block: number): number {
  return Math.floor(block / 64)
}

function endOf(block: number): number {
  return startOf(block) + 2 ** (32 - (block % 64))
}

/** The length of the largest aligned block that starts at an address and does not pass `end`. */
function largestAt(first: number, end: number): number {
  const alignment = first === 0 ? 0 : 1 + Math.clz32(first & -first)
  const size = end - first
  return Math.max(alignment, size === 2 ** 32 ? 0 : 1 + Math.clz32(size))
}
