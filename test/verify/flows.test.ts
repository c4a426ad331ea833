import { Prefix, verify } from '@natplan/core'
import { describe, expect, it } from 'vitest'
import { RangeSet } from '../../packages/core/src/match/range-set.ts'
import { flowsOfSelectors } from '../../packages/core/src/verify/intended-flows.ts'
import { sampleTunnel } from '../../packages/core/src/world/sample-world.ts'
import {
  type Changes,
  child,
  codesIn,
  gateways,
  goodRules,
  interfaceOf,
  mapTo,
  masquerade,
  poolOf,
  real,
  routeOf,
  ruleOf,
  via,
} from './gateways.ts'
import { mirrored, untranslated } from './rows.ts'

const uplink = routeOf('0.0.0.0/0', via('192.0.2.254'))

const flowFindings = (a: Changes, b: Changes = {}) =>
  verify(gateways(a, b)).findings.filter(({ code }) => code.startsWith('FLOW_'))

describe('what is said of packets', () => {
  it('is said at the gateway where they end, of the other one', () => {
    const found = flowFindings({}, { destination: [] })
    expect(found.map(({ code, about }) => `${code} ${about?.site} ${about?.peer}`)).toEqual(['FLOW_NOT_TRANSLATED b a'])
    const own = flowFindings({ source: [] })
    expect(own.map(({ code, about }) => `${code} ${about?.site} ${about?.peer}`)).toEqual(['FLOW_UNENCRYPTED a b'])
  })

  it.each<{ where: string; a: Changes; b?: Changes; line: number }>([
    {
      where: 'the route that leads astray',
      a: { routes: [uplink, routeOf('192.168.2.0/24', via('10.1.0.9'), { line: 7_001 })] },
      line: 7_001,
    },
    {
      where: 'the selector, where nothing is done to the packet',
      a: {
        source: [],
        children: [
          child('192.168.1.0/24', '192.168.3.0/24'),
          child('192.168.1.0/24', '192.168.2.0/24', { line: 7_002 }),
          child('192.168.1.0/24', '192.168.0.0/16'),
        ],
      },
      line: 7_002,
    },
    {
      where: 'the rule, where one takes the packet',
      a: { source: [ruleOf(10, { out: 'eth1' }, mapTo('192.168.7.0/24'), { line: 7_003 })] },
      line: 7_003,
    },
  ])('is placed at $where', ({ a, b = {}, line }) => {
    expect(flowFindings(a, b).find(({ about }) => about?.site === 'a')?.about?.line).toBe(line)
  })

  it.each([
    ['192.168.2.0/25', 'remove the route for 192.168.2.0/25 at a'],
    ['192.168.0.0/16', 'add a route for 192.168.2.0/24 to the outside at a'],
  ])('is mended where a route leads inside what a tunnel carries: %s', (prefix, advice) => {
    const [found] = flowFindings({ routes: [uplink, routeOf(prefix, via('10.1.0.9'))] })
    expect(found?.hint).toContain(advice)
  })

  it('asks for another name where an interface has such addresses', () => {
    const interfaces = ['eth0 10.1.0.1/24', 'eth1 192.0.2.1/24', 'eth2 192.168.2.1/24'].map((written) => {
      const [name = '', address] = written.split(' ')
      return interfaceOf(name, address, { line: 9 })
    })
    const [found] = flowFindings({ routes: [uplink], interfaces })
    expect(found?.hint).toContain('use the address by which this site sees the far host')
  })

  it('is said once for each way to fail', () => {
    const halves = [
      ruleOf(10, { source: '10.1.0.0/25', destination: '192.168.2.0/24', out: 'eth1' }, mapTo('192.168.7.0/25')),
      ruleOf(
        20,
        { source: '10.1.0.128/25', destination: '192.168.2.0/24', out: 'eth1' },
        poolOf('192.168.1.1', '192.168.1.9'),
      ),
    ]
    const codes = flowFindings({ source: halves }).map(({ code }) => code)
    expect(new Set(codes).size).toBe(codes.length)
    expect(codes).toEqual(expect.arrayContaining(['FLOW_NOT_ONE_TO_ONE', 'FLOW_UNENCRYPTED']))
  })

  it('is a wrong way where another tunnel takes what is sent, and filtered where it expects what comes', () => {
    const other = sampleTunnel(2, 9, { name: 'other', children: [child('192.168.2.0/24', '192.168.1.0/25')] })
    const own = sampleTunnel(2, 1, { children: [child('192.168.2.0/24', '192.168.1.0/24')] })
    const found = flowFindings({}, { tunnels: [own, other] }).filter(({ code }) => code.startsWith('FLOW_'))
    expect(found.map(({ code, message }) => `${code} ${message.split(',')[0]}`).sort()).toEqual([
      'FLOW_FILTERED a to b',
      'FLOW_WRONG_PEER b to a',
    ])
  })
})

