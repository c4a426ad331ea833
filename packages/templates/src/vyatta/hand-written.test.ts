import type { Device, DeviceRule, DeviceTunnel } from '@natplan/core'
import { describe, expect, it } from 'vitest'
import { dialect as edgeos } from '../platforms/edgeos/view.ts'
import { dialect as vyatta5600 } from '../platforms/vyatta-5600/view.ts'
import { dialect as vyos13 } from '../platforms/vyos-1.3/view.ts'
import { dialect as vyos14 } from '../platforms/vyos-1.4/view.ts'
import type { VyattaDialect } from './dialect.ts'
import { readVyattaDevice } from './read-device.ts'

const handWritten = `vyos@r1:~$ show configuration commands | no-more
set interfaces ethernet eth0 address '203.0.113.1/24'
set nat destination rule 20 destination address '203.0.113.1'
set nat destination rule 20 destination port '443'
set nat destination rule 20 inbound-interface name 'eth0'
set nat destination rule 20 protocol 'tcp'
set nat destination rule 20 translation address '10.0.1.9'
set nat source rule 100 outbound-interface name 'eth0'
set nat source rule 100 source address '10.0.0.0/8'
set nat source rule 100 translation address 'masquerade'
set nat source rule 110 disable
set nat source rule 110 outbound-interface name 'eth0'
set nat static rule 5 destination address '192.168.1.0/24'
set system host-name 'r1'
set vpn ipsec esp-group E proposal 1 encryption 'aes256'
set vpn ipsec esp-group E proposal 1 hash 'sha256'
set vpn ipsec esp-group E proposal 2 encryption 'aes128'
set vpn ipsec ike-group I key-exchange 'ikev2'
set vpn ipsec ike-group I proposal 1 dh-group '14'
set vpn ipsec ike-group I proposal 1 encryption 'aes256'
set vpn ipsec ike-group I proposal 1 hash 'sha256'
set vpn ipsec site-to-site peer OLD authentication mode 'pre-shared-secret'
set vpn ipsec site-to-site peer OLD default-esp-group 'E'
set vpn ipsec site-to-site peer OLD ike-group 'I'
set vpn ipsec site-to-site peer OLD local-address '203.0.113.1'
set vpn ipsec site-to-site peer OLD remote-address '198.51.100.1'
set vpn ipsec site-to-site peer OLD tunnel 1 local prefix '10.0.1.0/24'
set vpn ipsec site-to-site peer OLD tunnel 1 remote prefix '10.0.2.0/24'
set vpn ipsec site-to-site peer VTI vti bind 'vti1'
`

function deviceOf(text: string, dialect: VyattaDialect = vyos14): Device {
  return readVyattaDevice(text, dialect).device
}

function tunnelOf(text: string, name = 'OLD', dialect: VyattaDialect = vyos14): DeviceTunnel {
  const tunnel = deviceOf(text, dialect).tunnels.find((one) => one.name === name)
  if (!tunnel) throw new Error(`no tunnel ${name}`)
  return tunnel
}

function rulesOf(text: string, dialect: VyattaDialect = vyos14): DeviceRule[] {
  return deviceOf(text, dialect).lists.flatMap(({ rules }) => rules)
}

function ruleOf(text: string, wanted: number): DeviceRule {
  const rule = rulesOf(text).find(({ number }) => number === wanted)
  if (!rule) throw new Error(`no rule ${wanted}`)
  return rule
}

