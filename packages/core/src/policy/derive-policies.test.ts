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
  const text = (match: unknown) => String((match as { prefix: unknown }).prefix)
  const action = rule.action as { kind: string; to?: unknown }
  return `${rule.direction} ${rule.number} ${text(rule.source)} ${text(rule.destination)} ${action.kind} ${action.to ?? ''}`.trim()
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

  it('finds two branches that took the same number', () => {
    const { value, findings } = readLock({
      version: 1,
      numbers: { cloud: { a: { '10.0.0.0/24 10.1.0.0/24': 1000 }, b: { '10.0.0.0/24 10.2.0.0/24': 1000 } } },
    })
    expect(value).toBeUndefined()
    expect(findings.map(({ code }) => code)).toEqual(['LOCK_SHARED_NUMBER'])
  })
})
