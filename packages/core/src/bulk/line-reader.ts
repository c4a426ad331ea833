import { listLine } from './list-line.ts'
import type { PrefixTable } from './prefix-table.ts'
import { readIpv4Lines } from './read-ipv4-lines.ts'
import type { PrefixFault, Span } from './read-prefix.ts'

/** What can be wrong with a line, or with the whole text: UTF-16 is told of once and then nothing more is read. */
export type LineFault = PrefixFault | 'LINE_TOO_LONG' | 'TEXT_UTF16'

export interface FaultyLine {
  /** Counted from 1. */
  readonly line: number
  readonly fault: LineFault
  /** The beginning of what stood there, as Latin-1; it may hold any character. */
  readonly text: string
}

export interface LineReading {
  readonly lines: number
  /** How many prefixes were added to the table. */
  readonly prefixes: number
  /** How many lines are faulty. */
  readonly faultCount: number
  /** The first of them. */
  readonly faults: readonly FaultyLine[]
}

const newline = 0x0a
/** What is left of a line without its comment may be this long; the bytes of an unfinished line are kept up to here. */
const longestLine = 4096
const utf16Marks = [
  [0xff, 0xfe],
  [0xfe, 0xff],
]
const keptFaults = 1000
const shownText = 80

/**
 * Reads text with one prefix or address on each line into a table, piece by piece. Blank lines and comments (`#` at the start of a line
 * or behind a blank, `;` at the start) are passed over, blanks around a prefix too; lines end with LF or CRLF. Memory is bounded whatever the text is.
 */
export class LineReader {
  readonly #table: PrefixTable
  readonly #sizeBefore: number
  readonly #faults: FaultyLine[] = []
  #faultCount = 0
  #line = 0
  /** An unfinished line. */
  readonly #rest = new Uint8Array(longestLine)
  #restLength = 0
  /** The unfinished line goes on behind what is kept of it. */
  #isCut = false
  #isFirst = true
  #isRefused = false

  constructor(table: PrefixTable) {
    this.#table = table
    this.#sizeBefore = table.size
  }

  /** Reads the next bytes, `end` not included; they may be overwritten afterwards. */
  push(given: Uint8Array, end = given.length): void {
    const bytes = given.subarray(0, end)
    let start = 0
    while (start < end && !this.#isRefused) {
      if (this.#restLength === 0 && !this.#isFirst) start = this.#readPlain(bytes, start)
      const found = bytes.indexOf(newline, start)
      const lineEnd = found < 0 ? end : found
      // Longer lines too, so that where the text is cut makes no difference.
      const isKept = this.#restLength > 0 || found < 0 || lineEnd - start > longestLine
      if (isKept) this.#keep(bytes.subarray(start, lineEnd))
      if (found < 0) return
      if (isKept) this.#finishRest()
      else this.#read(bytes, { start, end: lineEnd })
      start = lineEnd + 1
    }
  }

  /** Reads what is left: a text need not end with a line end. */
  finish(): LineReading {
    if (!this.#isRefused && this.#restLength > 0) this.#finishRest()
    return {
      lines: this.#line,
      prefixes: this.#table.size - this.#sizeBefore,
      faultCount: this.#faultCount,
      faults: this.#faults,
    }
  }

  #readPlain(bytes: Uint8Array, start: number): number {
    const before = this.#table.size
    const stop = readIpv4Lines(bytes, { start, end: bytes.length, line: this.#line + 1 }, this.#table)
    this.#line += this.#table.size - before
    return stop
  }

  #keep(bytes: Uint8Array): void {
    const room = longestLine - this.#restLength
    if (bytes.length > room) this.#isCut = true
    const kept = bytes.subarray(0, room)
    this.#rest.set(kept, this.#restLength)
    this.#restLength += kept.length
  }

  #finishRest(): void {
    const rest = { start: 0, end: this.#restLength }
    // What is cut off belongs to a comment, or else the line has no end in sight.
    const isTooLong = this.#isCut && !listLine(this.#rest, rest).isCommented
    this.#restLength = 0
    this.#isCut = false
    this.#read(this.#rest, rest, isTooLong)
  }

  #read(bytes: Uint8Array, { start, end }: Span, isTooLong = false): void {
    this.#line++
    const textStart = this.#isFirst ? this.#passMark(bytes, { start, end }) : start
    this.#isFirst = false
    if (this.#isRefused) return
    const prefix = listLine(bytes, { start: textStart, end })
    if (prefix.start === prefix.end && !isTooLong) return
    const fault = isTooLong ? 'LINE_TOO_LONG' : this.#table.addText(bytes, prefix.start, prefix.end, this.#line)
    if (fault) this.#blame(fault, bytes, prefix)
  }

  /** Where the text starts behind a byte order mark. */
  #passMark(bytes: Uint8Array, { start, end }: Span): number {
    if (startsWith(bytes, { start, end }, [0xef, 0xbb, 0xbf])) return start + 3
    this.#isRefused = utf16Marks.some((mark) => startsWith(bytes, { start, end }, mark))
    if (this.#isRefused) this.#blame('TEXT_UTF16', bytes, { start, end: start })
    return start
  }

  #blame(fault: LineFault, bytes: Uint8Array, { start, end }: Span): void {
    this.#faultCount++
    if (this.#faults.length >= keptFaults) return
    const text = String.fromCharCode(...bytes.subarray(start, Math.min(end, start + shownText)))
    this.#faults.push({ line: this.#line, fault, text })
  }
}

function startsWith(bytes: Uint8Array, { start, end }: Span, mark: readonly number[]): boolean {
  return end - start >= mark.length && mark.every((byte, index) => bytes[start + index] === byte)
}
