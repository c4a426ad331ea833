import { parseSiteName } from '@natplan/core'
import { describe, expect, it } from 'vitest'
import { SiteNames, siteNameOf } from './site-names.ts'

describe('siteNameOf', () => {
  it.each([
    ['berlin', 'berlin', 'a name that may stand'],
    ['Köln Süd', 'Koeln-Sued', 'German letters are two'],
    ['Straße 5', 'Strasse-5', 'so is the sharp s'],
    ['Orléans (FR)', 'Orleans-FR', 'accents go, brackets are no letters'],
    ['Ko\u0308ln', 'Koeln', 'an umlaut of two characters is the same'],
    ['2. Filiale', 'site-2-Filiale', 'a letter comes first'],
    ['東京', 'site', 'nothing of it is ASCII'],
    ['a'.repeat(40), 'a'.repeat(31), 'a name is not longer'],
    [`${'a'.repeat(30)} b`, 'a'.repeat(30), 'and does not end with a dash'],
  ])('%s is %s: %s', (called, name) => {
    expect(siteNameOf(called)).toBe(name)
    expect(parseSiteName(name)).toBe(name)
  })
})

describe('SiteNames', () => {
  it('gives each name that people use one of its own, and to one that may stand as it is that one', () => {
    const names = new SiteNames(['Köln', 'Koeln', 'koeln ', 'Koeln-2'])
    expect(['Köln', 'Koeln', 'KOELN', 'Koeln-2', 'Koln'].map((called) => names.nameOf(called))).toEqual([
      'Koeln-3',
      'Koeln',
      'Koeln',
      'Koeln-2',
      'Koln',
    ])
  })

  it('takes capitals and blanks for the same site, and knows only those that were asked for', () => {
    const names = new SiteNames([])
    expect(names.nameOf('Köln  Süd')).toBe(names.nameOf('KÖLN SÜD '))
    expect(names.known('köln süd')).toBe('Koeln-Sued')
    expect(names.known('Köln')).toBeUndefined()
  })

  it('names ten thousand sites alike without trying all numbers again', () => {
    const names = new SiteNames([])
    const given = Array.from({ length: 10_000 }, (_, index) => names.nameOf('東'.repeat(index + 1)))
    expect(new Set(given).size).toBe(10_000)
  })
})
