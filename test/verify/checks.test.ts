import { Prefix } from '@natplan/core'
import { describe, expect, it } from 'vitest'
import {
  type Asked,
  type Changes,
  child,
  codesIn,
  exempt,
  foundIn,
  gateways,
  goodRules,
  interfaceOf,
  listOf,
  mapTo,
  masquerade,
  nowhere,
  poolOf,
  real,
  routeOf,
  ruleOf,
  via,
} from './gateways.ts'

const { source: goodSource, destination: goodDestination } = goodRules
const eth = [interfaceOf('eth0', '10.1.0.1/24'), interfaceOf('eth1', '192.0.2.1/24')]
const uplink = routeOf('0.0.0.0/0', via('192.0.2.254'))

type Row = readonly [why: string, a: Changes, codes: readonly string[], b?: Changes]

function itFinds(rows: readonly Row[]): void {
  it.each(rows.map(([why, a, codes, b = {}]) => ({ why, a, codes, b })))('$why', ({ a, codes, b }) => {
    expect(codesIn(gateways(a, b))).toEqual([...codes].sort())
  })
}

describe('two good gateways', () => {
  itFinds([['nothing is wrong with them', {}, []]])
})

describe('NAT that takes what it should not', () => {
  itFinds([
    [
      'a masquerade of everything in front shadows the rule of the tunnel',
      { source: [ruleOf(10, { out: 'eth1' }, masquerade), goodSource] },
      ['NAT_SHADOWED'],
    ],
    ['behind it is as it should be', { source: [goodSource, ruleOf(9000, { out: 'eth1' }, masquerade)] }, []],
    ['on another interface it takes nothing', { source: [ruleOf(10, { out: 'eth2' }, masquerade), goodSource] }, []],
    [
      'for packets that leave in clear it takes nothing of an untranslated tunnel',
      untranslated([ruleOf(10, { out: 'eth1', leaving: 'clear' }, masquerade)]),
      [],
      mirrored,
    ],
    [
      'a plain masquerade takes all of an untranslated tunnel',
      untranslated([ruleOf(100, { out: 'eth1' }, masquerade)]),
      ['NAT_CATCHES_TUNNEL'],
      mirrored,
    ],
    [
      'unless the tunnel is exempt before it',
      untranslated([
        ruleOf(90, { source: real, destination: '10.2.0.0/24', out: 'eth1' }, exempt),
        ruleOf(100, { out: 'eth1' }, masquerade),
      ]),
      [],
      mirrored,
    ],
    [
      'a part of which is exempt only',
      untranslated([
        ruleOf(90, { source: '10.1.0.0/25', destination: '10.2.0.0/24', out: 'eth1' }, exempt),
        ruleOf(100, { out: 'eth1' }, masquerade),
      ]),
      ['NAT_CATCHES_TUNNEL'],
      mirrored,
    ],
    [
      'what a list exempts is still taken by the next list',
      {
        ...untranslated([]),
        lists: [
          listOf('source-nat', [ruleOf(90, { source: real, destination: '10.2.0.0/24' }, exempt)]),
          listOf('source-nat', [ruleOf(undefined, { out: 'eth1' }, masquerade)], {
            name: 'table ip nat',
            priority: 110,
          }),
        ],
      },
      ['NAT_CATCHES_TUNNEL'],
      mirrored,
    ],
    [
      'a rule onto the same prefix decides for the lists behind as well',
      {
        ...untranslated([]),
        lists: [
          listOf('source-nat', [ruleOf(undefined, { source: real, destination: '10.2.0.0/24' }, mapTo(real))]),
          listOf('source-nat', [ruleOf(undefined, { out: 'eth1' }, masquerade)], {
            name: 'table ip nat',
            priority: 110,
          }),
        ],
      },
      [],
      mirrored,
    ],
    [
      'a masquerade of others at a lower priority wins',
      {
        lists: [
          listOf('destination-nat', [goodDestination]),
          listOf('source-nat', [ruleOf(undefined, { out: 'eth1' }, masquerade)], {
            name: 'table ip nat',
            priority: 80,
          }),
          listOf('source-nat', [goodSource]),
        ],
      },
      ['NAT_SHADOWED'],
    ],
    [
      'but not what it exempts',
      {
        lists: [
          listOf('destination-nat', [goodDestination]),
          listOf(
            'source-nat',
            [
              ruleOf(undefined, { destination: '192.168.0.0/16' }, exempt),
              ruleOf(undefined, { out: 'eth1' }, masquerade),
            ],
            { name: 'table ip nat', priority: 80 },
          ),
          listOf('source-nat', [goodSource]),
        ],
      },
      [],
    ],
    [
      'a port forward without an address takes packets of the tunnel',
      {
        destination: [
          ruleOf(5, { in: 'eth1', protocol: 6, destinationPort: 443 }, mapTo('10.1.0.10/32')),
          goodDestination,
        ],
      },
      ['NAT_CATCHES_TUNNEL'],
    ],
    [
      'one for the public address does not',
      {
        destination: [
          ruleOf(
            5,
            { in: 'eth1', destination: '192.0.2.1/32', protocol: 6, destinationPort: 443 },
            mapTo('10.1.0.10/32'),
          ),
          goodDestination,
        ],
      },
      [],
    ],
    [
      'nor one for what comes in clear',
      {
        destination: [
          ruleOf(5, { in: 'eth1', arrived: 'clear', protocol: 6, destinationPort: 443 }, mapTo('10.1.0.10/32')),
          goodDestination,
        ],
      },
      [],
    ],
    [
      'nor one behind the rule of the tunnel',
      {
        destination: [
          goodDestination,
          ruleOf(5000, { in: 'eth1', protocol: 6, destinationPort: 443 }, mapTo('10.1.0.10/32')),
        ],
      },
      [],
    ],
    [
      'static NAT of the public address does not meet the tunnel',
      {
        lists: [
          listOf('destination-nat', [ruleOf(7, { destination: '192.0.2.7/32', in: 'eth1' }, mapTo('10.1.0.7/32'))], {
            name: 'static destination',
          }),
          listOf('destination-nat', [goodDestination]),
          listOf('source-nat', [goodSource]),
        ],
      },
      [],
    ],
    [
      'its other half takes the host from the tunnel',
      {
        lists: [
          listOf('destination-nat', [goodDestination]),
          listOf('source-nat', [ruleOf(7, { source: '10.1.0.7/32', out: 'eth1' }, mapTo('192.0.2.7/32'))], {
            name: 'static source',
          }),
          listOf('source-nat', [goodSource]),
        ],
      },
      ['NAT_CATCHES_TUNNEL'],
    ],
    [
      'an exception for one host of the tunnel is meant, and a risk',
      {
        destination: [
          ruleOf(
            5,
            { in: 'eth1', destination: '192.168.1.9/32', protocol: 6, destinationPort: 443 },
            mapTo('10.1.0.20/32'),
          ),
          goodDestination,
        ],
      },
      ['NAT_PARTLY_SHADOWED'],
    ],
    [
      'one for the whole host that maps one to one is an exception that says so',
      {
        source: [
          ruleOf(5, { source: '10.1.0.9/32', destination: '192.168.2.0/24', out: 'eth1' }, mapTo('192.168.1.10/32')),
          goodSource,
        ],
        destination: [
          ruleOf(5, { destination: '192.168.1.10/32', source: '192.168.2.0/24', in: 'eth1' }, mapTo('10.1.0.9/32')),
          goodDestination,
        ],
      },
      [],
    ],
    [
      'an exemption in front for some hosts',
      { source: [ruleOf(10, { source: '10.1.0.0/28', out: 'eth1' }, exempt), goodSource] },
      ['NAT_PARTLY_SHADOWED'],
    ],
    [
      'an exemption that an earlier one makes idle is not about the tunnel',
      {
        source: [
          goodSource,
          ruleOf(2000, { source: '10.9.0.0/24', out: 'eth1' }, exempt),
          ruleOf(2010, { source: '10.9.0.0/25', out: 'eth1' }, exempt),
        ],
      },
      [],
    ],
    [
      'an exemption behind another of a tunnel may be partly taken',
      untranslated([
        ruleOf(80, { source: real, out: 'eth1' }, exempt),
        ruleOf(90, { source: real, destination: '10.2.0.0/24', out: 'eth1' }, exempt),
      ]),
      [],
      mirrored,
    ],
    [
      'a rule for the internet that is never reached',
      {
        source: [
          goodSource,
          ruleOf(9000, { out: 'eth1' }, masquerade),
          ruleOf(9010, { source: '10.7.0.0/24', out: 'eth1' }, mapTo('203.0.113.0/24')),
        ],
      },
      ['NAT_RULE_DEAD'],
    ],
    [
      'one that is reached on another interface',
      {
        source: [
          goodSource,
          ruleOf(9000, { out: 'eth1' }, masquerade),
          ruleOf(9010, { source: '10.7.0.0/24' }, mapTo('203.0.113.0/24')),
        ],
      },
      [],
    ],
    [
      'one that two earlier ones take at its corners only',
      {
        source: [
          goodSource,
          ruleOf(9000, { source: '10.7.0.0/26', out: 'eth1' }, masquerade),
          ruleOf(9001, { source: '10.7.0.192/26', out: 'eth1' }, masquerade),
          ruleOf(9010, { source: '10.7.0.0/24', out: 'eth1' }, mapTo('203.0.113.0/24')),
        ],
      },
      [],
    ],
    [
      'one that three earlier ones take as a whole',
      {
        source: [
          goodSource,
          ruleOf(9000, { source: '10.7.0.0/26', out: 'eth1' }, masquerade),
          ruleOf(9001, { source: '10.7.0.192/26', out: 'eth1' }, masquerade),
          ruleOf(9002, { source: '10.7.0.64/26 10.7.0.128/26', out: 'eth1' }, masquerade),
          ruleOf(9010, { source: '10.7.0.0/24', out: 'eth1' }, mapTo('203.0.113.0/24')),
        ],
      },
      ['NAT_RULE_DEAD'],
    ],
    [
      'rules of one number are one rule for a group',
      {
        source: [
          goodSource,
          ruleOf(9000, { source: '10.7.0.0/24', out: 'eth1' }, masquerade),
          ruleOf(9000, { source: '10.7.0.0/25', out: 'eth1' }, masquerade),
        ],
      },
      [],
    ],
    [
      'a rule for all but some addresses leaves those alone',
      { source: [ruleOf(10, { source: `!${real}`, out: 'eth1' }, masquerade), goodSource] },
      [],
    ],
    [
      'and takes the others',
      { source: [ruleOf(10, { destination: '!10.0.0.0/8', out: 'eth1' }, masquerade), goodSource] },
      ['NAT_SHADOWED'],
    ],
    [
      'a rule that nobody can tell of covers nothing',
      { source: [ruleOf(10, { out: 'eth1', unknown: 'limit' }, masquerade), goodSource] },
      [],
    ],
    [
      'nor does one with a doubt',
      {
        source: [
          ruleOf(10, { out: 'eth1' }, { kind: 'unknown' }, { doubt: { line: 3, what: 'rule 10 load-balance' } }),
          goodSource,
        ],
      },
      [],
    ],
  ])

  it('is called by the list’s own name and the device’s own numbers', () => {
    const world = gateways({
      lists: [
        listOf('destination-nat', [goodDestination]),
        listOf('source-nat', [ruleOf(undefined, { out: 'eth1' }, masquerade, { line: 77 })], {
          name: 'table ip nat chain POSTROUTING',
          priority: 80,
        }),
        listOf('source-nat', [goodSource]),
      ],
    })
    const text = foundIn(world).map(({ message, hint }) => `${message} | ${hint}`)
    expect(text.join('\n')).toContain('the rule of table ip nat chain POSTROUTING in line 77')
    expect(text.join('\n')).not.toMatch(/rule undefined|lower number/)
  })

  it('is found at its own place, and says what it is about', () => {
    const catching = ruleOf(5, { in: 'eth1', protocol: 6, destinationPort: 443 }, mapTo('10.1.0.10/32'), { line: 41 })
    const [found] = foundIn(gateways({ destination: [catching, goodDestination] }))
    expect(found?.about).toEqual({
      site: 'a',
      file: 'a.txt',
      line: 41,
      rule: 'destination rule 5',
      peer: 'gateway2',
      selector: '192.168.1.0/24 ↔ 192.168.2.0/24',
      range: '192.168.2.0/24 → 192.168.1.0/24',
    })
    expect(found?.place).toEqual({ source: 'config', path: [], line: 41, file: 'a.txt' })
  })
})

