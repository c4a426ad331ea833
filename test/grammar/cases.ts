import { abilities, type Platform } from '@natplan/core'
import type { Written } from '../support/policies.ts'
import type { Member } from './device.ts'

type Gateway = NonNullable<Written['sites'][string]['gateway']>
type Tunnel = NonNullable<Written['tunnels']>[number]

const isDataplane = (platform: Platform) => platform === 'vyatta-5600'

function gatewayAt(platform: Platform, address: Gateway['outside']['address'], more: Partial<Gateway> = {}): Gateway {
  const [outside, inside] = isDataplane(platform) ? ['dp0bond1', 'dp0s3'] : ['bond1', 'eth0']
  return { platform, outside: { interface: outside ?? '', address }, inside: { interface: inside ?? '' }, ...more }
}

/** Two sites whose subnets collide, with a tunnel of some kind. */
function between(member: Member, tunnel: Omit<Tunnel, 'sites'>, more: Partial<Gateway> = {}): Written {
  return {
    sites: {
      here: { subnets: ['10.0.1.0/24', '10.1.0.0/16'], gateway: gatewayAt(member, '203.0.113.10', more) },
      there: {
        subnets: ['10.0.1.0/24', '10.0.2.7/32'],
        gateway: gatewayAt('linux', '192.0.2.20', { identity: '@there' }),
      },
    },
    tunnels: [{ sites: ['here', 'there'], ...tunnel }],
  }
}

/** Every algorithm, version and start that natplan says of a platform. */
function everyAbility(member: Member): Record<string, Written> {
  const { encryptions, hashes, espHashes = hashes, dhGroups, ikeVersions, starts } = abilities[member]
  const [usual = 'aes256', hash = 'sha1', dhGroup = 2] = [
    encryptions.find((one) => !one.includes('gcm')),
    hashes[0],
    dhGroups[0],
  ]
  const proposals = {
    ...Object.fromEntries(encryptions.map((encryption) => [encryption, { encryption }])),
    ...Object.fromEntries(espHashes.map((one) => [one, { encryption: usual, hash: one }])),
    ...Object.fromEntries(dhGroups.map((group) => [`group ${group}`, { encryption: usual, dhGroup: group }])),
  }
  const proposed = Object.entries(proposals).map(([name, one]) => {
    const all = { hash, dhGroup, ...one }
    const esp = all.encryption.includes('gcm') ? { encryption: all.encryption, dhGroup: all.dhGroup } : all
    return [name, between(member, { proposal: { ike: all, esp } })] as const
  })
  return Object.fromEntries([
    ...proposed,
    ...ikeVersions.map((version) => [`IKEv${version}`, between(member, { ike: { version }, proposal: 'compatible' })]),
    ...starts.map((start) => [start, between(member, { start: { here: start }, proposal: 'compatible' })]),
    ...(['restart', 'clear', 'trap'] as const).map((action) => [
      action,
      between(member, { deadPeerDetection: { action }, proposal: 'compatible' }),
    ]),
  ])
}

const longest = `L${'x'.repeat(30)}`

/** The least and the most that a plan takes. */
function bounds(member: Member): Record<string, Written> {
  const { last } = abilities[member].numbers
  const { seconds } = abilities[member].leastDeadPeerInterval
  const one = between(member, { proposal: 'compatible' })
  const { here, there } = one.sites
  if (!here || !there) throw new Error('two sites are missing')
  const certificate = { certificate: `c${'x'.repeat(62)}`, ca: `a${'x'.repeat(62)}` }
  const least = { ike: { lifetime: 30 }, esp: { lifetime: 30 }, deadPeerDetection: { interval: seconds, timeout: 30 } }
  const most = {
    ike: { lifetime: 86_400 },
    esp: { lifetime: 86_400 },
    deadPeerDetection: { interval: 3600, timeout: 86_400 },
  }
  return {
    'least times': between(member, { ...least, proposal: 'compatible' }),
    'most times': between(member, { ...most, proposal: 'compatible' }),
    'least MTU': between(
      member,
      { proposal: 'compatible' },
      { outside: { ...gatewayAt(member, '203.0.113.10').outside, mtu: 1000 } },
    ),
    'most MTU': between(
      member,
      { proposal: 'compatible' },
      { outside: { ...gatewayAt(member, '203.0.113.10').outside, mtu: 9216 } },
    ),
    'long names': {
      sites: { [longest]: here, there },
      tunnels: [{ sites: [longest, 'there'], proposal: 'compatible', authentication: certificate }],
    },
    'high numbers': between(
      member,
      { mode: 'route', proposal: 'compatible' },
      { ruleBase: last - 100, interfaceBase: 8000 },
    ),
    'an identity of every letter': between(member, { proposal: 'compatible' }, { identity: 'a@b.example_x:1-2' }),
    'the highest virtual feature point': between(
      member,
      { proposal: 'compatible' },
      isDataplane(member) ? { virtualInterface: { name: 'vfp999999999', address: '192.0.2.250' } } : {},
    ),
  }
}

const uplinks = (outside: string, nextHop: string) => ({ backup: { interface: 'eth2', address: outside, nextHop } })

