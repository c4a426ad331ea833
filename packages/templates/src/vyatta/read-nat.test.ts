import { type Device, type DeviceRule, type Range, RangeSet, type RuleList } from '@natplan/core'
import { describe, expect, it } from 'vitest'
import { dialect as edgeos } from '../platforms/edgeos/view.ts'
import { dialect as vyatta5400 } from '../platforms/vyatta-5400/view.ts'
import { dialect as vyatta5600 } from '../platforms/vyatta-5600/view.ts'
import { dialect as vyos13 } from '../platforms/vyos-1.3/view.ts'
import { dialect as vyos14 } from '../platforms/vyos-1.4/view.ts'
import type { VyattaDialect } from './dialect.ts'
import { readVyattaDevice } from './read-device.ts'
import { tryParseRange } from './read-values.ts'

function deviceOf(dialect: VyattaDialect, lines: readonly string[]): Device {
  return readVyattaDevice(lines.map((line) => `set ${line}\n`).join(''), dialect).device
}

function listOf(device: Device, name: string): RuleList {
  const list = device.lists.find((one) => one.name === name)
  if (!list) throw new Error(`no list ${name}`)
  return list
}

/** The one rule of a list. */
function ruleOf(device: Device, name = 'source'): DeviceRule {
  const [rule, ...others] = listOf(device, name).rules
  if (!rule || others.length > 0) throw new Error('not one rule')
  return rule
}

/** Source rule 10 of VyOS 1.4 to some address. */
function sourceRule(lines: readonly string[], others: readonly string[] = []): DeviceRule {
  const all = [...lines.map((line) => `nat source rule 10 ${line}`), ...others]
  return ruleOf(deviceOf(vyos14, ['nat source rule 10 translation address masquerade', ...all]))
}

function ranges(...texts: readonly string[]): Range[] {
  return [...RangeSet.of(texts.flatMap((text) => tryParseRange(text) ?? [])).ranges]
}

const notTen = ranges('0.0.0.0-9.255.255.255', '11.0.0.0-255.255.255.255')
const group = 'firewall group'

