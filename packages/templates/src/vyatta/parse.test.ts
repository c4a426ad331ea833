import { describe, expect, it } from 'vitest'
import { dialect as edgeos } from '../platforms/edgeos/view.ts'
import { dialect as vyatta5600 } from '../platforms/vyatta-5600/view.ts'
import { dialect as vyos13 } from '../platforms/vyos-1.3/view.ts'
import { dialect as vyos14 } from '../platforms/vyos-1.4/view.ts'
import { readConfig } from './config-tree.ts'
import { parseVyatta } from './parse.ts'
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
    const root = readConfig(`/* a comment
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
    ])
  })

  it('returns with its line what it does not understand, a rule as a whole', () => {
    const lines = parsed.notUnderstood.map(({ line, text }) => `${line} ${text}`)
    expect(lines).toEqual([
      "3 set nat destination rule 20 destination address '203.0.113.1'",
      "4 set nat destination rule 20 destination port '443'",
      "5 set nat destination rule 20 inbound-interface name 'eth0'",
      "6 set nat destination rule 20 protocol 'tcp'",
      "7 set nat destination rule 20 translation address '10.0.1.9'",
      "13 set nat static rule 5 destination address '192.168.1.0/24'",
      "17 set vpn ipsec esp-group E proposal 2 encryption 'aes128'",
      "29 set vpn ipsec site-to-site peer VTI vti bind 'vti1'",
    ])
    expect(parsed.findings.map(({ code, place }) => [code, place.line])).toEqual([['CONFIG_TUNNEL_INCOMPLETE', 29]])
  })

  it.each([
    ['a port', "set vpn ipsec site-to-site peer OLD tunnel 1 local port '443'"],
    ['an unknown PFS group', "set vpn ipsec esp-group E pfs 'dh-group31'"],
    ['an unknown ESP hash', "set vpn ipsec esp-group E proposal 1 hash 'aesxcbc'"],
  ])('does not compare a tunnel with %s', (_, line) => {
    const { policy, findings } = parseVyatta(`${handWritten}${line}\n`, vyos14)
    expect(policy.tunnels).toEqual([])
    expect(findings.map(({ code }) => code)).toContain('CONFIG_TUNNEL_INCOMPLETE')
  })

  it('does not understand a rule for all interfaces but one', () => {
    const { policy, notUnderstood } = parseVyatta(
      handWritten.replace("name 'eth0'\nset nat source rule 100 s", "name '!eth7'\nset nat source rule 100 s"),
      vyos14,
    )
    expect(policy.nat).toEqual([])
    expect(notUnderstood.filter(({ text }) => text.includes('source rule 100'))).toHaveLength(3)
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
      expect(JSON.stringify(parseVyatta(text, dialect))).not.toContain('hunter2')
    }
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
