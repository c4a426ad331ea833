import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { platformModule, type Texts } from '@natplan/templates'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { call, counted, countedIn, createGatewayLab, type GatewayLab, listen } from '../support/gateway-lab.ts'
import { Namespace } from '../support/namespaces.ts'
import { derive, type Written } from '../support/policies.ts'
import { requireKernel } from '../support/require.ts'

const onKernel = requireKernel('nft', 'ip', 'sysctl')

function gateway(address: string, inside = 'eth0') {
  return { platform: 'linux', outside: { interface: 'eth1', address }, inside: { interface: inside } } as const
}

const example: Written = {
  pools: ['192.168.0.0/16'],
  sites: {
    cloud: { subnets: ['10.0.1.0/27'], gateway: gateway('203.0.113.10') },
    onpremise: { subnets: ['10.0.1.0/24', '10.50.0.0/16'], gateway: gateway('192.0.2.20') },
  },
  tunnels: [{ sites: ['cloud', 'onpremise'] }],
}

/** Sets of many rows in both IP versions, exemptions, single addresses. */
const wide: Written = {
  pools: ['192.168.0.0/16'],
  sites: {
    hub: { subnets: ['10.0.1.0/24', '10.0.7.1/32', 'fd00:1::/64'], gateway: gateway('203.0.113.10') },
    north: { subnets: ['10.0.1.0/24', '10.0.7.1/32', 'fd00:2::/64'], gateway: gateway('192.0.2.1') },
    east: { subnets: ['10.0.1.0/24', '10.20.0.0/16', 'fd00:3::/64'], gateway: gateway('192.0.2.2') },
    south: { subnets: ['10.0.1.0/24', '10.30.0.0/16', 'fd00:4::/64'], gateway: gateway('192.0.2.3') },
  },
  tunnels: ['north', 'east', 'south'].map((site) => ({ sites: ['hub', site] })),
}

/** The hosts are behind the outside interface, so that there is no other to leave alone. */
const oneInterface: Written = {
  ...example,
  sites: { ...example.sites, cloud: { subnets: ['10.0.1.0/27'], gateway: gateway('203.0.113.10', 'eth1') } },
}

function textsOf(written: Written, site: string): Texts {
  const policy = derive(written).policies.find((one) => one.site === site)
  const { texts, findings } = (policy && platformModule('linux')?.render(policy, { secrets: new Map() })) ?? {}
  if (!texts) throw new Error(`nothing rendered for ${site}: ${JSON.stringify(findings)}`)
  return texts
}

function rulesetOf(written: Written, site: string): string {
  const file = textsOf(written, site).files.find(({ name }) => name === 'natplan.nft')
  if (!file) throw new Error('no ruleset')
  return file.text
}

/** The table alone, without what empties it first. */
function tableOf(ruleset: string): string {
  return ruleset.slice(ruleset.indexOf('table inet natplan {'))
}

const othersTable = `
table ip others {
	chain postrouting {
		type nat hook postrouting priority srcnat; policy accept;
		oifname "eth1" masquerade
	}
}
`