describe('what a rule asks for', () => {
  it.each<[string, readonly string[], readonly string[], readonly Range[]]>([
    ['a prefix', ['source address 10.1.0.0/24'], [], ranges('10.1.0.0/24')],
    ['host bits, which the device drops', ['source address 10.1.0.7/24'], [], ranges('10.1.0.0/24')],
    ['an address', ['source address 10.1.0.7'], [], ranges('10.1.0.7')],
    ['a range', ['source address 10.1.0.7-10.1.0.9'], [], ranges('10.1.0.7-10.1.0.9')],
    ['all but a prefix', ['source address !10.0.0.0/8'], [], notTen],
    [
      'a group of networks, which is one rule',
      ['source group network-group G'],
      [`${group} network-group G network 10.1.0.0/24`, `${group} network-group G network 10.3.0.0/24`],
      ranges('10.1.0.0/24', '10.3.0.0/24'),
    ],
    ['all but a group', ['source group network-group !G'], [`${group} network-group G network 10.0.0.0/8`], notTen],
    [
      'a group within a group',
      ['source group address-group G'],
      [
        `${group} address-group G include H`,
        `${group} address-group G address 10.1.0.7`,
        `${group} address-group H address 10.1.0.8`,
      ],
      ranges('10.1.0.7-10.1.0.8'),
    ],
    [
      'groups that hold each other',
      ['source group address-group G'],
      [
        `${group} address-group G include H`,
        `${group} address-group H include G`,
        `${group} address-group H address 10.1.0.8`,
      ],
      ranges('10.1.0.8'),
    ],
  ])('%s', (_, lines, others, expected) => {
    const rule = sourceRule(lines, others)
    expect(rule.match.source?.ranges).toEqual(expected)
    expect(rule.doubt).toBeUndefined()
  })

  it.each<
    [string, readonly string[], Partial<Record<'protocol' | 'destinationPort' | 'sourcePort', readonly Range[]>>]
  >([
    ['a protocol by name', ['protocol sctp'], { protocol: [{ first: 132, last: 132 }] }],
    ['or by number', ['protocol 132'], { protocol: [{ first: 132, last: 132 }] }],
    [
      'two of them',
      ['protocol tcp_udp'],
      {
        protocol: [
          { first: 6, last: 6 },
          { first: 17, last: 17 },
        ],
      },
    ],
    [
      'all but one',
      ['protocol !tcp'],
      {
        protocol: [
          { first: 0, last: 5 },
          { first: 7, last: 255 },
        ],
      },
    ],
    ['every one', ['protocol all'], {}],
    [
      'ports',
      ['destination port 80,https,1000-2000'],
      {
        destinationPort: [
          { first: 80, last: 80 },
          { first: 443, last: 443 },
          { first: 1000, last: 2000 },
        ],
      },
    ],
    [
      'all but ports',
      ['source port !22'],
      {
        sourcePort: [
          { first: 0, last: 21 },
          { first: 23, last: 65_535 },
        ],
      },
    ],
  ])('%s', (_, lines, expected) => {
    const { match, doubt } = sourceRule(lines)
    for (const field of ['protocol', 'destinationPort', 'sourcePort'] as const) {
      expect(match[field]?.ranges).toEqual(expected[field])
    }
    expect(doubt).toBeUndefined()
  })

  it('a group of ports', () => {
    const rule = sourceRule(
      ['destination group port-group P'],
      [`${group} port-group P port 25`, `${group} port-group P port imaps`],
    )
    expect(rule.match.destinationPort?.ranges).toEqual([
      { first: 25, last: 25 },
      { first: 993, last: 993 },
    ])
  })

  it.each<[string, VyattaDialect, string, readonly string[], DeviceRule['match']['out']]>([
    ['by name', vyos14, 'name eth0', [], { names: ['eth0'], negated: false }],
    ['all but one', vyos14, 'name !eth0', [], { names: ['eth0'], negated: true }],
    ['by the beginning of names', vyos14, 'name eth*', [], { names: ['eth*'], negated: false }],
    [
      'by a group',
      vyos14,
      'group WAN',
      [`${group} interface-group WAN interface eth0`, `${group} interface-group WAN interface eth1`],
      { names: ['eth0', 'eth1'], negated: false },
    ],
    ['as it was called for a while', vyos14, 'interface-name eth0', [], { names: ['eth0'], negated: false }],
    ['any is a name under name', vyos14, 'name any', [], { names: ['any'], negated: false }],
    ['but every interface else', vyos13, 'any', [], undefined],
    ['plainly', edgeos, 'eth0', [], { names: ['eth0'], negated: false }],
  ])('an interface %s', (_, dialect, leaf, others, out) => {
    const root = dialect === edgeos ? 'service nat' : 'nat source'
    const action = dialect === edgeos ? 'type masquerade' : 'translation address masquerade'
    const lines = [`${root} rule 10 outbound-interface ${leaf}`, `${root} rule 10 ${action}`, ...others]
    const rule = ruleOf(deviceOf(dialect, lines))
    expect(rule.match.out).toEqual(out)
    expect(rule.doubt).toBeUndefined()
  })

  it.each<[string, readonly string[], readonly string[], RegExp]>([
    ['a name of a host', ['source fqdn host.example.net'], [], /fqdn host/],
    ['a group of names', ['destination group domain-group D'], [], /domain-group D/],
    ['a kind of packet', ['packet-type broadcast'], [], /packet-type/],
  ])('%s that nobody can tell of a packet', (_, lines, others, unknown) => {
    const rule = sourceRule(lines, others)
    expect(rule.match.unknown).toMatch(unknown)
    expect(rule.doubt).toBeUndefined()
  })
})

describe('groups that hold groups', () => {
  it('are looked at once each, however they hold each other', () => {
    const layer = (depth: number) =>
      ['a', 'b'].flatMap((side) =>
        ['a', 'b'].map((other) => `firewall group address-group ${side}${depth} include ${other}${depth + 1}`),
      )
    const layers = Array.from({ length: 40 }, (_, depth) => layer(depth)).flat()
    const ends = [
      'firewall group address-group a40 address 10.1.0.7',
      'firewall group address-group b40 address 10.1.0.8',
    ]
    const rule = sourceRule(['source group address-group a0'], [...layers, ...ends])
    expect(rule.match.source?.ranges).toEqual(ranges('10.1.0.7-10.1.0.8'))
  })
})

