import { describe, expect, it } from 'vitest'
import { natplan } from '../support/command.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { planOf, verifyTexts } from './configurations.ts'
import { oneSidedLinux, oneSidedVyos, plainPeer } from './one-sided.ts'

type Wanted = readonly [result: 'proven' | 'fault' | 'unknown', ...codes: string[]]

/** What is found of a text beside what differs between products anyway. */
function found(platform: 'vyos-1.4' | 'linux', text: string): Wanted {
  const b = { platform: 'vyos-1.4', text: plainPeer } as const
  const { result, findings } = verifyTexts(
    new Map([
      ['a', { platform, text }],
      ['b', b],
    ] as const),
  )
  const codes = findings.map(({ code }) => code).filter((code) => code !== 'LIFETIMES_DIFFER')
  return [result, ...new Set(codes)]
}

type Row = readonly [what: string, find: string | RegExp, put: string, wanted: Wanted]

function itFindsIn(platform: 'vyos-1.4' | 'linux', whole: string, rows: readonly Row[]): void {
  it.each(rows)('%s', (_, find, put, wanted) => {
    const text = whole.replace(find, put)
    expect(text).not.toBe(whole)
    expect(found(platform, text)).toEqual(wanted)
  })
}

const both = /^set nat (source|destination) rule 20 .*\n/gm
const vrf = 'set vrf name vpn protocols static route'

