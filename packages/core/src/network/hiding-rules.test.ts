import { describe, expect, it } from 'vitest'
import { formatPath } from '../finding.ts'
import { normalize } from './normalize.ts'
import type { WrittenNetwork } from './written.ts'

type Subnets = WrittenNetwork['sites'][string]['subnets']

function problemsOf(subnets: Subnets, own?: string[]): string[] {
  const { findings } = normalize({ version: 1, sites: { a: { subnets } }, ...(own ? { own } : {}) })
  return findings.map(({ code, place }) => `${code} ${formatPath(place.path).replace('sites.a.subnets', '')}`)
}

const prefix = '10.0.0.0/24'
const hideBehind = '192.168.7.1'
const tcp = { port: 443, to: '10.0.0.9' }

describe('what a subnet hides behind', () => {
  it.each<[string, string | undefined, string]>([
    ['192.168.7.1', undefined, 'an address'],
    ['192.168.7.1/32', undefined, 'the same as a prefix'],
    ['192.168.7.0/25', undefined, 'a range that is smaller than the subnet'],
    ['192.168.7.0/24', 'HIDE_RANGE_UNFIT [0].hideBehind', 'one of the same length'],
    ['192.168.0.0/16', 'HIDE_RANGE_UNFIT [0].hideBehind', 'one that is larger'],
    ['fd00::1', 'HIDE_RANGE_UNFIT [0].hideBehind', 'IPv6'],
    ['192.168.7', 'ADDRESS_INVALID [0].hideBehind', 'no address'],
    ['8.8.8.8', 'PIN_NOT_PRIVATE [0].hideBehind', "somebody else's address"],
  ])('%s → %s: %s', (behind, problem) => {
    expect(problemsOf([{ prefix, hideBehind: behind }])).toEqual(problem ? [problem] : [])
  })

  it('is at most a /24, however large the subnet', () => {
    expect(problemsOf([{ prefix: '10.0.0.0/16', hideBehind: '192.168.6.0/23' }])).toEqual([
      'HIDE_RANGE_UNFIT [0].hideBehind',
    ])
    expect(problemsOf([{ prefix: '10.0.0.0/16', hideBehind: '192.168.6.0/24' }])).toEqual([])
  })

  it.each<[object, string[], string]>([
    [{ translate: 'always' }, [], 'which says the same'],
    [{ translate: 'never' }, ['HIDE_CONTRADICTS [0].hideBehind'], 'which says the opposite'],
    [{ translateTo: '192.168.8.0/24' }, ['HIDE_CONTRADICTS [0].hideBehind'], 'which says another thing'],
  ])('beside %j gives %j: %s', (more, problems) => {
    expect(problemsOf([{ prefix, hideBehind, ...more }])).toEqual(problems)
  })

  it('is of IPv4 subnets', () => {
    expect(problemsOf([{ prefix: 'fd00::/64', hideBehind }])).toEqual(['IPV6_NOT_TRANSLATED [0]'])
  })
})

describe('own space', () => {
  it.each<[string[], object, string[], string]>([
    [['203.0.113.0/28'], { hideBehind: '203.0.113.5' }, [], 'holds what is hidden behind'],
    [['203.0.113.0/28'], { hideBehind: '203.0.113.16' }, ['PIN_NOT_PRIVATE [0].hideBehind'], 'ends before it'],
    [['203.0.113.0/25', '203.0.113.128/25'], { translateTo: '203.0.113.0/24' }, [], 'holds a pin in two parts'],
    [['203.0.113.0/25'], { translateTo: '203.0.113.0/24' }, ['PIN_NOT_PRIVATE [0].translateTo'], 'holds half of a pin'],
    [['127.0.0.0/30'], {}, ['OWN_SPACE_UNFIT own[0]'], 'is loopback'],
    [['10.0.0.0/25'], {}, ['OWN_SPACE_IN_USE own[0]'], 'is in use'],
  ])('%j with %j gives %j: %s', (own, more, problems) => {
    expect(problemsOf([{ prefix, ...more }], own)).toEqual(problems)
  })

  it('may be a pool', () => {
    const pools = ['203.0.113.0/24', '198.51.100.0/24']
    const { findings } = normalize({ version: 1, sites: {}, pools, own: ['203.0.113.0/24'] })
    expect(findings.map(({ code, place }) => `${code} ${formatPath(place.path)}`)).toEqual([
      'POOL_NOT_PRIVATE pools[1]',
    ])
  })
})

describe('forwards', () => {
  it.each<[Subnets, string[], string]>([
    [[{ prefix, hideBehind, forwards: [tcp, { ...tcp, port: 444 }] }], [], 'two ports of one host'],
    [[{ prefix, hideBehind, forwards: [tcp, { ...tcp, protocol: 'udp' }] }], [], 'one port of two protocols'],
    [[{ prefix, hideBehind, forwards: [tcp, tcp] }], ['FORWARD_DUPLICATE [0].forwards[1]'], 'one port twice'],
    [
      [
        { prefix, hideBehind, forwards: [tcp] },
        { prefix: '10.0.1.0/24', hideBehind, forwards: [{ port: 443, to: '10.0.1.9' }] },
      ],
      ['FORWARD_DUPLICATE [1].forwards[0]'],
      'one port of an address that two subnets share',
    ],
    [
      [
        { prefix, hideBehind, forwards: [tcp] },
        { prefix: '10.0.1.0/24', hideBehind: '192.168.7.2', forwards: [{ port: 443, to: '10.0.1.9' }] },
      ],
      [],
      'one port of two addresses',
    ],
    [
      [{ prefix, hideBehind, forwards: [{ port: 443, to: '10.0.1.9' }] }],
      ['FORWARD_UNFIT [0].forwards[0]'],
      'a host elsewhere',
    ],
    [[{ prefix, forwards: [tcp] }], ['FORWARD_UNFIT [0].forwards[0]'], 'nothing to hide behind'],
    [
      [{ prefix, hideBehind: '192.168.7.0/30', forwards: [tcp] }],
      ['FORWARD_UNFIT [0].forwards[0]'],
      'several addresses to hide behind',
    ],
    [
      [{ prefix, hideBehind: 'nowhere', forwards: [tcp] }],
      ['ADDRESS_INVALID [0].hideBehind'],
      'an address that could not be read',
    ],
  ])('%j → %j: %s', (subnets, problems) => {
    expect(problemsOf(subnets)).toEqual(problems)
  })
})
