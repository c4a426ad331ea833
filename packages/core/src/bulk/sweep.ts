import { type SortedPrefixes, sameAsBefore } from './sorted-prefixes.ts'

/** Which pairs count: two prefixes of different sides, two of the same side, or both. */
export interface PairChoice {
  readonly between: boolean
  readonly within: boolean
}

/** What is asked for, and where the rows of each side begin when they are counted on. */
export interface SweepScope extends PairChoice {
  readonly offsets: Uint32Array
}

/** Tells which side a row belongs to, when the rows of all sides are counted on. */
export function sideOf(id: number, offsets: Uint32Array): number {
  let low = 0
  let high = offsets.length - 2
  while (low < high) {
    const middle = (low + high + 1) >>> 1
    if ((offsets[middle] as number) <= id) low = middle
    else high = middle - 1
  }
  return low
}

/** More distinct prefixes than this never enclose each other. */
const deepest = 130

/**
 * Goes through sorted prefixes with a stack of those that are open at each place: aligned blocks nest or lie apart. Equal prefixes
 * are opened and closed together as one run, so the stack is as deep as a prefix is long, however often one occurs.
 */
export class Sweep {
  /** How many prefixes of each side have been met, and how many of them are open. */
  readonly met: Float64Array
  readonly open: Float64Array
  metInAll = 0
  openInAll = 0
  /** The run that is being closed: its positions, how many runs enclose it, and how many prefixes had been met with it. */
  start = 0
  end = 0
  depth = 0
  metBefore = 0
  readonly #sorted: SortedPrefixes
  readonly #offsets: Uint32Array
  readonly #sides: number
  readonly #remembersAll: boolean
  readonly #starts = new Uint32Array(deepest)
  readonly #ends = new Uint32Array(deepest)
  readonly #metInAllBefore = new Float64Array(deepest)
  /** By depth and side; only for the sides of the run unless all are remembered. */
  readonly #metBefore: Float64Array

  /** With `remembersAll`, `inside` answers for every side; that takes O(sides) for each run. */
  constructor(sorted: SortedPrefixes, offsets: Uint32Array, remembersAll = false) {
    this.#sorted = sorted
    this.#offsets = offsets
    this.#sides = offsets.length - 1
    this.#remembersAll = remembersAll
    this.met = new Float64Array(this.#sides)
    this.open = new Float64Array(this.#sides)
    this.#metBefore = new Float64Array(deepest * this.#sides)
  }

  /** Calls `close` for each distinct prefix when everything inside it has been met, as long as it returns true. */
  run(close: (sweep: this) => boolean): void {
    const { depths, ids } = this.#sorted
    let open = 0
    let position = 0
    while (position < ids.length) {
      const depth = depths[position] as number
      while (open > depth) if (!this.#close(--open, close)) return
      position = this.#open(open++, position)
    }
    while (open > 0) if (!this.#close(--open, close)) return
  }

  /** How many prefixes of a side lie inside the run that is being closed. */
  inside(side: number): number {
    return (this.met[side] as number) - (this.#metBefore[this.depth * this.#sides + side] as number)
  }

  /** Where the prefixes of one side end that stand in a run from a position on. */
  endOfSide(side: number, position: number, end: number): number {
    const { ids } = this.#sorted
    const nextSide = this.#offsets[side + 1] as number
    let at = position + 1
    while (at < end && (ids[at] as number) < nextSide) at++
    return at
  }

  sideAt(position: number): number {
    return sideOf(this.#sorted.ids[position] as number, this.#offsets)
  }

  #open(depth: number, start: number): number {
    const { depths, ids } = this.#sorted
    let end = start + 1
    while (end < ids.length && depths[end] === sameAsBefore) end++
    this.#starts[depth] = start
    this.#ends[depth] = end
    const base = depth * this.#sides
    for (let at = start; at < end; ) {
      const side = this.sideAt(at)
      const next = this.endOfSide(side, at, end)
      const met = (this.met[side] as number) + next - at
      this.met[side] = met
      this.open[side] = (this.open[side] as number) + next - at
      this.#metBefore[base + side] = met
      at = next
    }
    if (this.#remembersAll) this.#metBefore.set(this.met, base)
    this.metInAll += end - start
    this.openInAll += end - start
    this.#metInAllBefore[depth] = this.metInAll
    return end
  }

  #close(depth: number, close: (sweep: this) => boolean): boolean {
    const start = this.#starts[depth] as number
    const end = this.#ends[depth] as number
    this.depth = depth
    this.start = start
    this.end = end
    this.metBefore = this.#metInAllBefore[depth] as number
    for (let at = start; at < end; ) {
      const side = this.sideAt(at)
      const next = this.endOfSide(side, at, end)
      this.open[side] = (this.open[side] as number) - (next - at)
      at = next
    }
    this.openInAll -= end - start
    return close(this)
  }
}
