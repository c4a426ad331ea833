import { describe, expect, it } from 'vitest'
import { readDevice } from '../read-device.ts'

function connection(own = '', child = 'local_ts = 10.1.0.0/24\nremote_ts = 10.2.0.0/24') {
  return `connections {
  gw {
    local_addrs = 192.0.2.1
    remote_addrs = 192.0.2.2
    proposals = aes256-sha256-modp2048
${own}
    local {
      auth = psk
    }
    remote {
      auth = psk
    }
    children {
      net {
        esp_proposals = aes256-sha256
${child}
      }
    }
  }
}
`
}

const read = (text: string) => readDevice(text).device

function tunnelOf(text: string) {
  const [tunnel] = read(text).tunnels
  if (!tunnel) throw new Error('no tunnel')
  return tunnel
}

function pairsOf(text: string): string[] {
  return tunnelOf(text).children.map(({ local, remote, kind }) => `${local} ${remote} ${kind}`)
}

describe('a connection', () => {
  it.each([
    ['one address', 'remote_addrs = 192.0.2.9', { kind: 'known' }],
    ['any', 'remote_addrs = %any', { kind: 'any' }],
    ['a range', 'remote_addrs = 192.0.2.0/24', { kind: 'any' }],
    ['a name', 'remote_addrs = vpn.example.net', { kind: 'host', name: 'vpn.example.net' }],
    ['several', 'remote_addrs = 192.0.2.2, 192.0.2.3', { kind: 'host', name: '192.0.2.2, 192.0.2.3' }],
  ])('has %s at the other end', (_, own, expected) => {
    expect(tunnelOf(connection(own)).remote.address).toMatchObject(expected)
    expect(read(connection(own)).unread).toEqual([])
  })

  it.each([
    ['left out', '', [2, 1]],
    ['0', 'version = 0', [2, 1]],
    ['1', 'version = 1', [1]],
    ['2', 'version = 2', [2]],
  ])('has the versions of IKE: %s', (_, own, versions) => {
    expect(tunnelOf(connection(own)).versions).toEqual(versions)
  })

  it.each([
    ['a key', 'psk', 'psk', 'key', undefined],
    ['certificates', 'pubkey', 'pubkey', 'certificate', undefined],
    ['a name and a password', 'eap-mschapv2', 'pubkey', 'other', 'certificate'],
    ['a certificate, the other end by a key', 'rsa-sha256', 'psk', 'certificate', 'key'],
  ])('proves who it is by %s', (_, local, remote, authentication, expects) => {
    const text = connection()
      .replace('auth = psk', `auth = ${local}\ncerts = a.pem`)
      .replace('auth = psk', `auth = ${remote}\ncacerts = b.pem`)
    expect(tunnelOf(text).authentication).toBe(authentication)
    expect(tunnelOf(text).expects).toBe(expects)
    expect(read(text).unread).toEqual([])
  })

  it('has a certificate and takes everything where nothing is said, and more than one round is another way', () => {
    const bare = connection().replace(/(local|remote) {\s+auth = psk\s+}/g, '')
    expect(tunnelOf(bare)).toMatchObject({ authentication: 'certificate', expects: 'unknown' })
    const rounds = connection().replace('remote {', 'local-2 {\nauth = eap\n}\nremote {')
    expect(tunnelOf(rounds)).toMatchObject({ authentication: 'other', expects: 'key' })
  })

  it('is known by what names it, or by its address', () => {
    const named = connection().replace('auth = psk', 'auth = psk\nid = "C=CH, CN=x"')
    expect([tunnelOf(named).local.identity, tunnelOf(named).remote.identity]).toEqual(['C=CH, CN=x', '%any'])
    expect(tunnelOf(connection()).local.identity).toBe('192.0.2.1')
    expect(tunnelOf(connection().replace('auth = psk', 'auth = pubkey')).local.identity).toBeUndefined()
  })

  it('is written on few lines, over other sections, or put together', () => {
    const few =
      'connections { gw { remote_addrs = 192.0.2.2\nlocal { auth = psk }\nchildren { a { local_ts = 10.1.0.0/24\nremote_ts = 10.2.0.0/24 } } } }'
    expect(pairsOf(few)).toEqual(['10.1.0.0/24 10.2.0.0/24 protect'])
    const twice = `${connection()}connections {\n gw {\n version = 1\n }\n}\n`
    expect(tunnelOf(twice)).toMatchObject({ versions: [1], children: [{ name: 'net' }] })
    const put = `base {\n version = 1\n children {\n  net {\n   start_action = trap\n  }\n }\n}\n${connection().replace('  gw {', '  gw : base {')}`
    expect(tunnelOf(put)).toMatchObject({ versions: [1], start: 'trap' })
    expect(read(put).unread).toEqual([])
  })

  it.each([
    ['a setting that nobody knows', 'what = 1', 'what = 1'],
    ['a value that nobody knows', 'version = 3', 'version = 3'],
    ['a file that is not there', 'include other.conf', 'include other.conf'],
    ['a section that nobody knows', 'other {\n}', 'other {'],
    ['another section that is not there', 'local : nowhere {\n}', 'local : nowhere'],
  ])('is doubtful with %s', (_, own, text) => {
    expect(tunnelOf(connection(own)).doubt?.what).toBe(text)
    expect(read(connection(own)).unread).toContainEqual({ line: 6, text, touches: 'tunnels', isPlaced: true })
  })
})

