import { describe, expect, test } from 'vitest'
import { Address } from '../address/address.ts'
import { Prefix } from '../address/prefix.ts'
import type {
  Device,
  DeviceInterface,
  DeviceRoute,
  DeviceRule,
  NextHop,
  RuleAction,
  RuleList,
  TunnelChild,
  Unread,
} from '../device/device.ts'
import { dataplaneStages } from '../device/stages.ts'
import type { PacketMatch } from '../match/packet-match.ts'
import { tcp } from '../match/protocols.ts'
import { RangeSet } from '../match/range-set.ts'
import { sampleDevice, sampleTunnel, worldOf } from '../world/sample-world.ts'
import type { World } from '../world/world.ts'
import { worldOfDevices } from '../world/world-of-devices.ts'
import { exploreFlows } from './flow-classes.ts'
import { tracePacket } from './request.ts'
import type { Trace } from './step.ts'
import type { TraceOptions } from './walk.ts'

/** Two gateways: 10.1.0.0/16 behind one, 10.2.0.0/16 behind the other; both trap, and nothing is translated. */
function at(octet: 1 | 2, more: Partial<Device> = {}): Device {
  return sampleDevice({
    interfaces: [wan(octet), lan(`10.${octet}.0.1`)],
    routes: [route('0.0.0.0/0', via('192.0.2.254'))],
    tunnels: [sampleTunnel(octet, octet === 1 ? 2 : 1)],
    ...more,
  })
}

function network(name: string, address: string, length: number): DeviceInterface {
  const own = Address.parse(address)
  const prefix = Prefix.fromBits(own.bits, length)
  return {
    name,
    kind: 'physical',
    table: 'main',
    line: 3,
    addresses: [{ kind: 'known', address: own, network: prefix, line: 3 }],
  }
}

const wan = (octet: number) => network('eth1', `192.0.2.${octet}`, 24)
const lan = (address: string) => network('eth0', address, 16)
const via = (address: string): NextHop => ({ kind: 'via', address: Address.parse(address), interface: undefined })
const into = (name: string): NextHop => ({ kind: 'interface', interface: name })
const nowhere: NextHop = { kind: 'nowhere' }

function route(prefix: string, to: NextHop, distance = 1): DeviceRoute {
  return { table: 'main', prefix: Prefix.parse(prefix), to, distance, line: 20 }
}

function list(
  kind: RuleList['kind'],
  match: PacketMatch,
  action: RuleAction,
  more: Partial<DeviceRule> = {},
): RuleList {
  const rule = { number: 10, match, action, description: undefined, line: 30, ...more }
  const [hook, priority] =
    kind === 'destination-nat' ? (['prerouting', -100] as const) : (['postrouting', 100] as const)
  return { name: kind, kind, hook, priority, rules: [rule], fallback: 'accept', line: 29 }
}

const set = (...texts: string[]) => RangeSet.ofPrefixes(texts.map((text) => Prefix.parse(text)))

function children(octet: 1 | 2, ...changes: readonly Partial<TunnelChild>[]): Pick<Device, 'tunnels'> {
  const tunnel = sampleTunnel(octet, octet === 1 ? 2 : 1)
  const [child] = tunnel.children
  if (!child) throw new Error('a tunnel has a child')
  const all = changes.map((change, index) => ({ ...child, name: `child${index + 1}`, ...change }))
  return { tunnels: [{ ...tunnel, start: changes[0]?.start ?? tunnel.start, children: all }] }
}

function ends(local: string, remote: string): Pick<TunnelChild, 'local' | 'remote'> {
  return { local: Prefix.parse(local), remote: Prefix.parse(remote) }
}

const virtual = (name: string): DeviceInterface => ({ name, kind: 'virtual', table: 'main', addresses: [], line: 4 })

/** A tunnel behind an interface; routes lead into it. */
function routed(octet: 1 | 2, local: string, remote: string, routes: readonly DeviceRoute[]): Partial<Device> {
  const own = at(octet)
  return {
    ...children(octet, { ...ends(local, remote), through: { kind: 'route', interface: 'vti0' } }),
    interfaces: [...own.interfaces, virtual('vti0')],
    routes: [...own.routes, ...routes],
  }
}

const droppingEncrypted: Partial<Device> = {
  ...routed(2, '0.0.0.0/0', '0.0.0.0/0', [route('10.1.0.0/16', into('vti0'))]),
  lists: [{ ...list('filter', { arrived: 'encrypted' }, { kind: 'drop' }), hook: 'forward' }],
}

function between(one: Partial<Device> = {}, two: Partial<Device> = {}): World {
  return worldOfDevices([
    { site: 'one', device: at(1, one) },
    { site: 'two', device: at(2, two) },
  ]).world
}

function traced(
  world: World,
  [from, source, destination]: readonly [string, string, string],
  options: TraceOptions = {},
): Trace {
  const site = world.sites.get(from)
  if (!site) throw new Error(`there is no ${from}`)
  const request = { source: Address.parse(source), destination: Address.parse(destination), protocol: tcp }
  return tracePacket(world, site, request, options)
}

const toTwo = ['one', '10.1.0.5', '10.2.0.7'] as const
const toOne = ['two', '10.2.0.7', '10.1.0.5'] as const
const down: TraceOptions = { tunnels: 'down' }

function guard(match: PacketMatch): RuleList {
  return {
    ...list('filter', { ...match, destination: set('10.2.0.0/16'), leaving: 'clear' }, { kind: 'drop' }),
    priority: 150,
  }
}

const behindNat: RuleList = { ...list('filter', { destination: set('10.2.0.0/16') }, { kind: 'drop' }), priority: 150 }

const unread = (touches: Unread['touches'], isPlaced = false): Unread => ({
  line: 40,
  text: 'set odd',
  touches,
  isPlaced,
})

/** Behind one there is 10.3.0.0/16 as well. */
function secondNetwork(...changes: readonly Partial<TunnelChild>[]): Partial<Device> {
  return {
    ...children(1, ...changes),
    interfaces: [wan(1), lan('10.1.0.1'), network('eth2', '10.3.0.1', 16)],
    installsRoutes: 'never',
  }
}

