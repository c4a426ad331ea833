import { describe, expect, it } from 'vitest'
import { type Finding, formatPath } from '../finding.ts'
import { normalize } from './normalize.ts'
import type { WrittenNetwork } from './written.ts'

function findingsOf(written: Partial<WrittenNetwork>): readonly Finding[] {
  return normalize({ version: 1, sites: {}, ...written }).findings
}

/** Code and place of each finding. */
function problemsOf(written: Partial<WrittenNetwork>): string[] {
  return findingsOf(written).map(({ code, place }) => `${code} ${formatPath(place.path)}`)
}

function site(...subnets: WrittenNetwork['sites'][string]['subnets']): WrittenNetwork['sites'][string] {
  return { subnets }
}

function gateway(address: string) {
  return { outside: { interface: 'eth0', address } }
}

describe('the subnets of a site', () => {
  it.each([
    [['10.0.0.0/24', '10.0.1.0/24'], [], 'neighbours'],
    [['10.0.0.0/24', '10.0.0.0/24'], ['subnets[1]'], 'the same twice'],
    [['10.0.0.0/24', '10.0.0.0/16'], ['subnets[0]'], 'one inside the other: the inner one is reported'],
    [['10.0.0.0/16', '10.0.1.0/24', '10.0.2.0/24'], ['subnets[1]', 'subnets[2]'], 'two inside one'],
    [['10.0.0.0/16', '10.0.1.0/24', '10.0.1.0/25'], ['subnets[1]', 'subnets[2]'], 'three nested'],
    [['10.0.0.0/24', '10.0.0.0/25', '10.0.1.0/24', '10.0.1.0/25'], ['subnets[1]', 'subnets[3]'], 'two pairs'],
    [['fd00::/64', 'fd00::/48'], ['subnets[0]'], 'IPv6'],
  ])('%j overlap at %j: %s', (subnets, places) => {
    const expected = places.map((place) => `SUBNETS_OVERLAP_IN_SITE sites.a.${place}`)
    expect(problemsOf({ sites: { a: site(...subnets), b: site('10.0.0.0/24') } })).toEqual(expected)
  })

  it('overlap with routed pods, too', () => {
    const kubernetes = { podSubnets: ['10.0.0.0/16'], podEgress: 'routed' as const }
    expect(problemsOf({ sites: { a: { ...site('10.0.1.0/24'), kubernetes } } })).toEqual([
      'SUBNETS_OVERLAP_IN_SITE sites.a.subnets[0]',
    ])
  })

  it.each([
    ['10.0.0.0/28', ['reserved[0]'], 'inside a subnet'],
    ['10.0.0.0/24', ['reserved[0]'], 'the subnet itself'],
    ['10.0.0.0/8', [], 'around a subnet: the rest of it is in use'],
    ['10.0.1.0/24', [], 'beside it'],
  ])('with reserved %s are a risk at %j: %s', (reserved, places) => {
    const expected = places.map((place) => `RESERVED_IN_SUBNET sites.a.${place}`)
    expect(problemsOf({ sites: { a: { ...site('10.0.0.0/24'), reserved: [reserved] } } })).toEqual(expected)
  })

  it.each([
    ['127.0.0.0/24', 'is part of 127.0.0.0/8'],
    ['0.0.0.0/0', 'contains 0.0.0.0/8'],
    ['169.254.1.0/24', 'is part of 169.254.0.0/16'],
    ['224.0.0.0/3', 'contains 224.0.0.0/4'],
    ['fe80::/64', 'is part of fe80::/10'],
    ['::/0', 'contains ::/128'],
  ])('are refused when one is %s, which %s', (subnet, how) => {
    const [finding] = findingsOf({ sites: { a: site(subnet) } })
    expect(finding?.code).toBe('SUBNET_SPECIAL_PURPOSE')
    expect(finding?.message).toContain(`${subnet} ${how}`)
  })
})

