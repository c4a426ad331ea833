import { shownLine, visible } from '@natplan/templates'
import { utf8 } from './bytes.ts'

/** Why a text is not taken, and what to do about it. */
export interface Problem {
  readonly message: string
  readonly hint?: string
}

/** Where a reader puts what it finds. Bytes are valid during the call only. */
export interface Cells {
  /** A text that should be a prefix: the bytes from start up to end, the line that it begins in, and what it is called. */
  take(bytes: Uint8Array, start: number, end: number, line: number, label?: string | Uint8Array): void
  /** What is taken from here on belongs to the space that a text names; only asked of whoever keeps spaces apart. */
  enter?(space: string | undefined): void
  /** Something that cannot be read. */
  refuse(line: number, text: string, problem: Problem): void
  /** A row or a value that has nothing to read. */
  pass(): void
}

/** Takes a text piece by piece, cut anywhere, in memory that does not grow with the text. */
export interface Reader {
  /** There was something to read: more than blanks, comments and the names of columns. */
  readonly hasContent: boolean
  read(bytes: Uint8Array): void
  /** After the last piece. */
  end(): void
}

/** How many networks were not read, by why. */
export interface RecordNotes {
  /** Further mentions in one record. */
  repeated: number
  /** Inside another network of the same record, or around one. */
  contained: number
  /** No longer in use, or only containers, by what their objects say. */
  unused: number
  /** Loopback, link-local and default routes among addresses with their lengths. */
  special: number
  /** Rows of an export that are of another kind. */
  others: number
}

/** Longer texts are no prefix; what is kept of one for a message is shorter still. */
export const longestCell = 256

export const tooLong: Problem = { message: `longer than ${longestCell} characters` }

/** Bytes as they are shown in a message: cut, without control characters and secrets. */
export function shownBytes(bytes: Uint8Array): string {
  return shownText(utf8(bytes.subarray(0, longestCell)))
}

/** The text as it may be shown: it may come out of the configuration of a router, with its secrets. */
export function shownText(text: string): string {
  return /^[\d./]*$/.test(text) ? visible(text, longestShown) : shownLine(text, longestShown)
}

const longestShown = 63

/** Collects the bytes of one text up to the longest that counts. */
export class CellBuffer {
  readonly bytes = new Uint8Array(longestCell)
  length = 0
  isTooLong = false

  clear(): void {
    this.length = 0
    this.isTooLong = false
  }

  push(byte: number): void {
    if (this.length === longestCell) this.isTooLong = true
    else this.bytes[this.length++] = byte
  }

  append(other: CellBuffer | undefined): void {
    if (!other) return
    const [start, end] = trimmed(other.bytes, 0, other.length)
    for (let at = start; at < end; at++) this.push(other.bytes[at] as number)
  }

  /** Characters of ASCII. */
  appendText(text: string): void {
    for (let at = 0; at < text.length; at++) this.push(text.charCodeAt(at))
  }

  /** Without blanks around it. */
  get text(): string {
    const [start, end] = trimmed(this.bytes, 0, this.length)
    return utf8(this.bytes.subarray(start, end))
  }

  /** Hands the text over, without blanks around it, and begins anew. */
  give(cells: Cells, line: number, label?: Uint8Array): void {
    const [start, end] = trimmed(this.bytes, 0, this.length)
    if (this.isTooLong) cells.refuse(line, shownBytes(this.bytes), tooLong)
    else if (start === end) cells.pass()
    else cells.take(this.bytes, start, end, line, label)
    this.clear()
  }
}

/** The range without blanks, tabs and line ends around it. */
function trimmed(bytes: Uint8Array, from: number, to: number): readonly [number, number] {
  let start = from
  let end = to
  while (start < end && isBlank(bytes[start])) start++
  while (end > start && isBlank(bytes[end - 1])) end--
  return [start, end]
}

function isBlank(byte: number | undefined): boolean {
  return byte === 32 || byte === 9 || byte === 13 || byte === 10
}
