import { describe, expect, it } from 'vitest'
import { Prefix } from '../address/prefix.ts'
import type { SiteName } from '../network/names.ts'
import { includes, isLockedReal, type LockEntry, lockKey, type PeerList } from './lock.ts'

const [a, b] = ['a', 'b'] as SiteName[] as [SiteName, SiteName]

function entry(translatedFor: PeerList, realFor: PeerList): LockEntry {
  return { site: a, real: Prefix.parse('10.0.0.0/24'), translated: undefined, translatedFor, realFor, path: [] }
}

describe('isLockedReal', () => {
  it.each<[LockEntry | undefined, boolean, string]>([
    [undefined, false, 'nothing is known of the subnet'],
    [entry([], []), false, 'nobody knows it'],
    [entry([], [b]), true, 'the peer is listed'],
    [entry([], [a]), false, 'another peer is listed'],
    [entry([], 'all'), true, 'all peers know it'],
    [entry([b], 'all'), false, 'all but the peer'],
    [entry([a], 'all'), true, 'all but another'],
    [entry('all', []), false, 'all know the translated prefix'],
  ])('row %#: %s', (locked, expected) => {
    expect(isLockedReal(locked, b)).toBe(expected)
  })
})

it('lists of peers name all or some', () => {
  expect([includes('all', a), includes([b], a), includes([b], b), includes([], b)]).toEqual([true, false, true, false])
})

it('keys tell sites and prefixes apart', () => {
  expect(lockKey(a, Prefix.parse('10.0.0.0/24'))).toBe('a 10.0.0.0/24')
})
