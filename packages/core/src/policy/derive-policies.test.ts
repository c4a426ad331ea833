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

describe('subnets that hide', () => {
  const hideBehind = '203.0.113.65'
  const hiding = {
    own: ['203.0.113.64/28'],
    pools: ['192.168.0.0/16'],
    sites: {
      branch: {
        subnets: [
          { prefix: '10.20.0.0/16', hideBehind, forwards: [{ port: 8443, to: '10.20.0.5', toPort: 443 }] },
          { prefix: '10.21.0.0/24', hideBehind },
          { prefix: '10.22.0.0/24', hideBehind: '203.0.113.72/30' },
        ],
        gateway: gateway('vyos-1.4', '198.51.100.7'),
      },
      partner: { subnets: ['10.20.0.0/16'], gateway: gateway('linux', '198.51.100.99') },
    },
    tunnels: [{ sites: ['branch', 'partner'] }],
  } satisfies Omit<WrittenNetwork, 'version'>

  it('have source rules, one selector for each address, and a destination rule for each port', () => {
    const { of } = derive(hiding)
    expect(of('branch')?.nat.map(show)).toEqual([
      'source 1000 10.20.0.0/16 192.168.0.0/16 map 203.0.113.65/32',
      'source 1020 10.21.0.0/24 192.168.0.0/16 map 203.0.113.65/32',
      'source 1030 10.22.0.0/24 192.168.0.0/16 pool',
      'destination 1010 192.168.0.0/16 203.0.113.65/32 map 10.20.0.5/32',
    ])
    expect(of('branch')?.nat.at(-1)).toMatchObject({
      service: { protocol: 'tcp', port: 8443 },
      action: { ports: { first: 443, last: 443 } },
    })
    const selectors = of('branch')?.tunnels[0]?.selectors.map(
      ({ number, also, local, remote }) => `${number} ${also} ${local} ${remote}`,
    )
    expect(selectors).toEqual([
      '1000 1010,1020 203.0.113.65/32 192.168.0.0/16',
      '1030 undefined 203.0.113.72/30 192.168.0.0/16',
    ])
    expect(of('branch')?.discards.map(String)).toEqual(['203.0.113.65/32', '203.0.113.72/30'])
  })

  it('are one to their peer where they share an address', () => {
    expect(derive(hiding).of('partner')?.nat.map(show)).toEqual([
      'source 1000 10.20.0.0/16 203.0.113.65/32 map 192.168.0.0/16',
      'source 1020 10.20.0.0/16 203.0.113.72/30 map 192.168.0.0/16',
      'destination 1000 203.0.113.65/32 192.168.0.0/16 map 10.20.0.0/16',
      'destination 1020 203.0.113.72/30 192.168.0.0/16 map 10.20.0.0/16',
    ])
  })

  it('keep the number of a port when another one comes first', () => {
    const { lock } = derive(hiding)
    const [first, ...others] = hiding.sites.branch.subnets
    const forwards = [{ port: 25, to: '10.20.0.6' }, ...(first?.forwards ?? [])]
    const branch = { ...hiding.sites.branch, subnets: [{ ...hiding.sites.branch.subnets[0], forwards }, ...others] }
    const { of } = derive({ ...hiding, sites: { ...hiding.sites, branch } } as typeof hiding, lock)
    const numbers = of('branch')?.nat.flatMap(({ number, service }) => (service ? [`${service.port} ${number}`] : []))
    expect(numbers).toEqual(['8443 1010', '25 1040'])
  })

  it('hide at the peer where it translates for them', () => {
    const at = { ...hiding, tunnels: [{ sites: ['branch', 'partner'], translateAt: 'partner' }] }
    const { of } = derive(at)
    expect(of('branch')?.nat.every(({ action }) => action.kind === 'exempt')).toBe(true)
    const far = of('partner')?.nat.filter(({ interface: name }) => name === 'veth201')
    expect(far?.map(show)).toEqual([
      'source 1010 10.20.0.0/16 192.168.0.0/16 map 203.0.113.65/32',
      'source 1040 10.21.0.0/24 192.168.0.0/16 map 203.0.113.65/32',
      'source 1060 10.22.0.0/24 192.168.0.0/16 pool',
      'destination 1020 192.168.0.0/16 203.0.113.65/32 map 10.20.0.5/32',
    ])
  })
})
