import { describe, expect, it } from 'vitest'
import { emptyLock, type Lock } from '../allocation/lock.ts'
import { readLock } from '../allocation/read-lock.ts'
import { writeLock } from '../allocation/write-lock.ts'
import { normalize } from '../network/normalize.ts'
import type { WrittenNetwork, WrittenSite } from '../network/written.ts'
import { planNetwork } from '../plan/plan-network.ts'
import { derivePolicies } from './derive-policies.ts'

type Gateway = NonNullable<WrittenSite['gateway']>

function gateway(platform: Gateway['platform'], address: string): Gateway {
  return { platform, outside: { interface: 'eth1', address }, inside: { interface: 'eth0' } }
}

function derive(written: Omit<WrittenNetwork, 'version'>, lock: Lock = emptyLock) {
  const { value, findings: shape } = normalize({ version: 1, ...written })
  if (!value) throw new Error(shape.map(({ code, message }) => `${code} ${message}`).join('\n'))
  const { plan, findings } = planNetwork(value, lock)
  if (!plan) throw new Error(findings.map(({ code, message }) => `${code} ${message}`).join('\n'))
  const derivation = derivePolicies(plan)
  return {
    ...derivation,
    codes: derivation.findings.map(({ code }) => code),
    of: (name: string) => derivation.policies.find(({ site }) => site === name),
  }
}

const example = {
  pools: ['192.168.0.0/16'],
  sites: {
    cloud: { subnets: ['10.0.1.0/27'], gateway: gateway('vyos-1.4', '203.0.113.10') },
    onpremise: { subnets: ['10.0.1.0/24', '10.50.0.0/16'], gateway: gateway('vyatta-5600', '192.0.2.20') },
  },
  tunnels: [{ sites: ['cloud', 'onpremise'] }],
} satisfies Omit<WrittenNetwork, 'version'>

function show(rule: { direction: string; number: number; source?: unknown; destination?: unknown; action: unknown }) {
  const action = rule.action as { kind: string; to?: unknown }
  return `${rule.direction} ${rule.number} ${rule.source} ${rule.destination} ${action.kind} ${action.to ?? ''}`.trim()
}

