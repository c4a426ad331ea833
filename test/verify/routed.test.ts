import { derivePolicies, normalize, type Plan, type Platform, planNetwork } from '@natplan/core'
import { describe, expect, it } from 'vitest'
import { acceptance } from '../golden/platforms/cases.ts'
import type { Written } from '../support/policies.ts'
import { routers } from '../support/routers.ts'
import { textsOf, verifyTexts } from './configurations.ts'

type Tunnel = NonNullable<Written['tunnels']>[number]

function planOf(written: Written): Plan {
  const { value } = normalize({ version: 1, ...written })
  const { plan } = value ? planNetwork(value) : {}
  if (!plan) throw new Error('no plan')
  return plan
}

function routed(cloud: Platform, onpremise: Platform, more: Partial<Tunnel> = {}): Plan {
  const { sites, ...written } = acceptance(cloud, onpremise)
  const tunnel = { sites: ['cloud', 'onpremise'], proposal: 'compatible', mode: 'route', ...more } as Tunnel
  return planOf({ ...written, sites, tunnels: [tunnel] })
}

/** What a platform cannot do better, and the plan says already. */
const unavoidable = new Map([
  ['PROPOSAL_WEAK', 'PROPOSAL_WEAK'],
  ['MSS_BY_HAND', 'MSS_MISSING'],
])

function surprises(plan: Plan, added: Readonly<Record<string, string>> = {}): string[] {
  const said = derivePolicies(plan).findings.map(({ code }) => unavoidable.get(code))
  const { texts, policies } = textsOf(plan)
  const all = policies.map(({ site, platform }) => {
    const text = `${texts.get(site) ?? ''}${added[site] ?? ''}`
    return [site, { platform, text }] as const
  })
  const { result, findings } = verifyTexts(new Map(all))
  const found = findings.filter(({ code }) => !said.includes(code)).map(({ code, message }) => `${code} ${message}`)
  return result === 'proven' ? found : [result, ...found]
}

const family = routers.map(({ platform }) => platform)
const pairs = family.flatMap((one, index) => family.slice(index).map((other) => [one, other] as const))

describe('tunnels that are bound to virtual interfaces', () => {
  it.each(pairs)('are proven between %s and %s', (one, other) => {
    expect(surprises(routed(one, other))).toEqual([])
    expect(surprises(routed(one, other, { link: '169.254.10.0/30' }))).toEqual([])
  })

  it('are proven with the selectors of pairs where the platform has them there', () => {
    expect(surprises(routed('vyos-1.4', 'vyos-1.5', { selectors: 'narrow' }))).toEqual([])
  })

  it('have room for IPv4 alone while no route brings IPv6 there', () => {
    const plan = routed('vyos-1.4', 'vyos-1.4')
    expect(surprises(plan)).toEqual([])
    const route = 'set protocols static route6 fd00:2::/64 interface vti100\n'
    expect(surprises(plan, { cloud: route }).join('\n')).toContain('MSS_TOO_LARGE')
    const elsewhere = 'set protocols static route6 fd00:2::/64 interface eth0\n'
    expect(surprises(plan, { cloud: elsewhere })).toEqual([])
  })
})
