import { visible } from '@natplan/templates'
import { forPeople, isHarmless } from '../text/for-people.ts'
import { markdownCode, markdownParagraph, markdownRow, markdownText } from './markdown.ts'
import type { Terminal } from './painter.ts'

type Row = readonly string[]

/** A titled table of plain texts; each medium makes them safe in its own way, names and lines out of the texts of others among them. */
export interface Table<Rows extends Iterable<Row> = readonly Row[]> {
  readonly title: string
  readonly columns: readonly string[]
  readonly rows: Rows
  /** Shown instead of the table when it has no rows. */
  readonly empty: string
  /** A line under the table. */
  readonly footer?: string
  /** Lines to enter on a device: each row is one, and is printed as it is. */
  readonly isCode?: boolean
}

/** One whose rows are made when they are read: all of them at once would fill the memory. */
export type LongTable = Table<Iterable<Row>>

/** Rows of things; they can be read several times. */
export function rowsOf<T>(things: readonly T[], rowOf: (thing: T) => Row): Iterable<Row> {
  return {
    *[Symbol.iterator]() {
      for (const thing of things) yield rowOf(thing)
    },
  }
}

/** The same table with all of its rows. */
export function wholeTable(table: LongTable): Table {
  return { ...table, rows: [...table.rows] }
}

const gap = '  '
const indent = '  '
/** A last column narrower than this is not readable any more. */
const narrowest = 16

/** Tables for people: aligned columns, the last one wrapped; on a screen too narrow for that, one block of lines a row. */
export function formatTables(tables: Iterable<LongTable>, terminal: Terminal): string {
  return [...tableTexts(tables, terminal)].join('')
}

/** The same in pieces, each made when it is asked for: neither all tables nor the whole text of one are in memory at once. */
export function* tableTexts(tables: Iterable<LongTable>, terminal: Terminal): Generator<string> {
  let isFirst = true
  for (const table of tables) {
    if (!isFirst) yield '\n'
    isFirst = false
    yield* textsOf(shown(table), terminal)
  }
}

function shown({ title, rows, empty, footer, ...table }: LongTable): Table {
  const codeRow = (row: Row) => row.map((cell) => visible(cell))
  return {
    ...table,
    title: forPeople(title),
    rows: Array.from(rows, table.isCode ? codeRow : rowForPeople),
    empty: forPeople(empty),
    ...(footer === undefined ? {} : { footer: forPeople(footer) }),
  }
}

function rowForPeople(row: Row): Row {
  return row.every(isHarmless) ? row : row.map(forPeople)
}

function* textsOf(table: Table, terminal: Terminal): Generator<string> {
  yield `${terminal.paint('bold', table.title)}\n`
  if (table.rows.length === 0) yield `${indent}${table.empty}\n`
  else if (table.isCode) yield* rowTexts(table.rows, (row) => `${row.join(' ')}\n`)
  else yield* laidOut(table, terminal)
  if (table.footer) yield `${indent}${table.footer}\n`
}

/** So many rows are one piece of text. */
const rowsOfAPiece = 1000

function* rowTexts(rows: Table['rows'], format: (row: Row) => string): Generator<string> {
  for (let at = 0; at < rows.length; at += rowsOfAPiece) {
    yield rows
      .slice(at, at + rowsOfAPiece)
      .map(format)
      .join('')
  }
}

function* laidOut(table: Table, terminal: Terminal): Generator<string> {
  const widths = table.columns.map((column, index) => widest(column, table.rows, index))
  const fixed = widths.slice(0, -1).reduce((sum, width) => sum + width + gap.length, indent.length)
  const last = Math.min(widths.at(-1) ?? 0, terminal.width - fixed)
  const fits = last >= Math.min(narrowest, widths.at(-1) ?? 0)
  if (fits) yield* aligned(table, [...widths.slice(0, -1), last], terminal)
  else yield* rowTexts(table.rows, (row) => stacked(row, table.columns, terminal))
}

function widest(column: string, rows: Table['rows'], index: number): number {
  let width = column.length
  for (const row of rows) width = Math.max(width, (row[index] ?? '').length)
  return width
}

function* aligned({ columns, rows }: Table, widths: readonly number[], terminal: Terminal): Generator<string> {
  yield `${terminal.paint('dim', line(columns, widths))}\n`
  yield* rowTexts(rows, (row) => wrappedRow(row, widths))
}

function line(cells: readonly string[], widths: readonly number[]): string {
  let text = indent
  const end = cells.length - 1
  for (let index = 0; index < end; index++) text += (cells[index] ?? '').padEnd((widths[index] ?? 0) + gap.length)
  const last = (cells[end] ?? '').trimEnd()
  return last === '' ? text.trimEnd() : text + last
}

function wrappedRow(row: Row, widths: readonly number[]): string {
  const last = row.at(-1) ?? ''
  const width = widths.at(-1) ?? 0
  if (last.length <= width) return `${line(row, widths)}\n`
  const [first = '', ...more] = wrap(last, width)
  const blank = row.slice(0, -1).map(() => '')
  const lines = [[...row.slice(0, -1), first], ...more.map((rest) => [...blank, rest])]
  return lines.map((cells) => `${line(cells, widths)}\n`).join('')
}

/** Breaks a text between words; a word longer than the width stays whole, since half an address is no use. */
function wrap(text: string, width: number): string[] {
  if (text.length <= width) return [text]
  const lines: string[] = []
  let current = ''
  for (const word of text.split(' ')) {
    const longer = current === '' ? word : `${current} ${word}`
    if (longer.length > width && current !== '') {
      lines.push(current)
      current = word
    } else {
      current = longer
    }
  }
  return [...lines, current]
}

function stacked(row: Row, columns: readonly string[], terminal: Terminal): string {
  const cells = row.map((cell, index) => (index === 0 ? cell : `${indent}${label(columns[index], terminal)}${cell}`))
  return cells
    .filter((_, index) => row[index] !== '' || index === 0)
    .map((cell) => `${indent}${cell}\n`)
    .join('')
}

function label(column: string | undefined, terminal: Terminal): string {
  return column ? `${terminal.paint('dim', `${column.toLowerCase()}:`)} ` : ''
}

/** The same tables as GitHub-flavoured Markdown. */
export function formatMarkdown(tables: Iterable<LongTable>): string {
  return Array.from(tables, markdownTable).join('\n')
}

function markdownTable(table: LongTable): string {
  const { title, columns, rows, empty, footer, isCode } = wholeTable(table)
  const heading = `## ${markdownText(title)}\n\n`
  if (isCode) return `${heading}${markdownCode(rows.map((row) => row.join(' ')))}`
  const rule = `|${columns.map(() => ' --- |').join('')}\n`
  const body =
    rows.length === 0 ? `${markdownParagraph(empty)}\n` : markdownRow(columns) + rule + rows.map(markdownRow).join('')
  return `${heading}${body}${footer ? `\n${markdownParagraph(footer)}\n` : ''}`
}
