import { describe, expect, it } from 'vitest'
import { dataplaneStages } from '../../packages/core/src/device/stages.ts'
import {
  type Changes,
  child,
  exempt,
  foundIn,
  gateways,
  goodRules,
  listOf,
  mapTo,
  masquerade,
  real,
  ruleOf,
} from './gateways.ts'
import { itFinds, mirrored, untranslated } from './rows.ts'

const { source: goodSource, destination: goodDestination } = goodRules

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
    [
      'and it is told once where some hosts are exempt before it',
      {
        source: [
          ruleOf(5, { source: '10.1.0.0/28', out: 'eth1' }, exempt),
          ruleOf(10, { out: 'eth1' }, masquerade),
          goodSource,
        ],
      },
      ['NAT_SHADOWED'],
    ],
    [
      'one for what came out of a tunnel takes nothing that the hosts send',
      { source: [ruleOf(10, { out: 'eth1', arrived: 'encrypted' }, masquerade), goodSource] },
      [],
    ],
    [
      'one of new connections takes all, since rules are asked of these only',
      { source: [ruleOf(10, { out: 'eth1', states: ['new'] }, masquerade), goodSource] },
      ['NAT_SHADOWED'],
    ],
    [
      'one of open connections is never asked',
      { source: [ruleOf(10, { out: 'eth1', states: ['established'] }, masquerade), goodSource] },
      [],
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
      'but packets of a translated one leave in clear until they are translated',
      { source: [ruleOf(10, { out: 'eth1', leaving: 'clear' }, masquerade), goodSource] },
      ['NAT_CATCHES_TUNNEL'],
    ],
    [
      'a masquerade of an interface that may be the uplink takes all of it',
      {
        ...untranslated([ruleOf(100, { out: 'eth1' }, masquerade)]),
        routes: [],
        site: { sides: { uplinks: [], inside: undefined } },
      },
      ['NAT_CATCHES_TUNNEL'],
      mirrored,
    ],
    [
      'a masquerade of everything takes it whatever the destination rules are',
      {
        ...untranslated([ruleOf(100, {}, masquerade)]),
        destination: [ruleOf(10, { source: '10.2.0.0/24', destination: real }, mapTo(real))],
      },
      ['NAT_CATCHES_TUNNEL'],
      mirrored,
    ],
    [
      'a masquerade that another rule for the internet is behind takes it as well',
      untranslated([
        ruleOf(100, { out: 'eth1' }, masquerade),
        ruleOf(200, { source: '10.7.0.0/24', out: 'eth1' }, mapTo('203.0.113.0/24')),
      ]),
      ['NAT_CATCHES_TUNNEL', 'NAT_RULE_DEAD'],
      mirrored,
    ],
    [
      'a plain masquerade takes all of an untranslated tunnel',
      untranslated([ruleOf(100, { out: 'eth1' }, masquerade)]),
      ['NAT_CATCHES_TUNNEL'],
      mirrored,
    ],
    [
      'but not where the selectors are asked before it',
      { ...untranslated([ruleOf(100, { out: 'eth1' }, masquerade)]), order: dataplaneStages },
      [],
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
      'wherever its list is written',
      {
        lists: [
          listOf('destination-nat', [goodDestination]),
          listOf('source-nat', [goodSource]),
          listOf('source-nat', [ruleOf(undefined, { out: 'eth1' }, masquerade)], {
            name: 'table ip nat',
            priority: 80,
          }),
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
      'and what it exempts on another interface it still takes on this one',
      {
        lists: [
          listOf('destination-nat', [goodDestination]),
          listOf(
            'source-nat',
            [ruleOf(undefined, { out: 'eth2' }, exempt), ruleOf(undefined, { out: 'eth1' }, masquerade)],
            { name: 'table ip nat', priority: 80 },
          ),
          listOf('source-nat', [goodSource]),
        ],
      },
      ['NAT_SHADOWED'],
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
      'one to the only host of the tunnel changes nothing',
      {
        ...untranslated([]),
        children: [child('10.1.0.10/32', '10.2.0.0/24')],
        destination: [ruleOf(5, { in: 'eth1', protocol: 6, destinationPort: 443 }, mapTo('10.1.0.10/32'))],
      },
      [],
      { ...mirrored, children: [child('10.2.0.0/24', '10.1.0.10/32')] },
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

  const web = ruleOf(10, { out: 'eth1', protocol: 6, destinationPort: 443 }, masquerade)
  const catching = (a: Changes) => foundIn(gateways(a)).find(({ code }) => code === 'NAT_CATCHES_TUNNEL')

  it('is mended by the order of the rules where one behind it is for the tunnel, else by an exemption', () => {
    const inFront = { ...goodSource, doubt: { line: 3, what: 'rule 1000' } }
    const other = ruleOf(9000, { out: 'eth1' }, masquerade)
    expect(catching({ source: [web, goodSource] })?.hint).toBe('give source rule 1000 a lower number than 10')
    expect(catching({ source: [inFront, web] })?.hint).toMatch(/^exempt/)
    expect(catching(untranslated([web, other]))?.hint).toMatch(/^exempt/)
    const apart = listOf('source-nat', [web], { name: 'table ip nat', priority: 80 })
    const lists = [listOf('destination-nat', [goodDestination]), apart, listOf('source-nat', [goodSource])]
    expect(catching({ lists })?.hint).toMatch(/^let source rule 1000 come before table ip nat rule 10,/)
  })

  it('is told once, with the number of further parts that it takes', () => {
    const children = ['192.168.2.0/25', '192.168.2.128/25'].map((half) => child('192.168.1.0/24', half))
    expect(catching({ source: [web, goodSource], children })?.message).toContain('(and 1 more)')
  })

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
      tunnel: 'gateway2',
      selector: '192.168.1.0/24 ↔ 192.168.2.0/24',
      range: '192.168.2.0/24 → 192.168.1.0/24',
    })
    expect(found?.place).toEqual({ source: 'config', path: [], line: 41, file: 'a.txt' })
  })
})
