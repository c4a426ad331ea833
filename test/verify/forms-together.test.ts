import {
  type Device,
  derivePolicies,
  flowsOfPlan,
  normalize,
  type Plan,
  type Platform,
  Prefix,
  planNetwork,
  verify,
  worldOfDevices,
  worldOfPlan,
} from '@natplan/core'
import { describe, expect, it } from 'vitest'
import type { Written } from '../support/policies.ts'
import { surroundingsOf } from '../support/surroundings.ts'
import { sourceOf, textsOf } from './configurations.ts'

type Site = Written['sites'][string]
type Tunnel = NonNullable<Written['tunnels']>[number]

/** A site at a fixed address of its own. */
function site(host: number, subnets: Site['subnets'], more: Partial<NonNullable<Site['gateway']>> = {}): Site {
  const outside = { interface: 'eth1', address: `203.0.113.${host}` }
  return { subnets, gateway: { platform: 'vyos-1.4', outside, inside: { interface: 'eth0' }, ...more } }
}

function planOf(sites: Written['sites'], tunnels: readonly Tunnel[]): Plan {
  const network = normalize({ version: 1, own: ['198.51.100.192/26'], sites, tunnels: [...tunnels] }).value
  const plan = network && planNetwork(network).plan
  if (!plan) throw new Error('no plan')
  return plan
}

/** What is said of the texts that natplan writes, beside the addresses that the gateways have, with the plan and without it. */
function results(plan: Plan, shownAt: Readonly<Record<string, readonly string[]>> = {}): string[] {
  const { texts, policies } = textsOf(plan)
  const shown = (isSurrounded: boolean) =>
    policies.map(({ site: name, platform }) => {
      const { gateway, subnets } = plan.network.sites.get(name) ?? {}
      const networks = shownAt[name]?.map((prefix) => ({ prefix: Prefix.parse(prefix) })) ?? subnets
      const around = isSurrounded && gateway && networks ? surroundingsOf(gateway, networks) : ''
      return sourceOf(name, { platform, text: `${texts.get(name)}\n${around}` })
    })
  const sources = shown(true)
  const world = worldOfPlan(plan, new Map<string, Device>(sources.map((one) => [one.site, one.device])))
  const takesEverything = policies.some(({ tunnels }) =>
    tunnels.some(({ through }) => through?.kind === 'route' && through.takes === 'any'),
  )
  const all = [
    verify(worldOfDevices(sources).world),
    ...(takesEverything ? [] : [verify(worldOfDevices(shown(false)).world)]),
    verify(world, { flows: flowsOfPlan(plan, world) }),
  ]
  return all.flatMap(({ result, findings }) => [
    result,
    ...findings.filter(({ severity }) => severity === 'error').map(({ code, message }) => `${code} ${message}`),
  ])
}

const pool = { prefix: '10.0.4.0/24', hideBehind: '100.65.0.8/30' }
const single = {
  prefix: '10.41.0.0/24',
  hideBehind: '198.51.100.201',
  forwards: [{ port: 8443, to: '10.41.0.5', toPort: 443 }],
}
const ab = ['a', 'b'] as [string, string]
const overHub: Tunnel = { sites: ab, through: 'hub' }
const legs = (...more: readonly Partial<Tunnel>[]): Tunnel[] =>
  ab.map((end, at) => ({ sites: ['hub', end], ...more[at] }) as Tunnel)

const onlyHandsOn = {
  hub: site(2, ['fd00:1::/64']),
  a: site(3, ['10.21.0.0/24']),
  b: site(4, ['10.23.0.0/24']),
}
const changing = { outside: { interface: 'eth1', address: 'dynamic' }, identity: 'somewhere.example.net' }

