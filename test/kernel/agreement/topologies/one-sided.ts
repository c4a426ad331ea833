import { Prefix } from '@natplan/core'
import { pick, type Random } from '../../lab/mutations.ts'
import { bareGateway, connected, guarded, hostsOf, masquerading, translating } from '../compose.ts'
import type { GatewayState, Network } from '../network.ts'

const lan = Prefix.parse('10.0.1.0/24')
const seen = { a: Prefix.parse('192.168.2.0/24'), b: Prefix.parse('192.168.1.0/24') } as const
const link = { near: '169.254.64.0', far: '169.254.64.1' } as const

/**
 * Both sites have the same network, and `a` translates for both: packets pass it twice, in the main table and in a VRF behind a cable inside
 * it, where the virtual interface of the tunnel is.
 */
export function oneSided(random: Random): Network {
  const a = masked(withVrf(bareGateway('a', { lans: [lan] })), random)
  const guardedA =
    random() < 0.7
      ? guarded(a, [seen.b], { kind: 'off', interface: 'lan0', also: ['cable0', 'cable1', 'apart', 'ipsec0'] })
      : a
  const bare = masked(bareGateway('b', { lans: [lan] }), random)
  const guardedB = random() < 0.6 ? guarded(bare, [seen.a], { kind: 'on', interface: 'wan0' }) : bare
  const starts = [
    ['start', 'trap'],
    ['start', 'none'],
    ['start', 'start'],
    ['none', 'trap'],
  ] as const
  const [one, other] = connected(guardedA, guardedB, {
    pairs: [{ local: [seen.a], remote: [lan], interfaceId: 42 }],
    start: pick(random, starts),
  })
  return {
    name: 'one-sided',
    changes: '',
    gateways: [one, withoutInterface(other)],
    hosts: [...hostsOf('a', [lan]), ...hostsOf('b', [lan])],
    natBox: undefined,
    called: new Map([
      ['a', [seen.b]],
      ['b', [seen.a]],
    ]),
  }
}

function masked(gateway: GatewayState, random: Random): GatewayState {
  return random() < 0.7 ? masquerading(gateway) : gateway
}

/** The peer has selectors and no virtual interface. */
function withoutInterface(gateway: GatewayState): GatewayState {
  const connections = gateway.connections.map((connection) => ({
    ...connection,
    children: connection.children.map((child) => ({ ...child, interfaceId: undefined })),
  }))
  return { ...gateway, connections }
}

function withVrf(gateway: GatewayState): GatewayState {
  const near = { from: lan, to: seen.a, peers: [seen.b], interface: 'cable0' }
  const far = { from: lan, to: seen.b, peers: [seen.a], interface: 'cable1' }
  return {
    ...translating(gateway, [near, far]),
    addresses: [
      ...gateway.addresses,
      'rule add pref 1 l3mdev',
      'rule add pref 2 lookup local',
      'rule delete pref 0 lookup local',
      'link add apart type vrf table 1100',
      'link set apart up',
      'link add cable0 type veth peer name cable1',
      `address add ${link.near}/31 dev cable0`,
      'link set cable0 up',
      'link set cable1 master apart',
      `address add ${link.far}/31 dev cable1`,
      'link set cable1 up',
      'link add ipsec0 type xfrm if_id 42',
      'link set ipsec0 master apart',
      'link set ipsec0 up',
    ],
    routes: [
      ...gateway.routes,
      `${seen.b} via ${link.far} dev cable0`,
      'unreachable default table 1100 metric 4278198272',
      `${lan} dev ipsec0 table 1100`,
      `blackhole ${lan} table 1100 metric 254`,
      `${seen.a} via ${link.near} dev cable1 table 1100`,
    ],
    zones: [
      ['ipsec0', 1100],
      ['cable1', 1100],
    ],
    installRoutes: false,
  }
}
