import { describe, expect, it } from 'vitest'
import { Address } from '../address/address.ts'
import { Prefix } from '../address/prefix.ts'
import type { Device, DeviceRule, DeviceTunnel, RuleList } from '../device/device.ts'
import { deviceOfPolicy } from '../device/device-of-policy.ts'
import type { PacketMatch } from '../match/packet-match.ts'
import { RangeSet } from '../match/range-set.ts'
import { normalize } from '../network/normalize.ts'
import { type Platform, platforms } from '../network/platforms.ts'
import { planNetwork } from '../plan/plan-network.ts'
import { abilities } from './abilities.ts'
import { derivePolicies } from './derive-policies.ts'
import { fulfils } from './fulfils.ts'
import type { GatewayPolicy } from './gateway-policy.ts'

/** A gateway with a subnet that is translated and one that keeps its addresses. */
function policyOn(platform: Platform): GatewayPolicy {
  const gateway = (of: Platform, address: string) => ({
    platform: of,
    outside: { interface: 'eth1', address },
    inside: { interface: 'eth0' },
  })
  const { value } = normalize({
    version: 1,
    sites: {
      here: { subnets: ['10.0.1.0/24', '10.9.0.0/24'], gateway: gateway(platform, '203.0.113.1') },
      there: { subnets: ['10.0.1.0/24'], gateway: gateway('vyos-1.4', '192.0.2.1') },
    },
    tunnels: [{ sites: ['here', 'there'] }],
  })
  const plan = value && planNetwork(value).plan
  const found = plan && derivePolicies(plan).policies.find(({ site }) => site === 'here')
  if (!found) throw new Error('no policy')
  return found
}

const policy = policyOn('vyos-1.4')
const done = deviceOfPolicy(policy)
const seen = policy.tunnels[0]?.selectors[0]?.remote ?? Prefix.parse('0.0.0.0/0')
const tunnel = tunnelOf(done)

function tunnelOf({ tunnels: [first] }: Device): DeviceTunnel {
  if (!first) throw new Error('no tunnel')
  return first
}

function codes(device: Device, of = policy): string[] {
  return fulfils(device, of).map(({ kind, isCertain, line }) => `${kind}${isCertain ? '' : '?'} ${line ?? ''}`.trim())
}

function set(text: string): RangeSet {
  return RangeSet.ofPrefixes([Prefix.parse(text)])
}

const onWayOut = { names: ['eth1'], negated: false }
const masquerade: DeviceRule = {
  number: 100,
  match: { out: onWayOut },
  action: { kind: 'masquerade' },
  description: undefined,
  line: 7,
}
const forward: DeviceRule = {
  number: 5,
  match: { in: onWayOut, protocol: RangeSet.ofValues([6]), destinationPort: RangeSet.ofValues([443]) },
  action: { kind: 'map', to: Prefix.parse('10.9.0.5/32') },
  description: undefined,
  line: 9,
}

/** The device with rules of others among its own. */
function withRules(kind: RuleList['kind'], ...rules: readonly DeviceRule[]): Device {
  const lists = done.lists.map((list) =>
    list.kind === kind
      ? { ...list, rules: [...list.rules, ...rules].sort((a, b) => (a.number ?? 0) - (b.number ?? 0)) }
      : list,
  )
  return { ...done, lists }
}

function asking(rule: DeviceRule, match: PacketMatch): DeviceRule {
  return { ...rule, match: { ...rule.match, ...match } }
}

function withTunnel(change: Partial<DeviceTunnel>): Device {
  return { ...done, tunnels: [{ ...tunnel, ...change } as DeviceTunnel] }
}

const old: DeviceTunnel = {
  ...tunnel,
  name: 'OLD',
  remote: { address: { kind: 'known', address: Address.parse('198.51.100.7') }, identity: '198.51.100.7' },
  children: [],
  line: 20,
}

function beside(change: Partial<DeviceTunnel>): Device {
  return { ...done, tunnels: [tunnel, { ...old, ...change }] }
}

