import { describe, expect, it } from 'vitest'
import { emptyLock, type Lock } from '../allocation/lock.ts'
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

  it('refuses never where a translation is needed', () => {
    const { codes, plan } = planOf({
      sites: { a: { subnets: [{ prefix: '10.0.0.0/24', translate: 'never' }] }, b: { subnets: ['10.0.0.0/16'] } },
    })
    expect(codes).toEqual(['TRANSLATION_IMPOSSIBLE'])
    expect(plan).toBeUndefined()
  })
})
