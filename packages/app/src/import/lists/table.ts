import { csvBegin, separatorOf } from '../../prefixes/csv-begin.ts'
import { isByKind } from '../../prefixes/csv-records.ts'
import { type CsvRow, csvRows } from '../../prefixes/csv-rows.ts'
import { formatOf } from '../../prefixes/input-format.ts'
import { shownNames } from '../../prefixes/shown-names.ts'
import { count } from '../../text/count.ts'
import type { Given, ImportChoice, Imported, Source } from '../imported.ts'
import { mergedImports } from '../merge.ts'
import { columnsOf, columnsText, type RoleTable } from './column-roles.ts'
import { withMergedSites } from './merged-sites.ts'
import { SiteNames } from './site-names.ts'
import { SiteRows } from './site-rows.ts'
import { wholeText } from './whole-text.ts'

/** A table with a row for each site or each of its networks, as spreadsheets and address managers write them. */
export const table: Source = {
  name: 'table',
  about: 'a table (CSV, TSV) with a column for the site and one for its subnets',
  recognises: ({ name, text, site }) => {
    const sample = { name, text, isCut: false }
    return site === undefined && formatOf(sample) === 'csv' && separatorOf(sample) !== undefined
  },
  read: async (given, choice) => {
    const [first, ...more] = await Promise.all(given.map((one) => readTable(one, choice)))
    return first && more.length === 0 ? first : mergedImports(first ? [first, ...more] : [])
  },
}

/** A part of a text whose rows have the same columns. */
export interface Section {
  readonly head: RoleTable
  readonly rows: readonly CsvRow[]
}

async function readTable({ text: pieces }: Given, { as, columns: said }: ImportChoice): Promise<Imported> {
  const file = pieces.name
  const text = await wholeText(pieces)
  const { sections, others } = sectionsOf(file, text)
  const tables = sections.map(({ head, rows }) => {
    const columns = columnsOf(head, said)
    return {
      head,
      columns,
      ...(isByKind(text) || as === 'reserved' ? { rows, filled: [] } : withMergedSites(rows, columns)),
    }
  })
  const called = tables.flatMap(({ rows, columns }) => {
    const [site = 0] = columns.get('site') ?? []
    return rows.flatMap(({ cells }) => cells[site] || [])
  })
  const sites = new SiteRows(file, { names: new SiteNames(called), isReserved: as === 'reserved' })
  for (const { rows, columns, head } of tables) {
    const table = { file, names: shownNames(head.names), columns }
    for (const row of rows) {
      if (row.ends === 'never') sites.refuseOpen(row.line)
      else sites.add(row, table)
    }
  }
  for (const { what, line } of others) sites.leaveOut(what, line)
  const notes = tables.flatMap(({ head, columns, filled: [line, ...more] }) => [
    `${file}: ${columnsText(head, columns)}`,
    ...(line === undefined
      ? []
      : [
          `${file}: ${count(more.length + 1, 'row')} without a site counted to the one above (${file}:${line}${more.length > 0 ? ' and below' : ''})`,
        ]),
  ])
  const isAlone = as !== 'reserved' && !tables.some(({ columns }) => columns.has('peer'))
  const read = sites.imported
  return {
    ...read,
    notes: [
      ...notes,
      ...read.notes,
      ...(isAlone ? [`${file}: no column says which sites are joined, so every pair is`] : []),
    ],
  }
}

/** The parts of a table, and what of it is in none. */
export function sectionsOf(
  file: string,
  text: string,
): {
  readonly sections: readonly Section[]
  readonly others: readonly { readonly what: string; readonly line: number }[]
} {
  return isByKind(text) ? sectionsByKind(file, text) : { sections: [onlySection(file, text)], others: [] }
}

function onlySection(file: string, text: string): Section {
  const { separator, headLine, names, rows } = csvBegin({ name: file, text, isCut: false })
  return {
    head: { name: file, line: Math.max(1, headLine), names, rows },
    rows: [...csvRows(text, separator)].filter(({ line }) => line > headLine),
  }
}

/** An export of Infoblox: the networks of each family below their own header; everything else is counted. */
function sectionsByKind(file: string, text: string) {
  const sections: { readonly kind: string; readonly head: RoleTable; readonly rows: CsvRow[] }[] = []
  const others: { readonly what: string; readonly line: number }[] = []
  for (const row of csvRows(text, ',')) {
    const kind = (row.cells[0] ?? '').toLowerCase()
    if (/^header-(ipv6)?network$/.test(kind)) {
      const names = ['', ...row.cells.slice(1).map((cell) => cell.replace(/\*$/, ''))]
      sections.push({
        kind: kind.slice('header-'.length),
        head: { name: file, line: row.line, names, rows: [] },
        rows: [],
      })
    } else if (!kind.startsWith('header-')) {
      const section = sections.findLast((one) => one.kind === kind)
      if (section) section.rows.push(row)
      else
        others.push({
          what: kind.endsWith('container') ? 'containers of networks' : 'rows that are not networks',
          line: row.line,
        })
    }
  }
  const filled = sections.filter(({ rows }) => rows.length > 0)
  return {
    sections: filled.map(({ head, rows }) => ({ head: { ...head, rows: rows.map(({ cells }) => cells) }, rows })),
    others,
  }
}
