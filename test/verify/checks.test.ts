import { Prefix } from '@natplan/core'
import { describe, expect, it } from 'vitest'
import type { DeviceRoute, TunnelChild } from '../../packages/core/src/device/device.ts'
import { dataplaneStages } from '../../packages/core/src/device/stages.ts'
import { sampleTunnel } from '../../packages/core/src/world/sample-world.ts'
import {
  type Changes,
  child,
  foundIn,
  gateways,
  goodRules,
  interfaceOf,
  mapTo,
  masquerade,
  nowhere,
  real,
  routeOf,
  ruleOf,
  via,
} from './gateways.ts'
import { itFinds, mirrored, type Row, untranslated } from './rows.ts'

const { destination: goodDestination } = goodRules
const eth = [interfaceOf('eth0', '10.1.0.1/24'), interfaceOf('eth1', '192.0.2.1/24')]
const uplink = routeOf('0.0.0.0/0', via('192.0.2.254'))
/** Keeps what is for the tunnel from the uplink while the virtual interface is down. */
const heldBack = routeOf('10.2.0.0/24', nowhere, { distance: 254 })

const anything = (name: string) => child('0.0.0.0/0', '0.0.0.0/0', { through: { kind: 'route', interface: name } })

describe('selectors and networks', () => {
  itFinds([
    [
      'a selector that is narrower than its mirror',
      { children: [child('192.168.1.0/24', '192.168.2.0/25')] },
      ['SELECTOR_NOT_MIRRORED'],
    ],
    [
      'a child with two halves of its mirror',
      { children: [child('192.168.1.0/24', '192.168.2.0/25'), child('192.168.1.0/24', '192.168.2.128/25')] },
      [],
    ],
    [
      'two halves of its mirror with IKEv1',
      {
        children: [child('192.168.1.0/24', '192.168.2.0/25'), child('192.168.1.0/24', '192.168.2.128/25')],
        tunnel: { versions: [1] },
      },
      ['SELECTOR_NOT_MIRRORED'],
      { tunnel: { versions: [1] } },
    ],
    [
      'two halves in children of their own',
      {
        children: [
          child('192.168.1.0/24', '192.168.2.0/25'),
          child('192.168.1.0/24', '192.168.2.128/25', { name: '2' }),
        ],
      },
      ['SELECTOR_NOT_MIRRORED'],
    ],
    [
      'a child with a half and a quarter of its mirror',
      { children: [child('192.168.1.0/24', '192.168.2.0/25'), child('192.168.1.0/24', '192.168.2.128/26')] },
      ['SELECTOR_NOT_MIRRORED'],
    ],
    [
      'some selectors of the peer are not understood',
      { children: [child('192.168.1.0/24', '192.168.2.0/25')] },
      [],
      { tunnel: { doubt: { line: 2, what: 'tunnel 2' } } },
    ],
    [
      'a line of the peer may hold the others',
      { children: [child('192.168.1.0/24', '192.168.2.0/25')] },
      ['PROOF_INCOMPLETE'],
      { unread: [{ line: 2, text: 'set vpn', touches: 'tunnels', isPlaced: false }] },
    ],
    [
      'a child that passes has no mirror',
      { children: [child('192.168.1.0/24', '192.168.2.0/24'), child(real, real, { kind: 'pass' })] },
      [],
    ],
    [
      'the same twice',
      { children: [child('192.168.1.0/24', '192.168.2.0/24'), child('192.168.1.0/24', '192.168.2.0/24')] },
      ['SELECTOR_DUPLICATE'],
    ],
    [
      'a network of the site where it sees the peer',
      { site: { otherNetworks: [Prefix.parse('192.168.2.0/24')] } },
      ['REMOTE_OCCUPIED'],
    ],
    [
      'a network of the site where peers see it',
      { interfaces: [...eth, interfaceOf('eth2', '192.168.1.129/25')] },
      ['TRANSLATED_OCCUPIED'],
    ],
    [
      'a network behind a router inside where peers see it',
      { interfaces: eth, routes: [uplink, routeOf('192.168.1.128/25', via('10.1.0.9'))] },
      ['TRANSLATED_OCCUPIED'],
    ],
    [
      'a network that is behind a router inside only when the way outside fails, where peers see it',
      {
        interfaces: eth,
        routes: [
          uplink,
          routeOf('192.168.1.128/25', via('192.0.2.254')),
          routeOf('192.168.1.128/25', via('10.1.0.9'), { distance: 200 }),
        ],
      },
      [],
    ],
    [
      'a summary behind a router inside that holds where peers see it',
      { interfaces: eth, routes: [uplink, routeOf('192.168.0.0/23', via('10.1.0.9'))] },
      [],
    ],
    [
      'a route into nothing where peers see it',
      { interfaces: eth, routes: [uplink, routeOf('192.168.1.0/24', nowhere)] },
      [],
    ],
    ['a network beside where peers see it', { interfaces: [...eth, interfaceOf('eth2', '192.168.3.1/24')] }, []],
    ['an address of its own where peers see it', { interfaces: [...eth, interfaceOf('eth2', '192.168.1.1/32')] }, []],
    [
      'the outside network where peers see it',
      {
        interfaces: [...eth, interfaceOf('eth2', '192.168.1.1/24')],
        site: { sides: { uplinks: ['eth1', 'eth2'], inside: 'eth0' } },
      },
      [],
    ],
    [
      'a network of the site that is the very one of the peer',
      { ...untranslated([]), site: { otherNetworks: [Prefix.parse('10.2.0.0/24')] } },
      ['REMOTE_OCCUPIED'],
      mirrored,
    ],
    ['a network beside it', { site: { otherNetworks: [Prefix.parse('192.168.3.0/24')] } }, []],
    [
      'nothing is behind a part of a selector',
      { children: [child('192.168.0.0/23', '192.168.2.0/24')] },
      ['SELECTOR_NOT_MIRRORED', 'SELECTOR_UNBACKED'],
    ],
    ...(['nat', 'routes'] as const).map(
      (touches): Row => [
        `what is behind it may stand in a line about ${touches} that is not understood`,
        {
          children: [child('192.168.0.0/23', '192.168.2.0/24')],
          unread: [{ line: 3, text: `set ${touches}`, touches, isPlaced: false }],
        },
        ['PROOF_INCOMPLETE', 'SELECTOR_NOT_MIRRORED'],
      ],
    ),
    [
      'a network that is no subnet is behind a selector',
      { ...untranslated([]), site: { subnets: [], otherNetworks: [Prefix.parse(real)] } },
      [],
      mirrored,
    ],
    [
      'only the peer itself is behind a selector',
      {
        children: [
          child('192.168.1.0/24', '192.168.2.0/24'),
          child('192.168.7.0/24', '192.168.8.0/24'),
          child('192.168.8.0/24', '192.168.7.0/24'),
        ],
      },
      ['SELECTOR_NOT_MIRRORED', 'SELECTOR_UNBACKED'],
    ],
    [
      'a rule that is not understood may be behind it',
      {
        children: [child('192.168.1.0/24', '192.168.2.0/24'), child('192.168.5.0/24', '192.168.2.0/24')],
        destination: [
          goodDestination,
          ruleOf(20, { destination: '192.168.5.0/24' }, { kind: 'unknown' }, { doubt: { line: 9, what: 'rule 20' } }),
        ],
      },
      ['SELECTOR_NOT_MIRRORED'],
    ],
    [
      'a narrower one beside it in the same tunnel',
      { children: [child('192.168.1.0/24', '192.168.2.0/24'), child('192.168.1.0/25', '192.168.2.0/24')] },
      [],
      { children: [child('192.168.2.0/24', '192.168.1.0/24'), child('192.168.2.0/24', '192.168.1.0/25')] },
    ],
    [
      'two tunnels behind virtual interfaces carry anything',
      {
        source: [],
        destination: [],
        tunnels: [2, 3].map((peer) => sampleTunnel(1, peer, { children: [anything(`vti${peer}`)] })),
      },
      ['PEER_UNKNOWN'],
      { source: [], destination: [], children: [anything('vti1')] },
    ],
  ])
})