describe('ranges of pods and services', () => {
  it.each(['podSubnets', 'serviceSubnets'])('around a subnet are a risk: %s', (key) => {
    const sites = { a: { ...site('10.0.1.0/24'), kubernetes: { [key]: ['10.0.0.0/16'] } } }
    expect(problemsOf({ sites })).toEqual([`RESERVED_IN_SUBNET sites.a.kubernetes.${key}[0]`])
  })
})

describe('endpoints', () => {
  it('differ', () => {
    const sites = {
      a: { ...site(), gateway: gateway('203.0.113.1') },
      b: { ...site(), gateway: gateway('203.0.113.2') },
      c: { ...site(), gateway: gateway('203.0.113.1') },
    }
    expect(problemsOf({ sites })).toEqual(['ENDPOINT_DUPLICATE sites.c.gateway.outside.address'])
  })

  it('are compared as addresses, not as texts', () => {
    const sites = {
      a: { ...site(), gateway: gateway('2001:db8::1') },
      b: { ...site(), gateway: gateway('2001:DB8:0::1') },
    }
    expect(problemsOf({ sites })).toEqual(['ENDPOINT_DUPLICATE sites.b.gateway.outside.address'])
  })
})

describe('the interface of a gateway', () => {
  const at = (platform: NonNullable<WrittenNetwork['sites'][string]['gateway']>['platform'], more: object = {}) =>
    problemsOf({ sites: { a: { subnets: [], gateway: { platform, outside: { address: '203.0.113.1' }, ...more } } } })

  it.each(['vyos-1.4', 'linux', 'generic', undefined] as const)('is missing on %s', (platform) => {
    expect(at(platform)).toEqual(['KEY_MISSING sites.a.gateway.outside'])
    expect(at(platform, { outside: { interface: 'eth0', address: '203.0.113.1' } })).toEqual([])
  })

  it.each(['azure', 'aws', 'gcp'] as const)('is nothing on %s', (platform) => {
    expect(at(platform)).toEqual([])
    const named = at(platform, {
      outside: { interface: 'eth0', address: '203.0.113.1' },
      inside: { interface: 'eth1' },
    })
    expect(named).toEqual([
      'CLOUD_KEY_UNUSED sites.a.gateway.outside.interface',
      'CLOUD_KEY_UNUSED sites.a.gateway.inside',
    ])
  })
})

describe('further addresses of the gateway of a cloud', () => {
  const of = (second: object, { platform = 'aws', link = 'second' } = {}) =>
    findingsOf({
      sites: {
        a: {
          subnets: ['10.3.0.0/24'],
          gateway: { platform, outside: { address: '203.0.113.1' }, uplinks: { second } },
        } as unknown as WrittenNetwork['sites'][string],
        b: { ...site('10.4.0.0/24'), gateway: { outside: { interface: 'eth0', address: '192.0.2.1' } } },
      },
      tunnels: [{}, { uplinks: { a: link } }].map((more) => ({ sites: ['a', 'b'], mode: 'route' as const, ...more })),
    })
  const problems = (...args: Parameters<typeof of>) =>
    of(...args).map(({ code, place }) => `${code} ${'path' in place ? place.path.slice(2).join('.') : ''}`)
  const address = '203.0.113.2'

  it('are addresses alone', () => {
    expect(problems({ address })).toEqual([])
    expect(problems({ address }, { platform: 'vyos-1.4' })).toContain('KEY_MISSING gateway.uplinks.second')
  })

  it.each([
    [{ address, interface: 'eth1' }, ['CLOUD_KEY_UNUSED gateway.uplinks.second.interface']],
    [{ address, nextHop: '203.0.113.9' }, ['CLOUD_KEY_UNUSED gateway.uplinks.second.nextHop']],
    [{ address: '203.0.113.1' }, ['ENDPOINT_DUPLICATE gateway.uplinks.second.address']],
    [{ address: '10.0.0.1' }, ['ENDPOINT_PRIVATE gateway.uplinks.second.address']],
    [{ address: '0.0.0.0' }, ['ENDPOINT_UNUSABLE gateway.uplinks.second.address']],
  ])('are told: %j', (second, expected) => {
    expect(problems(second)).toEqual(expected)
  })

  it('stand still, so that no name is asked for', () => {
    const [finding] = of({ address: 'dynamic' })
    expect(finding).toMatchObject({ code: 'IDENTITY_NOT_A_NAME', hint: expect.stringMatching(/^write the address/) })
  })

  it('are told once where a tunnel misspells one', () => {
    expect(problems({ address }, { link: 'secnd' })).toEqual(['UPLINK_UNFIT uplinks.a'])
  })
})

