import { type Box, meet } from '../match/box.ts'
import type { Range } from '../match/range.ts'
import type { RangeSet } from '../match/range-set.ts'
import { IntervalIndex } from '../match/interval-index.ts'

interface Filed<T> {
  readonly box: Box
  readonly value: T
}

const kinds = ['number', 'bigint'] as const
type Kind = (typeof kinds)[number]

/**
 * Values filed under boxes, by the ranges that bound their addresses. A look-up walks along the axis, source or destination, on which fewer
 * boxes lie abreast.
 */
export class BoxIndex<T> {
  readonly #families: readonly Family<T>[]

  constructor(filed: Iterable<Filed<T>>) {
    const all = [...filed]
    this.#families = kinds.map((kind) => new Family(kind, all))
  }

  /** The values whose box shares a packet with a box, each with its own box. */
  meeting(box: Box): Filed<T>[] {
    return this.#families.flatMap((family) => family.near(box).filter((filed) => meet(filed.box, box)))
  }
}

/** Addresses of the two families cannot be compared. */
class Family<T> {
  readonly #kind: Kind
  readonly #bySource: IntervalIndex<Filed<T>>
  readonly #byDestination: IntervalIndex<Filed<T>>

  constructor(kind: Kind, filed: readonly Filed<T>[]) {
    this.#kind = kind
    const along = (axis: 'source' | 'destination') =>
      new IntervalIndex(filed.flatMap((value) => bounded(value.box[axis], kind).map((range) => ({ range, value }))))
    this.#bySource = along('source')
    this.#byDestination = along('destination')
  }

  near({ source, destination }: Box): Filed<T>[] {
    const [from, to] = [source.boundsOf(this.#kind), destination.boundsOf(this.#kind)]
    if (!from || !to) return []
    return this.#bySource.count(from) <= this.#byDestination.count(to)
      ? this.#bySource.meeting(from)
      : this.#byDestination.meeting(to)
  }
}

function bounded(set: RangeSet, kind: Kind): Range[] {
  const range = set.boundsOf(kind)
  return range ? [range] : []
}
