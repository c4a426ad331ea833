import { Prefix } from '../address/prefix.ts'
import { type FreeBlock, FreeSpace } from '../allocation/free-space.ts'
import { type Chunk, chunkBits, chunkMask, type PrefixTable } from './prefix-table.ts'
import { offsetsOf, sortPrefixes } from './sort-prefixes.ts'
import { sideOf } from './sweep.ts'

/** How much of a pool is in use. */
export interface PoolUse {
  readonly pool: Prefix
  /** Numbers of addresses; they add up to the size of the pool. */
  readonly used: number
  readonly free: number
  /** The largest free aligned block, the lowest of them. */
  readonly largest: Prefix | undefined
}

/**
 * What is free in IPv4 pools beside what tables say is in use: the same space that the plan's allocator takes blocks from. Building it
 * takes O(prefixes) time; the tree of free space takes 9 bytes for each block, of any size, that is in use in part. Every answer takes O(free blocks).
 */
export class PoolSpace {
  readonly #pools: readonly Prefix[]
  readonly #space = new FreeSpace()

  constructor(pools: readonly Prefix[], used: readonly PrefixTable[]) {
    this.#pools = pools
    takeAll(this.#space, used)
  }

  /**
   * Free aligned blocks of a length, pool by pool in the given order, the lowest first; no more than `count`. They are those that the
   * allocator would give out one after the other; they stay free.
   */
  freeBlocks(length: number, count: number): Prefix[] {
    const found: Prefix[] = []
    for (const [index, pool] of this.#pools.entries()) {
      const before = this.#pools.slice(0, index)
      const visit = (first: number, freeLength: number) => {
        if (freeLength > length) return true
        const step = 2 ** (32 - length)
        const end = first + 2 ** (32 - freeLength)
        for (let at = first; at < end && found.length < count; at += step) {
          const block = Prefix.fromBits(at, length)
          if (!before.some((earlier) => earlier.contains(block))) found.push(block)
        }
        return found.length < count
      }
      this.#forEachFree(pool, visit, length)
    }
    return found
  }

  /** The largest free aligned blocks of all pools, largest first, then lowest first; no more than `count`. */
  largest(count: number): Prefix[] {
    const byLength: Prefix[][] = Array.from({ length: 33 }, () => [])
    for (const pool of this.#outermostPools()) {
      this.#forEachFree(pool, (first, length) => {
        const blocks = byLength[length] as Prefix[]
        if (blocks.length < count) blocks.push(Prefix.fromBits(first, length))
        return true
      })
    }
    return byLength.flat().slice(0, count)
  }

  /** How much of each pool is in use. */
  utilisation(): PoolUse[] {
    return this.#pools.map((pool) => {
      let free = 0
      let largest: FreeBlock | undefined
      this.#forEachFree(pool, (first, length) => {
        free += 2 ** (32 - length)
        if (!largest || length < largest.length) largest = { first, length }
        return true
      })
      const block = largest as FreeBlock | undefined
      return {
        pool,
        used: Number(pool.size) - free,
        free,
        largest: block && Prefix.fromBits(block.first, block.length),
      }
    })
  }

  /** Sorted, each address once. */
  #outermostPools(): Prefix[] {
    const sorted = [...this.#pools].sort(Prefix.compare)
    return sorted.filter((pool, index) => !sorted.slice(0, index).some((earlier) => earlier.contains(pool)))
  }

  #forEachFree(pool: Prefix, visit: (first: number, length: number) => boolean, longest = 32): void {
    if (pool.family !== 4) throw new RangeError(`${pool} is no IPv4 pool`)
    this.#space.forEachFree({ first: Number(pool.bits), length: pool.length }, visit, longest)
  }
}

/** From so many prefixes on, sorting them first takes less time than it saves. */
const many = 2 ** 16

function takeAll(space: FreeSpace, tables: readonly PrefixTable[]): void {
  if (tables.reduce((sum, table) => sum + table.sizeOf(4), 0) >= many) takeSorted(space, tables)
  else for (const table of tables) for (let row = 0; row < table.size; row++) takeRow(space, table, row)
}

/** In order of address, so that neighbours in the tree are taken together, and only what no other one encloses. */
function takeSorted(space: FreeSpace, tables: readonly PrefixTable[]): void {
  const offsets = offsetsOf(tables)
  const { ids, depths } = sortPrefixes(tables, 4)
  for (let position = 0; position < ids.length; position++) {
    if (depths[position] !== 0) continue
    const id = ids[position] as number
    const side = sideOf(id, offsets)
    takeRow(space, tables[side] as PrefixTable, id - (offsets[side] as number))
  }
}

function takeRow(space: FreeSpace, { chunks }: PrefixTable, row: number): void {
  const { networks, lengths } = chunks[row >>> chunkBits] as Chunk
  const length = lengths[row & chunkMask] as number
  if (length <= 32) space.take((networks[row & chunkMask] as number) >>> 0, length)
}