/** A tunnel between the real networks: a has 10.1.0.0/24, b 10.2.0.0/24. */
function untranslated(source: NonNullable<Changes['source']>): Changes {
  return { source, destination: [], children: [child(real, '10.2.0.0/24')] }
}

const mirrored: Changes = {
  source: [],
  destination: [],
  children: [child('10.2.0.0/24', real)],
  interfaces: [interfaceOf('eth0', '10.2.0.1/24'), interfaceOf('eth1', '192.0.2.2/24')],
  site: { subnets: [Prefix.parse('10.2.0.0/24')] },
}

describe('translations', () => {
  const many = [child('172.29.41.89/32', '192.168.2.0/24')]
  const toMany: Changes = { children: [child('192.168.2.0/24', '172.29.41.89/32')], ...natOfB() }
  itFinds([
    [
      'of different lengths',
      { source: [ruleOf(1000, { source: real, destination: '192.168.2.0/24', out: 'eth1' }, mapTo('192.168.1.0/25'))] },
      ['NAT_NOT_ONE_TO_ONE', 'NAT_HALF'],
    ],
    [
      'many to one for what a selector carries is meant',
      {
        children: many,
        source: [ruleOf(10, { source: real, destination: '192.168.2.0/24', out: 'eth1' }, mapTo('172.29.41.89/32'))],
        destination: [],
      },
      ['NAT_ONE_WAY'],
      toMany,
    ],
    [
      'so is a pool inside it',
      {
        children: [child('172.29.41.88/29', '192.168.2.0/24')],
        source: [
          ruleOf(
            10,
            { source: real, destination: '192.168.2.0/24', out: 'eth1' },
            poolOf('172.29.41.88', '172.29.41.95'),
          ),
        ],
        destination: [],
      },
      ['NAT_ONE_WAY'],
      { ...toMany, children: [child('192.168.2.0/24', '172.29.41.88/29')] },
    ],
    [
      'so is a masquerade where the tunnel carries the gateway’s own address',
      {
        children: [child('192.0.2.1/32', '192.168.2.0/24')],
        source: [ruleOf(10, { source: real, destination: '192.168.2.0/24', out: 'eth1' }, masquerade)],
        destination: [],
      },
      ['NAT_ONE_WAY'],
      { ...toMany, children: [child('192.168.2.0/24', '192.0.2.1/32')] },
    ],
    [
      'with a rule that leads back it was meant to be one to one',
      {
        children: many,
        source: [ruleOf(10, { source: real, destination: '192.168.2.0/24', out: 'eth1' }, mapTo('172.29.41.89/32'))],
        destination: [
          ruleOf(10, { destination: '172.29.41.89/32', source: '192.168.2.0/24', in: 'eth1' }, mapTo(real)),
        ],
      },
      ['NAT_NOT_ONE_TO_ONE', 'NAT_HALF'],
      toMany,
    ],
    [
      'a masquerade towards the peer that no selector takes',
      { source: [ruleOf(10, { source: real, destination: '192.168.2.0/24', out: 'eth1' }, masquerade)] },
      ['NAT_NOT_ONE_TO_ONE', 'NAT_HALF'],
    ],
    ['without a destination rule', { destination: [] }, ['NAT_HALF']],
    ['without a source rule', { source: [] }, ['NAT_HALF']],
    [
      'with a destination rule for one service only',
      {
        destination: [
          ruleOf(10, { destination: '192.168.1.0/24', source: '192.168.2.0/24', in: 'eth1', protocol: 6 }, mapTo(real)),
        ],
      },
      ['NAT_HALF'],
    ],
    [
      'with a destination rule to other hosts',
      {
        destination: [
          ruleOf(10, { destination: '192.168.1.0/24', source: '192.168.2.0/24', in: 'eth1' }, mapTo('10.1.1.0/24')),
        ],
        interfaces: [interfaceOf('eth0', '10.1.0.1/23'), interfaceOf('eth1', '192.0.2.1/24')],
      },
      ['NAT_HALF'],
    ],
    [
      'with two destination rules for the halves',
      {
        destination: [
          ruleOf(10, { destination: '192.168.1.0/25', source: '192.168.2.0/24', in: 'eth1' }, mapTo('10.1.0.0/25')),
          ruleOf(11, { destination: '192.168.1.128/25', source: '192.168.2.0/24', in: 'eth1' }, mapTo('10.1.0.128/25')),
        ],
      },
      [],
    ],
    [
      'with a destination rule that is not understood, which may be the missing one',
      {
        destination: [
          ruleOf(10, { destination: '192.168.1.0/24' }, { kind: 'unknown' }, { doubt: { line: 4, what: 'rule 10' } }),
        ],
      },
      [],
    ],
    [
      'with one that is not understood and for another network',
      {
        destination: [
          ruleOf(10, { destination: '192.168.77.0/24' }, { kind: 'unknown' }, { doubt: { line: 4, what: 'rule 10' } }),
        ],
      },
      ['NAT_HALF'],
    ],
    [
      'to something that no selector holds',
      { source: [ruleOf(10, { source: real, destination: '192.168.2.0/24', out: 'eth1' }, mapTo('192.168.3.0/24'))] },
      ['NAT_UNSELECTED', 'NAT_HALF'],
    ],
    [
      'on the inside',
      { source: [ruleOf(1000, { source: real, destination: '192.168.2.0/24', out: 'eth0' }, mapTo('192.168.1.0/24'))] },
      ['NAT_INTERFACE_WRONG'],
    ],
    [
      'on a pattern that holds the uplink',
      { source: [ruleOf(1000, { source: real, destination: '192.168.2.0/24', out: 'eth+' }, mapTo('192.168.1.0/24'))] },
      [],
    ],
    [
      'to a network that is not there',
      {
        source: [
          ruleOf(1000, { source: '10.99.0.0/24', destination: '192.168.2.0/24', out: 'eth1' }, mapTo('192.168.1.0/24')),
        ],
        destination: [
          ruleOf(1000, { destination: '192.168.1.0/24', source: '192.168.2.0/24', in: 'eth1' }, mapTo('10.99.0.0/24')),
        ],
      },
      ['NAT_TARGET_MISSING'],
    ],
    [
      'to one that a route leads to',
      {
        source: [
          ruleOf(1000, { source: '10.99.0.0/24', destination: '192.168.2.0/24', out: 'eth1' }, mapTo('192.168.1.0/24')),
        ],
        destination: [
          ruleOf(1000, { destination: '192.168.1.0/24', source: '192.168.2.0/24', in: 'eth1' }, mapTo('10.99.0.0/24')),
        ],
        routes: [uplink, routeOf('10.99.0.0/16', via('10.1.0.9'))],
      },
      [],
    ],
    [
      'to one that may be there, since the inside has no address that is written',
      {
        interfaces: [interfaceOf('eth0', undefined), interfaceOf('eth1', '192.0.2.1/24')],
        source: [
          ruleOf(1000, { source: '10.99.0.0/24', destination: '192.168.2.0/24', out: 'eth1' }, mapTo('192.168.1.0/24')),
        ],
        destination: [
          ruleOf(1000, { destination: '192.168.1.0/24', source: '192.168.2.0/24', in: 'eth1' }, mapTo('10.99.0.0/24')),
        ],
      },
      [],
    ],
  ])
})

