import type { Device, DeviceTunnel } from '@natplan/core'
import { describe, expect, it } from 'vitest'
import { dialect as edgeos } from '../platforms/edgeos/view.ts'
import { dialect as vyatta5400 } from '../platforms/vyatta-5400/view.ts'
import { dialect as vyatta5600 } from '../platforms/vyatta-5600/view.ts'
import { dialect as vyos13 } from '../platforms/vyos-1.3/view.ts'
import { dialect as vyos14 } from '../platforms/vyos-1.4/view.ts'
import { dialect as vyos15 } from '../platforms/vyos-1.5/view.ts'
import type { VyattaDialect } from './dialect.ts'
import { readVyattaDevice } from './read-device.ts'

/** Lines below the IPsec tree of a platform. */
function below({ vpnRoot }: VyattaDialect, lines: readonly string[]): string {
  return lines.map((line) => `set ${line.startsWith('/') ? line.slice(1) : [...vpnRoot, line].join(' ')}\n`).join('')
}

const groups = [
  'esp-group E proposal 1 encryption aes256',
  'esp-group E proposal 1 hash sha256',
  'ike-group I proposal 1 dh-group 14',
  'ike-group I proposal 1 encryption aes256',
  'ike-group I proposal 1 hash sha256',
]

/** A peer as each dialect calls it, with a key and the groups above; `lines` stand below it. */
function peerText(dialect: VyattaDialect, lines: readonly string[], key = '198.51.100.1'): string {
  const isNamed = dialect.peerKey === 'name'
  const peer = `site-to-site peer ${isNamed ? 'P' : key}`
  const ends = [...(isNamed && key !== '' ? [`remote-address ${key}`] : []), 'authentication mode pre-shared-secret']
  return below(dialect, [
    ...groups,
    ...['ike-group I', 'default-esp-group E', 'local-address 203.0.113.1', ...ends, ...lines].map((one) =>
      one.startsWith('/') ? one : `${peer} ${one}`,
    ),
  ])
}

const net = ['tunnel 1 local prefix 10.1.0.0/24', 'tunnel 1 remote prefix 10.2.0.0/24']

function deviceOf(dialect: VyattaDialect, text: string): Device {
  return readVyattaDevice(text, dialect).device
}

describe('a gateway that moves to another address', () => {
  it.each<[string, VyattaDialect, string | undefined, boolean | undefined]>([
    ['may be one', vyos14, undefined, undefined],
    ['is none', vyos14, 'disable-mobike', false],
    ['is none, as older releases say', vyos13, 'mobike disable', false],
    ['may be one, though older releases speak of it', vyos13, 'mobike enable', undefined],
  ])('%s', (_, dialect, word, expected) => {
    const lines = word === undefined ? net : [...net, `/vpn ipsec ike-group I ${word}`]
    const { tunnels, unread } = deviceOf(dialect, peerText(dialect, lines))
    expect(tunnels.map(({ mobike }) => mobike)).toEqual([expected])
    expect(unread).toEqual([])
  })
})

function tunnelOf(dialect: VyattaDialect, text: string): DeviceTunnel {
  const [tunnel, ...others] = deviceOf(dialect, text).tunnels
  if (!tunnel || others.length > 0) throw new Error('not one tunnel')
  return tunnel
}

function childTexts({ children }: DeviceTunnel): string[] {
  return children.map(({ name, kind, local, remote, through }) =>
    [name, kind, local, remote, ...(through ? [through.kind, through.interface] : [])].join(' '),
  )
}