describe('a child', () => {
  it.each([
    [
      'lists',
      'local_ts = 10.1.0.0/24, 10.3.0.0/24\nremote_ts = 10.2.0.0/24',
      ['10.1.0.0/24 10.2.0.0/24 protect', '10.3.0.0/24 10.2.0.0/24 protect'],
    ],
    ['the addresses of the ends', '', ['192.0.2.1/32 192.0.2.2/32 protect']],
    [
      'ranges',
      'local_ts = 10.1.0.0-10.1.0.2\nremote_ts = 10.2.0.5',
      ['10.1.0.0/31 10.2.0.5/32 protect', '10.1.0.2/32 10.2.0.5/32 protect'],
    ],
    [
      'two families, each with its own',
      'local_ts = 10.1.0.0/24, fd01::/64\nremote_ts = 10.2.0.0/24, fd02::/64',
      ['10.1.0.0/24 10.2.0.0/24 protect', 'fd01::/64 fd02::/64 protect'],
    ],
    ['host bits', 'local_ts = 10.1.0.9/24\nremote_ts = 10.2.0.0/24', ['10.1.0.0/24 10.2.0.0/24 protect']],
    [
      'a pass that is trapped',
      'local_ts = 10.1.0.0/24\nremote_ts = 10.1.0.0/24\nmode = pass\nstart_action = trap',
      ['10.1.0.0/24 10.1.0.0/24 pass'],
    ],
    ['a pass that is not in the kernel', 'local_ts = 10.1.0.0/24\nremote_ts = 10.1.0.0/24\nmode = pass', []],
    [
      'a drop',
      'local_ts = 10.1.0.0/24\nremote_ts = 10.2.0.0/24\nmode = drop\nstart_action = trap\npriority = 9',
      ['10.1.0.0/24 10.2.0.0/24 drop'],
    ],
  ])('carries %s', (_, child, expected) => {
    expect(pairsOf(connection('', child))).toEqual(expected)
    expect(read(connection('', child)).unread).toEqual([])
  })

  it('carries one pair with IKEv1, and who knows which', () => {
    const child = 'local_ts = 10.1.0.0/24, 10.3.0.0/24\nremote_ts = 10.2.0.0/24'
    expect(tunnelOf(connection('version = 1', child)).doubt?.what).toBe('net: IKEv1 carries one pair of prefixes')
    expect(tunnelOf(connection('version = 1')).doubt).toBeUndefined()
  })

  it('carries one protocol or port, seen from here', () => {
    const [child] = tunnelOf(connection('', 'local_ts = 10.1.0.0/24[tcp/80]\nremote_ts = 10.2.0.0/24[tcp]')).children
    expect([child?.only?.protocol?.ranges, child?.only?.sourcePort?.ranges, child?.only?.destinationPort]).toEqual([
      [{ first: 6, last: 6 }],
      [{ first: 80, last: 80 }],
      undefined,
    ])
  })

  it.each([
    ['none', 'respond'],
    ['trap', 'trap'],
    ['start', 'initiate'],
    ['trap|start', 'initiate'],
  ])('starts by %s', (word, start) => {
    const text = connection(
      '',
      `local_ts = 10.1.0.0/24\nremote_ts = 10.2.0.0/24\nstart_action = ${word}\ndpd_action = restart`,
    )
    expect(tunnelOf(text)).toMatchObject({ start, deadPeer: { action: 'restart' } })
    expect(tunnelOf(text).children[0]?.start === 'trap').toBe(word.includes('trap'))
  })

  it.each([
    ['mark_out = 7'],
    ['if_id_out = 7'],
    ['updown = /etc/updown'],
    ['policies = no'],
    ['interface = eth0'],
    ['ah_proposals = sha256'],
    ['mode = beet'],
    ['remote_ts = 10.2.0.0/24[tcp/1-9]'],
    ['remote_ts = 10.2.0.0/24[icmp/2048]'],
    ['remote_ts = gw.example.net'],
    ['start_action = perhaps'],
  ])('is doubtful with %s', (setting) => {
    const text = connection('', `local_ts = 10.1.0.0/24\nremote_ts = 10.2.0.0/24\n${setting}`)
    expect(tunnelOf(text).doubt).toBeDefined()
    expect(read(text).unread).toMatchObject([{ touches: 'tunnels', isPlaced: true }])
  })

  it.each([
    'mark_in = 0',
    'updown = /usr/lib/ipsec/_updown iptables',
    'hw_offload = auto',
    'reqid = 7',
    'close_action = trap',
  ])('is not doubtful with %s', (setting) => {
    expect(read(connection('', `local_ts = 10.1.0.0/24\nremote_ts = 10.2.0.0/24\n${setting}`)).unread).toEqual([])
  })

  it.each([
    [
      'an xfrm interface',
      'if_id_in = 42\nif_id_out = 42',
      '7: xf0: <NOARP,UP> mtu 1438\n    link/none promiscuity 0\n    xfrm dev eth0 if_id 0x2a addrgenmode none\n',
    ],
    ['one that a command makes', 'if_id_in = 0x2a\nif_id_out = 42', 'ip link add xf0 type xfrm dev eth0 if_id 42\n'],
    [
      'a VTI',
      'mark_in = 42\nmark_out = 42',
      '7: xf0@NONE: <NOARP,UP> mtu 1438\n    link/ipip 192.0.2.1 peer 192.0.2.2\n    vti remote 192.0.2.2 local 192.0.2.1 ikey 0.0.0.42 okey 0.0.0.42\n',
    ],
    [
      'a VTI that a command makes',
      'mark_in = 42/0xffffffff\nmark_out = 42',
      'ip tunnel add xf0 mode vti local 192.0.2.1 remote 192.0.2.2 key 42\n',
    ],
  ])('leads through %s', (_, setting, link) => {
    const text = link + connection('', `local_ts = 0.0.0.0/0\nremote_ts = 0.0.0.0/0\n${setting}`)
    expect(tunnelOf(text).children).toMatchObject([{ through: { kind: 'route', interface: 'xf0' } }])
    expect(read(text)).toMatchObject({ unread: [], interfaces: [{ name: 'xf0', kind: 'virtual' }] })
  })

  const everything = 'local_ts = 0.0.0.0/0\nremote_ts = 0.0.0.0/0'

  it('is in doubt where its interface is not shown, and leads through the one that it may be', () => {
    const text = connection('', `${everything}\nif_id_in = 42\nif_id_out = 42`)
    const throughOf = (links: string) => tunnelOf(links + text)
    expect(throughOf('7: ipsec0@NONE: <NOARP,UP> mtu 1438\n')).toMatchObject({
      children: [{ through: { kind: 'route', interface: 'ipsec0' } }],
      doubt: { what: 'net: which interface has its if_id or mark (ip -d link)' },
    })
    expect(throughOf('').children).toMatchObject([{ through: { kind: 'route', interface: 'if_id 42' } }])
  })

  const vti = (remote: string) => `ip tunnel add xf0 mode vti local 192.0.2.1 remote ${remote} key 42\n`
  const quiet = 'charon {\n install_routes = no\n}\n'

  it.each([
    ['the routes of the daemon come before those into it', vti('192.0.2.2'), everything, '', "IKE daemon's own route"],
    ['it sends to another gateway', vti('192.0.2.3'), everything, quiet, 'sends to 192.0.2.3, not to 192.0.2.2'],
    ['the daemon makes no routes', vti('192.0.2.2'), everything, quiet, undefined],
    ['it sends to whatever gateway there is', vti('any'), everything, quiet, undefined],
    ['the daemon makes none without an address', vti('192.0.2.2'), 'local_ts = 10.1.0.0/24', '', undefined],
  ])('through a VTI: %s', (_, link, selectors, daemon, doubt) => {
    const marked = connection('remote_addrs = 192.0.2.2', `${selectors}\nmark_in = 42\nmark_out = 42`)
    const found = tunnelOf(daemon + link + marked).doubt?.what
    if (doubt === undefined) expect(found).toBeUndefined()
    else expect(found).toContain(doubt)
  })

  it('of a gateway for travellers carries what its pool holds, and nobody knows what when there is none', () => {
    const pool = 'pools {\n p {\n addrs = 10.3.0.0/24\n }\n}\n'
    const text = connection('remote_addrs = %any\npools = p', 'local_ts = 10.1.0.0/24')
    expect(pairsOf(pool + text)).toEqual(['10.1.0.0/24 10.3.0.0/24 protect'])
    expect(tunnelOf(text).doubt?.what).toBe('net: which addresses it carries')
    expect(tunnelOf(connection('remote_addrs = %any', 'local_ts = 10.1.0.0/24')).doubt).toBeDefined()
  })
})