const folder = mkdtempSync(join(tmpdir(), 'natplan-linux-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Loads a ruleset from a file, as the gateway does. */
function load(namespace: Namespace, ruleset: string): void {
  const file = join(folder, 'ruleset.nft')
  writeFileSync(file, ruleset)
  namespace.run('nft', '--check', '--file', file)
  namespace.run('nft', '--file', file)
}

onKernel('the ruleset', () => {
  let alone: Namespace
  beforeEach(async () => {
    alone = await Namespace.create()
    return () => alone.remove()
  })

  const rulesets = [
    ['cloud of the example', rulesetOf(example, 'cloud')],
    ['onpremise of the example, with an exemption', rulesetOf(example, 'onpremise')],
    ['a hub with three spokes', rulesetOf(wide, 'hub')],
    ['a spoke whose peer has single addresses', rulesetOf(wide, 'north')],
    ['a gateway with one interface', rulesetOf(oneInterface, 'cloud')],
  ] as const

  it.each(rulesets)('is listed by nft as it was written, once, however often it is loaded: %s', (_, ruleset) => {
    load(alone, othersTable)
    for (let times = 0; times < 3; times++) load(alone, ruleset)
    expect(alone.run('nft', '--stateless', 'list', 'table', 'inet', 'natplan')).toBe(tableOf(ruleset))
    expect(alone.run('nft', 'list', 'tables')).toBe('table ip others\ntable inet natplan\n')
  })

  it('comes with kernel settings that the kernel takes', () => {
    const settings = textsOf(example, 'cloud').files.find(({ name }) => name === 'natplan-sysctl.conf')?.text ?? ''
    const file = join(folder, 'sysctl.conf')
    writeFileSync(file, settings)
    alone.run('sysctl', '-q', '-p', file)
    expect(alone.run('sysctl', '-n', 'net.ipv4.icmp_errors_use_inbound_ifaddr')).toBe('1\n')
  })

  it('is taken away by the removal, which spares the tables of others and can be run again', () => {
    const lines = textsOf(example, 'cloud').remove.split('\n')
    const removal = lines.filter((line) => line.startsWith('nft ')).join('\n')
    load(alone, othersTable)
    load(alone, rulesetOf(example, 'cloud'))
    for (let times = 0; times < 2; times++) alone.script(removal)
    expect(alone.run('nft', 'list', 'tables')).toBe('table ip others\n')
  })
})

/** What passes the internet, seen before anything is done to it. */
const watchedInternet = `
table inet watch
delete table inet watch
table inet watch {
	chain prerouting {
		type filter hook prerouting priority raw; policy accept;
		iifname { "near", "second" } ip daddr { 192.168.1.0/24, 10.50.0.0/16 } counter comment "from near"
		iifname { "near", "second" } ip daddr 192.168.2.0/27 counter comment "own, from near"
		iifname "second" ip daddr 198.51.100.1 counter comment "internet, from second"
		iifname "far" ip daddr 192.168.2.0/27 counter comment "from far"
		iifname "far" ip saddr 192.0.2.20 ip daddr 192.168.2.0/27 counter comment "masqueraded"
	}
}
`

onKernel('gateways without a tunnel between them', () => {
  let lab: GatewayLab
  beforeAll(async () => {
    lab = await createGatewayLab()
    for (const host of [lab.worker, lab.server, lab.internet]) await listen(host)
    lab.near.connect({ here: 'eth2', peer: lab.internet, there: 'second' })
    lab.near.run('ip', 'addr', 'add', '198.18.0.2/24', 'dev', 'eth2')
    lab.internet.run('ip', 'addr', 'add', '198.18.0.1/24', 'dev', 'second')
  })
  afterAll(() => lab?.remove())

  beforeEach(() => {
    load(lab.internet, watchedInternet)
    for (const [namespace, site] of [
      [lab.near, 'cloud'],
      [lab.far, 'onpremise'],
    ] as const) {
      namespace.run('nft', 'flush', 'ruleset')
      load(namespace, othersTable)
      load(namespace, rulesetOf(example, site))
    }
  })

  function withoutGuards(...gateways: readonly Namespace[]): void {
    for (const one of gateways) {
      for (const chain of ['guard-out', 'guard-in']) one.run('nft', 'flush', 'chain', 'inet', 'natplan', chain)
    }
  }

  it.each([
    ['the worker reaches a server', 'worker', '10.0.1.5', '192.168.1.77', '192.168.2.5 10.0.1.77'],
    ['and the server with its own address', 'worker', '10.0.1.5', '192.168.1.5', '192.168.2.5 10.0.1.5'],
    ['and one whose subnet keeps its addresses', 'worker', '10.0.1.5', '10.50.0.9', '192.168.2.5 10.50.0.9'],
    ['a server reaches the worker', 'server', '10.0.1.77', '192.168.2.5', '192.168.1.77 10.0.1.5'],
    ['and so does the one with its own address', 'server', '10.0.1.5', '192.168.2.5', '192.168.1.5 10.0.1.5'],
    ['an exemption beats a masquerade of others', 'server', '10.50.0.9', '192.168.2.5', '10.50.0.9 10.0.1.5'],
    ['which still serves the internet', 'worker', '10.0.1.5', '198.51.100.1', '203.0.113.10 198.51.100.1'],
    ['at the other end too', 'server', '10.50.0.9', '198.51.100.1', '192.0.2.20 198.51.100.1'],
  ] as const)('%s', (_, host, from, to, seen) => {
    withoutGuards(lab.near, lab.far)
    expect(call(lab[host], from, to)).toBe(seen)
  })

  it('loses an exemption to a masquerade when the chain only accepts', () => {
    withoutGuards(lab.near, lab.far)
    const accepting = 'oifname "eth1" ip saddr 10.50.0.0/16 accept'
    lab.far.run('nft', `flush chain inet natplan source; add rule inet natplan source ${accepting}`)
    expect(call(lab.server, '10.50.0.9', '192.168.2.5')).toBe('no answer')
    expect(counted(lab.internet, 'masqueraded')).toBeGreaterThan(0)
  })

  it('translates subnets of a single address, in both directions', () => {
    const single: Written = {
      ...example,
      sites: {
        cloud: {
          subnets: [{ prefix: '10.0.1.5/32', translateTo: '192.168.2.5/32' }],
          gateway: gateway('203.0.113.10'),
        },
        onpremise: {
          subnets: [{ prefix: '10.0.1.5/32', translateTo: '192.168.1.5/32' }],
          gateway: gateway('192.0.2.20'),
        },
      },
    }
    load(lab.near, rulesetOf(single, 'cloud'))
    load(lab.far, rulesetOf(single, 'onpremise'))
    withoutGuards(lab.near, lab.far)
    expect(call(lab.worker, '10.0.1.5', '192.168.1.5')).toBe('192.168.2.5 10.0.1.5')
    expect(call(lab.server, '10.0.1.5', '192.168.2.5')).toBe('192.168.1.5 10.0.1.5')
  })

  it('limits the MSS clamp of both directions, at each gateway alone', () => {
    withoutGuards(lab.near, lab.far)
    const sizes = 'tcp flags & (syn|rst) == syn tcp option maxseg size'
    for (const host of [lab.worker, lab.server]) {
      load(
        host,
        `table inet sizes {
          chain input {
            type filter hook input priority 0
            ${sizes} 1398 counter comment "limited"
            ${sizes} != 1398 counter comment "not limited"
          }
        }
        `,
      )
    }
    for (const idle of [lab.near, lab.far]) {
      idle.run('nft', 'flush', 'chain', 'inet', 'natplan', 'clamp')
      call(lab.worker, '10.0.1.5', '192.168.1.77')
      call(lab.server, '10.50.0.9', '192.168.2.5')
      load(idle, rulesetOf(example, idle === lab.near ? 'cloud' : 'onpremise'))
      withoutGuards(idle)
    }
    for (const host of [lab.worker, lab.server]) {
      expect(counted(host, 'limited')).toBe(4)
      expect(counted(host, 'not limited')).toBe(0)
    }
  })

  it.each([
    ['translated', 'worker', '10.0.1.5', '192.168.1.77', 'near'],
    ['to a subnet that keeps its addresses', 'worker', '10.0.1.5', '10.50.0.9', 'near'],
    ['from the gateway itself', 'near', '203.0.113.10', '192.168.1.77', 'near'],
    ['from a host in no subnet of the plan', 'near', '10.0.1.30', '192.168.1.77', 'near'],
    ['exempt from translation', 'server', '10.50.0.9', '192.168.2.5', 'far'],
  ] as const)('lets nothing out in clear: %s', (_, host, from, to, guard) => {
    expect(call(lab[host], from, to)).toBe('no answer')
    expect(countedIn(lab[guard], 'guard-out')).toBeGreaterThan(0)
    expect(counted(lab.internet, `from ${guard}`)).toBe(0)
    withoutGuards(lab.near, lab.far)
    call(lab[host], from, to)
    expect(counted(lab.internet, `from ${guard}`)).toBeGreaterThan(0)
  })

  /** The second way of `near` to the internet takes over for as long as a test needs it. */
  function onSecondUplink<T>(run: () => T): T {
    lab.near.run('ip', 'route', 'replace', 'default', 'via', '198.18.0.1', 'dev', 'eth2')
    try {
      return run()
    } finally {
      lab.near.run('ip', 'route', 'replace', 'default', 'via', '203.0.113.1', 'dev', 'eth1')
    }
  }

  it.each([
    ['a host of the plan', 'worker', '10.0.1.5', '192.168.1.77'],
    ['one that calls a subnet that keeps its addresses', 'worker', '10.0.1.5', '10.50.0.9'],
    ['the gateway itself', 'near', '198.18.0.2', '192.168.1.77'],
  ] as const)('lets nothing out in clear when another uplink takes over: %s', (_, host, from, to) => {
    onSecondUplink(() => {
      expect(call(lab[host], from, to)).toBe('no answer')
      expect(countedIn(lab.near, 'guard-out')).toBeGreaterThan(0)
      expect(counted(lab.internet, 'from near')).toBe(0)
      call(lab.worker, '10.0.1.5', '198.51.100.1')
      expect(counted(lab.internet, 'internet, from second')).toBeGreaterThan(0)
      withoutGuards(lab.near)
      call(lab[host], from, to)
      expect(counted(lab.internet, 'from near')).toBeGreaterThan(0)
    })
  })

  it('lets nothing out on any interface when there is no inside one', () => {
    load(lab.near, rulesetOf(oneInterface, 'cloud'))
    expect(call(lab.worker, '10.0.1.5', '192.168.1.77')).toBe('no answer')
    expect(onSecondUplink(() => call(lab.worker, '10.0.1.5', '192.168.1.77'))).toBe('no answer')
    expect(counted(lab.internet, 'from near')).toBe(0)
    expect(call(lab.worker, '10.0.1.5', '198.51.100.1')).toBe('203.0.113.10 198.51.100.1')
  })

  it.each([
    ['on the first uplink', <T>(run: () => T) => run()],
    ['on the second', onSecondUplink],
  ])('sends nobody to the internet who calls the own site as its peers do: %s', (_, on) => {
    on(() => {
      expect(call(lab.worker, '10.0.1.5', '192.168.2.7')).toBe('no answer')
      expect(counted(lab.internet, 'own, from near')).toBe(0)
      withoutGuards(lab.near)
      call(lab.worker, '10.0.1.5', '192.168.2.7')
      expect(counted(lab.internet, 'own, from near')).toBeGreaterThan(0)
    })
  })

  it('lets nothing in that comes in clear with the addresses of a peer', () => {
    withoutGuards(lab.near)
    expect(call(lab.worker, '10.0.1.5', '192.168.1.77')).toBe('no answer')
    expect(counted(lab.internet, 'from near')).toBeGreaterThan(0)
    expect(countedIn(lab.far, 'guard-in')).toBeGreaterThan(0)
    expect(countedIn(lab.far, 'destination')).toBe(0)
  })

  it.each([
    ['a source rule for every interface, as VyOS gets it', '', 0],
    ['not with one for the first uplink', 'oifname "eth1" ', 1],
  ])('an IPsec policy holds packets that another uplink would take: %s', (_, uplink, least) => {
    const ends = 'src 203.0.113.10 dst 192.0.2.20 proto esp mode tunnel'
    lab.near.script(`ip xfrm policy add src 192.168.2.0/27 dst 192.168.1.0/24 dir out tmpl ${ends}`)
    const held = () => Number(/XfrmOutNoStates\s+([0-9]+)/.exec(lab.near.run('cat', '/proc/net/xfrm_stat'))?.[1])
    const before = held()
    withoutGuards(lab.near, lab.far)
    const rule = 'ip daddr 192.168.1.0/24 snat ip prefix to ip saddr map { 10.0.1.0/27 : 192.168.2.0/27 }'
    lab.near.run('nft', `flush chain inet natplan source; add rule inet natplan source ${uplink}${rule}`)
    expect(onSecondUplink(() => call(lab.worker, '10.0.1.5', '192.168.1.77'))).toBe('no answer')
    lab.near.run('ip', 'xfrm', 'policy', 'flush')
    expect(held() > before).toBe(least === 0)
    expect(Math.min(counted(lab.internet, 'from near'), 1)).toBe(least)
  })

  it('looks for an IPsec policy with the translated source, and holds the packet while there is no key', () => {
    const ends = 'src 203.0.113.10 dst 192.0.2.20 proto esp mode tunnel'
    lab.near.script(`ip xfrm policy add src 192.168.2.0/27 dst 192.168.1.0/24 dir out tmpl ${ends}`)
    const held = () => Number(/XfrmOutNoStates\s+([0-9]+)/.exec(lab.near.run('cat', '/proc/net/xfrm_stat'))?.[1])
    const before = held()
    withoutGuards(lab.near, lab.far)
    expect(call(lab.worker, '10.0.1.5', '192.168.1.77')).toBe('no answer')
    lab.near.run('ip', 'xfrm', 'policy', 'flush')
    expect(held()).toBeGreaterThan(before)
    expect(counted(lab.internet, 'from near')).toBe(0)
  })
})
