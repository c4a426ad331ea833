import type { Range } from './range.ts'

interface Entry<T> {
  readonly range: Range
  readonly value: T
}

/**
 * Values filed under ranges of one family, so that what meets a range is found without comparing all pairs. Entries are sorted by
 * their start; `furthest[i]` is the greatest end in the subtree around the middle `i`. Building costs O(n log n), a look-up O(log n + hits).
 */
export class IntervalIndex<T> {
  readonly #entries: readonly Entry<T>[]
  readonly #furthest: Range['last'][]
  /** All ends, sorted: with the starts they tell the number of hits. */
  readonly #ends: readonly Range['last'][]

  constructor(entries: Iterable<Entry<T>>) {
    this.#entries = [...entries].sort((a, b) => compare(a.range.first, b.range.first))
    this.#ends = this.#entries.map(({ range }) => range.last).sort(compare)
    this.#furthest = new Array(this.#entries.length)
    this.#fill(0, this.#entries.length)
  }

  /** How many values meet a range. */
  count({ first, last }: Range): number {
    const startedBy = countWhile(
      this.#entries.length,
      (index) => (this.#entries[index] as Entry<T>).range.first <= last,
    )
    const endedBefore = countWhile(this.#ends.length, (index) => (this.#ends[index] as Range['last']) < first)
    return startedBy - endedBefore
  }

  /** The values whose range meets a range, by start. */
  meeting(range: Range): T[] {
    const found: T[] = []
    this.#search(range, { low: 0, high: this.#entries.length }, found)
    return found
  }

  #search(range: Range, { low, high }: { readonly low: number; readonly high: number }, found: T[]): void {
    if (low >= high) return
    const middle = (low + high) >>> 1
    if ((this.#furthest[middle] as Range['last']) < range.first) return
    this.#search(range, { low, high: middle }, found)
    const entry = this.#entries[middle] as Entry<T>
    if (entry.range.first > range.last) return
    if (entry.range.last >= range.first) found.push(entry.value)
    this.#search(range, { low: middle + 1, high }, found)
  }

  #fill(low: number, high: number): Range['last'] | undefined {
    if (low >= high) return undefined
    const middle = (low + high) >>> 1
    let furthest = (this.#entries[middle] as Entry<T>).range.last
    for (const below of [this.#fill(low, middle), this.#fill(middle + 1, high)]) {
      if (below !== undefined && below > furthest) furthest = below
    }
    this.#furthest[middle] = furthest
    return furthest
  }
}

function compare(a: Range['first'], b: Range['first']): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** How many of the first values hold; those that do come before those that do not. */
function countWhile(length: number, holds: (index: number) => boolean): number {
  let low = 0
  let high = length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (holds(middle)) low = middle + 1
    else high = middle
  }
  return low
}
