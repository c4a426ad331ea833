import { csvBegin, separatorOf } from '../../prefixes/csv-begin.ts'
import { csvRows } from '../../prefixes/csv-rows.ts'
import { formatOf } from '../../prefixes/input-format.ts'
import type { Given, ImportChoice, Imported, Source } from '../imported.ts'
import { mergedImports } from '../merge.ts'
import { columnsOf, columnsText, type RoleTable } from './column-roles.ts'
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
    const [first, ...others] = await Promise.all(given.map((one) => readTable(one, choice)))
    return first && others.length === 0 ? first : mergedImports([...(first ? [first] : []), ...others])
  },
}

async function readTable({ text: pieces }: Given, { as, columns: said }: ImportChoice): Promise<Imported> {
  const file = pieces.name
  const text = await wholeText(pieces)
  const begin = csvBegin({ name: file, text, isCut: false })
  const [...rows] = csvRows(text, begin.separator)
  const below = rows.filter(({ line }) => line > begin.headLine)
  const head: RoleTable = {
    name: file,
    line: Math.max(1, begin.headLine),
    names: begin.names,
    rows: begin.rows,
  }
  const columns = columnsOf(head, said)
  const [site = 0] = columns.get('site') ?? []
  const names = new SiteNames(below.flatMap(({ cells }) => cells[site] || []))
  const sites = new SiteRows(file, { names, isReserved: as === 'reserved' })
  for (const row of below) {
    if (row.ends === 'never') sites.refuseOpen(row.line)
    else sites.add(row, { file, names: begin.names, columns })
  }
  const isAlone = !columns.has('peer')
  return {
    ...sites.imported,
    notes: [
      `${file}: ${columnsText(head, columns)}${isAlone ? '; no column says which sites are joined: every pair is' : ''}`,
    ],
  }
}
