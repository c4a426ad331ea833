import { derivePolicies, flowsOfPlan, normalize, type Platform, planNetwork, verify, worldOfPlan } from '@natplan/core'
import { platformModule } from '@natplan/templates'
import { describe, expect, it } from 'vitest'
import { derive, type Written } from '../support/policies.ts'
import { routers } from '../support/routers.ts'

const switching: readonly Platform[] = [...routers.map(({ platform }) => platform), 'linux']

function written(platform: Platform, second: Record<string, string>): Written {
  const gateway = (outside: string, backup: string, nextHop: string) => ({
    platform,
    outside: { interface: 'eth1', address: outside },
    uplinks: { backup: { interface: 'eth2', address: backup, nextHop } },
    inside: { interface: 'eth0' },
  })
  const tunnel = { sites: ['cloud', 'onpremise'], mode: 'route' as const, proposal: 'compatible' as const }
  return {
    sites: {
      cloud: { subnets: ['10.0.1.0/27'], gateway: gateway('203.0.113.10', '198.51.100.10', '198.51.100.1') },
      onpremise: { subnets: ['10.0.1.0/24'], gateway: gateway('192.0.2.20', '198.51.100.130', '198.51.100.129') },
    },
    tunnels: [tunnel, { ...tunnel, uplinks: second }],
  }
}

/** What is said of the texts of a plan, after a change to that of one gateway. */
function said(plan: Written, change: (text: string) => string = (text) => text) {
  const network = normalize({ version: 1, ...plan }).value
  const planned = network && planNetwork(network).plan
  if (!planned) throw new Error('no plan')
  const { policies, findings } = derivePolicies(planned)
  const devices = new Map(
    policies.map((policy) => {
      const module = platformModule(policy.platform)
      const text = module?.render(policy, { secrets: new Map() }).texts?.configure ?? ''
      const device = module?.readDevice?.(policy.site === 'cloud' ? change(text) : text).device
      if (!device) throw new Error(`no device at ${policy.site}`)
      return [policy.site as string, { ...device, file: policy.site }] as const
    }),
  )
  const world = worldOfPlan(planned, devices)
  const { findings: found, result } = verify(world, { flows: flowsOfPlan(planned, world) })
  return { result, planned: findings.map(({ code }) => code), codes: found.map(({ code }) => code) }
}

/** The routes that the script makes, as `ip route` shows them. */
function withSwitchedRoutes(text: string, whole: string): string {
  const made = [...whole.matchAll(/^ {2}ip route add (.*)$/gm)].map(([, route]) => route)
  return `${text}\n${made.join('\n')}\n`
}

const both = { cloud: 'backup', onpremise: 'backup' }

