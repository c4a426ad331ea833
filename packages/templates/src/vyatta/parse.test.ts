import { describe, expect, it } from 'vitest'
import { dialect as edgeos } from '../platforms/edgeos/view.ts'
import { dialect as vyatta5600 } from '../platforms/vyatta-5600/view.ts'
import { dialect as vyos13 } from '../platforms/vyos-1.3/view.ts'
import { dialect as vyos14 } from '../platforms/vyos-1.4/view.ts'
import { parseVyatta } from './parse.ts'
import { readConfig } from './read-config.ts'
import { splitWords } from './split-words.ts'

describe('splitWords', () => {
  it.each([
    ["set a 'b c' d", ['set', 'a', 'b c', 'd']],
    ['set a "b \\" \\\\ c"', ['set', 'a', 'b " \\ c']],
    ["set 'a' 'b'", ['set', 'a', 'b']],
    ["set a ''", ['set', 'a', '']],
    ["set a 'not closed", ['set', 'a', 'not closed']],
    ['  a\tb\r', ['a', 'b']],
  ])('%j', (line, words) => {
    expect(splitWords(line).map(({ text }) => text)).toEqual(words)
  })
})

describe('readConfig', () => {
  it('reads braces, comments, values with braces in quotes, and blocks on one line', () => {
    const { root } = readConfig(`/* a comment
   over two lines */
interfaces {
    ethernet eth0 {
        address 10.0.0.1/24
        address 10.0.0.2/24
        description "the { inside }"
        disable
    }
    loopback lo { }
}
// vyos-config-version: "..."
`)
    expect(root.values('interfaces', 'ethernet', 'eth0', 'address')).toEqual(['10.0.0.1/24', '10.0.0.2/24'])
    expect(root.value('interfaces', 'ethernet', 'eth0', 'description')).toBe('the { inside }')
    expect(root.flag('interfaces', 'ethernet', 'eth0', 'disable')).toBe(true)
    expect(root.at('interfaces', 'loopback', 'lo')?.isEmpty).toBe(true)
  })
})

describe('a file that is made to break the reader', () => {
  it.each([
    ['a line of very many words', `set nat ${'a '.repeat(200_000)}`],
    ['very many open braces', `nat {\n${'a {\n'.repeat(200_000)}`],
    ['very many closing braces', '}\n'.repeat(200_000)],
    [
      'names of JavaScript',
      'set nat source rule __proto__ constructor toString\nset vpn ipsec site-to-site peer __proto__ x',
    ],
    ['a comment that never ends', '/* nat {\nset nat source rule 1 exclude'],
  ])('%s', (_, text) => {
    expect(parseVyatta(text, vyos14).policy.nat).toEqual([])
  })
})

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

