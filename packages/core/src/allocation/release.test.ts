import { describe, expect, it } from 'vitest'
import { Prefix } from '../address/prefix.ts'
import type { Lock } from './lock.ts'
import { readLock } from './read-lock.ts'
import { release } from './release.ts'

function lock(): Lock {
  const { value } = readLock({
    version: 1,
    sites: {
      a: { '10.0.0.0/24': { translated: '192.168.0.0/24', translatedFor: ['b'] }, '10.0.1.0/24': { realFor: ['b'] } },
      b: { '10.0.0.0/24': { translated: '192.168.1.0/24', translatedFor: ['a'] } },
    },
    released: { a: { '10.9.0.0/24': '192.168.9.0/24' }, gone: { '10.0.0.0/24': '192.168.8.0/24' } },
  })
  if (!value) throw new Error('the lock is wrong')
  return value
}

function released(site: string, prefix: string, renumber = false) {
  const { lock: after, freed } = release(lock(), { site, prefix: Prefix.parse(prefix), renumber })
  return {
    freed: `${freed.real} ${freed.translated}`,
    left: [...after.entries.keys(), ...[...after.released.keys()].map((key) => `released ${key}`)],
  }
}

const all = ['a 10.0.0.0/24', 'a 10.0.1.0/24', 'b 10.0.0.0/24', 'released a 10.9.0.0/24', 'released gone 10.0.0.0/24']

describe('release', () => {
  it.each([
    ['a', '10.9.0.0/24', false, '10.9.0.0/24 192.168.9.0/24', 'released a 10.9.0.0/24', 'a subnet that left'],
    ['a', '192.168.9.0/24', false, '10.9.0.0/24 192.168.9.0/24', 'released a 10.9.0.0/24', 'by its translated prefix'],
    ['gone', '10.0.0.0/24', false, '10.0.0.0/24 192.168.8.0/24', 'released gone 10.0.0.0/24', 'a site that left'],
    ['a', '10.0.0.0/24', true, '10.0.0.0/24 192.168.0.0/24', 'a 10.0.0.0/24', 'a mapping in use, when that is meant'],
    ['b', '192.168.1.0/24', true, '10.0.0.0/24 192.168.1.0/24', 'b 10.0.0.0/24', 'the same by its translated prefix'],
    ['a', '10.0.1.0/24', true, '10.0.1.0/24 undefined', 'a 10.0.1.0/24', 'that a subnet keeps its real prefix'],
  ])('frees of %s %s (renumber: %s): %s (%s)', (site, prefix, renumber, freed, key) => {
    expect(released(site, prefix, renumber)).toEqual({ freed, left: all.filter((other) => other !== key) })
  })

  it.each([
    ['a', '10.0.0.0/24', false, 'RELEASE_IN_USE', /--renumber/, 'a mapping in use'],
    ['a', '10.0.1.0/24', false, 'RELEASE_IN_USE', /--renumber/, 'a real prefix in use'],
    [
      'a',
      '10.7.0.0/24',
      false,
      'RELEASE_UNKNOWN',
      /10\.9\.0\.0\/24, 10\.0\.0\.0\/24, 10\.0\.1\.0\/24/,
      'another prefix',
    ],
    ['a', '10.0.0.0/25', true, 'RELEASE_UNKNOWN', /10\.0\.0\.0\/24/, 'a part of a prefix'],
    ['b', '192.168.0.0/24', true, 'RELEASE_UNKNOWN', /10\.0\.0\.0\/24/, "another site's prefix"],
    ['c', '10.0.0.0/24', true, 'RELEASE_UNKNOWN', /nothing of that site/, 'another site'],
  ])('refuses %s %s (renumber: %s) with %s and a hint like %s: %s', (site, prefix, renumber, code, hint) => {
    const error = expect.objectContaining({ code, hint: expect.stringMatching(hint) })
    expect(() => released(site, prefix, renumber)).toThrow(error)
  })

  it('leaves the lock that it was given as it was', () => {
    const before = lock()
    release(before, { site: 'a', prefix: Prefix.parse('10.9.0.0/24'), renumber: false })
    expect([...before.released.keys()]).toEqual(['a 10.9.0.0/24', 'gone 10.0.0.0/24'])
  })
})