describe('a gateway of VyOS that translates both sides', () => {
  it('is proven, with the same address at both ends', () => {
    const folder = temporaryFolder({ 'a.txt': oneSidedVyos, 'b.txt': plainPeer })
    const { status, stdout, stderr } = natplan(['verify', 'a=a.txt', 'b=b.txt'], { cwd: folder })
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/a - b +proven +1 address range × 2 directions, every address/)
  })

  it('is passed twice, each way', () => {
    const folder = temporaryFolder({ 'a.txt': oneSidedVyos, 'b.txt': plainPeer })
    const configs = ['--config', 'a=a.txt', '--config', 'b=b.txt']
    const trace = (from: string, to: string) => natplan(['trace', from, to, ...configs], { cwd: folder }).stdout
    const there = trace('a:10.0.1.5', 'b:10.0.1.5')
    expect(there).toContain('tcp from a 10.0.1.5 port 40000 to 192.168.1.5')
    expect(there.match(/^ +a gateway .*$/gm)?.map((line) => line.split(/ {2,}/)[2])).toEqual([
      '10.0.1.5 → 192.168.1.5',
      '192.168.2.5 → 192.168.1.5',
      '10.0.1.5 → 192.168.2.5',
      '192.168.1.5 → 192.168.2.5',
    ])
    expect(there).toContain('in again at the other end of veth0')
    expect(there).toContain('delivered both ways')
    expect(trace('b:10.0.1.5', 'a:10.0.1.5')).toMatch(/to 192\.168\.2\.5[\s\S]*delivered both ways/)
  })

  const end = /$/
  itFindsIn('vyos-1.4', oneSidedVyos, [
    ['calls no peer otherwise', both, '', ['fault', 'SELECTOR_UNBACKED', 'FLOW_NOT_TRANSLATED']],
    ['turns no name of the peer back', /^set nat destination rule 20 .*\n/gm, '', ['fault', 'FLOW_NO_ROUTE']],
    ['gives the peer no name', /^set nat source rule 20 .*\n/gm, '', ['fault', 'FLOW_NOT_TRANSLATED']],
    ['does not translate itself', /^set nat source rule 10 .*\n/gm, '', ['fault', 'NAT_HALF', 'FLOW_NO_ROUTE']],
    ['has no route in the VRF', new RegExp(`^${vrf} 10\\.0.*\\n`, 'gm'), '', ['fault', 'FLOW_NO_ROUTE']],
    [
      'has no route out of the VRF',
      new RegExp(`^${vrf} 192.*\\n`, 'gm'),
      '',
      ['fault', 'FLOW_NO_ROUTE', 'FLOW_NOT_TRANSLATED'],
    ],
    ['has no route to the pair', /^set protocols static route 192.*\n/gm, '', ['fault', 'FLOW_UNENCRYPTED']],
    [
      'has the VTI in no VRF',
      'set interfaces vti vti0 vrf vpn\n',
      '',
      ['fault', 'PROOF_INCOMPLETE', 'SELECTOR_UNBACKED', 'FLOW_NOT_TRANSLATED'],
    ],
    [
      'has the pair in no VRF',
      'set interfaces virtual-ethernet veth1 vrf vpn\n',
      '',
      ['unknown', 'SELECTOR_UNBACKED', 'FLOW_NOT_KNOWN'],
    ],
    [
      'pairs with nobody',
      'veth1 peer-name veth0',
      'veth1 peer-name veth7',
      ['unknown', 'SELECTOR_UNBACKED', 'FLOW_NOT_KNOWN'],
    ],
    ['pairs with a namespace', 'veth1 vrf vpn', 'veth1 netns vpn', ['unknown', 'SELECTOR_UNBACKED', 'FLOW_NOT_KNOWN']],
    [
      'has a bridge over the pair',
      end,
      'set interfaces bridge br0 member interface veth0\n',
      ['unknown', 'SELECTOR_UNBACKED', 'FLOW_NOT_KNOWN'],
    ],
    [
      'has an end switched off',
      end,
      'set interfaces virtual-ethernet veth1 disable\n',
      ['unknown', 'SELECTOR_UNBACKED', 'FLOW_NOT_KNOWN'],
    ],
    [
      'translates itself in the VRF',
      'source rule 10 outbound-interface name veth0',
      'source rule 10 outbound-interface name veth1',
      ['fault', 'NAT_HALF', 'FLOW_NO_ROUTE'],
    ],
    [
      'calls the peer in front',
      'destination rule 20 inbound-interface name veth1',
      'destination rule 20 inbound-interface name veth0',
      ['fault', 'FLOW_NO_ROUTE'],
    ],
    [
      'calls the peer on the VTI',
      'destination rule 20 inbound-interface name veth1',
      'destination rule 20 inbound-interface name vti0',
      ['fault', 'FLOW_NO_ROUTE'],
    ],
    [
      'calls the peer where it arrives inside',
      'source rule 20 outbound-interface name veth1',
      'source rule 20 outbound-interface name eth1',
      ['fault', 'FLOW_NOT_TRANSLATED'],
    ],
    [
      'calls the peer by another prefix',
      /(rule 20 destination address) 192\.168\.1\.0/,
      '$1 192.168.7.0',
      ['fault', 'SELECTOR_UNBACKED', 'FLOW_NO_ROUTE'],
    ],
    ['goes to its own end', 'next-hop 169.254.77.1', 'next-hop 169.254.77.0', ['unknown', 'FLOW_NOT_KNOWN']],
    ['goes to nobody in the pair', 'next-hop 169.254.77.1', 'next-hop 169.254.77.3', ['unknown', 'FLOW_NOT_KNOWN']],
    [
      'goes there without a next hop',
      'route 192.168.1.0/24 next-hop 169.254.77.1',
      'route 192.168.1.0/24 interface veth0',
      ['unknown', 'FLOW_NOT_KNOWN'],
    ],
    [
      'goes there over another interface',
      'next-hop 169.254.77.1',
      'next-hop 169.254.77.1 interface eth1',
      ['unknown', 'FLOW_NOT_KNOWN'],
    ],
    ['names the interface of the hop', 'next-hop 169.254.77.1', 'next-hop 169.254.77.1 interface veth0', ['proven']],
    [
      'checks the way back',
      end,
      'set firewall global-options source-validation strict\n',
      ['unknown', 'FLOW_NOT_KNOWN'],
    ],
    [
      'tracks no connections',
      end,
      'set system conntrack ignore ipv4 rule 1 source address 10.0.1.0/24\n',
      ['unknown', 'PROOF_INCOMPLETE', 'FLOW_NOT_KNOWN'],
    ],
    [
      'forwards nothing in the VRF',
      end,
      'set vrf name vpn ip disable-forwarding\n',
      ['unknown', 'PROOF_INCOMPLETE', 'FLOW_NOT_KNOWN'],
    ],
    [
      'has other selectors',
      'tunnel 1 remote prefix 10.0.1.0/24',
      'tunnel 1 remote prefix 192.168.1.0/24',
      ['fault', 'SELECTOR_NOT_MIRRORED', 'FLOW_NO_SELECTOR', 'FLOW_REFUSED'],
    ],
    [
      'masquerades all that leaves into the pair',
      end,
      'set nat source rule 5 outbound-interface name veth0\nset nat source rule 5 translation address masquerade\n',
      ['fault', 'NAT_SHADOWED', 'FLOW_NO_ROUTE'],
    ],
    [
      'masquerades what leaves outside',
      end,
      'set nat source rule 5 outbound-interface name eth0\nset nat source rule 5 translation address masquerade\n',
      ['proven'],
    ],
    [
      'drops what comes out of the VRF, by its name',
      end,
      dropping('inbound-interface name vpn'),
      ['fault', 'FLOW_FILTERED'],
    ],
    ['drops by a name that filters see nowhere', end, dropping('inbound-interface name veth1'), ['proven']],
    [
      'drops what leaves by the end of the pair',
      end,
      dropping('outbound-interface name veth1'),
      ['fault', 'FLOW_FILTERED'],
    ],
    [
      'has selectors for everything',
      /local prefix 192.*\n(.*) remote prefix 10.*/,
      'local prefix 0.0.0.0/0\n$1 remote prefix 0.0.0.0/0',
      ['proven'],
    ],
    [
      'marks what goes across, so that it may be steered again behind it',
      end,
      [
        'set policy route P interface eth1',
        'set policy route P rule 1 destination address 192.168.1.0/24',
        'set policy route P rule 1 set table 10',
        'set protocols static table 10 route 10.99.0.0/16 next-hop 10.0.1.9',
        '',
      ].join('\n'),
      ['unknown', 'FLOW_NOT_KNOWN'],
    ],
    ['has no route into nothing, and a VRF that ends there', /^.*blackhole.*\n/m, '', ['proven']],
    [
      'has a way out of the VRF while the tunnel is down',
      /^.*blackhole.*\n/m,
      `${vrf} 0.0.0.0/0 next-hop 203.0.113.254 vrf default\n`,
      ['proven', 'TUNNEL_MAY_LEAK'],
    ],
  ])
})