describe('two tunnels over different uplinks', () => {
  it.each(switching)('are proven on %s, and the second one when the first is down', (platform) => {
    const { result, codes, planned } = said(written(platform, both))
    expect(result).toBe('proven')
    expect(codes).not.toContain('FAILOVER_UNSAFE')
    expect(planned).not.toContain('UPLINK_ROUTE_BY_HAND')
  })

  it('to one address of the peer are proven where packets are routed by where they start from', () => {
    const addresses = `
set interfaces ethernet eth0 address 10.0.1.1/24
set interfaces ethernet eth1 address 203.0.113.10/24
set interfaces ethernet eth2 address 198.51.100.10/29
set protocols static route 0.0.0.0/0 next-hop 203.0.113.1
`
    const bySource = `
set policy local-route rule 50 source address 198.51.100.10
set policy local-route rule 50 set table 50
set protocols static table 50 route 0.0.0.0/0 next-hop 198.51.100.9
`
    const plan = written('vyos-1.4', { cloud: 'backup' })
    const { result, codes, planned } = said(plan, (text) => text + addresses)
    expect(planned).toContain('UPLINK_ROUTE_BY_HAND')
    expect([result, codes]).toEqual(['unknown', ['FLOW_NOT_KNOWN', 'FLOW_NOT_KNOWN']])
    expect(said(plan, (text) => text + addresses + bySource)).toMatchObject({ result: 'proven', codes: [] })
  })

  it.each<Platform>(['vyos-1.5', 'vyos-1.4', 'linux'])('are proven where %s translates for both ends', (platform) => {
    const { sites, tunnels = [] } = written(platform, both)
    const translating = tunnels.map((one) => ({ ...one, translateAt: 'cloud' }))
    const { result, codes } = said({ sites, tunnels: translating })
    expect(result).toBe('proven')
    expect(codes).not.toContain('FAILOVER_UNSAFE')
    const without = (text: string) => text.replaceAll(/^.*(interface vti101 distance|dev ipsec101 table).*\n/gm, '')
    expect(said({ sites, tunnels: translating }, without).codes).toContain('FAILOVER_UNSAFE')
  })

  it('have one cable and one VRF where the gateway translates for both ends, and rules once', () => {
    const { sites, tunnels = [] } = written('vyos-1.4', both)
    const { policies } = derive({ sites, tunnels: tunnels.map((one) => ({ ...one, translateAt: 'cloud' })) })
    const policy = policies.find(({ site }) => site === 'cloud')
    expect(policy?.vrfs.map(({ name }) => name)).toEqual(['natplan100'])
    expect(policy?.interfaces.map(({ name, vrf }) => [name, vrf])).toEqual([
      ['vti100', 'natplan100'],
      ['veth200', undefined],
      ['veth201', 'natplan100'],
      ['vti101', 'natplan100'],
    ])
    const distances = policy?.routes.filter(({ vrf, to }) => vrf !== undefined && to.kind === 'interface')
    expect(distances?.map(({ distance }) => distance)).toEqual([1, 2])
    expect(policy?.nat).toHaveLength(4)
  })

  it.each([
    ['no route for the second', / interface vti101 distance '2'/],
    ['no NAT for the second', /nat source rule 1010 /],
  ])('are told when there is %s', (_, line) => {
    const without = (text: string) =>
      text
        .split('\n')
        .filter((one) => !line.test(one))
        .join('\n')
    const { result, codes } = said(written('vyos-1.4', both), without)
    expect(codes).toContain('FAILOVER_UNSAFE')
    expect(result).toBe('fault')
  })

  const withoutScript = (text: string) =>
    text.replace(/install [^\n]*natplan-switching\.sh <<'NATPLAN'\n[\s\S]*?\nNATPLAN\n/, '')

  it.each([
    ['no script takes the routes of the first away', ''],
    ["strongSwan's own script lets packets pass, and takes no routes", 'updown = /usr/lib/ipsec/_updown iptables\n'],
  ])('are told on Linux when %s', (_, instead) => {
    const { codes } = said(written('linux', both), (text) => text.replaceAll(/^ *updown = .*\n/gm, instead))
    expect(codes).toContain('FAILOVER_UNSAFE')
  })

  it.each([
    ['is not given', (text: string) => withSwitchedRoutes(withoutScript(text), text)],
    ["is a stranger's", (text: string) => text.replaceAll('updown = /etc/natplan/', 'updown = /etc/')],
    ['takes nothing away', (text: string) => text.replaceAll(/^ *ip route flush dev .*\n/gm, '')],
  ])('are not known on Linux when the script %s', (_, change) => {
    const { result, codes } = said(written('linux', both), change)
    expect(result).toBe('unknown')
    expect(codes).toContain('FLOW_NOT_KNOWN')
    expect(codes).not.toContain('FAILOVER_UNSAFE')
  })

  it('leak on Linux when a script takes the routes and nothing else holds packets back', () => {
    const unguarded = (text: string) => text.replaceAll(/^.*(blackhole|counter drop|\bdrop comment).*\n/gm, '')
    const standing = (text: string) => unguarded(text).replaceAll(/^ *updown = .*\n/gm, '')
    expect(said(written('linux', both), unguarded).codes).toContain('TUNNEL_MAY_LEAK')
    expect(said(written('linux', both), standing).codes).not.toContain('TUNNEL_MAY_LEAK')
  })

  it('leak when both are down and no route to nowhere stands behind their routes', () => {
    const without = (text: string) => text.replaceAll(/^.*blackhole distance.*\n/gm, '')
    expect(said(written('vyos-1.4', both), without).codes).toContain('TUNNEL_MAY_LEAK')
    expect(said(written('vyos-1.4', both)).codes).not.toContain('TUNNEL_MAY_LEAK')
  })

  describe('with keys', () => {
    const keyed = (names: readonly string[], identity?: string) => {
      const plan = written('vyos-1.4', { cloud: 'backup' })
      const tunnels = plan.tunnels?.map((tunnel, at) => ({ ...tunnel, preSharedKey: { env: names[at] ?? '' } }))
      const cloud = plan.sites['cloud']
      const named = cloud?.gateway && identity ? { ...cloud, gateway: { ...cloud.gateway, identity } } : cloud
      return { ...plan, ...(tunnels ? { tunnels } : {}), sites: { ...plan.sites, ...(named ? { cloud: named } : {}) } }
    }

    it('are told when both have the same identities and different keys', () => {
      expect(said(keyed(['ONE', 'TWO'], 'cloud.example.net')).planned).toContain('KEYS_FOR_SAME_ENDS')
    })

    it.each([
      ['one key', keyed(['ONE', 'ONE'], 'cloud.example.net')],
      ['identities of their own', keyed(['ONE', 'TWO'])],
    ])('are not told when they have %s', (_, plan) => {
      expect(said(plan).planned).not.toContain('KEYS_FOR_SAME_ENDS')
    })
  })

  it('are refused where a peer is called by its address and has one only', () => {
    const refusedFor = (platform: Platform, second: Record<string, string>) => {
      const network = normalize({ version: 1, ...written(platform, second) }).value
      const plan = network && planNetwork(network).plan
      const found = plan ? derivePolicies(plan).findings.filter(({ code }) => code === 'TUNNEL_FORM_UNSUPPORTED') : []
      return found.map(({ about, message }) => about?.site ?? message.split(' ')[2])
    }
    const byAddress = ['vyos-1.3', 'vyatta-5600', 'vyatta-5400', 'edgeos'] as const
    for (const platform of byAddress) {
      expect(refusedFor(platform, { cloud: 'backup' })).toEqual(['cloud'])
      expect(refusedFor(platform, { onpremise: 'backup' })).toEqual(['onpremise'])
      expect(refusedFor(platform, both)).toEqual([])
    }
    expect(refusedFor('vyos-1.4', { cloud: 'backup' })).toEqual([])
    expect(refusedFor('linux', { cloud: 'backup' })).toEqual([])
  })

  it('have a route to an address of the peer that is for the second tunnel alone, or say what is needed', () => {
    expect(said(written('vyos-1.4', { cloud: 'backup' })).planned).toContain('UPLINK_ROUTE_BY_HAND')
    expect(said(written('vyos-1.4', { onpremise: 'backup' })).planned).toContain('UPLINK_ROUTE_BY_HAND')
    expect(said(written('vyos-1.4', both)).planned).not.toContain('UPLINK_ROUTE_BY_HAND')
  })
})