/** A table that is asked before the main one, with a route for the peer. */
function otherTable(to: NextHop): Partial<Device> {
  return {
    routes: [...at(1).routes, { ...route('10.2.0.0/16', to), table: '100' }],
    steering: [{ match: {}, asked: 'at-routing', to: { kind: 'table', table: '100' }, line: 21 }],
  }
}

/** A table that is asked before the main one and leads all private addresses out, as strongSwan's does. */
const outward: Partial<Device> = {
  routes: [...at(1).routes, { ...route('10.0.0.0/8', via('192.0.2.254')), table: '220' }],
  steering: [{ match: {}, asked: 'at-routing', to: { kind: 'table', table: '220' }, line: 21 }],
}

interface Row {
  readonly why: string
  readonly one?: Partial<Device>
  readonly two?: Partial<Device>
  readonly packet?: readonly [string, string, string]
  readonly options?: TraceOptions
  readonly ends: Trace['disposition']
  readonly way?: Trace['way']
}

const groups: Readonly<Record<string, readonly Row[]>> = {
  'the selectors of a kernel': [
    { why: 'nothing is special', ends: 'delivered' },
    {
      why: 'they take packets for a second network of the site as well',
      one: {
        ...children(1, ends('10.1.0.0/16', '10.0.0.0/8')),
        interfaces: [wan(1), lan('10.1.0.1'), network('eth2', '10.3.0.1', 16)],
      },
      two: children(2, ends('10.0.0.0/8', '10.1.0.0/16')),
      packet: ['one', '10.1.0.5', '10.3.0.7'],
      ends: 'not-translated',
    },
    {
      why: 'what only passes is spared',
      one: {
        ...children(1, ends('10.1.0.0/16', '10.0.0.0/8'), { ...ends('10.1.0.0/16', '10.3.0.0/16'), kind: 'pass' }),
        interfaces: [wan(1), lan('10.1.0.1'), network('eth2', '10.3.0.1', 16)],
      },
      packet: ['one', '10.1.0.5', '10.3.0.7'],
      ends: 'stays-local',
    },
    {
      why: 'from any to any nothing comes in that did not come through the tunnel',
      one: { ...children(1, ends('0.0.0.0/0', '0.0.0.0/0')), installsRoutes: 'never' },
      two: { ...children(2, ends('0.0.0.0/0', '0.0.0.0/0')), installsRoutes: 'never' },
      ends: 'filtered',
    },
    {
      why: 'what comes from a second network and had to come through the tunnel is dropped',
      one: secondNetwork(ends('10.1.0.0/16', '10.0.0.0/8')),
      packet: ['one', '10.3.0.5', '10.1.0.7'],
      ends: 'filtered',
    },
    {
      why: 'what comes from a second network that passes by the tunnel is not dropped',
      one: secondNetwork(ends('10.1.0.0/16', '10.0.0.0/8'), { ...ends('10.1.0.0/16', '10.3.0.0/16'), kind: 'pass' }),
      packet: ['one', '10.3.0.5', '10.1.0.7'],
      ends: 'stays-local',
    },
    {
      why: 'what hosts of a network that no tunnel is for send to each other no gateway sees, wherever it would lead it',
      one: { ...secondNetwork(ends('10.1.0.0/16', '10.0.0.0/8')), ...outward },
      packet: ['one', '10.3.0.5', '10.3.0.7'],
      ends: 'stays-local',
    },
    {
      why: 'what such a host sends to others the gateway leads on',
      one: { ...secondNetwork(ends('10.1.0.0/16', '10.0.0.0/8')), ...outward },
      packet: ['one', '10.3.0.5', '10.4.0.7'],
      ends: 'leaves-unencrypted',
    },
    {
      why: 'a tunnel that is not there drops nothing that comes in',
      one: secondNetwork({ ...ends('10.1.0.0/16', '10.0.0.0/8'), start: 'initiate' }),
      packet: ['one', '10.3.0.5', '10.1.0.7'],
      options: down,
      ends: 'stays-local',
    },
    {
      why: 'what comes out of a tunnel though it passes by is dropped',
      two: children(2, {}, { ...ends('10.2.0.0/16', '10.1.0.0/24'), kind: 'pass' }),
      ends: 'filtered',
    },
    {
      why: 'from any to any, with children that spare what is for the own networks',
      one: {
        ...children(1, ends('0.0.0.0/0', '0.0.0.0/0'), { ...ends('0.0.0.0/0', '10.1.0.0/16'), kind: 'pass' }),
        installsRoutes: 'never',
      },
      two: {
        ...children(2, ends('0.0.0.0/0', '0.0.0.0/0'), { ...ends('0.0.0.0/0', '10.2.0.0/16'), kind: 'pass' }),
        installsRoutes: 'never',
      },
      ends: 'delivered',
    },
    {
      why: 'what passes leaves in clear where it goes to the internet',
      one: children(1, {}, { ...ends('10.1.0.0/16', '10.2.0.0/24'), kind: 'pass' }),
      ends: 'leaves-unencrypted',
    },
    {
      why: 'a narrower child that drops comes last',
      one: children(1, {}, { ...ends('10.1.0.0/16', '10.2.0.0/24'), kind: 'drop' }),
      ends: 'delivered',
    },
    {
      why: 'a child that drops takes what no tunnel is there for',
      one: children(1, { start: 'initiate' }, { ...ends('10.1.0.0/16', '10.2.0.0/24'), kind: 'drop' }),
      options: down,
      ends: 'filtered',
    },
    {
      why: 'what passes comes before longer prefixes that are protected',
      one: children(1, {}, { ...ends('10.0.0.0/8', '10.0.0.0/8'), kind: 'pass' }),
      ends: 'leaves-unencrypted',
    },
    {
      why: 'a lower number comes before longer prefixes',
      one: children(1, { priority: 1 }, { ...ends('10.1.0.0/16', '10.2.0.0/24'), kind: 'drop', priority: 2 }),
      ends: 'delivered',
    },
    {
      why: 'a child for UDP takes no TCP',
      one: children(1, { only: { protocol: RangeSet.ofValues([17]) } }),
      ends: 'leaves-unencrypted',
    },
    {
      why: 'they are asked again after source NAT, and only then counts',
      one: { lists: [list('source-nat', {}, { kind: 'masquerade' })] },
      ends: 'leaves-unencrypted',
    },
    {
      why: 'of two lists of NAT rules the one of the lower priority is asked first, wherever it is written',
      one: {
        lists: [
          { ...list('source-nat', {}, { kind: 'masquerade' }), priority: 110 },
          list('source-nat', { source: set('10.1.0.0/16') }, { kind: 'map', to: Prefix.parse('10.1.0.0/16') }),
        ],
      },
      ends: 'delivered',
    },
    {
      why: 'IKEv1 carries no part of what the peer has',
      one: {
        tunnels: children(1, ends('10.1.0.0/16', '10.2.0.0/17')).tunnels.map((one) => ({ ...one, versions: [1, 2] })),
      },
      two: { tunnels: [{ ...sampleTunnel(2, 1), versions: [1] }] },
      ends: 'selector-refused',
    },
    {
      why: 'a trap that cannot come up holds the packet before NAT changes it',
      one: {
        ...children(1, ends('10.1.0.0/16', '10.2.0.0/17')),
        lists: [list('source-nat', {}, { kind: 'masquerade' })],
      },
      two: children(2, ends('10.9.0.0/16', '10.1.0.0/16')),
      ends: 'selector-refused',
    },
    {
      why: 'whether a trap for a peer that nobody described holds the packet before NAT changes it is not known',
      one: { lists: [list('source-nat', {}, { kind: 'masquerade' })] },
      two: { tunnels: [] },
      ends: 'unknown',
    },
  ],
  'tunnels that are not up': [
    { why: 'a trap holds', options: down, ends: 'tunnel-down' },
    {
      why: 'who begins by himself holds nothing',
      one: children(1, { start: 'initiate' }),
      options: down,
      ends: 'leaves-unencrypted',
    },
    {
      why: 'a guard holds',
      one: { ...children(1, { start: 'initiate' }), lists: [guard({ out: { names: ['eth0'], negated: true } })] },
      options: down,
      ends: 'tunnel-down',
    },
    {
      why: 'a filter behind NAT holds as well, whatever it is for',
      one: { ...children(1, { start: 'initiate' }), lists: [behindNat] },
      options: down,
      ends: 'tunnel-down',
    },
    {
      why: 'a filter behind NAT drops what the tunnel would take',
      one: { lists: [behindNat] },
      ends: 'filtered',
    },
    {
      why: 'a filter before NAT may drop what would be translated and taken',
      one: { ...children(1, { start: 'initiate' }), lists: [{ ...behindNat, priority: 50 }] },
      options: down,
      ends: 'filtered',
    },
    {
      why: 'what comes out of a tunnel and is dropped on its way outside was not translated',
      two: { interfaces: [wan(2), lan('10.77.0.1')], lists: [behindNat] },
      ends: 'not-translated',
    },
    {
      why: 'a guard on one uplink does not hold on the other',
      one: {
        ...children(1, { start: 'initiate' }),
        interfaces: [wan(1), lan('10.1.0.1'), network('eth2', '198.51.100.1', 24)],
        routes: [route('0.0.0.0/0', via('198.51.100.254'))],
        lists: [guard({ out: { names: ['eth1'], negated: false } })],
      },
      options: down,
      ends: 'leaves-unencrypted',
    },
    {
      why: 'a trap towards any peer holds nothing',
      one: { tunnels: [{ ...sampleTunnel(1, 2), remote: { address: { kind: 'any' }, identity: '192.0.2.2' } }] },
      options: down,
      ends: 'leaves-unencrypted',
    },
    {
      why: 'whether a trap towards a host name holds is not known',
      one: {
        tunnels: [
          {
            ...sampleTunnel(1, 2),
            remote: { address: { kind: 'host', name: 'two.example.net' }, identity: '192.0.2.2' },
          },
        ],
      },
      options: down,
      ends: 'unknown',
    },
    {
      why: 'an answer uses the tunnel that the packet brought up',
      two: children(2, { start: 'respond' }),
      ends: 'delivered',
    },
    {
      why: 'nobody begins for the packet the other way',
      two: children(2, { start: 'respond' }),
      packet: toOne,
      ends: 'leaves-unencrypted',
    },
    {
      why: 'a group that differs for later keys alone',
      two: {
        tunnels: [
          {
            ...sampleTunnel(2, 1),
            esp: [{ encryption: 'aes256', hash: 'sha256', dhGroup: 15, extendedSequence: undefined }],
          },
        ],
      },
      ends: 'delivered',
    },
    {
      why: 'a group that may differ for later keys alone',
      two: {
        tunnels: [
          {
            ...sampleTunnel(2, 1),
            isWhole: false,
            esp: [{ encryption: 'aes256', hash: 'sha256', dhGroup: 15, extendedSequence: undefined }],
          },
        ],
      },
      ends: 'delivered',
    },
  ],
  routes: [
    {
      why: 'another table that sends packets nowhere is asked first',
      one: otherTable(nowhere),
      ends: 'no-route',
    },
    {
      why: 'another table that does not say leaves it to the main one',
      one: otherTable({ kind: 'next-table' }),
      ends: 'delivered',
    },
    {
      why: 'a gateway that shows all its routes sends nowhere what none of them is for',
      one: { routes: [], wholeTables: [4], installsRoutes: 'never' },
      ends: 'no-route',
    },
    {
      why: 'a gateway that shows all its routes but the default one reaches a peer beside it',
      one: { routes: [route('10.2.0.0/16', via('192.0.2.2'))], wholeTables: [4] },
      ends: 'delivered',
    },
    {
      why: 'the peer shows all its routes and has none back',
      two: {
        interfaces: [network('eth1', '192.0.2.2', 32), lan('10.2.0.1')],
        routes: [],
        wholeTables: [4],
      },
      ends: 'tunnel-fails',
    },
    {
      why: 'the peer shows all its routes of one table, and may have one back in another',
      two: {
        interfaces: [network('eth1', '192.0.2.2', 32), lan('10.2.0.1')],
        routes: [],
        wholeTables: [4],
        steering: [
          {
            match: { source: set('192.0.2.2/32') },
            asked: 'at-routing',
            to: { kind: 'table', table: '100' },
            line: 21,
          },
        ],
      },
      ends: 'delivered',
    },
    {
      why: 'the peer shows all its routes, and the one back is not understood',
      two: {
        interfaces: [network('eth1', '192.0.2.2', 32), lan('10.2.0.1')],
        routes: [{ ...route('192.0.2.1/32', nowhere), doubt: { line: 20, what: 'route' } }],
        wholeTables: [4],
      },
      ends: 'delivered',
    },
    {
      why: 'those of the IKE daemon lead over the uplink that the peer is behind, where packets of the tunnel have an address of the other one',
      one: {
        interfaces: [wan(1), lan('10.1.0.1'), network('eth2', '198.51.100.1', 24)],
        routes: [
          ...at(1).routes,
          route('0.0.0.0/0', via('198.51.100.254'), 200),
          route('192.0.2.2/32', via('198.51.100.254')),
        ],
        lists: [list('source-nat', { out: { names: ['eth1'], negated: false } }, { kind: 'masquerade' })],
      },
      ends: 'unknown',
    },
    {
      why: 'a gateway that does not show all its routes has a default one',
      one: { routes: [] },
      ends: 'delivered',
    },
    {
      why: 'the daemon makes a route for what the peer agrees to, and for no more',
      one: {
        ...secondNetwork({ ...ends('10.1.0.0/16', '10.0.0.0/8'), start: 'initiate' }),
        installsRoutes: 'own-address',
      },
      packet: ['one', '10.1.0.5', '10.3.0.7'],
      ends: 'stays-local',
    },
    {
      why: 'those of the IKE daemon come before a blackhole of the peer',
      one: { routes: [...at(1).routes, route('10.2.0.0/16', nowhere)] },
      ends: 'delivered',
    },
    {
      why: 'a trap towards any peer makes none before its tunnel is up',
      one: {
        tunnels: [{ ...sampleTunnel(1, 2), remote: { address: { kind: 'any' }, identity: '192.0.2.2' } }],
        routes: [...at(1).routes, route('10.2.0.0/16', nowhere)],
      },
      options: down,
      ends: 'no-route',
    },
    {
      why: 'whether they do is not known where the settings of the daemon were not given',
      one: {
        routes: [...at(1).routes, route('10.2.0.0/16', nowhere)],
        installDoubt: { line: undefined, what: 'strongswan.conf' },
      },
      ends: 'unknown',
    },
    {
      why: 'the settings of the daemon change nothing where the main table leads outside too',
      one: { installDoubt: { line: undefined, what: 'strongswan.conf' } },
      ends: 'delivered',
    },
    {
      why: 'a blackhole decides where the daemon makes none',
      one: { routes: [...at(1).routes, route('10.2.0.0/16', nowhere)], installsRoutes: 'never' },
      ends: 'no-route',
    },
    {
      why: 'a blackhole decides where the gateway has no address in the local prefix',
      one: {
        ...children(1, ends('10.1.128.0/17', '10.2.0.0/16')),
        routes: [...at(1).routes, route('10.2.0.0/16', nowhere)],
      },
      packet: ['one', '10.1.128.5', '10.2.0.7'],
      ends: 'no-route',
    },
    {
      why: 'a summary of the daemon cuts off the own network',
      one: children(1, ends('10.1.0.0/16', '10.0.0.0/8')),
      two: children(2, ends('10.0.0.0/8', '10.1.0.0/16')),
      packet: toOne,
      ends: 'not-translated',
    },
    {
      why: 'a summary without routes of the daemon',
      one: { ...children(1, ends('10.1.0.0/16', '10.0.0.0/8')), installsRoutes: 'never' },
      two: { ...children(2, ends('10.0.0.0/8', '10.1.0.0/16')), installsRoutes: 'never' },
      packet: toOne,
      ends: 'delivered',
    },
    {
      why: 'a summary with a child that spares the own network',
      one: children(1, ends('10.1.0.0/16', '10.0.0.0/8'), { ...ends('10.1.0.0/16', '10.1.0.0/16'), kind: 'pass' }),
      two: children(2, ends('10.0.0.0/8', '10.1.0.0/16'), { ...ends('10.2.0.0/16', '10.2.0.0/16'), kind: 'pass' }),
      packet: toOne,
      ends: 'delivered',
    },
    {
      why: 'of two distances the lower one is in use',
      one: {
        routes: [...at(1).routes, route('10.2.0.0/16', nowhere, 200), route('10.2.0.0/16', via('192.0.2.254'), 10)],
        installsRoutes: 'never',
      },
      ends: 'delivered',
    },
    {
      why: 'two next hops of one distance that lead different ways',
      one: {
        routes: [...at(1).routes, route('10.2.0.0/16', nowhere), route('10.2.0.0/16', via('192.0.2.254'))],
        installsRoutes: 'never',
      },
      ends: 'unknown',
    },
    {
      why: 'two next hops of one distance on one uplink',
      one: {
        routes: [...at(1).routes, route('10.2.0.0/16', via('192.0.2.253')), route('10.2.0.0/16', via('192.0.2.254'))],
        installsRoutes: 'never',
      },
      ends: 'delivered',
    },
    {
      why: 'a next hop in no network',
      one: { routes: [...at(1).routes, route('10.2.0.0/16', via('198.51.100.9'))], installsRoutes: 'never' },
      ends: 'unknown',
    },
    {
      why: 'a default route whose next hop is in no network leads outside, private as the hop may be',
      one: { interfaces: [], routes: [route('0.0.0.0/0', via('10.7.0.1'))] },
      packet: ['one', '10.1.0.5', '198.51.100.7'],
      ends: 'leaves-unencrypted',
    },
    {
      why: 'an interface whose far end is not known',
      one: {
        interfaces: [wan(1), lan('10.1.0.1'), { ...virtual('wg0'), kind: 'far' }],
        routes: [...at(1).routes, route('10.9.0.0/16', into('wg0'))],
      },
      packet: ['one', '10.1.0.5', '10.9.0.7'],
      ends: 'peer-unknown',
    },
    {
      why: 'packets are steered to a table with a blackhole',
      one: {
        installsRoutes: 'never',
        routes: [...at(1).routes, { ...route('0.0.0.0/0', nowhere), table: '100' }],
        steering: [
          {
            match: { in: { names: ['eth0'], negated: false } },
            asked: 'before-translation',
            to: { kind: 'table', table: '100' },
            line: 50,
          },
        ],
      },
      ends: 'no-route',
    },
    {
      why: 'packets are marked once, by the first rule that takes them',
      one: {
        installsRoutes: 'never',
        routes: [...at(1).routes, { ...route('10.2.0.0/16', nowhere), table: '200' }],
        steering: ['100', '200'].map((table) => ({
          match: {},
          asked: 'before-translation',
          to: { kind: 'table', table },
          line: 50,
        })),
      },
      ends: 'delivered',
    },
    {
      why: 'other packets are steered',
      one: {
        steering: [
          { match: { source: set('10.1.9.0/24') }, asked: 'before-translation', to: { kind: 'unknown' }, line: 50 },
        ],
      },
      ends: 'delivered',
    },
    {
      why: 'packets are steered nobody knows where',
      one: {
        steering: [
          { match: { source: set('10.1.0.0/24') }, asked: 'before-translation', to: { kind: 'unknown' }, line: 50 },
        ],
      },
      ends: 'unknown',
    },
    {
      why: 'an interface of another table, which knows no way',
      one: {
        installsRoutes: 'never',
        interfaces: [wan(1), { ...lan('10.1.0.1'), table: 'blue' }],
      },
      ends: 'no-route',
    },
  ],
  'tunnels behind interfaces': [
    {
      why: 'packets that are routed there enter',
      one: routed(1, '0.0.0.0/0', '0.0.0.0/0', [route('10.2.0.0/16', into('vti0'))]),
      two: routed(2, '0.0.0.0/0', '0.0.0.0/0', [route('10.1.0.0/16', into('vti0'))]),
      ends: 'delivered',
    },
    {
      why: 'a default route into the tunnel leaves the networks of the site where they are',
      one: routed(1, '10.1.0.0/16', '10.2.0.0/16', [route('10.2.0.0/16', into('vti0'))]),
      two: {
        ...routed(2, '10.2.0.0/16', '0.0.0.0/0', []),
        interfaces: [wan(2), virtual('vti0')],
        routes: [route('0.0.0.0/0', into('vti0'))],
      },
      ends: 'delivered',
    },
    {
      why: 'filters no longer know of what comes out of a VTI that it was encrypted',
      one: routed(1, '0.0.0.0/0', '0.0.0.0/0', [route('10.2.0.0/16', into('vti0'))]),
      two: { ...droppingEncrypted, platform: 'vyos-1.3' },
      ends: 'delivered',
    },
    {
      why: 'of what comes out of an XFRM interface they do',
      one: routed(1, '0.0.0.0/0', '0.0.0.0/0', [route('10.2.0.0/16', into('vti0'))]),
      two: { ...droppingEncrypted, platform: 'vyos-1.4' },
      ends: 'filtered',
    },
    {
      why: 'which of the two it is, nobody may know',
      one: routed(1, '0.0.0.0/0', '0.0.0.0/0', [route('10.2.0.0/16', into('vti0'))]),
      two: { ...droppingEncrypted, platform: 'linux' },
      ends: 'unknown',
    },
    {
      why: 'others are not asked',
      one: routed(1, '0.0.0.0/0', '0.0.0.0/0', []),
      two: routed(2, '0.0.0.0/0', '0.0.0.0/0', [route('10.1.0.0/16', into('vti0'))]),
      ends: 'leaves-unencrypted',
    },
    {
      why: 'what no child behind it takes is dropped',
      one: routed(1, '10.1.0.0/16', '10.9.0.0/16', [route('10.2.0.0/16', into('vti0'))]),
      two: routed(2, '0.0.0.0/0', '0.0.0.0/0', [route('10.1.0.0/16', into('vti0'))]),
      ends: 'no-selector',
    },
    {
      why: 'a blackhole behind the route holds while the tunnel is down',
      one: routed(1, '0.0.0.0/0', '0.0.0.0/0', [
        route('10.2.0.0/16', into('vti0')),
        route('10.2.0.0/16', nowhere, 254),
      ]),
      two: routed(2, '0.0.0.0/0', '0.0.0.0/0', []),
      options: down,
      ends: 'tunnel-down',
    },
    {
      why: 'without one, whether the route stays is not known',
      one: routed(1, '0.0.0.0/0', '0.0.0.0/0', [route('10.2.0.0/16', into('vti0'))]),
      two: routed(2, '0.0.0.0/0', '0.0.0.0/0', []),
      options: down,
      ends: 'unknown',
    },
  ],
  'a dataplane of its own': [
    {
      why: 'what a selector takes before it is routed leaves as it is',
      one: {
        order: dataplaneStages,
        installsRoutes: 'always',
        lists: [list('source-nat', { out: { names: ['eth1'], negated: false } }, { kind: 'masquerade' })],
      },
      ends: 'delivered',
    },
    {
      why: 'what comes out of a tunnel meets nothing of the interface in front of it',
      two: {
        order: dataplaneStages,
        lists: [
          {
            ...list('filter', { protocol: RangeSet.ofValues([tcp]) }, { kind: 'drop' }),
            hook: 'prerouting',
            priority: -200,
          },
          list('destination-nat', { source: set('10.1.0.0/16') }, { kind: 'map', to: Prefix.parse('10.77.0.0/16') }),
        ],
      },
      ends: 'filtered',
      way: 'back',
    },
    {
      why: 'but what it leaves by, by no interface',
      two: {
        order: dataplaneStages,
        lists: [
          {
            ...list('filter', { in: { names: ['eth0', 'eth1'], negated: true } }, { kind: 'drop' }),
            priority: 200,
          },
        ],
      },
      ends: 'filtered',
    },
    {
      why: 'a tunnel that names one brings it in there',
      two: {
        ...children(2, { through: { kind: 'feature', interface: 'vfp0' } }),
        interfaces: [...at(2).interfaces, virtual('vfp0')],
        order: dataplaneStages,
        lists: [
          {
            ...list('filter', { in: { names: ['vfp0'], negated: false } }, { kind: 'drop' }),
            hook: 'prerouting',
            priority: -200,
          },
        ],
      },
      ends: 'filtered',
    },
    {
      why: 'what should have come through a tunnel must have',
      one: {
        ...children(1, {}, ends('10.2.0.0/16', '10.1.0.0/17')),
        order: dataplaneStages,
      },
      two: children(2, {}, ends('10.1.0.0/17', '10.2.0.0/16')),
      ends: 'filtered',
    },
    {
      why: 'and all others may come in clear',
      one: {
        ...children(1, {}, ends('10.2.0.0/16', '10.1.128.0/17')),
        order: dataplaneStages,
      },
      two: children(2, {}, ends('10.1.128.0/17', '10.2.0.0/16')),
      ends: 'delivered',
    },
    {
      why: 'a route of the daemon wins over one of equal length',
      one: {
        ...children(1, { ...ends('10.9.0.0/16', '10.2.0.0/16'), through: { kind: 'feature', interface: 'vfp0' } }),
        order: dataplaneStages,
        installsRoutes: 'always',
        interfaces: [...at(1).interfaces, virtual('vfp0')],
        routes: [...at(1).routes, route('10.2.0.0/16', into('vfp0'))],
      },
      ends: 'leaves-unencrypted',
    },
    {
      why: 'a longer route leads to the interface, where nothing takes the packet',
      one: {
        ...children(1, { ...ends('10.9.0.0/16', '10.2.0.0/16'), through: { kind: 'feature', interface: 'vfp0' } }),
        order: dataplaneStages,
        installsRoutes: 'always',
        interfaces: [...at(1).interfaces, virtual('vfp0')],
        routes: [...at(1).routes, route('10.2.0.0/17', into('vfp0'))],
      },
      ends: 'no-selector',
    },
  ],
  'what was not understood': [
    { why: 'a filter', one: { unread: [unread('filters')] }, ends: 'unknown' },
    { why: 'NAT', two: { unread: [unread('nat')] }, ends: 'unknown' },
    { why: 'routes', one: { unread: [unread('routes')] }, ends: 'unknown' },
    { why: 'tunnels', one: { unread: [unread('tunnels')] }, ends: 'unknown' },
    { why: 'anything', two: { unread: [unread('anything')] }, ends: 'unknown' },
    { why: 'what a rule stands for is asked there', one: { unread: [unread('nat', true)] }, ends: 'delivered' },
    {
      why: 'a filter lets nothing through that is lost anyway',
      one: { unread: [unread('filters')] },
      options: down,
      ends: 'tunnel-down',
    },
    {
      why: 'a filter may hold what else would leave in clear',
      one: { ...children(1, { start: 'initiate' }), unread: [unread('filters')] },
      options: down,
      ends: 'unknown',
    },
    {
      why: 'a fault before it stays one',
      one: { routes: [route('10.2.0.0/16', nowhere)], installsRoutes: 'never' },
      two: { unread: [unread('anything')] },
      ends: 'no-route',
    },
    {
      why: 'something of a filter rule',
      one: { lists: [list('filter', {}, { kind: 'drop' }, { doubt: { line: 31, what: 'set odd' } })] },
      ends: 'unknown',
    },
    {
      why: 'something of a NAT rule',
      one: { lists: [list('source-nat', {}, { kind: 'masquerade' }, { doubt: { line: 31, what: 'set odd' } })] },
      ends: 'unknown',
    },
    {
      why: 'something of a rule that chooses a table',
      one: {
        ...otherTable(via('192.0.2.254')),
        steering: [
          {
            match: {},
            asked: 'at-routing',
            to: { kind: 'table', table: '100' },
            line: 21,
            doubt: { line: 21, what: 'set odd' },
          },
        ],
      },
      ends: 'unknown',
    },
    {
      why: 'a condition that nobody can tell',
      one: { lists: [list('source-nat', { unknown: 'a limit' }, { kind: 'masquerade' })] },
      ends: 'unknown',
    },
    {
      why: 'a tunnel of which something was not understood',
      one: { tunnels: [{ ...sampleTunnel(1, 2), doubt: { line: 60, what: 'set odd' } }] },
      ends: 'unknown',
    },
    {
      why: 'a proposal that may be another',
      two: {
        tunnels: [
          {
            ...sampleTunnel(2, 1),
            isWhole: false,
            ike: [{ encryption: 'aes128', hash: 'sha256', prf: undefined, dhGroup: 14 }],
          },
        ],
      },
      ends: 'unknown',
    },
  ],
}

