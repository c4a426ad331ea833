import { CellBuffer, type Cells, type Reader } from './reader.ts'

/** Which cells of a table of separated values are read. */
export interface CsvShape {
  /** The byte between two cells. */
  readonly separator: number
  /** The columns to read, counted from 0: one of prefixes, or one of addresses and one of lengths or masks. */
  readonly columns: readonly [number] | readonly [number, number]
  /** Rows above the first one of data: titles, and the names of the columns. */
  readonly headRows: number
}

const quote = 34
const newline = 10
const carriageReturn = 13
const slash = 47
const numberSign = 35

/**
 * Comma-separated values as RFC 4180 and spreadsheets write them: cells may be quoted, a quoted cell may hold separators, line
 * breaks and doubled quotes. A line that begins with `#` is a comment. Only the cells of the wanted columns are kept, and those only
 * up to the longest text that could be a prefix.
 */
export class CsvReader implements Reader {
  readonly #cells: Cells
  readonly #shape: CsvShape
  readonly #buffers = [new CellBuffer(), new CellBuffer()] as const
  /** Where the bytes of the current cell go. */
  #buffer: CellBuffer | undefined
  #state: 'start' | 'plain' | 'quoted' | 'quote in quoted' | 'comment' = 'start'
  #column = 0
  #line = 1
  /** Where the row begins, and where the last quoted cell does. */
  #rowLine = 1
  #quoteLine = 1
  #headRows: number
  #rowIsEmpty = true
  hasContent = false

  constructor(cells: Cells, shape: CsvShape) {
    this.#cells = cells
    this.#shape = shape
    this.#headRows = shape.headRows
    this.#beginCell(0)
  }

  read(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (this.#state === 'quoted') {
        this.#rowIsEmpty = false
        if (byte === quote) this.#state = 'quote in quoted'
        else this.#buffer?.push(byte)
      } else if (byte === newline) {
        this.#endRow()
      } else if (this.#state === 'comment' || byte === carriageReturn) {
        continue
      } else if (byte === this.#shape.separator) {
        this.#rowIsEmpty = false
        this.#beginCell(this.#column + 1)
      } else {
        this.#readInCell(byte)
      }
      if (byte === newline) this.#line++
    }
  }

  end(): void {
    if (this.#state === 'quoted') {
      const hint = 'everything behind it was taken for one cell; close the quote, or double it inside a quoted cell'
      this.#cells.refuse(this.#quoteLine, '"', { message: 'the quote that opens here is never closed', hint })
      return
    }
    this.#endRow()
  }

  #readInCell(byte: number): void {
    if (this.#state === 'quote in quoted') {
      this.#state = byte === quote ? 'quoted' : 'plain'
    } else if (this.#state === 'start') {
      this.#state = byte === quote ? 'quoted' : byte === numberSign && this.#column === 0 ? 'comment' : 'plain'
      if (byte === quote) this.#quoteLine = this.#line
      if (this.#state !== 'plain') return
    }
    if (byte !== 32 && byte !== 9) this.#rowIsEmpty = false
    this.#buffer?.push(byte)
  }

  #beginCell(column: number): void {
    const [first, second] = this.#shape.columns
    this.#column = column
    this.#state = 'start'
    this.#buffer = column === first ? this.#buffers[0] : column === second ? this.#buffers[1] : undefined
  }

  #endRow(): void {
    const [first, second] = this.#buffers
    if (this.#state !== 'comment' && !this.#rowIsEmpty) {
      if (this.#headRows > 0) {
        this.#headRows--
      } else {
        if (this.#shape.columns.length === 2) join(first, second)
        first.give(this.#cells, this.#rowLine)
        this.hasContent = true
      }
    }
    first.clear()
    second.clear()
    this.#rowIsEmpty = true
    this.#rowLine = this.#line + 1
    this.#beginCell(0)
  }
}

/** `10.0.0.0` and `255.255.255.0` or `24` become one text with a slash; a missing mask leaves a text that is no prefix. */
function join(address: CellBuffer, mask: CellBuffer): void {
  if (address.length === 0 && mask.length === 0) return
  address.push(slash)
  for (const byte of mask.bytes.subarray(0, mask.length)) address.push(byte)
}
