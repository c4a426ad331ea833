import { chunkBits, chunkMask, ipv6Mark, type PrefixTable, wordOf } from './prefix-table.ts'
import { type SortedPrefixes, sameAsBefore } from './sorted-prefixes.ts'

/** 16 bytes of address, then the length. */
const digitsOfKey = 17
/** Fewer than these are compared with each other. */
const few = 24

/**
 * Sorts ids in place by one byte after the other from the highest down, each time by swapping every id into the part of its byte
 * (an American flag sort), so it takes 4 bytes for each prefix and no more.
 */
export function sortIpv6(tables: readonly PrefixTable[]): SortedPrefixes {
  const keys = new Keys(tables)
  const ids = keys.ids()
  sortPart(ids, keys, { start: 0, end: ids.length, digit: 0 })
  sortRuns(ids, keys)
  return { ids, depths: nest(ids, keys), networks: new Int32Array(0), lengths: new Uint8Array(0) }
}

/** Keys by id, where ids count through all tables. */
class Keys {
  readonly #tables: readonly PrefixTable[]
  readonly #starts: readonly number[]
  #table: PrefixTable
  #start = 0

  constructor(tables: readonly PrefixTable[]) {
    let sum = 0
    this.#tables = tables
    this.#starts = tables.map((table) => {
      sum += table.size
      return sum - table.size
    })
    this.#table = tables[0] as PrefixTable
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
    const wideRow = this.#table.chunks[row >>> chunkBits]?.networks[row & chunkMask] as number
    return wordOf(this.#table.wideChunks, wideRow, word)
  }

  length(id: number): number {
    const row = this.#find(id)
    return (this.#table.chunks[row >>> chunkBits]?.lengths[row & chunkMask] as number) - ipv6Mark
  }

  digit(id: number, digit: number): number {
    return digit === 16 ? this.length(id) : (this.word(id, digit >>> 2) >>> (24 - 8 * (digit & 3))) & 255
  }

  /** The order of two keys: negative, zero or positive. */
  compare(a: number, b: number): number {
    for (let word = 0; word < 4; word++) {
      const difference = this.word(a, word) - this.word(b, word)
      if (difference !== 0) return difference
    }
    return this.length(a) - this.length(b)
  }

  /** Reports whether the block of `a` holds that of `b`, which does not stand before it. */
  contains(a: number, b: number): boolean {
    const length = this.length(a)
    if (length > this.length(b)) return false
    for (let word = 0; word < length >>> 5; word++) if (this.word(a, word) !== this.word(b, word)) return false
    const rest = length & 31
    return rest === 0 || (this.word(a, length >>> 5) ^ this.word(b, length >>> 5)) >>> (32 - rest) === 0
  }

  /** The row of an id in its table, which is kept for the next look. */
  #find(id: number): number {
    const inTable = id - this.#start
    if (inTable >= 0 && inTable < this.#table.size) return inTable
    let index = this.#tables.length - 1
    while ((this.#starts[index] as number) > id) index--
    this.#table = this.#tables[index] as PrefixTable
    this.#start = this.#starts[index] as number
    return id - this.#start
  }
}

interface Part {
  readonly start: number
  readonly end: number
  readonly digit: number
}

function sortPart(ids: Uint32Array, keys: Keys, { start, end, digit }: Part): void {
  if (digit === digitsOfKey) return
  if (end - start < few) {
    insert(ids, keys, { start, end })
    return
  }
  const ends = partEnds(ids, keys, { start, end, digit })
  const heads = ends.slice()
  heads.copyWithin(1, 0)
  heads[0] = start
  const starts = heads.slice()
  for (let value = 0; value < 256; value++) {
    while ((heads[value] as number) < (ends[value] as number)) {
      const head = heads[value] as number
      const id = ids[head] as number
      const home = keys.digit(id, digit)
      const place = heads[home] as number
      heads[home] = place + 1
      if (home === value) continue
      ids[head] = ids[place] as number
      ids[place] = id
    }
  }
  for (let value = 0; value < 256; value++) {
    const part = { start: starts[value] as number, end: ends[value] as number, digit: digit + 1 }
    if (part.end - part.start > 1) sortPart(ids, keys, part)
  }
}

/** Where the ids with each value of a digit will end. */
function partEnds(ids: Uint32Array, keys: Keys, { start, end, digit }: Part): Uint32Array {
  const ends = new Uint32Array(256)
  for (let index = start; index < end; index++) {
    const value = keys.digit(ids[index] as number, digit)
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

/** Swapping mixes up equal prefixes; they are to stand by table and row. */
function sortRuns(ids: Uint32Array, keys: Keys): void {
  let start = 0
  for (let position = 1; position <= ids.length; position++) {
    const isSame = position < ids.length && keys.compare(ids[start] as number, ids[position] as number) === 0
    if (isSame) continue
    if (position - start > 1) ids.subarray(start, position).sort()
    start = position
  }
}

function nest(ids: Uint32Array, keys: Keys): Uint8Array {
  const depths = new Uint8Array(ids.length)
  const open: number[] = []
  for (let position = 0; position < ids.length; position++) {
    const id = ids[position] as number
    while (open.length > 0 && !keys.contains(open.at(-1) as number, id)) open.pop()
    const top = open.at(-1)
    if (top !== undefined && keys.length(top) === keys.length(id)) {
      depths[position] = sameAsBefore
      continue
    }
    depths[position] = open.length
    open.push(id)
  }
  return depths
}
