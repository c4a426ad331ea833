import { Address } from './address.ts'
import { type Bits, type Family, familyOf, firstOf, lastOf, offsetBy, widthOf } from './bits.ts'
import { Prefix } from './prefix.ts'

/** Addresses from first to last, both included, of one family. */
interface Interval {
  readonly first: Bits
  readonly last: Bits
}

/**
 * A set of addresses of both families: immutable, kept as sorted intervals that neither overlap nor touch, so equal sets have
 * equal parts. Building costs O(n log n), a look-up O(log n), set operations O(n + m).
 */
export class PrefixSet {
  readonly #ipv4: readonly Interval[]
  readonly #ipv6: readonly Interval[]

  private constructor(ipv4: readonly Interval[], ipv6: readonly Interval[]) {
    this.#ipv4 = ipv4
    this.#ipv6 = ipv6
    Object.freeze(this)
  }

  static readonly empty = new PrefixSet([], [])

  static of(prefixes: Iterable<Prefix>): PrefixSet {
    const ipv4: Interval[] = []
    const ipv6: Interval[] = []
    for (const prefix of prefixes) append(prefix.family === 4 ? ipv4 : ipv6, intervalOf(prefix))
    return new PrefixSet(merge(ipv4), merge(ipv6))
  }

  get isEmpty(): boolean {
    return this.#ipv4.length === 0 && this.#ipv6.length === 0
  }

  /** How many addresses the set holds in one family. */
  count(family: Family): bigint {
    return this.#of(family).reduce((sum, { first, last }) => sum + BigInt(last) - BigInt(first) + 1n, 0n)
  }

  /** Reports whether an address, or every address of a block, is in the set. */
  contains(other: Address | Prefix): boolean {
    const last = other instanceof Address ? other.bits : other.lastBits
    const found = lastStartingBy(this.#of(other.family), other.bits)
    return found !== undefined && found.last >= last
  }

  /** Reports whether any address of the block is in the set. */
  overlaps(prefix: Prefix): boolean {
    const found = lastStartingBy(this.#of(prefix.family), prefix.lastBits)
    return found !== undefined && found.last >= prefix.bits
  }

  union(other: PrefixSet): PrefixSet {
    return new PrefixSet(merge([...this.#ipv4, ...other.#ipv4]), merge([...this.#ipv6, ...other.#ipv6]))
  }

  subtract(other: PrefixSet): PrefixSet {
    return new PrefixSet(difference(this.#ipv4, other.#ipv4), difference(this.#ipv6, other.#ipv6))
  }

  /** What of the pool is not in this set. */
  complementIn(pool: Prefix): PrefixSet {
    return PrefixSet.of([pool]).subtract(this)
  }

  /** The fewest prefixes that make up the set, sorted. */
  prefixes(): Prefix[] {
    return [...this.#ipv4, ...this.#ipv6].flatMap(decompose)
  }

  /** The aligned blocks of a length that lie wholly in the set, lowest first, without listing them all at once. */
  *blocks(family: Family, length: number): Generator<Prefix> {
    for (const { first, last } of this.#of(family)) {
      const floor = firstOf(first, length)
      let start = floor === first ? first : next(floor, length)
      for (; start <= last && lastOf(start, length) <= last; start = next(start, length)) {
        yield Prefix.fromBits(start, length)
      }
    }
  }

  /** The largest aligned block in the set, the lowest of them; `undefined` when the set has none of that family. */
  largestBlock(family: Family): Prefix | undefined {
    let largest: Prefix | undefined
    for (const interval of this.#of(family)) {
      for (const prefix of decompose(interval)) if (!largest || prefix.length < largest.length) largest = prefix
    }
    return largest
  }

  equals(other: PrefixSet): boolean {
    return this.toString() === other.toString()
  }

  toString(): string {
    return this.prefixes().join(' ')
  }

  toJSON(): string[] {
    return this.prefixes().map(String)
  }

  #of(family: Family): readonly Interval[] {
    return family === 4 ? this.#ipv4 : this.#ipv6
  }
}

function intervalOf(prefix: Prefix): Interval {
  return { first: prefix.bits, last: prefix.lastBits }
}

/** The start of the block behind the one that starts here. */
function next(start: Bits, length: number): Bits {
  return offsetBy(lastOf(start, length), 1)
}

/** Sorted prefixes are mostly side by side: what goes on where the last one ends becomes one with it at once. */
function append(intervals: Interval[], interval: Interval): void {
  const { first, last } = interval
  const before = intervals.at(-1)
  if (!before || first < before.first || first > offsetBy(before.last, 1)) intervals.push(interval)
  else if (last > before.last) intervals[intervals.length - 1] = { first: before.first, last }
}

function merge(intervals: readonly Interval[]): Interval[] {
  const sorted = [...intervals].sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0))
  const merged: Interval[] = []
  for (const interval of sorted) append(merged, interval)
  return merged
}

function difference(from: readonly Interval[], minus: readonly Interval[]): Interval[] {
  const left: Interval[] = []
  let index = 0
  for (const { first, last } of from) {
    let start = first
    while (minus[index] !== undefined && (minus[index] as Interval).last < start) index++
    for (let at = index; at < minus.length; at++) {
      const hole = minus[at] as Interval
      if (hole.first > last) break
      if (hole.first > start) left.push({ first: start, last: offsetBy(hole.first, -1) })
      start = offsetBy(hole.last, 1)
    }
    if (start <= last) left.push({ first: start, last })
  }
  return left
}

/** The interval with the greatest start that is not behind `bits`. */
function lastStartingBy(intervals: readonly Interval[], bits: Bits): Interval | undefined {
  let low = 0
  let high = intervals.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((intervals[middle] as Interval).first <= bits) low = middle + 1
    else high = middle
  }
  return intervals[low - 1]
}

/** The fewest aligned blocks that make up an interval: from each start the largest block that is aligned and fits. */
function decompose({ first, last }: Interval): Prefix[] {
  const width = widthOf(familyOf(first))
  const blocks: Prefix[] = []
  let start = first
  while (start <= last) {
    let length = width
    while (length > 0 && firstOf(start, length - 1) === start && lastOf(start, length - 1) <= last) length--
    blocks.push(Prefix.fromBits(start, length))
    start = next(start, length)
  }
  return blocks
}
