import { type Chunk, chunkSize, type PrefixTable } from './prefix-table.ts'
import { type SortedPrefixes, sameAsBefore } from './sorted-prefixes.ts'

/**
 * A radix sort in three passes, from the lowest digit up. A prefix has 33 bits of information: each has a key of 32 bits, for lengths
 * up to 31 the address with a 1 behind the prefix, for length 32 the address; and the lowest bit of its id tells which. Lengths
 * count in the first digit only, through the rank of the last octet and the length among all of those pairs.
 */
interface Keyed {
  readonly keys: Int32Array
  readonly ids: Uint32Array
}

const digitBits = 12
const digitCount = 1 << digitBits
const lowBits = 8
const lowMask = (1 << lowBits) - 1

interface Digits {
  readonly low: Int32Array
  readonly middle: Int32Array
  readonly high: Int32Array
}

export function sortIpv4(tables: readonly PrefixTable[]): SortedPrefixes {
  const count = tables.reduce((sum, table) => sum + table.sizeOf(4), 0)
  const ranks = ranksOfLowDigits()
  const digits = countDigits(tables, ranks)
  const one = emptyKeyed(count)
  const other = emptyKeyed(count)
  fill(one, { tables, ranks, starts: digits.low })
  scatter(one, other, { shift: lowBits, starts: digits.middle })
  scatter(other, one, { shift: lowBits + digitBits, starts: digits.high })
  return nest(one)
}

function emptyKeyed(count: number): Keyed {
  return { keys: new Int32Array(count), ids: new Uint32Array(count) }
}

/** By length · 256 + last octet: the place in the order of all pairs without host bits, by octet and then by length. */
function ranksOfLowDigits(): Uint16Array {
  const ranks = new Uint16Array(33 << lowBits)
  let rank = 0
  for (let octet = 0; octet <= lowMask; octet++) {
    for (let length = 0; length <= 32; length++) {
      const host = length === 32 ? 0 : 0xffffffff >>> length
      if ((octet & host) === 0) ranks[(length << lowBits) | octet] = rank++
    }
  }
  return ranks
}

/** For each digit where the prefixes with each value of it start. */
function countDigits(tables: readonly PrefixTable[], ranks: Uint16Array): Digits {
  const low = new Int32Array(digitCount)
  const middle = new Int32Array(digitCount)
  const high = new Int32Array(digitCount)
  for (const table of tables) {
    for (const [index, chunk] of table.chunks.entries()) {
      countChunk(chunk, Math.min(table.size - index * chunkSize, chunkSize), { ranks, low, middle, high })
    }
  }
  for (const counts of [low, middle, high]) sumUp(counts)
  return { low, middle, high }
}

function countChunk(
  { networks, lengths }: Chunk,
  count: number,
  { ranks, low, middle, high }: Digits & { readonly ranks: Uint16Array },
): void {
  for (let row = 0; row < count; row++) {
    const network = networks[row] as number
    const length = lengths[row] as number
    if (length > 32) continue
    increase(low, ranks[(length << lowBits) | (network & lowMask)] as number)
    increase(middle, (network >>> lowBits) & (digitCount - 1))
    increase(high, network >>> (lowBits + digitBits))
  }
}

function increase(counts: Int32Array, index: number): void {
  counts[index] = (counts[index] as number) + 1
}

function sumUp(counts: Int32Array): void {
  let sum = 0
  for (let index = 0; index < counts.length; index++) {
    const count = counts[index] as number
    counts[index] = sum
    sum += count
  }
}

/** The first pass: out of the tables. */
function fill(
  to: Keyed,
  {
    tables,
    ranks,
    starts,
  }: { readonly tables: readonly PrefixTable[]; readonly ranks: Uint16Array; readonly starts: Int32Array },
): void {
  let firstId = 0
  for (const table of tables) {
    for (const [index, chunk] of table.chunks.entries()) {
      const count = Math.min(table.size - index * chunkSize, chunkSize)
      fillFromChunk(to, chunk, { firstId: firstId + index * chunkSize, count, ranks, starts })
    }
    firstId += table.size
  }
}

function fillFromChunk(
  { keys, ids }: Keyed,
  { networks, lengths }: Chunk,
  {
    firstId,
    count,
    ranks,
    starts,
  }: { readonly firstId: number; readonly count: number; readonly ranks: Uint16Array; readonly starts: Int32Array },
): void {
  for (let row = 0; row < count; row++) {
    const network = networks[row] as number
    const length = lengths[row] as number
    if (length > 32) continue
    const digit = ranks[(length << lowBits) | (network & lowMask)] as number
    const place = starts[digit] as number
    starts[digit] = place + 1
    keys[place] = length === 32 ? network : network | (1 << (31 - length))
    ids[place] = ((firstId + row) << 1) | (length >>> 5)
  }
}

/** A stretch at a time, so that the loop is compiled for speed after the first ones and not in the middle of all. */
const stretch = 1 << 14

function scatter(
  from: Keyed,
  to: Keyed,
  { shift, starts }: { readonly shift: number; readonly starts: Int32Array },
): void {
  for (let start = 0; start < from.ids.length; start += stretch) {
    scatterStretch(from, to, { start, end: Math.min(start + stretch, from.ids.length), shift, starts })
  }
}

function scatterStretch(
  from: Keyed,
  to: Keyed,
  {
    start,
    end,
    shift,
    starts,
  }: { readonly start: number; readonly end: number; readonly shift: number; readonly starts: Int32Array },
): void {
  const { keys, ids } = from
  const { keys: newKeys, ids: newIds } = to
  for (let index = start; index < end; index++) {
    const key = keys[index] as number
    const id = ids[index] as number
    const network = (id & 1) === 1 ? key : key & (key - 1)
    const digit = (network >>> shift) & (digitCount - 1)
    const place = starts[digit] as number
    starts[digit] = place + 1
    newKeys[place] = key
    newIds[place] = id
  }
}

/** Which sign bit to change so that signed numbers compare as the unsigned ones do. */
const signBit = 0x80000000 | 0

/** Finds the depths with a stack of the last addresses of what is open; the ids lose their lowest bit. */
function nest({ keys, ids }: Keyed): SortedPrefixes {
  const depths = new Uint8Array(ids.length)
  const lasts = new Int32Array(34)
  let depth = 0
  let keyBefore = 0
  let bitBefore = -1
  for (let position = 0; position < ids.length; position++) {
    const key = keys[position] as number
    const id = ids[position] as number
    const bit = id & 1
    const network = bit === 1 ? key : key & (key - 1)
    ids[position] = id >>> 1
    if (key === keyBefore && bit === bitBefore) {
      depths[position] = sameAsBefore
      continue
    }
    const first = network ^ signBit
    while (depth > 0 && (lasts[depth - 1] as number) < first) depth--
    depths[position] = depth
    lasts[depth++] = (bit === 1 ? key : key | (key - 1)) ^ signBit
    keyBefore = key
    bitBefore = bit
  }
  return { ids, depths }
}
