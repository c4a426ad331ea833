import { describe, expect, it } from 'vitest'
import { measured } from '../../../test/support/cost.ts'
import { hiddenSetting, shownLine, withoutSecrets } from './shown-line.ts'
import { visible } from './visible.ts'

const key = 'EXAMPLE-ONLY-0123456789abcdef'

describe('a word that says nothing of itself', () => {
  const word = 'aB1/'.repeat(10)
  it.each([
    [word, true],
    [`value ${word}=`, true],
    [`set x '${word}'`, true],
    [word.slice(1), false],
    [`a ${word.slice(0, 20)} ${word.slice(0, 20)}`, false],
  ])('is hidden from forty characters on: %s: %s', (line, isHidden) => {
    expect(withoutSecrets(line) !== line).toBe(isHidden)
  })
})

describe('withoutSecrets', () => {
  it.each([
    `set vpn ipsec site-to-site peer P authentication pre-shared-secret '${key}'`,
    `set vpn ipsec authentication psk P secret ${key}`,
    `set 'vpn' 'ipsec' 'authentication' 'psk' 'P' 'secret' '${key}'`,
    `pre-shared-secret "${key}"`,
    `  pre-shared-secret ${key} # a comment`,
    `"pre-shared-secret": "${key}",`,
    `secret = ${key}`,
    `secret=${key}`,
    `set vpn ipsec site-to-site peer P authentication rsa ${key}`,
    `set vpn ipsec site-to-site peer P authentication x509 key password '${key}'`,
    `set interfaces wireguard wg0 private-key ${key}`,
    `set interfaces wireguard wg0 peer P preshared-key ${key}`,
    `set system login user u authentication encrypted-password '${key}'`,
    `set system login user u authentication public-keys me key ${key}`,
    `set vpn l2tp remote-access authentication local-users username u password ${key}`,
    `set interfaces pppoe pppoe0 password ${key}`,
    `set interfaces wireless wlan0 security wpa passphrase '${key}'`,
    `set protocols bgp 65001 neighbor 192.0.2.1 password ${key}`,
    `set service snmp community ${key}`,
    `set vpn ipsec authentication psk secret secret ${key}`,
    `set vpn ipsec site-to-site peer psk authentication pre-shared-secret ${key}`,
    `: PSK "${key}"`,
    `203.0.113.1 198.51.100.1 : PSK ${key}`,
    `set system config-management commit-archive location 'scp://u:${key}@192.0.2.1/x'`,
    `set pki certificate X private key 'MIIEvQ${key}'`,
    `  pin = ${key}`,
    `ip xfrm state add src 192.0.2.1 dst 192.0.2.2 enc aes 0x${'0123456789abcdef'.repeat(2)}`,
    `\tenc cbc(aes) ${key}`,
    `\tauth-trunc "hmac(sha256)" ${key} 128`,
    `proto esp spi 1 0x${'0123456789abcdef'.repeat(2)}`,
    'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKjMzE',
  ])('does not show what is one: %s', (line) => {
    expect(withoutSecrets(line)).not.toMatch(/0123456789|MIIEv/)
    expect(withoutSecrets(line)).toContain('[hidden]')
  })

  it.each([
    "set vpn ipsec site-to-site peer P authentication mode 'rsa'",
    'set vpn ipsec site-to-site peer P authentication mode pre-shared-secret',
    "set vpn ipsec authentication psk P id '203.0.113.1'",
    'set vpn ipsec authentication psk P dhcp-interface eth0',
    'set vpn ipsec site-to-site peer P authentication local-id gw.example.net',
    'set vpn ipsec site-to-site peer P authentication x509 certificate gw',
    'set vpn ipsec site-to-site peer P authentication rsa local-key gw',
    'set vpn ipsec site-to-site peer P authentication rsa-key-name gw',
    'set vpn ipsec site-to-site peer P authentication use-x509-id',
    'set vpn ipsec authentication psk P secret-type plaintext',
    'set vpn ipsec ike-group I key-exchange ikev2',
    'set interfaces wireguard wg0 peer P public-key x',
    'set policy route-map M rule 1 set community 65000:1',
    "set nat source rule 10 description 'the secret tunnel to the key server'",
    'set vpn ipsec ike-group secret proposal 1',
    'set vpn ipsec site-to-site peer psk ike-group I',
    'set vpn ipsec site-to-site peer P authentication remote-id key',
    'auth = psk',
    'ip xfrm policy add src 10.1.0.0/24 dst 10.2.0.0/24 dir out mark 0x7',
    'authentication {',
    '"authentication": {',
    'set nat source rule 10 description "the keyboard, a monkey"',
    'set interfaces ethernet eth0 description natplan-cloud-onpremise-20260101',
    'set nat destination rule 10 translation address 2001:db8:0:1:0123:4567:89ab:cdef',
  ])('shows what is none: %s', (line) => {
    expect(withoutSecrets(line)).toBe(line)
  })

  it('shows only the name of a setting of which nothing else is known', () => {
    expect(hiddenSetting(`file = ${key}`)).toBe('file = [hidden]')
    expect(hiddenSetting(`secret "${key}"`)).toBe('secret [hidden]')
    expect(hiddenSetting(`"${key}"`)).toBe('[hidden]')
    expect(hiddenSetting('include conf.d/*.conf')).toBe('include conf.d/*.conf')
  })

  it.each([
    ['words that end with a hyphen', 'a-'.repeat(500_000)],
    ['blanks', `key${' '.repeat(500_000)}`],
    ['credentials', '://a:'.repeat(200_000)],
    ['letters', 'aA1'.repeat(300_000)],
  ])('takes no time with very many %s', (_, line) => {
    expect(measured(() => shownLine(line)).cost).toBeLessThan(100)
  })
})

describe('visible', () => {
  it('shows what moves cursors, hides, turns around and ends lines', () => {
    expect(visible('a\u001b[2K\u0007\r\n\tb\u009b\u202ec\u2028\u200b\ud800')).toBe(
      'a\\u001b[2K\\u0007\\u000d\\u000a b\\u009b\\u202ec\\u2028\\u200b\\ud800',
    )
  })

  it('leaves every other text as it is', () => {
    expect(visible('Büro 東京 🏢 \'a\' \\ "b"')).toBe('Büro 東京 🏢 \'a\' \\ "b"')
  })
})

describe('shownLine', () => {
  it('is bounded, and shown again it is the same', () => {
    const line = shownLine(`set nat source rule 1 description '\u001b${'x'.repeat(1_000_000)}`)
    expect(line).toHaveLength(200)
    expect(line.endsWith('...')).toBe(true)
    expect(shownLine(line)).toBe(line)
    expect(shownLine(`secret ${key}`)).toBe('secret [hidden]')
    expect(shownLine(shownLine(`secret ${key}`))).toBe('secret [hidden]')
  })
})