describe('an outside address', () => {
  const at = (address: string, publicAddress?: string) => ({
    ...site(),
    gateway: { outside: { interface: 'eth0', address, ...(publicAddress === undefined ? {} : { publicAddress }) } },
  })
  const codesAt = (outside: ReturnType<typeof at>, other = '198.51.100.1') =>
    problemsOf({ sites: { a: outside, b: at(other) }, tunnels: [{ sites: ['a', 'b'] }] })

  it.each([
    ['0.0.0.0', 'this host'],
    ['0.1.2.3', 'this network'],
    ['127.0.0.1', 'loopback'],
    ['224.0.0.5', 'multicast'],
    ['239.255.255.255', 'the last of multicast'],
    ['255.255.255.255', 'broadcast'],
    ['::', 'unspecified'],
    ['::1', 'loopback'],
    ['ff02::1', 'multicast'],
    ['::ffff:203.0.113.1', 'an IPv4 address in IPv6 clothes'],
  ])('%s is refused, as the public one too: %s', (address) => {
    expect(codesAt(at(address))).toEqual(['ENDPOINT_UNUSABLE sites.a.gateway.outside.address'])
    expect(codesAt(at('203.0.113.1', address))).toEqual(['ENDPOINT_UNUSABLE sites.a.gateway.outside.publicAddress'])
  })

  it.each(['1.0.0.1', '126.255.255.255', '128.0.0.1', '223.255.255.255', '2001:db8::1'])('%s is not', (address) => {
    expect(codesAt(at(address))).toEqual([])
  })

  it.each([
    [at('172.31.5.7'), '198.51.100.1', ['address'], 'a cloud instance'],
    [at('100.64.3.1'), '198.51.100.1', ['address'], 'behind a carrier'],
    [at('fd00::1'), '2001:db8::1', ['address'], 'unique local'],
    [at('10.0.0.1', '10.9.0.1'), '198.51.100.1', ['publicAddress'], 'behind NAT twice, and not told the last'],
    [at('172.31.5.7', '203.0.113.9'), '198.51.100.1', [], 'both are known'],
    [at('172.32.5.7'), '198.51.100.1', [], 'just beside private space'],
    [at('10.0.0.1'), '192.168.0.1', [], 'a laboratory'],
    [at('100.64.3.1'), '10.0.0.1', [], 'inside a carrier'],
  ])('%j towards %s asks for the public one at %j: %s', (outside, other, keys) => {
    expect(codesAt(outside, other)).toEqual(keys.map((key) => `ENDPOINT_PRIVATE sites.a.gateway.outside.${key}`))
  })

  it('that is private is nobody’s business without a peer on the internet', () => {
    const sites = { a: at('10.0.0.1'), b: at('198.51.100.1'), c: at('10.0.0.2'), d: at('198.51.100.2') }
    const apart = [{ sites: ['a', 'c'] as const }, { sites: ['b', 'd'] as const }]
    expect(problemsOf({ sites, tunnels: apart.map((tunnel) => ({ sites: [...tunnel.sites] })) })).toEqual([])
    expect(findingsOf({ sites }).map(({ message }) => message)).toEqual([
      '10.0.0.1 of a is private, but its peer b and 1 more is on the internet (198.51.100.1) and cannot call it there',
      '10.0.0.2 of c is private, but its peer b and 1 more is on the internet (198.51.100.1) and cannot call it there',
    ])
  })
})

