import { describe, expect, it } from 'vitest'
import { readLock } from '../allocation/read-lock.ts'
import { writeLock } from '../allocation/write-lock.ts'
import { normalize } from '../network/normalize.ts'
import type { WrittenNetwork } from '../network/written.ts'
import { planNetwork } from './plan-network.ts'

function lockAfter(written: Partial<WrittenNetwork>, before: object = {}): string[] {
  const { value: network } = normalize({ version: 1, sites: {}, ...written })
  const { value: lock } = readLock({ version: 1, ...before })
  if (!network || !lock) throw new Error('the input is wrong')
  const { plan, findings } = planNetwork(network, lock)
  if (!plan) throw new Error(findings.map(({ message }) => message).join('\n'))
  const [, text = ''] = writeLock(plan.lock).split('\nsites:\n')
  return text.trimEnd().split('\n')
}

const block = { subnets: ['10.0.0.0/24'] }
const other = { subnets: ['10.9.0.0/24'] }
const translated = { '10.0.0.0/24': { translated: '192.168.7.0/24', translatedFor: ['b'] } }

describe('nextLock', () => {
  it('holds every subnet, with the peers that know it by either prefix', () => {
    const sites = { a: block, b: block, c: other }
    const tunnels = [{ sites: ['a', 'b'] }, { sites: ['a', 'c'] }]
    expect(lockAfter({ sites, tunnels })).toEqual([
      '  a:',
      '    10.0.0.0/24:',
      '      translated: 192.168.0.0/24',
      '      translatedFor:',
      '        - b',
      '      realFor:',
      '        - c',
      '  b:',
      '    10.0.0.0/24:',
      '      translated: 192.168.1.0/24',
      '      translatedFor:',
      '        - a',
      '  c:',
      '    10.9.0.0/24:',
      '      realFor:',
      '        - a',
    ])
  })

  it('sets the prefix aside when its subnet must not be translated any more, since peers may still use it', () => {
    const never = { subnets: [{ prefix: '10.0.0.0/24', translate: 'never' as const }] }
    const lines = lockAfter(
      { sites: { a: never, b: other }, tunnels: [{ sites: ['a', 'b'] }] },
      { sites: { a: translated } },
    )
    expect(lines.join('\n')).toContain('released:\n  a:\n    10.0.0.0/24: 192.168.7.0/24')
  })

  it('lists no peers when every pair is joined, but those that are the exception', () => {
    const always = { subnets: [{ prefix: '10.0.0.0/24', translate: 'always' as const }] }
    expect(lockAfter({ sites: { a: block, b: always, c: other } })).toEqual([
      '  a:',
      '    10.0.0.0/24:',
      '      translated: 192.168.0.0/24',
      '      translatedFor:',
      '        - b',
      '      realFor: all',
      '  b:',
      '    10.0.0.0/24:',
      '      translated: 192.168.1.0/24',
      '      translatedFor: all',
      '  c:',
      '    10.9.0.0/24:',
      '      realFor: all',
    ])
  })

  it('does not hold IPv6', () => {
    expect(lockAfter({ sites: { a: { subnets: ['fd00::/64', '10.0.0.0/24'] } } })).toEqual([
      '  a:',
      '    10.0.0.0/24:',
      '      realFor: all',
    ])
  })

  it('keeps the prefix of a subnet whose site has no tunnel', () => {
    expect(lockAfter({ sites: { a: block, b: block }, tunnels: [] }, { sites: { a: translated } })).toEqual([
      '  a:',
      '    10.0.0.0/24:',
      '      translated: 192.168.7.0/24',
      '  b:',
      '    10.0.0.0/24: {}',
    ])
  })

  it('forgets the prefix of a subnet that nobody knows by it any more', () => {
    const tunnels = [{ sites: ['a', 'c'] }]
    expect(lockAfter({ sites: { a: block, c: other }, tunnels }, { sites: { a: translated } }).slice(0, 4)).toEqual([
      '  a:',
      '    10.0.0.0/24:',
      '      realFor:',
      '        - c',
    ])
  })

  it.each<[WrittenNetwork['sites'], object, string[], string]>([
    [{ a: other }, { sites: { a: translated } }, ['    10.0.0.0/24: 192.168.7.0/24'], 'the subnet left'],
    [{ b: other }, { sites: { a: translated } }, ['    10.0.0.0/24: 192.168.7.0/24'], 'the site left'],
    [{ b: other }, { sites: { a: { '10.0.0.0/24': { realFor: 'all' } } } }, [], 'it left, and kept its real prefix'],
    [
      { b: other },
      { released: { a: { '10.0.0.0/24': '192.168.7.0/24' } } },
      ['    10.0.0.0/24: 192.168.7.0/24'],
      'it left before',
    ],
    [
      { a: block, b: other },
      { released: { a: { '10.0.0.0/24': '192.168.7.0/24' } } },
      ['    10.0.0.0/24: 192.168.7.0/24'],
      'it is back and keeps its real prefix',
    ],
    [
      { a: block, b: block },
      { released: { a: { '10.0.0.0/24': '192.168.7.0/24' } } },
      [],
      'it is back and takes its translated prefix up',
    ],
  ])('with the sites %j after %j has released %j: %s', (sites, before, expected) => {
    const lines = lockAfter({ sites }, before)
    const start = lines.indexOf('released:')
    expect(start < 0 ? [] : lines.slice(start + 2)).toEqual(expected)
  })

  it('sorts what is released by site and address', () => {
    const entry = (index: number) => ({ translated: `192.168.${index}.0/24`, translatedFor: 'all' })
    const before = {
      sites: { c: { '10.0.10.0/24': entry(3), '10.0.9.0/24': entry(2) }, b: { '10.0.0.0/24': entry(1) } },
      released: { c: { '10.0.2.0/24': '192.168.4.0/24' }, a: { '10.0.0.0/24': '192.168.5.0/24' } },
    }
    const lines = lockAfter({ sites: { z: block } }, before)
    expect(lines.slice(lines.indexOf('released:') + 1)).toEqual([
      '  a:',
      '    10.0.0.0/24: 192.168.5.0/24',
      '  b:',
      '    10.0.0.0/24: 192.168.1.0/24',
      '  c:',
      '    10.0.2.0/24: 192.168.4.0/24',
      '    10.0.9.0/24: 192.168.2.0/24',
      '    10.0.10.0/24: 192.168.3.0/24',
    ])
  })
})
