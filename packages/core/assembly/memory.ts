/* What lies where in memory. */

export const rootBits: u32 = 16
export const roots: u32 = 1 << rootBits
export const digitBits: u32 = 11
export const digits: u32 = 1 << digitBits
/** Of the lowest bits of an entry: the side, and the row in it. */
export const idBits: u32 = 26
/** So many distinct prefixes can be open at a place: those of each length. */
export const deepest: u32 = 33

/** The rows of one chunk of a table, for `count` and `place`. */
export const chunkRows: u32 = 1 << 14
export const chunkNetworksAt: u32 = 1024
export const chunkLengthsAt: u32 = chunkNetworksAt + 4 * chunkRows
/** By the first 16 bits of prefixes how many there are, then where the next one goes. */
export const startsAt: u32 = chunkLengthsAt + chunkRows
/** How often each digit occurs, then where the next one goes. */
export const lowAt: u32 = startsAt + 4 * roots
export const highAt: u32 = lowAt + 4 * digits
/** The digits of each number below 1000, as bytes, and how many they are; then three for each. */
export const shortDigitsAt: u32 = highAt + 4 * digits
export const threeDigitsAt: u32 = shortDigitsAt + 4000
/** Where a walk is, and the pairs that it has come to, 5 numbers each. */
export const walkAt: u32 = threeDigitsAt + 4000
export const walkSize: u32 = 28 + 8 * deepest
export const pairsAt: u32 = walkAt + walkSize
export const pairsAtOnce: u32 = 1024

/** There are no more sides than this. */
export const mostSides: u32 = 256
/** Where the rows of each side begin when they are counted on. */
export const offsetsAt: u32 = pairsAt + 20 * pairsAtOnce
/** By side: how many rows are flagged, how many prefixes were met, how many of them are open. */
export const flaggedAt: u32 = offsetsAt + 4 * (mostSides + 1)
export const metAt: u32 = flaggedAt + 4 * mostSides
export const openAt: u32 = metAt + 4 * mostSides
/** By depth: the last address of an open run, where it stands, and how many prefixes had been met with it. */
export const lastsAt: u32 = openAt + 4 * mostSides
export const runStartsAt: u32 = lastsAt + 4 * deepest
export const runEndsAt: u32 = runStartsAt + 4 * deepest
export const metInAllBeforeAt: u32 = runEndsAt + 4 * deepest
/** By depth and side, for the sides of the run. */
export const metBeforeAt: u32 = metInAllBeforeAt + 4 * deepest
/** Numbers of pairs as floats by outer and inner side, or by the lower and the higher one for equal prefixes. */
export const nestedAt: u32 = (metBeforeAt + 4 * deepest * mostSides + 7) & ~7
export const equalAt: u32 = nestedAt + 8 * mostSides * mostSides
export const entriesAt: u32 = equalAt + 8 * mostSides * mostSides
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
  entriesEnd = entriesAt + 8 * size
  spareAt = entriesEnd
  const end = u64(spareAt) + max(max(u64(longest) * 8, u64(rows)), u64(size) * 5)
  const pages = i32((end + 0xffff) >> 16)
  return pages <= memory.size() || memory.grow(pages - memory.size()) >= 0
}

/** A place of so many bytes behind all others, which stays; 0 where there is no memory for it. */
export function reserve(size: u32): u32 {
  const start = u32(memory.size()) << 16
  return memory.grow(i32((u64(size) + 0xffff) >> 16)) >= 0 ? start : 0
}
