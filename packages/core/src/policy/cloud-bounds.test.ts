import { describe, expect, it } from 'vitest'
import type { Code } from '../codes.ts'
import { normalize } from '../network/normalize.ts'
import type { WrittenNetwork, WrittenTunnel } from '../network/written.ts'
import { planNetwork } from '../plan/plan-network.ts'
import { derivePolicies } from './derive-policies.ts'

type Gateway = NonNullable<WrittenNetwork['sites'][string]['gateway']>
type Network = Omit<WrittenNetwork, 'version'>

const cloudCodes: readonly Code[] = [
  'TRANSLATION_UNSUPPORTED',
  'TUNNEL_FORM_UNSUPPORTED',
  'CLOUD_NAT_UNFIT',
  'CLOUD_LIMIT',
  'CLOUD_VALUE_UNFIT',
]

interface Ends {
  readonly cloud?: readonly string[]
  readonly office?: readonly string[]
  readonly gateway?: Partial<Gateway>
}

/** A cloud and an office; without subnets of their own both have 10.0.0.0/24. */
function joined(platform: Gateway['platform'], tunnel: Partial<WrittenTunnel>, ends: Ends = {}): Network {
  const { cloud = ['10.0.0.0/24'], office = ['10.0.0.0/24'], gateway } = ends
  return {
    sites: {
      cloud: { subnets: [...cloud], gateway: { platform, outside: { address: '203.0.113.1' } } },
      office: {
        subnets: [...office],
        gateway: { platform: 'vyos-1.4', outside: { interface: 'eth0', address: '192.0.2.1' }, ...gateway },
      },
    },
    tunnels: [{ sites: ['cloud', 'office'], ...tunnel }],
  }
}

function said(network: Network): string[] {
  const { value, findings } = normalize({ version: 1, ...network })
  if (!value) throw new Error(findings.map(({ message }) => message).join('\n'))
  const { plan, findings: problems } = planNetwork(value)
  if (!plan) throw new Error(problems.map(({ message }) => message).join('\n'))
  return derivePolicies(plan)
    .findings.filter(({ code }) => cloudCodes.includes(code))
    .map(({ code, hint }) => `${code}: ${hint}`)
}

const any = { mode: 'route' } as const
const narrow = { mode: 'route', selectors: 'narrow' } as const
const apart = { cloud: ['10.1.0.0/24'] }
const twoPairs = { cloud: ['10.1.0.0/24', '10.2.0.0/24'] }

const many = (count: number, from: number) =>
  Array.from({ length: count }, (_, index) => `10.${from + (index >> 7)}.${(index & 127) * 2}.0/24`)

function cloudGateway(platform: Gateway['platform']): Gateway {
  return { platform, outside: { address: '203.0.113.1' } }
}

/** Two tunnels of a cloud, where `second` says nothing else to different addresses of its own; `far`: the office has another uplink. */
function twoTunnels(
  platform: Gateway['platform'],
  second: Partial<WrittenTunnel> = {},
  { first = {}, cloud = {} }: { readonly first?: Partial<WrittenTunnel>; readonly cloud?: object } = {},
): Network {
  const far = { interface: 'eth2', address: '198.51.100.1', nextHop: '198.51.100.9' }
  const { sites } = joined(platform, any, { ...apart, gateway: { uplinks: { far } } })
  const gateway = { ...cloudGateway(platform), uplinks: { second: { address: '203.0.113.2' }, ...cloud } }
  const ends = { sites: ['cloud', 'office'], ...any, preSharedKey: { env: 'NATPLAN_KEY' } }
  return {
    sites: { ...sites, cloud: { ...sites['cloud'], gateway } as Network['sites'][string] },
    tunnels: [
      { ...ends, ...first },
      { ...ends, uplinks: { cloud: 'second' }, ...second },
    ],
  }
}

