import { describe, expect, test } from 'vitest'
import { Address } from '../address/address.ts'
import { Prefix } from '../address/prefix.ts'
import { emptyLock } from '../allocation/lock.ts'
import type { Device, DeviceRoute, DeviceRule, DeviceTunnel, RuleList, TunnelChild } from '../device/device.ts'
import { deviceOfPolicy } from '../device/device-of-policy.ts'
import { esp, tcp, udp } from '../match/protocols.ts'
import { RangeSet } from '../match/range-set.ts'
import { normalize } from '../network/normalize.ts'
import type { Platform } from '../network/platforms.ts'
import type { WrittenNetwork } from '../network/written.ts'
import { planNetwork } from '../plan/plan-network.ts'
import { derivePolicies } from '../policy/derive-policies.ts'
import { sampleSite, sampleTunnel, worldOf } from '../world/sample-world.ts'
import type { World, WorldSite } from '../world/world.ts'
import { worldOfPlan } from '../world/world-of-plan.ts'
import { type Disposition, dispositions } from './disposition.ts'
import { tracePacket } from './request.ts'
import type { TraceOptions } from './walk.ts'

type SiteEdit = (site: WorldSite) => WorldSite

function acceptance({
  cloud = 'vyos-1.4',
  onpremise = 'vyatta-5600',
}: Partial<Record<'cloud' | 'onpremise', Platform>> = {}) {
  const written: WrittenNetwork = {
    version: 1,
    pools: ['192.168.0.0/16'],
    sites: {
      cloud: {
        subnets: ['10.0.1.0/27'],
        kubernetes: { podSubnets: ['172.30.0.0/16'], serviceSubnets: ['172.21.0.0/16'] },
        gateway: {
          platform: cloud,
          outside: { interface: 'eth1', address: '203.0.113.10' },
          inside: { interface: 'eth0' },
        },
      },
      onpremise: {
        subnets: ['10.0.1.0/24'],
        gateway: {
          platform: onpremise,
          outside: { interface: 'dp0bond1', address: '192.0.2.20' },
          inside: { interface: 'dp0bond0' },
        },
      },
    },
    tunnels: [{ sites: ['cloud', 'onpremise'] }],
  }
  const { plan } = planNetwork(normalize(written).value ?? fail(), emptyLock)
  const { policies } = derivePolicies(plan ?? fail())
  return worldOfPlan(plan ?? fail(), new Map(policies.map((policy) => [policy.site, deviceOfPolicy(policy)])))
}

function fail(): never {
  throw new Error('the acceptance network has no plan')
}

/** A free address of the LAN that the gateway leads to the outside, and for whom it answers ARP there. */
function leadsAway(entries: NonNullable<Device['proxyArp']>['entries']): SiteEdit {
  const network = Prefix.parse('10.0.1.0/24')
  const lan = { kind: 'known', address: Address.parse('10.0.1.1'), network, line: undefined } as const
  const to = { kind: 'interface', interface: 'dp0bond1' } as const
  return (site) => ({
    ...site,
    free: [Prefix.parse('10.0.1.240/28')],
    device: {
      ...site.device,
      interfaces: site.device.interfaces.map((one) => (one.name === 'dp0bond0' ? { ...one, addresses: [lan] } : one)),
      routes: [
        ...site.device.routes,
        { table: 'main', prefix: Prefix.parse('10.0.1.250/32'), to, distance: 1, line: undefined },
      ],
      proxyArp: { entries, isWhole: true },
    },
  })
}

function edited(world: World, edits: Readonly<Record<string, SiteEdit>>): World {
  return { sites: new Map([...world.sites].map(([name, site]) => [name, edits[name]?.(site) ?? site])) }
}

function device(change: (device: Device) => Partial<Device>): SiteEdit {
  return (site) => ({ ...site, device: { ...site.device, ...change(site.device) } })
}

const intoNothing: DeviceRoute = {
  table: 'main',
  prefix: Prefix.parse('192.168.1.0/24'),
  to: { kind: 'nowhere' },
  distance: 1,
  line: 1,
}