describe('what people wrote by hand', () => {
  it('is read with what devices take for what is left out', () => {
    expect(tunnelOf(handWritten)).toMatchObject({
      local: { identity: '203.0.113.1' },
      versions: [2],
      lifetimes: { ike: 28_800, esp: 3600 },
      start: 'initiate',
    })
    expect(
      deviceOf(handWritten).lists.flatMap(({ name, rules }) =>
        rules.map(({ number, action, doubt }) => `${name} ${number} ${action.kind}${doubt ? '?' : ''}`),
      ),
    ).toEqual(['static destination 5 unknown?', 'static source 5 map?', 'destination 20 map', 'source 100 masquerade'])
  })

  it('offers every proposal by number, without those that are not known', () => {
    const first = { encryption: 'aes256', hash: 'sha256', dhGroup: 14 }
    const all = [first, { encryption: 'aes128', hash: 'sha1', dhGroup: 14 }]
    expect(tunnelOf(handWritten)).toMatchObject({ ike: [first], esp: all, isWhole: true })
    const line = "set vpn ipsec ike-group I proposal 2 encryption 'rot13'"
    const { tunnels, unread } = deviceOf(`${handWritten}${line}\n`)
    expect(tunnels[0]).toMatchObject({ ike: [first], isWhole: false })
    expect(tunnels[0]?.doubt).toBeUndefined()
    expect(unread).toMatchObject([{ line: 30, text: line, touches: 'tunnels', isPlaced: true }])
  })

  it.each<[string, string, Partial<DeviceTunnel>]>([
    ['an unknown hash of the first offer', "proposal 1 hash 'x'", { isWhole: false }],
    ['an unknown cipher of the first offer', "proposal 1 encryption 'x'", { isWhole: false }],
  ])('offers what is known with %s', (_, line, expected) => {
    const tunnel = tunnelOf(`${handWritten}set vpn ipsec esp-group E ${line}\n`)
    expect(tunnel).toMatchObject({ esp: [{ encryption: 'aes128', hash: 'sha1' }], ...expected })
    expect(tunnel.esp).toHaveLength(1)
    expect(tunnel.doubt).toBeUndefined()
  })

  it('offers nothing known where no hash is', () => {
    const lines = [1, 2].map((number) => `set vpn ipsec esp-group E proposal ${number} hash 'x'\n`).join('')
    expect(tunnelOf(handWritten + lines)).toMatchObject({ esp: [], isWhole: false })
  })

  it.each<[string, string, object]>([
    ['a port', "site-to-site peer OLD tunnel 1 local port '443'", { children: [{ only: { sourcePort: {} } }] }],
    ['PFS with a younger group', "esp-group E pfs 'dh-group31'", { esp: [{ dhGroup: 31 }, { dhGroup: 31 }] }],
    [
      'transport mode, which joins the gateways alone',
      "esp-group E mode 'transport'",
      { children: [{ local: { length: 32 }, remote: { length: 32 } }] },
    ],
  ])('is followed with %s', (_, line, expected) => {
    const tunnel = tunnelOf(`${handWritten}set vpn ipsec ${line}\n`)
    expect(tunnel).toMatchObject(expected)
    expect(tunnel.doubt).toBeUndefined()
  })

  it('knows where each thing begins, also in braces', () => {
    const tunnel = tunnelOf(handWritten)
    const things = [tunnel, tunnel.children[0], ruleOf(handWritten, 100), ruleOf(handWritten, 20)]
    expect(things.map((thing) => thing?.line)).toEqual([22, 27, 8, 3])
    const braces = 'nat {\n    source {\n        rule 7 {\n            exclude\n        }\n    }\n}\n'
    expect(ruleOf(braces, 7).line).toBe(3)
  })

  it('leaves in its place, in doubt, what is not whole', () => {
    expect(ruleOf(handWritten, 5).doubt).toMatchObject({ line: 13 })
    expect(tunnelOf(handWritten, 'VTI')).toMatchObject({ line: 29, ike: [], isWhole: false })
  })

  it('leaves open what a peer leaves open', () => {
    const name = 'vpn.example.net'
    const text = handWritten
      .replaceAll('peer OLD', `peer ${name}`)
      .replace("local-address '203.0.113.1'", 'local-address any')
      .replace(/^.*remote-address.*\n/m, `set vpn ipsec site-to-site peer ${name} authentication remote-id @far\n`)
    expect(tunnelOf(text, name, edgeos)).toMatchObject({
      local: { address: { kind: 'any' }, identity: undefined },
      remote: { address: { kind: 'host', name }, identity: '@far' },
    })
  })
})

