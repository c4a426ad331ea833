import { describe, expect, test } from 'vitest'
import { Address } from '../address/address.ts'
import { Prefix } from '../address/prefix.ts'
import type {
  Device,
  DeviceInterface,
  DeviceRoute,
  DeviceTunnel,
  InterfaceKind,
  NextHop,
  RuleList,
} from '../device/device.ts'
import { RangeSet } from '../match/range-set.ts'
import { negotiationFaults } from './negotiation.ts'
import { peersOf } from './peers.ts'
import { sampleDevice, sampleTunnel } from './sample-world.ts'
import { worldOfDevices } from './world-of-devices.ts'

function network(name: string, written: string, kind: InterfaceKind = 'physical'): DeviceInterface {
  const [address, length] = written.split('/')
  const own = Address.parse(address ?? '')
  const known = { kind: 'known', address: own, network: Prefix.fromBits(own.bits, Number(length)), line: 1 } as const
  return { name, kind, table: 'main', addresses: [known], line: 1 }
}

function route(prefix: string, via: string, distance = 1): DeviceRoute {
  const to: NextHop = { kind: 'via', address: Address.parse(via), interface: undefined }
  return { table: 'main', prefix: Prefix.parse(prefix), to, distance, line: 2 }
}

function nat(kind: 'source-nat' | 'destination-nat', from: string, to: string): RuleList {
  const match = { [kind === 'source-nat' ? 'source' : 'destination']: RangeSet.ofPrefixes([Prefix.parse(from)]) }
  const rule = {
    number: 1,
    match,
    action: { kind: 'map', to: Prefix.parse(to) } as const,
    description: undefined,
    line: 3,
  }
  return { name: kind, kind, hook: 'prerouting', priority: 0, rules: [rule], fallback: 'accept', line: 3 }
}

function inferredOf(device: Partial<Device>): string[] {
  const { inferred } = worldOfDevices([
    { site: 'a', device: sampleDevice({ tunnels: [sampleTunnel(1, 2)], ...device }) },
  ])
  return inferred.map(({ kind, value }) => `${kind} ${value}`)
}

const wan = network('eth1', '192.0.2.1/24')
const lan = network('eth0', '10.1.0.1/16')
const byDefault = route('0.0.0.0/0', '192.0.2.254')

function startingOn(name: string | undefined): DeviceTunnel {
  return { ...sampleTunnel(1, 2), local: { address: { kind: 'dynamic', interface: name }, identity: 'a' } }
}

function tunnelFor(local: string): DeviceTunnel {
  const tunnel = sampleTunnel(1, 2)
  return { ...tunnel, children: tunnel.children.map((child) => ({ ...child, local: Prefix.parse(local) })) }
}

/** Ends at another peer for each `to`, with these selectors. */
function tunnelWith(to: number, ...pairs: readonly (readonly [local: string, remote: string])[]): DeviceTunnel {
  const tunnel = sampleTunnel(1, to)
  const [first] = tunnel.children
  if (!first) throw new Error('no child')
  const children = pairs.map(([local, remote]) => ({
    ...first,
    local: Prefix.parse(local),
    remote: Prefix.parse(remote),
  }))
  return { ...tunnel, children }
}

const forEverything = tunnelFor('0.0.0.0/0')

interface Row {
  readonly why: string
  readonly device: Partial<Device>
  readonly inferred: readonly string[]
}