describe('selectors that do not mirror each other', () => {
  const told = (children: readonly TunnelChild[], tunnel: Changes['tunnel'] = {}) =>
    foundIn(gateways({ children, tunnel }))
      .filter(({ code }) => code === 'SELECTOR_NOT_MIRRORED')
      .map(({ message }) => message.split(/[:,] /).at(-1))

  it('are told once where one side of them fits', () => {
    expect(told([child('192.168.1.0/24', '192.168.9.0/24')])).toEqual(['they do not mirror each other'])
  })

  it('are told once where IKEv1 does not narrow them', () => {
    expect(told([anything('vti0')], { versions: [1] })).toEqual(['they do not mirror each other'])
  })

  it('are told each for itself where the peer has one of them only', () => {
    const halves = ['192.168.1.0/25', '192.168.1.128/25'].map((half) => child(half, '192.168.2.0/24', { name: half }))
    expect(told(halves)).toEqual(['they do not mirror each other', 'and b has nothing that mirrors it'])
  })
})

describe('selectors of two tunnels that overlap', () => {
  const hintOf = (more: Partial<TunnelChild>) => {
    const tunnels = [
      sampleTunnel(1, 2, { children: [child('192.168.1.0/24', '192.168.2.0/24', more)] }),
      sampleTunnel(1, 3, { children: [child('192.168.1.0/24', '192.168.0.0/16')] }),
    ]
    return foundIn(gateways({ tunnels })).find(({ code }) => code === 'SELECTOR_OVERLAP')?.hint
  }

  it('are asked by the priority that one of them has, else the narrower first', () => {
    expect(hintOf({ priority: 1 })).toContain('their priorities decide')
    expect(hintOf({})).toContain('the narrower of the two')
  })
})

