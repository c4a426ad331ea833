import { describe, expect, it } from 'vitest'
import { readLock } from '../allocation/read-lock.ts'
import { type Finding, formatPath } from '../finding.ts'
import { readNetwork } from '../network/read-network.ts'
import { planProblems } from './plan-problems.ts'

function problemsOf(plan: object, lock: object | 'unread' = {}): readonly Finding[] {
  const { partial } = readNetwork({ version: 1, ...plan })
  return planProblems(partial, lock === 'unread' ? undefined : readLock({ version: 1, ...lock }).value)
}

const codesOf = (...given: Parameters<typeof problemsOf>) => problemsOf(...given).map(({ code }) => code)

const pair = (subnet: unknown) => ({ a: { subnets: [subnet] }, b: { subnets: ['10.0.0.0/24'] } })

describe('planProblems', () => {
  it('says at which entry of avoid a pin is, also behind one that is wrong', () => {
    const pinned = { prefix: '10.1.0.0/24', translateTo: '192.168.7.0/24' }
    const avoid = ['192.168.1.5/24', '192.168.7.0/24']
    const [finding] = problemsOf({ avoid, sites: { a: { subnets: [pinned] } } })
    expect(finding?.related?.map(({ place }) => formatPath(place.path))).toEqual(['avoid[1]'])
  })

  it.each<[object, string[], string]>([
    [{ pools: ['192.168.0.0/25'], sites: pair('10.0.0.0/24') }, ['POOL_EXHAUSTED'], 'nothing else is wrong'],
    [
      { pools: ['192.168.0.0/25'], avoid: ['x'], sites: pair('10.0.0.0/24') },
      ['POOL_EXHAUSTED'],
      'what is wrong frees space at most',
    ],
    [{ pools: ['192.168.0.0/25', 'x'], sites: pair('10.0.0.0/24') }, [], 'a pool is not known'],
    [
      { pools: ['192.168.0.0/25'], sites: pair({ prefix: '10.0.0.0/24', translateTo: 'x' }) },
      [],
      'a pin is not known, which would ask less of the pools',
    ],
  ])('of %j says %j: %s', (plan, codes) => {
    expect(codesOf(plan)).toEqual(codes)
  })

  it('says nothing of pools without the lock, which knows who keeps its addresses', () => {
    expect(codesOf({ pools: ['192.168.0.0/25'], sites: pair('10.0.0.0/24') }, 'unread')).toEqual([])
  })

  it('does not take a subnet that could not be read for one that left', () => {
    const lock = { sites: { a: { '10.0.0.0/24': { translated: '192.168.7.0/24', translatedFor: 'all' } } } }
    const c = { subnets: [{ prefix: '10.5.0.0/24', translateTo: '192.168.7.0/24' }] }
    expect(codesOf({ sites: { a: { subnets: ['10.0.0.5/24'] }, c } }, lock)).toEqual([])
    expect(codesOf({ sites: { a: { subnets: ['10.0.9.0/24'] }, c } }, lock)).toEqual(['LOCK_COLLIDES'])
  })
})
