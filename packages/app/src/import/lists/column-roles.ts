import { NatplanError, nearest } from '@natplan/core'
import { hidden } from '@natplan/templates'
import { type ColumnRole, columnRoles, isPrefixes, looks } from '../../prefixes/column-looks.ts'
import { isAround } from '../../prefixes/csv-columns.ts'
import { isBareAddress } from '../../prefixes/loose-prefix.ts'
import { shownText } from '../../prefixes/reader.ts'
import { columnLabel, namesText, shownNames } from '../../prefixes/shown-names.ts'
import { inAscii } from './site-names.ts'

/** The numbers of the columns, from 0 on, by what they hold. */
export type Columns = ReadonlyMap<ColumnRole, readonly number[]>

export interface RoleTable {
  readonly name: string
  /** The line of the names of its columns. */
  readonly line: number
  readonly names: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** What columns are said to hold. */
export type SaidColumns = ReadonlyMap<string, readonly string[]>

/** Where people say what columns hold. */
export interface ColumnForm {
  /** Those that are said are all that is read; else the others are guessed. */
  readonly isWhole: boolean
  /** What a message begins with. */
  readonly begin: (table: RoleTable) => string
  /** How it is said: `--columns 'site=Branch,subnets=LAN'`. */
  readonly text: (columns: readonly SaidColumn[]) => string
}

type SaidColumn = readonly [role: ColumnRole, name: string]

const onCommandLine: ColumnForm = {
  isWhole: false,
  begin: ({ name, line }) => `${name}:${line}: `,
  text: (columns) => `--columns '${columns.map(([role, name]) => `${role}=${name}`).join(',')}'`,
}

/**
 * Decides what the columns of a table of sites hold: what is said, else what they are called and what stands in them.
 * @throws NatplanError COLUMN_UNCLEAR, USAGE
 */
export function columnsOf(table: RoleTable, said: SaidColumns, form: ColumnForm = onCommandLine): Columns {
  const asked = { table, form }
  const columns = saidColumns(asked, said)
  const taken = new Set([...columns.values()].flat())
  for (const role of form.isWhole && said.size > 0 ? [] : columnRoles) {
    if (columns.has(role)) continue
    const guessed = guessedColumns(asked, { role, taken, hasMask: columns.has('mask') })
    if (guessed.length === 0) continue
    columns.set(role, guessed)
    for (const column of guessed) taken.add(column)
  }
  const missing = (role: ColumnRole, message: string) => unclear(asked, message, form.text([[role, 'COLUMN']]))
  if (table.rows.length === 0) {
    throw new NatplanError('FILE_EMPTY', `${form.begin(table)}the table has no rows`, {
      hint: 'save it again with its rows; where it is to have none, leave the file out',
    })
  }
  if (!columns.has('site')) throw missing('site', 'no column says of which site a row is')
  if (!columns.has('subnets') && !columns.has('reserved')) {
    throw missing('subnets', 'no column holds the subnets of the sites')
  }
  refuseNextTable(asked, columns, said)
  return columns
}

/** Of two tables side by side, columns of the other one are read only where somebody says their numbers. */
function refuseNextTable(asked: Asked, columns: Columns, said: SaidColumns): void {
  const { names } = asked.table
  const [site = 0] = columns.get('site') ?? []
  const called = (names[site] ?? '').toLowerCase()
  const starts = names.flatMap((name, index) => (called !== '' && name.toLowerCase() === called ? [index] : []))
  if (starts.length < 2) return
  const isOther = (column: number) => starts.findLast((start) => start <= column) !== site
  for (const [role, indexes] of columns) {
    const isByNumber = said.get(role)?.every((name) => /^\d+$/.test(name)) ?? false
    if (!isByNumber && indexes.some(isOther)) throw ambiguous(asked, role, indexes)
  }
}

/** A table of which somebody says what its columns hold. */
interface Asked {
  readonly table: RoleTable
  readonly form: ColumnForm
}

/** `site=Branch, subnets=LAN; not read: Phone`. */
export function columnsText(table: RoleTable, columns: Columns): string {
  const taken = [...columns.values()].flat()
  const left = shownNames(table.names).flatMap((name, index) =>
    name === '' || taken.includes(index) ? [] : [name ?? hidden],
  )
  const text = saidOf(table, columns)
    .map(([role, name]) => `${role}=${name}`)
    .join(', ')
  return left.length > 0 ? `${text}; not read: ${left.join(', ')}` : text
}

const shownOrder: readonly ColumnRole[] = ['site', 'subnets', ...columnRoles]

/** The columns with what they hold, in the order of the table's names. */
export function saidOf({ names }: RoleTable, columns: Columns): SaidColumn[] {
  return [...columns]
    .toSorted(([a], [b]) => shownOrder.indexOf(a) - shownOrder.indexOf(b))
    .flatMap(([role, indexes]) => indexes.map((index) => [role, labelOf(names, index)] as const))
}

function saidColumns(asked: Asked, said: SaidColumns): Map<ColumnRole, readonly number[]> {
  return new Map(
    [...said].map(([what, names]) => {
      const role = columnRoles.find((one) => one === what)
      if (role) return [role, columnsCalled(asked, role, names)]
      const near = nearest(what, columnRoles)
      throw new NatplanError('USAGE', `--columns: no column can be ${JSON.stringify(what)}`, {
        hint: near ? `did you mean ${near}?` : `one of ${columnRoles.join(', ')}`,
      })
    }),
  )
}

/** Each column that has one of the names; a role that takes one column has one of that name. */
function columnsCalled(asked: Asked, role: ColumnRole, names: readonly string[]): number[] {
  const columns = names.flatMap((name) => {
    const found = columnsNamed(asked, name)
    if (found.length > 1 && !manyRoles.includes(role)) throw ambiguous(asked, role, found)
    return found
  })
  if (role === 'site' && new Set(columns).size > 1) throw ambiguous(asked, role, columns)
  return [...new Set(columns)]
}

function columnsNamed(asked: Asked, name: string): number[] {
  const { names } = asked.table
  const exact = names.flatMap((one, index) => (one.toLowerCase() === name.toLowerCase() ? [index] : []))
  if (exact.length > 0) return exact
  if (/^[1-9]\d{0,3}$/.test(name) && Number(name) <= widthOf(asked.table)) return [Number(name) - 1]
  const near = nearest(
    name,
    shownNames(names).filter((one) => one !== undefined),
  )
  throw unclear(asked, `there is no column ${shownText(name)}`, near ? `did you mean ${near}?` : undefined)
}

function widthOf({ names, rows }: RoleTable): number {
  return rows.reduce((most, { length }) => Math.max(most, length), names.length)
}

interface Wanted {
  readonly role: ColumnRole
  readonly taken: ReadonlySet<number>
  /** Addresses are networks where their masks stand in another column. */
  readonly hasMask: boolean
}

/** Those with the surest name; several only where they differ in a number alone, as LAN 1 and LAN 2. */
function guessedColumns(asked: Asked, { role, taken, hasMask }: Wanted): number[] {
  const { table } = asked
  const { words, holds: passes } = looks[role]
  const fits = role === 'subnets' && hasMask ? (cell: string) => isPrefixes(cell) || isBareAddress(cell) : passes
  const ranked = table.names.flatMap((name, index) => {
    const rank = isAround(name) ? undefined : rankOf(name, words)
    return rank === undefined || taken.has(index) || !holds(table, index, fits) ? [] : [{ index, rank, name }]
  })
  if (role === 'subnets' && ranked.length === 0) return onlyPrefixes(table, taken)
  const best = Math.min(...ranked.map(({ rank }) => rank))
  // Networks in a column that is passed over would be missed in the plan.
  const first = ranked.filter(({ rank, index }) => {
    return rank === best || (role === 'subnets' && holds(table, index, isPrefixes))
  })
  const indexes = first.map(({ index }) => index)
  if (new Set(first.map(({ name }) => withoutNumber(wordsOf(name)))).size > 1) throw ambiguous(asked, role, indexes)
  if (severalColumns.includes(role)) return indexes
  const isDouble = new Set(first.map(({ name }) => name.toLowerCase())).size < first.length
  if (indexes.length > 1 && role !== 'name' && (role === 'site' || isDouble)) throw ambiguous(asked, role, indexes)
  return indexes.slice(0, 1)
}

/** What may stand in several columns, as in LAN 1 and LAN 2. */
const severalColumns: readonly ColumnRole[] = ['subnets', 'reserved', 'peer']
/** Where a name may mean several columns: of names the first that is filled counts. */
const manyRoles: readonly ColumnRole[] = [...severalColumns, 'name']

function ambiguous(asked: Asked, role: ColumnRole, columns: readonly number[]): NatplanError {
  const { names } = asked.table
  const labels = columns.map((column) => labelOf(names, column))
  const [one, all] = [labels.slice(0, 1), labels].map((some) => asked.form.text(some.map((label) => [role, label])))
  const shown = columns.map((column, index) => {
    const name = shownNames(names)[column] ?? ''
    return name === '' || name === labels[index] ? labels[index] : `${name} (column ${labels[index]})`
  })
  const how = severalColumns.includes(role) ? `${one} reads one of them, ${all} all` : one
  const apart = role === 'site' ? `${how}; of two tables side by side each goes into a file of its own` : how
  return unclear(asked, `more than one column may be ${role}: ${shown.join(', ')}`, apart)
}

function labelOf(names: readonly string[], index: number): string {
  return columnLabel(names, index, (one, other) => one.toLowerCase() === other.toLowerCase())
}

/** Where no name says it, the only column that holds prefixes. */
function onlyPrefixes(table: RoleTable, taken: ReadonlySet<number>): number[] {
  const columns = Array.from({ length: widthOf(table) }, (_, index) => index)
  const found = columns.filter(
    (index) => !taken.has(index) && !isAround(table.names[index] ?? '') && holds(table, index, isPrefixes),
  )
  return found.length === 1 ? found : []
}

/** How sure a name is: the number of the word that it is; behind all of them that of the first word that it has in it. */
function rankOf(name: string, words: readonly string[]): number | undefined {
  const called = withoutNumber(wordsOf(name))
  const exact = words.findIndex((word) => called.startsWith(word) && plural.test(called.slice(word.length)))
  if (exact >= 0) return exact
  const parts = new Set(called.split(' '))
  const within = words.findIndex((word) => word.split(' ').every((part) => parts.has(part)))
  return within < 0 ? undefined : words.length + within
}

const plural = /^(e|n|s|en|es)?$/

function withoutNumber(words: string): string {
  return words.replace(/ ?\d+(?= |$)/g, '')
}

/** In small letters and ASCII, with one blank between words: `WAN-IP (public)` → `wan ip public`. */
function wordsOf(name: string): string {
  return inAscii(name)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()
}

/** Reports whether half of the cells that are filled pass a test, or any is filled. */
function holds({ rows }: RoleTable, index: number, passes: (cell: string) => boolean = () => true): boolean {
  const filled = rows.map((row) => row[index] ?? '').filter((cell) => cell !== '')
  return filled.length > 0 && filled.filter(passes).length * 2 >= filled.length
}

function unclear({ table, form }: Asked, message: string, how: string | undefined): NatplanError {
  const { names } = table
  const known = names.length > 0 ? `its columns are ${namesText(names)}` : 'it has no header: use numbers'
  return new NatplanError('COLUMN_UNCLEAR', `${form.begin(table)}${message}`, {
    hint: how === undefined ? known : `${known}; ${how}`,
  })
}