const proven: readonly (readonly [name: string, sites: Written['sites'], tunnels: readonly Tunnel[]])[] = [
  [
    'a tunnel that takes everything, and a subnet that hides',
    { a: site(1, [pool, '10.0.1.0/24']), b: site(2, ['10.0.1.0/27']) },
    [{ sites: ab, mode: 'route' }],
  ],
  [
    'a subnet that hides at the gateway that translates for both',
    { a: site(1, [single]), b: site(2, [{ prefix: '10.0.3.0/24', translateTo: '100.64.0.0/24' }]) },
    [{ sites: ab, translateAt: 'a' }],
  ],
  [
    'a subnet of the peer that the translating gateway hides',
    { a: site(1, ['10.0.1.0/27']), b: site(2, [pool, { prefix: '10.0.3.0/24', translateTo: '100.64.0.0/24' }]) },
    [{ sites: ab, translateAt: 'a' }],
  ],
  [
    'a subnet that hides beyond a hub which exempts what it hands on',
    {
      hub: site(1, ['10.9.0.0/24'], { platform: 'linux' }),
      a: site(2, ['10.0.1.0/24']),
      b: site(3, [pool, '10.8.0.0/24']),
    },
    [...legs(), overHub],
  ],
  [
    'a hub that has nothing of what it hands on',
    { hub: site(1, ['10.9.0.0/24']), a: site(2, ['10.0.1.0/24', 'fd00:2::/64']), b: site(3, ['fd00:3::/64']) },
    [...legs(), overHub],
  ],
  [
    'a hub that translates for one of two, with routes into the tunnel of the other',
    { hub: site(1, ['10.9.0.0/24']), a: site(2, ['10.0.1.0/24']), b: site(3, ['10.0.1.0/24']) },
    [...legs({ mode: 'route' }, { translateAt: 'hub' }), overHub],
  ],
  [
    'two uplinks of a gateway that is behind a NAT on one of them, as is its peer',
    {
      a: site(1, ['10.0.1.0/24'], {
        outside: { interface: 'eth1', address: '172.31.255.1', publicAddress: '203.0.113.1' },
        identity: 'a.example.net',
        uplinks: { backup: { interface: 'eth2', address: '192.0.2.1', nextHop: '192.0.2.254' } },
      }),
      b: site(2, ['10.0.1.0/24'], {
        outside: { interface: 'eth1', address: '172.31.255.2', publicAddress: '203.0.113.2' },
        identity: 'b.example.net',
      }),
    },
    [
      { sites: ab, mode: 'route' },
      { sites: ab, mode: 'route', uplinks: { a: 'backup' } },
    ],
  ],
  [
    'a subnet that hides beside one of IPv6, and a tunnel that takes everything',
    { a: site(2, [pool, 'fd00:2::/64']), b: site(3, ['10.0.1.0/24']) },
    [{ sites: ab, mode: 'route' }],
  ],
  ['a hub without IPv4, and a tunnel that takes everything', onlyHandsOn, [...legs({}, { mode: 'route' }), overHub]],
  [
    'a hub that translates for two, of which one hides',
    { hub: site(2, ['10.0.1.0/27', '10.1.0.0/16']), a: site(3, [pool, '10.1.0.0/16']), b: site(4, ['10.0.1.0/27']) },
    [...legs({ translateAt: 'hub' }, { translateAt: 'hub' }), overHub],
  ],
  [
    'public addresses behind an interface, and a gateway that has some public address',
    {
      hub: site(2, ['10.0.4.0/24'], { platform: 'linux' }),
      a: site(3, [single]),
      b: site(4, ['10.0.1.0/24'], changing),
    },
    legs({ mode: 'route' }),
  ],
  [
    'public addresses across a cable, and a gateway that has some public address',
    {
      hub: site(2, ['10.20.0.0/24'], { platform: 'linux' }),
      a: site(3, [single], changing),
      b: site(4, ['10.0.1.0/24']),
    },
    legs({ translateAt: 'hub' }),
  ],
  [
    'a tunnel that takes everything from a public address to a gateway that has some public address',
    {
      a: site(2, [single], { platform: 'linux' }),
      b: site(3, ['10.0.1.0/24'], { ...changing, platform: 'linux' }),
    },
    [{ sites: ab, mode: 'route' }],
  ],
]

describe('forms that meet in one plan', () => {
  it.each(proven)('are proven: %s', (_, sites, tunnels) => {
    const plan = planOf(sites, tunnels)
    expect(derivePolicies(plan).findings.filter(({ severity }) => severity === 'error')).toEqual([])
    expect([...new Set(results(plan))]).toEqual(['proven'])
  })

  it('are not proven where the hub has another network, and nothing says what it sends', () => {
    const plan = planOf(onlyHandsOn, [...legs({}, { mode: 'route' }), overHub])
    expect(results(plan, { hub: ['fd00:1::/64', '10.50.0.0/24'] })[0]).not.toBe('proven')
  })

  it('are not proven where nothing else brings what a site without IPv4 would hand on', () => {
    const plan = planOf({ a: site(2, ['10.21.0.0/24']), b: site(3, ['10.23.0.0/24']) }, [{ sites: ab, mode: 'route' }])
    expect(results(plan)[0]).toBe('proven')
    expect(results(plan, { a: ['fd00:1::/64'] })[0]).not.toBe('proven')
  })

  const mixed = (platform: Platform, first: Partial<Tunnel>, second: Partial<Tunnel>) => {
    const hub = site(1, ['10.9.0.0/24'], { platform })
    const plan = planOf({ hub, a: site(2, ['10.0.1.0/24']), b: site(3, ['10.0.1.0/24']) }, [
      ...legs(first, second),
      overHub,
    ])
    return derivePolicies(plan).findings.map(({ code }) => code)
  }

  it.each(['vyos-1.4', 'linux'] as const)('are refused: selectors beside a cable at a hub on %s', (platform) => {
    expect(mixed(platform, {}, { translateAt: 'hub' })).toContain('TUNNEL_FORM_UNSUPPORTED')
    expect(mixed(platform, { mode: 'route' }, { translateAt: 'hub' })).not.toContain('TUNNEL_FORM_UNSUPPORTED')
    expect(mixed(platform, { translateAt: 'hub' }, { translateAt: 'hub' })).not.toContain('TUNNEL_FORM_UNSUPPORTED')
    expect(mixed(platform, {}, {})).not.toContain('TUNNEL_FORM_UNSUPPORTED')
  })

  it('are refused: IPv6 that a hub hands on through a virtual interface of IPv4 alone', () => {
    const at = (subnets: Site['subnets']) => {
      const hub = site(1, ['10.9.0.0/24'], { platform: 'vyos-1.3' })
      const plan = planOf({ hub, a: site(2, subnets), b: site(3, ['fd00:3::/64', '10.7.0.0/24']) }, [
        ...legs({ mode: 'route' }),
        overHub,
      ])
      return derivePolicies(plan).findings.map(({ code }) => code)
    }
    expect(at(['10.0.1.0/24', 'fd00:2::/64'])).toContain('TUNNEL_FORM_UNSUPPORTED')
    expect(at(['10.0.1.0/24'])).not.toContain('TUNNEL_FORM_UNSUPPORTED')
  })
})