describe('pools', () => {
  it.each<[string, string | undefined, string | undefined, string]>([
    ['10.0.0.0/8', undefined, undefined, 'private'],
    ['100.64.0.0/16', undefined, undefined, 'shared'],
    ['198.18.0.0/15', undefined, undefined, 'benchmarking'],
    [
      '172.32.0.0/16',
      'POOL_NOT_PRIVATE',
      '172.16.0.0/12 is private (RFC 1918): 172.16.0.0 to 172.31.255.255',
      'a slip',
    ],
    [
      '100.0.1.0/24',
      'POOL_NOT_PRIVATE',
      '100.64.0.0/10 is shared address space (RFC 6598): 100.64.0.0 to 100.127.255.255',
      'a slip',
    ],
    [
      '192.0.0.0/8',
      'POOL_NOT_PRIVATE',
      '192.168.0.0/16 is private (RFC 1918): 192.168.0.0 to 192.168.255.255',
      'private in part',
    ],
    [
      '8.8.8.0/24',
      'POOL_NOT_PRIVATE',
      'use 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10, 198.18.0.0/15; public space that is yours stands under own',
      'public',
    ],
    ['fd00::/8', 'POOL_NOT_IPV4', 'name IPv4 space, such as 172.16.0.0/12', 'IPv6'],
  ])('%s: %s, hint %s (%s)', (pool, code, hint) => {
    const [finding] = findingsOf({ pools: [pool] })
    expect([finding?.code, finding?.hint]).toEqual([code, hint])
  })
})

describe('hosts', () => {
  const named = (hosts: Record<string, string | string[]>, more: object = {}) =>
    findingsOf({ sites: { a: { ...site('10.0.1.0/24'), ...more, hosts } } }).map(({ code }) => code)

  it.each<[string, string[], string]>([
    ['db', [], 'a label'],
    ['db-1.example.net', [], 'a dotted name'],
    ['1-and-1', [], 'it may begin with a digit'],
    ['DB', ['HOST_NAME_INVALID'], 'capitals would name it twice'],
    ['db.', ['HOST_NAME_INVALID'], 'a dot at the end'],
    ['db_1', ['HOST_NAME_INVALID'], 'an underscore'],
    ['-db', ['HOST_NAME_INVALID'], 'a hyphen first'],
    ['10.0.1.5', ['HOST_NAME_INVALID'], 'an address'],
    ['a'.repeat(64), ['HOST_NAME_INVALID'], 'a label too long'],
    [`${'a.'.repeat(126)}ab`, ['HOST_NAME_INVALID'], 'a name too long'],
  ])('may be called %s: %j (%s)', (name, codes) => {
    expect(named({ [name]: '10.0.1.5' })).toEqual(codes)
  })

  it.each<[string, object, string[], string]>([
    ['10.0.1.5', {}, [], 'in a subnet'],
    ['10.9.0.5', { reserved: ['10.9.0.0/16'] }, [], 'in reserved space'],
    ['203.0.113.9', {}, ['HOST_OUTSIDE'], 'nowhere'],
    ['203.0.113.9', { subnets: [] }, [], 'the networks of the site are not known'],
    ['fd00::5', {}, ['HOST_OUTSIDE'], 'IPv6 where there is none'],
    ['10.0.1', {}, ['ADDRESS_INVALID'], 'no address'],
    [
      '203.0.113.9',
      { subnets: ['10.0.1.0/33'] },
      ['PREFIX_LENGTH_INVALID'],
      'a network that could not be read may have it',
    ],
  ])('may have %s with %j: %j (%s)', (address, more, codes) => {
    expect(named({ db: address }, more)).toEqual(codes)
    expect(named({ db: [address] }, more)).toEqual(codes)
  })
})

