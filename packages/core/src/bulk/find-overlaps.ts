import type { Family } from '../address/bits.ts'
import type { Prefix, Relation } from '../address/prefix.ts'
import type { PrefixTable } from './prefix-table.ts'
import { offsetsOf, outermost, type SortedPrefixes, sortPrefixes } from './sorted-prefixes.ts'
import { type PairChoice, Sweep, sideOf } from './sweep.ts'

/** One prefix of a side: the table's position among the sides, and the row in it. */
export interface TableRow {
  readonly side: number
  readonly row: number
}

/** Two prefixes that share addresses. */
export interface OverlapPair {
  /** Of the side that was given first; of two prefixes of one side the larger one, or the one added first. */
  readonly left: TableRow
  readonly right: TableRow
  /** How `left` lies to `right`. */
  readonly relation: Exclude<Relation, 'apart'>
}

/** A distinct prefix and everything that it overlaps downwards: equal to it or inside it. */
export interface OverlapGroup {
  readonly prefix: Prefix
  /** How many distinct prefixes enclose this one: 0 for an outermost one, whose group holds all groups inside it. */
  readonly depth: number
  /** For each side, how many of its prefixes are equal to this one, and the first of them when there is one. */
  readonly equal: readonly { readonly count: number; readonly first: number }[]
  /** For each side, how many of its prefixes lie inside this one. */
  readonly inside: readonly number[]
  /** How many pairs this prefix is the outer or an equal part of; the sum over all groups is the number of pairs. */
  readonly pairs: number
}

/** How many pairs two sides have, or one side with itself; numbers are exact up to 2^53. */
export interface PairCount {
  readonly left: number
  readonly right: number
  readonly equal: number
  /** A prefix of `left` contains one of `right`. */
  readonly contains: number
  /** A prefix of `left` lies inside one of `right`; between a side and itself all are counted as `contains`. */
  readonly inside: number
}

export interface OverlapQuestion {
  /** Pairs of different sides; by default, when there are several. */
  readonly between?: boolean
  /** Pairs of one side; by default, when there is one only. */
  readonly within?: boolean
}

/**
 * Finds which prefixes of several tables overlap others: O(n log n) time, for IPv4 O(n). The answers hold for the tables as they are
 * now; rows added later are not seen.
 */
export function findOverlaps(sides: readonly PrefixTable[], question: OverlapQuestion = {}): TableOverlaps {
  const { between = sides.length > 1, within = sides.length === 1 } = question
  return new TableOverlaps(sides, { between, within })
}

/** What overlaps what in tables, in as much detail as is asked for. */
export class TableOverlaps {
  /** For each side a 1 for every row that overlaps some other, else 0. */
  readonly flags: readonly Uint8Array[]
  /** For each side the number of its rows that are flagged. */
  readonly flagged: readonly number[]
  readonly #sides: readonly PrefixTable[]
  readonly #choice: PairChoice
  readonly #offsets: Uint32Array
  readonly #families: readonly SortedPrefixes[]