describe('what a rule does', () => {
  it.each<[string, readonly string[], string]>([
    [
      'a prefix onto a prefix',
      ['source address 10.1.0.0/24', 'translation address 192.168.1.0/24'],
      'map 192.168.1.0/24',
    ],
    [
      'prefixes of unequal length',
      ['source address 10.1.0.0/16', 'translation address 192.168.1.0/24'],
      'map 192.168.1.0/24',
    ],
    ['a range', ['translation address 203.0.113.4-203.0.113.6'], 'pool 203.0.113.4-203.0.113.6'],
    ['one address', ['translation address 203.0.113.4'], 'map 203.0.113.4/32'],
    ['options', ['translation options port-mapping random'], 'masquerade'],
    ['an exemption, whatever else it says', ['exclude', 'translation address 203.0.113.4'], 'exempt'],
  ])('%s', (_, lines, action) => {
    expect(actionText(sourceRule(lines))).toBe(action)
    expect(sourceRule(lines).doubt).toBeUndefined()
  })

  it('is a pool on the 5600 unless it is of the same length as what it matches', () => {
    const of = (source: string, to = '192.168.1.0/24') =>
      ruleOf(
        deviceOf(vyatta5600, [
          'service nat source rule 10 outbound-interface vfp0',
          `service nat source rule 10 source ${source}`,
          `service nat source rule 10 translation address ${to}`,
          'resources group address-group G address 10.1.0.0/24',
          'resources group address-group G address 10.3.0.0/24',
        ]),
      )
    expect(actionText(of('address 10.1.0.0/24'))).toBe('map 192.168.1.0/24')
    expect(actionText(of('address 10.1.0.0/16'))).toBe('pool 192.168.1.1-192.168.1.254')
    expect(actionText(of('group address-group G'))).toBe('pool 192.168.1.1-192.168.1.254')
    expect(actionText(of('address 10.1.0.0/16', '192.168.1.9'))).toBe('map 192.168.1.9/32')
    expect(actionText(of('address 10.1.0.0/24', '192.168.1.1-192.168.1.254'))).toBe('map 192.168.1.0/24')
    expect(actionText(of('address 10.1.0.0/24', '192.168.1.2-192.168.1.254'))).toBe('pool 192.168.1.2-192.168.1.254')
    expect(actionText(of('address 10.1.0.0/25', '192.168.1.1-192.168.1.254'))).toBe('pool 192.168.1.1-192.168.1.254')
  })

  it.each<[string, readonly string[], RegExp]>([
    ['a word that nobody knows', ['frobnicate yes'], /frobnicate yes/],
    ['an address that is none', ['source address 10.x.0.0/8'], /10\.x/],
    ['a length that no address has', ['source address 10.0.0.0/33'], /\/33/],
    ['a group that is not there', ['source group network-group NONE'], /NONE/],
    ['ports by a name that is not known', ['destination port teleport'], /teleport/],
    ['a negated target', ['translation address !10.0.0.0/8'], /!10\.0/],
  ])('is not known with %s, but it keeps its place and what it is known to ask', (_, lines, why) => {
    const device = deviceOf(vyos14, [
      'nat source rule 5 outbound-interface name eth0',
      'nat source rule 5 translation address masquerade',
      ...lines.map((line) => `nat source rule 10 ${line}`),
      'nat source rule 10 outbound-interface name eth0',
      ...(lines.some((line) => line.startsWith('translation'))
        ? []
        : ['nat source rule 10 translation address 203.0.113.4']),
      'nat source rule 20 translation address masquerade',
    ])
    const { rules } = listOf(device, 'source')
    expect(rules.map(({ number }) => number)).toEqual([5, 10, 20])
    expect(rules[1]?.match.out).toEqual({ names: ['eth0'], negated: false })
    expect(rules[1]?.doubt?.what).toMatch(why)
    expect(rules[2]?.doubt).toBeUndefined()
    expect(device.unread.map(({ touches, isPlaced }) => `${touches} ${isPlaced}`)).toEqual(['nat true'])
  })

  it('chooses among backends in a way that nobody knows, unless there is one only', () => {
    const backends = (...all: readonly string[]) =>
      ruleOf(
        deviceOf(
          vyos14,
          all.map((one) => `nat source rule 10 load-balance backend ${one} weight 50`),
        ),
      )
    expect(backends('203.0.113.4', '203.0.113.9').action.kind).toBe('unknown')
    expect(backends('203.0.113.4', '203.0.113.9').doubt?.what).toMatch(/backend 203\.0\.113\.4/)
    expect(actionText(backends('203.0.113.4'))).toBe('map 203.0.113.4/32')
  })

  it('keeps the address where a destination rule names a port only', () => {
    const port = ['protocol tcp', 'destination port 80', 'translation port 8080']
    const rule = (lines: readonly string[]) =>
      ruleOf(
        deviceOf(
          vyos14,
          [...lines, ...port].map((line) => `nat destination rule 10 ${line}`),
        ),
        'destination',
      )
    expect(rule(['destination address 203.0.113.1']).action).toMatchObject({
      kind: 'map',
      ports: { first: 8080, last: 8080 },
    })
    expect(actionText(rule(['destination address 203.0.113.1']))).toBe('map 203.0.113.1/32')
    expect(rule([]).action.kind).toBe('unknown')
    expect(rule([]).doubt).toBeDefined()
  })

  it.each<[string, VyattaDialect, string, readonly string[]]>([
    ['source', vyos13, 'outbound-interface', ['nat source rule 1 exclude']],
    ['source', vyatta5400, 'outbound-interface', ['nat source rule 1 translation address masquerade']],
    ['destination', vyatta5600, 'inbound-interface', ['service nat destination rule 1 translation address 10.1.0.7']],
    [
      'destination',
      edgeos,
      'inbound-interface',
      ['service nat rule 1 type destination', 'service nat rule 1 inside-address address 10.1.0.7'],
    ],
  ])('is not known for a %s rule without the interface that %o asks for', (name, dialect, leaf, lines) => {
    expect(ruleOf(deviceOf(dialect, lines), name).doubt).toEqual({
      line: 1,
      what: `${name} rule 1, which the device refuses without "${leaf}"`,
    })
    const [rule = ''] = /.* rule 1/.exec(lines[0] ?? '') ?? []
    expect(ruleOf(deviceOf(dialect, [...lines, `${rule} ${leaf} eth0`]), name).doubt).toBeUndefined()
  })

  it('is known from VyOS 1.4 on without an interface, unless it translates both ways', () => {
    expect(ruleOf(deviceOf(vyos14, ['nat source rule 1 exclude'])).doubt).toBeUndefined()
    const both = ['destination address 192.168.1.0/24', 'translation address 10.1.0.0/24']
    const device = deviceOf(
      vyos14,
      both.map((line) => `nat static rule 5 ${line}`),
    )
    expect(ruleOf(device, 'static source').doubt?.what).toBe('static rule 5, of which the interface is missing')
  })

  it('is not known without a target', () => {
    const rule = ruleOf(deviceOf(vyos14, ['nat source rule 10 source address 10.1.0.0/24']))
    expect(rule.action.kind).toBe('unknown')
    expect(rule.doubt?.what).toMatch(/rule 10/)
  })
})

