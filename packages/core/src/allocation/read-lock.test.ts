import { describe, expect, it } from 'vitest'
import { formatPath } from '../finding.ts'
import { readLock } from './read-lock.ts'

function problemsOf(data: unknown): string[] {
  return readLock(data).findings.map(({ code, place }) => `${code} ${place.source}: ${formatPath(place.path)}`)
}

function withEntry(entry: unknown, real = '10.0.0.0/24'): object {
  return { version: 1, sites: { a: { [real]: entry } } }
}

describe('readLock', () => {
  it('reads entries and released prefixes under their keys', () => {
    const { value, findings } = readLock({
      version: 1,
      sites: { a: { '10.0.0.0/24': { translated: '192.168.0.0/24', translatedFor: ['c', 'b'], realFor: 'all' } } },
      released: { b: { '10.1.0.0/24': '192.168.1.0/24' } },
    })
    expect(findings).toEqual([])
    expect([...(value?.entries ?? [])]).toMatchObject([
      ['a 10.0.0.0/24', { site: 'a', translatedFor: ['b', 'c'], realFor: 'all', path: ['sites', 'a', '10.0.0.0/24'] }],
    ])
    expect(String(value?.entries.get('a 10.0.0.0/24')?.translated)).toBe('192.168.0.0/24')
    expect([...(value?.released ?? [])]).toMatchObject([
      ['b 10.1.0.0/24', { site: 'b', path: ['released', 'b', '10.1.0.0/24'] }],
    ])
  })

  it.each([
    [{ version: 1 }, 'neither list'],
    [{ version: 1, sites: {}, released: {} }, 'empty lists'],
    [withEntry({}), 'an entry that says nothing'],
  ])('takes %j: %s', (data) => {
    expect(readLock(data).findings).toEqual([])
    expect(readLock(data).value).toBeDefined()
  })

  it.each<[unknown, string[], string]>([
    [null, ['VALUE_WRONG lock: '], 'an empty file'],
    [{ sites: {} }, ['KEY_MISSING lock: '], 'no version'],
    [{ version: 2 }, ['VERSION_UNSUPPORTED lock: version'], 'a newer one'],
    [{ version: 1, site: {} }, ['KEY_UNKNOWN lock: site'], 'a slip in a key'],
    [
      withEntry({ translate: '192.168.0.0/24' }),
      ['KEY_UNKNOWN lock: sites.a["10.0.0.0/24"].translate'],
      'a slip in an entry',
    ],
    [
      withEntry({ translate: '192.168.0.0/25', realFor: 4 }),
      [
        'VALUE_WRONG lock: sites.a["10.0.0.0/24"].realFor',
        'KEY_UNKNOWN lock: sites.a["10.0.0.0/24"].translate',
        'LOCK_PREFIX_UNFIT lock: sites.a["10.0.0.0/24"]',
      ],
      'several things at once',
    ],
    [withEntry({ realFor: 'some' }), ['VALUE_WRONG lock: sites.a["10.0.0.0/24"].realFor'], 'a word that is not all'],
    [
      withEntry({ realFor: ['b', '7'] }),
      ['SITE_NAME_INVALID lock: sites.a["10.0.0.0/24"].realFor[1]'],
      'a name that is none',
    ],
    [
      { version: 1, sites: { '7': { '10.0.0.0/24': {} } } },
      ['SITE_NAME_INVALID lock: sites["7"]'],
      'a site that is none',
    ],
    [withEntry({}, '10.0.0.1/24'), ['PREFIX_HOST_BITS lock: sites.a["10.0.0.1/24"]'], 'a real prefix with host bits'],
    [
      withEntry({ translated: '192.168.0/24' }),
      ['PREFIX_INVALID lock: sites.a["10.0.0.0/24"]'],
      'a translated prefix that is none',
    ],
    [withEntry({ translated: '192.168.0.0/25' }), ['LOCK_PREFIX_UNFIT lock: sites.a["10.0.0.0/24"]'], 'another length'],
    [withEntry({ translated: '127.32.0.0/24' }), ['LOCK_PREFIX_UNFIT lock: sites.a["10.0.0.0/24"]'], 'loopback space'],
    [withEntry({ translated: 'fd00::/24' }), ['LOCK_PREFIX_UNFIT lock: sites.a["10.0.0.0/24"]'], 'IPv6'],
    [
      { version: 1, released: { a: { '10.0.0.0/24': '192.168.0.0/25' } } },
      ['LOCK_PREFIX_UNFIT lock: released.a["10.0.0.0/24"]'],
      'a released one of another length',
    ],
    [
      { version: 1, released: { a: { x: '192.168.0.0/24' } } },
      ['PREFIX_INVALID lock: released.a.x'],
      'a released one of nothing',
    ],
    [
      { version: 1, sites: { a: { x: {} }, '-': {} }, released: { b: { y: '' } } },
      ['PREFIX_INVALID lock: sites.a.x', 'SITE_NAME_INVALID lock: sites["-"]', 'PREFIX_INVALID lock: released.b.y'],
      'all at once',
    ],
  ])('refuses %j with %j: %s', (data, expected) => {
    expect(problemsOf(data)).toEqual(expected)
    expect(readLock(data).value).toBeUndefined()
  })
})
