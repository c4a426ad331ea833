import { countPairs, type PairCount, PairCounts } from './count-pairs.ts'
import { flagBySweep } from './flag-by-sweep.ts'
import { type OverlapMachine, overlapMachine } from './overlap-machine.ts'
import { type OverlapPair, type PairVisitor, type TableRow, turnedFor } from './overlap-pair.ts'
import { JoinedTexts, type PairShape, type PairTexts, shapeBytes, WalkedTexts } from './pair-texts.ts'
import { PairWalk } from './pair-walk.ts'
import type { PrefixTable } from './prefix-table.ts'
import { offsetsOf, sortPrefixes } from './sort-prefixes.ts'
import type { SortedPrefixes } from './sorted-prefixes.ts'
import type { PairChoice, SweepScope } from './sweep.ts'
import { type OverlapGroup, walkGroups } from './walk-groups.ts'

/** A walk through pairs that can stop and go on. */
export interface OverlapWalk {
  /** Calls `visit` until it returns false; reports whether no pair is left. The same object is passed every time. */
  run(visit: PairVisitor): boolean
}

/** So many pairs are kept while they are given out one by one. */
const atOnce = 256

export interface OverlapQuestion {
  /** Pairs of different sides; by default, when there are several. */
  readonly between?: boolean
  /** Pairs of one side; by default, when there is one only. */
  readonly within?: boolean
}

/**
 * Compares the prefixes of several tables, each of them a side. Nothing is computed before it is asked for; rows that are added to a
 * table later are not seen. Time is O(n) for IPv4 and O(n · bytes in which they differ) for IPv6, beside what the answer itself takes; at
 * most 18 bytes for each prefix beside the tables.
 */
export function findOverlaps(sides: readonly PrefixTable[], question: OverlapQuestion = {}): TableOverlaps {
  const { between = sides.length > 1, within = sides.length === 1 } = question
  return new TableOverlaps(sides, { between, within })
}

/** What overlaps what in tables, in as much detail as is asked for. */
export class TableOverlaps {
  readonly #sides: readonly PrefixTable[]
  readonly #choice: PairChoice
  readonly #offsets: Uint32Array
  #flags: readonly Uint8Array[] | undefined
  #flagged: readonly number[] | undefined
  #machine: OverlapMachine | undefined
  #ipv4: SortedPrefixes | undefined
  #ipv6: SortedPrefixes | undefined

  constructor(sides: readonly PrefixTable[], choice: PairChoice) {
    this.#sides = sides.map((side) => side.snapshot())
    this.#choice = choice
    this.#offsets = offsetsOf(this.#sides)
  }

  /** For each side a 1 for every row that overlaps some other that counts, else a 0. */
  get flags(): readonly Uint8Array[] {
    this.#flags ??= this.#findFlags()
    return this.#flags
  }

  /** For each side the number of its rows that are flagged. */
  get flagged(): readonly number[] {
    const { flags } = this
    this.#flagged ??= flags.map(countOnes)
    return this.#flagged
  }