describe('the command that shows a packet', () => {
  const sshOnly = { protocol: RangeSet.ofValues([6]), destinationPort: RangeSet.ofValues([22]) }
  const forward = ruleOf(5, { in: 'eth1', protocol: 6, destinationPort: 22 }, mapTo('10.1.0.3/32'))

  it.each<{ why: string; a: Changes; b?: Changes; choices: string }>([
    {
      why: 'a rule that asks for a port',
      a: { destination: [forward, goodRules.destination] },
      choices: ' --proto tcp --dport 22',
    },
    {
      why: 'selectors for one service, which leave the others',
      a: { children: [child('192.168.1.0/24', '192.168.2.0/24', { only: sshOnly })] },
      b: { children: [child('192.168.2.0/24', '192.168.1.0/24', { only: sshOnly })] },
      choices: ' --proto tcp --dport 443',
    },
    { why: 'whatever protocol it is', a: { destination: [] }, choices: '' },
  ])('names what the ending asks for: $why', ({ a, b = {}, choices }) => {
    const hints = flowFindings(a, b).flatMap(({ hint }) => hint ?? [])
    const shown = hints.map((hint) => /natplan trace \S+ \S+(.*?) --config/.exec(hint)?.[1])
    expect(shown).toContain(choices)
  })
})

describe('a tunnel whose other end is not known', () => {
  const unknownEnd = (name: string) =>
    sampleTunnel(1, 9, { name, children: [child('192.168.1.0/24', '192.168.9.0/24')] })
  const own = sampleTunnel(1, 2, { children: [child('192.168.1.0/24', '192.168.2.0/24')] })

  it.each(['b', 'other'])('is nothing of a site, also where it is called like one: %s', (name) => {
    const source = [
      ruleOf(10, { source: '10.1.0.0/24', destination: '192.168.9.0/24', out: 'eth1' }, mapTo('192.168.1.0/24')),
      goodRules.source,
    ]
    const { findings, proofs } = verify(gateways({ source, tunnels: [own, unknownEnd(name)] }))
    expect(findings.filter(({ code }) => code.startsWith('FLOW_'))).toEqual([])
    expect(proofs.map(({ sites, isProven }) => `${sites.join(' ')} ${isProven}`).sort()).toEqual(
      ['a b true', `a ${name} false`].sort(),
    )
  })
})

