import { describe, expect, it } from 'vitest'
import { spellings, valuesOf, withSecret } from '../../../../test/support/secret-spellings.ts'
import { columnLabel, namesText, shownNames } from './shown-names.ts'

describe('namesText', () => {
  it.each([
    ['Ort,Phone,LAN 1', 'Ort, Phone, LAN 1', 'nothing announces a secret'],
    ['Ort,password,Sommer27', 'Ort, password, [hidden]', 'it may stand in the next column'],
    ['site,password x,Sommer27', 'site, [hidden], [hidden]', 'the rest of it may'],
    ['site,password:,Sommer27', 'site, password:, [hidden]', 'all of it may, behind a sign'],
    [
      'Site,Pre-shared key,LAN,WAN-IP,Hub 2',
      'Site, [hidden], LAN, [hidden], Hub 2',
      'what columns are usually called is none',
    ],
  ])('of %s is %s: %s', (text, shown) => {
    expect(namesText(text.split(','))).toBe(shown)
  })

  const key = 'K7qzRt02bVmX9s'
  const lines = Object.values(spellings)
    .flat()
    .flatMap((line) => [
      withSecret(line, key),
      ...valuesOf(key).map((value) => (/[\w=] ?@$/.test(line) ? line.replace(/@$/, () => value) : '')),
    ])

  it.each([',', ';', '\t'])('has no key of a line that was cut at each %j', (separator) => {
    const cut = lines
      .filter((line) => line.includes(separator))
      .map((line) => line.split(separator).map((cell) => cell.trim()))
    expect(cut.length).toBeGreaterThan(3)
    expect(cut.filter((names) => namesText(names).includes(key))).toEqual([])
  })
})

describe('columnLabel', () => {
  const label = (text: string, index: number) => columnLabel(text.split(','), index, (one, other) => one === other)

  it.each([
    ['site,LAN', 1, 'LAN', 'the name'],
    ['LAN,LAN', 1, '2', 'the number of one that is there twice'],
    ['site,', 1, '2', 'the number of one without a name'],
    ['password x,Sommer27', 1, '2', 'the number of one whose name may be a secret'],
    ['Site,PSK,LAN', 2, 'LAN', 'a usual name behind a word that announces one'],
  ])('of %s at %d is %s: %s', (text, index, expected) => {
    expect(label(text, index)).toBe(expected)
  })
})

it('names of a wide table are looked at once', () => {
  const names = Array.from({ length: 30_000 }, (_, at) => `psk ${at}`)
  expect(shownNames(names)).toBe(shownNames(names))
})
