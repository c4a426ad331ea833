import { keyAt, lastOf, networkOf, rowAt, sideAt } from './entry'
import { deepest, entriesAt, entriesEnd, pairsAt, pairsAtOnce, walkAt } from './memory'

/*
 * All pairs that count, sorted by the inner prefix: those equal to it that stand before, then those around it from the innermost one on. A walk can stop after
 * any pair. Where it is, is in memory, so that several can be under way: whoever goes on with one puts its own there before, and takes it away afterwards.
 */

const startsAt: u32 = walkAt + 28
const endsAt: u32 = startsAt + 4 * deepest

/** The inner prefix, and how many runs enclose its own. */
let inner: u32 = 0
let depth: i32 = 0
/** The depth of the run that outer prefixes are taken from, and what is left of it: two parts, with the inner one's own side between. */
let outerDepth: i32 = 0
let at: u32 = 0
let end: u32 = 0
let nextStart: u32 = 0
let nextEnd: u32 = 0

/** Writes as many pairs as there is room for, 5 numbers each, and returns how many; fewer are the last ones. */
export function walk(between: bool, within: bool): u32 {
  takeUp()
  let count: u32 = 0
  for (; count < pairsAtOnce && findNext(between, within); pass()) notePair(pairsAt + 20 * count++)
  putDown()
  return count
}

/** Goes on to the next pair that counts, which is that of `outerEntry` and `innerEntry`; reports whether there is one. */
export function findNext(between: bool, within: bool): bool {
  while (at === end) {
    if (nextStart < nextEnd) {
      at = nextStart
      end = nextEnd
      nextStart = nextEnd
    } else if (outerDepth > 0) {
      outerDepth--
      choose(load<u32>(startsAt + 4 * outerDepth), load<u32>(endsAt + 4 * outerDepth), between, within)
    } else if (inner < entriesEnd - 8) {
      inner = inner === 0 ? entriesAt : inner + 8
      if (inner === entriesAt || inner === load<u32>(endsAt + 4 * depth)) openRun()
      outerDepth = depth
      choose(load<u32>(startsAt + 4 * depth), inner, between, within)
    } else return false
  }
  return true
}

/** The pair is dealt with. */
export function pass(): void {
  at += 8
}

/** Of the pair, what is of the lower side, then the outer one. */
export function leftEntry(): u32 {
  return isTurned() ? inner : at
}

export function rightEntry(): u32 {
  return isTurned() ? at : inner
}

/** How left lies to right: 0 equal, 1 contains, 2 inside. */
export function relation(): u32 {
  return outerDepth === depth ? 0 : 1 + u32(isTurned())
}

function isTurned(): bool {
  return sideAt(at) > sideAt(inner)
}

function openRun(): void {
  const key = keyAt(inner)
  let stop = inner + 8
  while (stop < entriesEnd && keyAt(stop) === key) stop += 8
  if (inner !== entriesAt) {
    depth++
    while (depth > 0 && lastOf(keyAt(load<u32>(startsAt + 4 * (depth - 1)))) < networkOf(key)) depth--
  }
  store<u32>(startsAt + 4 * depth, inner)
  store<u32>(endsAt + 4 * depth, stop)
}

/** Takes what counts of a run. It stands there by side, so what does not count is skipped as a whole. */
function choose(start: u32, stop: u32, between: bool, within: bool): void {
  at = start
  end = stop
  nextStart = stop
  nextEnd = stop
  if (start === stop || (between && within)) return
  const side = sideAt(inner)
  const ownStart = firstFrom(side, start, stop)
  const ownEnd = firstFrom(side + 1, ownStart, stop)
  if (within) at = ownStart
  else nextStart = ownEnd
  end = within ? ownEnd : ownStart
}

/** Where the first entry of a run stands that is not of a lower side. */
function firstFrom(side: u32, start: u32, stop: u32): u32 {
  let low = start
  let high = stop
  while (low < high) {
    const middle = low + (((high - low) >> 4) << 3)
    if (sideAt(middle) < side) low = middle + 8
    else high = middle
  }
  return low
}

function notePair(to: u32): void {
  noteRow(to, leftEntry())
  noteRow(to + 8, rightEntry())
  store<u32>(to + 16, relation())
}

function noteRow(to: u32, entry: u32): void {
  store<u32>(to, sideAt(entry))
  store<u32>(to + 4, rowAt(entry))
}

export function takeUp(): void {
  inner = load<u32>(walkAt)
  depth = load<i32>(walkAt + 4)
  outerDepth = load<i32>(walkAt + 8)
  at = load<u32>(walkAt + 12)
  end = load<u32>(walkAt + 16)
  nextStart = load<u32>(walkAt + 20)
  nextEnd = load<u32>(walkAt + 24)
}

export function putDown(): void {
  store<u32>(walkAt, inner)
  store<i32>(walkAt + 4, depth)
  store<i32>(walkAt + 8, outerDepth)
  store<u32>(walkAt + 12, at)
  store<u32>(walkAt + 16, end)
  store<u32>(walkAt + 20, nextStart)
  store<u32>(walkAt + 24, nextEnd)
}
