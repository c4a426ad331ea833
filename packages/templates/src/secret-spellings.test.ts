import { describe, expect, it } from 'vitest'
import { measured } from '../../../test/support/cost.ts'
import { spellings, valuesOf, withSecret } from '../../../test/support/secret-spellings.ts'
import { linesInSecrets } from './secret-blocks.ts'
import { shownLine, withoutSecrets } from './shown-line.ts'
import { eachLine } from './text-lines.ts'

const key = 'kEy7exampleONLYnotREAL9z'

const lookalikes: readonly string[] = [
  "set vpn ipsec ike-group I key-exchange 'ikev2'",
  'ike-group I { key-exchange ikev2 }',
  'key-exchange ikev2',
  'key-exchange=ikev2',
  'key-exchange: ikev2',
  'KEY_EXCHANGE=ikev2',
  '"key-exchange": "ikev2",',
  'ike-key-exchange-mode main',
  'set vpn ipsec ike-group key key-exchange ikev2',
  'set vpn ipsec ike-group secret key-exchange ikev2',
  'keyexchange=ikev2',
  'keyexchange = ikev2',
  'keyingtries=1',
  'keyingtries = %forever',
  'rekey = no',
  'rekey=yes',
  'rekey_time = 4h',
  'keylife=60m',
  'rekeymargin = 9m',
  'ikelifetime=8h',
  'authby=secret',
  'authby = psk # as before',
  'authby=secret type=tunnel',
  'auth = psk',
  'leftauth=psk',
  'mode: pre-shared-secret',
  '{"mode": "pre-shared-secret", "id": "x"}',
  'authentication { mode pre-shared-secret }',
  'set vpn ipsec site-to-site peer P authentication mode pre-shared-secret',
  "set vpn ipsec site-to-site peer P authentication mode 'rsa'",
  'set vpn ipsec site-to-site peer P authentication key-exchange ikev2',
  'set vpn ipsec authentication psk P secret-type plaintext',
  'set vpn ipsec authentication psk P id 192.0.2.1',
  'set vpn ipsec authentication psk P dhcp-interface eth0',
  'set vpn ipsec site-to-site peer secret ike-group I',
  'set vpn ipsec site-to-site peer shared ike-group I',
  'set vpn ipsec site-to-site peer psk tunnel 1 local prefix 10.0.0.0/24',
  'set vpn ipsec site-to-site peer P ike-group secret',
  'set vpn ipsec site-to-site peer P default-esp-group shared',
  'set vpn ipsec site-to-site peer P x509 key file /config/auth/gw.key',
  'key-file /config/auth/gw.key',
  'key-file gw.pem',
  'set interfaces openvpn vtun0 shared-secret-key-file /config/auth/vpn',
  'set interfaces wireguard wg0 peer P public-key x',
  'set interfaces wireguard wg0 peer P public-key 4yO2Zb1nqDVEzWVJv0WTyF8xDGuDpFd5T0rVkkCHxmI=',
  'PublicKey = 4yO2Zb1nqDVEzWVJv0WTyF8xDGuDpFd5T0rVkkCHxmI=',
  'set pki ca X public key x',
  'trusted-key x',
  'trusted-keys { 20326 }',
  'key-size 256',
  'key size 256',
  'key-id 5',
  'key-type rsa',
  'key-length 2048',
  'ssh-key-algorithms x',
  'set interfaces tunnel tun0 parameters ip key 10',
  'set policy route-map M rule 1 set community 65000:1',
  'set policy route-map M rule 1 set community add 65000:1',
  'set policy route-map M rule 1 match community community-list L',
  'set policy community-list 10 rule 1 regex 65000:.*',
  'set policy large-community-list L rule 1 action permit',
  'set protocols bgp neighbor 192.0.2.1 address-family ipv4-unicast attribute-unchanged',
  'neighbor 192.0.2.1 send-community both',
  'community 65000:1',
  'community no-export',
  'preSharedKey: { env: NATPLAN_PSK }',
  'pre-shared-key: { env: NATPLAN_PSK }',
  'tunnels: [{ sites: [a, b], preSharedKey: { env: NATPLAN_PSK } }]',
  'preSharedKey: { file: keys/a-b }',
  "set nat source rule 10 description 'the secret tunnel to the key server'",
  'set nat source rule 10 description "password of nobody"',
  'set nat source rule 10 description the secret tunnel',
  'description "pre-shared-secret of the cloud"',
  'description secret',
  '"description": "the secret key", "mode": "x"',
  'add rule ip nat postrouting oifname "eth0" comment "the key thing" masquerade',
  '-A FORWARD -m comment --comment "psk tunnel" -j ACCEPT',
  'set firewall group address-group shared-net address 192.0.2.1',
  'set firewall group address-group secret address 192.0.2.1',
  'set firewall group network-group shared network 192.0.2.0/24',
  'set firewall name secret default-action drop',
  'set firewall name secret rule 1 action accept',
  'set zone-policy zone secret interface eth0',
  'set interfaces ethernet eth0 firewall in name secret',
  'set service dhcp-server shared-network-name LAN subnet 192.0.2.0/24 lease 86400',
  'set service dhcp-server shared-network-name secret subnet 192.0.2.0/24 lease 86400',
  'shared-network LAN {',
  'proto shared',
  'token-ring x',
  'password-authentication no',
  'PasswordAuthentication no',
  'set service ssh disable-password-authentication',
  'set system login banner post-login "no password here"',
  'secrets {',
  'secret {',
  '"secret": {',
  'psk: {',
  'keys id X {',
  'no password',
  'jump secret',
  'chain psk {',
  'table ip secret {',
  'conn secret',
  'define secret = 192.0.2.1',
  'ip rule add fwmark 0x20 lookup 220',
  'monkey business',
  'pass in on eth0',
  'set firewall ipv4 forward filter rule 1 ipsec match-ipsec-in',
  'set interfaces ethernet eth0 ip ospf authentication message-digest',
  'https://192.0.2.1:8443/x',
  'ssh://git@192.0.2.1/x',
  'include /var/lib/Strongswan/conf.d/2024/Site/of/Somebody/gw1.conf',
  'set vpn ipsec ike-group I key-exchange ikev2',
  'key-exchange = ikev2',
  '"key-exchange": "ikev2"',
  "'key-exchange' 'ikev2'",
  'authby = psk',
  'mode pre-shared-secret',
  'authentication { mode pre-shared-secret',
  'authentication mode rsa',
  "mode 'rsa'",
  'rsa-key-name gw',
  'set vpn ipsec site-to-site peer P authentication rsa-key-name gw',
  'set vpn ipsec ike-group I proposal 1 dh-group 14',
  'set vpn ipsec ipsec-interfaces interface eth0',
  'set vpn ipsec ike-group secret key-exchange ikev1',
  'set firewall name SECRET rule 10 action accept',
  'set firewall group address-group keys address 10.0.0.1',
  "set nat source rule 10 description 'password for'",
  "set interfaces ethernet eth0 description 'key server'",
  'set zone-policy zone secret interface eth1',
  'set system host-name key',
  'set service ssh key-exchange diffie-hellman-group14-sha1',
  'set service ssh ciphers aes256',
  'set interfaces tunnel tun0 parameters ip key 1',
  'set interfaces tunnel tun0 parameters ip no-pmtu-discovery',
  'set protocols static route 10.0.0.0/8 next-hop 1.2.3.4',
  'set firewall ipv4 name PASSWORD-RESET rule 1 action accept',
  'set system login user u authentication public-keys me type ssh-rsa',
  'set vpn ipsec authentication psk P id 1.2.3.4',
  'psk P {',
  'authentication {',
  'rekey_time = 1h',
  'rekey-time 3600',
  'keylife=1h',
  'keyingtries=%forever',
  'keyingtries = 0',
  'key-lifetime 3600',
  'keyid:x',
  'key-id 1',
  'reauth_time = 0',
  'leftsendcert=never',
  'leftrsasigkey=%cert',
  'leftid=@key',
  'shared-network-name LAN subnet 10.0.0.0/24',
  'set service dhcp-server shared-network-name LAN subnet 10.0.0.0/24 default-router 10.0.0.1',
  'set service dhcp-server shared-network-name SHARED authoritative',
  'iptables -A INPUT -m comment --comment "key" -j ACCEPT',
  'set policy community-list 100 rule 10 action permit',
  "set policy community-list 100 rule 10 regex '65000:1'",
  'set policy route-map M rule 1 match community community-list 100',
  'set interfaces ethernet eth0 pppoe 0 password-authentication pap',
  'token-bucket 5',
  'auth sha256',
  'set vpn ipsec esp-group E proposal 1 hash sha1',
  'set vpn ipsec esp-group shared proposal 1 hash sha1',
  'set vpn ipsec esp-group E pfs enable',
  'passthrough 1',
  'set firewall name WAN rule 10 description shared',
  'set interfaces bridge br0 aging 300',
  'set interfaces wireguard wg0 peer key allowed-ips 10.0.0.0/8',
  'set interfaces ethernet eth0 address 10.0.0.1/24',
  'set firewall name pass rule 1 action accept',
  'set nat source rule 5 translation address masquerade',
  'default-key-exchange x',
  'secretary x',
  'keyboard x',
  'monkey x',
]

