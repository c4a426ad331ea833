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

describe('networks of the peer beside those that are translated', () => {
  const gateway = (address: string) => ({
    platform: 'vyos-1.4' as const,
    outside: { interface: 'eth1', address },
    inside: { interface: 'eth0' },
  })
  const plan = planOf({
    sites: {
      cloud: { subnets: ['10.1.0.0/24'], gateway: gateway('203.0.113.10') },
      onpremise: {
        subnets: [{ prefix: '10.0.1.0/24', translateTo: '192.168.9.0/24' }],
        gateway: gateway('192.0.2.20'),
      },
    },
    tunnels: [{ sites: ['cloud', 'onpremise'], mode: 'route' }],
  })
  const lan = (name: string, address: string) => `set interfaces ethernet ${name} address ${address}\n`
  const withRoutes = (...lines: string[]) =>
    surprises(plan, {
      cloud: `${lan('eth0', '10.1.0.1/24')}${lines.map((line) => `set protocols static ${line}\n`).join('')}`,
      onpremise: `${lan('eth0', '10.0.1.1/24')}${lan('eth3', '10.7.0.1/24')}`,
    })
  const led = ['route 10.7.0.0/24 interface vti100', 'route 10.7.0.0/24 blackhole distance 254']

  it('are meant to arrive where routes lead there', () => {
    expect(withRoutes(...led)).toEqual([])
    expect(withRoutes(...led, 'route 10.7.0.9/32 blackhole').join('\n')).toContain('10.7.0.9')
  })

  it("are nobody's business where none does", () => {
    expect(withRoutes('route 10.7.0.9/32 blackhole')).toEqual([])
  })
})