function actionText({ action }: DeviceRule): string {
  if (action.kind === 'map') return `map ${action.to}`
  return action.kind === 'pool' ? `pool ${action.first}-${action.last}` : action.kind
}

describe('lists', () => {
  it('of one direction are in the order of their numbers, without those that are switched off', () => {
    const device = deviceOf(vyos14, [
      ...[30, 4, 200].map((number) => `nat source rule ${number} translation address masquerade`),
      'nat source rule 30 disable',
      'nat destination rule 7 translation address 10.1.0.7',
    ])
    expect(listOf(device, 'source').rules.map(({ number }) => number)).toEqual([4, 200])
    expect(device.usedNumbers.map(({ direction, number }) => `${direction} ${number}`)).toEqual([
      'source 30',
      'source 4',
      'source 200',
      'destination 7',
    ])
  })

  it('of old Vyatta and EdgeOS are one, whose rules say what they are', () => {
    const lines = [
      'service nat rule 1 type destination',
      'service nat rule 1 inbound-interface eth0',
      'service nat rule 1 inside-address address 10.1.0.7',
      'service nat rule 1 inside-address port 443',
      'service nat rule 2 type source',
      'service nat rule 2 outbound-interface eth0',
      'service nat rule 2 outside-address address 203.0.113.4',
      'service nat rule 3 type masquerade',
      'service nat rule 3 outbound-interface eth0',
      'service nat rule 4 disable',
      'service nat rule 4 type masquerade',
    ]
    for (const dialect of [vyatta5400, edgeos]) {
      const device = deviceOf(dialect, lines)
      expect(listOf(device, 'destination').rules.map(actionText)).toEqual(['map 10.1.0.7/32'])
      expect(listOf(device, 'source').rules.map(actionText)).toEqual(['map 203.0.113.4/32', 'masquerade'])
      expect(device.usedNumbers).toHaveLength(8)
      expect(device.unread).toEqual([])
    }
  })

  it('have no place for a rule that does not say what it is', () => {
    expect(deviceOf(edgeos, ['service nat rule 1 outbound-interface eth0']).unread).toMatchObject([
      { touches: 'nat', isPlaced: false },
    ])
  })

  it('of both-way rules come first and translate in both directions', () => {
    const device = deviceOf(vyos14, [
      'nat static rule 5 inbound-interface vti1',
      'nat static rule 5 destination address 192.168.1.0/24',
      'nat static rule 5 translation address 10.1.0.0/24',
      'nat source rule 10 translation address masquerade',
    ])
    expect(device.lists.map(({ name }) => name)).toEqual([
      'static destination',
      'static source',
      'destination',
      'source',
    ])
    const [inwards, outwards] = [ruleOf(device, 'static destination'), ruleOf(device, 'static source')]
    expect([actionText(inwards), actionText(outwards)]).toEqual(['map 10.1.0.0/24', 'map 192.168.1.0/24'])
    expect(inwards.match).toMatchObject({ in: { names: ['vti1'], negated: false } })
    expect(inwards.match.destination?.ranges).toEqual(ranges('192.168.1.0/24'))
    expect(outwards.match).toMatchObject({ out: { names: ['vti1'], negated: false } })
    expect(outwards.match.source?.ranges).toEqual(ranges('10.1.0.0/24'))
    const any = deviceOf(vyos14, [
      'nat static rule 5 inbound-interface any',
      'nat static rule 5 destination address 192.168.1.1',
      'nat static rule 5 translation address 10.1.0.1',
    ])
    expect(ruleOf(any, 'static destination').match.in).toBeUndefined()
  })

  it('of a both-way rule that is not understood are in doubt in both directions', () => {
    const device = deviceOf(vyos14, [
      'nat static rule 5 destination address 192.168.1.0/24',
      'nat static rule 5 inbound-interface vti1',
    ])
    expect(ruleOf(device, 'static source').doubt?.what).toMatch(/address is missing/)
    expect(ruleOf(device, 'static destination').doubt).toBeDefined()
  })
})

