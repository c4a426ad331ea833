import { type Bits, offsetBy } from '../address/bits.ts'
import type { Prefix } from '../address/prefix.ts'
import { type Range, sharedRange } from './range.ts'

/** The widest run of values around one of them that are all in a set, or all outside it; an end that is missing is open. */
export interface Stretch {
  readonly isInside: boolean
  readonly first: Bits | undefined
  readonly last: Bits | undefined
}

/**
 * A set of numbers as ascending ranges with gaps between them; immutable. Addresses of both families can be members: IPv4 addresses, ports
 * and protocols are numbers, IPv6 addresses bigints, and nothing of one kind ever meets the other. Look-ups cost log n.
 */
export class RangeSet {
  static readonly empty = new RangeSet([], [])

  readonly #numbers: readonly Range[]
  readonly #bigints: readonly Range[]

  private constructor(numbers: readonly Range[], bigints: readonly Range[]) {
    this.#numbers = numbers
    this.#bigints = bigints
  }

  /** Ranges in any order, which may meet. */
  static of(ranges: Iterable<Range>): RangeSet {
    const numbers: Range[] = []
    const bigints: Range[] = []
    for (const range of ranges) (typeof range.first === 'number' ? numbers : bigints).push(range)
    return new RangeSet(joined(numbers), joined(bigints))
  }

  static ofPrefixes(prefixes: Iterable<Prefix>): RangeSet {
    return RangeSet.of([...prefixes].map(rangeOf))
  }

  /** Single numbers. */
  static ofValues(values: Iterable<Bits>): RangeSet {
    return RangeSet.of([...values].map((value) => ({ first: value, last: value })))
  }

  /** Ascending, numbers first; no two touch. */
  get ranges(): readonly Range[] {
    return this.#bigints.length === 0 ? this.#numbers : [...this.#numbers, ...this.#bigints]
  }

  get isEmpty(): boolean {
    return this.#numbers.length === 0 && this.#bigints.length === 0
  }

  has(value: Bits): boolean {
    const ranges = this.#ofKind(value)
    const found = ranges[lastStarting(ranges, value)]
    return found !== undefined && value <= found.last
  }

  /** The values around one that have the same answer; all of them where the set has no member of that kind. */
  stretchAround(value: Bits): Stretch {
    const ranges = this.#ofKind(value)
    const at = lastStarting(ranges, value)
    const before = ranges[at]
    if (before && value <= before.last) return { isInside: true, ...before }
    const after = ranges[at + 1]
    return {
      isInside: false,
      first: before && offsetBy(before.last, 1),
      last: after && offsetBy(after.first, -1),
    }
  }

  /** Reports whether every value of a range is a member. */
  covers({ first, last }: Range): boolean {
    const ranges = this.#ofKind(first)
    const found = ranges[lastStarting(ranges, first)]
    return found !== undefined && last <= found.last
  }

  /** Reports whether every member of another set is one of this. */
  includes(other: RangeSet): boolean {
    return other.ranges.every((range) => this.covers(range))
  }

  /** Reports whether some value of a range is a member. */
  meets({ first, last }: Range): boolean {
    const ranges = this.#ofKind(first)
    const found = ranges[lastStarting(ranges, last)]
    return found !== undefined && found.last >= first
  }

  overlaps(other: RangeSet): boolean {
    return other.ranges.some((range) => this.meets(range))
  }

  equals(other: RangeSet): boolean {
    return this.includes(other) && other.includes(this)
  }

  intersect(other: RangeSet): RangeSet {
    return new RangeSet(shared(this.#numbers, other.#numbers), shared(this.#bigints, other.#bigints))
  }

  union(other: RangeSet): RangeSet {
    return RangeSet.of([...this.ranges, ...other.ranges])
  }

  subtract(other: RangeSet): RangeSet {
    return new RangeSet(without(this.#numbers, other.#numbers), without(this.#bigints, other.#bigints))
  }

  /** What of a range is no member. */
  complementIn(all: Range): RangeSet {
    return RangeSet.of([all]).subtract(this)
  }

  /** The smallest range that holds all members of a family; `undefined` for none. */
  boundsOf(kind: 'number' | 'bigint'): Range | undefined {
    const ranges = kind === 'number' ? this.#numbers : this.#bigints
    const [first, last] = [ranges[0], ranges.at(-1)]
    return first && last && { first: first.first, last: last.last }
  }

  #ofKind(value: Bits): readonly Range[] {
    return typeof value === 'number' ? this.#numbers : this.#bigints
  }
}

export function rangeOf(prefix: Prefix): Range {
  return { first: prefix.bits, last: prefix.lastBits }
}

/** The position of the last range that starts at a value or before it; -1 for none. */
function lastStarting(ranges: readonly Range[], value: Bits): number {
  let low = 0
  let high = ranges.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((ranges[middle] as Range).first <= value) low = middle + 1
    else high = middle
  }
  return low - 1
}

function joined(ranges: readonly Range[]): readonly Range[] {
  if (ranges.length < 2) return ranges
  const kept: Range[] = []
  for (const range of [...ranges].sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0))) {
    const before = kept.at(-1)
    if (before === undefined || range.first > offsetBy(before.last, 1)) kept.push(range)
    else if (range.last > before.last) kept[kept.length - 1] = { first: before.first, last: range.last }
  }
  return kept
}

/** Both lists are ascending. */
function shared(one: readonly Range[], other: readonly Range[]): Range[] {
  const found: Range[] = []
  let [a, b] = [0, 0]
  while (a < one.length && b < other.length) {
    const [left, right] = [one[a] as Range, other[b] as Range]
    const range = sharedRange(left, right)
    if (range) found.push(range)
    if (left.last < right.last) a++
    else b++
  }
  return found
}

/** Both lists are ascending. */
function without(ranges: readonly Range[], holes: readonly Range[]): readonly Range[] {
  const shut = shared(ranges, holes)
  if (shut.length === 0) return ranges
  let at = 0
  return ranges.flatMap((range) => {
    const start = at
    while (at < shut.length && (shut[at] as Range).last <= range.last) at++
    return gapsIn(range, shut.slice(start, at))
  })
}

/** What lies between ascending holes in a range. */
function gapsIn({ first, last }: Range, holes: readonly Range[]): Range[] {
  const gaps: Range[] = []
  let start = first
  for (const hole of holes) {
    if (hole.first > start) gaps.push({ first: start, last: offsetBy(hole.first, -1) })
    start = offsetBy(hole.last, 1)
  }
  return start <= last ? [...gaps, { first: start, last }] : gaps
}