function child(local: string, remote: string, kind: 'protect' | 'pass' = 'protect'): DeviceTunnel['children'] {
  const [like] = tunnel.children
  return like ? [{ ...like, kind, local: Prefix.parse(local), remote: Prefix.parse(remote), line: 21 }] : []
}

describe('fulfils', () => {
  const devices = platforms.filter((platform) => abilities[platform].cloud === undefined)
  it.each(devices)('has nothing to say about what a policy itself makes of %s', (platform) => {
    const own = policyOn(platform)
    const device = deviceOfPolicy(own)
    const interfaces = device.interfaces.map((one) => {
      const address = own.interfaces.find(({ name }) => name === one.name)?.address
      return address ? { ...one, addresses: [{ kind: 'known' as const, ...address, line: 1 }] } : one
    })
    expect(codes({ ...device, interfaces }, own)).toEqual([])
  })

  it.each<[string, Device, string[]]>([
    ['a rule that is not there', { ...done, lists: [] }, ['rule', 'rule', 'rule']],
    [
      'a rule that maps to something else',
      {
        ...done,
        lists: done.lists.map((list) => ({
          ...list,
          rules: list.rules.map((rule) =>
            rule.action.kind === 'map' && list.kind === 'source-nat'
              ? { ...rule, action: { kind: 'map' as const, to: Prefix.parse('172.16.0.0/24') } }
              : rule,
          ),
        })),
      },
      ['rule', 'rule-first'],
    ],
    ['no tunnel', { ...done, tunnels: [] }, ['tunnel']],
    ['a tunnel that is not understood', withTunnel({ doubt: { line: 4, what: 'x' } }), ['tunnel? 4']],
    ['a tunnel without selectors', withTunnel({ children: [] }), ['selector', 'selector']],
    ['another version', withTunnel({ versions: [1], line: 5 }), ['terms 5']],
    ['another start', withTunnel({ start: 'initiate' }), ['terms']],
    [
      'an address that is not known',
      withTunnel({ local: { address: { kind: 'any' }, identity: undefined } }),
      ['terms?', 'terms?'],
    ],
    ['no limit of the segment size', { ...done, clamps: [] }, ['clamp', 'clamp']],
    ['a smaller segment size', { ...done, clamps: [{ interface: undefined, mss: 1200, line: 1 }] }, []],
    [
      'a line that may do anything',
      { ...done, unread: [{ line: 3, text: 'x', touches: 'anything', isPlaced: false }] },
      ['unread? 3'],
    ],
    [
      'a line that stands for a rule elsewhere',
      { ...done, unread: [{ line: 3, text: 'x', touches: 'nat', isPlaced: true }] },
      [],
    ],
  ])('sees %s', (_, device, expected) => {
    expect(codes(device)).toEqual(expected)
  })

  it.each<[string, DeviceRule, string[]]>([
    ['a masquerade in front', masquerade, ['rule-first 7']],
    ['a masquerade behind', { ...masquerade, number: 5000 }, []],
    [
      'on another uplink, which may take over',
      asking(masquerade, { out: { names: ['eth7'], negated: false } }),
      ['rule-first 7'],
    ],
    [
      'of any interface but that one',
      asking(masquerade, { out: { names: ['eth1'], negated: true } }),
      ['rule-first 7'],
    ],
    [
      'for packets that leave in clear, which takes what is translated',
      asking(masquerade, { leaving: 'clear' }),
      ['rule-first 7'],
    ],
    ['for another protocol', asking(masquerade, { protocol: RangeSet.ofValues([47]) }), ['rule-first 7']],
    ['for other sources', asking(masquerade, { source: set('172.16.0.0/12') }), []],
    [
      'not understood',
      { ...masquerade, match: {}, action: { kind: 'unknown' }, doubt: { line: 7, what: 'x' } },
      ['rule-first? 7'],
    ],
    [
      'not understood, but for other sources',
      { ...asking(masquerade, { source: set('172.16.0.0/12') }), doubt: { line: 7, what: 'x' } },
      [],
    ],
    [
      'an exemption, which keeps packets from being translated',
      { ...masquerade, match: { source: set('10.0.1.0/24') }, action: { kind: 'exempt' } },
      ['rule-first 7'],
    ],
    [
      'an exemption of what keeps its addresses',
      { ...masquerade, match: { source: set('10.9.0.0/24') }, action: { kind: 'exempt' } },
      [],
    ],
  ])('asks a source rule: %s', (_, rule, expected) => {
    expect(codes(withRules('source-nat', rule))).toEqual(expected)
  })

  it('leaves a rule of another interface alone where its own name one', () => {
    const edge = policyOn('edgeos')
    const device = deviceOfPolicy(edge)
    const lists = device.lists.map((list) =>
      list.kind === 'source-nat'
        ? { ...list, rules: [asking(masquerade, { out: { names: ['eth7'], negated: false } }), ...list.rules] }
        : list,
    )
    expect(codes({ ...device, lists }, edge)).toEqual([])
  })

  it.each<[string, DeviceRule[], string[]]>([
    ['a port forward without a destination', [forward], ['rule-first 9']],
    ['one behind, which still takes what keeps its addresses', [{ ...forward, number: 5000 }], ['rule-first 9']],
    ['of its own address', [asking(forward, { destination: set('203.0.113.1/32') })], []],
    ['for packets that came in clear', [asking(forward, { arrived: 'clear' })], []],
    ['from somebody else', [asking(forward, { source: set('198.51.100.0/24') })], []],
    [
      'behind an exemption for the pair that keeps its addresses',
      [
        { ...forward, number: 5000 },
        {
          ...forward,
          number: 4000,
          line: 8,
          action: { kind: 'exempt' },
          match: { source: RangeSet.ofPrefixes([seen]), destination: set('10.9.0.0/24') },
        },
      ],
      [],
    ],
    [
      'behind an exemption for half of the pair',
      [
        { ...forward, number: 5000 },
        {
          ...forward,
          number: 4000,
          line: 8,
          action: { kind: 'exempt' },
          match: { source: RangeSet.ofPrefixes([seen]), destination: set('10.9.0.0/25') },
        },
      ],
      ['rule-first 9'],
    ],
    [
      'of any interface, which takes packets on their way to the peer',
      [{ ...forward, number: 5000, match: { ...forward.match, in: { names: ['eth0'], negated: false } } }],
      ['rule-first 9'],
    ],
  ])('asks a destination rule: %s', (_, rules, expected) => {
    expect(codes(withRules('destination-nat', ...rules))).toEqual(expected)
  })

  it('asks lists that come first, and later ones of what is only exempt', () => {
    const [list] = done.lists.filter(({ kind }) => kind === 'source-nat')
    if (!list) throw new Error('no list')
    const first: RuleList = { ...list, name: 'static source', rules: [{ ...masquerade, number: 1 }] }
    expect(codes({ ...done, lists: [first, ...done.lists] })).toEqual(['rule-first 7'])
    const exempted = asking(masquerade, { source: set('10.9.0.0/24') })
    const later: RuleList = { ...list, name: 'nat64', priority: 110, rules: [exempted] }
    expect(codes({ ...done, lists: [...done.lists, later] })).toEqual(['rule-first 7'])
    const translated = asking(masquerade, { source: set('10.0.1.0/24') })
    expect(codes({ ...done, lists: [...done.lists, { ...later, rules: [translated] }] })).toEqual([])
  })

  it.each<[string, Device, string[]]>([
    [
      'to the same address',
      beside({ remote: { address: { kind: 'known', address: Address.parse('192.0.2.1') }, identity: 'x' } }),
      ['peer 20'],
    ],
    [
      'to the same address, and called like the peer',
      beside({ name: 'there', remote: tunnel.remote, children: child('172.20.0.0/24', '172.21.0.0/24') }),
      ['peer 20'],
    ],
    [
      'to a name, with the identity of the peer',
      beside({ remote: { address: { kind: 'host', name: 'h' }, identity: '192.0.2.1' } }),
      ['peer? 20'],
    ],
    ['to anybody', beside({ remote: { address: { kind: 'any' }, identity: undefined } }), []],
    ['with the same pair', beside({ children: child('10.9.0.0/24', String(seen)) }), ['pair-shared 21']],
    ['with one side of it', beside({ children: child('172.20.0.0/24', String(seen)) }), []],
    [
      'that lets the pair by',
      withTunnel({ children: [...tunnel.children, ...child('10.9.0.0/16', '192.168.0.0/16', 'pass')] }),
      ['pair-shared 21'],
    ],
    [
      'that lets its own network by',
      withTunnel({ children: [...tunnel.children, ...child('10.9.0.0/16', '10.9.0.0/16', 'pass')] }),
      [],
    ],
  ])('sees a tunnel of others %s', (_, device, expected) => {
    expect(codes(device)).toEqual(expected)
  })
})

