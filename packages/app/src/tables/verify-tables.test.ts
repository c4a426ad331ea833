import type { Inference } from '@natplan/core'
import { expect, it } from 'vitest'
import type { Verified } from '../verify/verified-world.ts'
import { formatTables } from './table.ts'
import { verifyTables } from './verify-tables.ts'

const routed = 'a static route leads to it'

function inferences(site: string, kind: Inference['kind'], count: number, because: string): Inference[] {
  return Array.from({ length: count }, (_, at) => ({ site, kind, value: `10.${at >> 8}.${at & 255}.0/24`, because }))
}

function tableOf(inferred: readonly Inference[]): readonly string[] {
  const verified = { proofs: [], inferred, missing: [], findings: [], documents: {} } as unknown as Verified
  const [, ...tables] = verifyTables(verified, { isScreen: false, withFindings: false })
  const text = formatTables(tables, { width: 200, paint: (_, shown) => shown } as Parameters<typeof formatTables>[1])
  return text.trim().split('\n').slice(2)
}

it('lists fifty of the networks that a site has for one reason, and how many more there are', () => {
  const lines = tableOf([
    { site: 'a', kind: 'outside', value: 'eth0', because: 'the default' },
    ...inferences('a', 'network', 1100, routed),
    { site: 'a', kind: 'network', value: '192.0.2.0/24', because: 'an interface has an address in it' },
    { site: 'a', kind: 'network', value: '198.51.100.0/24', because: routed },
    ...inferences('b', 'network', 50, routed),
  ])
  expect(lines).toHaveLength(1 + 50 + 1 + 1 + 50 + 1)
  expect(lines[50]).toMatch(/^ {2}a +other network +10\.0\.49\.0\/24 +a static/)
  expect(lines[51]).toMatch(/^ {2}a +other network +and 1,051 more +a static/)
  expect(lines[52]).toMatch(/^ {2}a +other network +192\.0\.2\.0\/24 +an interface/)
  expect(lines[53]).toMatch(/^ {2}b +other network +10\.0\.0\.0\/24 +a static/)
  expect(lines[102]).toMatch(/^ {2}b +other network +10\.0\.49\.0\/24 +a static/)
  expect(lines[103]).toBe('  natplan verify --output json lists all networks')
})

it('lists all subnets, on which the proof rests', () => {
  const lines = tableOf(inferences('a', 'subnet', 300, 'a selector names it'))
  expect(lines).toHaveLength(300)
  expect(lines.at(-1)).toContain('10.1.43.0/24')
})