describe('a second tunnel that the cloud makes by itself', () => {
  const isTold = (network: Network) => {
    const { value } = normalize({ version: 1, ...network })
    const { plan } = value ? planNetwork(value) : {}
    return plan ? derivePolicies(plan).findings.some(({ code }) => code === 'CLOUD_TUNNEL_ALONE') : undefined
  }

  it('is told where it is not used', () => {
    expect(isTold(joined('aws', { ...any, translateAt: 'office' }))).toBe(true)
    const { sites, tunnels = [] } = twoTunnels('azure')
    expect(isTold({ sites, tunnels: tunnels.slice(0, 1) })).toBe(true)
  })

  it.each(['azure', 'gcp'] as const)('is not told of %s', (platform) => {
    expect(isTold(joined(platform, { ...any, translateAt: 'office' }, apart))).toBe(false)
  })

  it.each(['azure', 'aws', 'gcp'] as const)('is not told where the plan has it: %s', (platform) => {
    expect(isTold(twoTunnels(platform))).toBe(false)
    expect(said(twoTunnels(platform))).toEqual([])
  })

  it('is not told where another connection to the peer takes over', () => {
    expect(isTold(twoTunnels('aws', { uplinks: { cloud: 'second', office: 'far' } }))).toBe(false)
  })
})

describe('several tunnels of a cloud to a peer', () => {
  const far = { uplinks: { office: 'far' } }
  const both = { uplinks: { cloud: 'second', office: 'far' } }
  const third = { third: { address: '203.0.113.3' } }
  const own = (code: string) => new RegExp(`^${code}: `)
  const again = { sites: ['cloud', 'office'], ...any, uplinks: { cloud: 'third' } }

  it.each<[string, Network, RegExp | undefined]>([
    ['aws: one address of its own to two of the peer', twoTunnels('aws', far), /uplinks: \{ cloud: second \} on this/],
    ['aws: two to two', twoTunnels('aws', both), undefined],
    ['aws: other selectors', twoTunnels('aws', { selectors: 'narrow' }), /write selectors alike on both/],
    ['aws: another key', twoTunnels('aws', { preSharedKey: { env: 'NATPLAN_OTHER' } }), undefined],
    ['aws: another proposal', twoTunnels('aws', { proposal: 'compatible' }), undefined],
    ['azure: to two addresses of the peer', twoTunnels('azure', both), /name no uplink of office/],
    ['azure: to another address of the peer', twoTunnels('azure', far), /name no uplink of office/],
    ['azure: other selectors', twoTunnels('azure', { selectors: 'narrow' }), /write the same on both/],
    ['azure: another key', twoTunnels('azure', { preSharedKey: { env: 'NATPLAN_OTHER' } }), /name one key for both/],
    ['azure: another proposal', twoTunnels('azure', { proposal: 'compatible' }), /write the same on both/],
    ['azure: another timeout', twoTunnels('azure', { deadPeerDetection: { timeout: 60 } }), /write the same on both/],
    ['azure: three instances', twoTunnels('azure', {}, { cloud: third }), /remove this uplink/],
    ['gcp: one gateway to two addresses', twoTunnels('gcp', far), undefined],
    ['gcp: two to two', twoTunnels('gcp', both), undefined],
    ['gcp: another key', twoTunnels('gcp', { preSharedKey: { env: 'NATPLAN_OTHER' } }), undefined],
  ])('%s', (_, network, hint) => {
    const found = said(network)
    if (hint === undefined) expect(found).toEqual([])
    else expect(found).toEqual([expect.stringMatching(hint)])
    expect(found.every((one) => own('CLOUD_(LIMIT|VALUE_UNFIT)').test(one))).toBe(true)
  })

  it('are two in a connection of AWS', () => {
    const { sites, tunnels = [] } = twoTunnels('aws', {}, { cloud: third })
    expect(said({ sites, tunnels: [...tunnels, again] })).toEqual([
      'CLOUD_LIMIT: remove this one, or name an uplink of office for it',
    ])
  })

  it('are one object with its routes where they are one connection', () => {
    const routes = (network: Network) => {
      const { sites, ...others } = network
      return said({ ...others, sites: { ...sites, office: { ...sites['office'], subnets: many(60, 10) } } as never })
    }
    expect(routes(twoTunnels('aws'))).toEqual([])
    expect(routes(twoTunnels('aws', both))).toEqual(['CLOUD_LIMIT: join neighbouring subnets of the peers'])
  })

  it('have each rule of NAT twice in azure', () => {
    const rules = (count: number) => {
      const { sites, ...others } = twoTunnels('azure')
      const subnets = many(count, 10)
      const ends = { cloud: { ...sites['cloud'], subnets }, office: { ...sites['office'], subnets: ['10.10.0.0/15'] } }
      return said({ ...others, sites: ends as Network['sites'] })
    }
    expect(rules(50)).toEqual([])
    expect(rules(51)).toEqual(['CLOUD_LIMIT: join neighbouring subnets, or translate at the other sites'])
  })
})