describe('a secret', () => {
  it.each(Object.entries(spellings).flatMap(([of, lines]) => lines.map((line) => [of, line] as const)))(
    '%s is hidden: %s',
    (_, line) => {
      const written = withSecret(line, key)
      expect(written).toContain(key)
      const shown = withoutSecrets(written)
      expect(shown).not.toContain(key)
      expect(shown).toContain('[hidden]')
      expect(withoutSecrets(shown)).toBe(shown)
    },
  )

  const behind = [
    'pre-shared-secret ',
    'pre-shared-secret=',
    'secret = ',
    'x: 1, "secret": ',
    ': PSK ',
    'psk\t',
    'authorization: Bearer ',
    'gw.txt:12: psk ',
    'radius-server host 192.0.2.1 key 7 ',
    'set a authentication shared ',
  ]
  it.each(valuesOf(key))('is hidden with all that belongs to it: %s', (value) => {
    for (const start of behind) expect(withoutSecrets(`${start}${value}`)).not.toContain(key)
    for (const start of behind) expect(withoutSecrets(`{ a { ${start}${value} } b }`)).not.toContain(key)
  })

  it.each(
    Object.values(spellings)
      .flat()
      .filter((line) => /[\w=] ?@$/.test(line)),
  )('of any form is hidden behind: %s', (line) => {
    const shown = valuesOf(key).map((value) => withoutSecrets(line.replace(/@$/, () => value)))
    expect(shown.filter((one) => one.includes(key))).toEqual([])
  })

  it('in quotes leaves the rest of the line as it is', () => {
    const rest = '"mode": "ikev2", "psk": "y", "id": 1 }'
    expect(withoutSecrets(`{ "secret": "x", ${rest}`)).toBe(
      '{ "secret": [hidden], "mode": "ikev2", "psk": [hidden], "id": 1 }',
    )
    expect(withoutSecrets(`secrets { ike-1 { secret = "x" id = 1 } } # y`)).toBe(
      'secrets { ike-1 { secret = [hidden] id = 1 } } # y',
    )
    expect(withoutSecrets(`set vpn psk P secret 'x' mode rsa`)).toBe('set vpn psk P secret [hidden] mode rsa')
    expect(withoutSecrets(`["set a secret 'x'", "set b"]`)).toBe(`["set a secret [hidden]", "set b"]`)
  })

  it('at the cut of a long line is hidden', () => {
    for (let length = 0; length < 2100; length += 7) {
      expect(shownLine(`set x ${'y'.repeat(length)} secret "${key}" z`)).not.toContain(key.slice(0, 5))
    }
  })
})

