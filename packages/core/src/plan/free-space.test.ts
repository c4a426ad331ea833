import { describe, expect, it } from 'vitest'
import { Prefix } from '../address/prefix.ts'
import { emptyLock } from '../allocation/lock.ts'
import { normalize } from '../network/normalize.ts'
import type { WrittenNetwork } from '../network/written.ts'
import { derivePolicies } from '../policy/derive-policies.ts'
import { nodeRoutes } from '../policy/node-routes.ts'
import { planNetwork } from './plan-network.ts'

type Sites = WrittenNetwork['sites']
type Site = Sites[string]

const lan = { prefix: '10.0.1.0/24', free: ['10.0.1.240/28'] }
const office: Site = { subnets: [lan] }

function called(translateTo: string, prefix = '10.0.1.20/32'): Site {
  return { subnets: [{ prefix, translateTo }] }
}

function planned(sites: Sites, tunnels?: WrittenNetwork['tunnels'], lock = emptyLock) {
  const { value, findings } = normalize({ version: 1, sites, ...(tunnels ? { tunnels } : {}) })
  return value ? planNetwork(value, lock) : { plan: undefined, findings }
}

function problemsOf(...given: Parameters<typeof planned>): string[] {
  return planned(...given).findings.map(({ code }) => code)
}

describe('a single host of a site', () => {
  it.each<[string, string, Sites, string[]]>([
    ['by a free address of its peer', '10.0.1.250/32', {}, []],
    ['by one that is not free', '10.0.1.100/32', {}, ['PIN_COLLIDES']],
    ['by the broadcast address', '10.0.1.255/32', {}, ['PIN_COLLIDES']],
    [
      'by one that a third site uses as well',
      '10.0.1.250/32',
      { other: { subnets: ['10.0.1.0/24'] } },
      ['PIN_COLLIDES'],
    ],
    ['by one that is free at a third site as well', '10.0.1.250/32', { other: office }, []],
    [
      'by one that a third site has reserved',
      '10.0.1.250/32',
      { other: { subnets: [], reserved: ['10.0.1.0/24'] } },
      ['PIN_COLLIDES'],
    ],
  ])('is called %s: %s', (_, name, others, problems) => {
    expect(problemsOf({ office, plant: called(name), ...others })).toEqual(problems)
  })

  it('is one, and not several at once', () => {
    expect(problemsOf({ office, plant: called('10.0.1.248/30', '10.0.1.20/30') })).toEqual(['PIN_COLLIDES'])
    const hidden = { subnets: [{ prefix: '10.7.0.0/24', hideBehind: '10.0.1.250' }] }
    const always = { subnets: [{ ...lan, translate: 'always' as const }] }
    expect(problemsOf({ office: always, plant: hidden })).toEqual(['HIDDEN_ONE_WAY'])
  })

  it('is called by nothing of its own site', () => {
    const own = { subnets: [lan, { prefix: '10.9.0.20/32', translateTo: '10.0.1.250/32' }] }
    expect(problemsOf({ office: own, plant: { subnets: ['10.7.0.0/24'] } })).toEqual(['PIN_COLLIDES'])
  })

  it('may come out of a network that is reserved around it, which is told', () => {
    const plant = { ...called('10.0.1.250/32'), reserved: ['10.0.1.0/24'] }
    expect(problemsOf({ office, plant })).toEqual(['FREE_SPACE_AT_HOME'])
    // Not around the host, but around its name alone.
    const apart = { ...called('10.0.1.250/32', '10.7.0.20/32'), reserved: ['10.0.1.128/25'] }
    expect(problemsOf({ office, plant: apart })).toEqual(['PIN_COLLIDES'])
  })

  it('keeps its name by the lock', () => {
    const { plan } = planned({ office, plant: called('10.0.1.250/32') })
    const again = planned({ office, plant: { subnets: ['10.0.1.20/32'] } }, undefined, plan?.lock)
    expect(again.findings.map(({ code }) => code)).toEqual(['LOCK_OUTSIDE_POOLS'])
    expect(again.plan?.mappings.map(({ translated }) => String(translated))).toContain('10.0.1.250/32')
  })
})

describe('whoever sees both', () => {
  it('must not know the subnet by its real addresses: the site of the host', () => {
    const plant = called('10.0.1.250/32', '10.7.0.20/32')
    expect(problemsOf({ office, plant })).toEqual(['FREE_SPACE_SEEN'])
    expect(problemsOf({ office: { subnets: [{ ...lan, translate: 'always' }] }, plant })).toEqual([])
  })

  it('must not know the subnet by its real addresses: a third site', () => {
    const sites = { office, plant: called('10.0.1.250/32'), third: { subnets: ['10.8.0.0/24'] } }
    const to = (...ends: [string, string][]) => ends.map((pair) => ({ sites: pair }))
    const all = to(['office', 'plant'], ['plant', 'third'], ['office', 'third'])
    expect(problemsOf(sites, all)).toEqual(['FREE_SPACE_SEEN'])
    expect(problemsOf(sites, to(['office', 'plant'], ['plant', 'third']))).toEqual([])
    expect(problemsOf(sites, to(['office', 'plant'], ['office', 'third']))).toEqual([])
  })
})

describe('nodes', () => {
  const kubernetes = { privateNetwork: '10.0.0.0/8' }

  it('get a route for just the address, which nothing protects any more', () => {
    const { plan } = planned({ office: { ...office, kubernetes }, plant: called('10.0.1.250/32') })
    const { routings, findings } = plan ? nodeRoutes(plan) : { routings: [], findings: [] }
    const [routing] = routings
    expect(findings.map(({ code }) => code)).toEqual(['POD_ADDRESSES'])
    expect(routing?.lists.map(({ routes }) => routes.map(String))).toEqual([['10.0.1.250/32']])
    expect(routing?.neighbours.map(String)).toEqual(['10.0.1.250/32'])
    const covers = (address: string) =>
      routing?.protectedSpace.some((one) => one.contains(Prefix.parse(`${address}/32`)))
    expect([covers('10.0.1.249'), covers('10.0.1.250'), covers('10.0.1.251')]).toEqual([true, false, true])
  })
})

describe('gateways', () => {
  const gateway = (address: string) => ({
    platform: 'vyos-1.4' as const,
    outside: { interface: 'eth0', address },
    inside: { interface: 'eth1' },
  })

  it('get a route out of the LAN and an answer for each address, and none without', () => {
    const sites = (name: string) => ({
      office: { ...office, gateway: gateway('203.0.113.1') },
      plant: { ...called(name), gateway: gateway('203.0.113.2') },
    })
    const policyFor = (name: string) => {
      const { plan } = planned(sites(name), [{ sites: ['office', 'plant'] }])
      return plan && derivePolicies(plan).policies.find(({ site }) => site === 'office')
    }
    const { routes = [], proxied = [] } = policyFor('10.0.1.250/32') ?? {}
    expect(routes.map(({ prefix, to }) => `${prefix} ${to.kind === 'interface' ? to.interface : to.kind}`)).toEqual([
      '10.0.1.250/32 eth0',
    ])
    expect(proxied.map(({ address, interface: port }) => `${address} ${port}`)).toEqual(['10.0.1.250 eth1'])
    expect(policyFor('192.168.7.7/32')).toMatchObject({ routes: [] })
    expect(policyFor('192.168.7.7/32')).not.toHaveProperty('proxied')
  })
})
