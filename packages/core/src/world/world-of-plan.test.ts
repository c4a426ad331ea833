import { describe, expect, test } from 'vitest'
import { Address } from '../address/address.ts'
import { Prefix } from '../address/prefix.ts'
import { emptyLock } from '../allocation/lock.ts'
import type { Device, DeviceInterface } from '../device/device.ts'
import { deviceOfPolicy } from '../device/device-of-policy.ts'
import { normalize } from '../network/normalize.ts'
import type { WrittenNetwork } from '../network/written.ts'
import { planNetwork } from '../plan/plan-network.ts'
import { derivePolicies } from '../policy/derive-policies.ts'
import type { WorldSite } from './world.ts'
import { worldOfPlan } from './world-of-plan.ts'

function planned(change: (device: Device) => Device, kubernetes = {}): WorldSite {
  const written: WrittenNetwork = {
    version: 1,
    pools: ['192.168.0.0/16'],
    sites: {
      a: {
        subnets: ['10.0.1.0/24'],
        reserved: ['10.50.0.0/16'],
        kubernetes: { podSubnets: ['172.30.0.0/16'], serviceSubnets: ['172.21.0.0/16'], ...kubernetes },
        gateway: {
          platform: 'vyos-1.4',
          outside: { interface: 'eth1', address: '10.0.9.1', publicAddress: '203.0.113.1' },
          inside: { interface: 'eth0' },
        },
      },
      b: {
        subnets: ['10.0.1.0/24'],
        gateway: { platform: 'vyos-1.4', outside: { interface: 'eth1', address: '198.51.100.1' } },
      },
    },
    tunnels: [{ sites: ['a', 'b'] }],
  }
  const { plan } = planNetwork(normalize(written).value ?? fail(), emptyLock)
  const { policies } = derivePolicies(plan ?? fail())
  const devices = new Map(policies.map((policy) => [policy.site as string, deviceOfPolicy(policy)]))
  devices.set('a', change(devices.get('a') ?? fail()))
  return worldOfPlan(plan ?? fail(), devices).sites.get('a') ?? fail()
}

function fail(): never {
  throw new Error('the network has no plan')
}

function network(name: string, address: string, length: number): DeviceInterface {
  const own = Address.parse(address)
  const known = { kind: 'known', address: own, network: Prefix.fromBits(own.bits, length), line: 1 } as const
  return { name, kind: 'physical', table: 'main', addresses: [known], line: 1 }
}

describe('worldOfPlan', () => {
  test('has the facts of the plan where the device is silent', () => {
    const site = planned((device) => ({ ...device, interfaces: [], lists: [] }))
    expect(site.sides).toEqual({ uplinks: ['eth1'], inside: 'eth0' })
    expect(site.addresses.map(String)).toEqual(['10.0.9.1', '203.0.113.1'])
    expect(site.subnets.map(String)).toEqual(['10.0.1.0/24'])
    expect(site.otherNetworks.map(String)).toEqual(['10.50.0.0/16'])
  })

  test('has the uplink of the plan, whatever rules of others name', () => {
    const match = { out: { names: ['eth7'], negated: false } }
    const rule = { number: 7, match, action: { kind: 'masquerade' }, description: 'mine', line: 9 } as const
    const site = planned((device) => ({
      ...device,
      interfaces: [],
      lists: device.lists.map((list) => (list.kind === 'source-nat' ? { ...list, rules: [rule, rule] } : list)),
    }))
    expect(site.sides.uplinks).toEqual(['eth1'])
  })

  test('has networks of both, and the sides of the device', () => {
    const interfaces = [
      network('ens1', '10.0.9.1', 24),
      network('ens2', '10.0.1.1', 24),
      network('ens3', '10.77.0.1', 24),
    ]
    const site = planned((device) => ({ ...device, interfaces, lists: [] }))
    expect(site.sides).toEqual({ uplinks: ['ens1'], inside: 'ens2' })
    expect(site.otherNetworks.map(String)).toEqual(['10.50.0.0/16', '10.77.0.0/24'])
  })

  test('knows no inside interface where the device shows others than the plan, and none of them has the subnets', () => {
    const interfaces = [
      network('ens1', '10.0.9.1', 24),
      network('ens2', '10.76.0.1', 24),
      network('ens3', '10.77.0.1', 24),
    ]
    const site = planned((device) => ({ ...device, interfaces, lists: [] }))
    expect(site.sides.inside).toBeUndefined()
  })

  test.each([
    {
      why: 'the gateway of the private network',
      kubernetes: {},
      to: ['link', 'cluster', 'cluster', 'gateway', 'gateway', 'public'],
    },
    {
      why: 'a gateway that the plan names',
      kubernetes: { gateway: '10.0.1.1' },
      to: ['link', 'cluster', 'cluster', 'gateway', 'public'],
    },
  ])('gives nodes their routes: $why', ({ kubernetes, to }) => {
    const [group] = planned((device) => device, kubernetes).nodes
    expect(group?.routes.map((route) => route.to)).toEqual(to)
    expect(group?.routes.filter(({ isManaged }) => isManaged)).toHaveLength(1)
  })
})
