import type { PrefixTable } from './prefix-table.ts'
import type { PrefixFault } from './read-prefix.ts'

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
const carriageReturn = 0x0d
const blank = 0x20
const tab = 0x09
const hash = 0x23
/** What is left of a line without its comment may be this long; the bytes of an unfinished line are kept up to here. */
const longestLine = 4096
const keptFaults = 1000
const shownText = 80

/**
 * Reads text with one prefix or address on each line into a table, piece by piece. Blank lines and everything behind `#` are
 * passed over, blanks around a prefix too; lines end with LF or CRLF. Memory is bounded whatever the text is.
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
  push(bytes: Uint8Array, end = bytes.length): void {
    let start = 0
    while (start < end && !this.#isRefused) {
      const found = bytes.indexOf(newline, start)
      const lineEnd = found < 0 || found >= end ? end : found
      if (this.#restLength > 0 || this.#isCut || lineEnd === end) this.#keep(bytes.subarray(start, lineEnd))
      if (lineEnd === end) return
      if (this.#restLength > 0 || this.#isCut) this.#finishRest()
      else this.#read(bytes, start, lineEnd)
      start = lineEnd + 1
    }
  }

  /** Reads what is left: a text need not end with a line end. */
  finish(): LineReading {
    if (!this.#isRefused && (this.#restLength > 0 || this.#isCut)) this.#finishRest()
    return {
      lines: this.#line,
      prefixes: this.#table.size - this.#sizeBefore,
      faultCount: this.#faultCount,
      faults: this.#faults,
    }
  }

  #keep(bytes: Uint8Array): void {
    const room = longestLine - this.#restLength
    if (bytes.length > room) this.#isCut = true
    const kept = bytes.subarray(0, room)
    this.#rest.set(kept, this.#restLength)
    this.#restLength += kept.length
  }

  #finishRest(): void {
    const length = this.#restLength
    const isCut = this.#isCut
    this.#restLength = 0
    this.#isCut = false
    if (isCut && !this.#rest.includes(hash)) {
      this.#line++
      this.#blame('LINE_TOO_LONG', this.#rest, { start: 0, end: length })
    } else {
      this.#read(this.#rest, 0, length)
    }
  }

  #read(bytes: Uint8Array, lineStart: number, lineEnd: number): void {
    this.#line++
    let start = lineStart
    if (this.#isFirst) {
      this.#isFirst = false
      if (startsWithUtf16Mark(bytes, lineStart, lineEnd)) {
        this.#isRefused = true
        this.#blame('TEXT_UTF16', bytes, { start: lineStart, end: lineStart })
        return
      }
      if (startsWithUtf8Mark(bytes, lineStart, lineEnd)) start += 3
    }
    let end = start
    while (end < lineEnd && bytes[end] !== hash) end++
    while (start < end && isBlank(bytes[start] as number)) start++
    while (end > start && isBlank(bytes[end - 1] as number)) end--
    if (start === end) return
    const fault = this.#table.addText(bytes, start, end, this.#line)
    if (fault) this.#blame(fault, bytes, { start, end })
  }

  #blame(fault: LineFault, bytes: Uint8Array, { start, end }: { start: number; end: number }): void {
    this.#faultCount++
    if (this.#faults.length >= keptFaults) return
    const text = String.fromCharCode(...bytes.subarray(start, Math.min(end, start + shownText)))
    this.#faults.push({ line: this.#line, fault, text })
  }
}

function isBlank(byte: number): boolean {
  return byte === blank || byte === tab || byte === carriageReturn
}

function startsWithUtf16Mark(bytes: Uint8Array, start: number, end: number): boolean {
  const [one, other] = [bytes[start], bytes[start + 1]]
  return end - start >= 2 && ((one === 0xff && other === 0xfe) || (one === 0xfe && other === 0xff))
}

function startsWithUtf8Mark(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start >= 3 && bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf
}