describe.each(Object.entries(groups))('%s', (_, rows) => {
  test.each(rows)('$why: $ends', ({ one, two, packet = toTwo, options, ends: disposition, way = undefined }) => {
    const trace = traced(between(one, two), packet, options)
    expect(trace).toMatchObject({ disposition, ...(way ? { way } : {}) })
    expect(trace.doubts.length > 0).toBe(disposition === 'unknown')
  })
})

test('names the line that nobody understood', () => {
  const trace = traced(between({ unread: [unread('nat')] }), toTwo)
  expect(trace.doubts).toEqual([{ site: 'one', doubt: { line: 40, what: 'set odd' } }])
  expect(trace.reason).toContain('sample.txt:40')
})

test('an interface that only the device knows takes packets for the peer', () => {
  const one = {
    interfaces: [wan(1), lan('10.1.0.1'), network('eth2', '10.2.0.1', 24)],
    installsRoutes: 'never' as const,
  }
  const nat = list(
    'source-nat',
    { out: { names: ['eth1'], negated: false } },
    { kind: 'map', to: Prefix.parse('10.9.0.0/16') },
  )
  const world = between({ ...one, ...children(1, ends('10.9.0.0/16', '10.2.0.0/16')), lists: [nat] })
  const trace = traced(world, toTwo)
  expect(trace.disposition).toBe('stays-local')
  expect(trace.reason).toContain('10.2.0.0/24 on eth2 (sample.txt:3)')
})

