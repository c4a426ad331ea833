import { outermost, type SortedPrefixes } from './sorted-prefixes.ts'

/** Which pairs count: two prefixes of different sides, two of the same side, or both. */
export interface PairChoice {
  readonly between: boolean
  readonly within: boolean
}

/** Equal prefixes of one side, as long as the sweep is inside them. */
export interface Segment {
  side: number
  /** Positions among the sorted prefixes. */
  start: number
  end: number
  /** How many prefixes of this side had been met before what lies inside. */
  before: number
}

/** Tells which side a row belongs to. */
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

/**
 * Goes through sorted prefixes with a stack of those that are open at each place: aligned blocks nest or lie apart. Equal prefixes
 * are opened and closed together, so the stack is as deep as a prefix is long, however often one occurs.
 */
export class Sweep {
  /** How many of each side have been met, and how many of them are open. */
  readonly met: Float64Array
  readonly open: Float64Array
  metInAll = 0
  openInAll = 0
  depth = 0
  readonly #frames: { start: number; end: number; before: number; readonly segments: Segment[] }[] = []
  readonly #sorted: SortedPrefixes
  readonly #offsets: Uint32Array

  constructor(sorted: SortedPrefixes, offsets: Uint32Array) {
    this.#sorted = sorted
    this.#offsets = offsets
    this.met = new Float64Array(offsets.length - 1)
    this.open = new Float64Array(offsets.length - 1)
  }

  /** Calls `close` for each distinct prefix when everything inside it has been met. */
  run(close: (frame: { start: number; end: number; before: number; readonly segments: readonly Segment[] }) => void) {
    const { up } = this.#sorted
    let position = 0
    while (position < up.length) {
      const above = up[position] as number
      while (this.depth > 0 && (above === outermost || this.#frames[this.depth - 1]?.start !== above))
        this.#close(close)
      position = this.#open(position)
    }
    while (this.depth > 0) this.#close(close)
  }

  #open(start: number): number {
    const { ids, up } = this.#sorted
    const segments: Segment[] = []
    let end = start
    do {
      const side = sideOf(ids[end] as number, this.#offsets)
      const last = segments.at(-1)
      if (last?.side === side) last.end = end + 1
      else segments.push({ side, start: end, end: end + 1, before: 0 })
      end++
    } while (end < up.length && up[end] === end)
    for (const segment of segments) {
      this.met[segment.side] = (this.met[segment.side] as number) + segment.end - segment.start
      this.open[segment.side] = (this.open[segment.side] as number) + segment.end - segment.start
      segment.before = this.met[segment.side] as number
    }
    this.metInAll += end - start
    this.openInAll += end - start
    this.#frames[this.depth++] = { start, end, before: this.metInAll, segments }
    return end
  }

  #close(
    close: (frame: { start: number; end: number; before: number; readonly segments: readonly Segment[] }) => void,
  ) {
    const frame = this.#frames[--this.depth]
    if (!frame) return
    for (const { side, start, end } of frame.segments) this.open[side] = (this.open[side] as number) - (end - start)
    this.openInAll -= frame.end - frame.start
    close(frame)
  }
}