describe('children', () => {
  it.each<[string, VyattaDialect, readonly string[], readonly string[]]>([
    ['a pair of prefixes', vyos14, net, ['1 protect 10.1.0.0/24 10.2.0.0/24']],
    [
      'each local prefix with each remote one of its family',
      vyos14,
      [
        ...net,
        'tunnel 1 remote prefix 10.3.0.0/24',
        'tunnel 1 local prefix fd00:1::/64',
        'tunnel 1 remote prefix fd00:2::/64',
      ],
      ['1 protect 10.1.0.0/24 10.2.0.0/24', '1 protect 10.1.0.0/24 10.3.0.0/24', '1 protect fd00:1::/64 fd00:2::/64'],
    ],
    [
      'the words of Vyatta up to 6.4',
      vyatta5400,
      ['tunnel 1 local subnet 10.1.0.0/24', 'tunnel 1 remote subnet 10.2.0.0/24'],
      ['1 protect 10.1.0.0/24 10.2.0.0/24'],
    ],
    [
      'any prefix',
      edgeos,
      ['tunnel 1 local prefix 10.1.0.0/24', 'tunnel 1 remote prefix any'],
      ['1 protect 10.1.0.0/24 0.0.0.0/0', '1-passthrough pass 10.1.0.0/24 10.1.0.0/24'],
    ],
    [
      'one that is switched off beside one that is not',
      vyos13,
      [...net, 'tunnel 2 disable', 'tunnel 2 local prefix 10.9.0.0/24'],
      ['1 protect 10.1.0.0/24 10.2.0.0/24'],
    ],
    [
      'in the order of their numbers',
      vyos13,
      [
        'tunnel 10 local prefix 10.1.0.0/24',
        'tunnel 10 remote prefix 10.3.0.0/24',
        ...net.map((line) => line.replace('1 ', '9 ')),
      ],
      ['9 protect 10.1.0.0/24 10.2.0.0/24', '10 protect 10.1.0.0/24 10.3.0.0/24'],
    ],
    [
      'a virtual interface of VyOS 1.4',
      vyos14,
      ['vti bind vti1', 'vti esp-group E'],
      ['vti1 protect 0.0.0.0/0 0.0.0.0/0 route vti1', 'vti1 protect ::/0 ::/0 route vti1'],
    ],
    [
      'a virtual interface before it',
      edgeos,
      ['vti bind vti0', 'vti esp-group E'],
      ['vti0 protect 0.0.0.0/0 0.0.0.0/0 route vti0'],
    ],
    [
      'narrow selectors on a virtual interface of VyOS 1.4, whose pass is for all packets',
      vyos14,
      ['vti bind vti1', ...net, 'tunnel 1 remote prefix 10.0.0.0/8'],
      [
        '1 protect 10.1.0.0/24 10.2.0.0/24 route vti1',
        '1 protect 10.1.0.0/24 10.0.0.0/8 route vti1',
        '1-passthrough pass 10.1.0.0/24 10.1.0.0/24',
      ],
    ],
    [
      'any prefix of VyOS 1.4, which is of either family',
      vyos14,
      ['tunnel 1 local prefix 10.1.0.0/24', 'tunnel 1 remote prefix any'],
      ['1 protect 10.1.0.0/24 0.0.0.0/0', '1-passthrough pass 10.1.0.0/24 10.1.0.0/24'],
    ],
    [
      'the selectors that VyOS 1.5 lets a virtual interface have',
      vyos15,
      [
        'vti bind vti1',
        'vti traffic-selector local prefix 10.1.0.0/24',
        'vti traffic-selector remote prefix 10.2.0.0/24',
      ],
      ['vti1 protect 10.1.0.0/24 10.2.0.0/24 route vti1'],
    ],
    ['a feature point', vyatta5600, [...net, 'tunnel 1 uses vfp0'], ['1 protect 10.1.0.0/24 10.2.0.0/24 feature vfp0']],
    [
      'overlapping prefixes pass from VyOS 1.4 on',
      vyos14,
      ['tunnel 1 local prefix 10.0.0.0/8', 'tunnel 1 remote prefix 10.2.0.0/16'],
      ['1 protect 10.0.0.0/8 10.2.0.0/16', '1-passthrough pass 10.0.0.0/8 10.0.0.0/8'],
    ],
    [
      'and before only where the remote one holds the local',
      vyos13,
      ['tunnel 1 local prefix 10.0.0.0/8', 'tunnel 1 remote prefix 10.2.0.0/16'],
      ['1 protect 10.0.0.0/8 10.2.0.0/16'],
    ],
    [
      'as here',
      vyatta5600,
      ['tunnel 1 local prefix 10.2.0.0/16', 'tunnel 1 remote prefix 10.0.0.0/8'],
      ['1 protect 10.2.0.0/16 10.0.0.0/8', '1-passthrough pass 10.2.0.0/16 10.2.0.0/16'],
    ],
    [
      'no prefixes are the two addresses',
      vyos14,
      ['tunnel 1 protocol gre'],
      ['1 protect 203.0.113.1/32 198.51.100.1/32'],
    ],
    [
      'nor in transport mode, whatever is written',
      vyos14,
      ['tunnel 1 protocol gre', ...net, '/vpn ipsec esp-group E mode transport'],
      ['1 protect 203.0.113.1/32 198.51.100.1/32'],
    ],
  ])('%s', (_, dialect, lines, expected) => {
    const tunnel = tunnelOf(dialect, peerText(dialect, lines))
    expect(childTexts(tunnel)).toEqual(expected)
    expect(tunnel.doubt).toBeUndefined()
    expect(tunnel.children.every(({ line }) => (line ?? 0) > 0)).toBe(true)
  })

  it('has the priority, protocol and ports of its tunnel', () => {
    const [child] = tunnelOf(
      vyos14,
      peerText(vyos14, [...net, 'tunnel 1 priority 20', 'tunnel 1 protocol tcp', 'tunnel 1 local port 443']),
    ).children
    expect(child?.priority).toBe(20)
    expect(child?.only?.protocol?.ranges).toEqual([{ first: 6, last: 6 }])
    expect(child?.only?.sourcePort?.ranges).toEqual([{ first: 443, last: 443 }])
    expect(child?.only?.destinationPort).toBeUndefined()
  })
})