test('NAT of a virtual interface holds both ways', () => {
  const nat = (octet: number) => [
    list(
      'source-nat',
      { out: { names: ['vti0'], negated: false }, source: set(`10.${octet}.0.0/16`) },
      { kind: 'map', to: Prefix.parse(`10.${octet + 10}.0.0/16`) },
    ),
    list(
      'destination-nat',
      { in: { names: ['vti0'], negated: false }, destination: set(`10.${octet + 10}.0.0/16`) },
      { kind: 'map', to: Prefix.parse(`10.${octet}.0.0/16`) },
    ),
  ]
  const world = between(
    { ...routed(1, '0.0.0.0/0', '0.0.0.0/0', [route('10.12.0.0/16', into('vti0'))]), lists: nat(1) },
    { ...routed(2, '0.0.0.0/0', '0.0.0.0/0', [route('10.11.0.0/16', into('vti0'))]), lists: nat(2) },
  )
  const { disposition, hops } = traced(world, ['one', '10.1.0.5', '10.12.0.7'])
  expect(disposition).toBe('delivered')
  const host = hops.find(({ way, site, at: place }) => way === 'there' && site === 'two' && place === 'host')
  expect(`${host?.arrives.source} ${host?.arrives.destination}`).toBe('10.11.0.5 10.2.0.7')
})

