import { describe, expect, it } from 'vitest'
import { Address } from '../address/address.ts'
import { Prefix } from '../address/prefix.ts'
import { routingOf } from '../world/routing.ts'
import { sampleDevice, sampleSite } from '../world/sample-world.ts'
import type { Device, DeviceRoute, Unread } from './device.ts'
import { withShownRoutes } from './with-shown-routes.ts'

function route(text: string, more: Partial<DeviceRoute> = {}): DeviceRoute {
  const to = { kind: 'interface', interface: 'eth0' } as const
  return { line: 1, table: 'main', prefix: Prefix.parse(text), to, distance: 1, ...more }
}

function learned(fills: string): Unread {
  return { line: 9, text: 'protocols bgp', touches: 'routes', isPlaced: false, fills }
}

function shownBy(device: Partial<Device>, ...routes: readonly DeviceRoute[]): Device {
  return withShownRoutes(sampleDevice(device), { file: 'routes.txt', routes, unread: [] })
}

function texts({ routes }: Device): string[] {
  return routes.map(({ table, prefix, file, line }) => `${table} ${prefix} ${file ?? 'config'}:${line}`)
}

describe('withShownRoutes', () => {
  it('puts what is shown in place of what is written, in the tables and families that are shown', () => {
    const written = [route('10.2.0.0/16'), route('2001:db8::/32'), route('10.2.0.0/16', { table: '100' })]
    const device = shownBy({ routes: written }, route('10.3.0.0/16', { line: 4 }))
    expect(texts(device)).toEqual([
      'main 10.3.0.0/16 routes.txt:4',
      'main 2001:db8::/32 config:1',
      '100 10.2.0.0/16 config:1',
    ])
    expect(device.wholeTables).toEqual([4])
  })

  it('calls the table of a VRF as the device does', () => {
    const interfaces = [{ name: 'eth0', kind: 'physical', addresses: [], table: '100', vrf: 'blue', line: 1 }] as const
    expect(texts(shownBy({ interfaces }, route('10.3.0.0/16', { table: 'vrf blue' })))).toEqual([
      '100 10.3.0.0/16 routes.txt:1',
    ])
  })

  it('answers what fills a table that is shown, and nothing else', () => {
    const policy: Unread = { line: 3, text: 'policy route', touches: 'routes', isPlaced: false }
    const placed: Unread = { line: 5, text: 'failover', touches: 'routes', isPlaced: true }
    const other: Unread = { ...placed, line: 6 }
    const others = [other, { ...placed, isPlaced: false }, { ...learned('main'), isPlaced: true }]
    const routes = [route('10.9.0.0/16', { doubt: { line: 5, what: 'failover' } })]
    const device = shownBy(
      { routes, unread: [learned('main'), learned('100'), policy, placed, ...others] },
      route('10.3.0.0/16'),
      route('2001:db8::/32'),
    )
    expect(device.unread).toEqual([learned('100'), policy, ...others])
  })

  it('keeps what is learned as a doubt about packets of the family that is not shown', () => {
    const unread = [learned('main')]
    const half = shownBy({ unread }, route('10.3.0.0/16'))
    expect(half.unread).toEqual([])
    const routes = [route('2001:db8::/32')]
    expect(shownBy({ routes, unread }, route('10.3.0.0/16')).unread).toEqual([{ ...learned('main'), isPlaced: true }])
    const everything = [route('::/0')]
    expect(shownBy({ routes: everything, unread }, route('10.3.0.0/16')).unread).toEqual([])
    const asked = half.steering.map(({ match }) =>
      ['10.0.0.1', '2001:db8::1'].map((text) => match.source?.has(Address.parse(text).bits)),
    )
    expect(asked).toEqual([[false, true]])
    const whole = shownBy({ unread }, route('10.3.0.0/16'), route('2001:db8:9::/48'))
    expect([whole.unread, whole.steering]).toEqual([[], []])
  })

  it('doubts a way over an interface that the configuration does not have', () => {
    const eth0 = { name: 'eth0', kind: 'physical', addresses: [], table: 'main', line: 1 } as const
    const strange = route('10.3.0.0/16', { to: { kind: 'interface', interface: 'tun7' } })
    const { routes } = shownBy({ interfaces: [eth0] }, route('10.2.0.0/16'), strange)
    expect(routes.map(({ doubt }) => doubt?.what)).toEqual([undefined, expect.stringContaining('tun7')])
    expect(routes[1]?.doubt?.file).toBe('routes.txt')
    const loopback = route('10.4.0.0/16', { to: { kind: 'interface', interface: 'lo' } })
    expect(shownBy({ interfaces: [eth0] }, loopback).routes[0]?.doubt).toBeUndefined()
    expect(shownBy({ interfaces: [] }, strange).routes[0]?.doubt).toBeUndefined()
  })

  it('leaves no way for what the whole table does not have', () => {
    const at = (device: Device) =>
      routingOf(sampleSite('a', device, { subnets: [Prefix.parse('10.7.0.0/16')] }))
        .tables.get('main')
        ?.at(Address.parse('10.7.0.1').bits)?.to
    expect(at(sampleDevice())).toBe('inside')
    expect(at(shownBy({}, route('10.3.0.0/16')))).toBe('nowhere')
  })
})
