import { type SortedPrefixes, sameAsBefore } from './sorted-prefixes.ts'
import { type PairChoice, sideOf } from './sweep.ts'

/** Two rows, counted through all sides, whose prefixes share addresses; `outer` is the larger one, or the first of two equal ones. */
export interface IdPair {
  outer: number
  outerSide: number
  inner: number
  innerSide: number
  isEqual: boolean
}

/** More distinct prefixes than this never enclose each other. */
const deepest = 130

/**
 * All pairs that count, sorted by the inner prefix: O(n + pairs). It can stop anywhere and go on later, so that whoever writes the pairs
 * can wait for what was written.
 */
export class PairWalk {
  readonly #ids: Uint32Array
  readonly #depths: Uint8Array
  readonly #offsets: Uint32Array
  readonly #choice: PairChoice
  readonly #pair: IdPair = {
    outer: 0,
    outerSide: 0,
    inner: 0,
    innerSide: 0,
    isEqual: false,
  }
  /** The open runs of equal prefixes by depth, as positions; the innermost is the one that the inner prefix stands in. */
  readonly #starts = new Uint32Array(deepest)
  readonly #ends = new Uint32Array(deepest)
  #depth = 0
  /** The inner prefix. */
  #position = -1
  /** The depth of the run that outer prefixes are taken from, and what is left of it: two parts, with the inner one's own side between. */
  #outerDepth = -1
  #at = 0
  #end = 0
  #nextStart = 0
  #nextEnd = 0

  constructor({ ids, depths }: SortedPrefixes, offsets: Uint32Array, { between, within }: PairChoice) {
    this.#ids = ids
    this.#depths = depths
    this.#offsets = offsets
    this.#choice = { between, within }
  }

  /**
   * Calls `visit` with every pair that was not visited yet, until it returns false. Reports whether none is left. The object is the same
   * every time.
   */
  run(visit: (pair: IdPair) => boolean): boolean {
    const pair = this.#pair
    do {
      while (this.#at < this.#end) {
        const position = this.#at++
        pair.outer = this.#ids[position] as number
        pair.outerSide = sideOf(pair.outer, this.#offsets)
        if (!visit(pair)) return false
      }
    } while (this.#nextPart())
    return true
  }

  /** Moves on to the next outer prefixes, or to the next inner one. */
  #nextPart(): boolean {
    if (this.#nextStart < this.#nextEnd) {
      this.#at = this.#nextStart
      this.#end = this.#nextEnd
      this.#nextStart = this.#nextEnd
      return true
    }
    if (--this.#outerDepth >= 0) {
      this.#pair.isEqual = false
      this.#choose(this.#starts[this.#outerDepth] as number, this.#ends[this.#outerDepth] as number)
      return true
    }
    if (++this.#position >= this.#ids.length) return false
    if (this.#depths[this.#position] !== sameAsBefore) this.#openRun()
    this.#outerDepth = this.#depth
    this.#pair.inner = this.#ids[this.#position] as number
    this.#pair.innerSide = sideOf(this.#pair.inner, this.#offsets)
    this.#pair.isEqual = true
    this.#choose(this.#starts[this.#depth] as number, this.#position)
    return true
  }

  #openRun(): void {
    let end = this.#position + 1
    while (end < this.#ids.length && this.#depths[end] === sameAsBefore) end++
    this.#depth = this.#depths[this.#position] as number
    this.#starts[this.#depth] = this.#position
    this.#ends[this.#depth] = end
  }

  /**
   * Takes what counts of a run. It stands there by side, so what does not count is skipped as a whole: a million copies at one side
   * cost nothing when only pairs between sides are asked for.
   */
  #choose(start: number, end: number): void {
    this.#at = start
    this.#end = end
    this.#nextStart = end
    this.#nextEnd = end
    const { between, within } = this.#choice
    if (start === end || (between && within)) return
    const side = this.#pair.innerSide
    const ownStart = this.#firstFrom(this.#offsets[side] as number, start, end)
    const ownEnd = this.#firstFrom(this.#offsets[side + 1] as number, ownStart, end)
    if (within) this.#at = ownStart
    else this.#nextStart = ownEnd
    this.#end = within ? ownEnd : ownStart
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
