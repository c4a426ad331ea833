import { describe, expect, it } from 'vitest'
import { Address } from '../address/address.ts'
import { Prefix } from '../address/prefix.ts'
import type { Device, DeviceInterface, DeviceRule, DeviceTunnel, RuleList } from '../device/device.ts'
import { dataplaneStages } from '../device/stages.ts'
import type { PacketMatch } from '../match/packet-match.ts'
import { tcp } from '../match/protocols.ts'
import { RangeSet } from '../match/range-set.ts'
import { sampleDevice, sampleTunnel } from '../world/sample-world.ts'
import { worldOfDevices } from '../world/world-of-devices.ts'
import { tracePacket } from './request.ts'

function network(name: string, address: string, length: number): DeviceInterface {
  const own = Address.parse(address)
  const known = { kind: 'known', address: own, network: Prefix.fromBits(own.bits, length), line: 3 } as const
  return { name, kind: 'physical', table: 'main', line: 3, addresses: [known] }
}

/** A gateway with a data plane: 10.1.0.0/16 or 10.2.0.0/16 behind eth0, a virtual interface for what comes out of its tunnel. */
function at(octet: 1 | 2, lists: readonly RuleList[]): Device {
  const other = octet === 1 ? 2 : 1
  return sampleDevice({
    order: dataplaneStages,
    installsRoutes: 'always',
    interfaces: interfacesOf(octet),
    tunnels: tunnelsTo(other, octet, { local: octet, remote: other }),
    lists,
  })
}

function interfacesOf(octet: number): DeviceInterface[] {
  return [
    network('eth1', `192.0.2.${octet}`, 24),
    network('eth0', `10.${octet}.0.1`, 16),
    { name: 'vfp0', kind: 'virtual', table: 'main', addresses: [], line: 4 },
  ]
}

function tunnelsTo(
  peer: number,
  own: number,
  ends: { readonly local: number; readonly remote: number },
): DeviceTunnel[] {
  const tunnel = sampleTunnel(own, peer, { start: 'initiate' })
  const [local, remote] = [ends.local, ends.remote].map((octet) => Prefix.parse(`10.${octet}.0.0/16`)) as [
    Prefix,
    Prefix,
  ]
  const through = { kind: 'feature', interface: 'vfp0' } as const
  const children = tunnel.children.map((child) => ({ ...child, local, remote, start: 'initiate' as const, through }))
  return [{ ...tunnel, children }]
}

type Way = 'in' | 'out'

/** The filter of one way of an interface; what none of the rules takes is dropped. */
function filter(way: Way, name: string, rules: readonly DeviceRule[], fallback: 'drop' | 'accept' = 'drop'): RuleList {
  const set = { name: `${name} ${way}`, rules, fallback, line: 9 } as const
  const match = { [way]: { names: [name], negated: false } }
  const call = { number: undefined, description: undefined, line: 8, match }
  return {
    name: `${name} firewall ${way}`,
    hook: way === 'in' ? 'prerouting' : 'postrouting',
    priority: way === 'in' ? -200 : 200,
    kind: 'filter',
    sparesSessions: [way],
    rules: [{ ...call, action: { kind: 'jump', to: set, isFinal: false } }],
    fallback: 'accept',
    line: 8,
  }
}

function accept(more: Partial<DeviceRule> = {}): DeviceRule {
  return { number: 10, match: {}, action: { kind: 'accept' }, description: undefined, line: 10, ...more }
}

const stateful = (match: PacketMatch = {}) => accept({ match, makesSession: 'both-ways' })
const unsure: PacketMatch = { unknown: 'a time' }
const others: PacketMatch = { source: RangeSet.ofPrefixes([Prefix.parse('172.16.0.0/12')]) }

/** What becomes of a connection from behind one that is called by its own address, and of its answer. */
function traced(one: readonly RuleList[], two: readonly RuleList[] = []): string {
  const { world } = worldOfDevices([
    { site: 'one', device: at(1, one) },
    { site: 'two', device: at(2, two) },
  ])
  const from = world.sites.get('one')
  if (!from) throw new Error('there is no one')
  const ends = { source: Address.parse('10.1.0.5'), destination: Address.parse('10.2.0.7') }
  const { disposition, way, site } = tracePacket(world, from, { ...ends, protocol: tcp })
  return disposition === 'filtered' ? `${disposition} ${way} at ${site}` : disposition
}