describe('a peer that is not wholly understood', () => {
  it.each<[string, VyattaDialect, readonly string[], RegExp]>([
    ['a word that nobody knows', vyos14, [...net, 'tunnel 1 shape round'], /tunnel 1 shape round$/],
    ['a prefix that is none', vyos14, [...net.slice(0, 1), 'tunnel 1 remote prefix 10.x.0.0/24'], /10\.x/],
    ['a start that is not known', vyos14, [...net, 'connection-type sometimes'], /sometimes$/],
    ['rsa without its keys', vyos14, [...net, 'authentication mode rsa'], /mode rsa$/],
    ['a priority that is no number', vyos14, [...net, 'tunnel 1 priority high'], /priority high$/],
    ['neither a tunnel nor an interface', vyos14, [], /no tunnel and no virtual interface/],
    ['a virtual interface past which the IKE daemon routes', vyos13, ['vti bind vti0'], /disable-route-autoinstall/],
    ['tunnels beside a virtual interface', vyos13, [...net, 'vti bind vti1'], /device refuses/],
    [
      'ESP groups that differ',
      vyos14,
      [
        ...net,
        'tunnel 2 local prefix 10.1.0.0/24',
        'tunnel 2 remote prefix 10.4.0.0/24',
        'tunnel 2 esp-group F',
        '/vpn ipsec esp-group F proposal 1 encryption aes128',
      ],
      /ESP groups that differ/,
    ],
    [
      'a side that is only known while it runs',
      vyos13,
      [...net, 'tunnel 1 allow-nat-networks enable'],
      /allow-nat-networks/,
    ],
  ])('%s', (_, dialect, lines, why) => {
    const { tunnels, unread } = deviceOf(dialect, peerText(dialect, lines))
    expect(tunnels[0]?.doubt?.what).toMatch(why)
    expect(tunnels[0]?.remote.address).toMatchObject({ kind: 'known' })
    expect(unread.every(({ isPlaced, touches }) => isPlaced && touches === 'tunnels')).toBe(true)
    const { findings } = readVyattaDevice(peerText(dialect, lines), dialect)
    expect(findings.map(({ code }) => code)).toEqual(['CONFIG_TUNNEL_INCOMPLETE'])
  })

  it('has the line with what it says, but not a key', () => {
    const { tunnels } = deviceOf(
      vyos13,
      `${peerText(vyos13, net)}set vpn ipsec site-to-site peer 198.51.100.1 authentication other-secret EXAMPLE-ONLY-0123456789abcdef\n`,
    )
    expect(tunnels[0]?.doubt?.what).toMatch(/authentication other-secret \[hidden\]$/)
  })

  it('says what is left of proposals without a doubt about what it carries', () => {
    const { tunnels, unread } = deviceOf(
      vyos14,
      peerText(vyos14, [...net, '/vpn ipsec ike-group I proposal 2 encryption rot13']),
    )
    expect(tunnels[0]).toMatchObject({ isWhole: false, ike: [{ encryption: 'aes256' }] })
    expect(tunnels[0]?.doubt).toBeUndefined()
    expect(unread).toMatchObject([{ touches: 'tunnels', isPlaced: true }])
  })

  it('knows nothing where the IPsec tree itself has a word that is not known', () => {
    expect(deviceOf(vyos14, `${peerText(vyos14, net)}set vpn ipsec teleport enable\n`).unread).toMatchObject([
      { text: 'set vpn ipsec teleport enable', touches: 'tunnels', isPlaced: false },
    ])
  })

  it.each([
    ['nodes without a value', ['/vpn ipsec ike-group I', '/vpn ipsec site-to-site peer P', '/vpn ipsec']],
    [
      'settings of the whole tree',
      ['/vpn ipsec interface eth0', '/vpn ipsec options virtual-ip', '/vpn ipsec log level 2'],
    ],
    [
      'what serves hosts on the road',
      ['/vpn ipsec remote-access pool P prefix 10.77.0.0/24', '/vpn l2tp remote-access mtu 1400'],
    ],
    [
      'what says when it is built',
      ['replay-window 64', '/vpn ipsec ike-group I close-action start', '/vpn ipsec esp-group E life-bytes 100000'],
    ],
    ['the main mode of IKE', ['/vpn ipsec ike-group I mode main']],
    ['a group that nobody uses', ['/vpn ipsec esp-group OLD proposal 1 encryption rot13']],
    ['a description', ['description anything', 'tunnel 1 description else']],
  ])('is silent about %s', (_, lines) => {
    const { tunnels, unread } = deviceOf(vyos14, peerText(vyos14, [...net, ...lines]))
    expect(unread).toEqual([])
    expect(tunnels[0]?.doubt).toBeUndefined()
  })
})

