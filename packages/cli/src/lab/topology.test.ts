import { emptyLock, normalize, type Plan, planNetwork, type WrittenNetwork } from '@natplan/core'
import { describe, expect, it } from 'vitest'
import { planLab } from './lab.ts'
import type { LabTopology } from './topology.ts'

function planned(written: Omit<WrittenNetwork, 'version'>): Plan {
  const { value, findings } = normalize({ version: 1, ...written })
  const { plan } = value ? planNetwork(value, emptyLock) : {}
  if (!plan) throw new Error(JSON.stringify(findings))
  return plan
}

function gateway(address: string, platform: 'vyos-1.4' | 'edgeos' = 'vyos-1.4') {
  return { platform, outside: { interface: 'eth1', address }, inside: { interface: 'eth0' } } as const
}

const pools = ['192.168.0.0/16']

function nodePool(name: string) {
  return { name, nodeSelector: { zone: name } }
}

/** The acceptance example, and what differs. */
function acceptance(cloud: object = {}, onpremise: object = {}): Plan {
  return planned({
    pools,
    sites: {
      cloud: { subnets: ['10.0.1.0/27'], kubernetes: {}, gateway: gateway('203.0.113.10'), ...cloud },
      onpremise: { subnets: ['10.0.1.0/24'], gateway: gateway('192.0.2.20'), ...onpremise },
    },
    tunnels: [{ sites: ['cloud', 'onpremise'] }],
  })
}

function commandsOf(plan: Plan, machine: string): readonly string[] {
  return planLab(plan).topology.machines.find(({ name }) => name === machine)?.commands ?? []
}

describe('the calls of a lab', () => {
  const hiding = (hideBehind: string, forwards: readonly object[] = []) =>
    planLab(acceptance({}, { subnets: [{ prefix: '10.0.1.0/24', hideBehind, forwards }] })).topology
  const callsOf = ({ paths }: LabTopology) => [...new Set(paths.map(({ from, seenAs }) => `${from} as ${seenAs}`))]
  const closedOf = ({ closed }: LabTopology) =>
    closed.map(({ from, called, protocol }) => `${from} > ${called} ${protocol}`)
  const toHiddenAddress = ['icmp', 'tcp', 'udp'].map((protocol) => `cloud-worker > 192.168.77.7 ${protocol}`)

  it('come from hosts that hide, and go to none of them', () => {
    const topology = hiding('192.168.77.7')
    expect(callsOf(topology)).toEqual(['onpremise-host as 192.168.77.7'])
    expect(closedOf(topology)).toEqual(toHiddenAddress)
  })

  it('come from hosts that are seen as any of a few addresses', () => {
    expect(callsOf(hiding('192.168.77.8/30'))).toEqual(['onpremise-host as 192.168.77.8/30'])
  })

  it('go to the ports that lead to hosts that hide, and those listen there', () => {
    const forwards = [
      { port: 443, to: '10.0.1.10' },
      { port: 2222, to: '10.0.1.254', toPort: 22 },
      { port: 5353, to: '10.0.1.10', protocol: 'udp' as const },
    ]
    const topology = hiding('192.168.77.7', forwards)
    const forwarded = topology.paths.filter(({ service }) => service)
    const shown = forwarded.map(({ from, called, service, destination, seenAs }) => {
      return `${from} > ${called} ${service?.protocol} ${service?.port}: ${seenAs} > ${destination}`
    })
    expect(shown).toEqual([
      'cloud-worker > 192.168.77.7 tcp 443: 192.168.1.5 > 10.0.1.10',
      'cloud-worker > 192.168.77.7 tcp 2222: 192.168.1.5 > 10.0.1.254',
      'cloud-worker > 192.168.77.7 udp 5353: 192.168.1.5 > 10.0.1.10',
    ])
    expect(closedOf(topology)).toEqual(toHiddenAddress)
    const host = topology.machines.find(({ name }) => name === 'onpremise-host')
    expect(host?.addresses).toEqual(['10.0.1.77', '10.0.1.10', '10.0.1.254', '10.0.1.5'])
    expect(host?.ports).toEqual([443, 22, 5353])
    const gateway = topology.machines.find(({ name }) => name === 'onpremise-gateway')
    expect(gateway?.commands).toContain('address add 10.0.1.253/24 dev inside0')
  })

  it('are not wanted closed where the port of every host leads to one', () => {
    expect(closedOf(hiding('192.168.77.7', [{ port: 7000, to: '10.0.1.10' }]))).toEqual([
      'cloud-worker > 192.168.77.7 icmp',
      'cloud-worker > 192.168.77.7 udp',
    ])
  })

  it('are closed to nobody where nobody hides', () => {
    expect(planLab(acceptance()).topology.closed).toEqual([])
  })
})

