import { chunkBits, chunkMask, ipv6Mark, PrefixTable, wordOf } from './prefix-table.ts'
import { type SortedPrefixes, sameAsBefore } from './sorted-prefixes.ts'

/** 16 bytes of address, then the length. */
const digitsOfKey = 17
/** Fewer than these are compared with each other. */
const few = 24

/**
 * Sorts ids in place by one byte after the other from the highest down, each time by swapping every id into the part of its byte
 * (an American flag sort), so it takes 6 bytes for each prefix and no more.
 */
export function sortIpv6(tables: readonly PrefixTable[]): SortedPrefixes {
  const keys = new Keys(tables)
  const ids = keys.ids()
  sortPart({ ids, halves: new Uint16Array(ids.length), keys }, { start: 0, end: ids.length, digit: 0 })
  const depths = nest(ids, keys)
  sortRuns(ids, depths)
  return { ids, depths }
}

/** Keys by id, where ids count through all tables. */
class Keys {
  readonly #tables: readonly PrefixTable[]
  readonly #starts: readonly number[]
  #table = new PrefixTable()
  #start = 0
  /** The table has no IPv4, so that its rows are those of the wide chunks. */
  #isWide = false

  constructor(tables: readonly PrefixTable[]) {
    let sum = 0
    this.#tables = tables
    this.#starts = tables.map((table) => {
      sum += table.size
      return sum - table.size
    })
  }

  ids(): Uint32Array {
    const ids = new Uint32Array(this.#tables.reduce((sum, table) => sum + table.sizeOf(6), 0))
    let count = 0
    for (const [index, table] of this.#tables.entries()) {
      if (table.sizeOf(6) === 0) continue
      const start = this.#starts[index] as number
      for (let row = 0; row < table.size; row++) {
        const code = table.chunks[row >>> chunkBits]?.lengths[row & chunkMask] as number
        if (code >= ipv6Mark) ids[count++] = start + row
      }
    }
    return ids
  }

  word(id: number, word: number): number {
    const row = this.#find(id)
    return wordOf(this.#table.wideChunks, this.#isWide ? row : this.#wideRowOf(row), word)
  }

  #wideRowOf(row: number): number {
    return this.#table.chunks[row >>> chunkBits]?.networks[row & chunkMask] as number
  }

  length(id: number): number {
    const row = this.#find(id)
    return (this.#table.chunks[row >>> chunkBits]?.lengths[row & chunkMask] as number) - ipv6Mark
  }

  /** Two bytes of the address, or the length behind all of them. */
  half(id: number, digit: number): number {
    return digit === 16 ? this.length(id) : (this.word(id, digit >>> 2) >>> ((digit & 2) === 0 ? 16 : 0)) & 0xffff
  }

  /** The order of two keys: negative, zero or positive. */
  compare(a: number, b: number): number {
    for (let word = 0; word < 4; word++) {
      const difference = this.word(a, word) - this.word(b, word)
      if (difference !== 0) return difference
    }
    return this.length(a) - this.length(b)
  }

  /** The row of an id in its table, which is kept for the next look. */
  #find(id: number): number {
    const inTable = id - this.#start
    if (inTable >= 0 && inTable < this.#table.size) return inTable
    let index = this.#tables.length - 1
    while ((this.#starts[index] as number) > id) index--
    this.#table = this.#tables[index] as PrefixTable
    this.#start = this.#starts[index] as number
    this.#isWide = this.#table.sizeOf(4) === 0
    return id - this.#start
  }
}

interface Part {
  readonly start: number
  readonly end: number
  readonly digit: number
}

/** Ids and two bytes of the key of each, so that the keys, which lie anywhere in memory, are looked up half as often. */
interface Sorting {
  readonly ids: Uint32Array
  readonly halves: Uint16Array
  readonly keys: Keys
}

function sortPart(sorting: Sorting, { start, end, digit }: Part): void {
  if (digit === digitsOfKey) return
  const { ids, halves, keys } = sorting
  if (end - start < few) {
    insert(ids, keys, { start, end })
    return
  }
  if (digit % 2 === 0)
    for (let index = start; index < end; index++) halves[index] = keys.half(ids[index] as number, digit)
  const shift = digit % 2 === 0 && digit < 16 ? 8 : 0
  const ends = partEnds(halves, { start, end, shift })
  if (areSame(ends, start, end)) {
    sortPart(sorting, { start, end, digit: digit + 1 })
    return
  }
  permute(sorting, { start, shift, ends })
  let partStart = start
  for (let value = 0; value < 256; value++) {
    const partEnd = ends[value] as number
    if (partEnd - partStart > 1) sortPart(sorting, { start: partStart, end: partEnd, digit: digit + 1 })
    partStart = partEnd
  }
}

/** Reports whether all have the same digit, so that nothing is to be moved. */
function areSame(ends: Uint32Array, start: number, end: number): boolean {
  return ends.every((partEnd) => partEnd === start || partEnd === end)
}

/** Moves every id into the part of its digit. */
function permute(
  { ids, halves }: Sorting,
  { start, shift, ends }: { readonly start: number; readonly shift: number; readonly ends: Uint32Array },
): void {
  const heads = new Uint32Array(256)
  heads.set(ends.subarray(0, 255), 1)
  heads[0] = start
  for (let value = 0; value < 256; value++) {
    const end = ends[value] as number
    for (let head = heads[value] as number; head < end; head = heads[value] as number) {
      const half = halves[head] as number
      const home = (half >>> shift) & 255
      const place = heads[home] as number
      heads[home] = place + 1
      if (home === value) continue
      const id = ids[head] as number
      ids[head] = ids[place] as number
      halves[head] = halves[place] as number
      ids[place] = id
      halves[place] = half
    }
  }
}

/** Where the ids with each value of a digit will end. */
function partEnds(
  halves: Uint16Array,
  { start, end, shift }: { readonly start: number; readonly end: number; readonly shift: number },
): Uint32Array {
  const ends = new Uint32Array(256)
  for (let index = start; index < end; index++) {
    const value = ((halves[index] as number) >>> shift) & 255
    ends[value] = (ends[value] as number) + 1
  }
  let sum = start
  for (let value = 0; value < 256; value++) {
    sum += ends[value] as number
    ends[value] = sum
  }
  return ends
}

function insert(ids: Uint32Array, keys: Keys, { start, end }: { readonly start: number; readonly end: number }): void {
  for (let index = start + 1; index < end; index++) {
    const id = ids[index] as number
    let place = index
    while (place > start && keys.compare(ids[place - 1] as number, id) > 0) {
      ids[place] = ids[place - 1] as number
      place--
    }
    ids[place] = id
  }
}

/** More distinct prefixes than this never enclose each other. */
const deepest = 130

/** Finds the depths with a stack of the addresses and lengths of what is open. */
function nest(ids: Uint32Array, keys: Keys): Uint8Array {
  const depths = new Uint8Array(ids.length)
  const openWords = new Uint32Array(4 * deepest)
  const openLengths = new Uint8Array(deepest)
  const words = new Uint32Array(4)
  let depth = 0
  for (let position = 0; position < ids.length; position++) {
    const id = ids[position] as number
    const length = keys.length(id)
    for (let word = 0; word < 4; word++) words[word] = keys.word(id, word)
    while (depth > 0 && !holds(openWords, 4 * (depth - 1), { length: openLengths[depth - 1] as number, words })) depth--
    if (depth > 0 && openLengths[depth - 1] === length) {
      depths[position] = sameAsBefore
      continue
    }
    depths[position] = depth
    openWords.set(words, 4 * depth)
    openLengths[depth++] = length
  }
  return depths
}

/** Reports whether an address lies in the block of a length whose words begin at `base`. */
function holds(
  blocks: Uint32Array,
  base: number,
  { length, words }: { readonly length: number; readonly words: Uint32Array },
): boolean {
  const whole = length >>> 5
  for (let word = 0; word < whole; word++) if (blocks[base + word] !== words[word]) return false
  const rest = length & 31
  return rest === 0 || ((blocks[base + whole] as number) ^ (words[whole] as number)) >>> (32 - rest) === 0
}

/** Swapping mixes up equal prefixes; they are to stand by table and row. */
function sortRuns(ids: Uint32Array, depths: Uint8Array): void {
  let start = 0
  for (let position = 1; position <= ids.length; position++) {
    if (position < ids.length && depths[position] === sameAsBefore) continue
    if (position - start > 1) ids.subarray(start, position).sort()
    start = position
  }
}
