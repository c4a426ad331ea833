import { lengthOfNetmask, NatplanError, nearest } from '@natplan/core'
import type { CsvShape } from './csv-reader.ts'
import { readLoosely, readSeveral } from './loose-prefix.ts'
import { shownText } from './reader.ts'

/** The beginning of a file, as far as its form is concerned. */
export interface Sample {
  readonly name: string
  readonly text: string
  /** The file goes on behind it, so its last row may be cut. */
  readonly isCut: boolean
}

const separators = [',', ';', '\t', '|'] as const
const mostRows = 1000

/** The separator that cuts the sample into rows of one width, at least two columns wide; `undefined` for none. */
export function separatorOf(sample: Sample): string | undefined {
  const widths = separators.map((separator) => {
    const rows = sampleRows(sample, separator).complete.slice(0, 50)
    const width = rows[0]?.length ?? 0
    const same = rows.filter((row) => row.length === width).length
    return { separator, width: same >= 0.8 * rows.length ? width : 0 }
  })
  const best = widths.toSorted((a, b) => b.width - a.width)[0]
  return best && best.width >= 2 ? best.separator : undefined
}

/**
 * Decides which columns are read: the first that is wanted and there (`NAME` or a number from 1 on; two, separated by a comma, for address and mask), else
 * the only one that holds prefixes.
 * @throws NatplanError COLUMN_UNCLEAR
 */
export function csvShapeOf(sample: Sample, wanted: readonly string[]): CsvShape {
  const separator = separatorOf(sample) ?? ','
  const rows = rowsOf(sample, separator)
  const first = rows[0] ?? []
  const hasHeader = first.every((cell) => !isAddressLike(cell))
  const table: SampleTable = {
    name: sample.name,
    names: hasHeader ? first : [],
    rows: hasHeader ? rows.slice(1) : rows,
  }
  const columns = wanted.length === 0 ? [onlyColumn(table)] : namedColumns(table, wanted)
  return { separator: separator.charCodeAt(0), columns: columns as [number] | [number, number], hasHeader }
}

/** How messages call a column: by its name, else by its number. */
export function columnName(sample: Sample, { separator, columns, hasHeader }: CsvShape): string {
  const names = hasHeader ? (rowsOf(sample, String.fromCharCode(separator))[0] ?? []) : []
  return columns.map((index) => shownText(names[index] || String(index + 1))).join(',')
}