describe('the other end of a tunnel', () => {
  const lonely = (children: readonly TunnelChild[]) => [
    sampleTunnel(1, 2, { children: [child('192.168.1.0/24', '192.168.2.0/24')] }),
    sampleTunnel(1, 9, { children }),
  ]
  itFinds([
    ['is a gateway that has none back', {}, ['PEER_TUNNEL_MISSING'], { tunnels: [], source: [], destination: [] }],
    [
      'is a gateway that may have one back',
      {},
      ['PEER_UNKNOWN', 'PROOF_INCOMPLETE'],
      {
        tunnels: [],
        source: [],
        destination: [],
        unread: [{ line: 2, text: 'set vpn', touches: 'tunnels', isPlaced: false }],
      },
    ],
    [
      'is not the gateway itself',
      { tunnels: lonely([]).map((one, at) => (at === 0 ? one : { ...one, remote: one.local })) },
      ['PEER_UNKNOWN'],
    ],
  ])

  it('is not known, and neither is what selectors with a priority take from each other', () => {
    const children = Array.from({ length: 8 }, (_, at) =>
      child('192.168.1.0/24', `10.${at}.0.0/16`, at === 0 ? {} : { priority: at }),
    )
    const found = foundIn(gateways({ tunnels: lonely(children) })).find(({ code }) => code === 'PEER_UNKNOWN')
    const priorities = found?.related?.map(({ message }) => /priority (\w+)/.exec(message)?.[1])
    expect(priorities).toEqual(['1', '2', '3', '4', '5'])
  })
})

describe('the line that shows a network of the site', () => {
  const lineOf = (more: Changes) => {
    const world = gateways({ ...more, site: { otherNetworks: [Prefix.parse('192.168.2.0/24')] } })
    const occupied = foundIn(world).find(({ code }) => code === 'REMOTE_OCCUPIED')
    return occupied?.related?.map(({ place }) => place.line)
  }
  const [host] = interfaceOf('eth2', '192.168.2.1/24').addresses

  it('is that of a route, but for the default one', () => {
    expect(lineOf({ routes: [uplink] })).toEqual([])
    expect(lineOf({ routes: [uplink, routeOf('192.168.2.0/24', via('10.1.0.9'), { line: 55 })] })).toEqual([55])
  })

  it('is that of an address before that of its interface', () => {
    const second = (line: number | undefined) =>
      interfaceOf('eth2', undefined, { line: 60, addresses: host ? [{ ...host, line }] : [] })
    expect([61, undefined].map((line) => lineOf({ interfaces: [...eth, second(line)] }))).toEqual([[61], [60]])
  })
})

