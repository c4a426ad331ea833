import { describe, expect, it } from 'vitest'
import { type Finding, formatPath } from '../finding.ts'
import type { Network } from './network.ts'
import { normalize } from './normalize.ts'
import type { WrittenNetwork } from './written.ts'

type Wish = 'auto' | 'always' | 'never'

function networkOf(written: Partial<WrittenNetwork>): Network {
  const { value, findings } = normalize({ version: 1, sites: {}, ...written })
  if (!value) throw new Error(findings.map(({ code, message }) => `${code} ${message}`).join('\n'))
  return value
}

function problemsOf(written: Partial<WrittenNetwork>): string[] {
  return normalize({ version: 1, sites: {}, ...written }).findings.map(describeFinding)
}

function describeFinding({ code, place, hint }: Finding): string {
  return `${code} ${formatPath(place.path)} (${hint})`
}

function siteOf(written: WrittenNetwork['sites'][string]) {
  return [...networkOf({ sites: { a: written } }).sites.values()][0]
}

describe('normalize', () => {
  it('fills in the defaults', () => {
    const network = networkOf({
      sites: {
        a: {
          subnets: ['10.0.0.0/24'],
          kubernetes: {},
          gateway: { outside: { interface: 'eth1', address: '203.0.113.1' } },
        },
        b: { subnets: [] },
      },
      tunnels: [{ sites: ['a', 'b'] }],
    })
    expect(network.pools.map(String)).toEqual(['192.168.0.0/16', '172.16.0.0/12', '100.64.0.0/10'])
    const [a, b] = [...network.sites.values()]
    expect(a?.subnets[0]).toMatchObject({ translate: 'auto', translateTo: undefined, name: undefined })
    expect(a?.kubernetes).toMatchObject({
      podSubnets: [],
      podEgress: 'masquerade',
      agent: { namespace: 'static-routes', interval: 20, metric: 17_600 },
      nodePools: [{ name: undefined, gateway: undefined, nodeSelector: {}, tolerations: [] }],
    })
    expect(String(a?.kubernetes?.nodePools[0]?.privateNetwork)).toBe('10.0.0.0/8')
    expect(a?.gateway).toMatchObject({ platform: 'generic', inside: undefined, ruleBase: 1000 })
    expect(b).toMatchObject({ subnets: [], reserved: [], kubernetes: undefined, gateway: undefined })
    expect(network.tunnels).toMatchObject([{ sites: ['a', 'b'], proposal: undefined, preSharedKey: undefined }])
  })

  it('keeps what is written', () => {
    const network = networkOf({
      pools: ['172.16.0.0/16'],
      avoid: ['172.16.1.0/24'],
      sites: { a: { subnets: [] }, b: { subnets: [] } },
      tunnels: [
        {
          sites: ['b', 'a'],
          preSharedKey: { env: 'KEY' },
          proposal: {
            ike: { encryption: 'aes256', hash: 'sha256', dhGroup: 14 },
            esp: { encryption: 'aes256gcm128', dhGroup: 19 },
          },
        },
      ],
    })
    expect([network.pools.map(String), network.avoid.map(String)]).toEqual([['172.16.0.0/16'], ['172.16.1.0/24']])
    expect(network.tunnels?.[0]).toMatchObject({
      sites: ['b', 'a'],
      preSharedKey: { env: 'KEY' },
      proposal: { esp: { encryption: 'aes256gcm128', hash: undefined, dhGroup: 19 } },
    })
  })

  it('takes pools as written even when there are none', () => {
    expect(networkOf({ pools: [] }).pools).toEqual([])
  })

  it('tells no tunnels from an empty list of them', () => {
    expect(networkOf({ sites: { a: { subnets: [] } } }).tunnels).toBeUndefined()
    expect(networkOf({ sites: { a: { subnets: [] } }, tunnels: [] }).tunnels).toEqual([])
  })

  it('sorts sites by name and subnets by address, whatever their order in the file', () => {
    const network = networkOf({
      sites: { b: { subnets: ['10.0.10.0/24', '10.0.9.0/24', '9.0.0.0/8'] }, B: { subnets: [] }, a: { subnets: [] } },
    })
    expect([...network.sites.keys()]).toEqual(['B', 'a', 'b'])
    const subnets = [...network.sites.values()].flatMap((site) => site.subnets)
    expect(subnets.map(({ prefix, path }) => `${prefix} from ${formatPath(path)}`)).toEqual([
      '9.0.0.0/8 from sites.b.subnets[2]',
      '10.0.9.0/24 from sites.b.subnets[1]',
      '10.0.10.0/24 from sites.b.subnets[0]',
    ])
  })

  it.each<[{ translate?: Wish; translateTo?: string }, Wish, string]>([
    [{}, 'auto', 'nothing said'],
    [{ translate: 'always' }, 'always', 'said'],
    [{ translate: 'never' }, 'never', 'said'],
    [{ translateTo: '192.168.0.0/24' }, 'always', 'a pin'],
    [{ translateTo: '192.168.0.0/24', translate: 'always' }, 'always', 'a pin, and said'],
    [{ translateTo: '192.168.0.0/24', translate: 'auto' }, 'always', 'a pin weighs more than the default written out'],
  ])('translates a subnet with %j %s: %s', (wish, translate) => {
    expect(siteOf({ subnets: [{ prefix: '10.0.0.0/24', ...wish }] })?.subnets[0]?.translate).toBe(translate)
  })

  it.each([
    ['masquerade', ['10.0.0.0/24'], ['reserved 10.1.0.0/16', 'pods 10.2.0.0/16', 'services 10.3.0.0/16']],
    ['routed', ['10.0.0.0/24', '10.2.0.0/16'], ['reserved 10.1.0.0/16', 'services 10.3.0.0/16']],
  ] as const)('with pods %s: has the subnets %j and reserves %j', (podEgress, subnets, reserved) => {
    const site = siteOf({
      subnets: ['10.0.0.0/24'],
      reserved: ['10.1.0.0/16'],
      kubernetes: { podSubnets: ['10.2.0.0/16'], serviceSubnets: ['10.3.0.0/16'], podEgress },
    })
    expect(site?.subnets.map(({ prefix }) => String(prefix))).toEqual(subnets)
    expect(site?.reserved.map(({ kind, prefix }) => `${kind} ${prefix}`)).toEqual(reserved)
  })

  it('reports everything that is wrong at once, each at its place', () => {
    const outside = { interface: 'eth0', address: '203.0.113.300' }
    expect(
      problemsOf({
        pools: ['192.168.1.0/16'],
        avoid: ['10.0.0/8'],
        sites: {
          '1st': { subnets: [] },
          a: {
            subnets: ['10.0.1.5/27', { prefix: '10.1.0.0', translateTo: '192.168.0.1/24' }],
            reserved: ['10.2.0.0/33'],
            kubernetes: { privateNetwork: 'x', podSubnets: ['y'], serviceSubnets: ['z'] },
            gateway: { outside },
          },
          b: { subnets: [] },
        },
        tunnels: [{ sites: ['a', 'A'] }, { sites: ['a', 'b'] }],
      }).map((problem) => problem.split(' (')[0]),
    ).toEqual([
      'PREFIX_HOST_BITS pools[0]',
      'PREFIX_INVALID avoid[0]',
      'SITE_NAME_INVALID sites["1st"]',
      'PREFIX_INVALID sites.a.kubernetes.privateNetwork',
      'PREFIX_INVALID sites.a.kubernetes.podSubnets[0]',
      'PREFIX_INVALID sites.a.kubernetes.serviceSubnets[0]',
      'PREFIX_HOST_BITS sites.a.subnets[0]',
      'PREFIX_LENGTH_MISSING sites.a.subnets[1].prefix',
      'PREFIX_HOST_BITS sites.a.subnets[1].translateTo',
      'PREFIX_LENGTH_INVALID sites.a.reserved[0]',
      'ADDRESS_INVALID sites.a.gateway.outside.address',
      'SITE_UNKNOWN tunnels[0].sites[1]',
    ])
  })

  it.each([
    ['clod', 'did you mean cloud?', 'a slip'],
    ['Cloud', 'did you mean cloud?', 'another case'],
    ['headquarters', 'known: cloud, onpremise', 'nothing near'],
    ['toString', 'known: cloud, onpremise', 'a name that every object has'],
  ])('hints at sites for %s: %s (%s)', (name, hint) => {
    const sites = { cloud: { subnets: [] }, onpremise: { subnets: [] } }
    const problems = problemsOf({ sites, tunnels: [{ sites: ['cloud', 'onpremise'] }, { sites: ['cloud', name] }] })
    expect(problems).toEqual([`SITE_UNKNOWN tunnels[1].sites[1] (${hint})`])
  })

  it('gives a network beside risks and notes, and none beside an error', () => {
    const risky = normalize({
      version: 1,
      sites: { a: { subnets: ['10.0.0.0/24'], reserved: ['10.0.0.0/28'] } },
      tunnels: [],
    })
    expect(risky.value).toBeDefined()
    expect(risky.findings.map(({ code }) => code)).toEqual(['RESERVED_IN_SUBNET', 'SITE_WITHOUT_TUNNEL'])
    expect(normalize({ version: 1, sites: { a: { subnets: ['10.0.0.0/33'] } } }).value).toBeUndefined()
  })
})

