import { findOverlaps, type OverlapQuestion, type PairCount, type TableOverlaps } from '@natplan/core'
import type { PrefixInput } from '../prefixes/read-prefixes.ts'
import type { SpaceKey } from '../prefixes/space-key.ts'
import { spacesOf } from '../prefixes/spaces.ts'

/** How many pairs two inputs have in one space. */
interface SpaceCount extends PairCount {
  readonly space: string | undefined
}

/** What was found, as far as it is known before the pairs are gone through. */
export interface FoundOverlaps {
  readonly inputs: readonly PrefixInput[]
  /** What keeps prefixes apart, where anything does. */
  readonly by: string | undefined
  /** For each input, how many of its prefixes overlap another; counted only for outputs that show it. */
  readonly overlapping: () => readonly number[]
  readonly counts: readonly SpaceCount[]
  readonly total: number
}

/** Prefixes that may collide, and what of them does. */
export interface ComparedSpace {
  readonly space: string | undefined
  /** The inputs with what belongs to the space. */
  readonly inputs: readonly PrefixInput[]
  /** Which rows of the inputs as they were read; all without them. */
  readonly rows?: readonly (readonly number[])[] | undefined
  readonly overlaps: TableOverlaps
}

/** What several inputs have in common, space by space. */
export interface Comparison {
  readonly by: string | undefined
  readonly inputs: readonly PrefixInput[]
  /** Where spaces are kept apart, each is compared anew whenever it comes up: there may be thousands. */
  spaces(): Iterable<ComparedSpace>
}

export function compareInputs(
  inputs: readonly PrefixInput[],
  question: OverlapQuestion,
  key: SpaceKey | undefined,
): Comparison {
  const tables = (of: readonly PrefixInput[]) => of.map(({ table }) => table)
  if (!key) {
    const all = [{ space: undefined, inputs, overlaps: findOverlaps(tables(inputs), question) }]
    return { by: undefined, inputs, spaces: () => all }
  }
  const apart = spacesOf(inputs, key)
  function* spaces() {
    for (const { name: space, rows, inputs: of } of apart) {
      const chosen = of()
      yield { space, rows, inputs: chosen, overlaps: findOverlaps(tables(chosen), question) }
    }
  }
  return { by: key.key, inputs, spaces }
}

/** Counts the pairs of all spaces, and which prefixes are part of one. */
export function countOverlaps(comparison: Comparison): FoundOverlaps {
  const { by, inputs } = comparison
  const counts: SpaceCount[] = []
  for (const { space, overlaps } of comparison.spaces())
    counts.push(...overlaps.countPairs().map((count) => ({ space, ...count })))
  const total = counts.reduce((sum, { equal, contains, inside }) => sum + equal + contains + inside, 0)
  return { inputs, by, counts, total, overlapping: () => overlappingIn(comparison) }
}

/** For each input, how many of its prefixes overlap another of a space, each once. */
export function overlappingIn({ inputs, spaces }: Comparison): readonly number[] {
  const met = inputs.map(({ table }) => new Uint8Array(table.size))
  for (const { overlaps, rows } of spaces()) {
    // The only space has all rows.
    if (!rows) return overlaps.flagged
    for (const [side, flags] of overlaps.flags.entries()) {
      const all = met[side]
      for (let row = flags.indexOf(1); all && row >= 0; row = flags.indexOf(1, row + 1))
        all[rows[side]?.[row] ?? row] = 1
    }
  }
  return met.map((flags) => flags.reduce((sum, flag) => sum + flag, 0))
}
