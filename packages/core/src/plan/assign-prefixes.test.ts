import { describe, expect, it } from 'vitest'
import { readLock } from '../allocation/read-lock.ts'
import { type Finding, formatPath } from '../finding.ts'
import { normalize } from '../network/normalize.ts'
import { peersIn } from '../network/peers.ts'
import type { WrittenNetwork } from '../network/written.ts'
import { type Occupied, occupiedIn } from '../overlap/occupied.ts'
import { PrefixForest } from '../overlap/prefix-forest.ts'
import { decideTranslation } from '../translation/decide-translation.ts'
import { assignPrefixes } from './assign-prefixes.ts'

function assign(written: Partial<WrittenNetwork>, locked: object = {}) {
  const { value: network, findings } = normalize({ version: 1, pools: ['192.168.0.0/16'], sites: {}, ...written })
  const { value: lock, findings: lockFindings } = readLock({ version: 1, ...locked })
  if (!network || !lock) throw new Error([...findings, ...lockFindings].map(({ message }) => message).join('\n'))
  const occupied = occupiedIn(network)
  const forest = new PrefixForest<Occupied>(occupied, ({ prefix }) => prefix)
  const { decisions } = decideTranslation(network, { peers: peersIn(network), forest, lock })
  const assigned = assignPrefixes(decisions, { network, lock, occupied })
  const lines = [...assigned.translated].map(([{ site, prefix }, translated]) => `${site} ${prefix} ↔ ${translated}`)
  return { lines: lines.sort(), findings: assigned.findings, problems: assigned.findings.map(describeFinding) }
}

/** Code, place, and the places that take part. */
function describeFinding({ code, place, related = [] }: Finding): string {
  const places = [place, ...related.map((other) => other.place)]
  return [code, ...places.map(({ source, path }) => `${source} ${formatPath(path)}`)].join(', ')
}

function pinned(prefix: string, translateTo: string) {
  return { subnets: [{ prefix, translateTo }] }
}

function entry(translated: string, real = '10.0.0.0/24') {
  return { [real]: { translated, translatedFor: 'all' } }
}

const block = { subnets: ['10.0.0.0/24'] }
const none = { subnets: [] }

