import { derivePolicies, deviceOfPolicy, flowsOfPlan, normalize, planNetwork, verify, worldOfPlan } from '@natplan/core'
import { platformModule } from '@natplan/templates'
import { describe, expect, it } from 'vitest'

const tunnel = { sites: ['aws', 'office'], mode: 'route' as const }

const lte = { interface: 'eth2', address: '198.51.100.20', nextHop: '198.51.100.1' }

/** An office that is translated, with as many tunnels to a cloud as the cloud has addresses; `byLte`: those by its other uplink. */
function planned(addresses: Record<string, string>, byLte: readonly string[] = []) {
  const { value } = normalize({
    version: 1,
    pools: ['192.168.0.0/16'],
    sites: {
      aws: {
        subnets: ['10.8.1.0/24'],
        reserved: ['10.8.0.0/16', '10.0.1.0/24'],
        gateway: {
          platform: 'aws',
          outside: { address: '203.0.113.10' },
          uplinks: Object.fromEntries(Object.entries(addresses).map(([name, address]) => [name, { address }])),
        },
      },
      office: {
        subnets: ['10.0.1.0/24'],
        gateway: {
          platform: 'vyos-1.4',
          outside: { interface: 'eth0', address: '192.0.2.20' },
          inside: { interface: 'eth1' },
          ...(byLte.length > 0 ? { uplinks: { lte } } : {}),
        },
      },
    },
    tunnels: [
      tunnel,
      ...Object.keys(addresses).map((aws, number) => ({
        ...tunnel,
        uplinks: { aws, ...(byLte.includes(aws) ? { office: 'lte' } : {}) },
        link: `169.254.2${number}.0/30`,
      })),
    ],
  })
  const { plan } = (value && planNetwork(value)) ?? {}
  if (!plan) throw new Error('no plan')
  return plan
}

/** What is said when the text of the office's gateway is changed. */
function said(plan: ReturnType<typeof planned>, change: (text: string) => string) {
  const devices = new Map(
    derivePolicies(plan).policies.map((policy) => {
      const module = platformModule(policy.platform)
      const text = module?.render(policy, { secrets: new Map() }).texts?.configure ?? ''
      const device = policy.site === 'office' ? module?.readDevice?.(change(text)).device : undefined
      return [policy.site, device ?? deviceOfPolicy(policy)]
    }),
  )
  const world = worldOfPlan(plan, devices)
  const { findings, result } = verify(world, { flows: flowsOfPlan(plan, world) })
  const faults = findings.filter(({ severity, code }) => severity === 'error' || code === 'FAILOVER_UNSAFE')
  const unknown = findings.filter(({ code }) => code === 'NEGOTIATION_NOT_KNOWN').map(({ message }) => message)
  return { result, unknown, faults: faults.map(({ code, message }) => `${code} ${message}`) }
}

const two = planned({ second: '203.0.113.138' })

/** Another network of the office, whose hosts answer by a tunnel as if they were those that the plan means. */
function otherNetwork(name: string): string {
  return `
set interfaces ethernet eth3 address 10.0.2.1/24
set nat source rule 1011 outbound-interface name ${name}
set nat source rule 1011 source address 10.0.2.0/24
set nat source rule 1011 destination address 10.8.1.0/24
set nat source rule 1011 translation address 192.168.1.0/24
`
}

function leadingElsewhere(rule: number, name: string) {
  const line = `nat destination rule ${rule} translation address`
  return (text: string) => text.replace(`${line} '10.0.1.0/24'`, `${line} '10.0.2.0/24'`) + otherNetwork(name)
}

describe('rules of one of two tunnels', () => {
  it('are proven where they lead to the hosts of the plan', () => {
    expect(said(two, (text) => text)).toEqual({ result: 'proven', unknown: [], faults: [] })
  })

  it('are at fault where those of the first one lead to other hosts', () => {
    const { result, faults } = said(two, leadingElsewhere(1000, 'vti100'))
    expect(faults).toContainEqual(
      expect.stringMatching(/^FLOW_ANOTHER_HOST .* 192\.168\.1\.(\d+) leads to 10\.0\.2\.\1, not to 10\.0\.1\.\1$/),
    )
    expect(result).toBe('fault')
  })

  it('are at fault where those of the second one lead to other hosts', () => {
    const { result, faults } = said(two, leadingElsewhere(1010, 'vti101'))
    expect(faults).toContainEqual(
      expect.stringMatching(/^FAILOVER_UNSAFE .* reach another host: .* leads to 10\.0\.2\./),
    )
    expect(result).toBe('fault')
  })
})

describe('the third and fourth tunnel', () => {
  const four = planned({ second: '203.0.113.138', third: '203.0.113.20', fourth: '203.0.113.148' }, ['third', 'fourth'])

  it('are proven where they carry packets as the first one does', () => {
    expect(said(four, (text) => text)).toEqual({ result: 'proven', unknown: [], faults: [] })
  })

  it('are not where no route of the office leads into them', () => {
    const { result, faults } = said(four, (text) => text.replaceAll(/^.* interface vti10[23] distance .*$/gm, ''))
    expect(faults).toEqual([expect.stringMatching(/^FAILOVER_UNSAFE .*when the tunnels .*, .* are down, packets /)])
    expect(result).toBe('fault')
  })

  it('are not where a filter drops what leaves by the last one', () => {
    const filter = `
set firewall ipv4 forward filter default-action accept
set firewall ipv4 forward filter rule 10 action drop
set firewall ipv4 forward filter rule 10 outbound-interface name vti103
`
    const { faults } = said(four, (text) => text + filter)
    expect(faults).toContainEqual(expect.stringMatching(/^FAILOVER_UNSAFE .* do not arrive: rule 10 .* at office$/))
  })
})

describe('packets of a tunnel that starts from another uplink', () => {
  const lines = `
set interfaces ethernet eth0 address 192.0.2.20/29
set interfaces ethernet eth1 address 10.0.1.1/24
set interfaces ethernet eth2 address 198.51.100.20/29
`
  const byLte = planned({ third: '203.0.113.20' }, ['third'])
  const route = 'set protocols static route 203.0.113.20/32 next-hop 198.51.100.1'

  it('leave by it where a route for the peer leads there', () => {
    expect(said(byLte, (text) => text + lines)).toEqual({ result: 'proven', unknown: [], faults: [] })
  })

  const tenth = 'set protocols static table 10 route 0.0.0.0/0 next-hop 198.51.100.17'
  const steered = (source: string) =>
    `set policy local-route rule 10 source ${source}\nset policy local-route rule 10 set table 10\n${tenth}`

  it('leave by it where a rule for their source leads there', () => {
    const text = `${lines}${steered('198.51.100.20')}\n`
    expect(said(byLte, (given) => given.replace(route, '') + text)).toEqual({
      result: 'proven',
      unknown: [],
      faults: [],
    })
  })

  it.each([
    ['eth0', ''],
    ['eth0', steered('192.0.2.19')],
    ['eth1', 'set protocols static route 203.0.113.20/32 next-hop 10.0.1.254'],
  ])('are not known to arrive where they leave by %s', (name, instead) => {
    const { result, unknown } = said(byLte, (text) => text.replace(route, instead) + lines)
    expect(unknown).toEqual([
      expect.stringContaining(`start from 198.51.100.20, the address of eth2, and office sends them by ${name}`),
    ])
    expect(result).toBe('unknown')
  })
})
