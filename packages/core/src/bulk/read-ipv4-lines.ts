import { largestPiece, lineMachine, longestLine } from './line-machine.ts'
import { chunkSize, type OpenRows, type PrefixTable } from './prefix-table.ts'

/** So many bytes are given to the machine at first, and not less; then more and more, since what stands between other lines is short. */
const firstPiece = 4096
/** So many lines are read here before. */
const linesBefore = 8

const newline = 0x0a
const carriageReturn = 0x0d
/** As digits are counted: the byte less that of 0. */
const dot = -2
const slash = -1

/**
 * Adds plain lines, an IPv4 prefix and nothing else on each, as long as there are such; returns where the first other line starts, which
 * may well be good.
 */
export function readIpv4Lines(
  bytes: Uint8Array,
  { start, end, line }: { readonly start: number; readonly end: number; readonly line: number },
  table: PrefixTable,
): number {
  const { size } = table
  const stop = end - longestLine
  const isLong = stop - start > firstPiece
  let at = start
  let piece = firstPiece
  for (let isPlain = true; isPlain && at < stop; ) {
    const rows = table.openRows(line + table.size - size)
    const machine = isLong && at > start ? lineMachine() : undefined
    if (machine) {
      const pieceStop = Math.min(stop, at + piece)
      at = machine.fillRows(rows, bytes, { start: at, stop: pieceStop })
      isPlain = at >= pieceStop || rows.next === chunkSize
      piece = Math.min(4 * piece, largestPiece)
    } else {
      const limit = isLong && at === start ? Math.min(rows.next + linesBefore, chunkSize) : chunkSize
      at = fillRows(rows, bytes, { start: at, stop, limit })
      isPlain = rows.next === limit
    }
    table.closeRows(rows)
  }
  return at
}

/** Fills rows up to the limit or to the first line that is not plain, and returns where that one starts. Digits and line ends are found in one pass. */
function fillRows(
  rows: OpenRows,
  bytes: Uint8Array,
  { start, stop, limit }: { readonly start: number; readonly stop: number; readonly limit: number },
): number {
  const { networks, lengths } = rows
  let at = start
  for (; at < stop && rows.next < limit; rows.next++) {
    const lineStart = at
    let network = 0
    for (let octet = 0; octet < 4; octet++) {
      let value = (bytes[at++] as number) - 48
      if (value >>> 0 > 9) return lineStart
      let next = (bytes[at++] as number) - 48
      if (next >>> 0 <= 9) {
        if (value === 0) return lineStart
        value = value * 10 + next
        next = (bytes[at++] as number) - 48
        if (next >>> 0 <= 9) {
          value = value * 10 + next
          next = (bytes[at++] as number) - 48
        }
      }
      if (value > 255 || next !== (octet < 3 ? dot : slash)) return lineStart
      network = (network << 8) | value
    }
    let length = (bytes[at++] as number) - 48
    if (length >>> 0 > 9) return lineStart
    let next = bytes[at++] as number
    if ((next - 48) >>> 0 <= 9) {
      if (length === 0) return lineStart
      length = length * 10 + next - 48
      next = bytes[at++] as number
    }
    if (next === carriageReturn) next = bytes[at++] as number
    if (next !== newline || length > 32) return lineStart
    if (length < 32 && (network & (0xffffffff >>> length)) !== 0) return lineStart
    networks[rows.next] = network
    lengths[rows.next] = length
  }
  return at
}