describe('rules that people wrote by hand', () => {
  it.each<[string, object[] | undefined]>([
    ['443', [{ first: 443, last: 443 }]],
    [
      '80,https',
      [
        { first: 80, last: 80 },
        { first: 443, last: 443 },
      ],
    ],
    ['1000-2000', [{ first: 1000, last: 2000 }]],
    [
      '!22',
      [
        { first: 0, last: 21 },
        { first: 23, last: 65_535 },
      ],
    ],
    ['gopher', undefined],
    ['2000-1000', undefined],
    ['70000', undefined],
    ['443,', undefined],
  ])('ask for the port %s', (port, expected) => {
    const rule = ruleOf(handWritten.replace("port '443'", `port '${port}'`), 20)
    expect(rule.match.destinationPort?.ranges).toEqual(expected)
    expect(rule.doubt?.line).toBe(expected ? undefined : 4)
  })

  it('translate ports, and name protocols by number', () => {
    const more = "set nat destination rule 20 translation port '8443'\n"
    const rule = ruleOf(`${handWritten.replace("protocol 'tcp'", "protocol '6'")}${more}`, 20)
    expect(rule.match.protocol?.ranges).toEqual([{ first: 6, last: 6 }])
    expect(rule.action).toMatchObject({ kind: 'map', ports: { first: 8443, last: 8443 } })
  })

  const groups = [
    'set firewall group network-group LANS network 10.1.0.0/24',
    'set firewall group network-group LANS network 10.2.0.0/24',
    'set firewall group address-group MORE include LANS',
    'set firewall group interface-group WAN interface eth0',
    '',
  ].join('\n')
  const grouped = (leaf: string) => ruleOf(`${groups}set nat source rule 7 ${leaf}\nset nat source rule 7 exclude\n`, 7)

  it('take the members of groups', () => {
    const { match, doubt } = grouped('source group network-group LANS')
    expect(match.source?.ranges).toEqual([
      { first: 0x0a_01_00_00, last: 0x0a_01_00_ff },
      { first: 0x0a_02_00_00, last: 0x0a_02_00_ff },
    ])
    expect(doubt).toBeUndefined()
    expect(grouped('source group network-group !LANS').match.source?.has(0x0a_01_00_01)).toBe(false)
    expect(grouped('source group network-group !LANS').match.source?.has(0x0a_03_00_01)).toBe(true)
    expect(grouped('outbound-interface group WAN').match.out).toEqual({ names: ['eth0'], negated: false })
    expect(grouped('outbound-interface group !WAN').match.out).toEqual({ names: ['eth0'], negated: true })
  })

  it.each([
    ['that is not there', 'source group network-group NONE'],
    ['that includes another of another kind', 'source group address-group MORE'],
    ['of interfaces that is not there', 'outbound-interface group NONE'],
  ])('are in doubt with a group %s', (_, leaf) => {
    expect(grouped(leaf).doubt?.what).toContain(leaf)
  })

  it('are for all interfaces or protocols but one', () => {
    const text = handWritten
      .replace("name 'eth0'\nset nat source rule 100 s", "name '!eth7'\nset nat source rule 100 s")
      .replace("protocol 'tcp'", "protocol '!UDP'")
    expect(ruleOf(text, 100).match.out).toEqual({ names: ['eth7'], negated: true })
    expect(ruleOf(text, 20).match.protocol?.has(17)).toBe(false)
    expect(ruleOf(text, 20).match.protocol?.has(6)).toBe(true)
    expect([ruleOf(text, 100).doubt, ruleOf(text, 20).doubt]).toEqual([undefined, undefined])
  })

  it('use their numbers also where they are switched off or left out', () => {
    expect(deviceOf(handWritten).usedNumbers.map(({ direction, number }) => `${direction} ${number}`)).toEqual([
      'source 100',
      'source 110',
      'destination 20',
    ])
  })

  it('are of every type in a config.boot of EdgeOS', () => {
    const text = `service {
    nat {
        rule 15 {
            type destination
            inbound-interface eth0
            destination {
                address 10.1.65.0/24
            }
            inside-address {
                address 10.0.0.0/24
            }
        }
        rule 5100 {
            description "masquerade for WAN"
            log disable
            outbound-interface eth0
            protocol all
            type masquerade
        }
    }
}
`
    expect(deviceOf(text, edgeos).unread).toEqual([])
    expect(rulesOf(text, edgeos)).toMatchObject([
      { number: 15, line: 3, action: { kind: 'map' }, match: { in: { names: ['eth0'] } } },
      { number: 5100, line: 13, action: { kind: 'masquerade' }, match: { out: { names: ['eth0'] } } },
    ])
  })

  it('are for single hosts and ranges on the 5600', () => {
    const rule = 'set service nat source rule'
    const rules = rulesOf(
      `${rule} 10 outbound-interface 'vfp0'
${rule} 10 source address '10.177.137.251'
${rule} 10 translation address '172.16.200.2'
${rule} 20 outbound-interface 'vfp0'
${rule} 20 source address '!10.0.0.1-10.0.0.9'
${rule} 20 translation address '172.16.200.2-172.16.200.5'`,
      vyatta5600,
    )
    expect(rules.map(({ number, action, doubt }) => [number, action.kind, doubt])).toEqual([
      [10, 'map', undefined],
      [20, 'pool', undefined],
    ])
    expect(rules[0]?.action.kind === 'map' && `${rules[0].action.to}`).toBe('172.16.200.2/32')
    expect(rules[1]?.match.source?.has(0x0a_00_00_05)).toBe(false)
    expect(rules[1]?.match.source?.has(0x0a_00_00_0a)).toBe(true)
  })
})

