import { listLine } from '@natplan/core'
import { type Cells, longestCell, type Reader, shownBytes, tooLong } from './reader.ts'

const newline = 10

/** Reads lines with a prefix and nothing else, much faster than one by one. */
export interface PlainLines {
  /** How many have been read so far. */
  readonly size: number
  /** Returns where the first other line begins. */
  takeLines(bytes: Uint8Array, start: number, line: number): number
}

/**
 * One prefix a line. A line that begins with `#` or `;` is a comment, and so is what follows a `#` behind a blank.
 * Blank lines count as lines and are passed over.
 */
export class ListReader implements Reader {
  readonly #cells: Cells
  readonly #plain: PlainLines
  /** The begin of a line whose end is in the next piece; what is longer than it holds is too long anyway. */
  readonly #carry = new Uint8Array(longestCell + 1)
  #carried = 0
  #line = 1
  hasContent = false

  constructor(cells: Cells, plain: PlainLines) {
    this.#cells = cells
    this.#plain = plain
  }

  read(bytes: Uint8Array): void {
    let start = this.#carried > 0 ? 0 : this.#takePlain(bytes, 0)
    for (let at = start; at < bytes.length; at++) {
      if (bytes[at] !== newline) continue
      if (this.#carried > 0) this.#endCarried(bytes.subarray(start, at))
      else if (at > start) this.#giveLine(bytes, start, at)
      this.#line++
      start = this.#takePlain(bytes, at + 1)
      at = start - 1
    }
    if (start < bytes.length) this.#carryOver(bytes.subarray(start))
  }

  #takePlain(bytes: Uint8Array, start: number): number {
    const before = this.#plain.size
    const stop = this.#plain.takeLines(bytes, start, this.#line)
    this.#line += this.#plain.size - before
    return stop
  }

  end(): void {
    if (this.#carried > 0) this.#endCarried(new Uint8Array(0))
  }

  #endCarried(rest: Uint8Array): void {
    this.#carryOver(rest)
    this.#giveLine(this.#carry, 0, this.#carried)
    this.#carried = 0
  }

  #carryOver(bytes: Uint8Array): void {
    const kept = bytes.subarray(0, this.#carry.length - this.#carried)
    this.#carry.set(kept, this.#carried)
    this.#carried += kept.length
  }

  #giveLine(bytes: Uint8Array, from: number, to: number): void {
    const looked = Math.min(to, from + longestCell + 1)
    const { start, end, isCommented } = listLine(bytes, { start: from, end: looked })
    if (start < end) this.hasContent = true
    if (!isCommented && to - from > longestCell) {
      this.#cells.refuse(this.#line, shownBytes(bytes.subarray(start, end)), tooLong)
    } else if (start < end) {
      this.#cells.take(bytes, start, end, this.#line)
    }
  }
}