describe('what is meant to arrive', () => {
  describe('of a hub that gives out a summary', () => {
    const spoke: Changes = {
      source: [],
      destination: [],
      children: [child(real, '10.0.0.0/8'), child(real, real, { kind: 'pass' })],
    }
    const hub = (routes: readonly string[], addresses: readonly string[] = ['10.2.0.1/24']): Changes => ({
      ...mirrored,
      children: [child('10.0.0.0/8', real)],
      interfaces: [
        interfaceOf('eth1', '192.0.2.2/24'),
        ...addresses.map((address, at) => interfaceOf(`eth${at === 0 ? 0 : at + 1}`, address)),
      ],
      routes: [uplink, ...routes.map((prefix) => routeOf(prefix, via('10.2.0.9')))],
      site: { subnets: [Prefix.parse('10.0.0.0/8')] },
    })
    const codes = (changes: Changes) =>
      verify(gateways(spoke, changes))
        .findings.filter(({ severity }) => severity === 'error')
        .map(({ code }) => code)

    it('is nothing from what the tunnel leads to: hosts there are not of the hub', () => {
      expect(codes(hub(['10.0.0.0/8']))).toEqual([])
    })

    it.each([
      ['a network that an interface shows', hub([], ['10.2.0.1/8'])],
      ['a second network of the hub', hub(['10.0.0.0/8'], ['10.2.0.1/24', '10.1.0.129/25'])],
    ])('does not fit into %s', (_, changes) => {
      expect(codes(changes)).toEqual(expect.arrayContaining(['REMOTE_OCCUPIED', 'FLOW_STAYS_LOCAL']))
    })
  })

  it('is the part of a network that a selector holds', () => {
    const wide = { ...untranslated([]), site: { subnets: [Prefix.parse('10.1.0.0/16')] } }
    expect(verify(gateways(wide, mirrored)).result).toBe('proven')
  })

  const meant = (a: Changes, b: Changes = {}) =>
    flowsOfSelectors(gateways(a, b))
      .filter(({ from }) => from.name === 'a')
      .map(({ source, destination }) => `${source} → ${destination}`)

  describe('behind a virtual interface', () => {
    const everything = child('0.0.0.0/0', '0.0.0.0/0', { through: { kind: 'route', interface: 'vti0' } })
    const behind = (seen: string, more: Changes, outside = '192.0.2.1/24'): Changes => ({
      children: [everything],
      interfaces: [
        interfaceOf('eth0', '10.1.0.1/24'),
        interfaceOf('eth1', outside),
        interfaceOf('vti0', undefined, { kind: 'virtual' }),
      ],
      routes: [uplink, routeOf(seen, { kind: 'interface', interface: 'vti0' })],
      ...more,
    })
    const translating = (translated: string, name: string): Changes => ({
      source: [ruleOf(10, { source: real, out: name }, mapTo(translated))],
      destination: [ruleOf(10, { destination: translated, in: name }, mapTo(real))],
    })
    const own = behind('192.168.2.0/24', translating('192.168.1.0/24', 'vti0'))

    it('is what rules there make of the networks of the peer', () => {
      const peer = behind('192.168.1.0/24', translating('192.168.2.0/24', 'vti0'), '192.0.2.2/24')
      expect(meant(own, peer)).toEqual([`${real} → 192.168.2.0/24`])
      expect(verify(gateways(own, peer)).result).toBe('proven')
    })

    it('is what routes into it call those, where the rules are asked elsewhere', () => {
      const peer = behind('192.168.1.0/24', translating('192.168.2.0/24', 'eth1'), '192.0.2.2/24')
      expect(meant(own, peer)).toContain(`${real} → 192.168.2.0/24`)
      expect(flowFindings(own, peer).map(({ code }) => code)).toContain('FLOW_NOT_TRANSLATED')
    })

    it('is nothing of what rules make for the internet', () => {
      const forInternet = translating('198.51.100.0/24', 'eth1')
      const peer = behind(
        '192.168.1.0/24',
        { ...forInternet, site: { subnets: [Prefix.parse('10.2.0.0/24')] } },
        '192.0.2.2/24',
      )
      expect(meant(behind('10.2.0.0/24', translating('192.168.1.0/24', 'vti0')), peer)).toEqual([
        `${real} → 10.2.0.0/24`,
      ])
    })
  })

  it('is not what a rule that hides hosts makes towards another peer', () => {
    const source = [
      ruleOf(5, { source: '10.77.0.0/24', destination: '192.168.3.0/24', out: 'eth1' }, mapTo('172.29.41.89/32')),
    ]
    const children = ['192.168.2.0/24', '192.168.3.0/24'].map((remote) => child('172.29.41.89/32', remote))
    expect(meant({ source, destination: [], children })).toEqual(['10.77.0.0/24 → 192.168.3.0/24'])
  })

  it('is not a network of the site that has the addresses into which another one is translated', () => {
    const subnets = [real, '192.168.1.0/24'].map(Prefix.parse)
    expect(meant({ site: { subnets } })).toEqual([`${real} → 192.168.2.0/24`])
  })

  it('is not what a route leads to where a selector for everything has a peer that is not known', () => {
    const routes = [routeOf('10.9.0.0/16', via('10.1.0.9'))]
    expect(meant({ ...untranslated([]), children: [child(real, '0.0.0.0/0')], routes }, { tunnels: [] })).toEqual([])
  })

  it('is not what passes by from the very network, and is what passes by from another one', () => {
    const passing = (local: string) => ({
      ...untranslated([]),
      children: [child(real, '10.0.0.0/14'), child(local, '10.1.0.0/16', { kind: 'pass' })],
    })
    expect(meant(passing(real))).not.toContain(`${real} → 10.0.0.0/14`)
    expect(meant(passing('10.3.0.0/24'))).toEqual([`${real} → 10.0.0.0/14`])
  })
})

describe('a rule of which something is not known', () => {
  it('does not hide one behind it that certainly takes packets of the tunnel', () => {
    const doubtful = ruleOf(5, { out: 'eth1' }, { kind: 'unknown' }, { doubt: { line: 5, what: 'rule 5' } })
    const certain = ruleOf(10, { out: 'eth1', protocol: 6, destinationPort: 443 }, masquerade)
    expect(codesIn(gateways({ source: [doubtful, certain, goodRules.source] }))).toContain('NAT_CATCHES_TUNNEL')
    expect(codesIn(gateways({ source: [doubtful, goodRules.source] }))).not.toContain('NAT_CATCHES_TUNNEL')
  })
})