describe('derivePolicies', () => {
  it('derives the acceptance example', () => {
    const { of, codes } = derive(example)
    expect(codes).toEqual([])
    expect(of('cloud')?.nat.map(show)).toEqual([
      'source 1000 10.0.1.0/27 192.168.1.0/24 map 192.168.2.0/27',
      'source 1010 10.0.1.0/27 10.50.0.0/16 map 192.168.2.0/27',
      'destination 1000 192.168.1.0/24 192.168.2.0/27 map 10.0.1.0/27',
      'destination 1010 10.50.0.0/16 192.168.2.0/27 map 10.0.1.0/27',
    ])
    expect(of('onpremise')?.nat.map(show)).toEqual([
      'source 1000 10.0.1.0/24 192.168.2.0/27 map 192.168.1.0/24',
      'source 1010 10.50.0.0/16 192.168.2.0/27 exempt',
      'destination 1000 192.168.2.0/27 192.168.1.0/24 map 10.0.1.0/24',
    ])
    expect(of('onpremise')?.routes.map(({ prefix }) => String(prefix))).toEqual(['192.168.2.0/28', '192.168.2.16/28'])
    expect(of('cloud')?.tunnels[0]).toMatchObject({
      start: 'trap',
      ike: { version: 2, encryption: 'aes256gcm128', hash: 'sha384', dhGroup: 20 },
    })
    expect(of('onpremise')?.tunnels[0]?.start).toBe('initiate')
  })

  it('gives both ends mirrored selectors', () => {
    const { of } = derive(example)
    const near = of('cloud')?.tunnels[0]?.selectors.map(({ local, remote }) => `${local} ${remote}`)
    const far = of('onpremise')?.tunnels[0]?.selectors.map(({ local, remote }) => `${remote} ${local}`)
    expect(near).toEqual(far)
  })

  it('keeps every number when a subnet joins, and through the lock file', () => {
    const before = derive(example)
    const text = writeLock(before.lock)
    expect(text).toContain('      10.0.1.0/24 10.0.1.0/27: 1000\n')
    const grown = {
      ...example,
      sites: { ...example.sites, cloud: { ...example.sites.cloud, subnets: ['10.0.0.0/27', '10.0.1.0/27'] } },
    }
    const after = derive(grown, before.lock)
    expect(before.lock.numbers.size).toBe(4)
    for (const [key, { number }] of before.lock.numbers) expect(after.lock.numbers.get(key)?.number).toBe(number)
    const numbers = after.of('cloud')?.nat.map(({ direction, number }) => `${direction} ${number}`)
    expect(new Set(numbers).size).toBe(numbers?.length)
  })

  it('carries a subnet under its real prefix to the peer that it does not collide with', () => {
    const { of } = derive({
      pools: ['192.168.0.0/16'],
      sites: {
        hub: { subnets: ['10.0.1.0/24'], gateway: gateway('vyos-1.4', '203.0.113.10') },
        same: { subnets: ['10.0.1.0/24'], gateway: gateway('vyos-1.4', '192.0.2.1') },
        other: { subnets: ['10.5.0.0/24'], gateway: gateway('vyos-1.4', '192.0.2.2') },
      },
      tunnels: [{ sites: ['hub', 'same'] }, { sites: ['hub', 'other'] }],
    })
    const selectors = of('hub')?.tunnels.flatMap(({ peer, selectors }) =>
      selectors.map(({ local, remote }) => `${peer} ${local} ${remote}`),
    )
    expect(selectors).toEqual(['other 10.0.1.0/24 10.5.0.0/24', 'same 192.168.1.0/24 192.168.2.0/24'])
    expect(of('other')?.tunnels[0]?.selectors[0]?.remote.toString()).toBe('10.0.1.0/24')
    expect(of('hub')?.nat.map(show)).toContain('source 1000 10.0.1.0/24 10.5.0.0/24 exempt')
  })

  /** The segment size at a hub with an MTU, whose two peers have others. */
  function sizesAt(hub: number, ...peers: readonly [number, number]): (number | undefined)[] {
    const at = (address: string, mtu: number): Gateway => ({
      platform: 'vyos-1.4',
      outside: { interface: 'eth1', address, mtu },
    })
    const { of } = derive({
      sites: {
        hub: { subnets: ['10.0.1.0/24'], gateway: at('203.0.113.10', hub) },
        east: { subnets: ['10.1.0.0/24'], gateway: at('192.0.2.1', peers[0]) },
        west: { subnets: ['10.2.0.0/24'], gateway: at('192.0.2.2', peers[1]) },
      },
      tunnels: [{ sites: ['hub', 'east'] }, { sites: ['hub', 'west'] }],
    })
    return ['hub', 'east', 'west'].map((name) => of(name)?.clamps[0]?.mss)
  }

  it.each([
    [1500, 1500, 1500, [1398, 1398, 1398], 'Ethernet everywhere'],
    [1500, 1492, 1500, [1390, 1390, 1398], 'one peer on PPPoE: the hub has one size for both'],
    [1500, 1500, 1492, [1390, 1398, 1390], 'the other one'],
    [1492, 1500, 1500, [1390, 1390, 1390], 'the hub itself'],
  ])(
    'limits segments to the smaller of both ends, and the smallest of all tunnels: %i, %i, %i: %j',
    (hub, east, west, sizes) => {
      expect(sizesAt(hub, east, west)).toEqual(sizes)
    },
  )

  it.each<[string, Partial<NonNullable<WrittenNetwork['tunnels']>[number]>, object, object]>([
    [
      'no GCM for IKE with IKEv1, which has none',
      { ike: { version: 1 } },
      { version: 1, encryption: 'aes256' },
      { encryption: 'aes256gcm128' },
    ],
    [
      'the hash of IKE for ESP where it names none',
      {
        proposal: {
          ike: { encryption: 'aes256', hash: 'sha512', dhGroup: 19 },
          esp: { encryption: 'aes128', dhGroup: 19 },
        },
      },
      { hash: 'sha512' },
      { encryption: 'aes128', hash: 'sha512' },
    ],
    [
      'the hash that ESP names itself',
      {
        proposal: {
          ike: { encryption: 'aes256', hash: 'sha512', dhGroup: 19 },
          esp: { encryption: 'aes128', hash: 'sha256', dhGroup: 19 },
        },
      },
      { hash: 'sha512' },
      { hash: 'sha256' },
    ],
  ])('takes %s', (_, tunnel, ike, esp) => {
    const both = {
      ...example.sites,
      onpremise: { ...example.sites.onpremise, gateway: gateway('vyos-1.4', '192.0.2.20') },
    }
    const { of } = derive({ ...example, sites: both, tunnels: [{ sites: ['cloud', 'onpremise'], ...tunnel }] })
    expect(of('cloud')?.tunnels[0]).toMatchObject({ ike, esp })
  })

  it('finds two branches that took the same number', () => {
    const { value, findings } = readLock({
      version: 1,
      numbers: { cloud: { a: { '10.0.0.0/24 10.1.0.0/24': 1000 }, b: { '10.0.0.0/24 10.2.0.0/24': 1000 } } },
    })
    expect(value).toBeUndefined()
    expect(findings.map(({ code }) => code)).toEqual(['LOCK_SHARED_NUMBER'])
  })
})
