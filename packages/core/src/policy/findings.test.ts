import { describe, expect, it } from 'vitest'
import { emptyLock, type Lock, numberKey } from '../allocation/lock.ts'
import type { Code } from '../codes.ts'
import type { SiteName } from '../network/names.ts'
import { normalize } from '../network/normalize.ts'
import type { WrittenNetwork, WrittenTunnel } from '../network/written.ts'
import { planNetwork } from '../plan/plan-network.ts'
import { derivePolicies } from './derive-policies.ts'

type Sites = WrittenNetwork['sites']
type Gateway = NonNullable<Sites[string]['gateway']>

function at(platform: Gateway['platform'], address: string, more: Partial<Gateway> = {}): Gateway {
  return { platform, outside: { interface: 'eth1', address }, ...more }
}

function sites(one: Partial<Gateway>, other: Partial<Gateway> = {}, subnets = ['10.0.2.0/24']): Sites {
  return {
    a: { subnets: ['10.0.1.0/24'], gateway: { ...at('vyos-1.4', '192.0.2.1'), ...one } },
    b: { subnets, gateway: { ...at('vyos-1.4', '192.0.2.2'), ...other } },
  }
}

function derive(network: Pick<WrittenNetwork, 'sites'>, tunnel: Partial<WrittenTunnel> = {}, lock: Lock = emptyLock) {
  const { value, findings } = normalize({ version: 1, ...network, tunnels: [{ sites: ['a', 'b'], ...tunnel }] })
  if (!value) throw new Error(findings.map(({ message }) => message).join('\n'))
  const { plan } = planNetwork(value, lock)
  if (!plan) throw new Error('no plan')
  const derivation = derivePolicies(plan)
  return { ...derivation, codes: derivation.findings.map(({ code }) => code) }
}

const strong = { encryption: 'aes256', hash: 'sha256', dhGroup: 14 }

interface Row {
  readonly code: Code
  readonly why: string
  readonly sites: Sites
  readonly tunnel?: Partial<WrittenTunnel>
}

