import type { CsvColumns } from './csv-columns.ts'
import { CsvRecords } from './csv-records.ts'
import { CellBuffer, type Cells, type Reader } from './reader.ts'
import { unusedState } from './unused-state.ts'

/** How a table of separated values is read. */
export interface CsvShape {
  /** The byte between two cells. */
  readonly separator: number
  /** The columns to read; unless each row says of what kind it is. */
  readonly columns: CsvColumns | 'by kind'
  /** The line of the names of the columns, which stand below any titles; 0 for none. */
  readonly headLine: number
  /** What keeps prefixes apart, in exports whose rows are of many kinds. */
  readonly by?: string | undefined
}

const quote = 34
const newline = 10
const carriageReturn = 13
const slash = 47
const numberSign = 35

/**
 * Comma-separated values as RFC 4180 and spreadsheets write them: cells may be quoted, a quoted cell may hold separators, line
 * breaks and doubled quotes. A line that begins with `#` is a comment. Only the cells of columns that say something are kept, and those
 * only up to the longest text that could be a prefix.
 */
export class CsvReader implements Reader {
  readonly #cells: Cells
  readonly #shape: CsvShape
  readonly #records: CsvRecords
  /** The cells of a row that are kept, by their columns. */
  readonly #kept: (CellBuffer | undefined)[] = []
  readonly #label = new CellBuffer()
  /** Where the bytes of the current cell go. */
  #buffer: CellBuffer | undefined
  #state: 'start' | 'plain' | 'quoted' | 'quote in quoted' | 'comment' = 'start'
  #column = 0
  #line = 1
  /** Where the row begins, and where the last quoted cell does. */
  #rowLine = 1
  #quoteLine = 1
  #rowIsEmpty = true
  hasContent = false
  /** Networks that are no longer in use or only contain others; rows of other kinds. */
  readonly notes = { unused: 0, others: 0 }

  constructor(cells: Cells, shape: CsvShape) {
    this.#cells = cells
    this.#shape = shape
    this.#records = new CsvRecords(shape.by)
    if (shape.columns !== 'by kind')
      for (const column of keptColumns(shape.columns)) this.#kept[column] = new CellBuffer()
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
    this.#column = column
    this.#state = 'start'
    if (this.#shape.columns === 'by kind' && column < mostColumns) this.#kept[column] ??= new CellBuffer()
    this.#buffer = this.#kept[column]
  }

  #endRow(): void {
    const isBelowHead = this.#rowLine > this.#shape.headLine
    if (isBelowHead && this.#state !== 'comment' && !this.#rowIsEmpty) this.#takeRow()
    for (const buffer of this.#kept) buffer?.clear()
    this.#rowIsEmpty = true
    this.#rowLine = this.#line + 1
    this.#beginCell(0)
  }

  #takeRow(): void {
    const { columns } = this.#shape
    const kind = columns === 'by kind' ? this.#records.kindOf(this.#text(0), () => this.#texts()) : columns
    if (kind === undefined) return
    this.hasContent = true
    if (kind === 'other') this.notes.others++
    else if (kind === 'container' || this.#isUnused(kind)) this.notes.unused++
    else this.#takeNetwork(kind)
  }

  #takeNetwork(columns: CsvColumns): void {
    const [first, second] = columns.prefix
    const [address, mask] = [this.#kept[first], second === undefined ? undefined : this.#kept[second]]
    if (address && mask) join(address, mask)
    if (columns.spaces) this.#cells.enter?.(this.#spaceIn(columns.spaces))
    address?.give(this.#cells, this.#rowLine, this.#labelOf(columns))
  }

  /** Where the column is empty and another one that says the space is not, nobody knows; `undefined` too where no column says it. */
  #spaceIn([first, ...others]: readonly number[]): string | undefined {
    if (first === undefined) return undefined
    const text = this.#text(first)
    return text === '' && others.some((column) => this.#text(column) !== '') ? undefined : text
  }

  #isUnused({ status }: CsvColumns): boolean {
    return status !== undefined && (this.#kept[status]?.length ?? 0) > 0 && unusedState.test(this.#text(status))
  }

  /** `office, site Hamburg, vrf blue`, in bytes: few of them are ever shown. */
  #labelOf({ names, groups }: CsvColumns): Uint8Array {
    const label = this.#label
    label.clear()
    const named = names.find((column) => (this.#kept[column]?.length ?? 0) > 0)
    if (named !== undefined) label.append(this.#kept[named])
    for (const { column, called } of groups) {
      const buffer = this.#kept[column]
      if (!buffer || buffer.length === 0) continue
      label.appendText(label.length > 0 ? `, ${called} ` : `${called} `)
      label.append(buffer)
    }
    return label.bytes.subarray(0, label.length)
  }

  #text(column: number): string {
    return this.#kept[column]?.text ?? ''
  }

  #texts(): string[] {
    return this.#kept.map((buffer) => buffer?.text ?? '')
  }
}

/** An export of many kinds of records has hardly a hundred. */
const mostColumns = 512

function keptColumns({ prefix, names, groups, status, spaces = [] }: CsvColumns): number[] {
  const others = [status].filter((column) => column !== undefined)
  return [...prefix, ...names, ...groups.map(({ column }) => column), ...others, ...spaces]
}

/** `10.0.0.0` and `255.255.255.0` or `24` become one text with a slash; a missing mask leaves a text that is no prefix. */
function join(address: CellBuffer, mask: CellBuffer): void {
  if (address.length === 0 && mask.length === 0) return
  address.push(slash)
  for (const byte of mask.bytes.subarray(mask.bytes[0] === slash ? 1 : 0, mask.length)) address.push(byte)
}
