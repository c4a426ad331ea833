import { Address, NatplanError, Prefix } from '@natplan/core'
import type { ColumnRole } from '../../prefixes/column-looks.ts'
import { readSeveral } from '../../prefixes/loose-prefix.ts'
import { shownText } from '../../prefixes/reader.ts'
import type { Columns } from './column-roles.ts'
import type { UnreadCells } from './unread-cells.ts'

/** How the rows of a table are read. */
export interface SiteTable {
  readonly file: string
  /** What the columns are called, as people are shown it; none where they have no names, or none that may be shown. */
  readonly names: readonly (string | undefined)[]
  readonly columns: Columns
}

export interface TableRow {
  readonly cells: readonly string[]
  readonly line: number
}

/** Something that a cell says. */
export interface Told<T> {
  readonly value: T
  readonly file: string
  readonly line: number
  /** `column LAN has 10.0.1.5/24`. */
  readonly because: string
}

/** A row by what its columns hold. */
export class RowReading {
  readonly line: number
  readonly file: string
  readonly #row: TableRow
  readonly #table: SiteTable
  readonly #unread: UnreadCells

  constructor(row: TableRow, table: SiteTable, unread: UnreadCells) {
    this.line = row.line
    this.file = table.file
    this.#row = row
    this.#table = table
    this.#unread = unread
  }

  /** What the first column of a kind has; nothing for a row that ends before it. */
  text(role: ColumnRole): string {
    return this.#cells(role)[0]?.text ?? ''
  }

  /** Each filled cell of the columns of a kind. */
  texts(role: ColumnRole): Told<string>[] {
    return this.#cells(role).map(({ text, column }) => this.#told(text, column))
  }

  /** The networks of the columns of a kind; an address alone has its mask beside it, or is a host. */
  prefixes(role: 'subnets' | 'reserved'): Told<ReadPrefix>[] {
    return this.texts(role).flatMap((cell) => {
      const mask = Address.tryParse(cell.value) ? this.text('mask').replace(/^\//, '') : ''
      const text = mask === '' ? cell.value : `${cell.value}/${mask}`
      if (mask === '' && Address.tryParse(text) && this.#table.columns.has('mask')) {
        this.refuse(text, 'its mask is missing', 'fill in the mask or the length; /32 stands for one host')
        return []
      }
      const found = prefixesIn(text)
      if (!found) this.refuse(text, problemOf(text))
      return (found ?? []).map((value) => ({ ...cell, value }))
    })
  }

  refuse(text: string, message: string, hint?: string): void {
    this.#unread.add({ line: this.line, text, message, ...(hint === undefined ? {} : { hint }) })
  }

  #cells(role: ColumnRole): { readonly text: string; readonly column: number }[] {
    return (this.#table.columns.get(role) ?? []).flatMap((column) => {
      const text = this.#row.cells[column] ?? ''
      return text === '' ? [] : [{ text, column }]
    })
  }

  #told(value: string, column: number): Told<string> {
    const { file, line } = this
    const called = this.#table.names[column] || String(column + 1)
    return { value, file, line, because: `column ${called} has ${shownText(value)}`.replace(/\s+/g, ' ') }
  }
}

/** A prefix, and how it came to be one. */
export interface ReadPrefix {
  readonly prefix: Prefix
  /** `masked`: an address with a length was taken for its network; `host`: one without a length for itself. */
  readonly was: 'network' | 'masked' | 'host'
}

function prefixesIn(text: string): ReadPrefix[] | undefined {
  const address = Address.tryParse(text)
  if (address) return [{ prefix: Prefix.of(address), was: 'host' }]
  return readSeveral(text)?.map(({ prefix, hadHostBits }) => ({ prefix, was: hadHostBits ? 'masked' : 'network' }))
}

function problemOf(text: string): string {
  try {
    Prefix.parse(text)
  } catch (error) {
    if (error instanceof NatplanError) return error.message
  }
  return 'not a prefix'
}