/** Forms of tunnels that random plans have not, or seldom. */
function forms(member: Member): Record<string, Written> {
  const route = { mode: 'route', proposal: 'compatible' } as const
  const here = gatewayAt(member, '203.0.113.10', { uplinks: uplinks('198.51.100.10', '198.51.100.1') })
  const there = gatewayAt('linux', '192.0.2.20', { uplinks: uplinks('198.51.100.130', '198.51.100.129') })
  const spoke = (address: string): Written['sites'][string] => ({
    subnets: ['192.168.1.0/24'],
    gateway: gatewayAt('linux', address),
  })
  const collide = {
    here: { subnets: ['10.0.1.0/24'], gateway: here },
    there: { subnets: ['10.0.1.0/25'], gateway: there },
  }
  const star = {
    hub: { subnets: ['10.10.0.0/24'], gateway: gatewayAt(member, '203.0.113.10') },
    a: spoke('192.0.2.1'),
    b: spoke('192.0.2.2'),
  }
  const legs: Tunnel[] = ['a', 'b'].map((name) => ({ sites: ['hub', name], proposal: 'compatible' }))
  return {
    'two uplinks': {
      sites: collide,
      tunnels: [
        { sites: ['here', 'there'], ...route },
        { sites: ['here', 'there'], ...route, uplinks: { here: 'backup', there: 'backup' } },
      ],
    },
    'a hub between spokes': { sites: star, tunnels: [...legs, { sites: ['a', 'b'], through: 'hub' }] },
    'a hub between all spokes': { sites: star, tunnels: [...legs, { sites: 'all', through: 'hub' }] },
    'a hub that translates for its spokes': {
      sites: star,
      tunnels: [...legs.map((leg) => ({ ...leg, translateAt: 'hub' })), { sites: ['a', 'b'], through: 'hub' }],
    },
    'a hub with routes': {
      sites: star,
      tunnels: [...legs.map((leg) => ({ ...leg, mode: 'route' as const })), { sites: ['a', 'b'], through: 'hub' }],
    },
    'a host name': {
      sites: {
        ...collide,
        there: { subnets: ['10.0.1.0/25'], gateway: gatewayAt('linux', { host: 'there.example.net' }) },
      },
      tunnels: [{ sites: ['here', 'there'], proposal: 'compatible' }],
    },
    'an address that changes': {
      sites: {
        ...collide,
        here: { subnets: ['10.0.1.0/24'], gateway: gatewayAt(member, 'dynamic', { identity: 'here.example.net' }) },
      },
      tunnels: [{ sites: ['here', 'there'], proposal: 'compatible' }],
    },
    'IPv6 outside': {
      sites: {
        here: { subnets: ['10.0.1.0/24', 'fd00:1::/64'], gateway: gatewayAt(member, '2001:db8::1') },
        there: { subnets: ['10.0.1.0/25', 'fd00:2::/64'], gateway: gatewayAt('linux', '2001:db8::2') },
      },
      tunnels: [{ sites: ['here', 'there'], proposal: 'compatible' }],
    },
    'IPv6 alone': {
      sites: {
        here: { subnets: ['fd00:1::/64'], gateway: gatewayAt(member, '2001:db8::1') },
        there: { subnets: ['fd00:2::/64'], gateway: gatewayAt('linux', '2001:db8::2') },
      },
      tunnels: [{ sites: ['here', 'there'], proposal: 'compatible' }],
    },
    'UDP always': between(member, { forceNatTraversal: true, proposal: 'compatible' }),
    'an interface with a VLAN': between(
      member,
      { proposal: 'compatible' },
      { outside: { interface: isDataplane(member) ? 'dp0bond1.17' : 'bond1.17', address: '203.0.113.10' } },
    ),
    ...Object.fromEntries(
      firewalls[abilities[member].filters?.kind ?? 'sets'].flatMap((firewall, at) => [
        [`filters ${at + 1}`, between(member, { proposal: 'compatible' }, { firewall })],
        [`filters ${at + 1} with routes`, between(member, { mode: 'route', proposal: 'compatible' }, { firewall })],
      ]),
    ),
    'filters of many subnets': { ...between(member, { proposal: 'compatible' }), sites: manySubnets(member) },
  }
}

const firewalls: Readonly<Record<'sets' | 'chains' | 'nft', readonly NonNullable<Gateway['firewall']>[]>> = {
  sets: [
    { fromPeers: 'WAN_IN', toPeers: 'LAN_IN', gatewayIn: 'WAN_LOCAL' },
    {
      fromPeers: { set: 'WAN_IN', first: 20 },
      toPeers: ['LAN_IN', 'OUTWARD'],
      gatewayIn: 'WAN_LOCAL',
      gatewayOut: 'LOCAL_WAN',
    },
  ],
  chains: [
    { fromPeers: 'forward filter', toPeers: 'forward filter', gatewayIn: 'input filter', gatewayOut: 'output filter' },
    { fromPeers: 'WAN-LAN', toPeers: 'LAN-WAN', gatewayIn: { set: 'WAN-LOCAL', first: 20 } },
  ],
  nft: [],
}

/** So many that rules name groups. */
function manySubnets(member: Member): Written['sites'] {
  const [firewall] = firewalls[abilities[member].filters?.kind ?? 'sets']
  const many = (third: number) => Array.from({ length: 4 }, (_, at) => `10.${third}.${at * 2}.0/24`)
  const six = abilities[member].mixesFamilies ? ['fd00:1::/64', 'fd00:5::/64'] : []
  return {
    here: { subnets: [...many(7), ...six], gateway: gatewayAt(member, '203.0.113.10', firewall ? { firewall } : {}) },
    there: {
      subnets: [...many(8), ...six.map((prefix) => prefix.replace(':', ':ff'))],
      gateway: gatewayAt('linux', '192.0.2.20'),
    },
  }
}

export function casesOf(member: Member): Record<string, Written> {
  return { ...everyAbility(member), ...bounds(member), ...forms(member) }
}
