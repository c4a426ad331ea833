import { describe, expect, it } from 'vitest'
import { Address } from '../address/address.ts'
import { Prefix } from '../address/prefix.ts'
import type { DeviceInterface, DeviceRoute, NextHop, SteeringRule } from '../device/device.ts'
import { mainTable } from '../device/next-hop.ts'
import { RangeSet } from '../match/range-set.ts'
import { leavesElsewhere, routeLack } from './own-ways.ts'
import { sampleEnd, sampleSite, sampleTunnel } from './sample-world.ts'

const own = '192.0.2.1'
const first = network('eth1', `${own}/28`)
const second = network('eth2', '198.51.100.1/28')
const inside = network('eth0', '10.1.0.1/16')
const byFirst: NextHop = { kind: 'via', address: Address.parse('192.0.2.14'), interface: undefined }
const bySecond: NextHop = { kind: 'via', address: Address.parse('198.51.100.14'), interface: undefined }

function network(name: string, text: string, table: string = mainTable): DeviceInterface {
  const [host = '', length] = text.split('/')
  const address = Address.parse(host)
  return {
    name,
    kind: 'physical',
    table,
    addresses: [{ kind: 'known', address, network: Prefix.fromBits(address.bits, Number(length)), line: 1 }],
    line: 1,
  }
}

function route(to: NextHop, table: string = mainTable): DeviceRoute {
  return { prefix: Prefix.parse('0.0.0.0/0'), to, distance: 1, table, line: 1 }
}

/** The peer is at 203.0.113.9, in nobody's network. */
const tunnel = {
  ...sampleTunnel(1, 2),
  remote: { ...sampleEnd(2), address: { kind: 'known', address: Address.parse('203.0.113.9') } } as const,
}

interface Given {
  readonly routes?: readonly DeviceRoute[]
  readonly steering?: readonly SteeringRule[]
  readonly interfaces?: readonly DeviceInterface[]
}

function site({ routes = [route(bySecond)], steering = [], interfaces = [inside, first, second] }: Given) {
  const device = { interfaces, routes, steering, tunnels: [tunnel], wholeTables: [4] as const }
  return sampleSite('here', device, { sides: { uplinks: ['eth1', 'eth2'], inside: 'eth0' } })
}

function rule(
  from: string | undefined,
  to: string | undefined,
  more: Partial<SteeringRule['match']> = {},
): SteeringRule {
  const source = from === undefined ? {} : { source: RangeSet.ofPrefixes([Prefix.parse(from)]) }
  const chosen = to === undefined ? ({ kind: 'unknown' } as const) : ({ kind: 'table', table: to } as const)
  return { match: { ...source, ...more }, asked: 'at-routing', to: chosen, line: 7 }
}

const ofOwn = rule(`${own}/32`, '101')
const backByFirst = [route(bySecond), route(byFirst, '101')]

describe('leavesElsewhere', () => {
  const elsewhere = expect.stringContaining('sends them by eth2')

  it.each<[string, Given, unknown]>([
    ['the main table leads to the other uplink', {}, elsewhere],
    ['the main table leads to its own', { routes: [route(byFirst)] }, undefined],
    ['a rule for its address has a table that leads back', { routes: backByFirst, steering: [ofOwn] }, undefined],
    ['a rule for others has that table', { routes: backByFirst, steering: [rule('10.1.0.0/16', '101')] }, elsewhere],
    [
      'a rule for what comes in from hosts has that table',
      { routes: backByFirst, steering: [rule(undefined, '101', { in: { names: ['eth0'], negated: false } })] },
      elsewhere,
    ],
    [
      'a rule for IKE has that table, and none for ESP',
      { routes: backByFirst, steering: [{ ...ofOwn, match: { ...ofOwn.match, protocol: RangeSet.ofValues([17]) } }] },
      elsewhere,
    ],
    [
      'nobody knows whether the rule takes them',
      { routes: backByFirst, steering: [{ ...ofOwn, match: { ...ofOwn.match, unknown: 'a time' } }] },
      elsewhere,
    ],
    [
      'a rule for marked packets of hosts is asked',
      { steering: [{ ...ofOwn, asked: 'before-translation' }] },
      elsewhere,
    ],
    [
      'the rule’s table has no route for the peer',
      { routes: [route(bySecond), apart()], steering: [ofOwn] },
      elsewhere,
    ],
    [
      'the rule’s table leads to the other one, and the main table to its own',
      { routes: [route(byFirst), route(bySecond, '101')], steering: [ofOwn] },
      elsewhere,
    ],
    [
      'other interfaces are in a VRF',
      { interfaces: [network('eth0', '10.1.0.1/16', '200'), first, second] },
      elsewhere,
    ],
    ['the uplink itself is', { interfaces: [inside, network('eth1', `${own}/28`, '200'), second] }, undefined],
  ])('where %s', (_, given, expected) => {
    expect(leavesElsewhere(site(given), tunnel)).toEqual(expected)
  })
})

function apart(): DeviceRoute {
  return { ...route(byFirst, '101'), prefix: Prefix.parse('10.9.0.0/16') }
}

describe('routeLack', () => {
  const lack = expect.stringContaining('has no route to 203.0.113.9')
  const nowhere = route({ kind: 'nowhere' })

  it.each<[string, Given, unknown]>([
    ['no table has a route', { routes: [] }, lack],
    ['it is not understood', { routes: [{ ...nowhere, doubt: { line: 1, what: 'route' } }] }, undefined],
    [
      'a rule for its address has a table that has one',
      { routes: [nowhere, route(byFirst, '101')], steering: [ofOwn] },
      undefined,
    ],
    ['a rule for its address has a table that has none', { routes: [nowhere, apart()], steering: [ofOwn] }, lack],
    ['a rule for its address has a table that is not shown', { routes: [nowhere], steering: [ofOwn] }, undefined],
    [
      'a rule for its address leads nobody knows where',
      { routes: [nowhere], steering: [rule(`${own}/32`, undefined)] },
      undefined,
    ],
    [
      'a rule for others has a table that has one',
      { routes: [nowhere, route(byFirst, '101')], steering: [rule('10.1.0.0/16', '101')] },
      lack,
    ],
  ])('where %s', (_, given, expected) => {
    expect(routeLack(site(given), tunnel)).toEqual(expected)
  })

  it('where the own address is not known, and a rule asks for it', () => {
    const open = { ...tunnel, local: sampleEnd(0) }
    const given = { routes: [nowhere, route(byFirst, '101')] }
    expect(routeLack(site({ ...given, steering: [ofOwn] }), open)).toBeUndefined()
    expect(routeLack(site({ ...given, steering: [rule(undefined, '102')] }), open)).toBeUndefined()
    expect(routeLack(site(given), open)).toEqual(lack)
  })
})
