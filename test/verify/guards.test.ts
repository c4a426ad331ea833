import { describe, expect, it } from 'vitest'
import {
  type Asked,
  type Changes,
  child,
  foundIn,
  gateways,
  goodRules,
  interfaceOf,
  listOf,
  nowhere,
  real,
  routeOf,
  ruleOf,
  via,
} from './gateways.ts'
import { itFinds } from './rows.ts'

const { source: goodSource, destination: goodDestination } = goodRules

describe('guards', () => {
  const starting: Changes['children'] = [child('192.168.1.0/24', '192.168.2.0/24', { start: 'initiate' })]
  const guard = (asked: Asked, more: Parameters<typeof ruleOf>[3] = {}) =>
    listOf('filter', [ruleOf(undefined, asked, { kind: 'drop' }, more)], { hook: 'postrouting', priority: 150 })
  const nat = [listOf('destination-nat', [goodDestination]), listOf('source-nat', [goodSource])]
  const guarded = (asked: Asked, more: Parameters<typeof ruleOf>[3] = {}): Changes => ({
    children: starting,
    lists: [...nat, guard(asked, more)],
  })
  const inPlace = (priority: number, asked: Asked): Changes => ({
    children: starting,
    lists: [...nat, { ...guard(asked), priority }],
  })
  const ofNew = { states: ['new'] } as const
  const clear = { destination: '192.168.2.0/24', leaving: 'clear' as const }
  itFinds([
    ['none, and the tunnel only starts', { children: starting }, ['TUNNEL_MAY_LEAK']],
    [
      'none, and it answers only',
      { children: [child('192.168.1.0/24', '192.168.2.0/24', { start: 'respond' })] },
      ['TUNNEL_MAY_LEAK'],
    ],
    ['a drop of what would leave in clear', guarded(clear), []],
    ['on every interface but the inside', guarded({ ...clear, out: '!eth0' }), []],
    ['on another interface', guarded({ ...clear, out: 'eth2' }), ['TUNNEL_MAY_LEAK']],
    ['for a part of the peer', guarded({ ...clear, destination: '192.168.2.0/25' }), ['TUNNEL_MAY_LEAK']],
    ['for one protocol', guarded({ ...clear, protocol: 6 }), ['TUNNEL_MAY_LEAK']],
    ['of what leaves encrypted', guarded({ ...clear, leaving: 'encrypted' }), ['TUNNEL_MAY_LEAK']],
    ['with a doubt', guarded(clear, { doubt: { line: 8, what: 'limit' } }), ['TUNNEL_MAY_LEAK']],
    ['before NAT, for real addresses', inPlace(50, { ...clear, source: real }), []],
    ['before NAT, for translated ones', inPlace(50, { ...clear, source: '192.168.1.0/24' }), ['TUNNEL_MAY_LEAK']],
    ['behind NAT, for translated ones', inPlace(150, { ...clear, source: '192.168.1.0/24' }), []],
    ['behind NAT, for real addresses', inPlace(150, { ...clear, source: real }), ['TUNNEL_MAY_LEAK']],
    ['of packets from elsewhere only', guarded({ ...clear, in: 'eth5' }), ['TUNNEL_MAY_LEAK']],
    [
      'behind a rule for what came out of a tunnel',
      {
        children: starting,
        lists: [
          ...nat,
          listOf(
            'filter',
            [ruleOf(1, { arrived: 'encrypted' }, { kind: 'accept' }), ruleOf(2, clear, { kind: 'drop' })],
            { hook: 'forward' },
          ),
        ],
      },
      [],
    ],
    ['of new connections only', guarded(clear, { match: { ...ofNew, leaving: 'clear' } }), ['TUNNEL_MAY_LEAK']],
    [
      'a chain that drops what no rule takes',
      { children: starting, lists: [...nat, { ...guard({ ...clear, out: 'eth2' }), fallback: 'drop' }] },
      [],
    ],
    [
      'behind a rule that accepts',
      {
        children: starting,
        lists: [
          ...nat,
          listOf(
            'filter',
            [ruleOf(1, { destination: '192.168.2.9/32' }, { kind: 'accept' }), ruleOf(2, clear, { kind: 'drop' })],
            { hook: 'postrouting', priority: 150 },
          ),
        ],
      },
      ['TUNNEL_MAY_LEAK'],
    ],
    [
      'in two parts',
      {
        children: starting,
        lists: [
          ...nat,
          listOf(
            'filter',
            [
              ruleOf(1, { ...clear, destination: '192.168.2.0/25' }, { kind: 'drop' }),
              ruleOf(2, { ...clear, destination: '192.168.2.128/25' }, { kind: 'reject' }),
            ],
            { hook: 'forward', priority: 0 },
          ),
        ],
      },
      [],
    ],
  ])

  const vti = { kind: 'route', interface: 'vti0' } as const
  const into = routeOf('192.168.2.0/24', { kind: 'interface', interface: 'vti0' })
  const held = routeOf('192.168.2.0/24', nowhere, { distance: 254 })
  const byDefault = routeOf('0.0.0.0/0', via('192.0.2.254'))
  const behindVti = (table: string, routes: Changes['routes'] = []): Changes => ({
    children: [child('192.168.1.0/24', '192.168.2.0/24', { through: vti, start: 'initiate' })],
    interfaces: [
      interfaceOf('eth0', '10.1.0.1/24'),
      interfaceOf('eth1', '192.0.2.1/24'),
      interfaceOf('vti0', undefined, { kind: 'virtual', table }),
    ],
    routes: [byDefault, ...[into, ...routes].map((route) => ({ ...route, table }))],
    lists: [],
  })
  const leaks = (changes: Changes) =>
    foundIn(gateways(changes)).filter(({ code, about }) => code === 'TUNNEL_MAY_LEAK' && about?.site === 'a')

  it.each<[string, Changes, boolean]>([
    ['by the default route', behindVti('main'), true],
    ['by a wider route into nothing', behindVti('main', [routeOf('192.168.0.0/16', nowhere)]), false],
    ['by one into nothing that comes later', behindVti('main', [held]), false],
    [
      'by one to another uplink',
      behindVti('main', [routeOf('192.168.2.0/24', via('192.0.2.9'), { distance: 9 })]),
      true,
    ],
    ['by none of the VRF', behindVti('200'), false],
    ['by the default route of the VRF', behindVti('200', [byDefault]), true],
    ['by the default route, where the interface stays', { ...behindVti('main'), platform: 'linux' }, false],
    [
      'past a guard',
      { ...behindVti('main'), lists: [guard({ destination: '192.168.2.0/24', leaving: 'clear' })] },
      false,
    ],
  ])('packets for a VTI that is down leave %s', (_, changes, isLeak) => {
    const found = leaks(changes)
    expect(found).toHaveLength(isLeak ? 1 : 0)
    if (isLeak) expect(found[0]?.hint).toContain('blackhole')
  })

  it('a trap towards any address holds nothing, and no hint speaks of one', () => {
    const world = gateways({ tunnel: { remote: { address: { kind: 'any' }, identity: '192.0.2.2' } } })
    const found = foundIn(world).filter(({ code }) => code === 'TUNNEL_MAY_LEAK')
    expect(found).toHaveLength(1)
    expect(found[0]?.hint).not.toContain('trap')
  })

  it('a hint uses the word of the platform', () => {
    const hint = (platform: 'vyos-1.5' | 'vyos-1.4' | 'linux' | 'edgeos') =>
      foundIn(gateways({ children: starting, platform })).find(({ code }) => code === 'TUNNEL_MAY_LEAK')?.hint
    expect(hint('vyos-1.5')).toContain('connection-type trap')
    expect(hint('vyos-1.4')).toContain('connection-type respond')
    expect(hint('linux')).toContain('start_action = trap')
    expect(hint('edgeos')).not.toContain('trap')
  })
})