describe('a cloud that translates nothing', () => {
  it.each(['aws', 'gcp'] as const)('%s leaves it to a peer that can do both', (platform) => {
    expect(said(joined(platform, any))).toEqual(['TRANSLATION_UNSUPPORTED: write translateAt: office on this tunnel'])
    expect(said(joined(platform, { ...any, translateAt: 'office' }))).toEqual([])
    expect(said(joined(platform, any, apart))).toEqual([])
  })

  it.each(['aws', 'gcp'] as const)('%s is not asked to translate', (platform) => {
    const network = joined(platform, { ...any, translateAt: 'cloud' }, apart)
    expect(said(network)).toEqual(['TRANSLATION_UNSUPPORTED: write translateAt: office on this tunnel'])
  })

  it('says who can, where the peer cannot', () => {
    const [finding] = said(joined('aws', any, { gateway: { platform: 'edgeos' } }))
    expect(finding).toContain('edgeos at office cannot; these can: vyos-1.5, vyos-1.4, linux, azure')
  })

  it('needs nobody where only the other end is translated', () => {
    const office = { cloud: ['10.1.0.0/24'], office: ['10.0.0.0/24'] }
    const network = joined('aws', any, office)
    const { office: site, ...sites } = network.sites
    const pinned = { ...site, subnets: [{ prefix: '10.0.0.0/24', translate: 'always' as const }] }
    expect(said({ ...network, sites: { ...sites, office: pinned as typeof site & object } })).toEqual([])
  })
})

describe('the NAT rules of azure', () => {
  it('can translate for both ends', () => {
    expect(said(joined('azure', any))).toEqual([])
    expect(said(joined('azure', { ...any, translateAt: 'cloud' }))).toEqual([])
    expect(said(joined('azure', { ...any, translateAt: 'office' }))).toEqual([])
  })

  it('want selectors from any to any', () => {
    expect(said(joined('azure', {}))).toEqual(['CLOUD_NAT_UNFIT: write mode: route on this tunnel'])
    expect(said(joined('azure', narrow))).toEqual(['CLOUD_NAT_UNFIT: write selectors: any, or remove it'])
    expect(said(joined('azure', narrow, apart))).toEqual([])
    expect(said(joined('azure', {}, twoPairs))).toEqual([])
  })

  it.each([
    [100, []],
    [101, ['CLOUD_LIMIT: join neighbouring subnets, or translate at the other sites']],
  ])('%i of them: %j', (count, expected) => {
    const subnets = many(count, 10)
    expect(said(joined('azure', any, { cloud: subnets, office: ['10.10.0.0/15'] }))).toEqual(expected)
  })

  const spoke = (subnets: readonly object[], address: string) => ({
    subnets: subnets as WrittenNetwork['sites'][string]['subnets'],
    gateway: { platform: 'vyos-1.4' as const, outside: { interface: 'eth0', address } },
  })
  const always = (count: number) => many(count, 10).map((prefix) => ({ prefix, translate: 'always' as const }))
  const two = (own: readonly object[], a: readonly object[], b: readonly object[]): Network => ({
    sites: {
      cloud: { ...spoke(own, '203.0.113.1'), gateway: { platform: 'azure', outside: { address: '203.0.113.1' } } },
      a: spoke(a, '192.0.2.1'),
      b: spoke(b, '192.0.2.2'),
    },
    tunnels: ['a', 'b'].map((name) => ({ sites: ['cloud', name], ...any, translateAt: 'cloud' })),
  })
  const one = [{ prefix: '10.200.0.0/24' }]

  it('are of a tunnel where they are for its peer', () => {
    expect(said(two(one, always(50), always(50)))).toEqual([])
    expect(said(two(one, always(50), always(51)))).toHaveLength(1)
  })

  it('are shared where they are for the own subnets', () => {
    const [a, b] = ['10.200.0.0/24', '10.201.0.0/24'].map((prefix) => [{ prefix }])
    expect(said(two(always(100), a ?? [], b ?? []))).toEqual([])
    expect(said(two(always(101), a ?? [], b ?? []))).toHaveLength(1)
  })

  it('give a prefix one name on a tunnel, also for those whom the peer hands on to', () => {
    const network = (translate: 'auto' | 'always'): Network => ({
      sites: {
        cloud: {
          subnets: [{ prefix: '10.0.0.0/24', translate }],
          gateway: { platform: 'azure', outside: { address: '203.0.113.1' } },
        },
        office: spoke([{ prefix: '10.7.0.0/24' }], '192.0.2.1'),
        branch: { ...spoke([{ prefix: '10.3.0.0/24' }], '192.0.2.2'), reserved: ['10.0.0.0/16'] },
      },
      tunnels: [
        { sites: ['cloud', 'office'], ...any },
        { sites: ['branch', 'office'], ...any },
        { sites: ['branch', 'cloud'], through: 'office' },
      ],
    })
    expect(said(network('auto'))).toEqual([
      'CLOUD_NAT_UNFIT: write translate: always at that subnet, so that everybody calls it the same',
    ])
    expect(said(network('always'))).toEqual([])
  })
})