describe('a summary as remote prefix', () => {
  const pass = (local: string, remote = local) => child(local, remote, { kind: 'pass', name: '1-passthrough' })
  const summary = child(real, '10.0.0.0/8')
  const spoke = (more: Changes = {}): Changes => ({ source: [], destination: [], children: [summary], ...more })
  const rows: readonly Row[] = [
    ['a summary holds the own network', spoke(), ['REMOTE_OCCUPIED', 'SELECTOR_MEETS_ITSELF']],
    [
      'a child that passes something else does not help',
      spoke({ children: [summary, pass(real, '10.77.0.0/24')] }),
      ['REMOTE_OCCUPIED', 'SELECTOR_MEETS_ITSELF'],
    ],
    [
      'nor does one that passes it from elsewhere',
      spoke({ children: [summary, pass('10.3.0.0/24', real)] }),
      ['REMOTE_OCCUPIED', 'SELECTOR_MEETS_ITSELF'],
    ],
    ['which passes by', spoke({ children: [summary, pass(real)] }), []],
    ['to which no route of the IKE daemon leads', spoke({ installsRoutes: 'never' }), ['SELECTOR_MEETS_ITSELF']],
    [
      'and no network behind another router, where hosts of it may send to each other by the gateway',
      spoke({
        installsRoutes: 'never',
        interfaces: [interfaceOf('eth0', '10.1.0.1/25'), interfaceOf('eth1', '192.0.2.1/24')],
        routes: [uplink, routeOf('10.1.0.128/25', via('10.1.0.9'))],
      }),
      ['REMOTE_OCCUPIED', 'SELECTOR_MEETS_ITSELF'],
    ],
    [
      'while a second network of the site does not',
      spoke({
        children: [summary, pass(real)],
        interfaces: [...eth, interfaceOf('eth2', '10.3.0.1/24')],
        site: { otherNetworks: [Prefix.parse('10.3.0.0/24')] },
      }),
      ['SELECTOR_TAKES_LOCAL'],
    ],
    ...[child('10.1.0.0/25', '10.3.0.0/24', { kind: 'pass' }), child(real, '10.3.0.0/25', { kind: 'pass' })].map(
      (half): Row => [
        `nor while only ${half.local} to ${half.remote} does`,
        spoke({
          children: [summary, pass(real), half],
          interfaces: [...eth, interfaceOf('eth2', '10.3.0.1/24')],
          site: { otherNetworks: [Prefix.parse('10.3.0.0/24')] },
        }),
        ['SELECTOR_TAKES_LOCAL'],
      ],
    ),
    [
      'nor behind a virtual interface, where routes choose what is taken',
      spoke({
        children: [child(real, '10.0.0.0/8', { through: { kind: 'route', interface: 'vti0' } })],
        interfaces: [...eth, interfaceOf('vti0', undefined, { kind: 'virtual' })],
        site: { otherNetworks: [Prefix.parse('10.3.0.0/24')] },
      }),
      [],
    ],
    [
      'unless that passes by as well',
      spoke({
        children: [summary, pass(real), child(real, '10.3.0.0/24', { kind: 'pass' })],
        interfaces: [...eth, interfaceOf('eth2', '10.3.0.1/24')],
        site: { otherNetworks: [Prefix.parse('10.3.0.0/24')] },
      }),
      [],
    ],
  ]
  it.each(rows.map(([why, a, codes]) => ({ why, a, codes })))('$why', ({ a, codes }) => {
    const hub: Changes = { source: [], destination: [], children: [child('10.0.0.0/8', real)] }
    const found = foundIn(gateways(a, hub)).filter(({ about }) => about?.site === 'a')
    expect(found.map(({ code }) => code).sort()).toEqual([...codes].sort())
  })
})