function dropping(what: string): string {
  return `set firewall ipv4 forward filter rule 1 action drop\nset firewall ipv4 forward filter rule 1 ${what}\n`
}

function chain(hook: string, rule: string, policy = 'accept'): string {
  return `table inet other {\n\tchain c {\n\t\ttype filter hook ${hook}; policy ${policy};\n${rule
    .split('; ')
    .map((one) => `\t\t${one}\n`)
    .join('')}\t}\n}\ntable inet mss`
}

describe('a Linux gateway that translates both sides', () => {
  it('is proven', () => {
    expect(found('linux', oneSidedLinux)).toEqual(['proven'])
  })

  const table = 'table inet mss'
  itFindsIn('linux', oneSidedLinux, [
    ['asks for its own addresses before its VRFs', 'ip rule del pref 0\n', '', ['unknown', 'FLOW_NOT_KNOWN']],
    ['does not say when VRFs are asked', /^ip rule.*\n/gm, '', ['unknown', 'FLOW_NOT_KNOWN']],
    [
      'lets a VRF go on by the main table',
      /^ip rule add pref 2000.*\n|^ip route.* 10\.0\.1.*\n/gm,
      '',
      ['unknown', 'FLOW_NOT_KNOWN'],
    ],
    ['routes to the peer in the main table', 'dev ipsec0 vrf vpn', 'dev ipsec0', ['fault', 'FLOW_NO_ROUTE']],
    ['names the table by its number', /vrf vpn$/gm, 'table 200', ['proven']],
    [
      'has the other end in another namespace',
      'ip link set veth1 master vpn',
      'ip link set veth1 netns vpn',
      ['unknown', 'PROOF_INCOMPLETE', 'FLOW_NOT_KNOWN'],
    ],
    [
      'makes it there',
      'peer name veth1',
      'peer name veth1 netns vpn',
      ['unknown', 'PROOF_INCOMPLETE', 'FLOW_NOT_KNOWN'],
    ],
    [
      'has the pair in no VRF',
      'ip link set veth1 master vpn\n',
      '',
      ['unknown', 'SELECTOR_UNBACKED', 'FLOW_NOT_KNOWN'],
    ],
    [
      'has the XFRM interface in no VRF',
      'ip link set ipsec0 master vpn\n',
      '',
      ['fault', 'SELECTOR_UNBACKED', 'FLOW_NOT_TRANSLATED'],
    ],
    [
      'accepts by names that filters do not see',
      table,
      chain('forward priority filter', 'iifname { "eth1", "veth0", "veth1", "ipsec0" } accept', 'drop'),
      ['fault', 'FLOW_FILTERED'],
    ],
    [
      'accepts by the name of the VRF',
      table,
      chain('forward priority filter', 'iifname { "eth1", "veth0", "vpn" } accept', 'drop'),
      ['proven'],
    ],
    [
      'accepts before routing by both names',
      table,
      chain(
        'prerouting priority mangle',
        'iifname { "eth0", "eth1", "veth0", "veth1", "ipsec0", "vpn" } accept',
        'drop',
      ),
      ['proven'],
    ],
    [
      'accepts before routing by one name',
      table,
      chain('prerouting priority mangle', 'iifname { "eth0", "eth1", "veth0", "veth1", "ipsec0" } accept', 'drop'),
      ['fault', 'FLOW_FILTERED'],
    ],
    [
      'tracks nothing in the VRF',
      table,
      chain('prerouting priority raw', 'iifname "veth1" notrack'),
      ['unknown', 'PROOF_INCOMPLETE', 'FLOW_NOT_KNOWN'],
    ],
    [
      'tracks the VRF apart',
      table,
      chain('prerouting priority raw', 'iifname { "veth1", "ipsec0" } ct original zone set 200'),
      ['proven'],
    ],
    [
      'tracks the VRF apart, with its answers',
      table,
      chain('prerouting priority raw', 'iifname { "veth1", "ipsec0" } ct zone set 200'),
      ['proven'],
    ],
    [
      'tracks one end of the VRF apart, with its answers',
      table,
      chain('prerouting priority raw', 'iifname "veth1" ct zone set 200'),
      ['unknown', 'FLOW_NOT_KNOWN'],
    ],
    [
      'tracks answers apart',
      table,
      chain('prerouting priority raw', 'iifname "veth1" ct reply zone set 200'),
      ['unknown', 'PROOF_INCOMPLETE', 'FLOW_NOT_KNOWN'],
    ],
    ['checks the way back', /$/, 'net.ipv4.conf.all.rp_filter = 1\n', ['unknown', 'FLOW_NOT_KNOWN']],
  ])

  it('is the same where the running device shows it', () => {
    const shown = oneSidedLinux.replace(/^ip (rule|link|address).*\n/gm, '').replace(/^/, dumped)
    expect(found('linux', shown)).toEqual(['proven'])
    expect(found('linux', shown.replace('veth1@veth0', 'veth1@if9'))[0]).toBe('unknown')
    expect(found('linux', shown.replace('\n2000:\tfrom all lookup [l3mdev-table] unreachable', ''))[0]).toBe('proven')
    expect(found('linux', shown.replace('32765:\tfrom', '0:\tfrom'))[0]).toBe('unknown')
  })
})

