import { describe, expect, it } from 'vitest'
import { Address } from '../address/address.ts'
import { Prefix } from '../address/prefix.ts'
import type { Device, DeviceInterface, DeviceRoute, SteeringRule, Unread } from '../device/device.ts'
import { withoutApartTables } from './apart-tables.ts'
import { sampleDevice, sampleTunnel } from './sample-world.ts'

function port(name: string, address: string, table = 'main'): DeviceInterface {
  const own = Address.parse(address)
  const known = { kind: 'known', address: own, network: Prefix.fromBits(own.bits, 24), line: 1 } as const
  return { name, kind: 'physical', table, addresses: [known], line: 1 }
}

function route(table: string, prefix: string, via: string): DeviceRoute {
  const to = { kind: 'via', address: Address.parse(via), interface: undefined } as const
  return { table, prefix: Prefix.parse(prefix), to, distance: 1, line: 1 }
}

const learned: Unread = { line: 9, text: 'protocols bgp', touches: 'routes', isPlaced: false, fills: '100' }
const own = [port('eth0', '192.0.2.1'), port('eth1', '10.1.0.1')]
const other = port('eth5', '10.2.0.1', '100')

function leftOf(more: Partial<Device>): string[] {
  const device = sampleDevice({
    tunnels: [sampleTunnel(1, 2)],
    interfaces: [...own, other],
    unread: [learned],
    ...more,
  })
  const { interfaces, routes, unread } = withoutApartTables(device)
  return [...interfaces.map(({ name }) => name), ...routes.map(({ table }) => table), ...unread.map(({ text }) => text)]
}

describe('a routing table', () => {
  it('that no packet of the tunnels uses is left out, with what fills it', () => {
    expect(leftOf({ routes: [route('100', '10.9.0.0/16', '10.2.0.9')] })).toEqual(['eth0', 'eth1'])
  })

  it('keeps lines that fill no table, or another one', () => {
    const main = { ...learned, text: 'main', fills: 'main' }
    const { fills: _, ...open } = { ...learned, text: 'open' }
    expect(leftOf({ unread: [learned, main, open] })).toEqual(['eth0', 'eth1', 'main', 'open'])
  })

  it('may have nothing but what fills it', () => {
    expect(leftOf({ interfaces: own })).toEqual(['eth0', 'eth1'])
  })

  const toTable: SteeringRule = { match: {}, asked: 'at-routing', to: { kind: 'table', table: '100' }, line: 1 }
  it.each<[string, Partial<Device>]>([
    ['hosts of the tunnels are behind it', { interfaces: [...own, port('eth5', '10.1.7.1', '100')] }],
    ['a tunnel starts there', { tunnels: [sampleTunnel(1, 2)], interfaces: [port('eth5', '192.0.2.1', '100')] }],
    ['a tunnel may start anywhere', { tunnels: [sampleTunnel(0, 2)] }],
    ['a rule leads to it', { steering: [toTable] }],
    ['a rule leads nobody knows where', { steering: [{ ...toTable, to: { kind: 'unknown' } }] }],
    ['a route of another table leads there', { routes: [route('main', '10.9.0.0/16', '10.2.0.9')] }],
    [
      'a route leads into it in a way that is not followed',
      { routes: [{ ...route('main', '10.9.0.0/16', '192.0.2.9'), doubt: { line: 1, what: 'in the VRF red' } }] },
    ],
  ])('stays where %s', (_, more) => {
    expect(leftOf(more)).toEqual(expect.arrayContaining(['eth5', 'protocols bgp']))
  })
})
