import { type Box, intersect } from './box.ts'
import { IntervalIndex } from './interval-index.ts'

interface Filed<T> {
  readonly box: Box
  readonly value: T
}

/** Values filed under boxes. A look-up walks along the axis, source or destination, on which fewer boxes lie abreast. */
export class BoxIndex<T> {
  readonly #bySource: ReadonlyMap<string, IntervalIndex<Filed<T>>>
  readonly #byDestination: ReadonlyMap<string, IntervalIndex<Filed<T>>>

  constructor(filed: Iterable<Filed<T>>) {
    const all = [...filed]
    this.#bySource = byFamily(all, 'source')
    this.#byDestination = byFamily(all, 'destination')
  }

  /** The values whose box shares a packet with a box, each with its own box. */
  meeting(box: Box): Filed<T>[] {
    const family = typeof box.source.first
    const bySource = this.#bySource.get(family)
    const byDestination = this.#byDestination.get(family)
    if (!bySource || !byDestination) return []
    const near =
      bySource.count(box.source) <= byDestination.count(box.destination)
        ? bySource.meeting(box.source)
        : byDestination.meeting(box.destination)
    return [...near].filter((filed) => intersect(filed.box, box) !== undefined)
  }
}

/** Addresses of the two families cannot be compared. */
function byFamily<T>(
  filed: readonly Filed<T>[],
  axis: 'source' | 'destination',
): ReadonlyMap<string, IntervalIndex<Filed<T>>> {
  return new Map(
    ['number', 'bigint'].map((family) => {
      const entries = filed.filter(({ box }) => typeof box[axis].first === family)
      return [family, new IntervalIndex(entries.map((value) => ({ range: value.box[axis], value })))]
    }),
  )
}