const dumped = `1000:	from all lookup [l3mdev-table]
2000:	from all lookup [l3mdev-table] unreachable
32765:	from all lookup local
32766:	from all lookup main
32767:	from all lookup default
1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN
    inet 127.0.0.1/8 scope host lo
2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc fq state UP
    inet 203.0.113.10/24 scope global eth0
3: eth1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc fq state UP
    inet 10.0.1.1/24 scope global eth1
4: vpn: <NOARP,MASTER,UP,LOWER_UP> mtu 65575 qdisc noqueue state UP
    link/ether 02:00:00:00:00:02 brd ff:ff:ff:ff:ff:ff promiscuity 0
    vrf table 200 addrgenmode eui64
5: veth1@veth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue master vpn state UP
    link/ether 02:00:00:00:00:05 brd ff:ff:ff:ff:ff:ff promiscuity 0
    veth
    vrf_slave table 200 addrgenmode eui64
    inet 169.254.77.1/31 scope global veth1
6: veth0@veth1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP
    link/ether 02:00:00:00:00:06 brd ff:ff:ff:ff:ff:ff promiscuity 0
    veth addrgenmode eui64
    inet 169.254.77.0/31 scope global veth0
7: ipsec0@eth0: <NOARP,UP,LOWER_UP> mtu 1500 qdisc noqueue master vpn state UNKNOWN
    link/none
    xfrm if_id 0x2b
    vrf_slave table 200 addrgenmode eui64
`

