import { Prefix, type RuleAction, verify } from '@natplan/core'
import { describe, expect, it } from 'vitest'
import type { DeviceRule } from '../../packages/core/src/device/device.ts'
import { flowsOfSelectors } from '../../packages/core/src/verify/intended-flows.ts'
import {
  type Asked,
  child,
  gateways,
  goodRules,
  interfaceOf,
  listOf,
  mapTo,
  real,
  routeOf,
  ruleOf,
  via,
} from './gateways.ts'

const accept: RuleAction = { kind: 'accept' }
const nat = [listOf('destination-nat', [goodRules.destination]), listOf('source-nat', [goodRules.source])]
const inside = ruleOf(5, { in: 'eth0' }, accept)

function found(rules: readonly DeviceRule[], isPlanned = true) {
  const world = gateways({ lists: [...nat, listOf('filter', rules, { name: 'FORWARD', fallback: 'drop' })] })
  const { findings } = verify(world, isPlanned ? { flows: flowsOfSelectors(world) } : {})
  return findings.filter(({ code }) => code === 'FILTER_WIDER_THAN_PLAN')
}

const translated: DeviceRule = {
  ...ruleOf(10, {}, accept),
  match: { arrived: 'encrypted', translated: { destination: true } },
}

/** Peers are 192.168.2.0/24 here, and may reach 10.1.0.0/24, which they call 192.168.1.0/24. */
const peer = '192.168.2.0/24'

