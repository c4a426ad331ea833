import { describe, expect, it } from 'vitest'
import { formatPath } from '../finding.ts'
import { normalize } from '../network/normalize.ts'
import type { WrittenNetwork, WrittenSite } from '../network/written.ts'
import { planNetwork } from './plan-network.ts'

type Kubernetes = NonNullable<WrittenSite['kubernetes']>

function risksOf(pool: string, sites: WrittenNetwork['sites']): string[] {
  const { value } = normalize({ version: 1, pools: [pool], sites })
  const { plan, findings } = value ? planNetwork(value) : { findings: [] }
  if (!plan) throw new Error('there is no plan')
  return findings.map(({ code, place, message }) => `${code} ${formatPath(place.path)}: ${message}`)
}

function sitesWith(kubernetes: Kubernetes, subnets = ['10.0.0.0/24']): WrittenNetwork['sites'] {
  return { cloud: { subnets, kubernetes }, office: { subnets } }
}

const at = 'COMMON_RANGE sites.cloud.kubernetes: cloud sees office as'

describe('commonRangeRisks', () => {
  it.each<[string, Kubernetes, string[], string]>([
    [
      '172.17.0.0/16',
      {},
      [`${at} 172.17.1.0/24, inside 172.17.0.0/16: docker's default bridge`],
      'nothing is said of the cluster',
    ],
    ['172.17.0.0/16', { podSubnets: ['172.30.0.0/16'] }, [], 'the pods are named'],
    [
      '172.17.0.0/16',
      { serviceSubnets: ['172.30.0.0/16'] },
      [`${at} 172.17.1.0/24, inside 172.17.0.0/16: docker's default bridge`],
      'naming services says nothing of pods',
    ],
    ['10.43.0.0/16', {}, [`${at} 10.43.1.0/24, inside 10.43.0.0/16: k3s's services`], 'a service range'],
    ['10.43.0.0/16', { serviceSubnets: ['172.30.0.0/16'] }, [], 'the services are named'],
    [
      '172.20.0.0/16',
      {},
      [
        `${at} 172.20.1.0/24, inside 172.20.0.0/14: docker's further bridges (compose networks)`,
        `${at} 172.20.1.0/24, inside 172.20.0.0/16: EKS's services`,
      ],
      'two kinds of software: one finding for each',
    ],
    ['172.24.0.0/16', {}, [], 'no software is known to use it'],
  ])('in the pool %s with %j: %j (%s)', (pool, kubernetes, expected) => {
    expect(risksOf(pool, sitesWith(kubernetes))).toEqual(expected)
  })

  it('concerns what the cluster sees, not what it shows', () => {
    const always = { prefix: '10.0.0.0/24', translate: 'always' as const }
    const sites = { cloud: { subnets: [always], kubernetes: {} }, office: { subnets: ['10.1.0.0/24'] } }
    expect(risksOf('172.17.0.0/16', sites)).toEqual([])
  })

  it('is one finding for all mappings inside a range', () => {
    const [finding] = risksOf('172.17.0.0/16', sitesWith({}, ['10.0.0.0/24', '10.0.1.0/24', '10.0.2.0/24']))
    expect(finding).toContain('172.17.3.0/24 and 2 more, inside 172.17.0.0/16')
  })

  it('concerns real prefixes as it does translated ones', () => {
    const seeing = (subnet: string) =>
      risksOf('192.168.0.0/16', { cloud: { subnets: ['10.0.0.0/24'], kubernetes: {} }, office: { subnets: [subnet] } })
    expect(seeing('172.17.5.0/24')).toEqual([`${at} 172.17.5.0/24, inside 172.17.0.0/16: docker's default bridge`])
    expect(seeing('172.16.5.0/24')).toEqual([])
  })

  it('is silent about sites without Kubernetes', () => {
    expect(risksOf('172.17.0.0/16', { a: { subnets: ['10.0.0.0/24'] }, b: { subnets: ['10.0.0.0/24'] } })).toEqual([])
  })
})
