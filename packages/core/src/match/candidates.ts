import { type Bits, type Family, familyOf, offsetBy } from '../address/bits.ts'
import type { Packet } from './packet.ts'
import type { PacketField, PacketMatch } from './packet-match.ts'
import { protocolsWithPorts } from './protocols.ts'
import type { Range } from './range.ts'
import { RangeSet } from './range-set.ts'

/** Something that asks a match of packets: a rule or a selector. */
export interface Asking<T> {
  readonly item: T
  readonly match: PacketMatch
}

type Side = PacketField

/** A stretch of numbers between two neighbouring ends of ranges, and which items can take one of them, by position. */
interface Stretches {
  /** First addresses, ascending; a stretch ends before the next one. */
  readonly starts: readonly Bits[]
  readonly lists: readonly (readonly number[])[]
}

const allSides: readonly Side[] = ['destination', 'source', 'destinationPort', 'sourcePort', 'protocol']
const portSides: readonly Side[] = ['destinationPort', 'sourcePort']
const withPorts = RangeSet.ofValues(protocolsWithPorts)

/**
 * The items of a list that can take a packet at all, in the order of the list, without asking each: the ends of all ranges cut the
 * numbers of one field into stretches, and the packet is narrowed to its stretch; what is left there is cut along the other fields in the
 * same way. Building costs n log n; asking log n and the items that are left. Items that ask nothing of a field, or nearly nothing, are
 * left with every packet; packets without ports meet none that asks for some.
 */
export class Candidates<T> {
  readonly #asking: readonly Asking<T>[]
  readonly #side: Side
  readonly #otherSides: readonly Side[]
  readonly #stretches: Readonly<Record<Family, Stretches>> | undefined
  readonly #others: readonly number[]
  readonly #left = new Map<readonly number[], Candidates<T>>()

  constructor(asking: readonly Asking<T>[], sides = allSides) {
    this.#asking = asking
    this.#side = mostDistinct(asking, sides)
    this.#otherSides = sides.filter((side) => side !== this.#side)
    const indexed = asking.length < fewest || sides.length === 0 ? [] : indexable(asking, this.#side)
    const positions = new Set(indexed.map(({ position }) => position))
    this.#others = asking.flatMap((_, at) => (positions.has(at) ? [] : [at]))
    this.#stretches = indexed.length === 0 ? undefined : { 4: cut(ofFamily(indexed, 4)), 6: cut(ofFamily(indexed, 6)) }
  }

  of(packet: Packet): readonly Asking<T>[] {
    if (!this.#stretches) return this.#asking
    if (portSides.includes(this.#side) && !packet.protocol.isMember(withPorts)) return this.#leftAt(none).of(packet)
    const field = packet[this.#side]
    const { starts, lists } = this.#stretches[familyOf(field.value)]
    const at = lastAtMost(starts, field.value)
    field.isIn(stretchAt(starts, at, field.value))
    return this.#leftAt(lists[at] ?? none).of(packet)
  }

  #leftAt(list: readonly number[]): Candidates<T> {
    const known = this.#left.get(list)
    if (known) return known
    const items = merged(list, this.#others).flatMap((position) => this.#asking[position] ?? [])
    const left = new Candidates(items, this.#otherSides)
    this.#left.set(list, left)
    return left
  }
}

const none: readonly number[] = []
/** Below this an index costs more than it saves. */
const fewest = 16
/** An item that more stretches than this would list is left with every packet instead. */
const mostStretches = 64

/** The field that tells most items apart; ports of one protocol are nothing to packets of another, so that is told apart before. */
function mostDistinct(asking: readonly Asking<unknown>[], sides: readonly Side[]): Side {
  const [first = 'destination', ...others] = sides
  const best = others.reduce((one, side) => (distinct(asking, side) > distinct(asking, one) ? side : one), first)
  return portSides.includes(best) && sides.includes('protocol') ? 'protocol' : best
}

function distinct(asking: readonly Asking<unknown>[], side: Side): number {
  return new Set(asking.map(({ match }) => match[side]?.ranges[0]?.first)).size
}

interface Indexed {
  readonly position: number
  readonly set: RangeSet
}

function indexable(asking: readonly Asking<unknown>[], side: Side): Indexed[] {
  const asked = asking.flatMap(({ match }, position) => {
    const set = match[side]
    return set && set.ranges.length <= mostStretches ? [{ position, set }] : []
  })
  const starts: Readonly<Record<Family, readonly Bits[]>> = {
    4: startsOf(ofFamily(asked, 4)),
    6: startsOf(ofFamily(asked, 6)),
  }
  const span = ({ first, last }: Range) =>
    lastAtMost(starts[familyOf(first)], last) - lastAtMost(starts[familyOf(first)], first) + 1
  return asked.filter(({ set }) => set.ranges.reduce((sum, range) => sum + span(range), 0) <= mostStretches)
}

interface Placed {
  readonly position: number
  readonly range: Range
}

function ofFamily(indexed: readonly Indexed[], family: Family): Placed[] {
  return indexed.flatMap(({ position, set }) =>
    set.ranges.filter(({ first }) => familyOf(first) === family).map((range) => ({ position, range })),
  )
}

function startsOf(placed: readonly Placed[]): Bits[] {
  const ends = new Set(placed.flatMap(({ range }) => [range.first, offsetBy(range.last, 1)]))
  return [...ends].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
}

function cut(placed: readonly Placed[]): Stretches {
  const starts = startsOf(placed)
  const lists = starts.map((): number[] => [])
  for (const { position, range } of placed) {
    const last = lastAtMost(starts, range.last)
    for (let at = lastAtMost(starts, range.first); at <= last; at++) lists[at]?.push(position)
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
