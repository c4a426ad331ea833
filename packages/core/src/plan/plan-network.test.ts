import { describe, expect, it } from 'vitest'
import { Prefix } from '../address/prefix.ts'
import { emptyLock, type Lock } from '../allocation/lock.ts'
import { release } from '../allocation/release.ts'
import { normalize } from '../network/normalize.ts'
import type { WrittenNetwork } from '../network/written.ts'
import { planNetwork } from './plan-network.ts'

function planOf(written: Omit<WrittenNetwork, 'version'>, lock: Lock = emptyLock) {
  const { value, findings } = normalize({ version: 1, ...written })
  if (!value) throw new Error(findings.map((finding) => `${finding.code} ${finding.message}`).join('\n'))
  const planning = planNetwork(value, lock)
  const mappings = planning.plan?.mappings.map(
    ({ site, real, translated, translatedFor }) =>
      `${site} ${real} ↔ ${translated} for ${translatedFor === 'all' ? 'all' : translatedFor.join(',')}`,
  )
  return { ...planning, mappings, codes: planning.findings.map((finding) => finding.code) }
}

describe('planNetwork', () => {
  it('plans the acceptance example', () => {
    const { mappings, codes } = planOf({
      pools: ['192.168.0.0/16'],
      sites: { cloud: { subnets: ['10.0.1.0/27'] }, onpremise: { subnets: ['10.0.1.0/24'] } },
    })
    expect(codes).toEqual([])
    expect(mappings).toEqual([
      'cloud 10.0.1.0/27 ↔ 192.168.2.0/27 for all',
      'onpremise 10.0.1.0/24 ↔ 192.168.1.0/24 for all',
    ])
  })

  it('hands out nothing that a link between gateways has', () => {
    const { mappings } = planOf({
      pools: ['192.168.0.0/16'],
      sites: { cloud: { subnets: ['10.0.1.0/24'] }, onpremise: { subnets: ['10.0.1.0/24'] } },
      tunnels: [{ sites: ['cloud', 'onpremise'], mode: 'route', link: '192.168.1.0/30' }],
    })
    expect(mappings).toEqual([
      'cloud 10.0.1.0/24 ↔ 192.168.2.0/24 for all',
      'onpremise 10.0.1.0/24 ↔ 192.168.3.0/24 for all',
    ])
  })

  it('translates spokes that collide only at the hub, and the hub not at all', () => {
    const { mappings } = planOf({
      sites: {
        hub: { subnets: ['10.9.0.0/24'] },
        a: { subnets: ['10.0.0.0/24'] },
        b: { subnets: ['10.0.0.0/24'] },
      },
      tunnels: [{ sites: ['hub', 'a'] }, { sites: ['hub', 'b'] }],
    })
    expect(mappings).toEqual(['a 10.0.0.0/24 ↔ 192.168.0.0/24 for all', 'b 10.0.0.0/24 ↔ 192.168.1.0/24 for all'])
  })

  it('lets the spoke that the lock shows untranslated keep its real prefix', () => {
    const first = planOf({
      sites: { hub: { subnets: ['10.9.0.0/24'] }, b: { subnets: ['10.0.0.0/24'] } },
      tunnels: [{ sites: ['hub', 'b'] }],
    })
    expect(first.mappings).toEqual([])
    const second = planOf(
      {
        sites: {
          hub: { subnets: ['10.9.0.0/24'] },
          a: { subnets: ['10.0.0.0/24'] },
          b: { subnets: ['10.0.0.0/24'] },
        },
        tunnels: [{ sites: ['hub', 'a'] }, { sites: ['hub', 'b'] }],
      },
      first.plan?.lock,
    )
    expect(second.mappings).toEqual(['a 10.0.0.0/24 ↔ 192.168.0.0/24 for all'])
    expect(second.plan?.changes.map(({ kind, site }) => `${kind} ${site}`)).toEqual(['add a', 'retunnel hub'])
  })

  it('translates a subnet only on the tunnel where it collides', () => {
    const { mappings } = planOf({
      sites: {
        hub: { subnets: ['10.0.0.0/24'] },
        a: { subnets: ['10.1.0.0/24'], reserved: ['10.0.0.0/16'] },
        b: { subnets: ['10.2.0.0/24'] },
      },
      tunnels: [{ sites: ['hub', 'a'] }, { sites: ['hub', 'b'] }],
    })
    expect(mappings).toEqual(['hub 10.0.0.0/24 ↔ 192.168.0.0/24 for a'])
  })

  it('lets a subnet keep its real prefix where the lock, and no tunnel, says that a third site knows it', () => {
    const sites = { a: { subnets: ['10.0.0.0/29'] }, b: { subnets: ['10.0.0.0/28'] }, c: { subnets: [] } }
    const first = planOf({ sites: { ...sites, b: { subnets: [] } }, tunnels: [{ sites: ['a', 'c'] }] })
    const second = planOf({ sites }, first.plan?.lock)
    expect(second.mappings).toEqual(['a 10.0.0.0/29 ↔ 192.168.1.0/29 for b', 'b 10.0.0.0/28 ↔ 192.168.0.0/28 for all'])
  })

  it('gives thousands of spokes with the same subnet a prefix each, and finds them again', () => {
    const names = Array.from({ length: 3000 }, (_, index) => `spoke${index}`)
    const written = {
      pools: ['172.16.0.0/12'],
      sites: {
        ...Object.fromEntries(names.map((name) => [name, { subnets: ['10.0.1.0/24'] }])),
        hub: { subnets: ['10.9.0.0/24'] },
      },
      tunnels: names.map((name) => ({ sites: [name, 'hub'] })),
    }
    const { plan, codes } = planOf(written)
    expect(codes).toEqual([])
    expect(new Set(plan?.mappings.map(({ translated }) => String(translated))).size).toBe(3000)
    const again = planOf(written, plan?.lock)
    expect([again.plan?.changes, again.plan?.mappings.length]).toEqual([[], 3000])
  })

  it('knows the overlaps even when there is no plan', () => {
    const { overlaps, plan, codes } = planOf({
      pools: ['192.168.0.0/25'],
      sites: { a: { subnets: ['10.0.0.0/24'] }, b: { subnets: ['10.0.0.0/24'] } },
    })
    expect([plan, codes, overlaps.length]).toEqual([undefined, ['POOL_EXHAUSTED'], 1])
  })

  it('gives a plan beside notes and risks', () => {
    const sites = { a: { subnets: ['10.0.0.0/24'], kubernetes: {} }, b: { subnets: ['10.0.0.0/24'] } }
    const first = planOf({ sites })
    expect([first.codes, first.mappings?.length]).toEqual([['COMMON_RANGE'], 2])
    const second = planOf({ sites: { ...sites, b: { subnets: [] } }, pools: ['172.24.0.0/16'] }, first.plan?.lock)
    expect([second.codes, second.mappings?.length]).toEqual([['TRANSLATION_KEPT', 'LOCK_OUTSIDE_POOLS'], 1])
  })

  it('passes IPv6 as it is', () => {
    const { mappings, plan } = planOf({
      sites: { a: { subnets: ['fd00:a::/64', '10.0.0.0/24'] }, b: { subnets: ['fd00:b::/64', '10.0.0.0/24'] } },
    })
    expect(mappings?.length).toBe(2)
    expect([...(plan?.lock.entries.keys() ?? [])]).toEqual(['a 10.0.0.0/24', 'b 10.0.0.0/24'])
  })

  it('frees a prefix for others only when it is released, and keeps it for its subnet until then', () => {
    const both = {
      pools: ['192.168.0.0/23'],
      sites: { a: { subnets: ['10.0.0.0/24'] }, b: { subnets: ['10.0.0.0/24'] } },
    }
    const first = planOf(both)
    const without = planOf({ ...both, sites: { ...both.sites, a: { subnets: [] } } }, first.plan?.lock)
    const third = { c: { subnets: ['10.0.0.0/24'] }, a: { subnets: [] } }
    expect(planOf({ ...both, sites: { ...both.sites, ...third } }, without.plan?.lock).codes).toEqual([
      'POOL_EXHAUSTED',
    ])
    expect(planOf(both, without.plan?.lock).mappings).toEqual(first.mappings)
    const { lock } = release(without.plan?.lock ?? emptyLock, {
      site: 'a',
      prefix: Prefix.parse('10.0.0.0/24'),
      renumber: false,
    })
    expect(planOf({ ...both, sites: { ...both.sites, ...third } }, lock).mappings).toEqual([
      'b 10.0.0.0/24 ↔ 192.168.1.0/24 for all',
      'c 10.0.0.0/24 ↔ 192.168.0.0/24 for all',
    ])
  })

  it('refuses never where a translation is needed', () => {
    const { codes, plan } = planOf({
      sites: { a: { subnets: [{ prefix: '10.0.0.0/24', translate: 'never' }] }, b: { subnets: ['10.0.0.0/16'] } },
    })
    expect(codes).toEqual(['TRANSLATION_IMPOSSIBLE'])
    expect(plan).toBeUndefined()
  })
})