describe('the lines below', () => {
  it.each([
    [
      'of a key',
      ['-----BEGIN OpenVPN Static key V1-----', '@', 'ab@', '-----END OpenVPN Static key V1-----', 'x'],
      [2, 3],
    ],
    ['of a key in quotes', ['secret "-----BEGIN PRIVATE KEY-----', '@', '-----END PRIVATE KEY-----"', 'x'], [2]],
    ['of a text', ['key: |', '  @', '  @', 'mode: x'], [2, 3]],
    [
      'of a text that is a key',
      ['key: |', '  -----BEGIN PRIVATE KEY-----', '  @', '  -----END PRIVATE KEY-----', 'x'],
      [3],
    ],
    ['of a string', ['pre-shared-secret "a', 'b @', 'c @" x', 'x'], [2, 3]],
    ['of a string of ipsec.secrets', [': PSK "a', '@"', 'x'], [2]],
    ['behind a colon', ['"pre-shared-secret":', '  "@",', '"mode": "x"'], [2]],
    ['behind an equals sign', ['secret =', '@', 'mode = x'], [2]],
    ['of a list', ['passwords:', '  - @', 'x'], [2]],
    ['behind a backslash', ['pre-shared-secret \\', "  '@'", 'x'], [2]],
  ])('%s are hidden', (_, lines, expected) => {
    expect(
      [...linesInSecrets(lines.join('\n').replaceAll('@', key))].filter((line) => lines[line - 1]?.includes('@')),
    ).toEqual(expected)
    expect(linesInSecrets(lines.join('\n')).has(lines.length)).toBe(false)
  })

  const pem = ['-----BEGIN PRIVATE KEY-----', ...new Array<string>(90).fill(key), '-----END PRIVATE KEY-----', 'x']
  it.each(['\n', '\r\n', '\r\r\n', '\r', ' \r \n'])('are hidden with %j at the end of each', (end) => {
    for (const lines of [['secret =', key, 'mode = x'], ['pre-shared-secret "a', `b ${key}"`, 'x'], pem]) {
      const shown: string[] = []
      eachLine(lines.join(end), ({ written }) => shown.push(written.text))
      expect(shown.join(' ')).not.toContain(key)
      expect(shown.at(-1)).toBe(lines.at(-1))
    }
  })

  it.each([
    ['of a certificate', ['-----BEGIN CERTIFICATE-----', 'x', '-----END CERTIFICATE-----']],
    ['of a section', ['secrets:', '  ike:', '    secret: x']],
    ['of a section with braces', ['secrets {', 'ike {', 'secret = x']],
    ['of other settings', ['mode:', '  x']],
    ['of a question', ['Password:', 'Linux gw 4.19.0', 'Last login: x']],
    ['of what has its value', ["pre-shared-secret 'x'", 'y']],
    ['of what an apostrophe is in', ["description it's", 'y']],
    ['of a key that ends early', ['-----BEGIN PRIVATE KEY-----', 'set vpn ipsec interface eth0', 'x']],
  ])('%s are shown', (_, lines) => {
    expect([...linesInSecrets(lines.join('\n'))]).toEqual([])
  })
})

