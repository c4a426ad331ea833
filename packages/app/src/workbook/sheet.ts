import { NatplanError } from '@natplan/core'
import { readSeveral } from '../prefixes/loose-prefix.ts'
import { readXml, type XmlAttributes } from './xml.ts'

/** What cells of a workbook refer to. */
export interface SharedParts {
  readonly strings: readonly string[]
  /** By the number of a style: whether its numbers are dates. */
  readonly dates: readonly boolean[]
  /** Days are counted from 1904 on. */
  readonly is1904: boolean
}

/** The cells of a sheet: by row and column, both from 0 on. */
export type SheetRows = ReadonlyMap<number, ReadonlyMap<number, string>>

const mostRows = 1_048_576
const mostColumns = 16_384

/** Reads the cells of a sheet, of formulas what they came to. */
export function sheetRows(xml: string, shared: SharedParts): SheetRows {
  const reader = new SheetReader(shared)
  readXml(xml, { open: reader.open.bind(reader), close: reader.close.bind(reader), text: reader.text.bind(reader) })
  return reader.rows
}

class SheetReader {
  readonly rows = new Map<number, Map<number, string>>()
  readonly #shared: SharedParts
  #row = -1
  #column = -1
  #type: string | undefined
  #style: string | undefined
  /** The text of the element that holds the value, while the reader is in one. */
  #value: string | undefined
  /** What computes the value; it stands for one that nobody has computed. */
  #formula: string | undefined
  #reads: 'value' | 'formula' | undefined
  #isPhonetic = false
  /** How many rows names are merged over; ranges that cross each other, which no program writes, could be more than there are. */
  #filled = 0

  constructor(shared: SharedParts) {
    this.#shared = shared
  }

  open(name: string, attributes: XmlAttributes): void {
    if (name === 'row') {
      this.#row = numberOr(attributes('r'), this.#row + 1)
      this.#column = -1
    } else if (name === 'c') this.#openCell(attributes)
    else if (name === 'v' || name === 't') this.#beginValue()
    else if (name === 'f') this.#beginFormula()
    else if (name === 'rPh') this.#isPhonetic = true
    else if (name === 'mergeCell') this.#fillDown(attributes('ref') ?? '')
  }

  close(name: string): void {
    if (name === 'c') this.#closeCell()
    else if (name === 'v' || name === 't' || name === 'f') this.#reads = undefined
    else if (name === 'rPh') this.#isPhonetic = false
  }

  text(text: string): void {
    if (this.#reads === 'value') this.#value += text
    else if (this.#reads === 'formula') this.#formula += text
  }

  #beginValue(): void {
    if (this.#isPhonetic) return
    this.#value ??= ''
    this.#reads = 'value'
  }

  #beginFormula(): void {
    this.#formula = '='
    this.#reads = 'formula'
  }

  #openCell(attributes: XmlAttributes): void {
    const place = placeOf(attributes('r') ?? '')
    this.#row = place?.row ?? this.#row
    this.#column = place?.column ?? this.#column + 1
    this.#type = attributes('t')
    this.#style = attributes('s')
    this.#value = undefined
    this.#formula = undefined
  }

  #closeCell(): void {
    // A number that is none: a program wrote the formula, and nobody has computed it.
    if (this.#formula !== undefined && !this.#value && this.#type !== 'str') {
      this.#value = this.#formula
      this.#type = 'str'
    }
    if (this.#value === undefined || this.#row < 0 || this.#row >= mostRows || this.#column >= mostColumns) return
    const value = cellText(this.#value, { type: this.#type, style: Number(this.#style ?? 0) }, this.#shared)
    if (value !== '') this.#put(this.#row, this.#column, value)
    this.#value = undefined
  }

  #put(row: number, column: number, value: string): void {
    const cells = this.rows.get(row) ?? new Map<number, string>()
    this.rows.set(row, cells)
    cells.set(column, value)
  }

