import type { Prefix } from '../address/prefix.ts'
import type { PrefixTable } from './prefix-table.ts'
import type { SortedPrefixes } from './sorted-prefixes.ts'
import { type PairChoice, Sweep } from './sweep.ts'

/** A distinct prefix with everything that it overlaps downwards: what is equal to it or inside it. */
export interface OverlapGroup {
  readonly prefix: Prefix
  /** How many distinct prefixes enclose this one: 0 for an outermost one, whose group holds all groups inside it. */
  readonly depth: number
  /** For each side, how many of its prefixes are equal to this one, and the first row of them when there is one. */
  readonly equal: readonly { readonly count: number; readonly first: number }[]
  /** For each side, how many of its prefixes lie inside this one. */
  readonly inside: readonly number[]
  /** How many pairs this prefix is the outer or an equal part of; the sum over all groups is the number of pairs. */
  readonly pairs: number
}

/**
 * Calls `visit` with every group that has a pair which counts, those inside before the one around them, as long as it returns true:
 * O(n · sides), however many pairs there are. Reports whether it got to the end.
 */
export function walkGroups(
  sorted: SortedPrefixes,
  { sides, offsets, ...choice }: PairChoice & { readonly sides: readonly PrefixTable[]; readonly offsets: Uint32Array },
  visit: (group: OverlapGroup) => boolean,
): boolean {
  let isWhole = true
  new Sweep(sorted, offsets, true).run((sweep) => {
    const pairs = pairsOf(sweep, choice)
    if (pairs === 0) return true
    const equal = sides.map(() => ({ count: 0, first: 0 }))
    for (let at = sweep.start; at < sweep.end; ) {
      const side = sweep.sideAt(at)
      const next = sweep.endOfSide(side, at, sweep.end)
      equal[side] = { count: next - at, first: (sorted.ids[at] as number) - (offsets[side] as number) }
      at = next
    }
    const side = sweep.sideAt(sweep.start)
    const prefix = (sides[side] as PrefixTable).prefixAt(equal[side]?.first ?? 0)
    const inside = sides.map((_, index) => sweep.inside(index))
    isWhole = visit({ prefix, depth: sweep.depth, equal, inside, pairs })
    return isWhole
  })
  return isWhole
}

function pairsOf(sweep: Sweep, { between, within }: PairChoice): number {
  const insideInAll = sweep.metInAll - sweep.metBefore
  let pairs = 0
  for (let at = sweep.start; at < sweep.end; ) {
    const side = sweep.sideAt(at)
    const next = sweep.endOfSide(side, at, sweep.end)
    const size = next - at
    const inside = sweep.inside(side)
    if (within) pairs += size * inside + (size * (size - 1)) / 2
    // Every pair of equal ones of two sides is met from both.
    if (between) pairs += size * (insideInAll - inside) + (size * (sweep.end - sweep.start - size)) / 2
    at = next
  }
  return pairs
}