/** The interface to the hosts has an address. */
function withAddress({ interfaces }: Device, text: string): Device['interfaces'] {
  const [address = ''] = text.split('/')
  const known = {
    kind: 'known',
    address: Address.parse(address),
    network: Prefix.parse(`${address}/32`),
    line: 1,
  } as const
  return interfaces.map((one) => ({ ...one, addresses: one.name === 'eth0' ? [known] : [] }))
}

function rules(change: (rules: readonly DeviceRule[], list: RuleList) => readonly DeviceRule[]): SiteEdit {
  return device(({ lists }) => ({
    lists: lists.map((list) => (list.kind === 'filter' ? list : { ...list, rules: change(list.rules, list) })),
  }))
}

function tunnels(change: Partial<DeviceTunnel>): SiteEdit {
  return device((one) => ({ tunnels: one.tunnels.map((tunnel) => ({ ...tunnel, ...change })) }))
}

function children(change: Partial<TunnelChild>): SiteEdit {
  return device((one) => ({
    tunnels: one.tunnels.map((tunnel) => ({
      ...tunnel,
      ...('start' in change && change.start ? { start: change.start } : {}),
      children: tunnel.children.map((child) => ({ ...child, ...change })),
    })),
  }))
}

function nodes(change: Partial<WorldSite['nodes'][number]>): SiteEdit {
  return (site) => ({ ...site, nodes: site.nodes.map((group) => ({ ...group, ...change })) })
}

const withoutAgent: SiteEdit = (site) => ({
  ...site,
  nodes: site.nodes.map((group) => ({ ...group, routes: group.routes.filter(({ isManaged }) => !isManaged) })),
})

const sourceRule = (action: DeviceRule['action'], match: DeviceRule['match']): DeviceRule => ({
  number: 1,
  match,
  action,
  description: undefined,
  line: 7,
})

/** In front of the source rules. */
const before = (rule: DeviceRule): SiteEdit => rules((all, { kind }) => (kind === 'source-nat' ? [rule, ...all] : all))

const masquerade = (name: string) => sourceRule({ kind: 'masquerade' }, { out: { names: [name], negated: false } })

const only = (wanted: RuleList['kind']): SiteEdit => rules((all, { kind }) => (kind === wanted ? all : []))

interface Row {
  readonly why: string
  readonly from?: 'cloud' | 'onpremise'
  readonly packet?: readonly [string, string]
  readonly platforms?: Parameters<typeof acceptance>[0]
  readonly edits?: Readonly<Record<string, SiteEdit>>
  readonly options?: TraceOptions
  readonly ends: Disposition
  readonly way?: 'there' | 'back'
}

const fromCloud = ['10.0.1.5', '192.168.1.77'] as const
const fromOnpremise = ['10.0.1.77', '192.168.2.5'] as const
const prefixes = (...texts: string[]) => RangeSet.ofPrefixes(texts.map((text) => Prefix.parse(text)))
const elsewhere = { local: Prefix.parse('192.168.9.0/24'), remote: Prefix.parse('192.168.8.0/24') }
const mapTo = (to: string) =>
  rules((all) =>
    all.map((rule) => (rule.action.kind === 'map' ? { ...rule, action: { kind: 'map', to: Prefix.parse(to) } } : rule)),
  )

/** Drops packets of a protocol that are for the gateway itself. */
function ownFilter(protocol: number, hook: 'input' | 'prerouting' = 'input'): SiteEdit {
  const match = { protocol: RangeSet.ofValues([protocol]) }
  const list: RuleList = {
    name: 'input',
    hook,
    priority: 0,
    kind: 'filter',
    rules: [sourceRule({ kind: 'drop' }, match)],
    fallback: 'accept',
    line: 1,
  }
  return device(({ lists }) => ({ lists: [...lists, list] }))
}

