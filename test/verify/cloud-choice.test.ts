import {
  type Device,
  derivePolicies,
  deviceOfPolicy,
  flowsOfPlan,
  normalize,
  type Platform,
  planNetwork,
  verify,
  worldOfPlan,
} from '@natplan/core'
import { platformModule } from '@natplan/templates'
import { describe, expect, it } from 'vitest'
import type { Written } from '../support/policies.ts'

/** Both tunnels of a cloud, with an office whose gateway keeps state at each interface by itself. */
function written(cloud: Platform, office: object = {}): Written {
  const tunnel = { sites: ['cloud', 'office'], mode: 'route' as const }
  return {
    sites: {
      cloud: {
        subnets: ['10.3.1.0/24'],
        gateway: {
          platform: cloud,
          outside: { address: '203.0.113.10' },
          uplinks: { second: { address: '203.0.113.138' } },
        },
      },
      office: {
        subnets: [{ prefix: '10.0.1.0/24', ...office }],
        gateway: {
          platform: 'vyatta-5600',
          outside: { interface: 'dp0s0', address: '192.0.2.20' },
          inside: { interface: 'dp0s1' },
        },
      },
    },
    tunnels: [tunnel, { ...tunnel, uplinks: { cloud: 'second' } }],
  }
}

/** What is said with further lines on the office's gateway. */
function said(plan: Written, lines: readonly string[]) {
  const { value } = normalize({ version: 1, ...plan })
  const planned = value && planNetwork(value).plan
  if (!planned) throw new Error('no plan')
  const devices = new Map(
    derivePolicies(planned).policies.map((policy): [string, Device] => {
      const module = platformModule(policy.platform)
      const text = module?.render(policy, { secrets: new Map() }).texts?.configure ?? ''
      return [policy.site, module?.readDevice?.(`${text}\n${lines.join('\n')}\n`).device ?? deviceOfPolicy(policy)]
    }),
  )
  const world = worldOfPlan(planned, devices)
  const { findings, result } = verify(world, { flows: flowsOfPlan(planned, world) })
  return { result, unsafe: findings.filter(({ code }) => code === 'FAILOVER_UNSAFE').map(({ message }) => message) }
}

/** Answers come in by an interface only where the first packet left by the same one. */
const stateful = [
  'set security firewall name OUT default-action drop',
  'set security firewall name OUT rule 10 action accept',
  'set security firewall name OUT rule 10 state enable',
  'set security firewall name IN default-action drop',
  ...['vti100', 'vti101'].flatMap((name) => [
    `set interfaces vti ${name} firewall out OUT`,
    `set interfaces vti ${name} firewall in IN`,
  ]),
]

describe('a cloud that chooses by itself by which tunnel it sends', () => {
  it.each(['aws', 'azure'] as const)('%s is proven where the other end takes packets by either', (cloud) => {
    expect(said(written(cloud), [])).toEqual({ result: 'proven', unsafe: [] })
  })

  it.each(['aws', 'azure'] as const)('%s is told where answers pass by the first tunnel alone', (cloud) => {
    const { result, unsafe } = said(written(cloud), stateful)
    expect(unsafe).toEqual([expect.stringMatching(/^cloud chooses itself .* office-second, packets 10\.0\.1\.0\/24/)])
    expect(result).toBe('fault')
  })

  it('is not known where many hosts hide at one of two interfaces', () => {
    const { result, unsafe } = said(written('aws', { hideBehind: '192.168.200.5' }), [])
    expect(unsafe).toEqual([
      expect.stringMatching(/^cloud chooses itself .* whether answers to packets 10\.0\.1\.0\/24 .* is not known/),
    ])
    expect(result).toBe('unknown')
    expect(said(written('gcp', { hideBehind: '192.168.200.5' }), []).unsafe).toEqual([])
  })

  it('is not gcp, which sends by the first one that is up', () => {
    expect(said(written('gcp'), stateful).unsafe).toEqual([])
  })
})
