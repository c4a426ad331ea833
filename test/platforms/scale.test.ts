import { platformModule, platformModules } from '@natplan/templates'
import { describe, expect, it } from 'vitest'
import { measured } from '../support/cost.ts'
import { derive, type Written } from '../support/policies.ts'

/** A hub of VyOS 1.4 and spokes that all have the same ten subnets, so that each is translated. */
function network(spokes: number, subnets: number): Written {
  const names = Array.from({ length: spokes }, (_, index) => `spoke${index}`)
  const gateway = (address: string) => ({
    platform: 'vyos-1.4' as const,
    outside: { interface: 'eth1', address },
  })
  return {
    pools: ['172.16.0.0/12', '10.128.0.0/9'],
    sites: {
      hub: {
        subnets: Array.from({ length: subnets }, (_, index) => `10.1.${index}.0/24`),
        gateway: gateway('192.0.2.1'),
      },
      ...Object.fromEntries(
        names.map((name, index) => [
          name,
          { subnets: ['10.1.0.0/16'], gateway: gateway(`198.51.${100 + (index >> 8)}.${index & 255}`) },
        ]),
      ),
    },
    tunnels: names.map((name) => ({ sites: ['hub', name] })),
  }
}

describe('a hub with 100 tunnels and 1,000 mappings', () => {
  const { policies, findings } = derive(network(100, 10))
  const hub = policies.find(({ site }) => site === 'hub')

  it('has a policy with all of them', () => {
    expect(findings).toEqual([])
    expect(hub?.tunnels).toHaveLength(100)
    expect(hub?.nat).toHaveLength(2000)
  })

  it('is rendered and read back in time that grows with its size', () => {
    const module = platformModule('vyos-1.4')
    if (!hub || !module?.readDevice) throw new Error('no hub')
    const tenth = { ...hub, tunnels: hub.tunnels.slice(0, 10), nat: hub.nat.filter((_, index) => index % 10 === 0) }
    let text = ''
    const round = (policy: typeof hub) => () => {
      text = module.render(policy, { secrets: new Map() }).texts?.configure ?? ''
      module.readDevice?.(text)
    }
    round(hub)()
    const small = Math.min(...[1, 2, 3].map(() => measured(round(tenth)).cost))
    const large = Math.min(...[1, 2, 3].map(() => measured(round(hub)).cost))
    expect(text.split('\n').length).toBeGreaterThan(12_000)
    expect(large).toBeLessThan(Math.max(small, 0.5) * 40)
    expect(large).toBeLessThan(300)
  })
})

describe('a dump of 200,000 lines', () => {
  const readers = platformModules.filter(({ readDevice, platform }) => readDevice !== undefined && platform !== 'linux')
  const lines = Array.from({ length: 200_000 }, (_, index) =>
    index % 4 === 0
      ? `set nat source rule ${index} source address '10.${index % 256}.0.0/16'`
      : `set firewall group address-group G${index % 5000} address '10.0.${index % 256}.${index % 200}'`,
  )

  it.each(readers.map((module) => [module.platform, module] as const))('is read by %s in linear time', (_, module) => {
    const small = measured(() => module.readDevice?.(lines.slice(0, 20_000).join('\n'))).cost
    const large = measured(() => module.readDevice?.(lines.join('\n'))).cost
    expect(large).toBeLessThan(Math.max(small, 2) * 40)
    expect(large).toBeLessThan(1000)
  })
})
