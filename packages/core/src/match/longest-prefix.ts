import { type Bits, familyOf, offsetBy } from '../address/bits.ts'
import { Prefix } from '../address/prefix.ts'
import type { Range } from './range.ts'
import type { Tracked } from './tracked.ts'

/**
 * Addresses in a row that have one longest prefix, by the first of them; `undefined` where no prefix holds them. A list of each, since there may be
 * hundreds of thousands.
 */
interface Runs<T> {
  readonly firsts: readonly Bits[]
  readonly entries: readonly (T | undefined)[]
}

/** Which of many prefixes an address belongs to: the longest that holds it. Building costs n log n, asking log n. */
export class LongestPrefix<T extends { readonly prefix: Prefix }> {
  readonly #runs: Readonly<Record<4 | 6, Runs<T>>>
  readonly #isAlike: (one: T, other: T) => boolean

  /** Of entries with one prefix the first counts. `isAlike`: entries that say the same of an address that could belong to either. */
  constructor(entries: readonly T[], isAlike: (one: T, other: T) => boolean = (one, other) => one === other) {
    this.#isAlike = isAlike
    const sorted = entries.toSorted((a, b) => Prefix.compare(a.prefix, b.prefix))
    const ofIpv6 = sorted.findIndex(({ prefix }) => prefix.family === 6)
    const [four, six] = ofIpv6 < 0 ? [sorted, []] : [sorted.slice(0, ofIpv6), sorted.slice(ofIpv6)]
    this.#runs = { 4: runsOf(four), 6: runsOf(six) }
  }

  /** Narrows the field to the addresses around its own that have the same answer. */
  of(field: Tracked): T | undefined {
    const runs = this.#runs[familyOf(field.value)]
    const at = runAt(runs, field.value)
    const [first, last] = field.isAny ? this.#alikeAround(runs, at) : [at, at]
    field.isIn(rangeOfRuns(runs, [first, last], field.value))
    return runs.entries[at]
  }

  /** The first and the last of the runs around one that say the same. */
  #alikeAround({ entries }: Runs<T>, at: number): readonly [first: number, last: number] {
    const entry = entries[at]
    const isSame = (index: number) => {
      const other = entries[index]
      return entry !== undefined && other !== undefined && this.#isAlike(entry, other)
    }
    let [first, last] = [at, at]
    while (isSame(first - 1)) first--
    while (isSame(last + 1)) last++
    return [first, last]
  }

  /** The same for one address. */
  at(value: Bits): T | undefined {
    const runs = this.#runs[familyOf(value)]
    return runs.entries[runAt(runs, value)]
  }
}

/** The prefixes come by address, the larger first, so that those which hold the next one lie on a stack. */
function runsOf<T extends { readonly prefix: Prefix }>(sorted: readonly T[]): Runs<T> {
  const firsts: Bits[] = []
  const entries: (T | undefined)[] = []
  const open: T[] = []
  const put = (first: Bits, entry: T | undefined) => {
    if (firsts.at(-1) === first) {
      firsts.pop()
      entries.pop()
    }
    if (firsts.length > 0 && entries.at(-1) === entry) return
    firsts.push(first)
    entries.push(entry)
  }
  const closeBefore = (next: Bits | undefined) => {
    for (let top = open.at(-1); top && (next === undefined || top.prefix.lastBits < next); top = open.at(-1)) {
      open.pop()
      put(offsetBy(top.prefix.lastBits, 1), open.at(-1))
    }
  }
  for (const entry of sorted) {
    const { prefix } = entry
    if (open.at(-1)?.prefix.equals(prefix)) continue
    closeBefore(prefix.bits)
    put(prefix.bits, entry)
    open.push(entry)
  }
  closeBefore(undefined)
  return { firsts, entries }
}

function runAt({ firsts }: Runs<unknown>, value: Bits): number {
  let low = 0
  let high = firsts.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((firsts[middle] as Bits) <= value) low = middle + 1
    else high = middle
  }
  return low - 1
}

function rangeOfRuns(
  { firsts }: Runs<unknown>,
  [from, to]: readonly [first: number, last: number],
  value: Bits,
): Range {
  const isFour = typeof value === 'number'
  const next = firsts[to + 1]
  const end = isFour ? 2 ** 32 - 1 : (1n << 128n) - 1n
  return { first: firsts[from] ?? (isFour ? 0 : 0n), last: next === undefined ? end : offsetBy(next, -1) }
}