  /** A name that is merged over several rows is that of each; of networks each stands there once. */
  #fillDown(range: string): void {
    const [from, to] = range.split(':').map(placeOf)
    if (!from || !to || to.row >= mostRows) return
    const value = this.rows.get(from.row)?.get(from.column)
    if (value === undefined || from.row === to.row || from.column !== to.column || readSeveral(value)) return
    // Only rows that hold something: an empty one stays empty.
    for (let row = from.row + 1; row <= to.row && this.#filled < mostRows; row++, this.#filled++)
      if (this.rows.has(row)) this.#put(row, from.column, value)
  }
}

function numberOr(text: string | undefined, otherwise: number): number {
  return text !== undefined && /^[1-9][0-9]{0,6}$/.test(text) ? Number(text) - 1 : otherwise
}

/** `B5` → row 4, column 1. */
function placeOf(text: string): { readonly row: number; readonly column: number } | undefined {
  const [, letters, digits] = /^\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})$/.exec(text) ?? []
  if (letters === undefined) return undefined
  let column = 0
  for (const letter of letters) column = 26 * column + letter.charCodeAt(0) - 64
  return { row: Number(digits) - 1, column: column - 1 }
}

function cellText(
  value: string,
  { type, style }: { readonly type: string | undefined; readonly style: number },
  { strings, dates, is1904 }: SharedParts,
): string {
  switch (type) {
    case 's':
      return strings[Number(value)] ?? ''
    case 'b':
      return value === '1' ? 'TRUE' : 'FALSE'
    case undefined:
    case 'n': {
      const number = Number(value)
      if (value.trim() === '' || Number.isNaN(number)) return value.trim()
      return dates[style] ? dateText(number, is1904) : String(number)
    }
    default:
      return withoutEscapes(value).trim()
  }
}

/** Letters that XML cannot have stand there as `_x000D_`. */
export function withoutEscapes(text: string): string {
  return text.replace(/_x([0-9A-F]{4})_/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
}

/** Days since the end of 1899, in which Excel has a 29 February 1900. */
function dateText(days: number, is1904: boolean): string {
  const start = is1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, days < 60 ? 31 : 30)
  const date = new Date(start + Math.round(days * 86_400) * 1000)
  if (Number.isNaN(date.getTime())) return String(days)
  const text = date.toISOString()
  return Number.isInteger(days) ? text.slice(0, 10) : text.slice(0, 16).replace('T', ' ')
}

/** The sheet as a table of separated values in which the line of a cell is its row; blank rows are blank lines. */
export function sheetText(rows: SheetRows, name: string): string {
  const width = widthOf(rows)
  if (width * rows.size > mostTold) throw tooWide(name)
  const lines: string[] = []
  for (const row of [...rows.keys()].sort((a, b) => a - b)) {
    while (lines.length < row) lines.push('')
    lines.push(lineOf(rows.get(row) ?? new Map(), width))
  }
  return `${lines.join('\n')}\n`
}

function widthOf(rows: SheetRows): number {
  let width = 0
  for (const cells of rows.values()) for (const column of cells.keys()) width = Math.max(width, column + 1)
  return width
}

function lineOf(cells: ReadonlyMap<number, string>, width: number): string {
  let line = ''
  let at = 0
  for (const column of [...cells.keys()].sort((a, b) => a - b)) {
    line += ','.repeat(column - at) + quotedCell(cells.get(column) ?? '')
    at = column
  }
  return line + ','.repeat(width - 1 - at)
}

/** So many cells, filled or not, are told; a sheet of a million rows has a hundred columns. */
const mostTold = 100 * mostRows

function tooWide(name: string): NatplanError {
  return new NatplanError('INPUT_TOO_LARGE', `${name} has cells too far apart`, {
    hint: 'delete what stands far to the right',
  })
}

/** Line breaks would make more lines of a row. */
function quotedCell(text: string): string {
  const flat = text.replace(/[\r\n\u2028\u2029]+/g, ' ')
  return /[",;|\t#]/.test(flat) ? `"${flat.replaceAll('"', '""')}"` : flat
}
