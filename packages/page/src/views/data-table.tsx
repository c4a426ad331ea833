import type { Table } from '@natplan/app'
import { useMemo, useState } from 'preact/hooks'
import { limits } from '../limits.ts'
import { CodeText } from './code-text.tsx'
import { CopyButton } from './copy-button.tsx'
import { Scroller } from './scroller.tsx'

/** With fewer rows there is nothing to look for. */
const searchedFrom = 8

interface Order {
  readonly column: number
  readonly isDown: boolean
}

/** Numbers in texts count as numbers, so 10.0.2.0 stands before 10.0.10.0. */
const collator = new Intl.Collator('en', { numeric: true })

/** A table that can be sorted by a column, searched and copied. */
export function DataTable({ table }: { readonly table: Table }) {
  const { title, columns, rows, empty, footer, isCode } = table
  const [order, setOrder] = useState<Order | undefined>(undefined)
  const [search, setSearch] = useState('')
  const [drawsAll, setDrawsAll] = useState(false)
  const found = useMemo(() => sorted(searched(rows, search), order), [rows, search, order])
  if (isCode) return <CodeText label={title} text={rows.map((row) => row.join(' ')).join('\n')} />
  if (rows.length === 0)
    return (
      <section class="table">
        <h3>{title}</h3>
        <p>{empty}</p>
      </section>
    )
  const drawn = drawsAll ? found : found.slice(0, limits.drawnRows.most)
  return (
    <section class="table">
      <div class="head">
        <h3>{title}</h3>
        {rows.length >= searchedFrom && (
          <input
            type="search"
            aria-label={`Search: ${title}`}
            placeholder="Search"
            value={search}
            onInput={(event) => setSearch(event.currentTarget.value)}
          />
        )}
        <CopyButton label={title} text={() => [columns, ...found].map((row) => row.join('\t')).join('\n')} />
      </div>
      <Scroller label={title}>
        <table>
          <thead>
            <tr>
              {columns.map((column, index) => (
                <Heading key={column} name={column} order={order} index={index} onOrder={setOrder} />
              ))}
            </tr>
          </thead>
          <tbody>
            {drawn.map((row) => (
              <tr key={row.join('\t')}>
                {row.map((cell, index) => (
                  <td key={columns[index]}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroller>
      {search !== '' && (
        <p role="status">
          {found.length} of {rows.length} rows
        </p>
      )}
      {drawn.length < found.length && (
        <button type="button" onClick={() => setDrawsAll(true)}>
          Show all {found.length} rows
        </button>
      )}
      {footer !== undefined && <p class="quiet">{footer}</p>}
    </section>
  )
}

function Heading({
  name,
  order,
  index,
  onOrder,
}: {
  readonly name: string
  readonly order: Order | undefined
  readonly index: number
  readonly onOrder: (order: Order | undefined) => void
}) {
  const own = order?.column === index ? order : undefined
  const next = !own ? { column: index, isDown: false } : own.isDown ? undefined : { column: index, isDown: true }
  if (name === '') return <td />
  return (
    <th scope="col" aria-sort={!own ? 'none' : own.isDown ? 'descending' : 'ascending'}>
      <button type="button" class="sort" onClick={() => onOrder(next)}>
        {name.charAt(0)}
        {name.slice(1).toLowerCase()}
        <span aria-hidden="true">{!own ? '' : own.isDown ? ' ↓' : ' ↑'}</span>
      </button>
    </th>
  )
}

type Rows = Table['rows']

function searched(rows: Rows, search: string): Rows {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return rows
  return rows.filter((row) => {
    const text = row.join(' ').toLowerCase()
    return words.every((word) => text.includes(word))
  })
}

function sorted(rows: Rows, order: Order | undefined): Rows {
  if (!order) return rows
  const { column, isDown } = order
  return rows.toSorted((one, other) => (isDown ? -1 : 1) * collator.compare(one[column] ?? '', other[column] ?? ''))
}
