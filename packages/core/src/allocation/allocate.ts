import { Prefix } from '../address/prefix.ts'
import { PrefixSet } from '../address/prefix-set.ts'
import { privateRanges } from '../address/special-purpose.ts'
import { type Finding, findingOf, inPlan } from '../finding.ts'
import type { Subnet } from '../network/network.ts'
import { FreeSpace } from './free-space.ts'
import { MnemonicSlots } from './mnemonic-slots.ts'

interface Block {
  readonly first: number
  readonly length: number
}

interface Pool extends Block {
  readonly slots: Map<number, MnemonicSlots>
}

/** IPv4 pools from which blocks are given out; what is taken once is never given out. */
export class Allocator {
  readonly #given: readonly Prefix[]
  readonly #pools: readonly Pool[]
  readonly #space = new FreeSpace()
  readonly #taken: Prefix[] = []

  constructor(pools: readonly Prefix[], taken: Iterable<Prefix>) {
    this.#given = pools
    this.#pools = pools.map((pool) => ({ ...blockOf(pool), slots: new Map() }))
    for (const prefix of taken) this.take(prefix)
  }

  take(prefix: Prefix): void {
    if (prefix.family !== 4) return
    const { first, length } = blockOf(prefix)
    this.#space.take(first, length)
    this.#taken.push(prefix)
  }

  /**
   * Takes a free block of the real prefix's length. Pools are used in order; in each, the place that keeps the real prefix's
   * low bits, then upwards from there keeping the last octet, then any. `undefined` when no pool has room.
   */
  allocate(real: Prefix): Prefix | undefined {
    const block = blockOf(real)
    for (const pool of this.#pools) {
      if (pool.length > real.length) continue
      const first = this.#findIn(pool, block)
      if (first === undefined) continue
      const found = Prefix.fromBits(first, real.length)
      this.take(found)
      return found
    }
    return undefined
  }

  #findIn(pool: Pool, real: Block): number | undefined {
    return slotsIn(pool, real).find(real.first, this.#space) ?? this.#space.lowestFree(pool, real.length)
  }

  /** What is left: how many addresses of all pools, and the largest aligned block. */
  remaining(): { readonly addresses: bigint; readonly largest: Prefix | undefined } {
    const free = PrefixSet.of(this.#given).subtract(PrefixSet.of(this.#taken))
    return { addresses: free.count(4), largest: free.largestBlock(4) }
  }

  /** The largest private block without anything taken that holds a prefix of this length, for a hint. */
  poolThatWouldDo(length: number): Prefix | undefined {
    const free = PrefixSet.of(privateRanges.map((range) => range.prefix)).subtract(PrefixSet.of(this.#taken))
    const largest = free.largestBlock(4)
    return largest && largest.length <= length ? largest : undefined
  }
}

function slotsIn(pool: Pool, real: Block): MnemonicSlots {
  const key = MnemonicSlots.keyOf(pool, real)
  const known = pool.slots.get(key)
  if (known) return known
  const slots = new MnemonicSlots(pool, real)
  pool.slots.set(key, slots)
  return slots
}

function blockOf(prefix: Prefix): Block {
  return { first: Number(prefix.bits), length: prefix.length }
}

/** Largest first, so that small blocks do not break up room for large ones; ties by site name, then address. */
export function allocationOrder(a: Subnet, b: Subnet): number {
  if (a.prefix.length !== b.prefix.length) return a.prefix.length - b.prefix.length
  if (a.site !== b.site) return a.site < b.site ? -1 : 1
  return Prefix.compare(a.prefix, b.prefix)
}

/** One finding for all subnets that found no room, so that a small pool and many sites do not fill the screen. */
export function poolExhausted(unplaced: readonly Subnet[], allocator: Allocator, pools: readonly Prefix[]): Finding[] {
  const [first] = unplaced
  if (!first) return []
  const { addresses, largest } = allocator.remaining()
  const others = unplaced.length > 1 ? ` and ${unplaced.length - 1} more` : ''
  const left = largest ? `${addresses} addresses are free, the largest free block is ${largest}` : 'nothing is free'
  const suggestion = allocator.poolThatWouldDo(first.prefix.length)
  return [
    findingOf('POOL_EXHAUSTED', inPlan(first.path), {
      message: `no /${first.prefix.length} is free in ${pools.join(', ') || 'an empty list of pools'} for ${first.prefix} of ${first.site}${others}: ${left}`,
      hint: suggestion
        ? `add ${suggestion} to pools`
        : 'no private block of that size is free anywhere: list the smaller subnets that really take part',
      related: unplaced.slice(1, 10).map((subnet) => ({
        place: inPlan(subnet.path),
        message: `${subnet.prefix} of ${subnet.site} found no room either`,
      })),
    }),
  ]
}
