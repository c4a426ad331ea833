import { describe, expect, it } from 'vitest'
import { normalize } from '../network/normalize.ts'
import type { WrittenSite } from '../network/written.ts'
import { planNetwork } from '../plan/plan-network.ts'
import { nodeRoutes } from './node-routes.ts'

type Cluster = NonNullable<WrittenSite['kubernetes']>

function derive(kubernetes: Cluster, peer: WrittenSite['subnets'], subnets = ['10.0.1.0/27']) {
  const sites = { a: { subnets, kubernetes }, b: { subnets: peer } }
  const { value, findings: shape } = normalize({ version: 1, pools: ['192.168.0.0/16'], sites })
  const { plan, findings } = value ? planNetwork(value) : { plan: undefined, findings: shape }
  if (!plan) throw new Error(findings.map(({ code, message }) => `${code} ${message}`).join('\n'))
  return nodeRoutes(plan)
}

function routesOf(kubernetes: Cluster, peer: WrittenSite['subnets']): Record<string, string[]> {
  const [routing] = derive(kubernetes, peer).routings
  return Object.fromEntries((routing?.lists ?? []).map(({ pool, routes }) => [pool.name ?? '', routes.map(String)]))
}

function codesOf(...given: Parameters<typeof derive>): string[] {
  return derive(...given).findings.map(({ code, place }) => `${code} ${place.path.join('.')}`)
}

describe('the routes of nodes', () => {
  it.each<[string, Cluster, WrittenSite['subnets'], string[]]>([
    ['a translated prefix', {}, ['10.0.1.0/24'], ['192.168.1.0/24']],
    ['a real one outside the private network', {}, ['172.20.0.0/16'], ['172.20.0.0/16']],
    ['none that the private network covers', {}, ['10.50.0.0/16'], []],
    ['none that is the private network itself', { privateNetwork: '172.16.0.0/12' }, ['172.16.0.0/12'], []],
    ['every one when the gateway is given', { gateway: '10.0.1.1' }, ['10.50.0.0/16'], ['10.50.0.0/16']],
    ['IPv4 only', {}, ['fd00::/64', '172.20.0.0/16'], ['172.20.0.0/16']],
    ['nothing when there is nothing', {}, [], []],
    [
      'by address',
      {},
      ['172.31.0.0/24', '10.0.1.0/24', '172.20.0.0/16'],
      ['172.20.0.0/16', '172.31.0.0/24', '192.168.1.0/24'],
    ],
  ])('are %s', (_, kubernetes, peer, expected) => {
    expect(routesOf(kubernetes, peer)).toEqual({ '': expected })
  })

  it('differ between pools with other private networks or gateways', () => {
    const nodePools = [
      { name: 'near', nodeSelector: { zone: 'a' } },
      { name: 'far', privateNetwork: '172.16.0.0/12', nodeSelector: { zone: 'b' } },
      { name: 'told', gateway: '10.0.1.9', nodeSelector: { zone: 'c' } },
    ]
    expect(routesOf({ nodePools }, ['10.50.0.0/16', '172.20.0.0/16'])).toEqual({
      near: ['172.20.0.0/16'],
      far: ['10.50.0.0/16'],
      told: ['10.50.0.0/16', '172.20.0.0/16'],
    })
  })

  it('come with the space that no route may meet, in the fewest prefixes', () => {
    const ranges = { podSubnets: ['172.30.0.0/17', '172.30.128.0/17', 'fd00::/64'], serviceSubnets: ['172.21.0.0/16'] }
    const [routing] = derive(ranges, [], ['10.0.1.0/25', '10.0.1.128/25']).routings
    expect(routing?.protectedSpace.map(String)).toEqual(['10.0.1.0/24', '172.21.0.0/16', '172.30.0.0/16'])
  })
})

