import { keyAt, lastOf, networkOf, rowAt, sideAt } from './entry'
import {
  entriesAt,
  entriesEnd,
  equalAt,
  flaggedAt,
  lastsAt,
  metAt,
  metBeforeAt,
  metInAllBeforeAt,
  mostSides,
  nestedAt,
  offsetsAt,
  openAt,
  runEndsAt,
  runStartsAt,
  sides,
  spareAt,
} from './memory'

/*
 * Goes through sorted entries with a stack of those that are open at each place: aligned blocks nest or lie apart. Equal prefixes are opened and
 * closed together as one run, in which the sides stand one after the other.
 */

let isBetween: bool = false
let isWithin: bool = false
let isCounting: bool = false
let next: u32 = 0
let depth: i32 = 0
let metInAll: u32 = 0
let openInAll: u32 = 0

/** Which pairs count, and whether they are counted: flags alone take less time. */
export function beginSweep(rows: u32, between: bool, within: bool, counting: bool): void {
  isBetween = between
  isWithin = within
  isCounting = counting
  memory.fill(flaggedAt, 0, lastsAt - flaggedAt)
  memory.fill(nestedAt, 0, 8 * sides * sides)
  memory.fill(equalAt, 0, 8 * sides * sides)
  memory.fill(spareAt, 0, rows)
  next = entriesAt
  depth = 0
  metInAll = 0
  openInAll = 0
}

/** Goes on for so many entries, and reports whether more are left. In stretches it is compiled for speed after the first ones. */
export function sweep(most: u32): bool {
  const stop = min(entriesEnd, next + 8 * most)
  while (next < stop) {
    const start = next
    const key = keyAt(start)
    next += 8
    while (next < entriesEnd && keyAt(next) === key) next += 8
    while (depth > 0 && load<u32>(lastsAt + 4 * (depth - 1)) < networkOf(key)) close()
    meet(start, next)
    const last = lastOf(key)
    if (next < entriesEnd && networkOf(keyAt(next)) <= last) open(start, next, last)
    else judge(start, next, openInAll + ((next - start) >> 3))
  }
  if (next < entriesEnd) return true
  while (depth > 0) close()
  toFloats(nestedAt)
  toFloats(equalAt)
  return false
}

function toFloats(counts: u32): void {
  for (let at = counts; at < counts + 8 * sides * sides; at += 8) store<f64>(at, f64(load<u64>(at)))
}

/** Notes how many of each side had been met with a run. */
function meet(start: u32, end: u32): void {
  for (let at = start; at < end; ) {
    const side = sideAt(at)
    const stop = endOfSide(side, at, end)
    store<u32>(metBeforeAt + 4 * (depth * mostSides + side), increase(metAt + 4 * side, (stop - at) >> 3))
    at = stop
  }
  metInAll += (end - start) >> 3
}

/** A run with others inside, which are met before it is judged. */
function open(start: u32, end: u32, last: u32): void {
  for (let at = start; at < end; at += 8) increase(openAt + 4 * sideAt(at), 1)
  openInAll += (end - start) >> 3
  store<u32>(lastsAt + 4 * depth, last)
  store<u32>(runStartsAt + 4 * depth, start)
  store<u32>(runEndsAt + 4 * depth, end)
  store<u32>(metInAllBeforeAt + 4 * depth, metInAll)
  depth++
}

function close(): void {
  depth--
  const start = load<u32>(runStartsAt + 4 * depth)
  const end = load<u32>(runEndsAt + 4 * depth)
  for (let at = start; at < end; at += 8) increase(openAt + 4 * sideAt(at), -1)
  openInAll -= (end - start) >> 3
  judge(start, end, metInAll - load<u32>(metInAllBeforeAt + 4 * depth) + openInAll + ((end - start) >> 3))
}

/** Flags and counts a run of which is known how many prefixes there are inside, around and in it, and that it is not among the open ones. */
function judge(start: u32, end: u32, overlapped: u32): void {
  if (overlapped === 1) return
  for (let at = start; at < end; ) {
    const side = sideAt(at)
    const stop = endOfSide(side, at, end)
    const count = (stop - at) >> 3
    const inside = load<u32>(metAt + 4 * side) - load<u32>(metBeforeAt + 4 * (depth * mostSides + side))
    const ofSide = inside + load<u32>(openAt + 4 * side) + count
    if ((isWithin && ofSide > 1) || (isBetween && overlapped > ofSide)) flag(side, at, stop)
    if (isCounting) countPairs(side, count, start, at)
    at = stop
  }
}

/** Where the entries of one side end that stand in a run from a place on. */
function endOfSide(side: u32, start: u32, end: u32): u32 {
  let at = start + 8
  while (at < end && sideAt(at) === side) at += 8
  return at
}

function increase(at: u32, count: u32): u32 {
  const sum = load<u32>(at) + count
  store<u32>(at, sum)
  return sum
}

function flag(side: u32, start: u32, end: u32): void {
  increase(flaggedAt + 4 * side, (end - start) >> 3)
  const flags = spareAt + load<u32>(offsetsAt + 4 * side)
  for (let at = start; at < end; at += 8) store<u8>(flags + rowAt(at), 1)
}

/** Pairs of what one side has in a run with what is around it, with itself, and with the sides before, which are the lower ones. */
function countPairs(side: u32, count: u32, start: u32, own: u32): void {
  for (let outer: u32 = 0; openInAll > 0 && outer < sides; outer++) {
    addPairs(nestedAt, outer, side, u64(count) * load<u32>(openAt + 4 * outer))
  }
  addPairs(equalAt, side, side, (u64(count) * (count - 1)) / 2)
  for (let at = start; at < own; ) {
    const lower = sideAt(at)
    const stop = endOfSide(lower, at, own)
    addPairs(equalAt, lower, side, u64(count) * ((stop - at) >> 3))
    at = stop
  }
}

function addPairs(counts: u32, side: u32, other: u32, pairs: u64): void {
  const at = counts + 8 * (side * sides + other)
  store<u64>(at, load<u64>(at) + pairs)
}
