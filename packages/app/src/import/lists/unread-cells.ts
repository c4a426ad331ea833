import { type Finding, findingOf, inInput } from '@natplan/core'
import { shownText } from '../../prefixes/reader.ts'
import { count } from '../../text/count.ts'

/** A cell, or a row as a whole, that could not be read. */
export interface UnreadCell {
  readonly line: number
  readonly text: string
  readonly message: string
  readonly hint?: string
}

/** So many cells are shown; the rest is counted. */
const shownCells = 10

/** What of a table could not be read: all of it is counted, the first ones are shown. */
export class UnreadCells {
  readonly #first: UnreadCell[] = []
  #count = 0

  add(cell: UnreadCell): void {
    this.#count++
    if (this.#first.length < shownCells) this.#first.push(cell)
  }

  findingsOf(file: string): Finding[] {
    const [first] = this.#first
    if (!first) return []
    const hint = this.#first.find((one) => one.hint !== undefined)?.hint
    return [
      findingOf('LINES_BAD', placeOf(file, first.line), {
        message: `${count(this.#count, 'cell')} could not be read and ${this.#count === 1 ? 'was' : 'were'} left out`,
        ...(hint === undefined ? {} : { hint }),
        related: this.#first.map(({ line, text, message }) => ({
          place: placeOf(file, line),
          message: text === '' ? message : `${shownText(text)}: ${message}`,
        })),
      }),
    ]
  }
}

function placeOf(file: string, line: number) {
  return { ...inInput(line), file }
}