describe('fulfils, where an address changes or ends have certificates', () => {
  const names = { certificate: 'gw', ca: 'company' }
  const [own] = policy.tunnels
  const wanting = (change: Partial<GatewayPolicy['tunnels'][number]>): GatewayPolicy => ({
    ...policy,
    tunnels: own ? [{ ...own, ...change }] : [],
  })
  const moving = wanting({ local: { address: { kind: 'dynamic', interface: 'eth1' }, identity: 'x' } })
  const open = wanting({ remote: { address: { kind: 'any' }, identity: 'y' } })
  const named = wanting({ remote: { address: { kind: 'host', name: 'h' }, identity: 'y' } })
  const certified = wanting({ authentication: { kind: 'certificate', names } })
  const known = { kind: 'known', address: Address.parse('198.51.100.7') } as const
  const end = (side: 'local' | 'remote', address: DeviceTunnel['local']['address']): Partial<DeviceTunnel> => ({
    [side]: { address, identity: side === 'local' ? 'x' : 'y' },
  })

  it.each<[string, GatewayPolicy, Partial<DeviceTunnel>, string[]]>([
    ['what the interface gets', moving, end('local', { kind: 'dynamic', interface: 'eth1' }), []],
    ['any own address', moving, end('local', { kind: 'any' }), []],
    ['what another interface gets', moving, end('local', { kind: 'dynamic', interface: 'eth7' }), ['terms']],
    ['one own address', moving, end('local', known), ['terms']],
    ['any peer', open, end('remote', { kind: 'any' }), []],
    ['one peer for any', open, end('remote', known), ['terms']],
    ['the same host', named, end('remote', { kind: 'host', name: 'h' }), []],
    ['another host', named, end('remote', { kind: 'host', name: 'other' }), ['terms?']],
    ['an address for a host', named, end('remote', known), ['terms?']],
    ['the certificates', certified, { authentication: 'certificate', certificates: names }, []],
    ['certificates that it does not name', certified, { authentication: 'certificate' }, []],
    [
      'another certificate',
      certified,
      { authentication: 'certificate', certificates: { ...names, certificate: 'old' } },
      ['terms'],
    ],
    ['another authority', certified, { authentication: 'certificate', certificates: { ...names, ca: 'x' } }, ['terms']],
    ['a key for certificates', certified, { authentication: 'key' }, ['terms']],
    ['a certificate for a key', policy, { authentication: 'certificate' }, ['terms']],
    ['a certificate, and a key of the peer', certified, { authentication: 'certificate', expects: 'key' }, ['terms']],
  ])('%s', (_, wanted, change, expected) => {
    const [made] = deviceOfPolicy(wanted).tunnels
    expect(codes({ ...done, tunnels: made ? [{ ...made, ...change }] : [] }, wanted)).toEqual(expected)
  })
})

