import { isByKind } from './csv-records.ts'
import { type CsvRow, csvRows } from './csv-rows.ts'

/** The beginning of a file, as far as its form is concerned. */
export interface Sample {
  readonly name: string
  readonly text: string
  /** The file goes on behind it, so its last row may be cut. */
  readonly isCut: boolean
}

/** What the beginning of a table says about the whole. */
export interface CsvBegin {
  readonly separator: string
  /** What the columns are called; none for a table without a header. */
  readonly names: readonly string[]
  /** The line of their names; what stands above it are titles. 0 for a table without a header. */
  readonly headLine: number
  /** The rows below them. */
  readonly rows: readonly (readonly string[])[]
}

const separators = [',', ';', '\t', '|'] as const
const mostRows = 1000
/** So many rows tell the separator, and so many of them may be titles. */
const judgedRows = 50
const mostTitles = 10

/** The separator that cuts the sample into rows of one width, at least two columns wide; `undefined` for none. */
export function separatorOf(sample: Sample): string | undefined {
  if (isByKind(sample.text)) return ','
  const there = separators.filter((separator) => sample.text.includes(separator))
  const widths = there.map((separator) => ({ separator, width: widthOf(sample, separator) }))
  const best = widths.toSorted((a, b) => b.width - a.width)[0]
  return best && best.width >= 2 ? best.separator : undefined
}

/** The width of four fifths of the rows, below titles that are narrower; 0 where there is none. */
function widthOf(sample: Sample, separator: string): number {
  const rows = wholeRows(sample, separator).slice(0, judgedRows)
  const widths = rows.map(({ cells }) => cells.length)
  const width = mostCommon(widths)
  const first = widths.indexOf(width)
  const isTitle = ({ cells }: CsvRow) => cells.length < width && !cells.some(isAddressLike)
  const isTitled = first <= mostTitles && rows.slice(0, first).every(isTitle)
  const below = isTitled ? widths.slice(first) : widths
  return below.filter((one) => one === width).length >= 0.8 * below.length ? width : 0
}

function mostCommon(numbers: readonly number[]): number {
  const counts = new Map<number, number>()
  for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1)
  return [...counts].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? 0
}

/** Where the table begins: below its titles, with the names of its columns if it has any. */
export function csvBegin(sample: Sample): CsvBegin {
  const separator = separatorOf(sample) ?? ','
  const all = sampleRows(sample, separator)
  const rows = all.map(({ cells }) => cells)
  const data = rows.findIndex((row) => row.some(isAddressLike))
  const header = headerIn(data < 0 ? rows : rows.slice(0, data))
  return {
    separator,
    names: (header >= 0 ? rows[header] : undefined) ?? [],
    headLine: all[header]?.line ?? 0,
    rows: rows.slice(header + 1),
  }
}

/** The first row that names the most columns; titles fill fewer cells. */
function headerIn(rows: readonly (readonly string[])[]): number {
  const filled = rows.slice(0, mostTitles + 1).map((row) => row.filter((cell) => cell !== '').length)
  return filled.indexOf(Math.max(...filled))
}

/** The rows of a sample as far as it goes, also what stands in front of a quote that is not closed in it. */
function sampleRows(sample: Sample, separator: string): CsvRow[] {
  return rowsOf(sample, separator).filter(({ ends, cells }) => ends !== 'never' || cells.length > 0)
}

function wholeRows(sample: Sample, separator: string): CsvRow[] {
  return rowsOf(sample, separator).filter(({ ends }) => ends !== 'never')
}

/** A row that may go on behind the sample is none. */
function rowsOf({ text, isCut }: Sample, separator: string): CsvRow[] {
  const rows: CsvRow[] = []
  for (const row of csvRows(text, separator)) {
    if (rows.length >= mostRows) break
    if (!isCut || row.ends !== 'text') rows.push(row)
  }
  return rows
}

function isAddressLike(cell: string): boolean {
  return /^([0-9]{1,3}\.){3}[0-9]{1,3}|^[0-9a-f]*:[0-9a-f:.]*(\/|$)/i.test(cell)
}