describe('routes', () => {
  const blackhole = routeOf('192.168.0.0/16', nowhere, { distance: 254 })
  itFinds([
    ['into nothing for what it sees', { routes: [uplink, blackhole] }, ['ROUTE_DIVERTS']],
    [
      'behind a longer one to the uplink',
      { routes: [uplink, blackhole, routeOf('192.168.2.0/24', via('192.0.2.254'))] },
      [],
    ],
    [
      'behind one of the same length and a lower distance',
      { routes: [uplink, blackhole, routeOf('192.168.0.0/16', via('192.0.2.254'))] },
      [],
    ],
    ['for other space', { routes: [uplink, routeOf('192.168.3.0/24', nowhere)] }, []],
    [
      'behind the selectors of a dataplane, which are asked first',
      {
        ...untranslated([]),
        order: dataplaneStages,
        routes: [uplink, routeOf('10.0.0.0/8', nowhere)],
        installsRoutes: 'always',
      },
      [],
      mirrored,
    ],
    [
      'behind the table of the IKE daemon, where the gateway has an address of the local prefix',
      { ...untranslated([]), routes: [uplink, routeOf('10.0.0.0/8', nowhere, { distance: 254 })] },
      [],
      mirrored,
    ],
    [
      'which it has not in the rest of its network',
      {
        ...untranslated([]),
        children: [child('10.1.0.128/25', '10.2.0.0/24')],
        routes: [uplink, routeOf('10.0.0.0/8', nowhere, { distance: 254 })],
      },
      ['ROUTE_DIVERTS'],
      { ...mirrored, children: [child('10.2.0.0/24', '10.1.0.128/25')] },
    ],
    [
      'which it has not, but in that of another selector to the same prefix',
      {
        ...untranslated([]),
        children: [child(real, '10.2.0.0/24'), child('10.3.0.0/24', '10.2.0.0/24')],
        routes: [uplink, routeOf('10.0.0.0/8', nowhere, { distance: 254 })],
      },
      ['SELECTOR_UNBACKED'],
      { ...mirrored, children: [child('10.2.0.0/24', real), child('10.2.0.0/24', '10.3.0.0/24')] },
    ],
    [
      'which makes no routes when it is told so',
      {
        ...untranslated([]),
        routes: [uplink, routeOf('10.0.0.0/8', nowhere, { distance: 254 })],
        installsRoutes: 'never',
      },
      ['ROUTE_DIVERTS'],
      mirrored,
    ],
    [
      'to a router inside, where the rules of the tunnel are not asked',
      { routes: [uplink, routeOf('192.168.2.0/24', via('10.1.0.9'))] },
      ['ROUTE_DIVERTS'],
    ],
    [
      'to a router inside, where the rules of the tunnel are asked on every interface',
      {
        routes: [uplink, routeOf('192.168.2.0/24', via('10.1.0.9'))],
        source: [ruleOf(10, { source: real, destination: '192.168.2.0/24' }, mapTo('192.168.1.0/24'))],
      },
      [],
    ],
    [
      'to a router inside by a summary that holds what no rule translates',
      {
        ...untranslated([]),
        routes: [uplink, routeOf('10.2.0.0/15', via('10.1.0.9'))],
        site: { otherNetworks: [Prefix.parse('10.2.0.0/15')], routedNetworks: [Prefix.parse('10.2.0.0/15')] },
      },
      ['REMOTE_ROUTED_INSIDE'],
      mirrored,
    ],
    [
      'but for a longer one to the uplink, and one that waits for that to fail',
      {
        ...untranslated([]),
        routes: [
          uplink,
          routeOf('10.2.0.0/15', via('10.1.0.9')),
          routeOf('10.2.0.0/24', via('192.0.2.254')),
          routeOf('10.2.0.0/24', via('10.1.0.9'), { distance: 200 }),
        ],
        site: { otherNetworks: [Prefix.parse('10.2.0.0/15')], routedNetworks: [Prefix.parse('10.2.0.0/15')] },
      },
      [],
      mirrored,
    ],
    [
      'by one that does not hold it',
      {
        ...untranslated([]),
        routes: [uplink, routeOf('10.4.0.0/15', via('10.1.0.9'))],
        site: { otherNetworks: [Prefix.parse('10.4.0.0/15')], routedNetworks: [Prefix.parse('10.4.0.0/15')] },
      },
      [],
      mirrored,
    ],
    [
      'which changes nothing where there are no such rules',
      { ...untranslated([]), routes: [uplink, routeOf('10.2.0.0/24', via('10.1.0.9'))], installsRoutes: 'never' },
      [],
      mirrored,
    ],
    [
      'which is not understood',
      { routes: [uplink, routeOf('192.168.2.0/24', nowhere, { doubt: { line: 3, what: 'route' } })] },
      [],
    ],
    ['for everything', { routes: [routeOf('0.0.0.0/0', via('10.1.0.9'))] }, []],
    ['in another table', { routes: [uplink, routeOf('192.168.2.0/24', nowhere, { table: '100' })] }, []],
    [
      'beside a virtual interface, where routes choose what the tunnel gets',
      {
        ...untranslated([]),
        children: [child(real, '10.2.0.0/24', { through: { kind: 'route', interface: 'vti0' } })],
        interfaces: [...eth, interfaceOf('vti0', undefined, { kind: 'virtual' })],
        routes: [
          uplink,
          routeOf('10.2.0.0/24', { kind: 'interface', interface: 'vti0' }),
          routeOf('10.2.0.0/25', nowhere),
          heldBack,
        ],
        installsRoutes: 'never',
      },
      [],
      mirrored,
    ],
  ])
})