describe('the topology of a lab', () => {
  it('has a worker whose private network leads to its gateway, and a default route that does not', () => {
    expect(commandsOf(acceptance(), 'cloud-worker')).toEqual([
      'address add 10.0.1.5/27 dev private',
      'route add 10.0.0.0/8 via 10.0.1.30 dev private',
      'address add 198.51.100.10 peer 169.254.0.1/32 dev public',
      'route add default via 169.254.0.1 dev public src 198.51.100.10',
    ])
  })

  const moving = (outside: object, identity?: string) => ({
    gateway: { ...gateway(''), outside: { interface: 'eth1', ...outside }, ...(identity ? { identity } : {}) },
  })

  it('gives an address to a gateway that the plan gives none, and its peer does not know it', () => {
    const plan = acceptance({}, moving({ address: 'dynamic' }, 'onpremise.example.net'))
    const { topology, texts } = planLab(plan)
    expect(topology.gateways.map(({ site, address }) => `${site} ${address}`)).toEqual([
      'cloud 203.0.113.10',
      'onpremise 203.0.113.200',
    ])
    expect(commandsOf(plan, 'onpremise-gateway')[0]).toBe('address add 203.0.113.200 peer 169.254.0.1/32 dev outside')
    expect(texts.get('cloud')?.configure).toContain('remote_addrs = %any')
    expect(topology.leftOut).toEqual([])
  })

  it('knows the address of a gateway that is looked up, since nobody answers such questions in a lab', () => {
    const { topology, texts } = planLab(acceptance({}, moving({ address: { host: 'b.example.org' } })))
    expect(texts.get('cloud')?.configure).toContain('remote_addrs = 203.0.113.200')
    expect(topology.leftOut).toEqual(['onpremise: the host name of its gateway; 203.0.113.200 stands for it'])
  })

  it.each([
    ['forwards what peers send', '192.0.2.20', '192.0.2.20', true],
    ['has another address each day, to which nobody sends', 'dynamic', '203.0.113.200', false],
  ])('puts a NAT in front of a gateway that %s', (_, publicAddress, address, handsOn) => {
    const plan = acceptance({}, moving({ address: '10.99.0.1', publicAddress }, 'onpremise.example.net'))
    const { topology, texts } = planLab(plan)
    expect(topology.gateways[1]).toMatchObject({ address, own: '10.99.0.1' })
    expect(commandsOf(plan, 'onpremise-gateway')[0]).toBe('address add 10.99.0.1 peer 169.254.0.3/32 dev outside')
    expect(commandsOf(plan, 'onpremise-nat')).toEqual([
      `address add ${address} peer 169.254.0.1/32 dev outside`,
      `route add default via 169.254.0.1 dev outside src ${address}`,
      'address add 169.254.0.3/32 dev inside',
      'route add 10.99.0.1/32 dev inside',
    ])
    expect(commandsOf(plan, 'internet')).toContain(`route add ${address}/32 dev gateway1`)
    const cables = topology.links.map(({ ends }) => ends.map((end) => `${end.machine} ${end.interface}`).join(' - '))
    expect(cables.filter((cable) => cable.includes('onpremise-nat'))).toEqual([
      'onpremise-gateway outside - onpremise-nat inside',
      'onpremise-nat outside - internet gateway1',
    ])
    const { rules } = topology.machines.find(({ name }) => name === 'onpremise-nat') ?? {}
    expect(rules?.includes('dnat to 10.99.0.1')).toBe(handsOn)
    expect(texts.get('onpremise')?.configure).toContain('local_addrs = 10.99.0.1')
    expect(topology.leftOut).toEqual([])
  })

  it('has no NAT in front of a gateway that has its address itself', () => {
    expect(planLab(acceptance()).topology.machines.some(({ kind }) => kind === 'nat')).toBe(false)
  })

  describe('with a second uplink', () => {
    type Uplink = { readonly address: string; readonly nextHop?: string; readonly publicAddress?: string }
    const overUplink = (uplink: Uplink, peerUplink: Uplink | undefined, identity?: string) => {
      const deadPeerDetection = { interval: 2, timeout: 10 }
      const tunnel = { sites: ['cloud', 'onpremise'], mode: 'route' as const, deadPeerDetection }
      const uplinks = { cloud: 'lte', ...(peerUplink ? { onpremise: 'lte' } : {}) }
      const at = (one: Uplink) => ({ uplinks: { lte: { interface: 'eth2', ...one } } })
      return planned({
        pools,
        sites: {
          cloud: {
            subnets: ['10.0.1.0/27'],
            gateway: { ...gateway('203.0.113.10'), ...at(uplink), ...(identity ? { identity } : {}) },
          },
          onpremise: {
            subnets: ['10.0.1.0/24'],
            gateway: { ...gateway('192.0.2.20'), ...(peerUplink ? at(peerUplink) : {}) },
          },
        },
        tunnels: [tunnel, { ...tunnel, uplinks }],
      })
    }
    const known = { address: '198.51.100.10', nextHop: '198.51.100.9' }
    const peer = { address: '198.51.100.130', nextHop: '198.51.100.129' }
    const lineOf = 'address add 198.51.100.10 peer 198.51.100.9/32 dev uplink0'

    it('leaves its routes to natplan where the peer has an address for it', () => {
      const commands = commandsOf(overUplink(known, peer), 'cloud-gateway')
      expect(commands).toContain(lineOf)
      expect(commands.filter((line) => line.includes('table'))).toEqual([])
    })

    it('routes by source address where the peer has one address for both', () => {
      const commands = commandsOf(overUplink(known, undefined), 'cloud-gateway')
      expect(commands.filter((line) => line.includes('table') || line.startsWith('rule'))).toEqual([
        'route add default via 198.51.100.9 dev uplink0 table 100',
        'rule add pref 100 from 198.51.100.10 lookup 100',
      ])
    })

    it.each([
      ['its router', { address: '198.51.100.10' }, 'its uplink lte, whose router is not known'],
      ['its address', { address: 'dynamic' }, 'its uplink lte, whose IPv4 address is not known'],
    ])('says that it leaves one out when the plan does not say %s', (_, uplink, reason) => {
      const plan = overUplink(uplink, peer, 'cloud.example.net')
      expect(planLab(plan).topology.leftOut).toEqual([`cloud: ${reason}`])
      expect(commandsOf(plan, 'cloud-gateway').join('\n')).not.toContain('uplink0')
    })

    it('stands for the second tunnel of a cloud, whose router is made up', () => {
      const tunnel = { sites: ['cloud', 'onpremise'], mode: 'route' as const, translateAt: 'onpremise' }
      const plan = planned({
        pools,
        sites: {
          cloud: {
            subnets: ['10.0.1.0/27'],
            gateway: {
              platform: 'aws',
              outside: { address: '203.0.113.10' },
              uplinks: { second: { address: '203.0.113.138' } },
            },
          },
          onpremise: { subnets: ['10.0.1.0/24'], gateway: gateway('192.0.2.20') },
        },
        tunnels: [tunnel, { ...tunnel, uplinks: { cloud: 'second' } }],
      })
      const { topology, texts } = planLab(plan)
      expect(topology.leftOut).toEqual([])
      expect(commandsOf(plan, 'cloud-gateway').filter((line) => line.includes('uplink0'))).toEqual([
        'address add 203.0.113.138 peer 169.254.250.1/32 dev uplink0',
        'route add default via 169.254.250.1 dev uplink0 table 100',
      ])
      expect(texts.get('cloud')?.configure).toContain('local_addrs = 203.0.113.138')
      expect(texts.get('onpremise')?.configure).toContain('remote_addrs = 203.0.113.138')
    })

    it('says that the NAT in front of one is left out', () => {
      const plan = overUplink({ ...known, address: '10.9.9.9', publicAddress: '198.51.100.10' }, peer)
      const { topology, texts } = planLab(plan)
      expect(topology.leftOut).toEqual([
        'cloud: the NAT in front of its uplink lte; the gateway has 198.51.100.10 itself',
      ])
      expect(commandsOf(plan, 'cloud-gateway')).toContain(lineOf)
      expect(texts.get('cloud')?.configure).toContain('local_addrs = 198.51.100.10')
    })
  })

  it('has keys where the plan has certificates', () => {
    const plan = acceptance()
    const names = { certificate: 'gw', ca: 'company' }
    const tunnels = plan.network.tunnels?.map((tunnel) => ({
      ...tunnel,
      certificates: new Map(tunnel.sites.map((site) => [site, names])),
    }))
    const { topology, texts } = planLab({ ...plan, network: { ...plan.network, tunnels } })
    expect(texts.get('cloud')?.configure).toContain('auth = psk')
    expect(topology.leftOut).toEqual(['the certificates of cloud and onpremise: keys stand for them'])
  })

  it('gives a host the address that a host of the peer has, beside its own', () => {
    expect(commandsOf(acceptance(), 'onpremise-host')).toEqual([
      'address add 10.0.1.77/24 dev eth0',
      'address add 10.0.1.5/32 dev eth0',
      'route add default via 10.0.1.254 dev eth0',
    ])
  })

  it('has a path in each direction, and one for the address at both ends, with what each end must see', () => {
    const { paths } = planLab(acceptance()).topology
    const shown = paths.map(
      ({ source, called, destination, seenAs }) => `${source} > ${called}: ${seenAs} > ${destination}`,
    )
    expect(shown).toEqual([
      '10.0.1.5 > 192.168.1.77: 192.168.2.5 > 10.0.1.77',
      '10.0.1.5 > 192.168.1.5: 192.168.2.5 > 10.0.1.5',
      '10.0.1.77 > 192.168.2.5: 192.168.1.77 > 10.0.1.5',
      '10.0.1.5 > 192.168.2.5: 192.168.1.5 > 10.0.1.5',
    ])
  })

  it.each([
    [
      'single addresses',
      '10.0.7.1/32',
      ['address add 169.254.0.2/32 dev inside0', 'route add 10.0.7.1/32 dev inside0'],
    ],
    ['two addresses', '10.0.7.2/31', ['address add 169.254.0.2/32 dev inside0', 'route add 10.0.7.2/31 dev inside0']],
    ['four addresses', '10.0.7.4/30', ['address add 10.0.7.6/30 dev inside0']],
  ])('reaches subnets of %s', (_, subnet, inside) => {
    const commands = commandsOf(acceptance({}, { subnets: [subnet] }), 'onpremise-gateway')
    expect(commands.filter((line) => line.includes('inside0'))).toEqual(inside)
  })

  it('puts a node of each pool where its gateway is', () => {
    const pool = { ...nodePool('west'), gateway: '10.0.2.1' }
    const plan = acceptance({
      subnets: ['10.0.1.0/27', '10.0.2.0/24'],
      kubernetes: { nodePools: [nodePool('east'), pool] },
    })
    expect(commandsOf(plan, 'cloud-gateway').slice(2)).toEqual([
      'address add 10.0.1.30/27 dev inside0',
      'address add 10.0.2.1/24 dev inside1',
    ])
    expect(commandsOf(plan, 'cloud-worker-west').filter((line) => line.includes(' private'))).toEqual([
      'address add 10.0.2.77/24 dev private',
    ])
  })

  it('has two nodes in one subnet behind two links', () => {
    const plan = acceptance({ kubernetes: { nodePools: [nodePool('east'), nodePool('west')] } })
    expect(commandsOf(plan, 'cloud-gateway').slice(2)).toEqual([
      'address add 10.0.1.30/27 dev inside0',
      'address add 10.0.1.30/32 dev inside1',
      'route add 10.0.1.6/32 dev inside1',
    ])
  })

  it('says what it leaves out', () => {
    const subnets = ['10.1.0.0/24', '10.2.0.0/24', '10.3.0.0/24', '10.4.0.0/24', 'fd00:1::/64']
    const plan = acceptance(
      {},
      { subnets, ...moving({ address: 'dynamic', publicAddress: '192.0.2.20' }, 'b.example') },
    )
    expect(planLab(plan).topology.leftOut).toEqual([
      'onpremise: the NAT in front of its gateway; the gateway has 192.0.2.20 itself',
      'onpremise: hosts in 1 of its 5 subnets',
      'onpremise: hosts in its IPv6 subnet',
    ])
    expect(commandsOf(plan, 'onpremise-gateway')).toContain('route add unreachable 10.4.0.0/24')
  })

  it('leaves out sites that no gateway of the plan reaches', () => {
    const plan = planned({
      pools,
      sites: {
        hub: { subnets: ['10.0.1.0/24'], gateway: gateway('203.0.113.10') },
        north: { subnets: ['10.0.1.0/24'], gateway: gateway('192.0.2.20', 'edgeos') },
        south: { subnets: ['10.0.1.0/24'] },
      },
      tunnels: [{ sites: ['hub', 'north'] }, { sites: ['hub', 'south'] }],
    })
    const { topology } = planLab(plan)
    expect(topology.gateways.map(({ site, platform }) => `${site} ${platform}`)).toEqual([
      'hub vyos-1.4',
      'north edgeos',
    ])
    expect(topology.leftOut).toEqual(['south: the plan file does not describe its gateway'])
  })

  it('runs the texts of Linux gateways, with a key that both ends have', () => {
    const { texts } = planLab(acceptance())
    const keyOf = (site: string) => /secret = "([^"]+)"/.exec(texts.get(site)?.configure ?? '')?.[1]
    expect(keyOf('cloud')).toBeDefined()
    expect(keyOf('cloud')).toBe(keyOf('onpremise'))
    expect(texts.get('onpremise')?.configure).toContain('iifname "outside" ip saddr 192.168.2.0/27')
  })
})