describe('ends', () => {
  it.each<[string, VyattaDialect, string, readonly string[], DeviceTunnel['remote']['address'], string | undefined]>([
    ['an address', vyos13, '198.51.100.1', [], { kind: 'known', address: expect.anything() }, '198.51.100.1'],
    ['zeros', vyos13, '0.0.0.0', [], { kind: 'any' }, '%any'],
    ['any', edgeos, 'any', [], { kind: 'any' }, '%any'],
    ['an identity', vyos13, '@road', [], { kind: 'any' }, '@road'],
    [
      'a host name, whose identity is its address',
      edgeos,
      'gw.example.net',
      [],
      { kind: 'host', name: 'gw.example.net' },
      undefined,
    ],
    [
      'a named peer accepts every identity',
      vyos14,
      '198.51.100.1',
      [],
      { kind: 'known', address: expect.anything() },
      '%any',
    ],
    [
      'unless told',
      vyos14,
      '198.51.100.1',
      ['authentication remote-id hub'],
      { kind: 'known', address: expect.anything() },
      'hub',
    ],
    ['a named peer without an address', vyos14, '', [], { kind: 'any' }, '%any'],
    [
      'a named peer with several, of which one answers',
      vyos14,
      '198.51.100.1',
      ['remote-address 198.51.100.2'],
      { kind: 'host', name: '198.51.100.1, 198.51.100.2' },
      '%any',
    ],
  ])('%s', (_, dialect, key, lines, address, identity) => {
    const { remote, doubt } = tunnelOf(dialect, peerText(dialect, [...net, ...lines], key))
    expect(remote).toEqual({ address, identity })
    expect(doubt).toBeUndefined()
  })

  it('of the older form are read on a platform of the newer one', () => {
    const text = peerText(vyos13, [...net, 'authentication id here', 'force-encapsulation enable'])
    expect(tunnelOf(vyos14, text)).toMatchObject({
      local: { identity: 'here' },
      remote: { address: { kind: 'known' }, identity: '198.51.100.1' },
      forceNatTraversal: true,
    })
    expect(tunnelOf(vyos14, text).doubt).toBeUndefined()
    expect(tunnelOf(vyos13, peerText(vyos14, net))).toMatchObject({ remote: { identity: '%any' }, name: 'P' })
  })

  it('have the names of their certificates where they say nothing else', () => {
    const x509 = [...net, 'authentication mode x509', 'authentication x509 certificate gw']
    expect(tunnelOf(vyos13, peerText(vyos13, x509))).toMatchObject({
      local: { identity: undefined },
      remote: { identity: undefined },
    })
    expect(tunnelOf(vyos13, peerText(vyos13, [...x509, 'authentication id gw.example.net'])).local.identity).toBe(
      'gw.example.net',
    )
  })

  it('have the names that they say, also those of their addresses, beside certificates', () => {
    const x509 = [...net, 'authentication mode x509', 'authentication x509 cert-file /config/auth/gw.pem']
    const said = ['authentication id 203.0.113.1', 'authentication remote-id 198.51.100.1']
    expect(tunnelOf(vyos13, peerText(vyos13, [...x509, ...said]))).toMatchObject({
      local: { identity: '203.0.113.1' },
      remote: { identity: '198.51.100.1' },
    })
  })

  it.each<[string, VyattaDialect, readonly string[], DeviceTunnel['certificates']]>([
    [
      'in the store of the device',
      vyos14,
      ['x509 certificate gw', 'x509 ca-certificate company'],
      { certificate: 'gw', ca: 'company' },
    ],
    [
      'in the folder for such files',
      edgeos,
      ['x509 cert-file /config/auth/gw.pem', 'x509 ca-cert-file /config/auth/company.pem'],
      { certificate: 'gw', ca: 'company' },
    ],
    ['in another folder', edgeos, ['x509 cert-file /tmp/gw.pem'], { certificate: '/tmp/gw.pem', ca: undefined }],
  ])('are called by what is before the ending: %s', (_, dialect, lines, certificates) => {
    const written = ['mode x509', ...lines].map((line) => `authentication ${line}`)
    expect(tunnelOf(dialect, peerText(dialect, [...net, ...written])).certificates).toEqual(certificates)
  })

  it('have no certificates where they have a key', () => {
    expect(tunnelOf(edgeos, peerText(edgeos, net)).certificates).toBeUndefined()
  })

  it.each([
    ['@branch', 'respond'],
    ['any', 'respond'],
    ['0.0.0.0', 'respond'],
    ['branch.example.org', 'initiate'],
  ])('only answer a peer that may be anywhere: %s', (key, start) => {
    const text = peerText(edgeos, [...net, 'connection-type initiate']).replaceAll('peer 198.51.100.1', `peer ${key}`)
    expect(tunnelOf(edgeos, text).start).toBe(start)
  })

  it('may have any local address, or whatever an interface gets', () => {
    const text = peerText(edgeos, net)
    expect(tunnelOf(edgeos, text.replace('local-address 203.0.113.1', 'local-address any')).local).toEqual({
      address: { kind: 'any' },
      identity: undefined,
    })
    expect(tunnelOf(edgeos, text.replace('local-address 203.0.113.1', 'dhcp-interface eth0')).local).toEqual({
      address: { kind: 'dynamic', interface: 'eth0' },
      identity: undefined,
    })
    expect(tunnelOf(vyatta5400, peerText(vyatta5400, net).replace('local-address', 'local-ip')).local).toMatchObject({
      identity: '203.0.113.1',
    })
  })
})