const rows: readonly Row[] = [
  { why: 'the plan as it is', ends: 'delivered' },
  { why: 'the far side begins', from: 'onpremise', ends: 'delivered' },
  { why: 'the same address at both ends', packet: ['10.0.1.5', '192.168.1.5'], ends: 'delivered' },
  { why: 'a pod behind its node', packet: ['172.30.7.7', '192.168.1.77'], ends: 'delivered' },
  {
    why: 'a pod with its own address',
    packet: ['172.30.7.7', '192.168.1.77'],
    edits: { cloud: nodes({ podEgress: 'routed' }) },
    ends: 'leaves-unencrypted',
  },
  {
    why: 'the real address lies in the own network',
    from: 'onpremise',
    packet: ['10.0.1.77', '10.0.1.5'],
    ends: 'stays-local',
  },
  {
    why: 'a neighbour is called that is none, and nobody answers',
    from: 'onpremise',
    packet: ['10.0.1.77', '10.0.1.250'],
    edits: { onpremise: leadsAway([]) },
    ends: 'nobody-answers',
  },
  {
    why: 'a neighbour is called that is none, and the gateway answers',
    from: 'onpremise',
    packet: ['10.0.1.77', '10.0.1.250'],
    edits: { onpremise: leadsAway([{ interface: 'dp0bond0', address: undefined, line: 7 }]) },
    ends: 'leaves-unencrypted',
  },
  { why: 'a pod range is called', packet: ['10.0.1.5', '172.30.0.9'], ends: 'stays-local' },
  { why: 'no agent on the nodes', edits: { cloud: withoutAgent }, ends: 'default-route' },
  { why: 'no agent, strict filter', from: 'onpremise', edits: { cloud: withoutAgent }, ends: 'reverse-path-filter' },
  {
    why: 'no agent, loose filter: the request arrives, the answer does not',
    from: 'onpremise',
    edits: { cloud: (site) => nodes({ reversePath: 'loose' })(withoutAgent(site)) },
    ends: 'default-route',
    way: 'back',
  },
  {
    why: 'no filter at all',
    from: 'onpremise',
    edits: { cloud: (site) => nodes({ reversePath: 'off' })(withoutAgent(site)) },
    ends: 'default-route',
    way: 'back',
  },
  {
    why: 'a loose filter, and no route back at all',
    from: 'onpremise',
    edits: { cloud: nodes({ routes: [], reversePath: 'loose' }) },
    ends: 'reverse-path-filter',
  },
  {
    why: 'a host calls the translated prefix of its own site',
    from: 'onpremise',
    packet: ['10.0.1.77', '192.168.1.5'],
    ends: 'no-route',
  },
  {
    why: 'a host calls the translated prefix of its own site, whose gateway has no route for it',
    from: 'onpremise',
    packet: ['10.0.1.77', '192.168.1.5'],
    edits: { onpremise: device(() => ({ routes: [] })) },
    ends: 'leaves-unencrypted',
  },
  { why: 'a node without any route', edits: { cloud: nodes({ routes: [] }) }, ends: 'no-route' },
  {
    why: 'a gateway with a route into nothing',
    edits: { cloud: device((one) => ({ routes: [intoNothing], interfaces: withAddress(one, '10.0.1.1/27') })) },
    ends: 'no-route',
  },
  {
    why: 'a gateway with a route into nothing, and an address for which strongSwan makes a route of its own',
    edits: { cloud: device((one) => ({ routes: [intoNothing], interfaces: withAddress(one, '192.168.2.1/27') })) },
    ends: 'delivered',
  },
  {
    why: 'a gateway with a route into nothing, of which no address is shown',
    edits: { cloud: device(() => ({ routes: [intoNothing] })) },
    ends: 'unknown',
  },
  {
    why: 'masquerade before the rule of the tunnel',
    edits: { cloud: before(masquerade('eth1')) },
    ends: 'leaves-unencrypted',
  },
  {
    why: 'masquerade on another interface',
    edits: { cloud: before(masquerade('eth0')) },
    ends: 'delivered',
  },
  {
    why: 'no source rule',
    edits: { cloud: only('destination-nat') },
    ends: 'leaves-unencrypted',
  },
  {
    why: 'no source rule behind a virtual interface',
    from: 'onpremise',
    edits: { onpremise: rules(() => []) },
    ends: 'no-selector',
  },
  {
    why: 'no source rule on Linux, which guards',
    platforms: { cloud: 'linux' },
    edits: { cloud: rules(() => []) },
    ends: 'no-selector',
  },
  {
    why: 'half-open NAT: the connection the other way does not need the missing rule',
    edits: { cloud: only('source-nat') },
    ends: 'delivered',
  },
  {
    why: 'half-open NAT',
    from: 'onpremise',
    edits: { cloud: only('source-nat') },
    ends: 'not-translated',
  },
  {
    why: 'a destination rule to a prefix that is not there',
    from: 'onpremise',
    edits: { cloud: mapTo('10.77.0.0/27') },
    ends: 'not-translated',
  },
  {
    why: "the peer's selectors are others",
    edits: { onpremise: children(elsewhere) },
    ends: 'selector-refused',
  },
  {
    why: "the peer's selectors are others, and nothing traps",
    edits: { onpremise: children(elsewhere), cloud: children({ start: 'initiate' }) },
    ends: 'leaves-unencrypted',
  },
  {
    why: 'IKE versions differ',
    edits: {
      onpremise: tunnels({ versions: [1] }),
    },
    ends: 'tunnel-fails',
  },
  { why: 'the tunnels are down', options: { tunnels: 'down' }, ends: 'tunnel-down' },
  {
    why: 'the tunnels are down and nothing traps',
    edits: { cloud: children({ start: 'initiate' }) },
    options: { tunnels: 'down' },
    ends: 'leaves-unencrypted',
  },
  {
    why: 'the tunnels are down behind a virtual interface',
    from: 'onpremise',
    edits: { onpremise: children({ start: 'initiate' }) },
    options: { tunnels: 'down' },
    ends: 'tunnel-down',
  },
  {
    why: 'this end waits, the other traps',
    platforms: { onpremise: 'vyos-1.4' },
    edits: { cloud: children({ start: 'respond' }) },
    ends: 'leaves-unencrypted',
  },
  {
    why: 'the peer is not there',
    edits: {
      onpremise: (site) => ({
        ...device(() => ({ tunnels: [], lists: [], routes: [] }))(site),
        addresses: [Address.parse('192.0.2.99')],
      }),
    },
    ends: 'peer-unknown',
  },
  {
    why: 'the far gateway masquerades towards its hosts',
    edits: { onpremise: before(masquerade('dp0bond0')) },
    ends: 'translated-twice',
  },
  {
    why: 'two senders become one',
    edits: { cloud: mapTo('192.168.2.0/28') },
    packet: ['10.0.1.5', '192.168.1.77'],
    ends: 'not-one-to-one',
  },
  {
    why: 'routes of the virtual interface as long as the remote prefix lose',
    from: 'onpremise',
    edits: {
      onpremise: device(({ routes: [route] }) => ({
        routes: route ? [{ ...route, prefix: Prefix.parse('192.168.2.0/27') }] : fail(),
      })),
    },
    ends: 'leaves-unencrypted',
  },
  {
    why: 'a destination rule sends all to one host',
    from: 'onpremise',
    edits: { cloud: mapTo('10.0.1.7/32') },
    ends: 'another-host',
  },
  {
    why: 'a rule that was not understood in front',
    edits: {
      cloud: before({ ...sourceRule({ kind: 'unknown' }, {}), doubt: { line: 7, what: 'set nat source rule 1 log' } }),
    },
    ends: 'unknown',
  },
  {
    why: 'a rule that was not understood, for other packets',
    edits: {
      cloud: before({
        ...sourceRule({ kind: 'unknown' }, { destination: prefixes('198.51.100.0/24') }),
        doubt: { line: 7, what: 'set nat source rule 1 log' },
      }),
    },
    ends: 'delivered',
  },
  {
    why: 'a filter drops what is for the peer',
    edits: {
      cloud: device(({ lists }) => ({
        lists: [
          ...lists,
          {
            name: 'forward',
            hook: 'forward',
            priority: 0,
            kind: 'filter',
            rules: [sourceRule({ kind: 'drop' }, { destination: prefixes('192.168.1.0/24') })],
            fallback: 'accept',
            line: 1,
          },
        ],
      })),
    },
    ends: 'filtered',
  },
  { why: 'a filter drops IKE', edits: { onpremise: ownFilter(udp) }, ends: 'ike-blocked' },
  {
    why: 'a filter for the gateway itself that may be asked about ESP',
    edits: { onpremise: ownFilter(esp) },
    ends: 'unknown',
  },
  { why: 'a filter drops ESP', edits: { onpremise: ownFilter(esp, 'prerouting') }, ends: 'esp-blocked' },
]

