import { type LongTable, wholeTable } from '../tables/table.ts'
import { html, htmlCode } from './html.ts'

/** A table for people, with its title as the caption; what has no columns is a line of text. */
export function htmlTable(table: LongTable): string {
  const { title, columns, rows, empty, footer, isCode } = wholeTable(table)
  const note = footer === undefined ? '' : `<p class="note">${html(footer)}</p>`
  if (rows.length === 0)
    return `<p class="title">${html(title)}</p>${empty === '' ? '' : `<p>${html(empty)}</p>`}${note}`
  if (isCode)
    return `<p class="title">${html(title)}</p>${codeBlock(title, rows.map((row) => row.join(' ')).join('\n'))}${note}`
  // HTML needs no end of cells and rows; with thousands of them that is a tenth of the page.
  const head = columns.map((column) => `<th scope="col">${html(capital(column))}`).join('')
  const body = rows.map((row) => `<tr>${row.map((cell) => `<td>${html(cell)}`).join('')}`).join('\n')
  return `<div class="scroll" tabindex="0"><table><caption>${html(title)}</caption><thead><tr>${head}<tbody>\n${body}\n</table></div>${note}`
}

/** Columns of a terminal are in capitals. */
function capital(column: string): string {
  if (column === '') return 'Kind'
  return column.charAt(0) + column.slice(1).toLowerCase()
}

/** Lines that the script of the page gives a button to copy them. */
export function codeBlock(label: string, text: string): string {
  return `<div class="code"><pre tabindex="0" data-name="${html(label)}">${htmlCode(text)}</pre></div>`
}

export function folded(summary: string, content: string): string {
  return `<details><summary>${html(summary)}</summary>${content}</details>`
}
