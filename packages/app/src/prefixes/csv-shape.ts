import { lengthOfNetmask, NatplanError, nearest } from '@natplan/core'
import { csvBegin, type Sample } from './csv-begin.ts'
import { columnsBeside, isAround } from './csv-columns.ts'
import type { CsvShape } from './csv-reader.ts'
import { isByKind } from './csv-records.ts'
import { isBareAddress, readSeveral } from './loose-prefix.ts'
import { shownText } from './reader.ts'
import { columnLabel, namesText, shownNames } from './shown-names.ts'

/**
 * Decides which columns are read: the first that is wanted and there (`NAME` or a number from 1 on; two, separated by a comma, for address and mask), else
 * the only one that holds prefixes.
 * @throws NatplanError COLUMN_UNCLEAR
 */
export function csvShapeOf(
  sample: Sample,
  wanted: readonly string[],
  by?: string,
): CsvShape & { readonly column: string } {
  if (wanted.length === 0 && isByKind(sample.text))
    return { separator: 44, columns: 'by kind', headLine: 0, column: 'address,netmask', by }
  const { separator, headLine, ...begin } = csvBegin(sample)
  const table = { name: sample.name, ...begin }
  const columns = wanted.length === 0 ? onlyColumns(table) : namedColumns(table, wanted)
  const { spaces, ...beside } = columnsBeside(columns as [number] | [number, number], table.names, by)
  return {
    separator: separator.charCodeAt(0),
    columns: { ...beside, ...(spaces ? { spaces: filledFirst(table, spaces) } : {}) },
    headLine,
    column: columns.map((index) => labelOf(table, index)).join(','),
  }
}

/** Columns in their order, but those that hold nothing behind the others. */
function filledFirst({ rows }: SampleTable, columns: readonly number[]): readonly number[] {
  const isFilled = (column: number) => rows.some((row) => (row[column] ?? '') !== '')
  return [...columns.filter(isFilled), ...columns.filter((column) => !isFilled(column))]
}

interface SampleTable {
  readonly name: string
  readonly names: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

function onlyColumns(table: SampleTable): number[] {
  const candidates = columnsWith(table, (cell) => readSeveral(cell) !== undefined).filter(
    (index) => !isAround(table.names[index] ?? ''),
  )
  const [only] = candidates
  if (only !== undefined && candidates.length === 1) return [only]
  const known = table.names.length > 0 ? `its columns are ${namesText(table.names)}` : 'it has no header'
  if (only === undefined) {
    const pairs = addressesAndMasks(table)
    const [pair] = pairs
    if (pair && pairs.length === 1 && isSurelyMask(table, pair[1])) return pair
    const hint = pair ? `address and mask: --column ${pairLabel(table, pair)}` : hintFor(table, known)
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

/** Columns side by side that may hold addresses and their masks. */
function addressesAndMasks(table: SampleTable): [number, number][] {
  const addresses = columnsWith(table, isBareAddress)
  const masks = columnsWith(
    table,
    (cell) => lengthOfNetmask(cell) !== undefined || /^\/?([0-9]|[1-9][0-9])$/.test(cell),
  )
  return addresses.filter((index) => masks.includes(index + 1)).map((index) => [index, index + 1])
}

/** A small number may be anything, unless it has a slash or its column says that it is a length. */
function isSurelyMask(table: SampleTable, column: number): boolean {
  if (/mask|length|bits|cidr|^len$|prefix|l[aä]nge/i.test(table.names[column] ?? '')) return true
  return columnsWith(table, (cell) => cell.startsWith('/') || lengthOfNetmask(cell) !== undefined).includes(column)
}

function pairLabel(table: SampleTable, pair: readonly number[]): string {
  return quoteWord(pair.map((index) => labelOf(table, index)).join(','))
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
  return columnLabel(names, index, (one, other) => one === other)
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
  const shown = shownNames(table.names).filter((name) => name !== undefined)
  const near = nearest(wanted[0] ?? '', shown)
  const known = table.names.length > 0 ? `its columns are ${namesText(table.names)}` : 'it has no header: use a number'
  throw new NatplanError('COLUMN_UNCLEAR', `${table.name} has no column ${wanted.map(shownText).join(' or ')}`, {
    hint: near ? `did you mean ${near}?` : known,
  })
}

function findColumn(table: SampleTable, column: string): number | undefined {
  const { names, rows } = table
  const inAnyCase = indexesOf(names, (name) => name.toLowerCase() === column.toLowerCase())
  const exact = inAnyCase.filter((index) => names[index] === column)
  const called = exact.length > 0 ? exact : inAnyCase
  if (called.length > 1) throw severalCalled(table, column, called)
  if (called[0] !== undefined) return called[0]
  const width = Math.max(names.length, ...rows.map((row) => row.length))
  return /^[1-9][0-9]{0,3}$/.test(column) && Number(column) <= width ? Number(column) - 1 : undefined
}

function severalCalled({ name }: SampleTable, column: string, indexes: readonly number[]): NatplanError {
  const numbers = indexes.map((index) => index + 1)
  const message = `${name} has ${numbers.length} columns ${shownText(column)}: numbers ${numbers.join(', ')}`
  return new NatplanError('COLUMN_UNCLEAR', message, { hint: `choose one by its number: --column ${numbers[0]}` })
}

function indexesOf(names: readonly string[], passes: (name: string) => boolean): number[] {
  return names.flatMap((name, index) => (passes(name) ? [index] : []))
}