describe('sessions of an interface', () => {
  const shut = (way: Way, name: string) => filter(way, name, [])
  it.each<[string, readonly RuleList[], readonly RuleList[], string]>([
    [
      'a rule that keeps none lets the answer meet the filter',
      [filter('in', 'eth0', [accept()]), shut('out', 'eth0')],
      [],
      'filtered back at one',
    ],
    [
      'a rule that keeps one spares the answer',
      [filter('in', 'eth0', [stateful()]), shut('out', 'eth0')],
      [],
      'delivered',
    ],
    [
      'it may be kept where the packet leaves',
      [filter('out', 'vfp0', [stateful()]), shut('in', 'vfp0')],
      [],
      'delivered',
    ],
    [
      'that of another interface spares nothing',
      [filter('in', 'eth0', [stateful()]), shut('in', 'vfp0')],
      [],
      'filtered back at one',
    ],
    [
      'a rule that does not take the packet keeps none',
      [filter('in', 'eth0', [stateful(others), accept()]), shut('out', 'eth0')],
      [],
      'filtered back at one',
    ],
    [
      'that of another gateway spares nothing',
      [filter('in', 'eth0', [stateful()])],
      [shut('out', 'eth0')],
      'filtered there at two',
    ],
    [
      'that of the far end spares its answer',
      [],
      [filter('in', 'vfp0', [stateful()]), shut('out', 'vfp0')],
      'delivered',
    ],
    [
      'what may keep one may spare the answer',
      [filter('in', 'eth0', [stateful(unsure), accept()]), shut('out', 'eth0')],
      [],
      'unknown',
    ],
    ['also where the rest is dropped', [filter('in', 'eth0', [stateful(unsure)]), shut('out', 'eth0')], [], 'unknown'],
    [
      'what may keep one matters only where the answer is dropped',
      [filter('in', 'eth0', [stateful(unsure), accept()]), filter('out', 'eth0', [accept()])],
      [],
      'delivered',
    ],
    [
      'two rules that both may take it and keep one',
      [filter('in', 'eth0', [stateful(unsure), stateful()]), shut('out', 'eth0')],
      [],
      'delivered',
    ],
    [
      'what follows the first packet belongs to it',
      [filter('in', 'eth0', [stateful({ states: ['new'] })])],
      [],
      'delivered',
    ],
    [
      'and without one is asked by itself',
      [filter('in', 'eth0', [accept({ match: { states: ['new'] } })])],
      [],
      'filtered there at one',
    ],
  ])('%s', (_, one, two, expected) => {
    expect(traced(one, two)).toBe(expected)
  })

  it('of what was translated spare answers alone', () => {
    const nat = (makesSession?: 'answers'): RuleList => ({
      name: 'source',
      kind: 'source-nat',
      hook: 'postrouting',
      priority: 100,
      fallback: 'accept',
      line: 20,
      rules: [
        accept({
          match: { source: RangeSet.ofPrefixes([Prefix.parse('10.1.0.0/16')]) },
          action: { kind: 'map', to: Prefix.parse('10.1.0.0/16') },
          ...(makesSession ? { makesSession } : {}),
        }),
      ],
    })
    const way = (filtered: Way, rule?: 'answers') => traced([nat(rule), filter(filtered, 'vfp0', [])])
    expect(way('in', 'answers')).toBe('delivered')
    expect(way('in')).toBe('filtered back at one')
    expect(way('out', 'answers')).toBe('filtered there at one')
  })

  it('that a list spares on both sides', () => {
    const zones: RuleList = { ...filter('out', 'eth0', []), sparesSessions: ['in', 'out'] }
    const kept = filter('out', 'vfp0', [stateful()])
    expect(traced([zones, kept])).toBe('delivered')
    expect(traced([{ ...zones, sparesSessions: ['out'] }, kept])).toBe('filtered back at one')
  })

  it('spare what answers the gateway itself', () => {
    const only = (rule: DeviceRule) => traced([filter('out', 'eth1', [rule]), filter('in', 'eth1', [])])
    expect(only(accept())).toBe('ike-blocked')
    expect(only(stateful())).toBe('delivered')
    expect(only(stateful(unsure))).toBe('unknown')
    expect(traced([filter('out', 'eth1', [])])).toBe('delivered')
  })

  it('are not followed where packets leave by the interface that they came in by', () => {
    const spoke = (octet: 2 | 3): Device => {
      const far = octet === 2 ? 3 : 2
      const [tunnel] = tunnelsTo(1, octet, { local: octet, remote: far })
      return { ...at(2, []), interfaces: interfacesOf(octet), tunnels: tunnel ? [tunnel] : [] }
    }
    const hub = (lists: readonly RuleList[]): Device => ({
      ...at(1, lists),
      tunnels: [...tunnelsTo(2, 1, { local: 3, remote: 2 }), ...tunnelsTo(3, 1, { local: 2, remote: 3 })],
    })
    const turned = (...rules: readonly DeviceRule[]) => {
      const lists = [filter('in', 'vfp0', rules), filter('out', 'vfp0', [])]
      const { world } = worldOfDevices([
        { site: 'one', device: hub(lists) },
        { site: 'two', device: spoke(2) },
        { site: 'three', device: spoke(3) },
      ])
      const from = world.sites.get('two')
      const ends = { source: Address.parse('10.2.0.5'), destination: Address.parse('10.3.0.7'), protocol: tcp }
      return from && tracePacket(world, from, ends).disposition
    }
    expect(turned(accept())).toBe('filtered')
    expect(turned(stateful())).toBe('unknown')
  })
})
