import type { Family } from '../address/bits.ts'
import { Prefix } from '../address/prefix.ts'
import { Ipv4Space } from './ipv4-space.ts'
import { Ipv6Space } from './ipv6-space.ts'
import type { PrefixTable } from './prefix-table.ts'

/** How much of a pool is in use. */
export interface PoolUse {
  readonly pool: Prefix
  /** Numbers of addresses; they add up to the size of the pool. */
  readonly used: bigint
  readonly free: bigint
  /** The largest free aligned block, the lowest of them. */
  readonly largest: Prefix | undefined
}

/** What is free in one family of addresses. */
export interface FreeIn {
  /** Calls `visit` with the free aligned blocks of a length in a pool, the lowest first, as long as it returns true. */
  forEachBlock(pool: Prefix, length: number, visit: (block: Prefix) => boolean): void
  /** The largest free aligned blocks of pools that lie apart, largest first, then lowest first; no more than `count`. */
  largest(pools: readonly Prefix[], count: number): Prefix[]
  free(pool: Prefix): { readonly free: bigint; readonly largest: Prefix | undefined }
}

/** What is free in pools beside what tables say is in use, by the allocator's rule: pool by pool, the lowest aligned block first. */
export class PoolSpace {
  readonly #pools: readonly Prefix[]
  readonly #of: Readonly<Record<Family, FreeIn>>

  constructor(pools: readonly Prefix[], used: readonly PrefixTable[]) {
    const has = (family: Family) => pools.some((pool) => pool.family === family)
    this.#pools = pools
    this.#of = { 4: new Ipv4Space(has(4) ? used : []), 6: new Ipv6Space(has(6) ? used : []) }
  }

  /**
   * Free aligned blocks of a length, pool by pool in the given order, the lowest first; no more than `count`. They are those that the
   * allocator would give out one after the other; they stay free. IPv4 has none that are longer than 32.
   */
  freeBlocks(length: number, count: number): Prefix[] {
    const found: Prefix[] = []
    for (const [index, pool] of this.#pools.entries()) {
      if (found.length >= count) break
      const before = this.#pools.slice(0, index)
      this.#of[pool.family].forEachBlock(pool, length, (block) => {
        if (before.length === 0 || !before.some((earlier) => earlier.contains(block))) found.push(block)
        return found.length < count
      })
    }
    return found
  }

  /** The largest free aligned blocks of all pools, IPv4 first, then the largest, then the lowest first; no more than `count` of each family. */
  largest(count: number): Prefix[] {
    const pools = this.#outermostPools()
    const of = (family: Family) => pools.filter((pool) => pool.family === family)
    return [...this.#of[4].largest(of(4), count), ...this.#of[6].largest(of(6), count)]
  }

  /** How much of each pool is in use. */
  utilisation(): PoolUse[] {
    return this.#pools.map((pool) => {
      const { free, largest } = this.#of[pool.family].free(pool)
      return { pool, used: BigInt(pool.size) - free, free, largest }
    })
  }

  /** Sorted, each address once. */
  #outermostPools(): Prefix[] {
    const sorted = [...this.#pools].sort(Prefix.compare)
    return sorted.filter((pool, index) => !sorted.slice(0, index).some((earlier) => earlier.contains(pool)))
  }
}