test('a gateway that is passed twice undoes the last pass first', () => {
  const steered = {
    match: { in: { names: ['eth0'], negated: false } },
    asked: 'before-translation',
    to: { kind: 'table', table: '100' },
    line: 50,
  } as const
  const called = list(
    'destination-nat',
    { in: { names: ['eth0'], negated: false }, destination: set('10.8.0.0/16') },
    { kind: 'map', to: Prefix.parse('10.3.0.0/16') },
  )
  const one = routed(1, '0.0.0.0/0', '0.0.0.0/0', [{ ...route('0.0.0.0/0', into('vti0')), table: '100' }])
  const world = between(
    {
      ...one,
      interfaces: [...(one.interfaces ?? []), { ...network('eth2', '10.3.0.1', 16), name: 'eth0' }],
      steering: [steered],
      lists: [called],
    },
    routed(2, '0.0.0.0/0', '0.0.0.0/0', [route('10.1.0.0/16', into('vti0')), route('10.3.0.0/16', into('vti0'))]),
  )
  const { disposition, hops } = traced(world, ['one', '10.1.0.5', '10.8.0.7'])
  expect(disposition).toBe('delivered')
  const back = hops.filter(({ way }) => way === 'back').map(({ site, arrives }) => `${site} ${arrives.source}`)
  expect(back).toEqual(['one 10.3.0.7', 'one 10.3.0.7', 'two 10.3.0.7', 'one 10.3.0.7', 'one 10.8.0.7'])
})