function natOfB(): Changes {
  return {
    source: [
      ruleOf(1000, { source: real, destination: '172.29.41.88/29 192.0.2.1/32', out: 'eth1' }, mapTo('192.168.2.0/24')),
    ],
    destination: [
      ruleOf(1000, { source: '172.29.41.88/29 192.0.2.1/32', destination: '192.168.2.0/24', in: 'eth1' }, mapTo(real)),
    ],
  }
}

describe('selectors and networks', () => {
  itFinds([
    [
      'a selector that is narrower than its mirror',
      { children: [child('192.168.1.0/24', '192.168.2.0/25')] },
      ['SELECTOR_NOT_MIRRORED'],
    ],
    [
      'some selectors of the peer are not understood',
      { children: [child('192.168.1.0/24', '192.168.2.0/25')] },
      [],
      { tunnel: { doubt: { line: 2, what: 'tunnel 2' } } },
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
    ['a network beside it', { site: { otherNetworks: [Prefix.parse('192.168.3.0/24')] } }, []],
    [
      'nothing is behind a part of a selector',
      { children: [child('192.168.0.0/23', '192.168.2.0/24')] },
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
      'two tunnels behind virtual interfaces carry anything',
      {
        source: [],
        destination: [],
        children: [child('0.0.0.0/0', '0.0.0.0/0', { through: { kind: 'route', interface: 'vti1' } })],
      },
      [],
      {
        source: [],
        destination: [],
        children: [child('0.0.0.0/0', '0.0.0.0/0', { through: { kind: 'route', interface: 'vti1' } })],
      },
    ],
  ])
})

describe('a summary as remote prefix', () => {
  const pass = (local: string, remote = local) => child(local, remote, { kind: 'pass', name: '1-passthrough' })
  const summary = child(real, '10.0.0.0/8')
  const spoke = (more: Changes = {}): Changes => ({ source: [], destination: [], children: [summary], ...more })
  const rows: readonly Row[] = [
    ['a summary holds the own network', spoke(), ['REMOTE_OCCUPIED', 'SELECTOR_MEETS_ITSELF']],
    ['which passes by', spoke({ children: [summary, pass(real)] }), []],
    [
      'while a second network of the site does not',
      spoke({
        children: [summary, pass(real)],
        interfaces: [...eth, interfaceOf('eth2', '10.3.0.1/24')],
        site: { otherNetworks: [Prefix.parse('10.3.0.0/24')] },
      }),
      ['SELECTOR_TAKES_LOCAL'],
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
      'behind the table of the IKE daemon, where the gateway has an address of the local prefix',
      { ...untranslated([]), routes: [uplink, routeOf('10.0.0.0/8', nowhere, { distance: 254 })] },
      [],
      mirrored,
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
      'which is not understood',
      { routes: [uplink, routeOf('192.168.2.0/24', nowhere, { doubt: { line: 3, what: 'route' } })] },
      [],
    ],
  ])
})

describe('guards', () => {
  const starting: Changes['children'] = [child('192.168.1.0/24', '192.168.2.0/24', { start: 'initiate' })]
  const guard = (asked: Asked, more: Parameters<typeof ruleOf>[3] = {}) =>
    listOf('filter', [ruleOf(undefined, asked, { kind: 'drop' }, more)], { hook: 'postrouting', priority: 150 })
  const nat = [listOf('destination-nat', [goodDestination]), listOf('source-nat', [goodSource])]
  const guarded = (asked: Asked, more: Parameters<typeof ruleOf>[3] = {}): Changes => ({
    children: starting,
    lists: [...nat, guard(asked, more)],
  })
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
    ['lifetimes', { tunnel: { lifetimes: { ike: 28_800, esp: 1800 } } }, ['LIFETIMES_DIFFER']],
  ])
})