describe('names of hosts that are whole', () => {
  const ambiguous = (sites: Record<string, object>) =>
    problemsOf({ sites: sites as never }).filter((problem) => problem.startsWith('HOST_NAME'))

  it.each<[string, Record<string, object>, string[]]>([
    [
      'may be the same without a dot',
      {
        a: { ...site('10.0.0.0/24'), hosts: { db: '10.0.0.5' } },
        b: { ...site('10.1.0.0/24'), hosts: { db: '10.1.0.5' } },
      },
      [],
    ],
    [
      'must differ with one',
      {
        a: { ...site('10.0.0.0/24'), hosts: { 'db.example': '10.0.0.5' } },
        b: { ...site('10.1.0.0/24'), hosts: { 'db.example': '10.1.0.5' } },
      },
      ['HOST_NAME_AMBIGUOUS sites.b.hosts["db.example"]'],
    ],
    [
      'must differ in a common domain',
      {
        a: { ...site('10.0.0.0/24'), domain: 'corp.example', hosts: { db: '10.0.0.5' } },
        b: { ...site('10.1.0.0/24'), hosts: { 'db.corp.example': '10.1.0.5' } },
      },
      ['HOST_NAME_AMBIGUOUS sites.b.hosts["db.corp.example"]'],
    ],
    [
      'must differ where sites are alike to DNS',
      {
        'a-b': { ...site('10.0.0.0/24'), hosts: { db: '10.0.0.5' } },
        A_B: { ...site('10.1.0.0/24'), hosts: { db: '10.1.0.5' } },
      },
      ['HOST_NAME_AMBIGUOUS sites.a-b.hosts.db'],
    ],
  ])('%s', (_, sites, problems) => {
    expect(ambiguous(sites)).toEqual(problems)
  })

  it.each([
    ['corp.example', []],
    ['internal', []],
    ['Corp.example', ['HOST_NAME_INVALID sites.a.domain']],
    ['corp.example\nserver:', ['HOST_NAME_INVALID sites.a.domain']],
    ['corp.example"', ['HOST_NAME_INVALID sites.a.domain']],
    ['10.0.0.1', ['HOST_NAME_INVALID sites.a.domain']],
    ['', ['HOST_NAME_INVALID sites.a.domain']],
  ])('have the domain %j: %j', (domain, problems) => {
    expect(ambiguous({ a: { ...site('10.0.0.0/24'), domain } })).toEqual(problems)
  })
})

describe('pins', () => {
  const pinned = (prefix: string, translateTo: string, translate?: 'never') =>
    problemsOf({ sites: { a: site({ prefix, translateTo, ...(translate ? { translate } : {}) }) } })

  it.each([
    ['10.0.0.0/24', '192.168.0.0/24', [], 'fits'],
    ['10.0.0.0/24', '192.168.0.0/25', ['PIN_LENGTH sites.a.subnets[0].translateTo'], 'too small'],
    ['10.0.0.0/24', '192.168.0.0/16', ['PIN_LENGTH sites.a.subnets[0].translateTo'], 'too large'],
    ['10.0.0.0/24', '172.32.0.0/24', ['PIN_NOT_PRIVATE sites.a.subnets[0].translateTo'], 'public'],
    ['10.0.0.0/24', 'fd00::/24', ['IPV6_NOT_TRANSLATED sites.a.subnets[0]'], 'to IPv6'],
    ['fd00::/64', '192.168.0.0/24', ['IPV6_NOT_TRANSLATED sites.a.subnets[0]'], 'of IPv6'],
    ['fd00::/64', 'fd01::/64', ['IPV6_NOT_TRANSLATED sites.a.subnets[0]'], 'IPv6 on both sides'],
  ])('from %s to %s give %j: %s', (prefix, translateTo, expected) => {
    expect(pinned(prefix, translateTo)).toEqual(expected)
  })

  it.each([
    ['10.0.0.0/24', '192.168.0.0/16', 'write 192.168.0.0/24 or another part of it'],
    [
      '10.0.0.0/24',
      '192.168.0.128/25',
      '192.168.0.128/25 holds 128 addresses: list the hosts that take part, or a /25 of 10.0.0.0/24, as subnets of their own',
    ],
    [
      '10.0.0.0/24',
      '192.168.0.1/32',
      '192.168.0.1/32 holds one address: list the hosts that take part, or a /32 of 10.0.0.0/24, as subnets of their own',
    ],
  ])('of another length than %s: %s is never grown beyond what was granted', (prefix, translateTo, hint) => {
    const [finding] = findingsOf({ sites: { a: site({ prefix, translateTo }) } })
    expect(finding?.hint).toBe(hint)
  })

  it('contradict never', () => {
    expect(pinned('10.0.0.0/24', '192.168.0.0/24', 'never')).toEqual(['PIN_CONTRADICTS sites.a.subnets[0].translateTo'])
  })

  it('are not for IPv6, and neither is always', () => {
    expect(problemsOf({ sites: { a: site({ prefix: 'fd00::/64', translate: 'always' }) } })).toEqual([
      'IPV6_NOT_TRANSLATED sites.a.subnets[0]',
    ])
  })
})

