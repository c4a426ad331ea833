import { keyAt, lastOf, networkOf, rowAt, sideAt } from './entry'
import { entriesAt, entriesEnd, lastsAt, offsetsAt, spareAt } from './memory'

/** In place of a depth: this prefix is equal to the one before. */
const sameAsBefore: u8 = 255

/** Of the next entry; 0 before the first one. */
let next: u32 = 0
let depth: i32 = 0
let keyBefore: u64 = 0

/**
 * Writes the sorted prefixes as columns to the spare memory: ids and depths. Goes on for so many entries
 * and reports whether more are left.
 */
export function nest(most: u32): bool {
  if (next === 0) {
    next = entriesAt
    keyBefore = ~u64(0)
  }
  const size = (entriesEnd - entriesAt) >> 3
  const depthsAt = spareAt + 4 * size
  const stop = min(entriesEnd, next + 8 * most)
  for (; next < stop; next += 8) {
    const position = (next - entriesAt) >> 3
    const key = keyAt(next)
    const network = networkOf(key)
    store<u32>(spareAt + 4 * position, load<u32>(offsetsAt + 4 * sideAt(next)) + rowAt(next))
    if (key === keyBefore) {
      store<u8>(depthsAt + position, sameAsBefore)
      continue
    }
    while (depth > 0 && load<u32>(lastsAt + 4 * (depth - 1)) < network) depth--
    store<u8>(depthsAt + position, u8(depth))
    store<u32>(lastsAt + 4 * depth++, lastOf(key))
    keyBefore = key
  }
  return next < entriesEnd
}
