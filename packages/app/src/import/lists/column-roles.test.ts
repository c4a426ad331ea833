import { NatplanError } from '@natplan/core'
import { describe, expect, it } from 'vitest'
import { columnsOf, columnsText, type RoleTable } from './column-roles.ts'

/** A table of a header and rows, with `;` between cells. */
function tableOf(...lines: readonly string[]): RoleTable {
  const [names = [], ...rows] = lines.map((line) => line.split(';'))
  return { name: 't.csv', line: 3, names, rows }
}

function guessed(...lines: readonly string[]): string {
  const table = tableOf(...lines)
  return columnsText(table, columnsOf(table, new Map()))
}

function refusal(table: RoleTable, said: ReadonlyMap<string, readonly string[]> = new Map()): string {
  try {
    columnsOf(table, said)
  } catch (error) {
    if (error instanceof NatplanError) return `${error.code} ${error.message} (${error.hint})`
  }
  return 'nothing'
}

describe('columnsOf', () => {
  it.each([
    ['Site;LAN;WAN', 'a;10.0.0.0/24;192.0.2.1', 'site=Site, subnets=LAN, outside=WAN', 'words of English'],
    [
      'Standort;Netz;Netzmaske;Öffentliche IP',
      'a;10.0.0.0;24;192.0.2.1',
      'site=Standort, subnets=Netz, mask=Netzmaske, outside=Öffentliche IP',
      'words of German',
    ],
    [
      'Filialen;IP-Adressen;Maske',
      'a;10.0.0.0;255.255.255.0',
      'site=Filialen, subnets=IP-Adressen, mask=Maske',
      'more than one of a kind, and words with dashes',
    ],
    ['Site;Site ID;Prefix', 'a;7;10.0.0.0/24', 'site=Site, subnets=Prefix; not read: Site ID', 'the surest name'],
    ['Name;Prefix', 'a;10.0.0.0/24', 'site=Name, subnets=Prefix', 'a name alone is that of the site'],
    [
      'Branch;Name;Prefix',
      'a;office;10.0.0.0/24',
      'site=Branch, subnets=Prefix, name=Name',
      'beside a site it is that of the subnet',
    ],
    [
      'Branch;LAN 1;LAN 2',
      'a;10.0.0.0/24;10.0.1.0/24',
      'site=Branch, subnets=LAN 1, subnets=LAN 2',
      'columns with numbers are all read',
    ],
    [
      'Branch;Where;Clients',
      'a;b;10.0.0.0/24',
      'site=Branch, subnets=Clients; not read: Where',
      'the only column of prefixes',
    ],
    [
      'Branch;LAN;Network',
      'a;10.0.0.0/24;office',
      'site=Branch, subnets=LAN; not read: Network',
      'what has no prefix in it is no subnet',
    ],
    [
      'Branch;LAN;WAN',
      'a;10.0.0.0/24;Telekom',
      'site=Branch, subnets=LAN; not read: WAN',
      'what has no address in it is no endpoint',
    ],
    [
      'Branch;LAN;Interface WAN;Inside Interface',
      'a;10.0.0.0/24;eth0;eth1',
      'site=Branch, subnets=LAN, interface=Interface WAN, inside=Inside Interface',
      'words in any order',
    ],
  ])('%s', (header, row, expected) => {
    expect(guessed(header, row)).toBe(expected)
  })

  it('reads what is said, by name in any case or by number, and guesses the rest', () => {
    const table = tableOf('Site;A;B', 'x;10.0.0.0/24;10.0.1.0/24')
    expect(columnsText(table, columnsOf(table, new Map([['subnets', ['b', '2']]])))).toBe(
      'site=Site, subnets=B, subnets=A',
    )
  })

  it.each([
    [['City;LAN', 'a;10.0.0.0/24'], 't.csv:3: no column says of which site a row is (its columns are City, LAN'],
    [
      ['Site;LAN;Guest Network', 'a;10.0.0.0/24;10.0.1.0/24'],
      'more than one column may be subnets: LAN, Guest Network',
    ],
    [['Site;X;Y', 'a;10.0.0.0/24;10.0.1.0/24'], 'no column holds the subnets'],
    [['Site;IP', 'a;10.0.0.1'], 'no column holds the subnets'],
    [['Site;LAN', 'a;b'], 'no column holds the subnets'],
  ])('of %j says what is unclear', (lines, message) => {
    expect(refusal(tableOf(...lines))).toContain(message)
  })

  it('says what is not there of what was said', () => {
    const table = tableOf('Branch;LAN', 'a;10.0.0.0/24')
    expect(refusal(table, new Map([['site', ['Brunch']]]))).toContain(
      'there is no column Brunch (its columns are Branch, LAN; did you mean Branch?)',
    )
    expect(refusal(table, new Map([['sites', ['Branch']]]))).toBe(
      'USAGE --columns: no column can be "sites" (did you mean site?)',
    )
  })

  it('takes a name that several columns have for all of them', () => {
    const table = tableOf('Branch;LAN;lan;LAN 2', 'a;10.0.0.0/24;10.0.1.0/24;10.0.2.0/24')
    const all = 'site=Branch, subnets=2, subnets=3'
    for (const names of [['LAN'], ['LAN', 'LAN']]) {
      expect(columnsText(table, columnsOf(table, new Map([['subnets', names]])))).toBe(`${all}; not read: LAN 2`)
    }
    expect(guessed('Branch;LAN;lan;LAN 2', 'a;10.0.0.0/24;10.0.1.0/24;10.0.2.0/24')).toBe(`${all}, subnets=LAN 2`)
    expect(guessed('Branch;LAN;Name;Name', 'a;10.0.0.0/24;x;y')).toBe(
      'site=Branch, subnets=LAN, name=3; not read: Name',
    )
  })

  it('refuses a name of several columns where a site has one', () => {
    const table = tableOf('Branch;LAN;WAN;WAN', 'a;10.0.0.0/24;192.0.2.1;192.0.2.2')
    const message = 'more than one column may be outside: WAN (column 3), WAN (column 4)'
    expect(refusal(table)).toContain(message)
    expect(refusal(table, new Map([['outside', ['WAN']]]))).toContain(message)
    expect(refusal(table)).toContain("--columns 'outside=3'")
    expect(columnsText(table, columnsOf(table, new Map([['outside', ['4']]])))).toContain('outside=4')
  })

  it.each([[[]], [['Site']], [['1', '4']]])(
    'refuses two tables side by side, of which %j are said to be the site',
    (names) => {
      const table = tableOf('Site;LAN;;Site;LAN', 'A;10.0.1.0/24;;C;10.0.3.0/24')
      const said = new Map(names.length > 0 ? [['site', names]] : [])
      const text = refusal(table, said)
      expect(text).toContain('more than one column may be site: Site (column 1), Site (column 4)')
      expect(text).toContain('of two tables side by side each goes into a file of its own')
    },
  )

  it('gives no site the networks of the table beside it', () => {
    const table = tableOf('Site;LAN;;Site;LAN', 'A;10.0.1.0/24;;C;10.0.3.0/24')
    const read = (subnets: string[]) =>
      new Map([['site', ['4']], ...(subnets.length > 0 ? [['subnets', subnets] as const] : [])])
    const message = 'more than one column may be subnets: LAN (column 2), LAN (column 5)'
    expect(refusal(table, read([]))).toContain(message)
    expect(refusal(table, read(['LAN']))).toContain(message)
    expect(columnsText(table, columnsOf(table, read(['5'])))).toContain('site=4, subnets=5')
    expect(columnsText(table, columnsOf(table, read(['2', '5'])))).toContain('subnets=2, subnets=5')
  })

  it('says that a table has no rows, not that it has no columns', () => {
    const table = { ...tableOf('Site;LAN', ';'), rows: [] }
    expect(refusal(table)).toContain('FILE_EMPTY t.csv:')
    expect(refusal(table, new Map([['site', ['Site']]]))).toContain('the table has no rows')
  })
})
