import { describe } from 'vitest'
import type { DeviceRule } from '../../packages/core/src/device/device.ts'
import { sampleTunnel } from '../../packages/core/src/world/sample-world.ts'
import {
  type Asked,
  type Changes,
  child,
  exempt,
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
import { itFinds } from './rows.ts'

/** Many hosts that share a few addresses towards the peer. */
const pooled = ruleOf(
  10,
  { source: real, destination: '192.168.2.0/24', out: 'eth1' },
  poolOf('172.29.41.88', '172.29.41.95'),
)

const uplink = routeOf('0.0.0.0/0', via('192.0.2.254'))

describe('translations', () => {
  const many = [child('172.29.41.89/32', '192.168.2.0/24')]
  const toOthers = [ruleOf(10, { source: real, destination: '192.168.2.0/24', out: 'eth1' }, mapTo('192.168.3.0/24'))]
  const hiding = (to: string, more: Asked = {}) => [
    ruleOf(10, { source: real, destination: '192.168.2.0/24', out: 'eth1', ...more }, mapTo(to)),
  ]
  const toMany: Changes = { children: [child('192.168.2.0/24', '172.29.41.89/32')], ...natOfB() }
  itFinds([
    [
      'of different lengths',
      { source: [ruleOf(1000, { source: real, destination: '192.168.2.0/24', out: 'eth1' }, mapTo('192.168.1.0/25'))] },
      ['NAT_NOT_ONE_TO_ONE', 'NAT_HALF'],
    ],
    [
      'of different lengths, for any destination',
      { source: [ruleOf(1000, { source: real, out: 'eth1' }, mapTo('192.168.1.0/25'))] },
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
        source: [pooled],
        destination: [],
      },
      ['NAT_ONE_WAY'],
      { ...toMany, children: [child('192.168.2.0/24', '172.29.41.88/29')] },
    ],
    [
      'so is one with an exemption for some hosts in front: they take no address from others',
      {
        children: [child('172.29.41.88/29', '192.168.2.0/24')],
        source: [ruleOf(5, { source: '10.1.0.0/28', out: 'eth1' }, exempt), pooled],
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
      'for any destination as well',
      {
        children: [child('192.0.2.1/32', '192.168.2.0/24')],
        source: [ruleOf(10, { source: real, out: 'eth1' }, masquerade)],
        destination: [],
      },
      ['NAT_ONE_WAY'],
      { ...toMany, children: [child('192.168.2.0/24', '192.0.2.1/32')] },
    ],
    [
      'of all interfaces but the inside as well',
      {
        children: [child('192.0.2.1/32', '192.168.2.0/24')],
        source: [ruleOf(10, { source: real, destination: '192.168.2.0/24', out: '!eth0' }, masquerade)],
        destination: [],
      },
      ['NAT_ONE_WAY'],
      { ...toMany, children: [child('192.168.2.0/24', '192.0.2.1/32')] },
    ],
    [
      'so is a prefix that is all of what the selector carries',
      { children: [child('172.29.41.88/29', '192.168.2.0/24')], source: hiding('172.29.41.88/29'), destination: [] },
      ['NAT_ONE_WAY'],
      { ...toMany, children: [child('192.168.2.0/24', '172.29.41.88/29')] },
    ],
    [
      'but not one that is a part of it',
      { children: [child('172.29.41.88/29', '192.168.2.0/24')], source: hiding('172.29.41.88/30'), destination: [] },
      ['NAT_NOT_ONE_TO_ONE', 'NAT_HALF', 'SELECTOR_UNBACKED'],
      { ...toMany, children: [child('192.168.2.0/24', '172.29.41.88/29')] },
    ],
    [
      'nor one for a protocol',
      { children: many, source: hiding('172.29.41.89/32', { protocol: 6 }), destination: [] },
      [],
      toMany,
    ],
    [
      'a service that is led to one host changes nothing of that',
      {
        children: many,
        source: hiding('172.29.41.89/32'),
        destination: [
          ruleOf(
            10,
            { destination: '172.29.41.89/32', source: '192.168.2.0/24', in: 'eth1', protocol: 6, destinationPort: 443 },
            mapTo('10.1.0.10/32'),
          ),
        ],
      },
      ['NAT_ONE_WAY'],
      toMany,
    ],
    [
      'nor does a rule that leads to a host that is not hidden',
      {
        children: many,
        source: hiding('172.29.41.89/32', { source: '10.1.0.0/25' }),
        destination: [
          ruleOf(10, { destination: '172.29.41.89/32', source: '192.168.2.0/24', in: 'eth1' }, mapTo('10.1.0.200/32')),
        ],
      },
      ['NAT_ONE_WAY', 'NAT_HALF'],
      toMany,
    ],
    [
      'nor one for all but some addresses',
      {
        children: many,
        source: hiding('172.29.41.89/32'),
        destination: [ruleOf(10, { destination: '!10.0.0.0/8', in: 'eth1' }, mapTo('10.1.0.10/32'))],
      },
      ['NAT_ONE_WAY', 'NAT_CATCHES_TUNNEL'],
      toMany,
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
      'with one that is not understood and for another peer',
      {
        destination: [
          ruleOf(
            10,
            { source: '192.168.77.0/24', destination: '192.168.1.0/24' },
            { kind: 'unknown' },
            { doubt: { line: 4, what: 'rule 10' } },
          ),
        ],
      },
      ['NAT_HALF'],
    ],
    [
      'with a source rule that is not understood, which cannot be the missing one',
      {
        source: [
          goodRules.source,
          ruleOf(20, { source: real }, { kind: 'unknown' }, { doubt: { line: 4, what: 'rule 20' } }),
        ],
        destination: [],
      },
      ['NAT_HALF'],
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
    ['to something that no selector holds', { source: toOthers }, ['NAT_UNSELECTED', 'NAT_HALF']],
    [
      'to something that a selector may hold which is not understood',
      { source: toOthers, tunnel: { doubt: { line: 3, what: 'tunnel 2' } } },
      ['NAT_HALF'],
    ],
    [
      'to something that a line may hold which is not understood',
      { source: toOthers, unread: [{ line: 3, text: 'set vpn', touches: 'tunnels', isPlaced: false }] },
      ['NAT_HALF', 'PROOF_INCOMPLETE'],
    ],
    [
      'of one service, which is sent to the internet by an address of its own',
      {
        source: [
          ruleOf(
            10,
            { source: real, destination: '192.168.2.0/24', out: 'eth1', protocol: 6, destinationPort: 25 },
            mapTo('203.0.113.9/32'),
          ),
          goodRules.source,
        ],
      },
      [],
    ],
    [
      'an exemption towards the peer for a network that no selector holds',
      {
        source: [
          goodRules.source,
          ruleOf(2000, { source: '10.77.0.0/24', destination: '192.168.2.0/24', out: 'eth1' }, exempt),
        ],
      },
      ['NAT_UNSELECTED'],
    ],
    [
      'on the inside',
      { source: [ruleOf(1000, { source: real, destination: '192.168.2.0/24', out: 'eth0' }, mapTo('192.168.1.0/24'))] },
      ['NAT_INTERFACE_WRONG'],
    ],
    [
      'an exemption on the virtual interface of the child that it names',
      {
        children: [child('192.168.1.0/24', '192.168.2.0/24', { through: { kind: 'feature', interface: 'vfp0' } })],
        routes: [
          uplink,
          ...['192.168.2.0/25', '192.168.2.128/25'].map((half) =>
            routeOf(half, { kind: 'interface', interface: 'vfp0' }),
          ),
        ],
        source: [
          ruleOf(1000, { source: real, destination: '192.168.2.0/24', out: 'vfp0' }, mapTo('192.168.1.0/24')),
          ruleOf(1010, { source: '192.168.1.0/24', destination: '192.168.2.0/24', out: 'vfp0' }, exempt),
        ],
        destination: [
          ruleOf(1000, { destination: '192.168.1.0/24', source: '192.168.2.0/24', in: 'vfp0' }, mapTo(real)),
        ],
      },
      [],
    ],
    [
      'an exemption on another interface',
      {
        source: [
          ruleOf(1000, { source: real, destination: '192.168.2.0/24', out: 'eth1' }, mapTo('192.168.1.0/24')),
          ruleOf(1010, { source: '192.168.1.0/24', destination: '192.168.2.0/24', out: 'eth0' }, exempt),
        ],
      },
      ['NAT_INTERFACE_WRONG'],
    ],
    [
      'an exemption on another interface, of what is translated on the right one',
      {
        source: [goodRules.source, ruleOf(1010, { source: real, destination: '192.168.2.0/24', out: 'eth0' }, exempt)],
      },
      ['NAT_INTERFACE_WRONG', 'NAT_UNSELECTED'],
    ],
    [
      'a masquerade on another interface',
      {
        source: [
          goodRules.source,
          ruleOf(1010, { source: real, destination: '192.168.2.0/24', out: 'eth0' }, masquerade),
        ],
      },
      ['NAT_NOT_ONE_TO_ONE'],
    ],
    [
      'on an interface that may be the uplink, since no route shows which one is',
      { routes: [], site: { sides: { uplinks: [], inside: undefined } } },
      [],
    ],
    [
      'on a pattern that holds the uplink',
      { source: [ruleOf(1000, { source: real, destination: '192.168.2.0/24', out: 'eth+' }, mapTo('192.168.1.0/24'))] },
      [],
    ],
    ['to a network that is not there', toElsewhere(), ['NAT_TARGET_MISSING']],
    [
      'to one that a route leads to',
      { ...toElsewhere(), routes: [uplink, routeOf('10.99.0.0/16', via('10.1.0.9'))] },
      [],
    ],
    [
      'to one behind another tunnel',
      {
        ...toElsewhere(),
        tunnels: [
          sampleTunnel(1, 2, { children: [child('192.168.1.0/24', '192.168.2.0/24')] }),
          sampleTunnel(1, 3, { children: [child(real, '10.99.0.0/24')] }),
        ],
      },
      ['PEER_UNKNOWN'],
    ],
    [
      'to one that may be there, since the inside has no address that is written',
      { ...toElsewhere(), interfaces: [interfaceOf('eth0', undefined), interfaceOf('eth1', '192.0.2.1/24')] },
      [],
    ],
    [
      'to one that may be there, since another interface gets its address from elsewhere',
      {
        ...toElsewhere(),
        interfaces: [
          interfaceOf('eth0', '10.1.0.1/24'),
          interfaceOf('eth1', '192.0.2.1/24'),
          interfaceOf('eth2', undefined, { addresses: [{ kind: 'dynamic', line: undefined }] }),
        ],
      },
      [],
    ],
    [
      'to one that a route may lead to which is not understood',
      {
        ...toElsewhere(),
        routes: [uplink, routeOf('10.3.0.0/16', via('10.1.0.9'), { doubt: { line: 3, what: 'route' } })],
      },
      [],
    ],
    [
      'to one that a line may lead to which is not understood',
      { ...toElsewhere(), unread: [{ line: 3, text: 'set protocols', touches: 'routes', isPlaced: false }] },
      ['PROOF_INCOMPLETE'],
    ],
    [
      'to one of which something else is not understood',
      { ...toElsewhere({ doubt: { line: 3, what: 'rule 1000' } }), source: [] },
      [],
    ],
    [
      'a port forward of the internet to one that is not there',
      {
        destination: [
          goodRules.destination,
          ruleOf(
            5000,
            { in: 'eth1', destination: '192.0.2.1/32', protocol: 6, destinationPort: 443 },
            mapTo('10.99.0.5/32'),
          ),
        ],
      },
      [],
    ],
  ])
})

/** Both rules are for a network that the gateway does not show. */
function toElsewhere(more: Partial<DeviceRule> = {}): Changes {
  const [own, peer] = ['192.168.1.0/24', '192.168.2.0/24']
  return {
    source: [ruleOf(1000, { source: '10.99.0.0/24', destination: peer, out: 'eth1' }, mapTo(own))],
    destination: [ruleOf(1000, { destination: own, source: peer, in: 'eth1' }, mapTo('10.99.0.0/24'), more)],
  }
}

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