describe('offers', () => {
  it.each<[string, VyattaDialect, string | undefined, readonly number[]]>([
    ['unset from VyOS 1.4 on: both', vyos14, undefined, [2, 1]],
    ['unset before: the first', vyos13, undefined, [1]],
    ['the second', vyos13, 'key-exchange ikev2', [2]],
    ['the first', vyos14, 'key-exchange ikev1', [1]],
    ['both on the 5600', vyatta5600, 'ike-version 2+1', [2, 1]],
    ['there is only one on the 5400', vyatta5400, undefined, [1]],
  ])('version %s', (_, dialect, line, versions) => {
    const path = `/${dialect.vpnRoot.join(' ')} ike-group I`
    const lines = line === undefined ? [] : [`${path} ${line}`]
    expect(tunnelOf(dialect, peerText(dialect, [...net, ...lines])).versions).toEqual(versions)
  })

  it.each([
    ['aes128gcm128', 'aes128gcm128', undefined],
    ['aes128gcm16', 'aes128gcm128', undefined],
    ['aes256gcm12', 'aes256gcm96', undefined],
    ['chacha20poly1305', 'chacha20poly1305', undefined],
    ['aes256ccm64', 'aes256ccm64', undefined],
    ['aes192ctr', 'aes192ctr', 'sha384'],
    ['3des', '3des', 'sha384'],
  ])('%s is %s', (word, encryption, hash) => {
    const proposal = '/vpn ipsec ike-group I proposal 1'
    const lines = [`${proposal} encryption ${word}`, `${proposal} hash sha384`, `${proposal} dh-group 31`]
    const { ike, isWhole } = tunnelOf(vyos14, peerText(vyos14, [...net, ...lines]))
    expect(ike).toEqual([{ encryption, hash, prf: 'sha384', dhGroup: 31 }])
    expect(isWhole).toBe(true)
  })

  it('are more than is written where the 5600 is not strict', () => {
    const path = '/security vpn ipsec'
    expect(tunnelOf(vyatta5600, peerText(vyatta5600, net)).isWhole).toBe(true)
    const loose = [
      ...net,
      `${path} ike-group I disable-strict-mode`,
      `${path} ike-group I dead-peer-detection timeout 60`,
    ]
    const tunnel = tunnelOf(vyatta5600, peerText(vyatta5600, loose))
    expect(tunnel).toMatchObject({ isWhole: false, deadPeer: { action: 'trap', interval: 30, timeout: 60 } })
    expect(tunnel.doubt).toBeUndefined()
  })

  it('have the PRF that is written, and the PFS group of IKE unless told', () => {
    const lines = ['/vpn ipsec ike-group I proposal 1 prf prfsha512', '/vpn ipsec esp-group E pfs enable']
    const { ike, esp } = tunnelOf(vyos14, peerText(vyos14, [...net, ...lines]))
    expect(ike[0]?.prf).toBe('sha512')
    expect(esp[0]?.dhGroup).toBe(14)
    const none = tunnelOf(vyos14, peerText(vyos14, [...net, '/vpn ipsec esp-group E pfs disable']))
    expect(none.esp[0]?.dhGroup).toBeUndefined()
  })

  it.each<[string, VyattaDialect, string, string, boolean]>([
    ['GCM with a hash on the 5600, which it refuses', vyatta5600, 'aes256gcm128', 'sha2_256', false],
    ['GCM without one there', vyatta5600, 'aes256gcm128', 'null', true],
    ['another cipher without one there, which it refuses', vyatta5600, 'aes256', 'null', false],
    ['GCM with a hash elsewhere, which takes no notice', vyos14, 'aes256gcm128', 'sha256', true],
  ])('%s', (_, dialect, encryption, hash, isWhole) => {
    const proposal = `/${dialect.vpnRoot.join(' ')} esp-group E proposal 1`
    const lines = [...net, `${proposal} encryption ${encryption}`, `${proposal} hash ${hash}`]
    expect(tunnelOf(dialect, peerText(dialect, lines)).isWhole).toBe(isWhole)
  })

  it.each<[string, readonly string[], DeviceTunnel['authentication']]>([
    ['a certificate', ['authentication mode x509', 'authentication x509 certificate gw'], 'certificate'],
    ['a key pair', ['authentication mode rsa', 'authentication rsa local-key gw'], 'public-key'],
    ['a key', [], 'key'],
  ])('are made good with %s', (_, lines, authentication) => {
    const tunnel = tunnelOf(vyos14, peerText(vyos14, [...net, ...lines]))
    expect(tunnel.authentication).toBe(authentication)
    expect(tunnel.doubt).toBeUndefined()
  })

  it.each<[string, VyattaDialect, DeviceTunnel['start']]>([
    ['respond', vyos14, 'trap'],
    ['trap', vyos14, 'trap'],
    ['respond', vyos15, 'trap'],
    ['none', vyos15, 'respond'],
    ['respond', edgeos, 'respond'],
    ['initiate', edgeos, 'initiate'],
  ])('connection-type %s', (word, dialect, start) => {
    expect(tunnelOf(dialect, peerText(dialect, [...net, `connection-type ${word}`])).start).toBe(start)
  })
})