describe('tunnels', () => {
  const sites = { a: site(), b: site(), c: site() }

  it('join two different sites, each pair once in either direction', () => {
    const tunnels = [
      ['a', 'b'],
      ['b', 'a'],
      ['c', 'c'],
      ['a', 'b'],
    ].map((ends) => ({ sites: ends }))
    expect(problemsOf({ sites, tunnels })).toEqual([
      'TUNNEL_TO_ITSELF tunnels[2].sites',
      'TUNNEL_DUPLICATE tunnels[1]',
      'TUNNEL_DUPLICATE tunnels[3]',
    ])
  })

  it('are routed where there are several, over other uplinks', () => {
    const lte = { interface: 'eth2', address: '100.64.9.2' }
    const gateway = { outside: { interface: 'eth0', address: '203.0.113.1' }, uplinks: { lte } }
    const found = (mode?: 'route') =>
      findingsOf({
        sites: { a: { ...site(), gateway }, b: site() },
        tunnels: [{}, { uplinks: { a: 'lte' } }].map((more) => ({ sites: ['a', 'b'], ...(mode && { mode }), ...more })),
      }).map(({ code, hint }) => `${code}: ${hint}`)
    expect(found()).toEqual([expect.stringMatching(/^TUNNEL_DUPLICATE: write mode: route on both/)])
    expect(found('route')).toEqual([])
  })

  it('leave a note at the key of each site that they do not reach', () => {
    const findings = findingsOf({ sites, tunnels: [{ sites: ['a', 'b'] }] })
    expect(findings).toMatchObject([
      { code: 'SITE_WITHOUT_TUNNEL', severity: 'note', place: { path: ['sites', 'c'], isKey: true } },
    ])
  })

  it.each([
    [100, []],
    [101, ['SITES_ALL_CONNECTED sites']],
  ])('may be left out for %d sites: %j', (count, expected) => {
    const many = Object.fromEntries(Array.from({ length: count }, (_, index) => [`s${index}`, site()]))
    expect(problemsOf({ sites: many })).toEqual(expected)
    expect(problemsOf({ sites: many, tunnels: [] })).not.toContain('SITES_ALL_CONNECTED sites')
  })
})

describe('the resources of the route agent', () => {
  type Kubernetes = NonNullable<WrittenNetwork['sites'][string]['kubernetes']>
  it.each<[NonNullable<Kubernetes['resources']>, string[], string]>([
    [{ requests: { memory: '64Mi' } }, [], 'as much as the default limit'],
    [{ requests: { memory: '65Mi' } }, ['memory'], 'more than the default limit'],
    [{ limits: { memory: '8Mi' } }, ['memory'], 'less than the default request'],
    [{ requests: { memory: '1G' }, limits: { memory: '1Gi' } }, [], 'thousands are fewer than 1024s'],
    [{ requests: { memory: '1Gi' }, limits: { memory: '1G' } }, ['memory'], 'the other way round'],
    [{ requests: { cpu: '1001m' }, limits: { cpu: '1' } }, ['cpu'], 'thousandths of a core'],
    [{ requests: { cpu: '1k', memory: '1' }, limits: { cpu: '999', memory: '1m' } }, ['cpu', 'memory'], 'both'],
    [{ requests: { cpu: '900' }, limits: { memory: '64Mi' } }, [], 'no limit to compare with'],
  ])('%j are refused for %j: %s', (resources, refused) => {
    const found = findingsOf({ sites: { a: { ...site('10.0.0.0/24'), kubernetes: { resources } } } })
    expect(found.map(({ code, message }) => `${code} ${message.split(' ')[5]}`)).toEqual(
      refused.map((name) => `RESOURCES_UNFIT ${name}`),
    )
  })
})