describe('the selectors of clouds', () => {
  it.each(['aws', 'gcp'] as const)('%s: one pair of prefixes', (platform) => {
    expect(said(joined(platform, {}, apart))).toEqual([])
    expect(said(joined(platform, {}, twoPairs))).toEqual(['CLOUD_LIMIT: write mode: route on this tunnel'])
    expect(said(joined(platform, narrow, twoPairs))).toEqual(['CLOUD_LIMIT: write selectors: any, or remove it'])
    expect(said(joined(platform, any, twoPairs))).toEqual([])
  })

  it.each([
    [20, []],
    [21, ['CLOUD_LIMIT: write mode: route, or join neighbouring subnets']],
  ])('azure: 10 times %i pairs: %j', (count, expected) => {
    const ends = { cloud: many(count, 20), office: many(10, 10) }
    expect(said(joined('azure', {}, ends))).toEqual(expected)
    expect(said(joined('azure', any, ends))).toEqual([])
  })
})

describe('what AWS takes', () => {
  it.each([
    [100, []],
    [101, ['CLOUD_LIMIT: join neighbouring subnets of the peers']],
  ])('%i routes: %j', (count, expected) => {
    expect(said(joined('aws', any, { cloud: ['10.200.0.0/24'], office: many(count, 10) }))).toEqual(expected)
  })

  it('has an address for each connection', () => {
    const { sites, tunnels = [] } = joined('aws', any, apart)
    const branch = {
      subnets: ['10.3.0.0/24'],
      gateway: { platform: 'vyos-1.4' as const, outside: { interface: 'eth0', address: '192.0.2.2' } },
    }
    const network = { sites: { ...sites, branch }, tunnels: [...tunnels, { sites: ['cloud', 'branch'], ...any }] }
    const [finding, ...others] = said(network)
    expect(finding).toMatch(/^CLOUD_LIMIT: .*uplinks: \{ cloud: second \} on this tunnel$/)
    expect(others).toEqual([])
    const uplinks = { other: { address: '203.0.113.2' } }
    const named = { ...sites, branch, cloud: { ...sites['cloud'], gateway: { ...cloudGateway('aws'), uplinks } } }
    const second = { sites: ['cloud', 'branch'], ...any, uplinks: { cloud: 'other' } }
    expect(said({ sites: named as Network['sites'], tunnels: [...tunnels, second] })).toEqual([])
  })

  it.each([
    ['169.254.10.0/30', ['cloud', 'office'], []],
    ['169.254.10.0/30', ['office', 'cloud'], ['CLOUD_VALUE_UNFIT: write sites: [cloud, office]']],
    ['169.254.10.0/31', ['cloud', 'office'], 1],
    ['169.254.5.0/30', ['cloud', 'office'], 1],
    ['169.254.5.4/30', ['cloud', 'office'], []],
    ['10.9.0.0/30', ['cloud', 'office'], 1],
  ] as const)('the link %s with %j: %j', (link, sites, expected) => {
    const found = said(joined('aws', { ...any, link, sites: [...sites] }, apart))
    if (typeof expected === 'number') expect(found).toHaveLength(expected)
    else expect(found).toEqual(expected)
  })

  it.each(['azure', 'gcp'] as const)('and %s has no link at all', (platform) => {
    const found = said(joined(platform, { ...any, link: '169.254.10.0/30' }, apart))
    expect(found).toEqual(['CLOUD_VALUE_UNFIT: remove link'])
  })
})

