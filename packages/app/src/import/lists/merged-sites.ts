import type { ColumnRole } from '../../prefixes/column-looks.ts'
import type { CsvRow } from '../../prefixes/csv-rows.ts'
import type { Columns } from './column-roles.ts'

/** What a row says of its site beside its networks. */
const ofSite: readonly ColumnRole[] = ['outside', 'interface', 'inside', 'platform', 'identity', 'peer']

/**
 * The rows with the site of the row above, where a spreadsheet had one cell for several rows: the site stands left of its networks, no two
 * rows in a row name the same one, and what has no site says nothing else of one. Elsewhere nobody knows the site.
 */
export function withMergedSites(
  rows: readonly CsvRow[],
  columns: Columns,
): { readonly rows: readonly CsvRow[]; readonly filled: readonly number[] } {
  const [site = 0] = columns.get('site') ?? []
  const networks = [...(columns.get('subnets') ?? []), ...(columns.get('reserved') ?? [])]
  const isLeft = networks.every((column) => site < column)
  const isRepeated = rows.some(({ cells }, index) => {
    const above = rows[index - 1]?.cells[site] ?? ''
    return above !== '' && above === cells[site]
  })
  if (!isLeft || isRepeated) return { rows, filled: [] }
  const others = ofSite.flatMap((role) => columns.get(role) ?? [])
  const has = ({ cells }: CsvRow, all: readonly number[]) => all.some((column) => (cells[column] ?? '') !== '')
  const filled: number[] = []
  let above = ''
  const whole = rows.map((row) => {
    const own = row.cells[site] ?? ''
    if (own !== '') above = own
    if (own !== '' || above === '' || !has(row, networks) || has(row, others)) return row
    filled.push(row.line)
    return { ...row, cells: row.cells.with(site, above) }
  })
  return { rows: whole, filled }
}