describe('a device with tunnels', () => {
  it.each<[string, VyattaDialect, readonly string[], Device['installsRoutes']]>([
    ['as strongSwan does', vyos14, [], 'own-address'],
    ['not where that is switched off', vyos13, ['/vpn ipsec options disable-route-autoinstall'], 'never'],
    ['always on the 5600', vyatta5600, [], 'always'],
  ])('installs routes %s', (_, dialect, lines, installsRoutes) => {
    expect(deviceOf(dialect, peerText(dialect, [...net, ...lines])).installsRoutes).toBe(installsRoutes)
  })

  it.each<[string, readonly string[], number]>([
    ['within what a tunnel joins', ['vpn ipsec remote-access pool P prefix 10.2.0.128/25'], 1],
    [
      'of dial-up hosts in the LAN',
      [
        'vpn l2tp remote-access client-ip-pool start 10.1.0.240',
        'vpn l2tp remote-access client-ip-pool stop 10.1.0.250',
      ],
      1,
    ],
    ['elsewhere', ['vpn ipsec remote-access pool P prefix 10.77.0.0/24'], 0],
  ])('may lose packets to a pool of hosts on the road %s', (_, lines, count) => {
    const { unread } = deviceOf(vyos14, peerText(vyos14, [...net, ...lines.map((line) => `/${line}`)]))
    expect(unread.filter(({ touches, isPlaced }) => touches === 'tunnels' && !isPlaced)).toHaveLength(count)
  })

  it('only answers where a peer of VyOS 1.4 is called by an identity', () => {
    const text = peerText(vyos14, net).replaceAll('peer P ', 'peer @branch ')
    expect(tunnelOf(vyos14, text).start).toBe('respond')
  })

  it('does not take the tree of another member of the family for nothing', () => {
    for (const [dialect, other] of [
      [vyos14, vyatta5600],
      [vyatta5600, vyos14],
    ] as const) {
      const { unread } = deviceOf(dialect, peerText(other, net))
      expect(unread.length).toBeGreaterThan(0)
      expect(unread.filter(({ touches, isPlaced }) => touches !== 'anything' || isPlaced)).toEqual([])
    }
  })

  it('leaves out peers that are switched off, as a whole or with the last of their tunnels', () => {
    expect(deviceOf(vyos14, peerText(vyos14, [...net, 'disable'])).tunnels).toEqual([])
    expect(deviceOf(vyos14, peerText(vyos14, [...net, 'tunnel 1 disable'])).tunnels).toEqual([])
    expect(deviceOf(vyos14, peerText(vyos14, [...net, 'tunnel 1 disable', 'vti bind vti0'])).tunnels).toHaveLength(1)
  })

  it('gives keys by the names of tunnels, and none that is masked', () => {
    const key = 'EXAMPLE-ONLY-0123456789abcdef'
    const shown = (text: string, dialect: VyattaDialect) =>
      [...readVyattaDevice(text, dialect).keys].map(([name, secret]) => `${name} ${secret.reveal()}`)
    const psk = '/vpn ipsec authentication psk A'
    expect(
      shown(
        peerText(vyos14, [...net, `${psk} id 203.0.113.1`, `${psk} id 198.51.100.1`, `${psk} secret ${key}`]),
        vyos14,
      ),
    ).toEqual([`P ${key}`])
    expect(shown(peerText(vyos14, [...net, `${psk} id 192.0.2.9`, `${psk} secret ${key}`]), vyos14)).toEqual([])
    expect(shown(peerText(vyos13, [...net, `authentication pre-shared-secret ${key}`]), vyos13)).toEqual([
      `198.51.100.1 ${key}`,
    ])
    expect(shown(peerText(vyos13, [...net, 'authentication pre-shared-secret ******']), vyos13)).toEqual([])
  })
})