describe('where only the peer is called otherwise', () => {
  const vyos = oneSidedVyos
    .replace(/^set nat (source|destination) rule 10 .*\n/gm, '')
    .replace(/rule 20 (source|destination) address 192\.168\.2\.0/g, 'rule 20 $1 address 10.0.9.0')
    .replace(/10\.0\.1\.1\/24/, '10.0.9.1/24')
    .replace(/192\.168\.2\.0/g, '10.0.9.0')
  const linux = oneSidedLinux
    .replace(/^.*"veth0" ip saddr.*\n/gm, '')
    .replace(/10\.0\.1\.1\/24/, '10.0.9.1/24')
    .replace(/192\.168\.2\.0/g, '10.0.9.0')
  const peer = plainPeer.replace(/192\.168\.2\.0/g, '10.0.9.0')
  const proof = (platform: 'vyos-1.4' | 'linux', text: string) =>
    verifyTexts(
      new Map([
        ['a', { platform, text }],
        ['b', { platform: 'vyos-1.4', text: peer }],
      ] as const),
    )

  it('is proven on VyOS, which tracks connections of a VRF apart', () => {
    expect(proof('vyos-1.4', vyos).result).toBe('proven')
  })

  it('is not where the kernel takes the second pass for the connection of the first', () => {
    const { result, findings } = proof('linux', linux)
    expect([result, ...findings.map(({ code }) => code)]).toEqual(['fault', 'LIFETIMES_DIFFER', 'FLOW_NO_ROUTE'])
  })

  it('is proven where somebody tracks them apart', () => {
    const text = linux.replace(
      'table inet mss',
      chain('prerouting priority raw', 'iifname { "veth1", "ipsec0" } ct original zone set 200'),
    )
    expect(proof('linux', text).result).toBe('proven')
  })
})

describe('a gateway that translates both sides of one tunnel, and takes everything through another', () => {
  const gateway = (platform: 'linux' | 'vyos-1.4', address: string) => ({
    platform,
    outside: { interface: 'eth1', address },
    inside: { interface: 'eth0' },
  })

  it.each(['linux', 'vyos-1.4'] as const)('is proven on %s, though no network is shown', (platform) => {
    const { texts } = planOf({
      sites: {
        a: { subnets: ['10.0.1.0/24'], gateway: gateway(platform, '203.0.113.10') },
        b: { subnets: ['10.0.1.0/24'], gateway: gateway('vyos-1.4', '192.0.2.20') },
        c: { subnets: ['10.0.1.0/24', '10.4.0.0/24'], gateway: gateway('vyos-1.4', '192.0.2.30') },
      },
      tunnels: [
        { sites: ['a', 'b'], translateAt: 'a' },
        { sites: ['a', 'c'], mode: 'route' },
      ],
    })
    const { result, findings } = verifyTexts(texts)
    expect([result, ...findings.map(({ message }) => message)]).toEqual(['proven'])
  })
})
