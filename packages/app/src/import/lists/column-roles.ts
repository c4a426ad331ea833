import { NatplanError, nearest } from '@natplan/core'
import { isAround } from '../../prefixes/csv-columns.ts'
import { isBareAddress } from '../../prefixes/loose-prefix.ts'
import { shownText } from '../../prefixes/reader.ts'
import { type ColumnRole, columnRoles, isPrefixes, looks } from './column-looks.ts'
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

/**
 * Decides what the columns of a table of sites hold: what is said, else what they are called and what stands in them.
 * @throws NatplanError COLUMN_UNCLEAR, USAGE
 */
export function columnsOf(table: RoleTable, said: ReadonlyMap<string, readonly string[]>): Columns {
  const columns = saidColumns(table, said)
  const taken = new Set([...columns.values()].flat())
  for (const role of columnRoles) {
    if (columns.has(role)) continue
    const guessed = guessedColumns(table, { role, taken, hasMask: columns.has('mask') })
    if (guessed.length === 0) continue
    columns.set(role, guessed)
    for (const column of guessed) taken.add(column)
  }
  if (!columns.has('site')) throw unclear(table, 'no column says of which site a row is', "--columns 'site=COLUMN'")
  if (!columns.has('subnets') && !columns.has('reserved')) {
    throw unclear(table, 'no column holds the subnets of the sites', "--columns 'subnets=COLUMN'")
  }
  return columns
}

/** `site=Branch, subnets=LAN; not read: Phone`. */
export function columnsText({ names }: RoleTable, columns: Columns): string {
  const called = (index: number) => shownText(names[index] || String(index + 1))
  const read = [...columns].toSorted(([a], [b]) => shownOrder.indexOf(a) - shownOrder.indexOf(b))
  const taken = [...columns.values()].flat()
  const left = names.flatMap((name, index) => (name === '' || taken.includes(index) ? [] : [shownText(name)]))
  const text = read.flatMap(([role, indexes]) => indexes.map((index) => `${role}=${called(index)}`)).join(', ')
  return left.length > 0 ? `${text}; not read: ${left.join(', ')}` : text
}

const shownOrder: readonly ColumnRole[] = ['site', 'subnets', ...columnRoles]

function saidColumns(
  table: RoleTable,
  said: ReadonlyMap<string, readonly string[]>,
): Map<ColumnRole, readonly number[]> {
  return new Map(
    [...said].map(([what, names]) => {
      const role = columnRoles.find((one) => one === what)
      if (role) return [role, names.map((name) => columnCalled(table, name))]
      const near = nearest(what, columnRoles)
      throw new NatplanError('USAGE', `--columns: no column can be ${JSON.stringify(what)}`, {
        hint: near ? `did you mean ${near}?` : `one of ${columnRoles.join(', ')}`,
      })
    }),
  )
}

function columnCalled(table: RoleTable, name: string): number {
  const { names, rows } = table
  const exact = names.findIndex((one) => one.toLowerCase() === name.toLowerCase())
  if (exact >= 0) return exact
  const width = Math.max(names.length, ...rows.map((row) => row.length))
  if (/^[1-9]\d{0,3}$/.test(name) && Number(name) <= width) return Number(name) - 1
  const near = nearest(name, names)
  throw unclear(table, `there is no column ${shownText(name)}`, near ? `did you mean ${shownText(near)}?` : undefined)
}

interface Wanted {
  readonly role: ColumnRole
  readonly taken: ReadonlySet<number>
  /** Addresses are networks where their masks stand in another column. */
  readonly hasMask: boolean
}

/** Those with the surest name; several only where they differ in a number alone, as LAN 1 and LAN 2. */
function guessedColumns(table: RoleTable, { role, taken, hasMask }: Wanted): number[] {
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
  if (new Set(first.map(({ name }) => withoutNumber(wordsOf(name)))).size > 1) throw ambiguous(table, role, first)
  const indexes = first.map(({ index }) => index)
  return severalColumns.includes(role) ? indexes : indexes.slice(0, 1)
}

/** What may stand in several columns, as in LAN 1 and LAN 2. */
const severalColumns: readonly ColumnRole[] = ['subnets', 'reserved', 'peer']

function ambiguous(table: RoleTable, role: ColumnRole, columns: readonly { readonly name: string }[]): NatplanError {
  const labels = columns.map(({ name }) => shownText(name))
  const one = `--columns '${role}=${labels[0]}'`
  const all = labels.map((label) => `${role}=${label}`).join(',')
  const how = severalColumns.includes(role) ? `${one} reads one of them, --columns '${all}' all` : one
  return unclear(table, `more than one column may be ${role}: ${labels.join(', ')}`, how)
}

/** Where no name says it, the only column that holds prefixes. */
function onlyPrefixes(table: RoleTable, taken: ReadonlySet<number>): number[] {
  const width = Math.max(table.names.length, ...table.rows.map((row) => row.length))
  const columns = Array.from({ length: width }, (_, index) => index)
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

function unclear({ name, line, names }: RoleTable, message: string, how: string | undefined): NatplanError {
  const known =
    names.length > 0 ? `its columns are ${names.map(shownText).join(', ')}` : 'it has no header: use numbers'
  return new NatplanError('COLUMN_UNCLEAR', `${name}:${line}: ${message}`, {
    hint: how === undefined ? known : `${known}; ${how}`,
  })
}
