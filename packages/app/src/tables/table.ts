import { visible } from '@natplan/templates'
import { forPeople } from '../text/for-people.ts'
import { markdownCode, markdownParagraph, markdownRow, markdownText } from './markdown.ts'
import type { Terminal } from './painter.ts'

/** A titled table of plain texts; each medium makes them safe in its own way, names and lines out of the texts of others among them. */
export interface Table {
  readonly title: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** Shown instead of the table when it has no rows. */
  readonly empty: string
  /** A line under the table. */
  readonly footer?: string
  /** Lines to enter on a device: each row is one, and is printed as it is. */
  readonly isCode?: boolean
}

const gap = '  '
const indent = '  '
/** A last column narrower than this is not readable any more. */
const narrowest = 16

/** Tables for people: aligned columns, the last one wrapped; on a screen too narrow for that, one block of lines a row. */
export function formatTables(tables: readonly Table[], terminal: Terminal): string {
  return tables.map((table) => formatTable(shown(table), terminal)).join('\n')
}

function shown({ title, rows, empty, footer, ...table }: Table): Table {
  return {
    ...table,
    title: forPeople(title),
    rows: rows.map((row) => row.map(table.isCode ? (line) => visible(line) : forPeople)),
    empty: forPeople(empty),
    ...(footer === undefined ? {} : { footer: forPeople(footer) }),
  }
}

function formatTable(table: Table, terminal: Terminal): string {
  const heading = `${terminal.paint('bold', table.title)}\n`
  const footer = table.footer ? `${indent}${table.footer}\n` : ''
  if (table.rows.length === 0) return `${heading}${indent}${table.empty}\n${footer}`
  if (table.isCode) return `${heading}${table.rows.map((row) => `${row.join(' ')}\n`).join('')}${footer}`
  const widths = table.columns.map((column, index) => widest(column, table.rows, index))
  const fixed = widths.slice(0, -1).reduce((sum, width) => sum + width + gap.length, indent.length)
  const last = Math.min(widths.at(-1) ?? 0, terminal.width - fixed)
  const fits = last >= Math.min(narrowest, widths.at(-1) ?? 0)
  const body = fits ? aligned(table, [...widths.slice(0, -1), last], terminal) : stacked(table, terminal)
  return `${heading}${body}${footer}`
}

function widest(column: string, rows: Table['rows'], index: number): number {
  let width = column.length
  for (const row of rows) width = Math.max(width, (row[index] ?? '').length)
  return width
}

function aligned({ columns, rows }: Table, widths: readonly number[], terminal: Terminal): string {
  const head = terminal.paint('dim', line(columns, widths))
  return `${head}\n${rows.map((row) => wrappedRow(row, widths)).join('')}`
}

function line(cells: readonly string[], widths: readonly number[]): string {
  let text = indent
  for (const [index, cell] of cells.entries()) {
    const isLast = index === cells.length - 1
    text += isLast ? cell : cell.padEnd(widths[index] ?? 0) + gap
  }
  return text.trimEnd()
}

function wrappedRow(row: readonly string[], widths: readonly number[]): string {
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

function stacked({ columns, rows }: Table, terminal: Terminal): string {
  return rows
    .map((row) => {
      const cells = row.map((cell, index) =>
        index === 0 ? cell : `${indent}${label(columns[index], terminal)}${cell}`,
      )
      return cells
        .filter((_, index) => row[index] !== '' || index === 0)
        .map((cell) => `${indent}${cell}\n`)
        .join('')
    })
    .join('')
}

function label(column: string | undefined, terminal: Terminal): string {
  return column ? `${terminal.paint('dim', `${column.toLowerCase()}:`)} ` : ''
}

/** The same tables as GitHub-flavoured Markdown. */
export function formatMarkdown(tables: readonly Table[]): string {
  return tables.map(markdownTable).join('\n')
}

function markdownTable({ title, columns, rows, empty, footer, isCode }: Table): string {
  const heading = `## ${markdownText(title)}\n\n`
  if (isCode) return `${heading}${markdownCode(rows.map((row) => row.join(' ')))}`
  const rule = `|${columns.map(() => ' --- |').join('')}\n`
  const body =
    rows.length === 0 ? `${markdownParagraph(empty)}\n` : markdownRow(columns) + rule + rows.map(markdownRow).join('')
  return `${heading}${body}${footer ? `\n${markdownParagraph(footer)}\n` : ''}`
}
