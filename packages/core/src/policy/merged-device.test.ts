import { describe, expect, it } from 'vitest'
import { Address } from '../address/address.ts'
import { Prefix } from '../address/prefix.ts'
import type { Device, DeviceRule, RuleList } from '../device/device.ts'
import { deviceOfPolicy } from '../device/device-of-policy.ts'
import { RangeSet } from '../match/range-set.ts'
import type { Network } from '../network/network.ts'
import { normalize } from '../network/normalize.ts'
import { planNetwork } from '../plan/plan-network.ts'
import { derivePolicies } from './derive-policies.ts'
import { limitsFrom } from './existing.ts'
import { fulfils } from './fulfils.ts'
import { besidesAdded, mergedDevice } from './merged-device.ts'
import { whoseDevice } from './whose-device.ts'

const gateway = (address: string, inside = 'eth0') => ({
  platform: 'vyos-1.4' as const,
  outside: { interface: 'eth1', address },
  inside: { interface: inside },
})

function planned(): { readonly network: Network; readonly policies: ReturnType<typeof derivePolicies>['policies'] } {
  const { value } = normalize({
    version: 1,
    sites: {
      hub: { subnets: ['10.0.1.0/24'], gateway: gateway('203.0.113.1') },
      north: { subnets: ['10.0.1.0/24'], gateway: gateway('192.0.2.1') },
      south: { subnets: ['10.0.1.0/24'], gateway: gateway('192.0.2.2') },
    },
    tunnels: [{ sites: ['hub', 'north'] }, { sites: ['hub', 'south'] }],
  })
  const plan = value && planNetwork(value).plan
  if (!plan) throw new Error('no plan')
  return { network: plan.network, policies: derivePolicies(plan).policies }
}

const { network, policies } = planned()

function policyOf(name: string) {
  const found = policies.find(({ site }) => site === name)
  if (!found) throw new Error('no policy')
  return found
}

const policy = policyOf('hub')
const empty: Device = {
  ...deviceOfPolicy({ ...policy, tunnels: [], nat: [], clamps: [] }),
  file: 'running.txt',
  interfaces: [],
}

const masquerade = (number: number): DeviceRule => ({
  number,
  match: { out: { names: ['eth1'], negated: false } },
  action: { kind: 'masquerade' },
  description: undefined,
  line: 7,
})

const elsewhere = { source: RangeSet.ofPrefixes([Prefix.parse('172.20.0.0/16')]) }

function source(...rules: readonly DeviceRule[]): RuleList[] {
  return deviceOfPolicy({ ...policy, nat: [] }).lists.map((list) =>
    list.kind === 'source-nat' ? { ...list, rules } : list,
  )
}

describe('mergedDevice', () => {
  it('does what the policy wants, whatever stands behind it', () => {
    const merged = mergedDevice({ ...empty, lists: source(masquerade(5), masquerade(9000)) }, policy)
    expect(merged.file).toBe('running.txt')
    const numbers = merged.lists.find(({ kind }) => kind === 'source-nat')?.rules.map(({ number }) => number)
    expect(numbers).toEqual([5, 1000, 1010, 9000])
    expect(fulfils(merged, policy).map(({ kind }) => kind)).toEqual(['rule-first'])
    expect(fulfils(mergedDevice(empty, policy), policy)).toEqual([])
  })

  it('keeps a smaller segment size of others elsewhere and sets its own', () => {
    const clamps = [
      { interface: 'eth1', mss: 1200, line: 1 },
      { interface: 'eth9', mss: 1300, line: 2 },
    ]
    const merged = mergedDevice({ ...empty, clamps }, policy)
    expect(merged.clamps.map((clamp) => clamp.interface)).toEqual(['eth9', 'eth0', 'eth1'])
  })

  it('puts lists of its own behind those of the same place', () => {
    const list: RuleList = {
      name: 'table ip nat chain POSTROUTING',
      hook: 'postrouting',
      priority: 100,
      kind: 'source-nat',
      rules: [masquerade(0)],
      fallback: 'accept',
      line: 3,
    }
    const linux = { ...policy, platform: 'linux' as const }
    const names = mergedDevice({ ...empty, lists: [list] }, linux).lists.map(({ name }) => name)
    expect(names).toEqual(['guard-in', 'destination', 'source', list.name, 'guard-out'])
  })
})