describe('routes into the interface where NAT is done', () => {
  const into = (name: string): DeviceRoute['to'] => ({ kind: 'interface', interface: name })
  const halves = ['192.168.2.0/25', '192.168.2.128/25']
  const behind = (local: string, name: string, remote = '192.168.2.0/24') =>
    child(local, remote, { through: { kind: 'feature', interface: name } })
  const feature = (routes: Changes['routes'] = []): Changes => ({
    order: dataplaneStages,
    children: [behind('192.168.1.0/24', 'vfp0')],
    source: [ruleOf(1000, { source: real, destination: '192.168.2.0/24', out: 'vfp0' }, mapTo('192.168.1.0/24'))],
    destination: [ruleOf(1000, { source: '192.168.2.0/24', destination: '192.168.1.0/24', in: 'vfp0' }, mapTo(real))],
    routes: [uplink, ...routes],
  })
  const good = halves.map((half) => routeOf(half, into('vfp0')))
  itFinds([
    ['are there for both halves', feature(good), []],
    [
      'are there, and a masquerade of the uplink is not asked',
      { ...feature(good), source: [ruleOf(10, { out: 'eth1' }, masquerade), ...(feature().source ?? [])] },
      [],
    ],
    ['are missing', feature(), ['GATEWAY_ROUTE_MISSING']],
    [
      'are missing, and a wider one leads into nothing',
      feature([routeOf('192.168.0.0/16', nowhere)]),
      ['GATEWAY_ROUTE_MISSING'],
    ],
    [
      'are there for one half, and into nothing for the other',
      feature([...good.slice(1), routeOf('192.168.2.0/25', nowhere)]),
      ['GATEWAY_ROUTE_MISSING', 'ROUTE_DIVERTS'],
    ],
    ['are there for one half', feature(good.slice(1)), ['GATEWAY_ROUTE_MISSING']],
    ['are as long as those of IPsec', feature([routeOf('192.168.2.0/24', into('vfp0'))]), ['GATEWAY_ROUTE_MISSING']],
    [
      'are there for one half, and not understood for the other',
      feature([...good.slice(1), routeOf('192.168.2.0/25', into('vfp0'), { doubt: { line: 3, what: 'route' } })]),
      ['GATEWAY_ROUTE_MISSING'],
    ],
    [
      'are as long as they can be for a single address',
      {
        ...feature([routeOf('192.168.2.9/32', into('vfp0'))]),
        children: [behind('192.168.1.0/24', 'vfp0', '192.168.2.9/32')],
      },
      ['SELECTOR_NOT_MIRRORED'],
    ],
    [
      'lead to another interface',
      feature(halves.map((half) => routeOf(half, into('eth1')))),
      ['GATEWAY_ROUTE_MISSING'],
    ],
  ])

  it('are named by what of the remote prefix has none', () => {
    const missing = foundIn(gateways(feature(good.slice(1)))).find(({ code }) => code === 'GATEWAY_ROUTE_MISSING')
    expect(missing?.message).toContain('has no route for 192.168.2.0/25 to vfp0')
  })

  it('are missed once for each interface, however many selectors need them', () => {
    const children = [
      behind('192.168.1.0/25', 'vfp0'),
      behind('192.168.1.128/25', 'vfp0'),
      behind('192.168.1.128/26', 'vfp1'),
    ]
    const found = foundIn(gateways({ ...feature(), children })).filter(({ code }) => code === 'GATEWAY_ROUTE_MISSING')
    expect(found.map(({ message }) => /to (vfp\d)/.exec(message)?.[1])).toEqual(['vfp0', 'vfp1'])
  })
})