describe('a gateway whose address changes', () => {
  const at = (outside: object, identity?: string) => ({
    subnets: [],
    gateway: {
      outside: { interface: 'eth0', ...outside } as { interface: string; address: string },
      ...(identity === undefined ? {} : { identity }),
    },
  })
  const dynamic = { address: 'dynamic' }
  const withUplink = (uplink: object, identity?: string) => {
    const { subnets, gateway } = at({ address: '192.0.2.1' }, identity)
    const lte = { interface: 'eth2', ...uplink } as { interface: string; address: string }
    return { subnets, gateway: { ...gateway, uplinks: { lte } } }
  }

  it.each<[string, ReturnType<typeof at>, string[]]>([
    ['a name', at(dynamic, 'b.example.net'), []],
    ['a name behind @', at(dynamic, '@b'), []],
    ['a user', at(dynamic, 'b@example.net'), []],
    ['none', at(dynamic), ['IDENTITY_NOT_A_NAME sites.a.gateway']],
    ['an address', at(dynamic, '192.0.2.1'), ['IDENTITY_NOT_A_NAME sites.a.gateway.identity']],
    ['a word for everybody', at(dynamic, 'any'), ['IDENTITY_NOT_A_NAME sites.a.gateway.identity']],
    ['none, but a fixed public address', at({ ...dynamic, publicAddress: '192.0.2.1' }), []],
    [
      'none, behind a NAT that changes',
      at({ address: '10.0.0.2', publicAddress: 'dynamic' }),
      ['IDENTITY_NOT_A_NAME sites.a.gateway'],
    ],
    ['none, but a host name', at({ address: { host: 'b.example.org' } }), []],
    [
      'an address, with a host name',
      at({ address: { host: 'b.example.org' } }, '192.0.2.1'),
      ['IDENTITY_NOT_A_NAME sites.a.gateway.identity'],
    ],
    ['an address that stands still', at({ address: '192.0.2.1' }, '192.0.2.9'), []],
    ['none, on an uplink', withUplink(dynamic), ['IDENTITY_NOT_A_NAME sites.a.gateway']],
    ['a name, with such an uplink', withUplink(dynamic, 'b.example.net'), []],
    ['none, on an uplink with a host name', withUplink({ address: { host: 'b.example.org' } }), []],
    ['none, on an uplink that stands still', withUplink({ address: '192.0.2.2' }), []],
    ['an address, on an uplink', withUplink(dynamic, '192.0.2.9'), ['IDENTITY_NOT_A_NAME sites.a.gateway.identity']],
  ])('has a name: %s', (_, site, expected) => {
    expect(problemsOf({ sites: { a: site } })).toEqual(expected)
  })

  it('has a host name that no other has', () => {
    const host = { address: { host: 'b.example.org' } }
    expect(problemsOf({ sites: { a: at(host, 'a'), b: at(host, 'b') } })).toEqual([
      'ENDPOINT_DUPLICATE sites.b.gateway.outside.address',
    ])
    expect(problemsOf({ sites: { a: at(dynamic, 'a'), b: at(dynamic, 'b') } })).toEqual([])
    expect(problemsOf({ sites: { a: at(dynamic, 'a'), b: at(dynamic, 'a') } })).toEqual([
      'IDENTITY_DUPLICATE sites.b.gateway.identity',
    ])
  })
})

describe('the certificates of a tunnel', () => {
  const names = { certificate: 'gw', ca: 'company' }
  const tunnels = (more: object): Partial<WrittenNetwork> => ({
    sites: { a: site(), b: site() },
    tunnels: [{ sites: ['a', 'b'], ...more }],
  })

  it.each<[string, object, string[]]>([
    ['one for both', { authentication: names }, []],
    ['one for each', { authentication: { a: names, b: names } }, []],
    ['one for one', { authentication: { a: names } }, ['CERTIFICATE_MISSING tunnels[0].authentication']],
    [
      'one for a stranger',
      { authentication: { a: names, b: names, c: names } },
      ['SITE_UNKNOWN tunnels[0].authentication.c'],
    ],
    [
      'with a key',
      { authentication: names, preSharedKey: { env: 'NATPLAN_X' } },
      ['AUTHENTICATION_TWICE tunnels[0].authentication'],
    ],
    ['none', { preSharedKey: { env: 'NATPLAN_X' } }, []],
  ])('%s', (_, more, expected) => {
    expect(problemsOf(tunnels(more))).toEqual(expected)
  })
})

