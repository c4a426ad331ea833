import {
  type Device,
  derivePolicies,
  flowsOfPlan,
  missingAccepts,
  normalize,
  planNetwork,
  type Verification,
  verify,
  withAccepts,
  worldOfPlan,
} from '@natplan/core'
import { describe, expect, it } from 'vitest'
import type { Written } from '../support/policies.ts'
import { surroundingsOf } from '../support/surroundings.ts'
import { sourceOf, textsOf } from './configurations.ts'

type Site = Written['sites'][string]
type Tunnel = NonNullable<Written['tunnels']>[number]
type Gateway = NonNullable<Site['gateway']>
type Filtered = 'vyos-1.4' | 'edgeos' | 'linux'

/** Filters that drop by default, by platform, and where the plan says that its rules belong. */
const filters: Record<Filtered, { readonly text: string; readonly firewall: NonNullable<Gateway['firewall']> }> = {
  'vyos-1.4': {
    text: ['forward', 'input', 'output']
      .map((hook) => `set firewall ipv4 ${hook} filter default-action drop`)
      .join('\n'),
    firewall: {
      fromPeers: 'forward filter',
      toPeers: 'forward filter',
      gatewayIn: 'input filter',
      gatewayOut: 'output filter',
    },
  },
  edgeos: {
    text: `${['WAN_IN', 'LAN_IN', 'WAN_LOCAL'].map((name) => `set firewall name ${name} default-action drop`).join('\n')}
set interfaces ethernet eth1 firewall in name WAN_IN
set interfaces ethernet eth1 firewall local name WAN_LOCAL
set interfaces ethernet eth0 firewall in name LAN_IN
set interfaces vti vti100 firewall in name WAN_IN`,
    firewall: { fromPeers: 'WAN_IN', toPeers: 'LAN_IN', gatewayIn: 'WAN_LOCAL' },
  },
  linux: {
    text: `table inet filter {
	chain input {
		type filter hook input priority filter; policy drop;
		ct state established,related accept
	}
	chain forward {
		type filter hook forward priority filter; policy drop;
		ct state established,related accept
	}
}`,
    firewall: { fromPeers: 'inet filter forward', toPeers: 'inet filter forward', gatewayIn: 'inet filter input' },
  },
}

function site(host: number, subnets: Site['subnets'], more: Partial<Gateway> = {}): Site {
  const outside = { interface: 'eth1', address: `203.0.113.${host}` }
  return { subnets, gateway: { platform: 'vyos-1.4', outside, inside: { interface: 'eth0' }, ...more } }
}

/** Where `here` gets the rules that its filters need: nowhere, by the plan, or as `verify` names what is missing. */
type Rules = 'none' | 'planned' | 'missing'

/** What is found where `here` filters. */
function verified(platform: Filtered, others: Written['sites'], tunnels: Tunnel[], rules: Rules): Verification {
  const { text, firewall } = filters[platform]
  const hidden = { prefix: '10.0.1.0/24', ...(others['here']?.subnets[0] as object | undefined) }
  const here = site(2, [others['here'] ? hidden : '10.0.1.0/24'], {
    platform,
    ...(rules === 'planned' ? { firewall } : {}),
  })
  const network = normalize({ version: 1, sites: { ...others, here }, tunnels }).value
  const plan = network && planNetwork(network).plan
  if (!plan) throw new Error('no plan')
  expect(derivePolicies(plan).findings.filter(({ severity }) => severity === 'error')).toEqual([])
  const { texts, policies } = textsOf(plan)
  const devices = policies.map(({ site: name, platform: its }): [string, Device] => {
    const { gateway, subnets = [] } = plan.network.sites.get(name) ?? {}
    const around = gateway ? surroundingsOf(gateway, subnets) : ''
    const all = [name === 'here' ? text : '', texts.get(name), around].join('\n')
    return [name, sourceOf(name, { platform: its, text: all }).device]
  })
  const world = worldOfPlan(plan, new Map(devices))
  if (rules !== 'missing') return verify(world, { flows: flowsOfPlan(plan, world) })
  const accepts = missingAccepts(world, { flowsOf: (one) => flowsOfPlan(plan, one) })
  const opened = withAccepts(world, accepts)
  return verify(opened, { flows: flowsOfPlan(plan, opened) })
}

const there = { there: site(3, ['10.0.1.0/24']) }
const pair = ['here', 'there'] as [string, string]
const hiding = { prefix: '10.0.1.0/24', hideBehind: '100.65.0.8/30' }

const forms: readonly {
  readonly name: string
  readonly others: Written['sites']
  readonly tunnels: Tunnel[]
  readonly at?: readonly Filtered[]
}[] = [
  { name: 'selectors', others: there, tunnels: [{ sites: pair }] },
  { name: 'routes', others: there, tunnels: [{ sites: pair, mode: 'route' }] },
  {
    name: 'all translation here',
    others: there,
    tunnels: [{ sites: pair, translateAt: 'here' }],
    at: ['vyos-1.4', 'linux'],
  },
  { name: 'all translation there', others: there, tunnels: [{ sites: pair, translateAt: 'there' }] },
  {
    name: 'transit',
    others: { there: site(3, ['10.0.1.0/24']), third: site(4, ['10.0.1.0/24']) },
    tunnels: [{ sites: pair }, { sites: ['here', 'third'] }, { sites: ['there', 'third'], through: 'here' }],
  },
  { name: 'hosts there hide', others: { there: site(3, [hiding]) }, tunnels: [{ sites: pair }] },
  { name: 'hosts here hide', others: { ...there, here: site(2, [hiding]) }, tunnels: [{ sites: pair }] },
]

const rows = forms.flatMap(({ name, others, tunnels, at = ['vyos-1.4', 'edgeos', 'linux'] }) =>
  at.map((platform) => [platform, name, others, tunnels] as const),
)

describe('a firewall that drops by default', () => {
  it.each(rows)('is told on %s in front of %s', (platform, _, others, tunnels) => {
    const { result, findings } = verified(platform, others, tunnels, 'none')
    expect(result).toBe('fault')
    expect(findings.map(({ code }) => code)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^FLOW_(FILTERED|IKE_BLOCKED|ESP_BLOCKED)$/)]),
    )
  })

  it.each(rows)('lets all pass on %s with the rules that are missing: %s', (platform, _, others, tunnels) => {
    const { result, findings } = verified(platform, others, tunnels, 'missing')
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([])
    expect(result).toBe('proven')
  })

  // On Linux the plan's rules are lines to enter by hand into tables of others, in no file of natplan's.
  it.each(rows.filter(([platform]) => platform !== 'linux'))(
    'lets all pass with the rules of the plan on %s: %s',
    (platform, _, others, tunnels) => {
      const { result, findings } = verified(platform, others, tunnels, 'planned')
      expect(findings.filter(({ severity }) => severity === 'error')).toEqual([])
      expect(result).toBe('proven')
    },
  )
})
