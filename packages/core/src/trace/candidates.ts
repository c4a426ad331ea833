import { type Bits, type Family, familyOf, offsetBy } from '../address/bits.ts'
import type { Range } from '../match/range.ts'
import type { Condition } from './condition.ts'
import type { Packet } from './packet.ts'

/** Something that asks conditions of packets: a rule or a selector. */
export interface Asking<T> {
  readonly item: T
  readonly conditions: readonly Condition[]
}

type Side = 'source' | 'destination'

/** A stretch of addresses between two neighbouring ends of ranges, and which items can take one of them, by position. */
interface Stretches {
  /** First addresses, ascending; a stretch ends before the next one. */
  readonly starts: readonly Bits[]
  readonly lists: readonly (readonly number[])[]
}

/**
 * The items of a list that can take a packet at all, in the order of the list, without asking each: the ends of all ranges cut the
 * addresses of one side into stretches, and the packet is narrowed to its stretch. Building costs n log n; asking log n and the items
 * that are left. Lists whose ranges mostly hold each other are left whole.
 */
export class Candidates<T> {
  readonly #asking: readonly Asking<T>[]
  readonly #side: Side
  readonly #stretches: Readonly<Record<Family, Stretches>> | undefined
  /** Positions of items that ask nothing simple of that side, so that they are left with every packet. */
  readonly #others: readonly number[]

  constructor(asking: readonly Asking<T>[]) {
    this.#asking = asking
    this.#side = distinct(asking, 'destination') >= distinct(asking, 'source') ? 'destination' : 'source'
    this.#others = asking.flatMap(({ conditions }, at) => (simpleRange(conditions, this.#side) ? [] : [at]))
    this.#stretches = asking.length < fewest ? undefined : stretchesOf(asking, this.#side)
  }

  of(packet: Packet): readonly Asking<T>[] {
    if (!this.#stretches) return this.#asking
    const field = packet[this.#side]
    const { starts, lists } = this.#stretches[familyOf(field.value)]
    const at = lastAtMost(starts, field.value)
    field.isIn(stretchAt(starts, at, field.value))
    const positions = at < 0 ? this.#others : merged(lists[at] ?? [], this.#others)
    return positions.flatMap((position) => this.#asking[position] ?? [])
  }
}

/** Below this an index costs more than it saves. */
const fewest = 16
/** More than so many entries for each item, and the index would be larger than it is worth. */
const mostEntries = 16

function distinct(asking: readonly Asking<unknown>[], side: Side): number {
  return new Set(asking.map(({ conditions }) => simpleRange(conditions, side)?.first)).size
}

function simpleRange(conditions: readonly Condition[], side: Side): Range | undefined {
  const condition = conditions.find(({ field }) => field === side)
  return condition && !condition.negated && condition.ranges.length === 1 ? condition.ranges[0] : undefined
}

function stretchesOf(asking: readonly Asking<unknown>[], side: Side): Readonly<Record<Family, Stretches>> | undefined {
  const ranges = asking.flatMap(({ conditions }, position) => {
    const range = simpleRange(conditions, side)
    return range ? [{ position, range }] : []
  })
  const four = cut(ranges.filter(({ range }) => typeof range.first === 'number'))
  const six = cut(ranges.filter(({ range }) => typeof range.first === 'bigint'))
  return four && six && { 4: four, 6: six }
}

function cut(ranges: readonly { readonly position: number; readonly range: Range }[]): Stretches | undefined {
  const ends = new Set(ranges.flatMap(({ range }) => [range.first, offsetBy(range.last, 1)]))
  const starts = [...ends].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  const lists = starts.map((): number[] => [])
  let entries = 0
  for (const { position, range } of ranges) {
    const first = lastAtMost(starts, range.first)
    const last = lastAtMost(starts, range.last)
    entries += last - first + 1
    if (entries > mostEntries * ranges.length) return undefined
    for (let at = first; at <= last; at++) lists[at]?.push(position)
  }
  return { starts, lists }
}

/** The position of the last start that is not greater; -1 for none. */
function lastAtMost(starts: readonly Bits[], value: Bits): number {
  let low = 0
  let high = starts.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((starts[middle] as Bits) <= value) low = middle + 1
    else high = middle
  }
  return low - 1
}

function stretchAt(starts: readonly Bits[], at: number, value: Bits): Range {
  const zero = typeof value === 'number' ? 0 : 0n
  const end = typeof value === 'number' ? 2 ** 32 - 1 : (1n << 128n) - 1n
  const next = starts[at + 1]
  return { first: starts[at] ?? zero, last: next === undefined ? end : offsetBy(next, -1) }
}

/** Two ascending lists as one. */
function merged(a: readonly number[], b: readonly number[]): readonly number[] {
  if (b.length === 0) return a
  return [...a, ...b].sort((one, other) => one - other)
}