describe('port forwarding', () => {
  const forward = [
    'port-forward wan-interface eth0',
    'port-forward lan-interface eth1',
    'port-forward auto-firewall enable',
    'port-forward rule 1 forward-to address 10.1.0.5',
    'port-forward rule 1 forward-to port 8443',
    'port-forward rule 1 original-port 443',
    'port-forward rule 1 protocol tcp_udp',
    'interfaces ethernet eth1 address 10.1.0.1/24',
  ]

  it('is asked before all other rules and takes what is for the address of the WAN', () => {
    const device = deviceOf(edgeos, [...forward, 'interfaces ethernet eth0 address 203.0.113.1/24'])
    expect(device.lists.map(({ name }) => name)).toEqual(['port-forward', 'destination', 'source'])
    const rule = ruleOf(device, 'port-forward')
    expect(rule.match.destination?.ranges).toEqual(ranges('203.0.113.1'))
    expect(rule.match).toMatchObject({ in: { names: ['eth0'], negated: false } })
    expect(rule.match.destinationPort?.ranges).toEqual([{ first: 443, last: 443 }])
    expect(rule.action).toMatchObject({ kind: 'map', ports: { first: 8443, last: 8443 } })
    expect(listOf(device, 'source').rules).toEqual([])
    expect(device.unread).toEqual([])
  })

  it('does not take the networks of the LAN where the address of the WAN is not known', () => {
    const { match } = ruleOf(deviceOf(edgeos, [...forward, 'interfaces ethernet eth0 address dhcp']), 'port-forward')
    expect(match.unknown).toBe('the addresses of eth0')
    expect(match.destination?.has(tryParseRange('10.1.0.5')?.first ?? 0)).toBe(false)
    expect(match.destination?.has(tryParseRange('198.51.100.9')?.first ?? 0)).toBe(true)
  })

  it('also takes what comes from the LAN with a hairpin, and gives it the address of the gateway', () => {
    const device = deviceOf(edgeos, [
      ...forward,
      'port-forward hairpin-nat enable',
      'interfaces ethernet eth0 address 203.0.113.1/24',
    ])
    expect(ruleOf(device, 'port-forward').match.in).toEqual({ names: ['eth0', 'eth1'], negated: false })
    const back = ruleOf(device)
    expect(back.action.kind).toBe('masquerade')
    expect(back.match.source?.ranges).toEqual(ranges('10.1.0.0/24'))
    expect(back.match.destination?.ranges).toEqual(ranges('10.1.0.5'))
    expect(back.match.out).toEqual({ names: ['eth1'], negated: false })
  })
})

