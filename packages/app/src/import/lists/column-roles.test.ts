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
})