describe('what a filter accepts of a peer', () => {
  it.each<[string, Asked, string]>([
    ['to everywhere', { source: peer, arrived: 'encrypted' }, 'from 192.168.2.0/24 to any address'],
    ['to a larger network', { source: peer, destination: '10.0.0.0/8' }, 'from 192.168.2.0/24 to 10.0.0.0/8'],
    [
      'to another one as well',
      { arrived: 'encrypted', destination: '10.1.0.0/24 10.7.0.0/24' },
      'out of tunnels to 10.1.0.0/24 (and 1 more)',
    ],
    ['for all that came out of tunnels', { arrived: 'encrypted' }, 'out of tunnels to any address'],
    ['for a summary of peers', { source: '192.168.0.0/16' }, 'from 192.168.0.0/16 to any address'],
    ['at the beginning', { arrived: 'encrypted', states: ['new', 'established'] }, 'out of tunnels to any address'],
  ])('is too much: %s', (_, asked, text) => {
    const [one, ...others] = found([inside, ruleOf(10, asked, accept)])
    expect(others).toEqual([])
    expect(one?.message).toContain(
      `rule 10 of FORWARD of a accepts packets ${text}; the plan has 10.1.0.0/24 (and 1 more) there`,
    )
  })

  it.each<[string, readonly DeviceRule[]]>([
    ['what the plan says', [ruleOf(10, { source: peer, destination: '10.1.0.0/24' }, accept)]],
    [
      'less',
      [
        ruleOf(10, { arrived: 'encrypted', destination: '10.1.0.0/25' }, accept),
        ruleOf(11, { arrived: 'encrypted', destination: '10.1.0.128/25' }, accept),
      ],
    ],
    [
      'what the plan says, as peers call it',
      [ruleOf(10, { arrived: 'encrypted', destination: '10.1.0.0/24 192.168.1.0/24' }, accept)],
    ],
    ['everything of everybody', [ruleOf(10, {}, accept)]],
    ['everything that comes in outside', [ruleOf(10, { in: 'eth1' }, accept)]],
    ['what is not for strangers', [ruleOf(10, { source: '!203.0.113.0/24' }, accept)]],
    ['what destination NAT made', [translated]],
    [
      'what goes out',
      [ruleOf(6, { source: '10.1.0.0/24' }, accept), ruleOf(10, { destination: '10.1.0.0/24' }, accept)],
    ],
    [
      'what follows',
      [
        ruleOf(8, { arrived: 'encrypted', states: ['established'] }, accept),
        ruleOf(10, { destination: '10.1.0.0/24' }, accept),
      ],
    ],
    [
      'something perhaps',
      [
        ruleOf(8, { arrived: 'encrypted', unknown: 'a limit' }, accept),
        ruleOf(10, { destination: '10.1.0.0/24' }, accept),
      ],
    ],
    [
      'nothing that another rule did not accept before',
      [ruleOf(10, { destination: '10.1.0.0/24' }, accept), ruleOf(20, { arrived: 'encrypted' }, accept)],
    ],
    ['nothing', [ruleOf(10, { arrived: 'encrypted' }, { kind: 'drop' })]],
  ])('is as it should be: %s', (_, rules) => {
    expect(found([inside, ...rules])).toEqual([])
  })

  it('is too much where it is meant for another peer', () => {
    const rule = ruleOf(10, { source: peer, destination: '10.1.0.0/24 10.8.0.0/24' }, accept)
    const world = gateways({ lists: [...nat, listOf('filter', [inside, rule], { name: 'FORWARD', fallback: 'drop' })] })
    const a = world.sites.get('a')
    const other = (destination: string) =>
      a
        ? [
            {
              from: a,
              peer: { site: 'c' },
              source: Prefix.parse('10.8.0.0/24'),
              destination: Prefix.parse(destination),
            },
          ]
        : []
    const codes = (more: ReturnType<typeof other>) =>
      verify(world, { flows: [...flowsOfSelectors(world), ...more] }).findings.map(({ code }) => code)
    expect(codes(other('192.168.9.0/24'))).toContain('FILTER_WIDER_THAN_PLAN')
    expect(codes(other('192.168.2.0/25'))).not.toContain('FILTER_WIDER_THAN_PLAN')
  })

  it('is asked of rules for virtual interfaces as well', () => {
    const through = { kind: 'route', interface: 'vti0' } as const
    const found = (name: string) => {
      const rules = [inside, ruleOf(10, { in: name }, accept), ruleOf(11, { in: 'eth1' }, accept)]
      const world = gateways({
        children: [child('192.168.1.0/24', peer, { through })],
        interfaces: [
          interfaceOf('eth0', '10.1.0.1/24'),
          interfaceOf('eth1', '192.0.2.1/24'),
          interfaceOf('vti0', undefined, { kind: 'virtual' }),
        ],
        routes: [routeOf('0.0.0.0/0', via('192.0.2.254')), routeOf(peer, { kind: 'interface', interface: 'vti0' })],
        source: [ruleOf(1000, { source: real, destination: peer, out: 'vti0' }, mapTo('192.168.1.0/24'))],
        destination: [ruleOf(1000, { source: peer, destination: '192.168.1.0/24', in: 'vti0' }, mapTo(real))],
      })
      const site = world.sites.get('a')
      if (!site) throw new Error('there is no such site')
      const lists = [...site.device.lists, listOf('filter', rules, { fallback: 'drop' })]
      const sites = new Map([...world.sites, ['a', { ...site, device: { ...site.device, lists } }] as const])
      return verify({ sites }, { flows: flowsOfSelectors({ sites }) }).findings.map(({ code }) => code)
    }
    expect(found('vti0')).toContain('FILTER_WIDER_THAN_PLAN')
    expect(found('vti*')).not.toContain('FILTER_WIDER_THAN_PLAN')
  })

  it('is as it should be where a hub hands it on to others', () => {
    const rule = ruleOf(10, { source: peer, destination: '10.1.0.0/24 192.168.9.0/24' }, accept)
    const world = gateways({ lists: [...nat, listOf('filter', [inside, rule], { name: 'FORWARD', fallback: 'drop' })] })
    const flows = flowsOfSelectors(world)
    const b = world.sites.get('b')
    const further = b
      ? [
          {
            from: b,
            peer: { site: 'c' },
            source: Prefix.parse('10.1.0.0/24'),
            destination: Prefix.parse('192.168.9.0/24'),
          },
        ]
      : []
    const codes = (all: typeof flows) => verify(world, { flows: all }).findings.map(({ code }) => code)
    expect(codes(flows)).toContain('FILTER_WIDER_THAN_PLAN')
    expect(codes([...flows, ...further])).not.toContain('FILTER_WIDER_THAN_PLAN')
  })

  it('is not held against selectors, which no plan wrote', () => {
    expect(found([inside, ruleOf(10, { source: peer, arrived: 'encrypted' }, accept)], false)).toEqual([])
  })
})
