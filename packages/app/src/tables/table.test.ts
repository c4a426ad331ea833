import { describe, expect, it } from 'vitest'
import type { Terminal } from './painter.ts'
import { formatMarkdown, formatTables, type Table } from './table.ts'

function plain(width: number): Terminal {
  return { width, isTerminal: true, paint: (_, text) => text }
}

const table: Table = {
  title: 'Mapping',
  columns: ['SITE', 'WHY'],
  rows: [
    ['cloud', 'collides with 10.0.1.0/24 of onpremise'],
    ['a', 'translate: always'],
  ],
  empty: 'nothing',
}

describe('formatTables', () => {
  it('aligns columns where there is room', () => {
    expect(formatTables([table], plain(80))).toBe(`Mapping
  SITE   WHY
  cloud  collides with 10.0.1.0/24 of onpremise
  a      translate: always
`)
  })

  it('wraps the last column between words', () => {
    expect(formatTables([table], plain(30))).toBe(`Mapping
  SITE   WHY
  cloud  collides with
         10.0.1.0/24 of
         onpremise
  a      translate: always
`)
  })

  it('stacks the cells of a row where the columns do not fit', () => {
    expect(formatTables([{ ...table, rows: [['a-very-long-site', 'translate: always']] }], plain(24))).toBe(`Mapping
  a-very-long-site
    why: translate: always
`)
  })

  it('says what an empty table means', () => {
    expect(formatTables([{ ...table, rows: [] }], plain(80))).toBe('Mapping\n  nothing\n')
  })
})

describe('formatMarkdown', () => {
  it('keeps a bar inside a cell from ending it', () => {
    expect(formatMarkdown([{ ...table, rows: [['a|b', 'x']], footer: 'end' }])).toBe(`## Mapping

| SITE | WHY |
| --- | --- |
| a\\|b | x |

end
`)
  })
})
