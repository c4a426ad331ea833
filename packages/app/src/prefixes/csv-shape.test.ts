import { NatplanError } from '@natplan/core'
import { describe, expect, it } from 'vitest'
import { csvShapeOf } from './csv-shape.ts'

function columnOf(text: string, ...wanted: readonly string[]): string {
  try {
    return csvShapeOf({ name: 't.csv', text, isCut: false }, wanted).column
  } catch (error) {
    if (error instanceof NatplanError) return `${error.message} (${error.hint})`
    throw error
  }
}

describe('csvShapeOf', () => {
  it.each([
    ['a,net\n1,10.0.0.0/24\n', 'net', 'the only column of prefixes'],
    ['ip,mask\n10.0.0.0,24\n', 'ip,mask', 'a column that is called a mask'],
    ['ip,x\n10.0.0.0,255.255.255.0\n', 'ip,x', 'a column of netmasks'],
    ['ip,x\n10.0.0.0,/24\n', 'ip,x', 'a column of lengths with their slashes'],
    ['Subnet;Mask;Master Subnet\n10.0.0.0;24;10.0.0.0/16\n', 'Subnet,Mask', 'not the network around it'],
    ['Plan of May;;\nas of;x;\n;;\nOrt;Netz;VLAN\nUlm;10.0.0.0/24;1\n', 'Netz', 'titles above the header'],
  ])('%j reads %s: %s', (text, column) => {
    expect(columnOf(text)).toBe(column)
  })

  it('takes small numbers for lengths only when told: they may be anything, such as VLANs', () => {
    expect(columnOf('ip,vlan\n10.0.0.0,20\n10.0.1.0,30\n')).toContain('address and mask: --column ip,vlan')
  })

  it('begins below the header, wherever it stands', () => {
    const { headLine } = csvShapeOf(
      { name: 't.csv', text: 'x\n\ny;;\n;;\nOrt;Netz;VLAN\nUlm;10.0.0.0/24;1\n', isCut: false },
      [],
    )
    expect(headLine).toBe(5)
    expect(csvShapeOf({ name: 't.csv', text: 'a,10.0.0.0/24\n', isCut: false }, []).headLine).toBe(0)
  })

  it('refuses a name that several columns have, with their numbers', () => {
    const text = 'Branch;LAN;LAN;lan 2\na;10.0.0.0/24;10.0.1.0/24;10.0.2.0/24\n'
    for (const name of ['LAN', 'lan']) {
      expect(columnOf(text, name)).toBe(
        `t.csv has 2 columns ${name}: numbers 2, 3 (choose one by its number: --column 2)`,
      )
    }
    expect(columnOf(text, '3')).toBe('3')
    expect(columnOf(text, 'LAN 2')).toBe('lan 2')
    expect(columnOf('LAN;lan\n10.0.0.0/24;10.0.1.0/24\n', 'lan')).toBe('lan')
    expect(columnOf(text)).toContain('more than one column of t.csv holds prefixes: 2, 3, lan 2')
  })
})

describe('a header that is a line of a configuration', () => {
  it.each([
    [
      'password x,Sommer27\nUlm,10.0.0\n',
      'its columns are [hidden], [hidden];',
      'the rest of a secret stands in another column',
    ],
    [
      'site;password x;Sommer27\nUlm;1;10.0.0\n',
      'its columns are site, [hidden], [hidden];',
      'what stands in front is shown',
    ],
    [
      'site,password,vlan\nUlm,1,2\n',
      'its columns are site, password, vlan;',
      'what columns are usually called is no secret',
    ],
  ])('%j: %s %s', (text, shown) => {
    expect(columnOf(text)).toContain(shown)
  })

  it('calls a column by its number where its name may be a secret', () => {
    expect(columnOf('password x,Sommer27\nUlm,10.0.0.0/24\n')).toBe('2')
  })
})
