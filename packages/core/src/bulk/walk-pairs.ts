import type { SortedPrefixes } from './sorted-prefixes.ts'
import { sameAsBefore } from './sorted-prefixes.ts'
import { type PairChoice, sideOf } from './sweep.ts'

/** Two rows, counted through all sides, whose prefixes share addresses; `outer` is the larger one, or the first of two equal ones. */
export interface IdPair {
  outer: number
  outerSide: number
  inner: number
  innerSide: number
  isEqual: boolean
}

/** Positions of sorted prefixes, `end` not included. */
interface Run {
  start: number
  end: number
}

/**
 * Calls `visit` with every pair that counts, sorted by the inner prefix, as long as it returns true: O(n + pairs). The object is the same
 * every time. Reports whether it got to the end.
 */
export function walkPairs(
  sorted: SortedPrefixes,
  { offsets, ...choice }: PairChoice & { readonly offsets: Uint32Array },
  visit: (pair: IdPair) => boolean,
): boolean {
  const { ids, depths } = sorted
  const walk = new PairWalk(sorted, offsets, visit)
  const open: Run[] = []
  for (let start = 0; start < ids.length; ) {
    let end = start + 1
    while (end < ids.length && depths[end] === sameAsBefore) end++
    const depth = depths[start] as number
    open[depth] = { start, end }
    for (let position = start; position < end; position++) {
      walk.startInner(position)
      if (!walk.visitRun({ start, end: position }, true, choice)) return false
      for (let outer = depth - 1; outer >= 0; outer--) {
        if (!walk.visitRun(open[outer] as Run, false, choice)) return false
      }
    }
    start = end
  }
  return true
}

class PairWalk {
  readonly #ids: Uint32Array
  readonly #offsets: Uint32Array
  readonly #visit: (pair: IdPair) => boolean
  readonly #pair: IdPair = { outer: 0, outerSide: 0, inner: 0, innerSide: 0, isEqual: false }

  constructor({ ids }: SortedPrefixes, offsets: Uint32Array, visit: (pair: IdPair) => boolean) {
    this.#ids = ids
    this.#offsets = offsets
    this.#visit = visit
  }

  startInner(position: number): void {
    this.#pair.inner = this.#ids[position] as number
    this.#pair.innerSide = sideOf(this.#pair.inner, this.#offsets)
  }

  /**
   * Visits the pairs with a run of equal prefixes. They stand by side in it, so what does not count is skipped as a whole: a million
   * copies at one side cost nothing when only pairs between sides are asked for.
   */
  visitRun({ start, end }: Run, isEqual: boolean, { between, within }: PairChoice): boolean {
    if (between && within) return this.#visitAll(start, end, isEqual)
    const side = this.#pair.innerSide
    const ownStart = this.#firstFrom(this.#offsets[side] as number, start, end)
    const ownEnd = this.#firstFrom(this.#offsets[side + 1] as number, ownStart, end)
    if (within) return this.#visitAll(ownStart, ownEnd, isEqual)
    return this.#visitAll(start, ownStart, isEqual) && this.#visitAll(ownEnd, end, isEqual)
  }

  #visitAll(start: number, end: number, isEqual: boolean): boolean {
    const pair = this.#pair
    for (let position = start; position < end; position++) {
      pair.outer = this.#ids[position] as number
      pair.outerSide = sideOf(pair.outer, this.#offsets)
      pair.isEqual = isEqual
      if (!this.#visit(pair)) return false
    }
    return true
  }

  /** The first position of a run whose id is not below a limit. */
  #firstFrom(limit: number, start: number, end: number): number {
    let low = start
    let high = end
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#ids[middle] as number) < limit) low = middle + 1
      else high = middle
    }
    return low
  }
}
