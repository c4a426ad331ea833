import { Prefix } from '../address/prefix.ts'
import { PrefixSet } from '../address/prefix-set.ts'
import { FreeSpace } from '../allocation/free-space.ts'
import type { PrefixTable } from './prefix-table.ts'

/** How much of a pool is in use. */
export interface PoolUse {
  readonly pool: Prefix
  /** Numbers of addresses; they add up to the size of the pool. */
  readonly used: number
  readonly free: number
  /** The largest free aligned block, the lowest of them. */
  readonly largest: Prefix | undefined
}

/** What is free in IPv4 pools beside what tables say is in use: the same space that the plan's allocator takes blocks from. */
export class PoolSpace {
  readonly #pools: readonly Prefix[]
  readonly #space = new FreeSpace()
  readonly #free: PrefixSet

  constructor(pools: readonly Prefix[], used: readonly PrefixTable[]) {
    this.#pools = pools
    const taken: Prefix[] = []
    for (const table of used) {
      for (let index = 0; index < table.size; index++) {
        const prefix = table.prefixAt(index)
        if (prefix.family !== 4) continue
        taken.push(prefix)
        this.#space.take(Number(prefix.bits), prefix.length)
      }
    }
    this.#free = PrefixSet.of(pools).subtract(PrefixSet.of(taken))
  }

  /** Free aligned blocks of a length, pool by pool in the given order, the lowest first; no more than `count`. They stay free. */
  freeBlocks(length: number, count: number): Prefix[] {
    const found: Prefix[] = []
    for (const pool of this.#pools) {
      const free = PrefixSet.of([pool]).subtract(PrefixSet.of([pool]).subtract(this.#free))
      for (const block of free.blocks(4, length)) {
        if (found.length === count) return found
        found.push(block)
      }
    }
    return found
  }

  /** The largest free aligned blocks of all pools, largest first, then lowest first; no more than `count`. */
  largest(count: number): Prefix[] {
    return this.#free
      .prefixes()
      .sort((a, b) => a.length - b.length || Prefix.compare(a, b))
      .slice(0, count)
  }

  /** How much of each pool is in use. */
  utilisation(): PoolUse[] {
    return this.#pools.map((pool) => {
      const free = PrefixSet.of([pool]).subtract(PrefixSet.of([pool]).subtract(this.#free))
      const count = Number(free.count(4))
      return { pool, used: Number(pool.size) - count, free: count, largest: free.largestBlock(4) }
    })
  }
}