describe('what is no secret', () => {
  it.each(lookalikes)('is shown: %s', (line) => {
    expect(withoutSecrets(line)).toBe(line)
  })
})

describe('lines of a megabyte', () => {
  it.each([
    ['quotes', '"'.repeat(1_000_000)],
    ['quotes of two kinds', `"'`.repeat(500_000)],
    ['strings in strings', `"' `.repeat(330_000)],
    ['strings', `"a b" `.repeat(160_000)],
    ['secrets', `secret 'x' `.repeat(90_000)],
    ['secrets in JSON', `"secret": "x", `.repeat(66_000)],
    ['words of secrets', 'secret '.repeat(140_000)],
    ['keys', 'key key-'.repeat(120_000)],
    ['separators', `secret${'='.repeat(1_000_000)}`],
    ['separators and words', 'secret:='.repeat(120_000)],
    ['braces', 'secret { '.repeat(110_000)],
    ['backslashes', `"${'\\'.repeat(1_000_000)}`],
    ['hyphens', 'a-'.repeat(500_000)],
    ['dots and slashes', './'.repeat(500_000)],
    ['humps', 'aB'.repeat(500_000)],
    ['credentials', '://a:'.repeat(200_000)],
    ['schemes', '://'.repeat(330_000)],
    ['digits', '0x'.repeat(500_000)],
    ['blobs', `${'aA1'.repeat(13)} `.repeat(25_000)],
    ['signs', '#'.repeat(1_000_000)],
    ['blanks', `secret${' '.repeat(1_000_000)}`],
    ['prose', `description ${'secret '.repeat(140_000)}`],
  ])('are looked at once: %s', (_, line) => {
    expect(measured(() => withoutSecrets(line)).cost).toBeLessThan(500)
  })
})