describe('parseVyatta', () => {
  const parsed = parseVyatta(handWritten, vyos14)

  it('reads what people wrote by hand, with what devices take for what is left out', () => {
    expect(parsed.policy.tunnels).toMatchObject([
      {
        peer: 'OLD',
        local: { identity: '203.0.113.1' },
        ike: { version: 2, encryption: 'aes256', hash: 'sha256', dhGroup: 14, lifetime: 28_800 },
        esp: { encryption: 'aes256', hash: 'sha256', dhGroup: 14, lifetime: 3600 },
        start: 'initiate',
      },
    ])
    expect(parsed.policy.nat.map(({ direction, number, action }) => `${direction} ${number} ${action.kind}`)).toEqual([
      'source 100 masquerade',
      'destination 20 map',
    ])
  })

  it('gives every offer by number, without those that it does not know', () => {
    expect(parsed.proposals.get('OLD')).toEqual({
      ike: [{ encryption: 'aes256', hash: 'sha256', dhGroup: 14 }],
      esp: [
        { encryption: 'aes256', hash: 'sha256', dhGroup: 14 },
        { encryption: 'aes128', hash: 'sha1', dhGroup: 14 },
      ],
      isWhole: true,
    })
    const line = "set vpn ipsec ike-group I proposal 2 encryption 'chacha20poly1305'"
    const { proposals, notUnderstood } = parseVyatta(`${handWritten}${line}\n`, vyos14)
    expect(proposals.get('OLD')).toMatchObject({ ike: [{ encryption: 'aes256' }], isWhole: false })
    expect(notUnderstood.map(({ text }) => text)).toContain(line)
  })

  it('knows where each thing begins, also in the brace form', () => {
    const lineOf = ({ lines }: typeof parsed, thing: object | undefined) => lines.get(thing ?? {})
    const things = ({ policy: { tunnels, nat } }: typeof parsed) => [tunnels[0], tunnels[0]?.selectors[0], ...nat]
    expect(things(parsed).map((thing) => lineOf(parsed, thing))).toEqual([22, 27, 8, 3])
    const braces = parseVyatta(
      'nat {\n    source {\n        rule 7 {\n            exclude\n        }\n    }\n}\n',
      vyos14,
    )
    expect(lineOf(braces, braces.policy.nat[0])).toBe(3)
  })

  it('returns with its line what it does not understand, a rule as a whole', () => {
    const lines = parsed.notUnderstood.map(({ line, text }) => `${line} ${text}`)
    expect(lines).toEqual([
      "13 set nat static rule 5 destination address '192.168.1.0/24'",
      "29 set vpn ipsec site-to-site peer VTI vti bind 'vti1'",
    ])
    expect(parsed.findings.map(({ code, place }) => [code, place.line])).toEqual([['CONFIG_TUNNEL_INCOMPLETE', 29]])
  })

  it.each([
    ['a port', "set vpn ipsec site-to-site peer OLD tunnel 1 local port '443'"],
    ['an unknown PFS group', "set vpn ipsec esp-group E pfs 'dh-group31'"],
    [
      'no known ESP hash',
      "set vpn ipsec esp-group E proposal 1 hash 'x'\nset vpn ipsec esp-group E proposal 2 hash 'x'",
    ],
    ['transport mode', "set vpn ipsec esp-group E mode 'transport'"],
  ])('does not compare a tunnel with %s', (_, line) => {
    const { policy, findings } = parseVyatta(`${handWritten}${line}\n`, vyos14)
    expect(policy.tunnels).toEqual([])
    expect(findings.map(({ code }) => code)).toContain('CONFIG_TUNNEL_INCOMPLETE')
  })

  it('offers what it knows where the first offer is unknown', () => {
    const { policy, proposals } = parseVyatta(`${handWritten}set vpn ipsec esp-group E proposal 1 hash 'x'\n`, vyos14)
    expect(policy.tunnels).toMatchObject([{ esp: { encryption: 'aes128', hash: 'sha1' } }])
    expect(proposals.get('OLD')?.isWhole).toBe(false)
  })

  it.each([
    ['443', { ranges: [{ first: 443, last: 443 }], negated: false }],
    [
      '80,https',
      {
        ranges: [
          { first: 80, last: 80 },
          { first: 443, last: 443 },
        ],
        negated: false,
      },
    ],
    ['1000-2000', { ranges: [{ first: 1000, last: 2000 }], negated: false }],
    ['!22', { ranges: [{ first: 22, last: 22 }], negated: true }],
    ['gopher', undefined],
    ['2000-1000', undefined],
    ['70000', undefined],
    ['443,', undefined],
  ])('reads the port %s', (text, destination) => {
    const { policy, notUnderstood } = parseVyatta(handWritten.replace("port '443'", `port '${text}'`), vyos14)
    const rule = policy.nat.find(({ number }) => number === 20)
    expect(rule?.ports?.destination).toEqual(destination)
    expect(notUnderstood.some(({ text: line }) => line.includes('rule 20'))).toBe(destination === undefined)
  })

  it('reads translated ports, and protocols by number', () => {
    const more = "set nat destination rule 20 translation port '8443'\n"
    const rule = parseVyatta(`${handWritten.replace("protocol 'tcp'", "protocol '6'")}${more}`, vyos14).policy.nat.at(
      -1,
    )
    expect(rule).toMatchObject({ protocol: 'tcp', action: { kind: 'map', ports: { first: 8443, last: 8443 } } })
  })

  it('takes the members of groups, and leaves a rule alone that names one it does not know', () => {
    const rule = 'set nat source rule 7'
    const group = (kind: string, name: string) => `${rule} source group ${kind} ${name}\n${rule} exclude\n`
    const groups = [
      'set firewall group network-group LANS network 10.1.0.0/24',
      'set firewall group network-group LANS network 10.2.0.0/24',
      'set firewall group address-group MORE include LANS',
      '',
    ].join('\n')
    const sources = (text: string) =>
      parseVyatta(`${groups}${text}`, vyos14).policy.nat.map(
        ({ number, source }) => `${number} ${source?.kind === 'prefix' && source.prefix}`,
      )
    expect(sources(group('network-group', 'LANS'))).toEqual(['7 10.1.0.0/24', '7 10.2.0.0/24'])
    expect(sources(group('address-group', 'MORE'))).toEqual([])
    expect(sources(group('network-group', 'NONE'))).toEqual([])
    expect(sources(group('network-group', '!LANS'))).toEqual([])
    const map = `${rule} source group network-group LANS\n${rule} translation address 192.168.0.0/24\n`
    expect(sources(map)).toEqual([])
  })

  it('takes the members of a group of interfaces, and leaves a rule alone that names one it does not know', () => {
    const group = 'set firewall group interface-group WAN interface eth0\n'
    const rule = 'set nat source rule 7 outbound-interface group WAN\nset nat source rule 7 exclude\n'
    const interfaces = (text: string) => parseVyatta(text, vyos14).policy.nat.map((one) => one.interface)
    expect(interfaces(`${group}${rule}`)).toEqual(['eth0'])
    expect(interfaces(`${group}${group.replace('eth0', 'eth2')}${rule}`)).toEqual(['eth0', 'eth2'])
    expect(interfaces(rule)).toEqual([])
    expect(interfaces(`${group}${rule.replace('WAN', '!WAN')}`)).toEqual([])
  })

  it('keeps all pairs of a peer with several ESP groups, and says where they differ', () => {
    const tunnel = 'set vpn ipsec site-to-site peer OLD tunnel 2'
    const second = [
      'set vpn ipsec esp-group F proposal 1 encryption aes128',
      `${tunnel} esp-group F`,
      `${tunnel} local prefix 10.0.3.0/24`,
      `${tunnel} remote prefix 10.0.4.0/24`,
      '',
    ].join('\n')
    const { policy, notUnderstood } = parseVyatta(handWritten + second, vyos14)
    expect(policy.tunnels).toMatchObject([{ selectors: [{ number: 1 }, { number: 2 }], esp: { encryption: 'aes256' } }])
    expect(notUnderstood.map(({ text }) => text)).toContain(`${tunnel} esp-group F`)
  })

  it('leaves open what a peer leaves open', () => {
    const peer = 'set vpn ipsec site-to-site peer vpn.example.net'
    const { policy } = parseVyatta(
      handWritten
        .replaceAll('peer OLD', 'peer vpn.example.net')
        .replace("local-address '203.0.113.1'", 'local-address any')
        .replace(/^.*remote-address.*\n/m, `${peer} authentication remote-id @far\n`),
      edgeos,
    )
    expect(JSON.parse(JSON.stringify(policy.tunnels))).toMatchObject([
      { local: { address: '0.0.0.0', identity: '%any' }, remote: { address: '0.0.0.0', identity: '@far' } },
    ])
  })

  it.each([
    ['masked', '********', undefined],
    ['made anonymous', 'xxxxxx', undefined],
    ['hexadecimal', '0x616263', undefined],
    ['shown', 'Xk39-example_PSK.7Qz', 'Xk39-example_PSK.7Qz'],
  ])('gives a key that is %s', (_, text, key) => {
    const older = `${handWritten.replaceAll('peer OLD', 'peer 198.51.100.1')}set vpn ipsec site-to-site peer 198.51.100.1 authentication pre-shared-secret '${text}'\n`
    expect(parseVyatta(older, vyos13).keys.get('198.51.100.1')?.reveal()).toBe(key)
    const psk = 'set vpn ipsec authentication psk'
    const newer = `${handWritten}${psk} other id 192.0.2.1\n${psk} other secret wrong\n${psk} own id 198.51.100.1\n${psk} own secret '${text}'\n`
    expect(parseVyatta(newer, vyos14).keys.get('OLD')?.reveal()).toBe(key)
    expect(parseVyatta(`${newer}${psk} own secret-type base64\n`, vyos14).keys.get('OLD')).toBeUndefined()
  })

  it('gives every peer a name of its own', () => {
    const shared = handWritten
      .replaceAll('ike-group I', 'ike-group natplan-far')
      .replaceAll("ike-group 'I'", "ike-group 'natplan-far'")
    const text = `${shared}${shared.replaceAll('peer OLD', 'peer far')}`
    expect(parseVyatta(shared, vyos14).policy.tunnels.map(({ peer }) => peer)).toEqual(['far'])
    expect(parseVyatta(text, vyos14).policy.tunnels.map(({ peer }) => peer)).toEqual(['OLD', 'far'])
    const two = `${shared}${shared.replaceAll('peer OLD', 'peer NEW')}`
    const described = "set vpn ipsec site-to-site peer NEW description 'natplan: here to far'\n"
    expect(parseVyatta(two, vyos14).policy.tunnels.map(({ peer }) => peer)).toEqual(['NEW', 'OLD'])
    expect(parseVyatta(two + described, vyos14).policy.tunnels.map(({ peer }) => peer)).toEqual(['OLD', 'far'])
  })

  it('gives the addresses of all interfaces in use', () => {
    const { addresses } = parseVyatta(
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
      vyos14,
    )
    expect(addresses.map(({ interface: name, address, prefix }) => `${name} ${address} ${prefix}`)).toEqual([
      'eth1 10.0.0.1 10.0.0.0/24',
      'eth1 2001:db8::1 2001:db8::/64',
      'eth1.100 10.100.0.1 10.100.0.0/24',
      'eth1.7.8 10.78.0.1 10.78.0.0/24',
      'dp0bond1 203.0.113.9 203.0.113.9/32',
      'lo 10.255.0.1 10.255.0.1/32',
      'vti0 169.254.0.1 169.254.0.0/30',
      'eth1 10.0.0.254 10.0.0.0/24',
    ])
  })

  it('reads rules for all interfaces or protocols but one', () => {
    const { policy, notUnderstood } = parseVyatta(
      handWritten
        .replace("name 'eth0'\nset nat source rule 100 s", "name '!eth7'\nset nat source rule 100 s")
        .replace("protocol 'tcp'", "protocol '!UDP'"),
      vyos14,
    )
    expect(policy.nat).toMatchObject([{ interface: '!eth7' }, { protocol: '!udp' }])
    expect(notUnderstood.filter(({ text }) => /rule (100|20)/.test(text))).toEqual([])
  })

  it('knows all numbers in use, also of rules that it leaves out', () => {
    expect(parsed.usedNumbers?.map(({ direction, number }) => `${direction} ${number}`)).toEqual([
      'source 100',
      'source 110',
      'destination 20',
    ])
  })

  it('shows no key, whatever it does not understand', () => {
    const text = [
      'set vpn ipsec site-to-site peer 192.0.2.1 authentication pre-shared-secret hunter2hunter2',
      "set vpn ipsec site-to-site peer 192.0.2.1 authentication x509 key password 'hunter2'",
    ].join('\n')
    for (const dialect of [vyos14, vyos13, edgeos]) {
      const parsed = parseVyatta(text, dialect)
      expect(JSON.stringify({ ...parsed, keys: [...parsed.keys] })).not.toContain('hunter2')
    }
  })

  it.each([
    ['a policy route', 'set policy route LAN rule 10 set table 10', vyos14, 1],
    ['one of the local system', 'set policy local-route rule 10 set table 10', vyos14, 1],
    ['one on 5600', 'set policy route pbr LAN rule 10 table 10', vyatta5600, 1],
    ['one on EdgeOS', 'set firewall modify LAN rule 10 modify lb-group G', edgeos, 1],
    ['load balancing', 'set load-balancing wan interface-health eth0 nexthop dhcp', vyos14, 1],
    ['a VRF', 'set interfaces ethernet eth1 vrf red', vyos14, 1],
    ['a segment size in a policy route', 'set policy route LAN rule 10 set tcp-mss 1360', vyos14, 0],
    [
      'a policy route that is off',
      'set policy route L rule 1 set table 9\nset policy route L rule 1 disable',
      vyos14,
      0,
    ],
    ['a route map', 'set policy route-map M rule 10 set table 10', vyos14, 0],
  ] as const)('names lines that send packets round the routes: %s', (_, text, dialect, count) => {
    expect(parseVyatta(text, dialect).notUnderstood).toHaveLength(count)
  })

  it('puts what a tunnel is excluded from in front of all rules where the device does', () => {
    const switched = (word: string) =>
      parseVyatta(`${handWritten}set vpn ipsec auto-firewall-nat-exclude ${word}\n`, edgeos).policy
    const tunnel = switched('enable').tunnels[0]?.selectors[0]
    const first = switched('enable').nat[0]
    expect(first).toMatchObject({ direction: 'source', number: 0, action: { kind: 'exempt' } })
    expect(first?.source).toMatchObject({ prefix: tunnel?.local })
    expect(first?.destination).toMatchObject({ prefix: tunnel?.remote })
    expect(switched('disable').nat.some(({ number }) => number === 0)).toBe(false)
  })

  it('reads EdgeOS rules of every type out of config.boot', () => {
    const { policy, notUnderstood } = parseVyatta(
      `service {
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
`,
      edgeos,
    )
    expect(notUnderstood).toEqual([])
    expect(policy.nat.map(({ direction, number, action }) => `${direction} ${number} ${action.kind}`)).toEqual([
      'source 5100 masquerade',
      'destination 15 map',
    ])
  })

  it('reads single hosts and ranges on 5600', () => {
    const { policy } = parseVyatta(
      `set service nat source rule 10 outbound-interface 'vfp0'
set service nat source rule 10 source address '10.177.137.251'
set service nat source rule 10 translation address '172.16.200.2'
set service nat source rule 20 outbound-interface 'vfp0'
set service nat source rule 20 source address '!10.0.0.1-10.0.0.9'
set service nat source rule 20 translation address '172.16.200.2-172.16.200.5'`,
      vyatta5600,
    )
    expect(policy.nat).toMatchObject([
      { number: 10, action: { kind: 'map' } },
      { number: 20, source: { kind: 'range', negated: true }, action: { kind: 'pool' } },
    ])
    expect(String(policy.nat[0]?.action.kind === 'map' && policy.nat[0].action.to)).toBe('172.16.200.2/32')
  })
})
