import { collect, type Finding, findingOf, type Place, type WrittenInclude } from '@natplan/core'
import {
  type ColumnForm,
  type Columns,
  columnsOf,
  columnsText,
  type RoleTable,
  saidOf,
} from '../import/lists/column-roles.ts'
import { sectionsOf } from '../import/lists/table.ts'
import { type NamedText, positionOf } from '../text/documents.ts'
import type { ReadDocument } from '../text/read-document.ts'
import { CellPlaces } from './cell-places.ts'
import { TableSites } from './table-sites.ts'

/** How a plan says that a table is read. */
export type TableChoice = Exclude<WrittenInclude, string>

/** Reports whether a file is a table of sites, by its name. */
export function isTableName(name: string): boolean {
  return /\.(csv|tsv)$/i.test(name)
}

/**
 * The sites and tunnels of a table as a part of a plan. What a cell holds stands there as it is written, for the rules of the plan to judge, and each
 * place of it knows its cell. A note says how columns were guessed.
 */
export function readTable({ name, text }: NamedText, { columns = {} }: Pick<TableChoice, 'columns'>): ReadDocument {
  const places = new CellPlaces(text)
  const locate: ReadDocument['locate'] = (place) => positionOf(place) ?? places.locate(place.path)
  const findings: Finding[] = []
  const sites = new TableSites(places)
  const said = new Map(Object.entries(columns).map(([role, names]) => [role, [names ?? []].flat()]))
  const { sections } = sectionsOf(name, text)
  if (sections.length === 0) findings.push(noNetworks())
  for (const { head, rows } of sections) {
    const place: Place = { source: 'plan', path: [], line: head.line, column: 1 }
    const read = collect(place, findings, () => columnsOf(head, said, inPlanFile))
    const open = rows.find(({ ends }) => ends === 'never')
    if (open) findings.push(neverClosed(open.line))
    if (!read || open) return { name, data: undefined, findings, locate }
    if (said.size === 0) findings.push(guessed(head, read, place))
    for (const row of rows) sites.add(row, read)
  }
  return { name, data: sites.data, findings: [...findings, ...sites.findings], locate }
}

/** Columns that a plan names are all that is read, so that what is added to a table changes nothing of how it is read. */
const inPlanFile: ColumnForm = {
  isWhole: true,
  begin: () => '',
  text: (columns) => {
    const names = new Map<string, string[]>()
    for (const [role, name] of columns) names.set(role, [...(names.get(role) ?? []), inYaml(name)])
    const pairs = [...names].map(([role, [name = '', ...more]]) => {
      return `${role}: ${more.length > 0 ? `[${[name, ...more].join(', ')}]` : name}`
    })
    return `columns: { ${pairs.join(', ')} }`
  },
}

function inYaml(name: string): string {
  return /^[A-Za-z][\w ./()-]*$/.test(name) ? name : JSON.stringify(name)
}

function guessed(head: RoleTable, columns: Columns, place: Place): Finding {
  return findingOf('TABLE_GUESSED', place, {
    message: `the columns were guessed from their names: ${columnsText(head, columns)}`,
    hint: `write this into the plan: { table: …, ${inPlanFile.text(saidOf(head, columns))} }`,
  })
}

function noNetworks(): Finding {
  return findingOf(
    'FILE_EMPTY',
    { source: 'plan', path: [], line: 1, column: 1 },
    {
      message: 'the export has no networks',
      hint: 'export the networks, too; where there are to be none, leave the file out',
    },
  )
}

function neverClosed(line: number): Finding {
  return findingOf(
    'INCLUDE_UNFIT',
    { source: 'plan', path: [], line, column: 1 },
    {
      message: 'a quote opens in this row and is never closed',
      hint: 'close the quote, or double it inside a quoted cell',
    },
  )
}