describe('the plugin bypass-lan', () => {
  const plugin = (...settings: string[]) =>
    `charon {\n  plugins {\n    bypass-lan {\n${settings.join('\n')}\n    }\n  }\n}\n`
  const addresses = '2: eth0: <UP> mtu 1500\n    inet 10.1.0.1/24 scope global eth0\n'
  const own = '10.1.0.0/24 10.2.0.0/24 protect'

  it.each([
    ['passes the networks of interfaces by', plugin('load = yes'), addresses, [own, '10.1.0.0/24 10.1.0.0/24 pass'], 0],
    [
      'is in the list of all plugins',
      'charon {\n load = aes bypass-lan\n}\n',
      addresses,
      [own, '10.1.0.0/24 10.1.0.0/24 pass'],
      0,
    ],
    ['is not loaded', plugin('load = no'), addresses, [own], 0],
    ['is for some interfaces only', plugin('load = yes', 'interfaces_ignore = eth9'), addresses, [own], 1],
    ['passes what the text does not show', plugin('load = yes'), '', [own], 1],
  ])('that %s', (_, text, shown, pairs, count) => {
    expect(pairsOf(`${text}${connection()}${shown}`)).toEqual(pairs)
    expect(read(`${text}${connection()}${shown}`).unread.filter(({ touches }) => touches === 'tunnels').length).toBe(
      count,
    )
  })
})