describe('node pools', () => {
  const pools = (kubernetes: NonNullable<WrittenNetwork['sites'][string]['kubernetes']>) =>
    siteOf({ subnets: [], kubernetes })?.kubernetes?.nodePools.map(
      ({ name, privateNetwork, gateway, nodeSelector }) => [name, `${privateNetwork} ${gateway}`, nodeSelector],
    )

  it('have from the cluster what they leave out', () => {
    const kubernetes = {
      privateNetwork: '172.16.0.0/12',
      gateway: '172.16.0.1',
      nodeSelector: { disk: 'ssd' },
      nodePools: [
        { name: 'a', nodeSelector: { zone: 'a' } },
        { name: 'b', privateNetwork: '10.0.0.0/8', gateway: '10.0.0.1', nodeSelector: { zone: 'b', disk: 'none' } },
      ],
    }
    expect(pools(kubernetes)).toEqual([
      ['a', '172.16.0.0/12 172.16.0.1', { disk: 'ssd', zone: 'a' }],
      ['b', '10.0.0.0/8 10.0.0.1', { disk: 'none', zone: 'b' }],
    ])
  })

  it('are one without a name when there are none', () => {
    expect(pools({})).toEqual([[undefined, '10.0.0.0/8 undefined', {}]])
  })

  it('hide nothing that is wrong with the cluster or with themselves', () => {
    const kubernetes = {
      privateNetwork: '10.0.0.1/8',
      nodePools: [
        { name: 'a', privateNetwork: '172.16.0.0/12', nodeSelector: { constructor: 'a' } as Record<string, string> },
        { name: 'b', gateway: '10.0.0', nodeSelector: { zone: 'b' } },
      ],
    }
    expect(problemsOf({ sites: { a: { subnets: [], kubernetes } } }).map((text) => text.split(' (')[0])).toEqual([
      'PREFIX_HOST_BITS sites.a.kubernetes.privateNetwork',
      'ADDRESS_INVALID sites.a.kubernetes.nodePools[1].gateway',
      'NODE_POOLS_MEET sites.a.kubernetes.nodePools[1]',
    ])
  })
})