describe('the link of a tunnel', () => {
  const gateway = {
    outside: { interface: 'eth0', address: '203.0.113.1' },
    uplinks: { lte: { interface: 'eth2', address: '100.64.9.2' } },
  }
  const sites: WrittenNetwork['sites'] = {
    a: { subnets: [{ prefix: '10.0.0.0/24', translateTo: '192.168.9.0/24' }], reserved: ['10.8.0.0/16'], gateway },
    b: site('10.1.0.0/24'),
    c: site('10.2.0.0/24'),
  }
  const linked = (...tunnels: readonly (readonly [string, string, string])[]) =>
    problemsOf({ sites, tunnels: tunnels.map(([one, other, link]) => ({ sites: [one, other], mode: 'route', link })) })

  it.each([
    ['10.0.0.4/30', 'a subnet'],
    ['10.2.0.8/31', 'a subnet of a third site'],
    ['192.168.9.0/30', 'what peers call a subnet'],
    ['10.8.1.0/30', 'reserved space'],
    ['203.0.113.0/30', 'an outside address'],
    ['100.64.9.0/30', 'the address of an uplink'],
  ])('%s meets %s', (link) => {
    expect(linked(['a', 'b', link], ['a', 'c', '169.254.3.0/30'])).toEqual(['TUNNEL_KEYS_UNFIT tunnels[0].link'])
  })

  it('is that of no other tunnel of a gateway', () => {
    const link = '169.254.3.0/30'
    expect(linked(['a', 'b', link], ['b', 'c', '169.254.3.2/31'])).toEqual(['TUNNEL_KEYS_UNFIT tunnels[1].link'])
    expect(linked(['a', 'b', link], ['b', 'c', '169.254.3.4/30'])).toEqual([])
  })
})

describe('an uplink', () => {
  it('is not the inside interface', () => {
    const outside = { interface: 'eth0', address: '203.0.113.1' }
    const gateway = (port: string) => ({
      outside,
      inside: { interface: 'eth1' },
      uplinks: { lte: { interface: port, address: '100.64.9.2' } },
    })
    const problems = (port: string) => problemsOf({ sites: { a: { ...site('10.0.0.0/24'), gateway: gateway(port) } } })
    expect(problems('eth1')).toEqual(['UPLINK_UNFIT sites.a.gateway.uplinks.lte.interface'])
    expect(problems('eth2')).toEqual([])
  })
})

describe('sites that talk over a third one', () => {
  const spoke = (address: string) => ({ ...site('10.0.1.0/24'), gateway: gateway(address) })
  const tunnels: NonNullable<WrittenNetwork['tunnels']> = [
    { sites: ['hub', 'a'] },
    { sites: ['hub', 'b'] },
    { sites: ['hub', 'c'] },
    { sites: 'all', through: 'hub' },
  ]
  const spokes = { a: spoke('203.0.113.2'), b: spoke('203.0.113.3'), c: site('10.0.1.0/24') }
  const atHub = ['TRANSIT_WITHOUT_TUNNEL tunnels[3].through']

  it.each([
    [{ hub: site('10.9.0.0/24'), ...spokes }, atHub, 'none at the hub, told once'],
    [{ hub: { ...site('10.9.0.0/24'), gateway: gateway('203.0.113.1') }, ...spokes }, [], 'one at the hub'],
    [{ hub: site('10.9.0.0/24'), a: spokes.c, b: spokes.c, c: spokes.c }, [], 'none at all'],
  ])('need a gateway there: %#', (sites, expected, _) => {
    expect(problemsOf({ sites, tunnels }).filter((one) => one.startsWith('TRANSIT'))).toEqual(expected)
  })
})