describe('values', () => {
  const ike = (seconds: number) => ({ ike: { lifetime: seconds } })
  const esp = (seconds: number) => ({ esp: { lifetime: seconds } })
  const timeout = (seconds: number) => ({ deadPeerDetection: { timeout: seconds } })
  it.each([
    ['aws', ike(899), 'write 900 to 28800'],
    ['aws', ike(900), undefined],
    ['aws', ike(28_801), 'write 900 to 28800'],
    ['aws', esp(3600), undefined],
    ['aws', esp(3601), 'write 900 to 3600'],
    ['azure', ike(3600), undefined],
    ['azure', esp(299), 'write 300 to 86400'],
    ['azure', esp(300), undefined],
    ['azure', timeout(3601), 'write 9 to 3600'],
    ['azure', timeout(3600), undefined],
    ['gcp', { ...ike(60), ...esp(60), ...timeout(86_400) }, undefined],
  ] as const)('%s with %j: %s', (platform, settings, hint) => {
    const expected = hint === undefined ? [] : [`CLOUD_VALUE_UNFIT: ${hint}`]
    expect(said(joined(platform, { ...any, ...settings }, apart))).toEqual(expected)
  })

  it.each(['azure', 'aws', 'gcp'] as const)('%s knows its peers by their addresses', (platform) => {
    const gateway = { identity: 'office.example.net' }
    const found = said(joined(platform, any, { ...apart, gateway }))
    expect(found).toEqual(['CLOUD_VALUE_UNFIT: remove identity: office is 192.0.2.1 then'])
    const behindNat = { outside: { interface: 'eth0', address: '172.20.0.1', publicAddress: '192.0.2.1' } }
    expect(said(joined(platform, any, { ...apart, gateway: behindNat }))).toEqual([])
  })

  it('IPv4 alone goes through', () => {
    const six = (office: readonly string[]) =>
      said(joined('gcp', any, { cloud: ['10.1.0.0/24', 'fd00:1::/64'], office }))
    expect(six(['10.0.0.0/24', 'fd00:2::/64'])).toContain('CLOUD_VALUE_UNFIT: list IPv4 subnets only at cloud')
    expect(six(['10.0.0.0/24'])).toEqual([])
  })

  it.each(['azure', 'aws', 'gcp'] as const)('%s has peers at fixed addresses', (platform) => {
    const outside = { interface: 'eth0', address: 'dynamic' as const }
    const found = said(joined(platform, any, { ...apart, gateway: { outside, identity: 'office.example.net' } }))
    expect(found).toEqual(['CLOUD_VALUE_UNFIT: write a fixed address'])
  })

  it.each(['azure', 'aws', 'gcp'] as const)('%s has a key for each tunnel, and no certificate', (platform) => {
    const authentication = { certificate: 'own', ca: 'our-ca' }
    const found = said(joined(platform, { ...any, authentication }, apart))
    expect(found).toEqual(['CLOUD_VALUE_UNFIT: write preSharedKey in place of authentication'])
  })

  it('azure hides no subnet behind fewer addresses, and the others none at all', () => {
    const hiding = (platform: Gateway['platform'], site: 'cloud' | 'office'): Network => {
      const { sites, tunnels = [] } = joined(platform, any, apart)
      const own = site === 'cloud' ? '10.1.0.0/24' : '10.0.0.0/24'
      const subnets = [{ prefix: own, hideBehind: '172.16.9.9' }]
      const hidden = { ...sites[site], subnets } as Network['sites'][string]
      return { sites: { ...sites, [site]: hidden }, tunnels }
    }
    expect(said(hiding('azure', 'cloud'))).toEqual([
      'CLOUD_NAT_UNFIT: remove hideBehind, or translate that subnet at the other site',
    ])
    expect(said(hiding('azure', 'office'))).toEqual([])
    expect(said(hiding('gcp', 'cloud'))).toEqual(['TRANSLATION_UNSUPPORTED: write translateAt: office on this tunnel'])
    expect(said(hiding('gcp', 'office'))).toEqual([])
  })

  it('a cloud does not hand on what others send', () => {
    const { sites, tunnels = [] } = joined('azure', any, apart)
    const branch = {
      subnets: ['10.3.0.0/24'],
      gateway: { platform: 'vyos-1.4' as const, outside: { interface: 'eth0', address: '192.0.2.2' } },
    }
    const all = [...tunnels, { sites: ['cloud', 'branch'], ...any }]
    expect(said({ sites: { ...sites, branch }, tunnels: all })).toEqual([])
    const handing = [...all, { sites: ['office', 'branch'], through: 'cloud' }]
    const found = said({ sites: { ...sites, branch }, tunnels: handing })
    expect(found.map((text) => text.split(':')[0])).toEqual(['TUNNEL_FORM_UNSUPPORTED', 'TUNNEL_FORM_UNSUPPORTED'])
  })
})

