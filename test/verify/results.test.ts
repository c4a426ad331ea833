import { Address, Prefix, verify } from '@natplan/core'
import { describe, expect, it } from 'vitest'
import type { DeviceInterface } from '../../packages/core/src/device/device.ts'
import { sampleEnd, sampleTunnel } from '../../packages/core/src/world/sample-world.ts'
import {
  type Changes,
  child,
  exempt,
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
const nat = [listOf('destination-nat', [goodDestination]), listOf('source-nat', [goodSource])]
const forward = ruleOf(5, { in: 'eth1', protocol: 6, destinationPort: 443 }, mapTo('10.1.0.10/32'))
const uplink = routeOf('0.0.0.0/0', via('192.0.2.254'))
const untranslated: Changes = { source: [], destination: [], children: [child(real, '10.2.0.0/24')] }
const mirrored: Changes = {
  source: [],
  destination: [],
  children: [child('10.2.0.0/24', real)],
  interfaces: [interfaceOf('eth0', '10.2.0.1/24'), interfaceOf('eth1', '192.0.2.2/24')],
  site: { subnets: [Prefix.parse('10.2.0.0/24')] },
}

const [first, second] = ['192.0.2.1/24', '192.0.2.7/24'].map((address) => interfaceOf('eth1', address))
const withBoth = {
  ...interfaceOf('eth1', undefined),
  addresses: [...(first?.addresses ?? []), ...(second?.addresses ?? [])],
}

const withDynamic: DeviceInterface = {
  ...interfaceOf('eth1', undefined),
  addresses: [{ kind: 'dynamic', line: undefined }],
}
const sides = { uplinks: ['eth1'], inside: 'eth0' }

/** It sees the other end by a summary. */
const spoke: Changes = {
  source: [],
  destination: [],
  children: [child('172.16.2.0/24', '10.0.0.0/8')],
  interfaces: [interfaceOf('eth0', '172.16.2.1/24'), interfaceOf('eth1', '192.0.2.2/24')],
  site: { subnets: [Prefix.parse('172.16.2.0/24')] },
}

type Row = readonly [why: string, a: Changes, result: string, codes: readonly string[], b?: Changes]

const rows: readonly Row[] = [
  ['two good gateways', {}, 'proven', []],
  [
    'different keys',
    { tunnel: { keyDigest: 'EXAMPLE-1' } },
    'fault',
    ['KEYS_DIFFER'],
    { tunnel: { keyDigest: 'EXAMPLE-2' } },
  ],
  ['an offer that is not known', { tunnel: { ike: [], isWhole: false } }, 'unknown', ['NEGOTIATION_NOT_KNOWN']],
  [
    'a line that may touch anything',
    { unread: [{ line: 3, text: 'set something', touches: 'anything', isPlaced: false }] },
    'unknown',
    ['PROOF_INCOMPLETE', 'FLOW_NOT_KNOWN'],
  ],
  [
    'a firewall',
    { unread: [{ line: 3, text: 'set firewall', touches: 'filters', isPlaced: false }] },
    'unknown',
    ['FLOW_NOT_KNOWN'],
  ],
  [
    'a firewall behind a rule that is not understood',
    {
      unread: [{ line: 3, text: 'set firewall', touches: 'filters', isPlaced: false }],
      source: [ruleOf(10, { out: 'eth1' }, { kind: 'unknown' }, { doubt: { line: 7, what: 'rule 10' } }), goodSource],
      destination: [
        ruleOf(10, { in: 'eth1' }, { kind: 'unknown' }, { doubt: { line: 8, what: 'rule 10' } }),
        goodDestination,
      ],
    },
    'unknown',
    ['FILTER_NOT_FOLLOWED', 'FLOW_NOT_KNOWN'],
  ],
  [
    'a rule in front that is not understood',
    { source: [ruleOf(10, { out: 'eth1' }, { kind: 'unknown' }, { doubt: { line: 7, what: 'rule 10' } }), goodSource] },
    'unknown',
    ['FLOW_NOT_KNOWN'],
  ],
  [
    'one for other packets',
    {
      source: [
        ruleOf(
          10,
          { out: 'eth1', source: '10.77.0.0/24' },
          { kind: 'unknown' },
          { doubt: { line: 7, what: 'rule 10' } },
        ),
        goodSource,
      ],
    },
    'proven',
    [],
  ],
  [
    'a tunnel of which something is not understood',
    { tunnel: { doubt: { line: 2, what: 'priority' } } },
    'unknown',
    ['FLOW_NOT_KNOWN'],
  ],
  [
    'a peer of which it is not known what its tunnel carries',
    {},
    'unknown',
    ['FLOW_NOT_KNOWN'],
    { tunnel: { doubt: { line: 2, what: 'no tunnel' }, children: [] } },
  ],
  [
    'a peer that carries something else',
    {},
    'fault',
    ['SELECTOR_NOT_MIRRORED', 'SELECTOR_UNBACKED', 'NAT_UNSELECTED', 'FLOW_REFUSED'],
    { children: [child('192.168.9.0/24', '192.168.1.0/24')] },
  ],
  [
    'a masquerade for all into a tunnel of the address that it gives',
    {
      source: [ruleOf(100, { out: 'eth1' }, masquerade)],
      destination: [],
      children: [child('192.0.2.1/32', '10.2.0.0/24')],
      site: { subnets: [], otherNetworks: [Prefix.parse(real)] },
    },
    'proven',
    ['NAT_ONE_WAY'],
    { ...mirrored, children: [child('10.2.0.0/24', '192.0.2.1/32')] },
  ],
  [
    'the same, where the interface has a second address',
    {
      source: [ruleOf(100, { out: 'eth1' }, masquerade)],
      destination: [],
      children: [child('192.0.2.1/32', '10.2.0.0/24')],
      interfaces: [interfaceOf('eth0', '10.1.0.1/24'), withBoth],
      site: { subnets: [], otherNetworks: [Prefix.parse(real)] },
    },
    'proven',
    ['NAT_ONE_WAY'],
    { ...mirrored, children: [child('10.2.0.0/24', '192.0.2.1/32')] },
  ],
  [
    'a port forward to the only host of the tunnel, which it is meant for already',
    { ...untranslated, destination: [forward], children: [child('10.1.0.10/32', '10.2.0.0/24')] },
    'proven',
    [],
    { ...mirrored, children: [child('10.2.0.0/24', '10.1.0.10/32')] },
  ],
  [
    'and one of two hosts of it',
    { ...untranslated, destination: [forward], children: [child('10.1.0.10/31', '10.2.0.0/24')] },
    'fault',
    ['NAT_CATCHES_TUNNEL', 'FLOW_ANOTHER_HOST'],
    { ...mirrored, children: [child('10.2.0.0/24', '10.1.0.10/31')] },
  ],
  [
    'a masquerade towards the hosts, which are reached all the same',
    { ...untranslated, source: [ruleOf(100, { out: '!eth1' }, masquerade)] },
    'proven',
    ['NAT_HIDES_PEERS'],
    mirrored,
  ],
  [
    'the same by the name of their interface, whose address the tunnel has',
    { ...untranslated, source: [ruleOf(100, { out: 'eth0' }, masquerade)] },
    'proven',
    ['NAT_HIDES_PEERS'],
    mirrored,
  ],
  [
    'a pool towards the hosts, to which they may have no way back',
    { ...untranslated, source: [ruleOf(100, { out: 'eth0' }, poolOf('10.99.0.1', '10.99.0.9'))] },
    'fault',
    ['FLOW_NOT_ONE_TO_ONE'],
    mirrored,
  ],
  [
    'one, where the tunnel is for another address',
    {
      source: [ruleOf(100, { out: 'eth1' }, masquerade)],
      destination: [],
      children: [child('192.0.2.9/32', '10.2.0.0/24')],
      site: { subnets: [], otherNetworks: [Prefix.parse(real)] },
    },
    'fault',
    ['SELECTOR_UNBACKED', 'FLOW_NOT_TRANSLATED'],
    { ...mirrored, children: [child('10.2.0.0/24', '192.0.2.9/32')] },
  ],
  [
    'a tunnel for the gateway itself',
    {
      source: [],
      destination: [],
      children: [child('192.0.2.1/32', '10.2.0.0/24')],
      site: { subnets: [], otherNetworks: [Prefix.parse(real)] },
    },
    'unknown',
    ['SELECTOR_UNBACKED', 'FLOW_NOT_KNOWN'],
    { ...mirrored, children: [child('10.2.0.0/24', '192.0.2.1/32')] },
  ],
  [
    'a summary of a hub, most of which nobody has',
    { ...untranslated, children: [child('10.0.0.0/8', '172.16.2.0/24')] },
    'proven',
    ['SELECTOR_UNBACKED'],
    spoke,
  ],
  [
    'a summary with a network behind a route to where the packets come from',
    {
      ...untranslated,
      children: [child('10.0.0.0/8', '172.16.2.0/24')],
      routes: [uplink, routeOf('10.5.0.0/16', via('192.0.2.254'))],
    },
    'fault',
    ['SELECTOR_UNBACKED', 'FLOW_NOT_TRANSLATED'],
    spoke,
  ],
  [
    'a masquerade that takes all',
    { ...untranslated, source: [ruleOf(100, { out: 'eth1' }, masquerade)] },
    'fault',
    ['NAT_CATCHES_TUNNEL', 'FLOW_UNENCRYPTED'],
    mirrored,
  ],
  [
    'with an exemption before it',
    {
      ...untranslated,
      source: [
        ruleOf(90, { source: real, destination: '10.2.0.0/24', out: 'eth1' }, exempt),
        ruleOf(100, { out: 'eth1' }, masquerade),
      ],
    },
    'proven',
    [],
    mirrored,
  ],
  ['no default route, and addresses at all interfaces', { routes: [] }, 'unknown', ['FLOW_NOT_KNOWN']],
  [
    'no default route, and an address that others give',
    { routes: [], interfaces: [interfaceOf('eth0', '10.1.0.1/24'), withDynamic], tunnel: { local: sampleEnd(1) } },
    'proven',
    [],
  ],
  [
    'no default route, and nothing of the outside',
    { routes: [], interfaces: [interfaceOf('eth0', '10.1.0.1/24')], site: { sides } },
    'proven',
    [],
  ],
  ['no default route, and the daemon makes one for the peer', { ...untranslated, routes: [] }, 'proven', [], mirrored],
  [
    'a blackhole of a summary behind table 220',
    { ...untranslated, routes: [uplink, routeOf('10.0.0.0/8', nowhere, { distance: 254 })] },
    'proven',
    [],
    mirrored,
  ],
  [
    'a child that passes all that another protects',
    {
      source: [],
      destination: [],
      children: [
        child('10.0.0.0/8', '10.2.0.0/24'),
        child('10.0.0.0/8', '10.0.0.0/8', { kind: 'pass', name: '1-passthrough' }),
      ],
    },
    'fault',
    ['SELECTOR_MEETS_ITSELF', 'SELECTOR_NOT_MIRRORED', 'SELECTOR_UNBACKED', 'FLOW_UNENCRYPTED', 'FLOW_FILTERED'],
    mirrored,
  ],
  [
    'selectors for anything without a child that saves the LAN',
    { source: [], destination: [], children: [child('0.0.0.0/0', '0.0.0.0/0')] },
    'fault',
    ['SELECTOR_MEETS_ITSELF', 'FLOW_FILTERED'],
    { ...mirrored, children: [child('0.0.0.0/0', '0.0.0.0/0')] },
  ],
  [
    'many hosts behind one address, as the partner wants it',
    {
      children: [child('172.29.41.89/32', '192.168.2.0/24')],
      source: [ruleOf(10, { source: real, destination: '192.168.2.0/24', out: 'eth1' }, mapTo('172.29.41.89/32'))],
      destination: [],
    },
    'proven',
    ['NAT_ONE_WAY'],
    {
      children: [child('192.168.2.0/24', '172.29.41.89/32')],
      source: [ruleOf(10, { source: real, destination: '172.29.41.89/32', out: 'eth1' }, mapTo('192.168.2.0/24'))],
      destination: [ruleOf(10, { source: '172.29.41.89/32', destination: '192.168.2.0/24', in: 'eth1' }, mapTo(real))],
    },
  ],
  ...['192.168.1.0/24', real].map(
    (source): Row => [
      `a filter beside source NAT, which is asked behind it, for ${source}`,
      {
        lists: [
          ...nat,
          listOf('filter', [ruleOf(1, { source }, { kind: 'drop' })], { hook: 'postrouting', priority: 100 }),
        ],
      },
      source === real ? 'proven' : 'fault',
      source === real ? [] : ['FLOW_FILTERED'],
    ],
  ),
  [
    'a filter that drops it',
    {
      lists: [...nat, listOf('filter', [ruleOf(1, { destination: '192.168.2.0/25' }, { kind: 'drop' })])],
    },
    'fault',
    ['FLOW_FILTERED'],
  ],
]

describe('the result of all', () => {
  it.each([
    ['before the packets are translated', {}],
    ['and after', { hook: 'postrouting', priority: 150 }],
  ] as const)('names the line of a list that drops what no rule of it accepts, %s', (_, place) => {
    const own = ruleOf(1, { source: '192.0.2.1/32' }, { kind: 'accept' })
    const list = listOf('filter', [own], { ...place, fallback: 'drop', line: 77 })
    const { findings } = verify(gateways({ lists: [...nat, list] }))
    expect(findings.map(({ code, about }) => `${code} ${about?.line}`)).toContain('FLOW_FILTERED 77')
  })

  it('tells all filters that are not followed with the packets that they may drop', () => {
    const lines = [3, 5].map((line) => ({ line, text: 'set firewall', touches: 'filters', isPlaced: false }) as const)
    const [found, ...others] = verify(gateways({ unread: lines })).findings
    expect(found).toMatchObject({ code: 'FLOW_NOT_KNOWN', about: { site: 'a', line: 3 } })
    expect(found?.related?.map(({ place }) => place.line)).toEqual([5])
    expect(found?.hint).toContain('UDP 500')
    expect(others).toEqual([])
  })

  it.each(rows.map(([why, a, result, codes, b = {}]) => ({ why, a, result, codes, b })))(
    'is $result: $why',
    ({ a, result, codes, b }) => {
      const verification = verify(gateways(a, b))
      expect([...new Set(verification.findings.map(({ code }) => code))].sort()).toEqual([...codes].sort())
      expect(verification.result).toBe(result)
      expect(verification.proofs.every(({ isProven }) => isProven)).toBe(result === 'proven')
    },
  )

  it('is unknown when nothing was compared', () => {
    expect(verify({ sites: new Map() }).result).toBe('unknown')
    expect(verify(gateways({ tunnels: [] }, { tunnels: [] })).result).toBe('unknown')
  })

  it('is unknown when the other end is not given', () => {
    const [a] = gateways().sites.values()
    const { proofs, result } = verify({ sites: new Map(a ? [[a.name, a]] : []) })
    expect(proofs.map(({ hasBothEnds, result: one }) => [hasBothEnds, one])).toEqual([[false, 'unknown']])
    expect(result).toBe('unknown')
  })

  it('is unknown, and says so at once, with more selectors than anybody can look at', () => {
    const one = child('192.168.1.0/24', '192.168.2.0/24')
    const children = Array.from({ length: 20_001 }, () => one)
    const { result, findings, proofs } = verify(gateways({ children }))
    expect([result, ...findings.map(({ code }) => code)]).toEqual(['unknown', 'PROOF_BOUNDED'])
    expect(proofs.some(({ isProven }) => isProven)).toBe(false)
  })

  it('is a fault of the tunnel that an error is about, although everything arrives', () => {
    const twice = [child('192.168.1.0/24', '192.168.2.0/24'), child('192.168.1.0/24', '192.168.2.0/24')]
    const { proofs, findings } = verify(gateways({ children: twice }))
    expect(findings.map(({ code }) => code)).toEqual(['SELECTOR_DUPLICATE'])
    expect(proofs.map(({ failing, result }) => [...failing, result])).toEqual([[0, 0, 'fault']])
  })

  it('is unknown when packets were left at the bound, and says which', () => {
    const { result, findings, proofs } = verify(gateways(), { mostClasses: 1 })
    expect(result).toBe('unknown')
    expect(proofs.map(({ result: one }) => one)).toEqual(['unknown'])
    expect(findings.map(({ code }) => code)).toEqual(['PROOF_BOUNDED'])
    expect(verify(gateways(), { mostClasses: 2 }).result).toBe('proven')
  })

  it('is not proven while nothing arrives in one direction', () => {
    const noHosts: Changes = {
      source: [],
      destination: [],
      site: { subnets: [] },
      children: [child('10.7.0.0/24', '192.168.2.0/24')],
    }
    const { proofs } = verify(gateways(noHosts, { children: [child('192.168.2.0/24', '10.7.0.0/24')] }))
    expect(proofs.map(({ isProven }) => isProven)).toEqual([false])
  })

  it('is not proven while one of two directions that are meant has nothing to show', () => {
    const noHosts: Changes = {
      ...untranslated,
      site: { subnets: [], otherNetworks: [Prefix.parse(real)] },
    }
    const [proof] = verify(gateways(noHosts, mirrored)).proofs
    expect(proof?.delivered[0]).toBe(0)
    expect(proof?.delivered[1]).toBeGreaterThan(0)
    expect(proof?.result).toBe('unknown')
  })

  it('is a fault when another site gets the packets, even where they arrive there', () => {
    const world = gateways({
      tunnels: [
        sampleTunnel(1, 2, { children: [child('192.168.1.0/24', '192.168.2.0/24')] }),
        sampleTunnel(1, 3, { children: [child('192.168.1.0/24', '192.168.2.0/25')] }),
      ],
    })
    const b = world.sites.get('b')
    if (!b) throw new Error('there is no b')
    const back = sampleTunnel(3, 1, { children: [child('192.168.2.0/25', '192.168.1.0/24')] })
    const interfaces = [interfaceOf('eth0', '10.1.0.1/24'), interfaceOf('eth1', '192.0.2.3/24')]
    const c = {
      ...b,
      name: 'c',
      addresses: [Address.parse('192.0.2.3')],
      device: { ...b.device, interfaces, tunnels: [back] },
    }
    const { findings } = verify({ sites: new Map([...world.sites, ['c', c]]) })
    const astray = findings.filter(({ code }) => code === 'FLOW_WRONG_PEER')
    expect(astray.map(({ about }) => about?.range)).toContain('10.1.0.0/24 → 192.168.2.0/25')
  })

  it('counts one way only where many hosts are behind one address', () => {
    const [proof] = verify(
      gateways(rows.find(([why]) => why.startsWith('many'))?.[1], rows.find(([why]) => why.startsWith('many'))?.[4]),
    ).proofs
    expect(proof?.isOneWay).toBe(true)
    expect(proof?.delivered[0]).toBeGreaterThan(0)
    expect(proof?.delivered[1]).toBe(0)
    expect(verify(gateways()).proofs[0]?.isOneWay).toBe(false)
  })

  it('does not compare keys where the ends use certificates', () => {
    const certificate: Changes = { tunnel: { authentication: 'certificate' } }
    expect(verify(gateways(certificate, certificate)).proofs.map(({ keys }) => keys)).toEqual(['not compared'])
    const key = (keyDigest: string): Changes => ({ tunnel: { keyDigest } })
    expect(verify(gateways(key('EXAMPLE'), key('EXAMPLE'))).proofs[0]?.keys).toBe('equal')
    expect(verify(gateways(key('EXAMPLE'))).proofs[0]?.keys).toBe('unknown')
  })
})

describe('a second uplink', () => {
  const backup = { distance: 200 }
  const second: Changes = {
    interfaces: [
      interfaceOf('eth0', '10.1.0.1/24'),
      interfaceOf('eth1', '192.0.2.1/24'),
      interfaceOf('eth2', '198.51.100.2/30'),
    ],
    routes: [uplink, routeOf('0.0.0.0/0', via('198.51.100.1'), backup)],
    site: { sides: { uplinks: ['eth1', 'eth2'], inside: 'eth0' } },
  }
  const codes = (a: Changes, b: Changes = {}) =>
    verify(gateways({ ...second, ...a }, b)).findings.map(({ code }) => code)

  it('is nothing to speak of for an untranslated tunnel that traps', () => {
    expect(codes(untranslated, mirrored)).toEqual([])
    expect(verify(gateways({ ...second, ...untranslated }, mirrored)).result).toBe('proven')
  })

  it('is a risk where the rules name the first one, and nothing else is wrong', () => {
    const { findings, result } = verify(gateways(second))
    expect(findings.map(({ code, severity }) => `${severity} ${code}`)).toEqual(['risk FAILOVER_UNSAFE'])
    expect(findings[0]?.message).toContain('leave unencrypted')
    expect(result).toBe('proven')
  })

  it('is none where the rules hold on both', () => {
    const source = [
      ruleOf(1000, { source: real, destination: '192.168.2.0/24', out: '!eth0' }, mapTo('192.168.1.0/24')),
    ]
    const destination = [
      ruleOf(1000, { source: '192.168.2.0/24', destination: '192.168.1.0/24', in: '!eth0' }, mapTo(real)),
    ]
    expect(codes({ source, destination })).toEqual([])
  })

  it('is a risk where its address is not written', () => {
    const dynamic = { addresses: [{ kind: 'dynamic' as const, line: undefined }] }
    const interfaces = [
      interfaceOf('eth0', '10.1.0.1/24'),
      interfaceOf('eth1', '192.0.2.1/24'),
      interfaceOf('eth2', undefined, dynamic),
    ]
    expect(codes({ interfaces })).toEqual(['FAILOVER_UNSAFE'])
  })

  it('is none for connections that nobody opens, to hosts that the peer hides behind one address', () => {
    const own: Changes = {
      source: [ruleOf(1000, { source: real, destination: '172.29.41.89/32', out: '!eth0' }, mapTo('192.168.1.0/24'))],
      destination: [
        ruleOf(1000, { source: '172.29.41.89/32', destination: '192.168.1.0/24', in: '!eth0' }, mapTo(real)),
      ],
      children: [child('192.168.1.0/24', '172.29.41.89/32')],
    }
    const hiding: Changes = {
      source: [ruleOf(10, { source: real, destination: '192.168.1.0/24', out: 'eth1' }, mapTo('172.29.41.89/32'))],
      destination: [],
      children: [child('172.29.41.89/32', '192.168.1.0/24')],
    }
    expect(codes(own, hiding)).toEqual(['NAT_ONE_WAY'])
  })

  it('is not spoken of for packets that do not arrive over the first one either', () => {
    expect(codes({ source: [] })).not.toContain('FAILOVER_UNSAFE')
  })

  it('is none where nothing leads over it, or into nothing only, or only what another table is asked for', () => {
    const aside = { ...routeOf('0.0.0.0/0', via('198.51.100.1')), table: '50' }
    for (const last of [[], [routeOf('0.0.0.0/0', nowhere, backup)], [aside]])
      expect(codes({ routes: [uplink, ...last] })).toEqual([])
  })

  it('shows the packets that leave in clear before those that do not arrive', () => {
    const source = [
      ruleOf(10, { destination: '192.168.2.0/25', out: 'eth2' }, masquerade),
      ruleOf(1000, { source: real, destination: '192.168.2.0/24', out: 'eth1' }, mapTo('192.168.1.0/24')),
    ]
    const [found, ...more] = verify(
      gateways({
        ...second,
        source,
        children: [child('192.168.1.0/24', '192.168.2.0/24'), child('198.51.100.2/32', '192.168.2.0/25')],
      }),
    ).findings.filter(({ code }) => code === 'FAILOVER_UNSAFE')
    expect(found?.message).toContain('192.168.2.128')
    expect(more).toEqual([])
  })

  it('is a risk where a guard names the first one', () => {
    const guard = (out: string) =>
      listOf('filter', [ruleOf(1, { destination: '10.2.0.0/24', leaving: 'clear', out }, { kind: 'drop' })], {
        hook: 'postrouting',
        priority: 150,
      })
    const started: Changes = { children: [child(real, '10.2.0.0/24', { start: 'initiate' })] }
    expect(codes({ ...started, lists: [guard('eth1')] }, mirrored)).toEqual(['FAILOVER_UNSAFE'])
    expect(codes({ ...started, lists: [guard('!eth0')] }, mirrored)).toEqual([])
  })
})
