import { derivePolicies, flowsOfPlan, normalize, type Platform, planNetwork, verify, worldOfPlan } from '@natplan/core'
import { platformModule } from '@natplan/templates'
import { describe, expect, it } from 'vitest'
import type { Written } from '../support/policies.ts'
import { routers } from '../support/routers.ts'

const switching: readonly Platform[] = [...routers.map(({ platform }) => platform), 'linux']

function written(platform: Platform, second: Record<string, string>): Written {
  const gateway = (outside: string, backup: string, nextHop: string) => ({
    platform,
    outside: { interface: 'eth1', address: outside },
    uplinks: { backup: { interface: 'eth2', address: backup, nextHop } },
    inside: { interface: 'eth0' },
  })
  const tunnel = { sites: ['cloud', 'onpremise'], mode: 'route' as const, proposal: 'compatible' as const }
  return {
    sites: {
      cloud: { subnets: ['10.0.1.0/27'], gateway: gateway('203.0.113.10', '198.51.100.10', '198.51.100.1') },
      onpremise: { subnets: ['10.0.1.0/24'], gateway: gateway('192.0.2.20', '198.51.100.130', '198.51.100.129') },
    },
    tunnels: [tunnel, { ...tunnel, uplinks: second }],
  }
}

/** What is said of the texts of a plan, after a change to that of one gateway. */
function said(plan: Written, change: (text: string) => string = (text) => text) {
  const network = normalize({ version: 1, ...plan }).value
  const planned = network && planNetwork(network).plan
  if (!planned) throw new Error('no plan')
  const { policies, findings } = derivePolicies(planned)
  const devices = new Map(
    policies.map((policy) => {
      const module = platformModule(policy.platform)
      const text = module?.render(policy, { secrets: new Map() }).texts?.configure ?? ''
      const device = module?.readDevice?.(policy.site === 'cloud' ? change(text) : text).device
      if (!device) throw new Error(`no device at ${policy.site}`)
      return [policy.site as string, device] as const
    }),
  )
  const world = worldOfPlan(planned, devices)
  const { findings: found, result } = verify(world, { flows: flowsOfPlan(planned, world) })
  return { result, planned: findings.map(({ code }) => code), codes: found.map(({ code }) => code) }
}

const both = { cloud: 'backup', onpremise: 'backup' }

describe('two tunnels over different uplinks', () => {
  it.each(switching)('are proven on %s, and the second one when the first is down', (platform) => {
    const { result, codes, planned } = said(written(platform, both))
    expect(result).toBe('proven')
    expect(codes).not.toContain('FAILOVER_UNSAFE')
    expect(planned).not.toContain('UPLINK_ROUTE_BY_HAND')
  })

  it.each([
    ['no route for the second', / interface vti101 distance '2'/],
    ['no NAT for the second', /nat source rule 1010 /],
  ])('are told when there is %s', (_, line) => {
    const without = (text: string) =>
      text
        .split('\n')
        .filter((one) => !line.test(one))
        .join('\n')
    expect(said(written('vyos-1.4', both), without).codes).toContain('FAILOVER_UNSAFE')
  })

  it('have a route to an address of the peer that is for the second tunnel alone, or say what is needed', () => {
    expect(said(written('vyos-1.4', { cloud: 'backup' })).planned).toContain('UPLINK_ROUTE_BY_HAND')
    expect(said(written('vyos-1.4', { onpremise: 'backup' })).planned).toContain('UPLINK_ROUTE_BY_HAND')
    expect(said(written('vyos-1.4', both)).planned).not.toContain('UPLINK_ROUTE_BY_HAND')
  })
})