describe('rules that make many addresses one', () => {
  const wide = list('source-nat', { source: set('10.0.0.0/8') }, { kind: 'map', to: Prefix.parse('10.9.0.0/27') })
  const hidden = { ...children(1, ends('10.9.0.0/27', '10.2.0.0/16')), lists: [wide], installsRoutes: 'never' as const }
  const receiving = children(2, ends('10.2.0.0/16', '10.9.0.0/27'))

  test('work one way', () => {
    expect(traced(between(hidden, receiving), toTwo)).toMatchObject({ disposition: 'not-one-to-one', inClear: false })
  })

  test('do not cut a flow into pieces as large as their target', () => {
    const world = between(hidden, receiving)
    const from = world.sites.get('one')
    if (!from) throw new Error('there is no one')
    const flows = { from, source: Prefix.parse('10.0.0.0/8'), destination: Prefix.parse('10.2.0.0/16') }
    const classes = [...exploreFlows(world, flows)]
    expect(classes.length).toBeLessThan(30)
    const shared = classes.filter(({ trace }) => trace.disposition === 'not-one-to-one')
    const sizes = shared.map(({ box }) => Number(box.source.last) - Number(box.source.first) + 1)
    expect(Math.max(...sizes)).toBeGreaterThan(2 ** 15)
  })

  test('are told apart where a part of the target goes another way', () => {
    const half = children(1, ends('10.9.0.0/28', '10.2.0.0/16'))
    const world = between({ ...hidden, ...half }, children(2, ends('10.2.0.0/16', '10.9.0.0/28')))
    expect(traced(world, ['one', '10.1.0.5', '10.2.0.7']).disposition).toBe('not-one-to-one')
    expect(traced(world, ['one', '10.1.0.21', '10.2.0.7']).disposition).toBe('leaves-unencrypted')
  })

  test('leave open which address of a pool it is, where that decides', () => {
    const [first, last] = [Address.parse('10.9.0.0'), Address.parse('10.9.0.31')]
    const pool = { lists: [list('source-nat', {}, { kind: 'pool', first, last })] }
    expect(traced(between({ ...hidden, ...pool }, receiving), toTwo).disposition).toBe('not-one-to-one')
    const half = children(1, ends('10.9.0.0/28', '10.2.0.0/16'))
    expect(traced(between({ ...hidden, ...half, ...pool }, receiving), toTwo).disposition).toBe('unknown')
  })

  test('a flow that goes too many ways ends in what is not known', () => {
    const world = between({ lists: [list('source-nat', { source: set('10.1.0.5/32') }, { kind: 'masquerade' })] })
    const from = world.sites.get('one')
    if (!from) throw new Error('there is no one')
    const flows = { from, source: Prefix.parse('10.1.0.0/16'), destination: Prefix.parse('10.2.0.0/16') }
    const classes = [...exploreFlows(world, flows, { mostClasses: 1 })]
    expect(classes.map(({ trace }) => trace.disposition)).toEqual([expect.any(String), 'unknown'])
  })
})