describe('keys and names', () => {
  it.each([
    ['masked', '********', undefined],
    ['made anonymous', 'xxxxxx', undefined],
    ['hexadecimal', '0x616263', undefined],
    ['shown', 'EXAMPLE-ONLY_0123.abcdef', 'EXAMPLE-ONLY_0123.abcdef'],
  ])('a key that is %s', (_, text, key) => {
    const peer = 'set vpn ipsec site-to-site peer 198.51.100.1'
    const older = `${handWritten.replaceAll('peer OLD', 'peer 198.51.100.1')}${peer} authentication pre-shared-secret '${text}'\n`
    expect(readVyattaDevice(older, vyos13).keys.get('198.51.100.1')?.reveal()).toBe(key)
    const psk = 'set vpn ipsec authentication psk'
    const newer = `${handWritten}${psk} other id 192.0.2.1\n${psk} other secret wrong\n${psk} own id 198.51.100.1\n${psk} own secret '${text}'\n`
    expect(readVyattaDevice(newer, vyos14).keys.get('OLD')?.reveal()).toBe(key)
    expect(readVyattaDevice(`${newer}${psk} own secret-type base64\n`, vyos14).keys.get('OLD')).toBeUndefined()
  })

  it('every peer has a name of its own', () => {
    const names = (text: string) => deviceOf(text).tunnels.flatMap(({ name }) => (name === 'VTI' ? [] : [name]))
    const shared = handWritten
      .replaceAll('ike-group I', 'ike-group natplan-far')
      .replaceAll("ike-group 'I'", "ike-group 'natplan-far'")
    expect(names(shared)).toEqual(['far'])
    expect(names(`${shared}${shared.replaceAll('peer OLD', 'peer far')}`)).toEqual(['OLD', 'far'])
    const two = `${shared}${shared.replaceAll('peer OLD', 'peer NEW')}`
    const described = "set vpn ipsec site-to-site peer NEW description 'natplan: here to far'\n"
    expect(names(two)).toEqual(['NEW', 'OLD'])
    expect(names(two + described)).toEqual(['OLD', 'far'])
  })

  it.each([vyos14, vyos13, edgeos])('no key is shown, whatever is not understood ($platform)', (dialect) => {
    const peer = 'set vpn ipsec site-to-site peer 192.0.2.1 authentication'
    const read = readVyattaDevice(
      `${peer} pre-shared-secret EXAMPLE-ONLY-0123\n${peer} x509 key password 'EXAMPLE-ONLY-4567'\n${peer} other-secret 'EXAMPLE-ONLY-89'\n`,
      dialect,
    )
    expect(JSON.stringify({ ...read, keys: [...read.keys] })).not.toContain('EXAMPLE')
    expect(read.device.tunnels[0]?.doubt).toBeDefined()
  })
})