describe('strongswan.conf', () => {
  it.each([
    ['says nothing', 'charon {\n}\n', 'own-address', 0],
    ['installs none', 'charon {\n  install_routes = no\n}\n', 'never', 0],
    ['installs none, in one line', 'charon-systemd { install_routes = no }\n', 'never', 0],
    ['uses its usual table', 'charon {\n  routing_table = 220\n}\n', 'own-address', 0],
    ['uses another table', 'charon {\n  routing_table = 100\n}\n', 'own-address', 1],
    [
      'passes the LAN by',
      'charon {\n  plugins {\n    bypass-lan {\n      load = yes\n    }\n  }\n}\n',
      'own-address',
      1,
    ],
    ['passes no LAN by', 'charon {\n  plugins {\n    bypass-lan {\n      load = no\n    }\n  }\n}\n', 'own-address', 0],
    [
      'passes some LANs by',
      'charon {\n  plugins {\n    bypass-lan {\n      load = yes\n      interfaces_use = eth0\n    }\n  }\n}\n',
      'own-address',
      1,
    ],
    [
      'routes into interfaces',
      'charon {\n  plugins {\n    kernel-netlink {\n      install_routes_xfrmi = yes\n    }\n  }\n}\n',
      'own-address',
      1,
    ],
    ['loads a plugin with policies', 'charon {\n  load = random aes sha1 connmark\n}\n', 'own-address', 1],
  ])('that %s', (_, text, installsRoutes, count) => {
    const { unread, ...device } = read(text)
    expect(device.installsRoutes).toBe(installsRoutes)
    expect(device.installDoubt === undefined).toBe(text.includes('install_routes ='))
    expect(unread.length).toBe(count)
  })
})
