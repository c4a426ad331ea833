import { describe, expect, it } from 'vitest'
import { Address } from '../address/address.ts'
import { Prefix } from '../address/prefix.ts'
import { nodesOfRoutes, type ShownRoute } from './nodes-of-routes.ts'

function route(text: string): ShownRoute {
  const [prefix = '', via = '-', name = '-', metric = '0'] = text.split(' ')
  return {
    prefix: Prefix.parse(prefix),
    via: via === '-' ? undefined : Address.parse(via),
    interface: name === '-' ? undefined : name,
    metric: Number(metric),
  }
}

const site = { subnets: [Prefix.parse('10.0.1.0/27')], gateways: [], podSubnets: [], podEgress: 'masquerade' } as const
const worker = ['0.0.0.0/0 198.51.100.1 eth1', '10.0.1.0/27 - eth0', '198.51.100.0/24 - eth1']

function targets(routes: readonly string[], gateways: readonly string[] = []): string[] {
  const node = { name: 'node', routes: routes.map(route), rpFilter: new Map() }
  const [group] = nodesOfRoutes([node], { ...site, gateways: gateways.map((one) => Address.parse(one)) })
  return (group?.routes ?? []).map(({ prefix, to }) => `${prefix} ${to}`)
}

describe('nodesOfRoutes', () => {
  it.each([
    [
      'the widest route on the private interface leads to the gateway',
      [...worker, '10.0.0.0/8 10.0.1.1 eth0', '192.168.1.0/24 10.0.1.1 eth0'],
      [
        '0.0.0.0/0 public',
        '10.0.1.0/27 link',
        '198.51.100.0/24 public',
        '10.0.0.0/8 gateway',
        '192.168.1.0/24 gateway',
      ],
    ],
    [
      'pods of other nodes are neighbours of the cluster',
      [
        ...worker,
        '10.0.0.0/8 10.0.1.1 eth0',
        '172.30.4.0/24 10.0.1.7 eth0',
        '172.30.5.0/26 - cali0',
        '172.30.0.0/16 - -',
      ],
      [
        '0.0.0.0/0 public',
        '10.0.1.0/27 link',
        '198.51.100.0/24 public',
        '10.0.0.0/8 gateway',
        '172.30.4.0/24 cluster',
        '172.30.5.0/26 cluster',
        '172.30.0.0/16 cluster',
      ],
    ],
    [
      'a node with one interface has the gateway as its default route',
      ['0.0.0.0/0 10.0.1.1 eth0', '10.0.1.0/27 - eth0'],
      ['0.0.0.0/0 gateway', '10.0.1.0/27 link'],
    ],
    [
      'a private route tells the gateway of such a node before its default route',
      ['0.0.0.0/0 10.0.1.9 eth0', '10.0.1.0/27 - eth0', '10.0.0.0/8 10.0.1.1 eth0'],
      ['0.0.0.0/0 public', '10.0.1.0/27 link', '10.0.0.0/8 gateway'],
    ],
    [
      'of two routes the one with the lower metric is in use',
      [...worker, '192.168.1.0/24 10.0.1.9 eth0 200', '192.168.1.0/24 10.0.1.1 eth0 100', '10.0.0.0/8 10.0.1.1 eth0'],
      [
        '0.0.0.0/0 public',
        '10.0.1.0/27 link',
        '198.51.100.0/24 public',
        '10.0.0.0/8 gateway',
        '192.168.1.0/24 gateway',
      ],
    ],
  ])('%s', (_, routes, expected) => {
    expect(targets(routes)).toEqual(expected)
  })

  it('takes the gateway that its configuration shows', () => {
    const routes = [...worker, '10.0.0.0/8 10.0.1.9 eth0', '192.168.1.0/24 10.0.1.1 eth0']
    expect(targets(routes, ['10.0.1.1']).slice(-2)).toEqual(['10.0.0.0/8 cluster', '192.168.1.0/24 gateway'])
    const single = ['0.0.0.0/0 10.0.1.1 eth0', '10.0.1.0/27 - eth0', '172.30.4.0/24 10.0.1.7 eth0']
    expect(targets(single, ['10.0.1.1'])).toEqual(['0.0.0.0/0 gateway', '10.0.1.0/27 link', '172.30.4.0/24 cluster'])
  })

  it('reads the filter of the private interface, and takes what is not shown for strict', () => {
    const nodes = ([undefined, 0, 1, 2] as const).map((filter, index) => ({
      name: `node${index}`,
      routes: worker.map(route),
      rpFilter: new Map(filter === undefined ? [] : [['eth0', filter] as const]),
    }))
    expect(nodesOfRoutes(nodes, site).map(({ name, reversePath }) => `${name} ${reversePath}`)).toEqual([
      'node0 strict',
      'node1 off',
      'node3 loose',
    ])
    const usual = { name: 'node', routes: worker.map(route), rpFilter: new Map([['default', 2] as const]) }
    expect(nodesOfRoutes([usual], site).map(({ reversePath }) => reversePath)).toEqual(['loose'])
  })

  it.each([
    {
      why: 'two next hops',
      routes: ['192.168.1.0/24 10.0.1.1 eth0', '192.168.1.0/24 10.0.1.2 eth0'],
      doubt: '10.0.1.2',
    },
    {
      why: 'the other way round',
      routes: ['192.168.1.0/24 10.0.1.2 eth0', '192.168.1.0/24 10.0.1.1 eth0'],
      doubt: '10.0.1.2',
    },
    {
      why: 'one of a higher metric',
      routes: ['192.168.1.0/24 10.0.1.1 eth0', '192.168.1.0/24 10.0.1.2 eth0 9'],
      doubt: undefined,
    },
    {
      why: 'two that lead to the gateway',
      routes: ['192.168.1.0/24 10.0.1.1 eth0', '192.168.1.0/24 10.0.1.1 eth0'],
      doubt: undefined,
    },
  ])('names the next hop that takes a part of the packets: $why', ({ routes, doubt }) => {
    const node = { name: 'node', routes: [...worker, ...routes].map(route), rpFilter: new Map() }
    const [group] = nodesOfRoutes([node], { ...site, gateways: [Address.parse('10.0.1.1')] })
    const found = group?.routes.find(({ prefix }) => String(prefix) === '192.168.1.0/24')
    expect(found?.to).toBe('gateway')
    expect(found?.doubt?.what.match(/10\.0\.1\.\d/)?.[0]).toBe(doubt)
  })
})
