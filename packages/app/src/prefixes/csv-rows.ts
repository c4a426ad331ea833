/** A row of a table of separated values. */
export interface CsvRow {
  /** Without quotes and blanks around them. */
  readonly cells: readonly string[]
  /** Where in the text each cell begins. */
  readonly starts: readonly number[]
  /** The line that it begins on. */
  readonly line: number
  /** Where the row ends: at a line end, at the end of the text, or nowhere, since a quote is not closed. */
  readonly ends: 'line' | 'text' | 'never'
}

/** The rows of a text as RFC 4180 and spreadsheets write them, without blank lines and lines that begin with `#`. */
export function* csvRows(text: string, separator: string): Generator<CsvRow> {
  let line = 1
  let at = 0
  while (at < text.length) {
    const { end, ...row } = rowAt(text, at, separator)
    if (row.ends === 'never' || row.cells.some((cell) => cell !== '')) yield { ...row, line }
    line += lineEndsIn(text, at, end)
    at = end
  }
}

function rowAt(text: string, start: number, separator: string): Omit<CsvRow, 'line'> & { readonly end: number } {
  const cells: string[] = []
  const starts: number[] = []
  let at = text[start] === '#' ? lineEnd(text, start) : start
  for (; ; at++) {
    const quoted = text[at] === '"' ? quotedAt(text, at) : undefined
    if (text[at] === '"' && !quoted) return { cells, starts, end: text.length, ends: 'never' }
    const from = quoted?.end ?? at
    starts.push(quoted ? at : blanksEnd(text, at))
    at = cellEnd(text, from, separator)
    cells.push(((quoted?.text ?? '') + text.slice(from, at)).trim())
    if (text[at] !== separator) break
  }
  if (at >= text.length) return { cells, starts, end: text.length, ends: 'text' }
  return { cells, starts, end: at + (text.startsWith('\r\n', at) ? 2 : 1), ends: 'line' }
}

/** What stands between two quotes, and where it goes on behind the second one. */
function quotedAt(text: string, start: number): { readonly text: string; readonly end: number } | undefined {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 2)) {
    if (text[at + 1] !== '"') return { text: text.slice(start + 1, at).replaceAll('""', '"'), end: at + 1 }
  }
  return undefined
}

function cellEnd(text: string, from: number, separator: string): number {
  let at = from
  while (at < text.length && text[at] !== separator && text[at] !== '\n' && text[at] !== '\r') at++
  return at
}

function blanksEnd(text: string, from: number): number {
  let at = from
  while (text[at] === ' ') at++
  return at
}

function lineEnd(text: string, from: number): number {
  let at = from
  while (at < text.length && text[at] !== '\n' && text[at] !== '\r') at++
  return at
}

function lineEndsIn(text: string, from: number, to: number): number {
  let count = 0
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) count++
  return count
}