describe('assignPrefixes', () => {
  it('takes pins, then the lock, then new prefixes, the largest first', () => {
    const sites = {
      a: pinned('10.0.0.0/24', '192.168.7.0/24'),
      b: { subnets: ['10.0.0.0/24', '10.1.0.0/16'] },
      c: { subnets: ['10.0.0.0/24', '10.1.0.0/16'] },
    }
    const { lines, problems } = assign(
      { sites, pools: ['192.168.0.0/16', '172.16.0.0/12'] },
      { sites: { b: entry('192.168.9.0/24') } },
    )
    expect(problems).toEqual([])
    expect(lines).toEqual([
      'a 10.0.0.0/24 ↔ 192.168.7.0/24',
      'b 10.0.0.0/24 ↔ 192.168.9.0/24',
      'b 10.1.0.0/16 ↔ 172.17.0.0/16',
      'c 10.0.0.0/24 ↔ 192.168.0.0/24',
      'c 10.1.0.0/16 ↔ 172.18.0.0/16',
    ])
  })

  it('prefers a pin to the lock', () => {
    const sites = { a: pinned('10.0.0.0/24', '192.168.7.0/24'), b: none }
    expect(assign({ sites }, { sites: { a: entry('192.168.9.0/24') } }).lines).toEqual([
      'a 10.0.0.0/24 ↔ 192.168.7.0/24',
    ])
  })

  it.each<[object, string]>([
    [{ released: { a: { '10.0.0.0/24': '192.168.9.0/24' } } }, 'released'],
    [
      { sites: { a: { '10.0.0.0/24': {} } }, released: { a: { '10.0.0.0/24': '192.168.9.0/24' } } },
      'released, back for a while under its real prefix',
    ],
  ])('gives a subnet that returns its own prefix again: %j (%s)', (lock) => {
    expect(assign({ sites: { a: block, b: block } }, lock).lines).toEqual([
      'a 10.0.0.0/24 ↔ 192.168.9.0/24',
      'b 10.0.0.0/24 ↔ 192.168.0.0/24',
    ])
  })

  it.each<[Partial<WrittenNetwork>, object, string]>([
    [{ avoid: ['192.168.0.0/24'] }, {}, 'avoided'],
    [{ sites: { a: block, b: block, c: { ...none, reserved: ['192.168.0.0/24'] } } }, {}, 'reserved anywhere'],
    [
      { sites: { a: block, b: block, c: { ...none, kubernetes: { podSubnets: ['192.168.0.0/24'] } } } },
      {},
      'pods anywhere',
    ],
    [{ sites: { a: block, b: block, c: { subnets: ['192.168.0.0/28'] } } }, {}, 'a subnet anywhere'],
    [
      {
        sites: {
          a: block,
          b: block,
          c: { ...none, gateway: { outside: { interface: 'eth0', address: '192.168.0.9' } } },
        },
      },
      {},
      'an endpoint anywhere',
    ],
    [{ sites: { a: block, b: block, c: pinned('10.9.0.0/24', '192.168.0.0/24') } }, {}, 'a pin'],
    [{}, { sites: { c: entry('192.168.0.0/24') } }, 'an entry of a subnet that is about to leave'],
    [{}, { released: { c: { '10.0.0.0/24': '192.168.0.0/24' } } }, 'an entry of a subnet that left'],
  ])('hands out nothing that is taken: %j with the lock %j (%s)', (written, lock) => {
    const { lines } = assign({ sites: { a: block, b: block }, ...written }, lock)
    expect(lines.slice(0, 2)).toEqual(['a 10.0.0.0/24 ↔ 192.168.1.0/24', 'b 10.0.0.0/24 ↔ 192.168.2.0/24'])
  })

  it.each<[Partial<WrittenNetwork>, object, string[], string]>([
    [{ sites: { a: pinned('10.0.0.0/24', '192.168.7.0/24'), b: none } }, {}, [], 'nothing is wrong'],
    [
      { sites: { a: pinned('10.0.0.0/24', '192.168.7.0/24'), b: { subnets: ['192.168.0.0/16'] } } },
      {},
      ['PIN_COLLIDES, plan sites.a.subnets[0].translateTo, plan sites.b.subnets[0]'],
      'a pin in a subnet',
    ],
    [
      { sites: { a: pinned('10.0.0.0/24', '192.168.7.0/24'), b: none }, avoid: ['10.0.0.0/8', '192.168.7.9/32'] },
      {},
      ['PIN_COLLIDES, plan sites.a.subnets[0].translateTo, plan avoid[1]'],
      'a pin in avoided space',
    ],
    [
      { sites: { a: pinned('10.0.0.0/24', '10.0.0.0/24'), b: none } },
      {},
      ['PIN_COLLIDES, plan sites.a.subnets[0].translateTo, plan sites.a.subnets[0]'],
      'a pin on its own real prefix',
    ],
    [
      { sites: { a: pinned('10.0.0.0/24', '192.168.7.0/24'), b: pinned('10.1.0.0/25', '192.168.7.128/25') } },
      {},
      ['PIN_COLLIDES, plan sites.a.subnets[0].translateTo, plan sites.b.subnets[0].translateTo'],
      'two pins',
    ],
    [
      { sites: { a: pinned('10.0.0.0/24', '192.168.7.0/24'), b: block, c: block } },
      { sites: { b: entry('192.168.7.0/24') } },
      ['LOCK_COLLIDES, lock sites.b["10.0.0.0/24"], plan sites.a.subnets[0].translateTo'],
      'a pin on what the lock holds',
    ],
    [
      { sites: { a: pinned('10.0.0.0/24', '192.168.7.0/24'), b: none } },
      { released: { c: { '10.0.0.0/16': '192.168.0.0/16' } } },
      ['LOCK_COLLIDES, lock released.c["10.0.0.0/16"], plan sites.a.subnets[0].translateTo'],
      'a pin on what is released only by a command',
    ],
    [
      { sites: { a: pinned('10.0.0.0/24', '192.168.7.0/24'), b: none } },
      { sites: { c: entry('192.168.7.0/24') } },
      ['LOCK_COLLIDES, lock sites.c["10.0.0.0/24"], plan sites.a.subnets[0].translateTo'],
      'a pin on what a subnet that leaves now still holds',
    ],
    [
      { sites: { a: pinned('10.0.0.0/24', '192.168.7.0/24'), b: none } },
      { sites: { a: entry('192.168.7.0/24') }, released: { a: { '10.0.0.0/24': '192.168.7.0/24' } } },
      [],
      'a pin on what the subnet itself has or had',
    ],
    [
      { sites: { a: block, b: { ...block, reserved: ['192.168.9.0/25'] } } },
      { sites: { a: entry('192.168.9.0/24') } },
      ['LOCK_COLLIDES, lock sites.a["10.0.0.0/24"], plan sites.b.reserved[0]'],
      'space that a site now uses',
    ],
    [
      { sites: { a: block, b: block }, avoid: ['192.168.9.0/24'] },
      { sites: { a: entry('192.168.9.0/24') } },
      ['LOCK_COLLIDES, lock sites.a["10.0.0.0/24"], plan avoid[0]'],
      'space that is now avoided',
    ],
    [
      { sites: { a: block, b: block } },
      { sites: { a: entry('192.168.9.0/24'), b: entry('192.168.9.0/24') } },
      ['LOCK_SHARED_PREFIX, lock sites.b["10.0.0.0/24"], lock sites.a["10.0.0.0/24"]'],
      'two entries with the same prefix',
    ],
    [
      { sites: { a: { subnets: ['10.0.0.0/16'] }, b: block, c: { subnets: ['10.0.1.0/24'] } } },
      {
        sites: {
          a: entry('192.168.0.0/16', '10.0.0.0/16'),
          b: entry('192.168.1.0/24'),
          c: entry('192.168.2.0/24', '10.0.1.0/24'),
        },
      },
      [
        'LOCK_SHARED_PREFIX, lock sites.b["10.0.0.0/24"], lock sites.a["10.0.0.0/16"]',
        'LOCK_SHARED_PREFIX, lock sites.c["10.0.1.0/24"], lock sites.a["10.0.0.0/16"]',
      ],
      'two entries inside a third',
    ],
    [
      { sites: { a: block, b: block } },
      { sites: { a: entry('172.16.9.0/24') } },
      ['LOCK_OUTSIDE_POOLS, lock sites.a["10.0.0.0/24"]'],
      'an entry outside the pools',
    ],
    [{ sites: { a: pinned('10.0.0.0/24', '172.16.9.0/24'), b: none } }, {}, [], 'a pin outside the pools is meant'],
    [
      { sites: { a: block, b: block }, pools: ['192.168.0.0/24'] },
      {},
      ['POOL_EXHAUSTED, plan sites.b.subnets[0]'],
      'no room for one',
    ],
    [
      { sites: { a: block, b: block, c: block }, pools: ['192.168.0.0/25'] },
      {},
      ['POOL_EXHAUSTED, plan sites.a.subnets[0], plan sites.b.subnets[0], plan sites.c.subnets[0]'],
      'no room for any',
    ],
    [
      { sites: { a: block, b: block }, pools: [] },
      { sites: { a: entry('192.168.1.0/24'), b: entry('192.168.2.0/24') } },
      ['LOCK_OUTSIDE_POOLS, lock sites.a["10.0.0.0/24"]', 'LOCK_OUTSIDE_POOLS, lock sites.b["10.0.0.0/24"]'],
      'the lock needs no pool',
    ],
  ])('in %j with the lock %j finds %j: %s', (written, lock, expected) => {
    expect(assign(written, lock).problems).toEqual(expected)
  })

  it('says how to free what a pin or a site asks for', () => {
    const [finding] = assign(
      { sites: { a: pinned('10.0.0.0/24', '192.168.7.0/24'), b: none } },
      { released: { c: { '10.0.1.0/24': '192.168.7.0/24' } } },
    ).findings
    expect(finding?.hint).toContain('natplan release c 10.0.1.0/24')
  })

  it('places the smaller ones although a larger one found no room', () => {
    const sites = { a: { subnets: ['10.0.0.0/23', '10.0.9.0/24'] }, b: { subnets: ['10.0.0.0/16'] } }
    const { lines, problems } = assign({ sites, pools: ['192.168.0.0/24'] })
    expect(lines).toEqual(['a 10.0.9.0/24 ↔ 192.168.0.0/24'])
    expect(problems).toEqual(['POOL_EXHAUSTED, plan sites.b.subnets[0], plan sites.a.subnets[0]'])
  })
})
