import { type Bits, familyOf, offsetBy } from '../address/bits.ts'
import { Prefix } from '../address/prefix.ts'
import type { Range } from './range.ts'
import type { Tracked } from './tracked.ts'

/** Addresses in a row that have one longest prefix; `undefined` where no prefix holds them. */
interface Run<T> {
  readonly first: Bits
  readonly entry: T | undefined
}

/** Which of many prefixes an address belongs to: the longest that holds it. Building costs n log n, asking log n. */
export class LongestPrefix<T extends { readonly prefix: Prefix }> {
  readonly #runs: Readonly<Record<4 | 6, readonly Run<T>[]>>
  readonly #isAlike: (one: T, other: T) => boolean

  /** Of entries with one prefix the first counts. `isAlike`: entries that say the same of an address that could belong to either. */
  constructor(entries: readonly T[], isAlike: (one: T, other: T) => boolean = (one, other) => one === other) {
    this.#isAlike = isAlike
    const sorted = entries.toSorted((a, b) => Prefix.compare(a.prefix, b.prefix))
    const first = sorted.filter(({ prefix }, at) => !sorted[at - 1]?.prefix.equals(prefix))
    const of = (family: 4 | 6) => runsOf(first.filter(({ prefix }) => prefix.family === family))
    this.#runs = { 4: of(4), 6: of(6) }
  }

  /** Narrows the field to the addresses around its own that have the same answer. */
  of(field: Tracked): T | undefined {
    const runs = this.#runs[familyOf(field.value)]
    const at = runAt(runs, field.value)
    const [first, last] = field.isAny ? this.#alikeAround(runs, at) : [at, at]
    field.isIn(rangeOfRuns(runs, [first, last], field.value))
    return runs[at]?.entry
  }

  /** The first and the last of the runs around one that say the same. */
  #alikeAround(runs: readonly Run<T>[], at: number): readonly [first: number, last: number] {
    const entry = runs[at]?.entry
    const isSame = (index: number) => {
      const other = runs[index]?.entry
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
    return runs[runAt(runs, value)]?.entry
  }
}

/** The prefixes come by address, the larger first, so that those which hold the next one lie on a stack. */
function runsOf<T extends { readonly prefix: Prefix }>(sorted: readonly T[]): Run<T>[] {
  const runs: Run<T>[] = []
  const open: T[] = []
  const put = (first: Bits, entry: T | undefined) => {
    if (runs.at(-1)?.first === first) runs.pop()
    if (runs.length === 0 || runs.at(-1)?.entry !== entry) runs.push({ first, entry })
  }
  const closeBefore = (next: Bits | undefined) => {
    for (let top = open.at(-1); top && (next === undefined || top.prefix.lastBits < next); top = open.at(-1)) {
      open.pop()
      put(offsetBy(top.prefix.lastBits, 1), open.at(-1))
    }
  }
  for (const entry of sorted) {
    closeBefore(entry.prefix.bits)
    put(entry.prefix.bits, entry)
    open.push(entry)
  }
  closeBefore(undefined)
  return runs
}

function runAt(runs: readonly Run<unknown>[], value: Bits): number {
  let low = 0
  let high = runs.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((runs[middle] as Run<unknown>).first <= value) low = middle + 1
    else high = middle
  }
  return low - 1
}

function rangeOfRuns(
  runs: readonly Run<unknown>[],
  [from, to]: readonly [first: number, last: number],
  value: Bits,
): Range {
  const isFour = typeof value === 'number'
  const next = runs[to + 1]
  const end = isFour ? 2 ** 32 - 1 : (1n << 128n) - 1n
  return { first: runs[from]?.first ?? (isFour ? 0 : 0n), last: next === undefined ? end : offsetBy(next.first, -1) }
}