describe('besidesAdded', () => {
  it('leaves what the new lines replace, and keeps what they do not', () => {
    const own = deviceOfPolicy(policy)
    const smaller = {
      ...policy,
      tunnels: policy.tunnels.slice(1),
      nat: policy.nat.filter(({ number }) => number !== 1000),
    }
    const left = besidesAdded({ own, others: empty }, smaller)
    expect(left.tunnels.map(({ name }) => name)).toEqual(['north'])
    expect(left.lists.flatMap(({ rules }) => rules.map(({ number }) => number))).toEqual([1000, 1000])
    expect(besidesAdded({ own, others: empty }, policy).tunnels).toEqual([])
    expect(besidesAdded({ own, others: empty }, { ...smaller, platform: 'linux' }).tunnels).toEqual([])
  })
})

describe('limitsFrom', () => {
  const below = (lists: readonly RuleList[]) => limitsFrom({ ...empty, lists }, policy).limits.below

  it('goes in front of the first rule that could take packets of the tunnels', () => {
    expect(below(source(masquerade(300), masquerade(200)))).toBe(200)
    expect(below(source({ ...masquerade(200), match: elsewhere }))).toBe(undefined)
    expect(below(source({ ...masquerade(200), description: 'natplan: hub' }))).toBe(undefined)
  })

  it('takes a rule that is not understood for one that takes all that its understood part does not exclude', () => {
    const unread: DeviceRule = { ...masquerade(200), action: { kind: 'unknown' }, doubt: { line: 7, what: 'x' } }
    expect(below(source(unread))).toBe(200)
    expect(below(source({ ...unread, match: {} }))).toBe(200)
    expect(below(source({ ...unread, match: elsewhere }))).toBe(undefined)
  })

  it('goes in front of a port forward too, and leaves numbers of others alone', () => {
    const forward: DeviceRule = {
      ...masquerade(50),
      match: {},
      action: { kind: 'map', to: Prefix.parse('10.0.1.5/32') },
    }
    const lists = deviceOfPolicy({ ...policy, nat: [] }).lists.map((list) =>
      list.kind === 'destination-nat' ? { ...list, rules: [forward] } : list,
    )
    expect(below(lists)).toBe(50)
    const usedNumbers = [{ direction: 'source' as const, number: 1000 }]
    expect([...limitsFrom({ ...empty, usedNumbers }, policy).limits.inUse]).toEqual([1000])
  })

  it('cannot go in front of rules in another list', () => {
    const [list] = source(masquerade(3)).filter(({ kind }) => kind === 'source-nat')
    expect(list && below([{ ...list, name: 'static source' }])).toBe(undefined)
  })
})

describe('whoseDevice', () => {
  const at = (address: string): Device => ({
    ...empty,
    interfaces: [
      {
        name: 'eth1',
        kind: 'physical',
        addresses: [
          { kind: 'known', address: Address.parse(address), network: Prefix.parse(`${address}/32`), line: 1 },
        ],
        table: 'main',
        line: 1,
      },
    ],
  })
  const open = (name: string): Device => {
    const device = deviceOfPolicy(policyOf(name))
    const local = { address: { kind: 'any' as const }, identity: undefined }
    return { ...device, tunnels: device.tunnels.map((tunnel) => ({ ...tunnel, local })) }
  }

  it.each<[string, Device, string | undefined]>([
    ['an address', at('192.0.2.2'), 'south'],
    ['an address that the plan does not know', at('198.51.100.1'), undefined],
    ['the ends of its tunnels', deviceOfPolicy(policyOf('north')), 'north'],
    ['the only site with tunnels to both', open('hub'), 'hub'],
    ['two sites with a tunnel to the hub', open('north'), undefined],
    ['nothing', empty, undefined],
  ])('is told by %s', (_, device, expected) => {
    expect(whoseDevice(device, network)).toBe(expected)
  })

  it('does not take a gateway that left for the one that stayed', () => {
    const sites = new Map([...network.sites].filter(([name]) => name !== 'south'))
    const tunnels = network.tunnels?.filter(({ sites: [, other] }) => other !== 'south')
    expect(whoseDevice(deviceOfPolicy(policyOf('south')), { ...network, sites, tunnels })).toBe(undefined)
  })
})