describe('translation around the rules', () => {
  const tunnel = [
    'vpn ipsec site-to-site peer 198.51.100.1 tunnel 1 local prefix 10.1.0.0/24',
    'vpn ipsec site-to-site peer 198.51.100.1 tunnel 1 remote prefix 10.2.0.0/24',
    'service nat rule 5010 type masquerade',
  ]

  it('exempts what a tunnel carries where EdgeOS is told to, before all rules', () => {
    const device = deviceOf(edgeos, [...tunnel, 'vpn ipsec auto-firewall-nat-exclude enable'])
    const { rules } = listOf(device, 'source')
    expect(rules.map(actionText)).toEqual(['exempt', 'masquerade'])
    expect(rules[0]?.match.source?.ranges).toEqual(ranges('10.1.0.0/24'))
    expect(rules[0]?.match.destination?.ranges).toEqual(ranges('10.2.0.0/24'))
    expect(
      listOf(deviceOf(edgeos, [...tunnel, 'vpn ipsec auto-firewall-nat-exclude disable']), 'source').rules,
    ).toHaveLength(1)
  })

  it.each<[string, readonly string[], readonly string[]]>([
    ['IPv6 touches nothing where no tunnel carries it', ['nat66 source rule 1 translation address fd00::/64'], []],
    [
      'IPv6 touches what a tunnel carries',
      [
        'nat66 source rule 1 translation address fd00::/64',
        'vpn ipsec site-to-site peer P tunnel 1 local prefix fd00:1::/64',
        'vpn ipsec site-to-site peer P tunnel 1 remote prefix fd00:2::/64',
      ],
      ['nat false'],
    ],
    ['carriers translate whole networks', ['nat cgnat rule 10 source pool A'], ['nat false']],
    [
      'what is not tracked is not translated',
      ['system conntrack ignore ipv4 rule 1 source address 10.1.0.0/24'],
      ['nat false'],
    ],
    ['UPnP makes rules at run time', ['service upnp2 wan eth0'], ['nat false']],
    ['a balancer of services', ['high-availability virtual-server A port 80'], ['nat false']],
    ['a list that nobody knows', ['nat sideways rule 1 disable'], ['nat false']],
  ])('%s', (_, lines, expected) => {
    const { unread } = deviceOf(vyos14, lines)
    expect(
      unread.filter(({ touches }) => touches !== 'tunnels').map(({ touches, isPlaced }) => `${touches} ${isPlaced}`),
    ).toEqual(expected)
  })
})
