import type { PairCount } from '@natplan/core'
import type { PrefixInput } from '../prefixes/read-prefixes.ts'

/** What was found, as far as it is known before the pairs are gone through. */
export interface FoundOverlaps {
  readonly inputs: readonly PrefixInput[]
  /** For each input, how many of its prefixes overlap another; counted only for outputs that show it. */
  readonly overlapping: () => readonly number[]
  readonly counts: readonly PairCount[]
  readonly total: number
}
