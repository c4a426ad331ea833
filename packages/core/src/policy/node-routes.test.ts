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