/** Only a chain of gateways can loop; `transit` below. */
const provoked = new Set<Disposition>([...rows.map(({ ends }) => ends), 'loops'])

describe('tracePacket', () => {
  test.each(rows)('$why: $ends', ({ from = 'cloud', packet, platforms, edits = {}, options, ends, way }) => {
    const world = edited(acceptance(platforms), edits)
    const [source, destination] = packet ?? (from === 'cloud' ? fromCloud : fromOnpremise)
    const request = { source: Address.parse(source), destination: Address.parse(destination), protocol: tcp }
    const trace = tracePacket(world, world.sites.get(from) ?? fail(), request, options)
    expect(trace).toMatchObject({ disposition: ends, ...(way ? { way } : {}) })
    expect(trace.advice === '').toBe(ends === 'delivered')
    expect(trace.doubts.length > 0).toBe(ends === 'unknown')
  })

  test('every disposition is provoked', () => {
    expect([...provoked].sort()).toEqual(Object.keys(dispositions).sort())
  })

  test('shows every change of address there and back', () => {
    const world = acceptance()
    const request = { source: Address.parse('10.0.1.5'), destination: Address.parse('192.168.1.77'), protocol: 1 }
    const { hops } = tracePacket(world, world.sites.get('cloud') ?? fail(), request)
    expect(
      hops.map(({ way, site, at, arrives }) => `${way} ${site} ${at} ${arrives.source} ${arrives.destination}`),
    ).toEqual([
      'there cloud node 10.0.1.5 192.168.1.77',
      'there cloud gateway 10.0.1.5 192.168.1.77',
      'there onpremise gateway 192.168.2.5 192.168.1.77',
      'there onpremise host 192.168.2.5 10.0.1.77',
      'back onpremise host 10.0.1.77 192.168.2.5',
      'back onpremise gateway 10.0.1.77 192.168.2.5',
      'back cloud gateway 192.168.1.77 192.168.2.5',
      'back cloud node 192.168.1.77 10.0.1.5',
    ])
  })

  test('says how a host is called when its real address was given', () => {
    const world = acceptance()
    const request = { source: Address.parse('10.0.1.5'), destination: Address.parse('10.0.1.77'), protocol: tcp }
    const { advice } = tracePacket(world, world.sites.get('cloud') ?? fail(), request)
    expect(advice).toContain('by 192.168.1.77')
  })
})