const rows: readonly Row[] = [
  { code: 'PEER_WITHOUT_GATEWAY', why: 'b has no gateway', sites: { ...sites({}), b: { subnets: ['10.0.2.0/24'] } } },
  { code: 'TUNNEL_FAMILIES_DIFFER', why: 'b is at IPv6', sites: sites({}, at('vyos-1.4', '2001:db8::2')) },
  { code: 'TUNNEL_EMPTY', why: 'b has IPv6 only', sites: sites({}, {}, ['fd00::/64']) },
  { code: 'TUNNEL_MAY_LEAK', why: 'a initiates', sites: sites({}), tunnel: { start: { a: 'initiate' } } },
  { code: 'TUNNEL_MAY_LEAK', why: 'EdgeOS has no trap', sites: sites({ platform: 'edgeos' }) },
  {
    code: 'START_UNSUPPORTED',
    why: '1.3 cannot wait',
    sites: sites({ platform: 'vyos-1.3' }),
    tunnel: { start: { a: 'respond' } },
  },
  { code: 'START_NOBODY', why: 'both wait', sites: sites({}), tunnel: { start: 'respond' } },
  {
    code: 'TUNNEL_FORM_UNSUPPORTED',
    why: 'a cable inside a gateway has no IPv6',
    sites: {
      ...sites({}, {}, ['10.0.1.0/24', 'fd00:2::/64']),
      a: { subnets: ['10.0.1.0/24', 'fd00:1::/64'], gateway: at('vyos-1.4', '192.0.2.1') },
    },
    tunnel: { translateAt: 'a' },
  },
  {
    code: 'TUNNEL_FORM_UNSUPPORTED',
    why: 'a Vyatta 5400 has no IPv6 between IPv4 addresses',
    sites: {
      ...sites({}, {}, ['fd00:2::/64']),
      a: { subnets: ['fd00:1::/64'], gateway: at('vyatta-5400', '192.0.2.1') },
    },
  },
  {
    code: 'TUNNEL_FORM_UNSUPPORTED',
    why: 'nor a 5600 IPv4 between IPv6 addresses',
    sites: sites(at('vyatta-5600', '2001:db8::1'), at('vyos-1.4', '2001:db8::2')),
  },
  {
    code: 'TUNNEL_FORM_UNSUPPORTED',
    why: 'EdgeOS makes no VTI from an address that changes',
    sites: sites({ platform: 'edgeos', outside: { interface: 'eth1', address: 'dynamic' }, identity: 'a.example.net' }),
    tunnel: { mode: 'route' },
  },
  {
    code: 'TUNNEL_FORM_UNSUPPORTED',
    why: 'VyOS 1.3 makes no VTI towards a host name',
    sites: sites(at('vyos-1.3', '192.0.2.1'), { outside: { interface: 'eth1', address: { host: 'b.example.net' } } }),
    tunnel: { mode: 'route' },
  },
  {
    code: 'NAT_TRAVERSAL_UNSUPPORTED',
    why: 'not on 5600',
    sites: sites({ platform: 'vyatta-5600' }),
    tunnel: { forceNatTraversal: true },
  },
  {
    code: 'PROPOSAL_UNKNOWN',
    why: 'a slip',
    sites: sites({}),
    tunnel: { proposal: { ike: { ...strong, hash: 'sha265' }, esp: strong } },
  },
  {
    code: 'PROPOSAL_IMPOSSIBLE',
    why: 'modern is demanded of a 5400',
    sites: sites({ platform: 'vyatta-5400' }),
    tunnel: { proposal: 'modern' },
  },
  {
    code: 'PROPOSAL_IMPOSSIBLE',
    why: 'IKEv2 is demanded of a 5400',
    sites: sites({ platform: 'vyatta-5400' }),
    tunnel: { ike: { version: 2 } },
  },
  {
    code: 'PROPOSAL_IMPOSSIBLE',
    why: 'DH 21 is not on 5600',
    sites: sites({ platform: 'vyatta-5600' }),
    tunnel: { proposal: { ike: { ...strong, dhGroup: 21 }, esp: strong } },
  },
  { code: 'PROPOSAL_LOWERED', why: 'no wish, and EdgeOS has no GCM', sites: sites({ platform: 'edgeos' }) },
  { code: 'PROPOSAL_LOWERED', why: 'IKEv1 has no GCM', sites: sites({}), tunnel: { ike: { version: 1 } } },
  {
    code: 'PROPOSAL_REFUSED',
    why: 'MD5',
    sites: sites({}),
    tunnel: { proposal: { ike: { ...strong, hash: 'md5' }, esp: strong } },
  },
  {
    code: 'PROPOSAL_REFUSED',
    why: 'DH 2',
    sites: sites({}),
    tunnel: { proposal: { ike: strong, esp: { ...strong, dhGroup: 2 } } },
  },
  {
    code: 'PROPOSAL_WEAK',
    why: 'SHA-1',
    sites: sites({}),
    tunnel: { proposal: { ike: { ...strong, hash: 'sha1' }, esp: strong } },
  },
  { code: 'PROPOSAL_WEAK', why: 'DH 5 is all that a 5400 has', sites: sites({ platform: 'vyatta-5400' }) },
  { code: 'MSS_BY_HAND', why: 'a 5400 has no clamp', sites: sites({ platform: 'vyatta-5400' }) },
  {
    code: 'ROUTE_SINGLE_ADDRESS',
    why: 'one host at b',
    sites: sites({ platform: 'vyatta-5600' }, {}, ['10.0.2.9/32']),
  },
  {
    code: 'RULE_BASE_UNFIT',
    why: 'EdgeOS keeps 5000 for source rules',
    sites: sites({ platform: 'edgeos', ruleBase: 5000 }),
  },
]