  constructor(sides: readonly PrefixTable[], choice: PairChoice) {
    this.#sides = sides
    this.#choice = choice
    this.#offsets = offsetsOf(sides)
    this.#families = ([4, 6] as Family[]).map((family) => sortPrefixes(sides, family))
    const all = new Uint8Array(this.#offsets[sides.length] as number)
    for (const sorted of this.#families) this.#flag(sorted, all)
    this.flags = sides.map((_, side) => all.subarray(this.#offsets[side], this.#offsets[side + 1]))
    this.flagged = this.flags.map((flags) => flags.reduce((sum, flag) => sum + flag, 0))
  }

  /** The number of pairs of each two sides that have any: O(n · sides). */
  countPairs(): PairCount[] {
    const counts = new Map<string, { -readonly [Key in keyof PairCount]: PairCount[Key] }>()
    const add = (left: number, right: number, relation: 'equal' | 'contains' | 'inside', count: number) => {
      if (count === 0 || !(left === right ? this.#choice.within : this.#choice.between)) return
      const key = `${left} ${right}`
      const entry = counts.get(key) ?? { left, right, equal: 0, contains: 0, inside: 0 }
      entry[relation] += count
      counts.set(key, entry)
    }
    for (const sorted of this.#families) {
      const sweep = new Sweep(sorted, this.#offsets)
      sweep.run(({ segments }) => {
        for (const [index, one] of segments.entries()) {
          const size = one.end - one.start
          add(one.side, one.side, 'equal', (size * (size - 1)) / 2)
          for (const other of segments.slice(index + 1))
            add(one.side, other.side, 'equal', size * (other.end - other.start))
          for (const [side, open] of sweep.open.entries()) {
            if (side <= one.side) add(side, one.side, 'contains', size * open)
            else add(one.side, side, 'inside', size * open)
          }
        }
      })
    }
    return [...counts.values()].sort((a, b) => a.left - b.left || a.right - b.right)
  }

  /** Every pair in the order of `forEachPair`, one at a time: for whoever must wait in between. */
  *pairs(): Generator<OverlapPair> {
    for (const { ids, up } of this.#families) {
      let start = 0
      for (let position = 0; position < ids.length; position++) {
        if (up[position] !== position) start = position
        const inner = this.#rowOf(ids[position] as number)
        for (let other = start; other < position; other++) {
          const pair = this.#pairOf(this.#rowOf(ids[other] as number), inner, true)
          if (pair) yield pair
        }
        for (let node = up[start] as number; node !== outermost; node = up[node] as number) {
          for (let other = node; other === node || up[other] === other; other++) {
            const pair = this.#pairOf(this.#rowOf(ids[other] as number), inner, false)
            if (pair) yield pair
          }
        }
      }
    }
  }

  #pairOf(outer: TableRow, inner: TableRow, isEqual: boolean): OverlapPair | undefined {
    if (!(outer.side === inner.side ? this.#choice.within : this.#choice.between)) return undefined
    if (outer.side <= inner.side) return { left: outer, right: inner, relation: isEqual ? 'equal' : 'contains' }
    return { left: inner, right: outer, relation: isEqual ? 'equal' : 'inside' }
  }

  /**
   * Calls `visit` for every pair, sorted by the inner prefix, IPv4 first, as long as it returns true: O(n + pairs), without memory for them.
   * There can be as many as n²; `countPairs` tells before.
   */
  forEachPair(visit: (pair: OverlapPair) => boolean): void {
    for (const { ids, up } of this.#families) {
      let start = 0
      for (let position = 0; position < ids.length; position++) {
        if (up[position] !== position) start = position
        for (let other = start; other < position; other++) {
          if (this.#visit(visit, { outer: ids[other] as number, inner: ids[position] as number, isEqual: true })) return
        }
        for (let node = up[start] as number; node !== outermost; node = up[node] as number) {
          for (let other = node; other === node || up[other] === other; other++) {
            if (this.#visit(visit, { outer: ids[other] as number, inner: ids[position] as number, isEqual: false }))
              return
          }
        }
      }
    }
  }

  #visit(
    visit: (pair: OverlapPair) => boolean,
    { outer, inner, isEqual }: { outer: number; inner: number; isEqual: boolean },
  ): boolean {
    const [one, other] = [this.#rowOf(outer), this.#rowOf(inner)]
    if (!(one.side === other.side ? this.#choice.within : this.#choice.between)) return false
    if (one.side <= other.side) {
      return visit({ left: one, right: other, relation: isEqual ? 'equal' : 'contains' }) === false
    }
    return visit({ left: other, right: one, relation: isEqual ? 'equal' : 'inside' }) === false
  }

  /**
   * Calls `visit` for every distinct prefix that equals or contains another, as long as it returns true: those inside before the one around
   * them, else sorted by address, IPv4 first. O(n · sides), however many pairs there are.
   */
  forEachGroup(visit: (group: OverlapGroup) => boolean): void {
    for (const sorted of this.#families) {
      const sweep = new Sweep(sorted, this.#offsets)
      let isDone = false
      sweep.run(({ start, end, before, segments }) => {
        if (isDone) return
        const equal = this.#sides.map(() => ({ count: 0, first: 0 }))
        const inside = this.#sides.map(() => 0)
        let pairs = 0
        // Only the sides of the run are known exactly from the frame; all others are counted from the sorted rows.
        for (let position = end; position < sweep.metInAll; position++) {
          const { side } = this.#rowOf(sorted.ids[position] as number)
          inside[side] = (inside[side] as number) + 1
        }
        const insideInAll = sweep.metInAll - before
        for (const segment of segments) {
          const size = segment.end - segment.start
          equal[segment.side] = { count: size, first: this.#rowOf(sorted.ids[segment.start] as number).row }
          const own = inside[segment.side] as number
          if (this.#choice.within) pairs += size * own + (size * (size - 1)) / 2
          if (this.#choice.between) pairs += size * (insideInAll - own) + (size * (end - start - size)) / 2
        }
        if (pairs === 0) return
        const { side, row } = this.#rowOf(sorted.ids[start] as number)
        const prefix = (this.#sides[side] as PrefixTable).prefixAt(row)
        isDone = visit({ prefix, depth: sweep.depth, equal, inside, pairs }) === false
      })
      if (isDone) return
    }
  }

  #rowOf(id: number): TableRow {
    const side = sideOf(id, this.#offsets)
    return { side, row: id - (this.#offsets[side] as number) }
  }

  #flag(sorted: SortedPrefixes, flags: Uint8Array): void {
    const sweep = new Sweep(sorted, this.#offsets)
    sweep.run(({ start, end, before, segments }) => {
      for (const segment of segments) {
        const size = segment.end - segment.start
        const own = (sweep.met[segment.side] as number) - segment.before
        const same = size - 1 + own + (sweep.open[segment.side] as number)
        const other =
          end - start - size + sweep.metInAll - before - own + sweep.openInAll - (sweep.open[segment.side] as number)
        if (!((this.#choice.within && same > 0) || (this.#choice.between && other > 0))) continue
        for (let position = segment.start; position < segment.end; position++) flags[sorted.ids[position] as number] = 1
      }
    })
  }
}