describe('fulfils, where a Linux gateway drops what would leave in clear', () => {
  const linux = policyOn('linux')
  const device = deviceOfPolicy(linux)
  const withGuards = (change: (rules: readonly DeviceRule[]) => readonly DeviceRule[]): Device => ({
    ...device,
    lists: device.lists.map((list) => (list.kind === 'filter' ? { ...list, rules: change(list.rules) } : list)),
  })
  const half = (rule: DeviceRule, at: number): DeviceRule => {
    const { source, destination, ...match } = rule.match
    const { first, last } = (source ?? destination)?.boundsOf('number') ?? { first: 0, last: 1 }
    const middle = Math.floor((Number(first) + Number(last)) / 2)
    const part = RangeSet.of([at === 0 ? { first, last: middle } : { first: middle + 1, last }])
    return {
      ...rule,
      match: { ...match, ...(source ? { source: part } : {}), ...(destination ? { destination: part } : {}) },
    }
  }

  it.each<[string, (rules: readonly DeviceRule[]) => readonly DeviceRule[], string[]]>([
    ['no rule', () => [], ['guard', 'guard', 'guard']],
    [
      'a rule that only counts',
      (rules) => rules.map((rule) => ({ ...rule, action: { kind: 'accept' } })),
      ['guard', 'guard', 'guard'],
    ],
    [
      'one that lets packets by before',
      (rules) => [...rules.map((rule): DeviceRule => ({ ...rule, action: { kind: 'accept' } })), ...rules],
      ['guard', 'guard', 'guard'],
    ],
    ['one of half of the packets', (rules) => rules.map((rule) => half(rule, 0)), ['guard', 'guard', 'guard']],
    ['two of half of the packets each', (rules) => rules.flatMap((rule) => [half(rule, 0), half(rule, 1)]), []],
    ['one of more packets', (rules) => rules.map((rule) => ({ ...rule, match: {} })), []],
    [
      'one of which a part is not understood',
      (rules) => rules.map((rule) => ({ ...rule, doubt: { line: 1, what: 'x' } })),
      ['guard', 'guard', 'guard'],
    ],
  ])('%s', (_, change, expected) => {
    expect(codes(withGuards(change), linux)).toEqual(expected)
  })
})