describe('derivePolicies reports', () => {
  it.each(rows)('$code: $why', ({ code, tunnel, ...network }) => {
    const { codes, policies, findings } = derive(network, tunnel)
    expect(codes).toContain(code)
    if (findings.some(({ severity }) => severity === 'error')) expect(policies).toEqual([])
  })

  it('RULE_NUMBERS_EXHAUSTED: more pairs than numbers', () => {
    const left = Array.from({ length: 70 }, (_, index) => `10.1.${index}.0/24`)
    const right = Array.from({ length: 70 }, (_, index) => `10.2.${index}.0/24`)
    const both = sites({ platform: 'edgeos' }, {}, right)
    const { codes, findings } = derive({ sites: { ...both, a: { subnets: left, gateway: at('edgeos', '192.0.2.1') } } })
    expect(codes).toContain('RULE_NUMBERS_EXHAUSTED')
    const message = findings.find(({ code }) => code === 'RULE_NUMBERS_EXHAUSTED')?.message
    expect(message).toContain('900 of 4900 pairs')
    // The numbers of the gateway, not those of the lock.
    expect(message).toContain('5000 to 8999 for source rules')
  })

  it('LOCK_NUMBER_UNFIT: the platform changed', () => {
    const first = derive({ sites: sites({ ruleBase: 50_000 }) })
    const { codes } = derive({ sites: sites({ platform: 'vyatta-5600' }) }, {}, first.lock)
    expect(codes).toContain('LOCK_NUMBER_UNFIT')
  })

  it('IDENTITY_DUPLICATE: both are x', () => {
    const { findings } = normalize({ version: 1, sites: sites({ identity: 'x' }, { identity: 'x' }) })
    expect(findings.map(({ code }) => code)).toEqual(['IDENTITY_DUPLICATE'])
  })

  it('nothing about an explicit proposal that says no IKE version, on a gateway that has IKEv1 only', () => {
    const old = { encryption: 'aes256', hash: 'sha1', dhGroup: 5 }
    const { codes, policies } = derive(
      { sites: sites({ platform: 'vyatta-5400' }) },
      { proposal: { ike: old, esp: old } },
    )
    expect(codes).not.toContain('PROPOSAL_IMPOSSIBLE')
    expect(policies[0]?.tunnels[0]?.ike.version).toBe(1)
  })

  it.each([
    ['vyatta-5400', 14, ['DEAD_PEER_INTERVAL_UNFIT']],
    ['vyatta-5400', 15, []],
    ['edgeos', 14, ['DEAD_PEER_INTERVAL_DOUBTFUL']],
    ['edgeos', 15, []],
    ['vyos-1.3', 2, []],
    ['vyatta-5600', 2, []],
    ['linux', 2, []],
  ] as const)('what %s does with %i seconds of dead peer detection: %j', (platform, interval, expected) => {
    for (const ends of [sites({ platform }), sites({}, { platform })]) {
      const { codes } = derive({ sites: ends }, { deadPeerDetection: { interval } })
      expect(codes.filter((code) => code.startsWith('DEAD_PEER'))).toEqual(expected)
    }
  })

  it('nothing about a subnet of two addresses, which the 5600 translates as any other', () => {
    expect(derive({ sites: sites({ platform: 'vyatta-5600' }, {}, ['10.0.2.8/31']) }).codes).toEqual([])
  })

  it('nothing on the platforms that can do everything', () => {
    expect(derive({ sites: sites({}, { platform: 'vyatta-5600' }) }).codes).toEqual([])
  })
})

describe('rule numbers', () => {
  it('use the room between the steps before they give up', () => {
    const left = Array.from({ length: 30 }, (_, index) => `10.1.${index}.0/24`)
    const { policies } = derive({
      sites: { ...sites({}), a: { subnets: left, gateway: at('vyatta-5600', '192.0.2.1', { ruleBase: 9900 }) } },
    })
    const numbers = policies.find(({ site }) => site === 'a')?.nat.map(({ number }) => number) ?? []
    expect(numbers).toHaveLength(30)
    expect(Math.min(...numbers)).toBe(9900)
    expect(Math.max(...numbers)).toBe(9990)
  })

  it('of a pair that leaves are not given to the one that joins', () => {
    const { lock } = derive({ sites: sites({}) })
    const { policies } = derive({ sites: sites({}, {}, ['10.0.3.0/24']) }, {}, lock)
    expect(policies[0]?.nat[0]?.number).toBe(1010)
  })

  it('stay in the lock when they are not where a new one would go', () => {
    const { lock } = derive({ sites: sites({}) })
    const key = numberKey({
      site: 'a' as SiteName,
      peer: 'b' as SiteName,
      local: [...lock.numbers.values()][0]?.local as never,
      remote: [...lock.numbers.values()][0]?.remote as never,
    })
    const moved = new Map(lock.numbers)
    const entry = moved.get(key)
    if (!entry) throw new Error('no entry')
    moved.set(key, { ...entry, number: 77 })
    const { policies } = derive({ sites: sites({}) }, {}, { ...lock, numbers: moved })
    expect(policies[0]?.nat[0]?.number).toBe(77)
  })
})

describe('the hint about packets that may leak', () => {
  const hintFor = (network: Sites) =>
    derive({ sites: network }).findings.find(({ code }) => code === 'TUNNEL_MAY_LEAK')?.hint

  it('names a virtual interface where both ends can have one', () => {
    expect(hintFor(sites({ platform: 'edgeos' }))).toContain('mode: route')
  })

  it('does not where an address changes, between which the platform makes none', () => {
    const moving = { outside: { interface: 'eth1', address: 'dynamic' }, identity: 'b.example.net' }
    const hint = hintFor(sites({ platform: 'edgeos' }, moving))
    expect(hint).toContain('drop unencrypted packets')
    expect(hint).not.toContain('mode: route')
  })
})
