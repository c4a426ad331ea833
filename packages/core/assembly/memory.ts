/* What lies where in memory. */

export const rootBits: u32 = 16
export const roots: u32 = 1 << rootBits
export const digitBits: u32 = 11
export const digits: u32 = 1 << digitBits
/** Of the lowest bits of an entry: the side, and the row in it. */
export const idBits: u32 = 26
/** So many distinct prefixes can be open at a place. */
const deepest: u32 = 34

/** The rows of one chunk of a table, for `count` and `place`. */
const chunkRows: u32 = 1 << 14
export const chunkNetworksAt: u32 = 1024
export const chunkLengthsAt: u32 = chunkNetworksAt + 4 * chunkRows
/** By the first 16 bits of prefixes how many there are, then where the next one goes. */
export const startsAt: u32 = chunkLengthsAt + chunkRows
/** How often each digit occurs, then where the next one goes. */
export const lowAt: u32 = startsAt + 4 * roots
export const highAt: u32 = lowAt + 4 * digits
/** Where a walk is, and the pairs that it has come to, 9 numbers each. */
export const walkAt: u32 = highAt + 4 * digits
export const pairsAt: u32 = walkAt + 320
const pairsAtOnce: u32 = 1024
/** Where the rows of each side begin when they are counted on. */
export const offsetsAt: u32 = pairsAt + 36 * pairsAtOnce

/** Numbers of pairs as floats by outer and inner side, or by the lower and the higher one for equal prefixes. */
export let equalAt: u32 = 0
export let nestedAt: u32 = 0
/** By side: how many rows are flagged, how many prefixes were met, how many of them are open. */
export let flaggedAt: u32 = 0
export let metAt: u32 = 0
export let openAt: u32 = 0
/** By depth: the last address of an open run, where it stands, and how many prefixes had been met with it. */
export let lastsAt: u32 = 0
export let runStartsAt: u32 = 0
export let runEndsAt: u32 = 0
export let metInAllBeforeAt: u32 = 0
/** By depth and side, for the sides of the run. */
export let metBeforeAt: u32 = 0
export let entriesAt: u32 = 0
export let entriesEnd: u32 = 0
/** Behind the entries: the other half of what is being sorted, later the flags of all rows, or what `nest` makes. */
export let spareAt: u32 = 0

export let sides: u32 = 0
/** How many bits of an id are the row. */
export let rowBits: u32 = 0

/** Makes room for the prefixes that were counted; reports whether there is as much memory. */
export function prepare(ofSides: u32, rows: u32): bool {
  sides = ofSides
  rowBits = idBits - u32(32 - clz(sides - 1))
  let size: u32 = 0
  let longest: u32 = 0
  for (let at = startsAt; at < startsAt + 4 * roots; at += 4) {
    const counted = load<u32>(at)
    store<u32>(at, size)
    size += counted
    longest = max(longest, counted)
  }
  equalAt = (offsetsAt + 4 * sides + 7) & ~7
  nestedAt = equalAt + 8 * sides * sides
  flaggedAt = nestedAt + 8 * sides * sides
  metAt = flaggedAt + 4 * sides
  openAt = metAt + 4 * sides
  lastsAt = openAt + 4 * sides
  runStartsAt = lastsAt + 4 * deepest
  runEndsAt = runStartsAt + 4 * deepest
  metInAllBeforeAt = runEndsAt + 4 * deepest
  metBeforeAt = metInAllBeforeAt + 4 * deepest
  entriesAt = (metBeforeAt + 4 * deepest * sides + 7) & ~7
  entriesEnd = entriesAt + 8 * size
  spareAt = entriesEnd
  const end = u64(spareAt) + max(max(u64(longest) * 8, u64(rows)), u64(size) * 10)
  const pages = i32((end + 0xffff) >> 16)
  return pages <= memory.size() || memory.grow(pages - memory.size()) >= 0
}
