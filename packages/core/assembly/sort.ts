import {
  chunkLengthsAt,
  chunkNetworksAt,
  digitBits,
  digits,
  entriesAt,
  highAt,
  idBits,
  lowAt,
  rootBits,
  roots,
  rowBits,
  spareAt,
  startsAt,
} from './memory'

/*
 * Each prefix is an entry, a number of 64 bits that is ordered as prefixes are: the address, the length in 6 bits, the side and the row. Entries are
 * put beside those with the same first 16 bits, in the order of rows. Each such stretch, which mostly fits into a cache, is then sorted by the 22 bits that
 * are left: in two passes, or where it is short by inserting one after the other.
 */

/** Longer stretches are sorted by digits. */
const fewest: u32 = 64

/** Counts the IPv4 rows of the chunk; lengths of others are above 32. */
export function count(rows: u32): void {
  for (let row: u32 = 0; row < rows; row++) {
    if (load<u8>(chunkLengthsAt + row) <= 32) increase(startsAt + rootOf(load<u32>(chunkNetworksAt + 4 * row)))
  }
}

/** Puts the rows of the chunk, the first of which is so far down in its side, beside those with the same first 16 bits. */
export function place(rows: u32, side: u32, firstRow: u32): void {
  const firstId = (side << rowBits) + firstRow
  for (let row: u32 = 0; row < rows; row++) {
    const length = load<u8>(chunkLengthsAt + row)
    if (length > 32) continue
    const network = load<u32>(chunkNetworksAt + 4 * row)
    const start = startsAt + rootOf(network)
    const position = load<u32>(start)
    store<u32>(start, position + 1)
    store<u64>(entriesAt + 8 * position, (u64(network) << 32) | (u64(length) << idBits) | u64(firstId + row))
  }
}

/** Sorts every stretch; `place` left where each ends. */
export function sort(): void {
  let start = entriesAt
  for (let at = startsAt; at < startsAt + 4 * roots; at += 4) {
    const end = entriesAt + 8 * load<u32>(at)
    if (end - start > 8 * fewest) sortByDigits(start, end)
    else insertAll(start, end)
    start = end
  }
}

function rootOf(network: u32): u32 {
  return (network >> (32 - rootBits)) << 2
}

function insertAll(start: u32, end: u32): void {
  for (let next = start + 8; next < end; next += 8) {
    const entry = load<u64>(next)
    let at = next
    for (; at > start && load<u64>(at - 8) > entry; at -= 8) store<u64>(at, load<u64>(at - 8))
    store<u64>(at, entry)
  }
}

function sortByDigits(start: u32, end: u32): void {
  memory.fill(lowAt, 0, 8 * digits)
  for (let at = start; at < end; at += 8) {
    const entry = load<u64>(at)
    increase(lowAt + digitOf(entry, idBits))
    increase(highAt + digitOf(entry, idBits + digitBits))
  }
  let low = spareAt
  let high = start
  for (let digit: u32 = 0; digit < 4 * digits; digit += 4) {
    const lows = load<u32>(lowAt + digit)
    const highs = load<u32>(highAt + digit)
    store<u32>(lowAt + digit, low)
    store<u32>(highAt + digit, high)
    low += 8 * lows
    high += 8 * highs
  }
  scatter(start, end, lowAt, idBits)
  scatter(spareAt, spareAt + end - start, highAt, idBits + digitBits)
}

/** Puts entries where the next one with their digit goes. */
function scatter(start: u32, end: u32, places: u32, shift: u32): void {
  for (let at = start; at < end; at += 8) {
    const entry = load<u64>(at)
    const digit = places + digitOf(entry, shift)
    const to = load<u32>(digit)
    store<u32>(digit, to + 8)
    store<u64>(to, entry)
  }
}

function digitOf(entry: u64, shift: u32): u32 {
  return (u32(entry >> shift) & (digits - 1)) << 2
}

function increase(at: u32): void {
  store<u32>(at, load<u32>(at) + 1)
}