describe('lines that were not understood', () => {
  itFinds([
    [
      'are left out of the proof',
      { unread: [{ line: 12, text: 'set nat something', touches: 'nat', isPlaced: true }] },
      ['PROOF_INCOMPLETE'],
    ],
    [
      'are a firewall that is not followed',
      {
        unread: [
          {
            line: 30,
            text: 'set firewall ipv4 forward filter default-action drop',
            touches: 'filters',
            isPlaced: false,
          },
        ],
      },
      ['FILTER_NOT_FOLLOWED'],
    ],
    [
      'may be what is missing',
      { destination: [], unread: [{ line: 12, text: 'set nat something', touches: 'nat', isPlaced: false }] },
      ['PROOF_INCOMPLETE'],
    ],
  ])

  it('are named, those of a firewall in the message itself', () => {
    const unread = [30, 31].map((line) => ({
      line,
      text: `line ${line}`,
      touches: 'filters' as const,
      isPlaced: false,
    }))
    const [found] = foundIn(gateways({ unread }))
    expect(found?.message).toContain('lines 30, 31 may drop')
    expect(found?.related?.map(({ place }) => place.line)).toEqual([30, 31])
  })
})

describe('a pair of tunnels', () => {
  it('is looked at once, whichever end is asked first', () => {
    const found = foundIn(gateways({ tunnel: { lifetimes: { ike: 28_800, esp: 1800 } } }))
    expect(found.map(({ code }) => code)).toEqual(['LIFETIMES_DIFFER'])
  })
})

describe('the two ends', () => {
  itFinds([
    [
      'segments that do not fit what the other end may offer',
      {
        clamps: [
          { interface: 'eth0', mss: 1375, line: 5 },
          { interface: 'eth1', mss: 1375, line: 6 },
        ],
      },
      ['MSS_TOO_LARGE'],
      {
        clamps: [],
        tunnel: {
          esp: [
            { encryption: 'aes256', hash: 'sha512', dhGroup: 14, extendedSequence: undefined },
            { encryption: 'aes256', hash: 'sha256', dhGroup: 14, extendedSequence: undefined },
          ],
        },
      },
    ],
    [
      'segments that fit both',
      {
        clamps: [
          { interface: 'eth0', mss: 1375, line: 5 },
          { interface: 'eth1', mss: 1375, line: 6 },
        ],
      },
      [],
      { clamps: [] },
    ],
    [
      'different keys',
      { tunnel: { keyDigest: 'EXAMPLE-ONLY-1' } },
      ['KEYS_DIFFER'],
      { tunnel: { keyDigest: 'EXAMPLE-ONLY-2' } },
    ],
    [
      'a key at one end, a certificate at the other',
      { tunnel: { authentication: 'certificate' } },
      ['AUTHENTICATION_DIFFERS'],
    ],
    ['an offer that natplan does not know', { tunnel: { ike: [], isWhole: false } }, ['NEGOTIATION_NOT_KNOWN']],
    [
      'selectors for everything that is routed, which the peer narrows',
      {
        ...untranslated([]),
        children: [anything('vti0')],
        interfaces: [...eth, interfaceOf('vti0', undefined, { kind: 'virtual' })],
        routes: [uplink, routeOf('10.2.0.0/24', { kind: 'interface', interface: 'vti0' }), heldBack],
      },
      [],
      mirrored,
    ],
    [
      'and which take nothing from a second network',
      {
        ...untranslated([]),
        children: [anything('vti0')],
        interfaces: [...eth, interfaceOf('eth2', '10.3.0.1/24'), interfaceOf('vti0', undefined, { kind: 'virtual' })],
        routes: [uplink, routeOf('10.2.0.0/24', { kind: 'interface', interface: 'vti0' }), heldBack],
        site: { otherNetworks: [Prefix.parse('10.3.0.0/24')] },
      },
      [],
      mirrored,
    ],
    [
      'which IKEv1 refuses',
      {
        ...untranslated([]),
        children: [anything('vti0')],
        interfaces: [...eth, interfaceOf('vti0', undefined, { kind: 'virtual' })],
        routes: [uplink, routeOf('10.2.0.0/24', { kind: 'interface', interface: 'vti0' }), heldBack],
        tunnel: { versions: [1] },
      },
      ['SELECTOR_NOT_MIRRORED'],
      { ...mirrored, tunnel: { versions: [1, 2] } },
    ],
    ['two of them, which are told as one', { tunnel: { ike: [], esp: [], isWhole: false } }, ['NEGOTIATION_NOT_KNOWN']],
    ['lifetimes', { tunnel: { lifetimes: { ike: 28_800, esp: 1800 } } }, ['LIFETIMES_DIFFER']],
  ])
})