describe('a chain of gateways', () => {
  /** Two gateways whose routes hand everything for 10.9.0.0/16 to the other. */
  function ring(): World {
    const site = (name: string, own: number, other: number): WorldSite => {
      const tunnel = sampleTunnel(own, other)
      const [child] = tunnel.children
      const [all, target] = [Prefix.parse('0.0.0.0/0'), Prefix.parse('10.9.0.0/16')]
      const through = { kind: 'route', interface: 'vti0' } as const
      const children = child ? [{ ...child, local: all, remote: all, through }] : fail()
      const to = { kind: 'interface', interface: 'vti0' } as const
      return sampleSite(
        name,
        {
          tunnels: [{ ...tunnel, children }],
          interfaces: [{ name: 'vti0', kind: 'virtual', addresses: [], table: 'main', line: undefined }],
          routes: [{ table: 'main', prefix: target, to, distance: 1, line: undefined }],
        },
        { subnets: [Prefix.parse('10.1.0.0/16')], addresses: [Address.parse(`192.0.2.${own}`)] },
      )
    }
    return worldOf(site('one', 1, 2), site('two', 2, 1))
  }

  test('loops when each hands the packet to the other', () => {
    const world = ring()
    const request = { source: Address.parse('10.1.0.5'), destination: Address.parse('10.9.0.5'), protocol: tcp }
    expect(tracePacket(world, world.sites.get('one') ?? fail(), request).disposition).toBe('loops')
  })
})