describe('fulfils, where packets for a peer go', () => {
  const near = (name: string, address: string, network: string, line = 3): Device['interfaces'][number] => ({
    name,
    kind: 'physical',
    addresses: [{ kind: 'known', address: Address.parse(address), network: Prefix.parse(network), line }],
    table: 'main',
    line,
  })
  const uplink = near('eth1', '203.0.113.1', '203.0.113.0/24')
  const inside = near('eth0', '10.0.1.1', '10.0.1.0/24')
  const route = (prefix: string, via: string, table = 'main'): Device['routes'][number] => ({
    table,
    prefix: Prefix.parse(prefix),
    to: { kind: 'via', address: Address.parse(via), interface: undefined },
    distance: 1,
    line: 11,
  })
  const base = { ...done, interfaces: [uplink, inside] }
  const part = Prefix.fromBits(seen.bits, seen.length + 1)
  const steering = (match: PacketMatch, to: Device['steering'][number]['to']): Device['steering'] => [
    { match, asked: 'at-routing', to, line: 15 },
  ]
  const fromInside = { in: { names: ['eth0'], negated: false } }

  it.each<[string, Partial<Device>, string[]]>([
    ['a default route outside', { routes: [route('0.0.0.0/0', '203.0.113.254')] }, []],
    [
      'a default route outside, and one by another uplink as its backup',
      {
        interfaces: [uplink, inside, near('eth2', '198.18.0.2', '198.18.0.0/24')],
        routes: [route('0.0.0.0/0', '203.0.113.254'), { ...route('0.0.0.0/0', '198.18.0.1'), distance: 200 }],
      },
      [],
    ],
    [
      'a default route by another uplink, and one outside as its backup',
      {
        interfaces: [uplink, inside, near('eth2', '198.18.0.2', '198.18.0.0/24')],
        routes: [{ ...route('0.0.0.0/0', '203.0.113.254'), distance: 200 }, route('0.0.0.0/0', '198.18.0.1')],
      },
      ['route-elsewhere 11'],
    ],
    ['a default route whose next hop nobody knows', { routes: [route('0.0.0.0/0', '198.18.0.1')] }, []],
    ['a summary whose next hop nobody knows', { routes: [route('192.168.0.0/16', '198.18.0.1')] }, []],
    ['a summary to the inside', { routes: [route('192.168.0.0/16', '10.0.1.254')] }, ['route-elsewhere 11']],
    [
      'a summary to the inside that a longer route takes it from',
      { routes: [route('192.168.0.0/16', '10.0.1.254'), route(String(seen), '203.0.113.254')] },
      [],
    ],
    [
      'the prefix itself, to nobody knows where',
      { routes: [route(String(seen), '198.18.0.1')] },
      ['route-elsewhere 11'],
    ],
    ['a part of it', { routes: [route(String(part), '10.0.1.254')] }, ['route-elsewhere 11']],
    ['a part of it, outside', { routes: [route(String(part), '203.0.113.254')] }, []],
    [
      'a part of it, nowhere',
      { routes: [{ ...route(String(part), '10.0.1.254'), to: { kind: 'nowhere' } }] },
      ['route-elsewhere 11'],
    ],
    [
      'a route that was not understood',
      { routes: [{ ...route(String(part), '10.0.1.254'), doubt: { line: 11, what: 'x' } }] },
      ['route-elsewhere? 11'],
    ],
    ['a prefix beside it', { routes: [route('172.20.0.0/16', '10.0.1.254')] }, []],
    ['a route of a table that nobody asks', { routes: [route(String(seen), '10.0.1.254', '77')] }, []],
    [
      'a route of a table for packets from the inside',
      {
        routes: [route('0.0.0.0/0', '10.0.1.254', '77')],
        steering: steering(fromInside, { kind: 'table', table: '77' }),
      },
      ['route-elsewhere 11'],
    ],
    [
      'a table for packets from elsewhere',
      {
        routes: [route('0.0.0.0/0', '10.0.1.254', '77')],
        steering: steering({ source: set('172.20.0.0/16') }, { kind: 'table', table: '77' }),
      },
      [],
    ],
    ['a rule for another way', { steering: steering(fromInside, { kind: 'unknown' }) }, ['route-elsewhere? 15']],
    [
      'a connected network',
      { interfaces: [uplink, inside, near('eth2', String(seen.first), String(seen), 12)] },
      ['network 12'],
    ],
    [
      'a connected network around it',
      { interfaces: [uplink, inside, near('eth2', '192.168.0.1', '192.168.0.0/16', 12)] },
      ['network 12'],
    ],
    [
      'a connected network beside it',
      { interfaces: [uplink, inside, near('eth2', '172.20.0.1', '172.20.0.0/16', 12)] },
      [],
    ],
    [
      'an address of its own',
      { interfaces: [uplink, inside, near('lo', String(seen.first), `${seen.first}/32`, 12)] },
      [],
    ],
  ])('%s', (_, change, expected) => {
    const routes = [...done.routes, ...(change.routes ?? [])]
    expect(codes({ ...base, ...change, routes })).toEqual(expected)
  })

  it.each<[string, Device['routes'], string[]]>([
    ['nothing', [], ['route']],
    ['a wider route', [{ ...route('192.168.0.0/23', '203.0.113.254'), to: { kind: 'nowhere' } }], []],
    ['a route elsewhere', [route('192.168.1.0/24', '203.0.113.254')], ['route']],
    ['a route of another table', done.routes.map((one) => ({ ...one, table: '77' })), ['route']],
  ])('keeps what only peers call the site from the internet: %s', (_, routes, expected) => {
    expect(done.routes.map(({ prefix }) => String(prefix))).toEqual(['192.168.1.0/24'])
    expect(codes({ ...done, routes })).toEqual(expected)
  })

  it('knows that strongSwan routes a prefix where the gateway has an address in the local one', () => {
    const kept = {
      ...policy,
      tunnels: policy.tunnels.map((one) => ({
        ...one,
        selectors: one.selectors.filter(({ local }) => String(local) === '10.9.0.0/24'),
      })),
    }
    const other = near('eth2', '10.9.0.1', '10.9.0.0/24')
    const summary = route('192.168.0.0/16', '10.0.1.254')
    const of = (device: Partial<Device>) =>
      fulfils({ ...base, routes: [...done.routes, summary], ...device }, kept).map(({ kind }) => kind)
    expect(of({})).toEqual(['route-elsewhere'])
    expect(of({ interfaces: [uplink, inside, other] })).toEqual([])
    expect(of({ interfaces: [uplink, inside, other], installsRoutes: 'never' })).toEqual(['route-elsewhere'])
  })
})