describe('what the list may hold, whoever edits it', () => {
  const privately = ['10.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12', '192.168.0.0/16', '198.18.0.0/15']
  const gateway = (address: string) => ({ platform: 'linux' as const, outside: { interface: 'eth0', address } })

  function spaceOf(sites: Record<string, WrittenSite>, own: string[] = []): { allowed: string[]; guarded: string[] } {
    const { value } = normalize({ version: 1, pools: ['192.168.0.0/16'], own, sites })
    const plan = value && planNetwork(value).plan
    const [routing] = plan ? nodeRoutes(plan).routings : []
    return { allowed: (routing?.allowedSpace ?? []).map(String), guarded: (routing?.protectedSpace ?? []).map(String) }
  }

  it('is private space and what the site sees of its peers', () => {
    expect(
      spaceOf({
        a: { subnets: ['10.0.1.0/24'], kubernetes: {} },
        b: { subnets: ['10.0.1.0/24', '203.0.113.0/25', '203.0.113.128/25', 'fd00::/64'] },
      }).allowed,
    ).toEqual([...privately, '203.0.113.0/24'])
  })

  it('is public space that the plan calls its own', () => {
    const own = ['203.0.112.0/23']
    const sites = { a: { subnets: ['10.0.1.0/24'], kubernetes: {} }, b: { subnets: ['10.0.1.0/24'] } }
    expect(spaceOf(sites, own).allowed).toEqual([...privately, ...own])
  })

  it('is nothing that is reserved at the site or the end of a tunnel', () => {
    const a = { subnets: ['10.0.1.0/24'], reserved: ['10.9.0.0/16', '192.0.2.0/24', 'fd00::/64'], kubernetes: {} }
    const b = { subnets: ['10.0.1.0/24'], reserved: ['10.8.0.0/16'], gateway: gateway('198.51.100.2') }
    const outside = { interface: 'eth0', address: '172.16.0.2', publicAddress: '203.0.113.9' }
    expect(spaceOf({ a: { ...a, gateway: { platform: 'linux', outside } }, b }).guarded).toEqual([
      ...['10.0.1.0/24', '10.9.0.0/16', '172.16.0.2/32', '192.0.2.0/24', '198.51.100.2/32', '203.0.113.9/32'],
    ])
  })

  it('may be what the gateway of a peer has behind its NAT', () => {
    const outside = { interface: 'eth0', address: '172.16.0.2', publicAddress: '203.0.113.9' }
    const a = { subnets: ['10.0.1.0/24'], kubernetes: {} }
    const b = { subnets: [], gateway: { platform: 'linux' as const, outside } }
    const space = spaceOf({ a, b, c: { subnets: ['172.16.0.0/24'] } })
    expect(space.guarded).toEqual(['10.0.1.0/24', '203.0.113.9/32'])
  })

  it('needs no list of thousands of ends outside it', () => {
    const spokes = Array.from({ length: 4200 }, (_, i): [string, WrittenSite] => [
      `s${i}`,
      { subnets: [], gateway: gateway(`203.${i >> 8}.${i & 255}.1`) },
    ])
    const near = { subnets: [], gateway: gateway('172.16.0.2') }
    const a = { subnets: ['10.0.1.0/24'], kubernetes: {} }
    expect(spaceOf({ a, near, ...Object.fromEntries(spokes) }).guarded).toEqual(['10.0.1.0/24', '172.16.0.2/32'])
  })
})

describe('findings about the routes of nodes', () => {
  it.each<[string, Parameters<typeof derive>, string[]]>([
    ['masquerading is needed', [{}, ['10.0.1.0/24']], ['POD_ADDRESSES sites.a.kubernetes']],
    ['nothing is needed of routed pods', [{ podEgress: 'routed' }, ['10.0.1.0/24']], []],
    ['nothing is needed without peers', [{}, []], []],
    [
      'a route is covered',
      [{ podEgress: 'routed' }, ['10.50.0.0/16', '10.60.0.0/16']],
      ['NODE_ROUTE_COVERED sites.a.kubernetes'],
    ],
    [
      'a route contains the gateway, and nothing else is said',
      [{ gateway: '172.20.0.1' }, ['172.20.0.0/16']],
      ['NODE_ROUTE_UNSAFE sites.a.kubernetes'],
    ],
    [
      'a route contains the private network',
      [{ privateNetwork: '172.20.0.0/16' }, ['172.16.0.0/12']],
      ['NODE_ROUTE_UNSAFE sites.a.kubernetes'],
    ],
    [
      'too much is reserved at the site for the agent to protect',
      [{}, [], Array.from({ length: 4097 }, (_, i) => `11.${i >> 7}.${(i & 127) * 2}.0/24`)],
      ['NODE_ROUTES_TOO_MANY sites.a.kubernetes'],
    ],
    [
      'a route is the private network, whose gateway is given',
      [{ privateNetwork: '172.20.0.0/16', gateway: '10.0.1.1' }, ['172.20.0.0/16']],
      ['NODE_ROUTE_UNSAFE sites.a.kubernetes'],
    ],
  ])('say that %s', (_, given, expected) => {
    expect(codesOf(...given)).toEqual(expected)
  })

  it('leave no routes at all when one is unsafe', () => {
    expect(derive({ gateway: '172.20.0.1' }, ['172.20.0.0/16', '172.31.0.0/24']).routings).toEqual([])
  })
})