describe('algorithms with a cloud', () => {
  function algorithms(platform: Gateway['platform'], tunnel: Partial<WrittenTunnel>, peer: Gateway['platform']) {
    const { value } = normalize({
      version: 1,
      ...joined(platform, { ...any, ...tunnel }, { ...apart, gateway: { platform: peer } }),
    })
    const { plan } = value ? planNetwork(value) : { plan: undefined }
    const [policy] = plan ? derivePolicies(plan).policies : []
    const { ike, esp } = policy?.tunnels[0] ?? {}
    return ike && `${ike.version} ${ike.encryption} ${ike.hash} ${ike.dhGroup}, ${esp?.encryption} ${esp?.hash}`
  }
  it.each([
    ['azure', {}, 'vyos-1.4', '2 aes256gcm128 sha384 20, aes256gcm128 undefined'],
    ['aws', {}, 'vyos-1.4', '2 aes256gcm128 sha384 20, aes256gcm128 undefined'],
    ['gcp', {}, 'vyos-1.4', '2 aes256gcm128 sha384 20, aes256gcm128 undefined'],
    // IKE may have SHA-384 there, ESP not.
    ['azure', {}, 'edgeos', '2 aes256 sha384 14, aes256 sha256'],
    ['aws', {}, 'edgeos', '2 aes256 sha384 16, aes256 sha384'],
    ['aws', { ike: { version: 1 } }, 'vyos-1.4', undefined],
    ['aws', {}, 'vyatta-5400', undefined],
  ] as const)('%s with %j and %s: %s', (platform, tunnel, peer, expected) => {
    expect(algorithms(platform, tunnel, peer)).toBe(expected)
  })
})

describe('the segment size', () => {
  const codesOf = (network: Network) => {
    const { value } = normalize({ version: 1, ...network })
    const { plan } = value ? planNetwork(value) : { plan: undefined }
    return plan ? derivePolicies(plan).findings.map(({ code }) => code) : []
  }

  it('is set by the other end, for both directions', () => {
    expect(codesOf(joined('azure', any, apart))).not.toContain('MSS_BY_HAND')
  })

  it('is to be set by hand between two clouds', () => {
    const other = { platform: 'gcp' as const, outside: { address: '192.0.2.1' } }
    const codes = codesOf(joined('azure', any, { ...apart, gateway: other }))
    expect(codes.filter((code) => code === 'MSS_BY_HAND')).toHaveLength(2)
  })
})