describe('interfaces and ways that people wrote by hand', () => {
  it('all addresses in use are known', () => {
    const { interfaces } = deviceOf(
      `set interfaces ethernet eth0 address dhcp
set interfaces ethernet eth1 address 10.0.0.1/24
set interfaces ethernet eth1 address 2001:db8::1/64
set interfaces ethernet eth1 vif 100 address 10.100.0.1/24
set interfaces ethernet eth1 vif-s 7 vif-c 8 address 10.78.0.1/24
set interfaces ethernet eth2 disable
set interfaces ethernet eth2 address 10.2.0.1/24
set interfaces bonding dp0bond1 vrrp vrrp-group 1 virtual-address 203.0.113.9
set interfaces loopback lo address 10.255.0.1/32
set interfaces vti vti0 address 169.254.0.1/30
set high-availability vrrp group LAN interface eth1
set high-availability vrrp group LAN address 10.0.0.254/24
`,
    )
    const known = interfaces.flatMap(({ name, addresses }) =>
      addresses.map((one) => (one.kind === 'known' ? `${name} ${one.address} ${one.network}` : `${name} ?`)),
    )
    expect(known).toEqual([
      'eth0 ?',
      'eth1 10.0.0.1 10.0.0.0/24',
      'eth1 2001:db8::1 2001:db8::/64',
      'eth1 10.0.0.254 10.0.0.0/24',
      'eth1.100 10.100.0.1 10.100.0.0/24',
      'eth1.7.8 10.78.0.1 10.78.0.0/24',
      'dp0bond1 203.0.113.9 203.0.113.9/32',
      'lo 10.255.0.1 10.255.0.1/32',
      'vti0 169.254.0.1 169.254.0.0/30',
    ])
  })

  const bound = 'set policy route LAN interface eth1\n'
  it.each<[string, string, VyattaDialect, number]>([
    ['a policy route', `${bound}set policy route LAN rule 10 set table 10`, vyos14, 1],
    ['one that is bound nowhere', 'set policy route LAN rule 10 set table 10', vyos14, 0],
    ['one of the local system', 'set policy local-route rule 10 set table 10', vyos14, 1],
    [
      'one on 5600',
      'set interfaces dataplane dp0s3 policy route pbr LAN\nset policy route pbr LAN rule 10 table 10',
      vyatta5600,
      1,
    ],
    [
      'one on EdgeOS',
      'set interfaces ethernet eth1 firewall in modify LAN\nset firewall modify LAN rule 10 modify lb-group G',
      edgeos,
      1,
    ],
    ['load balancing without a rule', 'set load-balancing wan interface-health eth0 nexthop dhcp', vyos14, 0],
    [
      'load balancing',
      'set load-balancing wan rule 1 inbound-interface eth1\nset load-balancing wan rule 1 interface eth0 weight 1',
      vyos14,
      1,
    ],
    ['a segment size in a policy route', `${bound}set policy route LAN rule 10 set tcp-mss 1360`, vyos14, 0],
    [
      'a policy route that is off',
      `${bound}set policy route LAN rule 1 set table 9\nset policy route LAN rule 1 disable`,
      vyos14,
      0,
    ],
    ['a route map', 'set policy route-map M rule 10 set table 10', vyos14, 0],
  ])('packets are sent round the routes by %s', (_, text, dialect, count) => {
    const { steering, unread } = deviceOf(text, dialect)
    expect(steering).toHaveLength(count)
    expect(unread).toEqual([])
  })

  it('an interface in a VRF has the table of that', () => {
    expect(deviceOf('set vrf name red table 100\nset interfaces ethernet eth1 vrf red\n').interfaces[0]?.table).toBe(
      '100',
    )
    expect(deviceOf('set interfaces ethernet eth1 vrf red\n').interfaces[0]?.table).not.toBe('main')
  })
})