describe('what devices show', () => {
  test.each<Row>([
    {
      why: 'the tunnel starts outside, and its prefix is inside',
      device: { interfaces: [wan, lan], routes: [byDefault] },
      inferred: ['outside eth1', 'inside eth0', 'subnet 10.1.0.0/16'],
    },
    {
      why: 'a default route is concluded where networks are shown and none is written',
      device: { interfaces: [wan, lan] },
      inferred: ['outside eth1', 'inside eth0', 'default-route eth1', 'subnet 10.1.0.0/16'],
    },
    {
      why: 'nothing but a tunnel',
      device: {},
      inferred: ['subnet 10.1.0.0/16'],
    },
    {
      why: 'a default route of a higher distance to a router inside makes no uplink of it',
      device: { interfaces: [wan, lan], routes: [byDefault, route('0.0.0.0/0', '10.1.0.254', 200)] },
      inferred: ['outside eth1', 'inside eth0', 'subnet 10.1.0.0/16'],
    },
    {
      why: 'nor does the only one, where the tunnel starts elsewhere',
      device: {
        interfaces: [wan, lan],
        routes: [route('0.0.0.0/0', '10.1.0.254'), route('192.0.2.2/32', '192.0.2.254')],
      },
      inferred: ['outside eth1', 'inside eth0', 'subnet 10.1.0.0/16'],
    },
    {
      why: 'one to another network does',
      device: {
        interfaces: [wan, lan, network('eth2', '10.7.0.1/24')],
        routes: [byDefault, route('0.0.0.0/0', '10.7.0.254', 200)],
      },
      inferred: ['outside eth1', 'outside eth2', 'inside eth0', 'subnet 10.1.0.0/16'],
    },
    {
      why: 'link-local networks are everywhere',
      device: {
        interfaces: [wan, lan, network('eth0', 'fe80::1/64'), network('eth2', '169.254.7.1/16')],
        routes: [byDefault],
      },
      inferred: ['outside eth1', 'inside eth0', 'subnet 10.1.0.0/16'],
    },
    {
      why: 'the address of the tunnel stands on a dummy, and the default route leads over a transfer network',
      device: {
        interfaces: [network('dum0', '192.0.2.1/32', 'loopback'), network('eth1', '198.51.100.2/30'), lan],
        routes: [route('0.0.0.0/0', '198.51.100.1')],
      },
      inferred: ['outside eth1', 'inside eth0', 'subnet 10.1.0.0/16'],
    },
    {
      why: 'a default route of a higher distance leads over a second uplink',
      device: {
        interfaces: [wan, lan, network('eth2', '198.51.100.2/30')],
        routes: [byDefault, route('0.0.0.0/0', '198.51.100.1', 200)],
      },
      inferred: ['outside eth1', 'outside eth2', 'inside eth0', 'subnet 10.1.0.0/16'],
    },
    {
      why: 'a default route over an address that no interface shows says nothing of what is inside',
      device: { routes: [route('0.0.0.0/0', '10.7.0.1'), route('10.8.0.0/16', '10.7.0.1')] },
      inferred: ['subnet 10.1.0.0/16', 'network 10.8.0.0/16'],
    },
    {
      why: 'networks behind next hops',
      device: {
        interfaces: [wan, lan],
        routes: [byDefault, route('10.8.0.0/16', '10.1.0.9'), route('198.51.100.0/24', '192.0.2.9')],
      },
      inferred: ['outside eth1', 'inside eth0', 'subnet 10.1.0.0/16', 'network 10.8.0.0/16'],
    },
    {
      why: 'a next hop inside that counts when another one fails tells of no network there, and the other way round it does',
      device: {
        interfaces: [wan, lan],
        routes: [
          byDefault,
          ...[route('10.8.0.0/16', '10.1.0.9', 200), route('10.8.0.0/16', '192.0.2.9')],
          ...[route('10.9.0.0/16', '10.1.0.9'), route('10.9.0.0/16', '192.0.2.9', 200)],
        ],
      },
      inferred: ['outside eth1', 'inside eth0', 'subnet 10.1.0.0/16', 'network 10.9.0.0/16'],
    },
    {
      why: 'what NAT makes the prefix of the tunnel of',
      device: {
        interfaces: [wan, network('eth0', '10.5.0.1/16')],
        lists: [nat('source-nat', '10.5.0.0/16', '10.1.0.0/16')],
        routes: [byDefault],
      },
      inferred: ['outside eth1', 'inside eth0', 'subnet 10.5.0.0/16'],
    },
    {
      why: 'many hosts of which NAT makes a few addresses, of which the tunnel has a part',
      device: {
        interfaces: [wan, network('eth0', '10.5.0.1/16')],
        tunnels: [tunnelFor('10.1.0.128/25')],
        lists: [nat('source-nat', '10.5.0.0/16', '10.1.0.0/24')],
        routes: [byDefault],
      },
      inferred: ['outside eth1', 'inside eth0', 'subnet 10.5.0.0/16'],
    },
    {
      why: 'NAT that leaves some addresses as they are',
      device: {
        interfaces: [wan, lan],
        lists: [nat('source-nat', '10.1.4.0/24', '10.1.4.0/24')],
        routes: [byDefault],
      },
      inferred: ['outside eth1', 'inside eth0', 'subnet 10.1.0.0/16'],
    },
    {
      why: 'NAT to a network that the device does not have',
      device: {
        interfaces: [wan, network('eth0', '10.5.0.1/16')],
        lists: [nat('destination-nat', '10.1.0.0/16', '10.99.0.0/16')],
        routes: [byDefault],
      },
      inferred: ['outside eth1', 'inside eth0', 'network 10.5.0.0/16'],
    },
    {
      why: 'a gateway with one interface',
      device: {
        interfaces: [network('eth0', '10.1.0.9/16')],
        tunnels: [{ ...sampleTunnel(1, 2), local: { address: { kind: 'dynamic', interface: 'eth0' }, identity: 'a' } }],
        routes: [route('0.0.0.0/0', '10.1.0.1')],
      },
      inferred: ['outside eth0', 'subnet 10.1.0.0/16'],
    },
    {
      why: 'an interface that gets its address elsewhere',
      device: { interfaces: [{ ...wan, addresses: [{ kind: 'dynamic', line: 1 }] }, lan], tunnels: [] },
      inferred: ['outside eth1', 'inside eth0', 'default-route eth1', 'network 10.1.0.0/16'],
    },
    {
      why: 'rules name where packets leave',
      device: {
        lists: [
          {
            ...nat('source-nat', '10.5.0.0/16', '10.1.0.0/16'),
            rules: [
              {
                number: 1,
                match: { out: { names: ['eth7'], negated: false } },
                action: { kind: 'masquerade' },
                description: undefined,
                line: 3,
              },
            ],
          },
        ],
      },
      inferred: ['outside eth7', 'subnet 10.1.0.0/16'],
    },
    {
      why: 'rules name where packets do not leave',
      device: {
        lists: [
          {
            ...nat('source-nat', '10.5.0.0/16', '10.1.0.0/16'),
            rules: [
              {
                number: 1,
                match: { out: { names: ['eth0'], negated: true } },
                action: { kind: 'masquerade' },
                description: undefined,
                line: 3,
              },
            ],
          },
        ],
      },
      inferred: ['subnet 10.1.0.0/16'],
    },
    {
      why: 'a default route is not concluded where all routes are shown',
      device: { interfaces: [wan, lan], wholeTables: [4] },
      inferred: ['outside eth1', 'inside eth0', 'subnet 10.1.0.0/16'],
    },
    {
      why: 'the tunnel starts beside the hosts, and the default route leads elsewhere',
      device: {
        interfaces: [network('eth0', '10.1.0.9/16'), network('eth2', '198.51.100.2/30')],
        tunnels: [startingOn('eth0')],
        routes: [route('0.0.0.0/0', '198.51.100.1')],
      },
      inferred: ['outside eth2', 'outside eth0', 'subnet 10.1.0.0/16'],
    },
    {
      why: 'a gateway with one interface that does not say where its tunnel starts',
      device: { interfaces: [lan], tunnels: [startingOn(undefined)], routes: [route('0.0.0.0/0', '10.1.0.254')] },
      inferred: ['outside eth0', 'subnet 10.1.0.0/16'],
    },
    {
      why: 'a tunnel for everything makes no network of an uplink one of hosts',
      device: {
        interfaces: [wan, lan, network('eth2', '198.51.100.2/30')],
        tunnels: [forEverything],
        routes: [byDefault, route('0.0.0.0/0', '198.51.100.1', 200)],
      },
      inferred: ['outside eth1', 'outside eth2', 'inside eth0', 'subnet 10.1.0.0/16'],
    },
    {
      why: 'a tunnel for everything makes no private network in front of a gateway behind a NAT one of hosts',
      device: {
        interfaces: [network('eth1', '172.16.5.2/24'), lan],
        tunnels: [{ ...startingOn('eth1'), children: forEverything.children }],
        routes: [route('0.0.0.0/0', '172.16.5.1')],
      },
      inferred: ['outside eth1', 'inside eth0', 'subnet 10.1.0.0/16'],
    },
    {
      why: 'the private network of the only interface is one of hosts, also for a tunnel for everything',
      device: {
        interfaces: [network('eth1', '172.16.5.2/24')],
        tunnels: [{ ...startingOn('eth1'), children: forEverything.children }],
        routes: [route('0.0.0.0/0', '172.16.5.1')],
      },
      inferred: ['outside eth1', 'subnet 172.16.5.0/24'],
    },
    {
      why: 'of two default routes the one of the lower distance is preferred, wherever it is written',
      device: {
        interfaces: [wan, lan, network('eth2', '198.51.100.2/30')],
        tunnels: [startingOn(undefined)],
        routes: [route('0.0.0.0/0', '198.51.100.1', 200), byDefault],
      },
      inferred: ['outside eth1', 'outside eth2', 'inside eth0', 'subnet 10.1.0.0/16'],
    },
    {
      why: 'two interfaces that get their address elsewhere, of which nobody knows the one outside',
      device: {
        interfaces: [
          { ...wan, addresses: [{ kind: 'dynamic', line: 1 }] },
          { ...wan, name: 'eth2', addresses: [{ kind: 'dynamic', line: 1 }] },
          lan,
        ],
        tunnels: [],
      },
      inferred: ['network 10.1.0.0/16'],
    },
    {
      why: 'of two networks the one that the tunnel is for is inside',
      device: { interfaces: [wan, network('eth2', '10.7.0.1/16'), lan], routes: [byDefault] },
      inferred: ['outside eth1', 'inside eth0', 'subnet 10.1.0.0/16', 'network 10.7.0.0/16'],
    },
    {
      why: 'of two networks that the tunnel is not for, a limit of the segment size tells nothing',
      device: {
        interfaces: [wan, network('eth2', '10.7.0.1/16'), network('eth0', '10.8.0.1/16')],
        routes: [byDefault],
        clamps: [{ interface: 'eth0', mss: 1300, line: 9 }],
      },
      inferred: ['outside eth1', 'network 10.7.0.0/16', 'network 10.8.0.0/16'],
    },
    {
      why: 'a single address is no network',
      device: { interfaces: [wan, lan, network('eth2', '10.7.0.1/32')], routes: [byDefault] },
      inferred: ['outside eth1', 'inside eth0', 'subnet 10.1.0.0/16'],
    },
    {
      why: 'a network behind a public next hop, without any interface, is not inside',
      device: { routes: [route('10.8.0.0/16', '198.51.100.1')] },
      inferred: ['subnet 10.1.0.0/16'],
    },
    {
      why: 'a tunnel for everything, without any interface, tells no subnet',
      device: { tunnels: [forEverything] },
      inferred: [],
    },
    {
      why: 'the public network of the only interface is none of hosts',
      device: {
        interfaces: [wan],
        tunnels: [{ ...startingOn('eth1'), children: forEverything.children }],
        routes: [byDefault],
      },
      inferred: ['outside eth1'],
    },
  ])('$why', ({ device, inferred }) => {
    expect(inferredOf(device)).toEqual(inferred)
  })

  test('an address that the peer sends to, in front of a private one', () => {
    const behind = { address: { kind: 'known', address: Address.parse('10.1.0.9') }, identity: '192.0.2.1' } as const
    const { inferred } = worldOfDevices([
      { site: 'a', device: sampleDevice({ tunnels: [{ ...sampleTunnel(1, 2), local: behind }] }) },
      { site: 'b', device: sampleDevice({ tunnels: [sampleTunnel(2, 1)] }) },
    ])
    expect(
      inferred.filter(({ kind }) => kind === 'public-address').map(({ site, value }) => `${site} ${value}`),
    ).toEqual(['a 192.0.2.1'])
  })

  test.each([
    ['one address in front of a private one', 1, []],
    ['two, of which one may be a slip', 9, ['address false', 'address false']],
  ])('peers that send to %s', (_, third, faults) => {
    const behind = { address: { kind: 'known', address: Address.parse('10.1.0.9') }, identity: 'hub' } as const
    const spoke = (from: number, to: number) => sampleDevice({ tunnels: [sampleTunnel(from, to)] })
    const hub = [2, 3].map((octet) => ({ ...sampleTunnel(1, octet), local: behind }))
    const { world } = worldOfDevices([
      { site: 'hub', device: sampleDevice({ tunnels: hub }) },
      { site: 'b', device: spoke(2, 1) },
      { site: 'c', device: spoke(3, third) },
    ])
    const site = world.sites.get('hub')
    if (!site) throw new Error('the hub is missing')
    const found = hub.flatMap((tunnel) =>
      peersOf(world, { site, tunnel }).ends.flatMap((end) => negotiationFaults({ site, tunnel }, end)),
    )
    const ofAddresses = found.filter(({ kind }) => kind === 'address')
    expect(ofAddresses.map(({ kind, isCertain }) => `${kind} ${isCertain}`)).toEqual(faults)
  })

  describe('two gateways that are both behind a NAT', () => {
    const behind = (octet: number): DeviceTunnel['local'] => ({
      address: { kind: 'known', address: Address.parse(`10.9.0.${octet}`) },
      identity: `gateway${octet}`,
    })
    const end = (from: number, to: number, names = [`gateway${from}`, `gateway${to}`]): DeviceTunnel => {
      const tunnel = sampleTunnel(from, to)
      const [own, other] = names
      return {
        ...tunnel,
        local: { ...behind(from), identity: own },
        remote: { ...tunnel.remote, identity: other },
      }
    }
    const publicOf = (a: readonly DeviceTunnel[], b: readonly DeviceTunnel[]) =>
      worldOfDevices([
        { site: 'a', device: sampleDevice({ tunnels: a }) },
        { site: 'b', device: sampleDevice({ tunnels: b }) },
      ])
        .inferred.filter(({ kind }) => kind === 'public-address')
        .map(({ site, value }) => `${site} ${value}`)

    test.each<[string, readonly DeviceTunnel[], readonly DeviceTunnel[], readonly string[]]>([
      ['identities that fit', [end(1, 2)], [end(2, 1)], ['a 192.0.2.1', 'b 192.0.2.2']],
      ['an identity that does not', [end(1, 2)], [end(2, 1, ['gateway2', 'gateway3'])], []],
      ['a word for all', [end(1, 2, ['gateway1', '%any'])], [end(2, 1, ['%any', 'gateway1'])], []],
      ['identities that fit twice', [end(1, 2)], [end(2, 1), end(2, 3, ['gateway2', 'gateway1'])], ['b 192.0.2.2']],
      ['identities of one gateway', [end(1, 2), end(2, 1)], [], []],
    ])('%s', (_, a, b, found) => {
      expect(publicOf(a, b)).toEqual(found)
    })
  })
})