  /** The number of pairs of each two sides that have any: O(n · sides) time, O(sides²) memory. The flags come with it. */
  countPairs(): PairCount[] {
    const counts = new PairCounts(this.#sides.length)
    this.#flags = this.#findFlags(counts)
    return counts.list(this.#choice)
  }

  /**
   * Calls `visit` for every pair, sorted by the inner prefix, IPv4 first, as long as it returns true: O(n + pairs), without memory for
   * them. The same object is passed every time, so copy what you keep. There can be as many as n² pairs; `countPairs` tells before.
   */
  forEachPair(visit: PairVisitor): void {
    this.walkPairs().run(visit)
  }

  /** The same pairs for whoever must wait in between: `run` goes on behind the pair for which `visit` last returned false. */
  walkPairs(): OverlapWalk {
    const walks = [
      this.#machineForIpv4()?.walk(this.#choice) ?? this.#walkOf(this.#sortedIpv4),
      this.#walkOf(this.#sortedIpv6),
    ]
    return { run: (visit) => walks.every((walk) => walk.run(visit)) }
  }

  /** The same pairs as UTF-8, written piece by piece with the prefixes and their lines: the fastest way to put them all somewhere. */
  pairTexts(shape: PairShape): PairTexts {
    const texts = shapeBytes(shape)
    const written = { sides: this.#sides, shape: texts }
    const textsOf = (walk: OverlapWalk) => new WalkedTexts((visit) => walk.run(visit), this.#sides, texts)
    return new JoinedTexts([
      this.#machineForIpv4()?.texts(this.#choice, written) ?? textsOf(this.#walkOf(this.#sortedIpv4)),
      textsOf(this.#walkOf(this.#sortedIpv6)),
    ])
  }

  /** The same pairs one by one, each an object of its own. */
  *pairs(): Generator<OverlapPair> {
    const walk = this.walkPairs()
    const met: OverlapPair[] = []
    const keep = ({ left, right, relation }: OverlapPair) => {
      met.push({ left: copyOf(left), right: copyOf(right), relation })
      return met.length < atOnce
    }
    for (let isDone = false; !isDone; ) {
      isDone = walk.run(keep)
      yield* met
      met.length = 0
    }
  }

  /**
   * Calls `visit` for every distinct prefix that equals or contains another, as long as it returns true: those inside before the one around
   * them, else sorted by address, IPv4 first. O(n · sides), however many pairs there are.
   */
  forEachGroup(visit: (group: OverlapGroup) => boolean): void {
    const scope = { ...this.#choice, sides: this.#sides, offsets: this.#offsets }
    if (walkGroups(this.#sortedIpv4, scope, visit)) walkGroups(this.#sortedIpv6, scope, visit)
  }

  #walkOf(sorted: SortedPrefixes): OverlapWalk {
    const walk = new PairWalk(sorted, this.#offsets, this.#choice)
    return { run: (visit) => walk.run(turnedFor(visit, this.#offsets)) }
  }

  /** Flags all rows, and adds the numbers of pairs where they are asked for. */
  #findFlags(counts?: PairCounts): readonly Uint8Array[] {
    const scope: SweepScope = { ...this.#choice, offsets: this.#offsets }
    const flags = new Uint8Array(this.#offsets[this.#sides.length] as number)
    const sweep = (sorted: SortedPrefixes) =>
      counts ? countPairs(sorted, scope, { counts, flags }) : flagBySweep(sorted, scope, flags)
    const machine = this.#machineForIpv4()
    if (machine) this.#flagged = machine.sweep(this.#choice, flags, counts)
    else sweep(this.#sortedIpv4)
    if (this.#sides.some((side) => side.sizeOf(6) > 0)) {
      sweep(this.#sortedIpv6)
      this.#flagged = undefined
    }
    return this.#sides.map((_, side) => flags.subarray(this.#offsets[side], this.#offsets[side + 1]))
  }

  /** None when the sorted prefixes have been taken out of it already. */
  #machineForIpv4(): OverlapMachine | undefined {
    if (!this.#ipv4) this.#machine ??= overlapMachine(this.#sides, { offsets: this.#offsets })
    return this.#ipv4 ? undefined : this.#machine
  }

  get #sortedIpv4(): SortedPrefixes {
    this.#ipv4 ??= this.#machineForIpv4()?.sorted() ?? sortPrefixes(this.#sides, 4)
    return this.#ipv4
  }

  get #sortedIpv6(): SortedPrefixes {
    this.#ipv6 ??= sortPrefixes(this.#sides, 6)
    return this.#ipv6
  }
}

function copyOf({ side, row }: TableRow): TableRow {
  return { side, row }
}

function countOnes(flags: Uint8Array): number {
  let count = 0
  for (let index = 0; index < flags.length; index++) count += flags[index] as number
  return count
}