interface SampleTable {
  readonly name: string
  readonly names: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

function rowsOf(sample: Sample, separator: string): string[][] {
  const { complete, open } = sampleRows(sample, separator)
  return open.length > 0 ? [...complete, open] : complete
}

interface SampleRows {
  readonly complete: string[][]
  /** What stands before a quote that is not closed in the sample. */
  readonly open: string[]
}

/** The rows of the sample without comments and blank lines. */
function sampleRows({ text, isCut }: Sample, separator: string): SampleRows {
  const cell = new RegExp(`"((?:[^"]|"")*)"[^${separator}\\r\\n]*|([^"${separator}\\r\\n][^${separator}\\r\\n]*)?`, 'y')
  const rows: string[][] = []
  let row: string[] = []
  let at = 0
  while (at < text.length && rows.length < mostRows) {
    cell.lastIndex = at
    const [whole, quoted, plain] = cell.exec(text) ?? ['']
    if (whole === '' && text[at] === '"') return { complete: rows, open: row }
    row.push((quoted?.replaceAll('""', '"') ?? plain ?? '').trim())
    at += whole.length
    const separatesCells = text[at] === separator
    if (!separatesCells && text[at] === '\r') at++
    const isEnd = at >= text.length
    at++
    if (separatesCells) continue
    if (!(isEnd && isCut) && row.some((part) => part !== '') && !row[0]?.startsWith('#')) rows.push(row)
    row = []
  }
  if (row.length > 0 && !isCut && row.some((part) => part !== '')) rows.push(row)
  return { complete: rows, open: [] }
}

function isAddressLike(cell: string): boolean {
  return /^([0-9]{1,3}\.){3}[0-9]{1,3}|^[0-9a-f]*:[0-9a-f:.]*(\/|$)/i.test(cell)
}

function onlyColumn(table: SampleTable): number {
  const candidates = columnsWith(table, (cell) => readSeveral(cell) !== undefined)
  const [only] = candidates
  if (only !== undefined && candidates.length === 1) return only
  const known = table.names.length > 0 ? `its columns are ${table.names.map(shownText).join(', ')}` : 'it has no header'
  if (only === undefined) {
    const pair = addressAndMask(table)
    const hint = pair ? `address and mask: --column ${pair}` : hintFor(table, known)
    throw new NatplanError('COLUMN_UNCLEAR', `no column of ${table.name} holds prefixes`, { hint })
  }
  const labels = candidates.map((index) => labelOf(table, index))
  const message = `more than one column of ${table.name} holds prefixes: ${labels.join(', ')}`
  throw new NatplanError('COLUMN_UNCLEAR', message, { hint: `choose one: --column ${quoteWord(labels[0] ?? '1')}` })
}

/** What has one column is hardly a table: the routes of a machine, its log. */
function hintFor({ names, rows }: SampleTable, known: string): string {
  const extract = '--extract finds prefixes in any text, such as what a router prints'
  if ([names, ...rows].every(({ length }) => length < 2)) return extract
  const choose = `${known}; --column NAME or --column NUMBER says which to read`
  return [names, ...rows].flat().some(mentionsAddress) ? `${choose}; ${extract}` : choose
}

function mentionsAddress(cell: string): boolean {
  return /(?:\d{1,3}\.){3}\d{1,3}|[0-9a-f]+:[0-9a-f:]*:/i.test(cell)
}

/** Two columns side by side that hold addresses and masks. */
function addressAndMask(table: SampleTable): string | undefined {
  const addresses = columnsWith(
    table,
    (cell) => readLoosely(`${cell}/32`) !== undefined && lengthOfNetmask(cell) === undefined,
  )
  const masks = columnsWith(
    table,
    (cell) => lengthOfNetmask(cell) !== undefined || /^\/?([0-9]|[12][0-9]|3[0-2])$/.test(cell),
  )
  const address = addresses.find((index) => masks.includes(index + 1))
  return address === undefined ? undefined : quoteWord(`${labelOf(table, address)},${labelOf(table, address + 1)}`)
}

/** The columns of which at least half of the cells that are filled pass a test. */
function columnsWith({ rows }: SampleTable, passes: (cell: string) => boolean): number[] {
  const width = Math.max(0, ...rows.map((row) => row.length))
  return Array.from({ length: width }, (_, index) => index).filter((index) => {
    const filled = rows.map((row) => row[index] ?? '').filter((cell) => cell !== '')
    return filled.length > 0 && filled.filter(passes).length * 2 >= filled.length
  })
}

function labelOf({ names }: SampleTable, index: number): string {
  return names[index] ? shownText(names[index]) : String(index + 1)
}

function quoteWord(word: string): string {
  return /^[\w.,-]+$/.test(word) ? word : `'${word}'`
}

function namedColumns(table: SampleTable, wanted: readonly string[]): number[] {
  for (const column of wanted) {
    const whole = findColumn(table, column)
    if (whole !== undefined) return [whole]
    const parts = column.split(',').map((part) => findColumn(table, part.trim()))
    if (parts.length === 2 && parts.every((part) => part !== undefined)) return parts
  }
  const near = nearest(wanted[0] ?? '', table.names)
  const known =
    table.names.length > 0
      ? `its columns are ${table.names.map(shownText).join(', ')}`
      : 'it has no header: use a number'
  throw new NatplanError('COLUMN_UNCLEAR', `${table.name} has no column ${wanted.map(shownText).join(' or ')}`, {
    hint: near ? `did you mean ${shownText(near)}?` : known,
  })
}

function findColumn({ names, rows }: SampleTable, column: string): number | undefined {
  const exact = names.indexOf(column)
  if (exact >= 0) return exact
  const inAnyCase = names.findIndex((name) => name.toLowerCase() === column.toLowerCase())
  if (inAnyCase >= 0) return inAnyCase
  const width = Math.max(names.length, ...rows.map((row) => row.length))
  return /^[1-9][0-9]{0,3}$/.test(column) && Number(column) <= width ? Number(column) - 1 : undefined
}
