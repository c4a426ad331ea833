import { expect, it } from 'vitest'
import { Address } from '../address/address.ts'
import { Prefix } from '../address/prefix.ts'
import { sampleDevice } from '../world/sample-world.ts'
import type { DeviceInterface } from './device.ts'
import { interfaceOfRoute, onwardOf } from './next-hop.ts'

function holding(name: string, address: string, network: string, table = 'main'): DeviceInterface {
  const known = { kind: 'known', address: Address.parse(address), network: Prefix.parse(network), line: 1 } as const
  return { name, kind: 'physical', table, addresses: [known], line: 1 }
}

const device = sampleDevice({
  interfaces: [
    holding('wide', '10.0.0.1', '10.0.0.0/8'),
    holding('narrow', '10.1.0.1', '10.1.0.0/16'),
    holding('blue', '10.0.0.2', '10.0.0.0/8', '100'),
  ],
})

function via(address: string, table = 'main') {
  return { table, to: { kind: 'via', address: Address.parse(address), interface: undefined } } as const
}

it.each([
  ['the narrowest network that holds it', via('10.1.0.9'), 'narrow'],
  ['a network of the same table before narrower ones', via('10.1.0.9', '100'), 'blue'],
  ['a network of any table where its own has none', via('10.1.0.9', '200'), 'narrow'],
])('finds a next hop in %s', (_, route, expected) => {
  expect(interfaceOfRoute(device, route)).toBe(expected)
})

it('finds one hop in the table of each route that has it', () => {
  const { to } = via('10.1.0.9')
  expect(['main', '100'].map((table) => interfaceOfRoute(device, { to, table }))).toEqual(['narrow', 'blue'])
})

it('says of a next hop that is in no network whether it is private', () => {
  const hops = ['10.1.0.1', '172.16.0.1', '198.51.100.1'].map((address) => onwardOf(device, via(address)))
  expect(hops).toEqual([
    { kind: 'itself' },
    { kind: 'unknown', isPrivate: true },
    { kind: 'unknown', isPrivate: false },
  ])
})