describe('a network in a table of its own', () => {
  const apart = { interfaces: [wan(1), { ...lan('10.1.0.1'), table: '100' }] }

  test('is not where decrypted packets are routed to', () => {
    expect(traced(between(apart), ['two', '10.2.0.7', '10.1.0.5']).disposition).not.toBe('delivered')
  })

  test('unless the outside is in that table, too', () => {
    const whole = {
      interfaces: [...apart.interfaces.slice(1), { ...wan(1), table: '100' }],
      routes: [{ ...route('0.0.0.0/0', via('192.0.2.254')), table: '100' }],
    }
    expect(traced(between(whole), ['two', '10.2.0.7', '10.1.0.5']).disposition).toBe('delivered')
  })
})

describe('what to change', () => {
  test.each([
    {
      why: 'an exemption in front of a masquerade, where nothing else is in the list',
      lists: [list('source-nat', {}, { kind: 'masquerade' })],
      child: {},
      advice: /rule 10 .*before rule 10 that exempts/,
    },
    {
      why: 'a translation in front of it',
      lists: [list('source-nat', {}, { kind: 'masquerade' })],
      child: ends('10.9.0.0/16', '10.2.0.0/16'),
      advice: /before rule 10 that maps 10\.1\.0\.5 into 10\.9\.0\.0\/16/,
    },
  ])('$why', ({ lists, child, advice }) => {
    expect(traced(between({ ...children(1, child), lists }), toTwo).advice).toMatch(advice)
  })

  test('a rule behind, where there is one', () => {
    const masquerade = list('source-nat', {}, { kind: 'masquerade' })
    const [rule] = masquerade.rules
    if (!rule) throw new Error('there is no rule')
    const meant = { ...rule, number: 20, action: { kind: 'map', to: Prefix.parse('10.9.0.0/16') } as const }
    const lists = [{ ...masquerade, rules: [rule, meant] }]
    const { advice } = traced(between({ ...children(1, ends('10.9.0.0/16', '10.2.0.0/16')), lists }), toTwo)
    expect(advice).toContain('higher number than rule 20')
  })

  test('the way to a rule that is there, but for another interface', () => {
    const lists = [
      list(
        'source-nat',
        { out: { names: ['vfp0'], negated: false } },
        { kind: 'map', to: Prefix.parse('10.9.0.0/16') },
      ),
    ]
    const hidden = ends('10.9.0.0/16', '10.2.0.0/16')
    const feature = { kind: 'feature', interface: 'vfp0' } as const
    const onWay = { ...children(1, { ...hidden, through: feature }), lists, order: dataplaneStages }
    expect(traced(between(onWay), toTwo).advice).toMatch(/^route 10\.2\.0\.0\/16 to vfp0 .*rule 10/)
    const astray = traced(between({ ...children(1, hidden), lists }), toTwo).advice
    expect(astray).toMatch(/^source rule 10 of one maps .* leaves through vfp0/)
  })

  test('a network that is not there, where nothing is translated', () => {
    const { disposition, advice } = traced(between({}, { interfaces: [wan(2), lan('10.77.0.1')] }), toTwo)
    expect([disposition, advice]).toEqual(['not-translated', expect.stringMatching(/^let two have a route/)])
  })

  test('a route for the far network only, where the tunnel takes everything', () => {
    const { advice } = traced(between(routed(1, '0.0.0.0/0', '0.0.0.0/0', [])), toTwo)
    expect(advice).toMatch(/the network of 10\.2\.0\.7 into/)
  })

  test('what a child is for, where it is for some protocols', () => {
    const { advice } = traced(between(children(1, { only: { protocol: RangeSet.ofValues([17]) } })), toTwo)
    expect(advice).toContain('child1 of one carry such packets too')
  })

  test('an address that is nobody of the site', () => {
    const { advice } = traced(between(), ['one', '10.77.0.5', '10.2.0.7'])
    expect(advice).toContain('10.77.0.5 is in no subnet of one (10.1.0.0/16)')
  })

  test('says that a host of the own site is called by what peers call it', () => {
    const lists = [list('source-nat', { source: set('10.1.0.0/16') }, { kind: 'map', to: Prefix.parse('10.9.0.0/16') })]
    const called = { ...children(1, ends('10.9.0.0/16', '10.2.0.0/16')), lists }
    expect(traced(between(called), ['one', '10.1.0.5', '10.9.0.7']).advice).toContain('10.9.0.7 is what peers call')
    expect(traced(between(called), ['one', '10.1.0.5', '10.8.0.7']).advice).toContain('add a selector for 10.8.0.7')
  })
})

test('a world of nobody else leaves the peer unknown', () => {
  const { world } = worldOfDevices([{ site: 'one', device: at(1) }])
  expect(traced(world, toTwo).disposition).toBe('peer-unknown')
  expect(worldOf().sites.size).toBe(0)
})

test('which of two peers behind any address it is nobody knows', () => {
  const open = { ...sampleTunnel(1, 2), remote: { address: { kind: 'any' } as const, identity: '%any' } }
  const { world } = worldOfDevices([
    { site: 'one', device: at(1, { tunnels: [open] }) },
    { site: 'two', device: at(2, children(2, { start: 'initiate' })) },
    { site: 'three', device: at(2, children(2, { start: 'initiate' })) },
  ])
  const { disposition, doubts } = traced(world, toTwo)
  expect(disposition).toBe('unknown')
  expect(doubts.map(({ doubt }) => doubt.what)).toEqual(['which of two and three the tunnel gateway2 leads to'])
})

test('a peer whose tunnel was not understood is not one that is not there', () => {
  const world = between({}, { tunnels: [], unread: [unread('tunnels')] })
  expect(traced(world, toTwo)).toMatchObject({ disposition: 'unknown', doubts: [{ site: 'two', doubt: { line: 40 } }] })
})
