import { Prefix } from '../address/prefix.ts'
import { type FreeBlock, FreeSpace } from '../allocation/free-space.ts'
import { chunkSize, type PrefixTable } from './prefix-table.ts'

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
 * takes O(prefixes) time and at most 288 bytes for a prefix, mostly far less, as neighbours share; every answer takes O(free blocks).
 */
export class PoolSpace {
  readonly #pools: readonly Prefix[]
  readonly #space = new FreeSpace()

  constructor(pools: readonly Prefix[], used: readonly PrefixTable[]) {
    this.#pools = pools
    for (const table of used) take(this.#space, table)
  }

  /**
   * Free aligned blocks of a length, pool by pool in the given order, the lowest first; no more than `count`. They are those that the
   * allocator would give out one after the other; they stay free.
   */
  freeBlocks(length: number, count: number): Prefix[] {
    const found: Prefix[] = []
    for (const [index, pool] of this.#pools.entries()) {
      const before = this.#pools.slice(0, index)
      this.#forEachFree(pool, (first, freeLength) => {
        if (freeLength > length) return true
        const step = 2 ** (32 - length)
        const end = first + 2 ** (32 - freeLength)
        for (let at = first; at < end && found.length < count; at += step) {
          const block = Prefix.fromBits(at, length)
          if (!before.some((earlier) => earlier.contains(block))) found.push(block)
        }
        return found.length < count
      })
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

  #forEachFree(pool: Prefix, visit: (first: number, length: number) => boolean): void {
    if (pool.family !== 4) throw new RangeError(`${pool} is no IPv4 pool`)
    this.#space.forEachFree({ first: Number(pool.bits), length: pool.length }, visit)
  }
}

function take(space: FreeSpace, table: PrefixTable): void {
  for (const [index, { networks, lengths }] of table.chunks.entries()) {
    const count = Math.min(table.size - index * chunkSize, chunkSize)
    for (let row = 0; row < count; row++) {
      const length = lengths[row] as number
      if (length <= 32) space.take(networks[row] as number, length)
    }
  }
}