describe('a gateway between two tunnels, of which no network is shown', () => {
  const subnetsOf = (...tunnels: DeviceTunnel[]) =>
    inferredOf({ tunnels }).flatMap((one) => (one.startsWith('subnet ') ? [one.slice(7)] : []))
  const [own, one, other] = ['10.1.0.0/24', '10.2.0.0/24', '10.3.0.0/24']

  test('has no subnet of what it hands on', () => {
    expect(subnetsOf(tunnelWith(2, [own, one], [other, one]), tunnelWith(3, [own, other], [one, other]))).toEqual([own])
  })

  test.each<[string, DeviceTunnel[], string[]]>([
    ['the other tunnel hands nothing back', [tunnelWith(2, [other, one]), tunnelWith(3, [own, other])], [own, other]],
    ['it is one tunnel of two', [tunnelWith(2, [other, one]), tunnelWith(3, [own, '10.4.0.0/24'])], [own, other]],
    ['the other brings only a part of it', [tunnelWith(2, [other, one]), tunnelWith(3, [one, '10.3.0.0/25'])], [other]],
    [
      'both lead from the same to the same',
      [2, 3].map((to) => tunnelWith(to, ['10.0.0.0/8', '10.0.0.0/8'])),
      ['10.0.0.0/8'],
    ],
  ])('has one where %s', (_, tunnels, subnets) => {
    expect(subnetsOf(...tunnels)).toEqual(subnets)
  })
})
