import { keyAt, networkOf, rowAt, sideAt } from './entry'
import { shortDigitsAt, threeDigitsAt } from './memory'
import { findNext, leftEntry, pass, putDown, relation, rightEntry, takeUp } from './walk'

/*
 * Pairs as texts: start, prefix, what is before the line, line, what is between left and right, and the same of the right, end. A shape says where these
 * texts are: the address and the size of start, end and the three that are between, in the order of relations. Then follow four numbers for each side:
 * the address and size of what is before its lines, the address of the lines of its rows, 0 where they follow each other, and then the first of them.
 */

const dot: u8 = 0x2e
const slash: u8 = 0x2f

/** How many pairs were written the last time. */
export let written: u32 = 0

export function makeDigits(): void {
  for (let value: u32 = 0; value < 1000; value++) {
    const ones = 48 + (value % 10)
    const tens = 48 + ((value / 10) % 10)
    const hundreds = 48 + value / 100
    const three = hundreds | (tens << 8) | (ones << 16)
    const size: u32 = value < 10 ? 1 : value < 100 ? 2 : 3
    store<u32>(threeDigitsAt + 4 * value, three)
    store<u32>(shortDigitsAt + 4 * value, (three >> (8 * (3 - size))) | (size << 24))
  }
}

/**
 * Writes at most so many pairs, the last of which begins before `stop`, and returns where they end. Up to 15 bytes behind are spoiled, and as many
 * behind each text are read.
 */
export function writePairs(shape: u32, start: u32, stop: u32, most: u32, between: bool, within: bool): u32 {
  takeUp()
  let at = start
  let count: u32 = 0
  for (; count < most && at < stop && findNext(between, within); count++) {
    at = putText(shape, at)
    at = putSide(shape, leftEntry(), at)
    at = putText(shape + 16 + 8 * relation(), at)
    at = putSide(shape, rightEntry(), at)
    at = putText(shape + 8, at)
    pass()
  }
  putDown()
  written = count
  return at
}

function putSide(shape: u32, entry: u32, to: u32): u32 {
  const side = shape + 40 + 16 * sideAt(entry)
  const lines = load<u32>(side + 8)
  const row = rowAt(entry)
  const line = lines === 0 ? load<u32>(side + 12) + row : load<u32>(lines + 4 * row)
  return putNumber(line, putText(side, putPrefix(keyAt(entry), to)))
}

function putText(text: u32, to: u32): u32 {
  const from = load<u32>(text)
  const size = load<u32>(text + 4)
  for (let at: u32 = 0; at < size; at += 16) v128.store(to + at, v128.load(from + at))
  return to + size
}

function putPrefix(key: u64, to: u32): u32 {
  const network = networkOf(key)
  let at = putMark(dot, putShort(network >> 24, to))
  at = putMark(dot, putShort((network >> 16) & 255, at))
  at = putMark(dot, putShort((network >> 8) & 255, at))
  at = putMark(slash, putShort(network & 255, at))
  return putShort(u32(key & 63), at)
}

function putMark(mark: u8, to: u32): u32 {
  store<u8>(to, mark)
  return to + 1
}

function putNumber(value: u32, to: u32): u32 {
  if (value < 1000) return putShort(value, to)
  const at = putNumber(value / 1000, to)
  store<u32>(at, load<u32>(threeDigitsAt + 4 * (value % 1000)))
  return at + 3
}

/** A number below 1000. */
function putShort(value: u32, to: u32): u32 {
  const digits = load<u32>(shortDigitsAt + 4 * value)
  store<u32>(to, digits)
  return to + (digits >> 24)
}
