import { runFlagger } from './flag-by-sweep.ts'
import type { SortedPrefixes } from './sorted-prefixes.ts'
import { type PairChoice, Sweep, type SweepScope } from './sweep.ts'

/** How many pairs two sides have, or one side with itself; exact up to 2^53. */
export interface PairCount {
  readonly left: number
  readonly right: number
  readonly equal: number
  /** A prefix of `left` contains one of `right`; between a side and itself every pair that is not equal. */
  readonly contains: number
  /** A prefix of `left` lies inside one of `right`. */
  readonly inside: number
}

/** Numbers of pairs by sides; a row is made when it is needed. */
export class PairCounts {
  /** By the lower and the higher side. */
  readonly equal: Counts
  /** By the outer and the inner side. */
  readonly nested: Counts
  readonly #sides: number

  constructor(sides: number) {
    this.#sides = sides
    this.equal = new Counts(sides)
    this.nested = new Counts(sides)
  }

  /** Those that count and are not zero. */
  list({ between, within }: PairChoice): PairCount[] {
    const found: PairCount[] = []
    for (let left = 0; left < this.#sides; left++) {
      for (let right = left; right < this.#sides; right++) {
        if (!(left === right ? within : between)) continue
        const counts = {
          equal: this.equal.at(left, right),
          contains: this.nested.at(left, right),
          inside: left === right ? 0 : this.nested.at(right, left),
        }
        if (counts.equal + counts.contains + counts.inside > 0) found.push({ left, right, ...counts })
      }
    }
    return found
  }
}

class Counts {
  readonly #rows: Float64Array[] = []
  readonly #sides: number

  constructor(sides: number) {
    this.#sides = sides
  }

  rowOf(side: number): Float64Array {
    const row = this.#rows[side]
    if (row) return row
    const made = new Float64Array(this.#sides)
    this.#rows[side] = made
    return made
  }

  at(side: number, other: number): number {
    return this.#rows[side]?.[other] ?? 0
  }
}

/**
 * Adds the number of pairs of each two sides, and on the way sets the flag of every row that is part of one that counts: O(n · sides) time,
 * O(sides²) memory.
 */
export function countPairs(sorted: SortedPrefixes, scope: SweepScope, { counts, flags }: Counted): void {
  const flagRun = runFlagger(sorted, scope, flags)
  const countRun = runCounter(scope.offsets, counts)
  new Sweep(sorted, scope.offsets).run((sweep) => {
    flagRun(sweep)
    countRun(sweep)
    return true
  })
}

interface Counted {
  readonly counts: PairCounts
  readonly flags: Uint8Array
}

function runCounter(offsets: Uint32Array, { equal, nested }: PairCounts): (sweep: Sweep) => void {
  const sides = offsets.length - 1
  return (sweep) => {
    const { start, end, open, openInAll } = sweep
    for (let at = start; at < end; ) {
      const side = sweep.sideAt(at)
      const next = sweep.endOfSide(side, at, end)
      const size = next - at
      if (openInAll > 0) {
        for (let outer = 0; outer < sides; outer++) {
          const around = open[outer] as number
          if (around > 0) add(nested.rowOf(outer), side, size * around)
        }
      }
      if (size > 1) add(equal.rowOf(side), side, (size * (size - 1)) / 2)
      // Sides of a run come in order, so those met before are the lower ones.
      for (let before = start; before < at; ) {
        const lower = sweep.sideAt(before)
        const lowerEnd = sweep.endOfSide(lower, before, at)
        add(equal.rowOf(lower), side, size * (lowerEnd - before))
        before = lowerEnd
      }
      at = next
    }
  }
}

function add(row: Float64Array, index: number, count: number): void {
  row[index] = (row[index] as number) + count
}
