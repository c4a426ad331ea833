import { describe, expect, it } from 'vitest'
import { readDevice } from '../read-device.ts'

const read = (text: string) => readDevice(text).device

describe('interfaces', () => {
  const shown = (text: string) =>
    read(text).interfaces.map(({ name, kind, table, addresses }) => {
      const known = addresses.map((one) => (one.kind === 'known' ? `${one.address} in ${one.network}` : one.kind))
      return `${name} ${kind} ${table} ${known}`
    })

  it.each([
    [
      'ip address',
      '2: eth0@if7: <BROADCAST,UP> mtu 1500 qdisc noqueue state UP\n    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff\n    altname enp0s3\n    inet 192.0.2.1/24 brd 192.0.2.255 scope global dynamic eth0\n       valid_lft 86000sec preferred_lft 86000sec\n',
      ['eth0 physical main 192.0.2.1 in 192.0.2.0/24'],
    ],
    [
      'its one-line form',
      '2: eth0    inet 192.0.2.1/24 brd 192.0.2.255 scope global eth0\\       valid_lft forever preferred_lft forever\n',
      ['eth0 physical main 192.0.2.1 in 192.0.2.0/24'],
    ],
    [
      'its brief form',
      'eth0@if7         UP             192.0.2.1/24 fd00::1/64\n',
      ['eth0 physical main 192.0.2.1 in 192.0.2.0/24,fd00::1 in fd00::/64'],
    ],
    [
      'a peer’s address',
      '5: ppp0: <POINTOPOINT,UP> mtu 1492\n    inet 192.0.2.7 peer 192.0.2.254/32 scope global ppp0\n',
      ['ppp0 physical main 192.0.2.7 in 192.0.2.254/32'],
    ],
    [
      'commands',
      '# ip link add dummy0 type dummy\nip link add wg0 type wireguard\nip -4 address add 10.5.0.1/24 dev wg0\nip link set wg0 up\n',
      ['wg0 far main 10.5.0.1 in 10.5.0.0/24'],
    ],
    ['the loopback by its flag', '1: lo0: <LOOPBACK,UP> mtu 65536\n', ['lo0 loopback main ']],
    [
      'a VRF and who belongs to it',
      '3: red: <NOARP,MASTER,UP> mtu 65575\n    link/ether 02:00:00:00:00:02 brd ff:ff:ff:ff:ff:ff promiscuity 0\n    vrf table 200 addrgenmode eui64\n4: eth2: <BROADCAST,UP> mtu 1500 qdisc fq master red state UP\n    inet 10.7.0.1/24 scope global eth2\n',
      ['red loopback 200 ', 'eth2 physical 200 10.7.0.1 in 10.7.0.0/24'],
    ],
    [
      'GRE by its details',
      '9: tunnel7@NONE: <POINTOPOINT,NOARP,UP> mtu 1476\n    link/gre 192.0.2.1 peer 192.0.2.2\n    gre remote 192.0.2.2 local 192.0.2.1 ttl inherit\n',
      ['tunnel7 far main '],
    ],
  ])('are known from %s', (_, text, expected) => {
    expect(shown(text)).toEqual(expected)
    expect(read(text).unread).toEqual([])
  })
})

it('networks of interfaces that are switched off are not reached', () => {
  const link = '2: eth1: <BROADCAST,MULTICAST> mtu 1500\n    inet 10.1.0.1/24 scope global eth1\n'
  expect(read(link).unread).toMatchObject([{ line: 1, touches: 'routes' }])
  expect(read(link.replace('MULTICAST', 'UP')).unread).toEqual([])
})

describe('routes', () => {
  const shown = (text: string) =>
    read(text).routes.map(({ table, prefix, to, distance }) => {
      const way =
        to.kind === 'via'
          ? `via ${to.address} ${to.interface ?? '-'}`
          : to.kind === 'interface'
            ? to.interface
            : to.kind
      return `${table} ${prefix} ${way} ${distance}`
    })

  it.each([
    [
      'with a metric',
      'default via 192.0.2.254 dev eth0 proto dhcp metric 100',
      ['main 0.0.0.0/0 via 192.0.2.254 eth0 100'],
    ],
    [
      'that lead nowhere',
      'blackhole 10.0.0.0/8 metric 254\nunreachable 10.1.0.0/16\nprohibit 10.2.0.0/16',
      ['main 10.0.0.0/8 nowhere 254', 'main 10.1.0.0/16 nowhere 0', 'main 10.2.0.0/16 nowhere 0'],
    ],
    [
      'over several next hops',
      '10.9.0.0/16 proto static metric 20\n\tnexthop via 10.1.0.2 dev eth1 weight 1\n\tnexthop dev ppp0 weight 1',
      ['main 10.9.0.0/16 via 10.1.0.2 eth1 20', 'main 10.9.0.0/16 ppp0 20'],
    ],
    [
      'of other tables, but not of the one for own addresses',
      '10.9.0.0/16 dev xfrm1 table 100\nlocal 10.1.0.1 dev eth1 table local proto kernel scope host src 10.1.0.1\nbroadcast 10.1.0.255 dev eth1 table 255 proto kernel scope link',
      ['100 10.9.0.0/16 xfrm1 0'],
    ],
    [
      'of commands',
      'ip route add 10.9.0.0/16 via 192.0.2.9\nip -6 route replace default dev eth0\nip route add 10.8.0.0/16 nexthop via 10.1.0.2 nexthop via 10.1.0.3',
      [
        'main 10.9.0.0/16 via 192.0.2.9 - 0',
        'main ::/0 eth0 0',
        'main 10.8.0.0/16 via 10.1.0.2 - 0',
        'main 10.8.0.0/16 via 10.1.0.3 - 0',
      ],
    ],
    [
      'that are not in use, and answers to questions',
      '10.9.0.0/16 via 10.1.0.2 dev eth1 dead linkdown\n10.2.0.7 via 192.0.2.254 dev eth0 src 192.0.2.1 uid 0\n    cache',
      [],
    ],
  ])('are read %s', (_, text, expected) => {
    expect(shown(text)).toEqual(expected)
    expect(read(text).unread).toEqual([])
  })

  it('to networks of interfaces are those of the interfaces', () => {
    const link = '2: eth1: <UP> mtu 1500\n    inet 10.1.0.1/24 scope global eth1\n'
    expect(shown(`${link}10.1.0.0/24 dev eth1 proto kernel scope link src 10.1.0.1\n`)).toEqual([])
    expect(shown('10.1.0.0/24 dev eth1 proto kernel scope link src 10.1.0.1\n')).toEqual(['main 10.1.0.0/24 eth1 0'])
  })

  it('of another table may leave it to the next one, behind the main table there is none', () => {
    expect(shown('throw 10.0.0.0/8 table 100\nthrow 10.1.0.0/16\n')).toEqual([
      '100 10.0.0.0/8 next-table 0',
      'main 10.1.0.0/16 nowhere 0',
    ])
  })

  it.each([
    [
      'are all that there are with the network of each interface',
      '10.1.0.0/24 dev eth1 proto kernel scope link\n',
      true,
    ],
    ['may be a part without it', '10.9.0.0/16 via 10.1.0.2 dev eth1\n', false],
    ['may be a part without the network of one', '10.2.0.0/24 dev eth2 proto kernel scope link\n', false],
  ])('%s', (_, routes, expected) => {
    const links =
      '2: eth1: <UP> mtu 1500\n    inet 10.1.0.1/24 scope global eth1\n3: dummy0: <UP> mtu 1500\n    inet 10.3.0.1/24 scope global dummy0\n'
    expect(read(`${links}${routes}`).wholeTables?.includes(4)).toBe(expected)
  })

  it.each(['ip route del 10.0.0.0/8', 'ip route add 10.0.0.0/8 what'])(
    'name what they do not understand: %s',
    (text) => {
      expect(read(text).unread).toMatchObject([{ line: 1, touches: 'routes', isPlaced: false }])
    },
  )
})

describe('rules for tables', () => {
  const table = '10.9.0.0/16 dev xfrm1 table 100\n'
  const shown = (text: string) =>
    read(text).steering.map(
      ({ match, to, doubt }) => `${Object.keys(match)} ${to.kind === 'table' ? to.table : '?'}${doubt ? ' ?' : ''}`,
    )

  it('stand by priority, up to the main table', () => {
    const rules =
      '0:\tfrom all lookup local\n220:\tfrom all lookup 220\n1000:\tfrom all lookup [l3mdev-table]\n32765:\tfrom 10.1.0.0/24 to 10.9.0.0/16 iif eth1 lookup 100\n32764:\tfrom all ipproto tcp dport 22 lookup 100\n32766:\tfrom all lookup main\n32767:\tfrom all lookup default\n'
    expect(shown(table + rules)).toEqual(['protocol,destinationPort 100', 'source,destination,in 100'])
    expect(read(table + rules).unread).toEqual([])
  })

  it.each([
    ['a mark', '100:\tfrom all fwmark 0x1 lookup 100', [' 100 ?']],
    ['another condition', '100:\tnot from all iif eth1 lookup 100', ['in 100 ?']],
    ['no table', '100:\tfrom 10.1.0.0/24 blackhole', ['source ? ?']],
    ['a table that is not shown', '100:\tfrom 10.1.0.0/24 lookup 7', ['source 7 ?']],
    ['a command', 'ip rule add from 10.1.0.0/24 table 100 pref 50', ['source 100']],
  ])('keep their place with %s', (_, rule, expected) => {
    expect(shown(table + rule)).toEqual(expected)
  })

  it('do not ask what the gateway itself sends', () => {
    expect(shown(`${table}100:\tfrom all iif lo lookup 100\n101:\tfrom all oif eth1 lookup 100\n`)).toEqual([])
  })

  it('ask strongSwan’s table first where its routes are shown', () => {
    const route = '10.2.0.0/16 via 192.0.2.254 dev eth0 table 220 proto static src 10.1.0.1\n'
    expect(shown(route)).toEqual([' 220'])
    expect(read(route)).toMatchObject({ installsRoutes: 'own-address' })
    expect(read(route).installDoubt).toBeUndefined()
    expect(read(route.replace(' table 220', '')).installDoubt?.what).toContain('install_routes')
  })
})

describe('policies of the kernel', () => {
  const child =
    'connections {\ngw {\nlocal_addrs = 192.0.2.1\nremote_addrs = 192.0.2.2\nchildren {\nn {\nlocal_ts = 10.1.0.0/24\nremote_ts = 10.2.0.0/24\n}\n}\n}\n}\n'
  const policy =
    'src 10.1.0.0/24 dst 10.2.0.0/24 \n\tdir out priority 375423 \n\ttmpl src 192.0.2.1 dst 192.0.2.2\n\t\tproto esp spi 0xc0000001 reqid 1 mode tunnel\n'

  it('are explained by children, or named', () => {
    expect(read(child + policy).unread).toEqual([])
    expect(read(child + policy.replace('10.1.0.0/24', '10.1.0.128/25')).unread).toEqual([])
    expect(read(policy).unread).toMatchObject([{ line: 1, touches: 'tunnels', isPlaced: false }])
  })

  const forward =
    'src 10.2.0.0/24 dst 10.1.0.0/24 \n\tdir fwd priority 375423 \n\ttmpl src 192.0.2.2 dst 192.0.2.1\n\t\tproto esp reqid 1 mode tunnel\n'
  const incoming = 'src 10.2.0.0/24 dst 10.1.0.0/24 \n\tdir in action block priority 1 ptype main \n'
  const socket = 'src 0.0.0.0/0 dst 0.0.0.0/0 \n\tsocket out priority 0 ptype main \n'
  const shunt = (direction: string, rest: string) =>
    `src 10.1.0.0/24 dst 10.2.0.0/24 \n\tdir ${direction} ${rest}priority 100 \n`
  const ofMode = (kind: string) => child.replace('remote_ts', `mode = ${kind}\nstart_action = trap\nremote_ts`)

  it.each([
    ['both ways', child, policy + forward],
    ['a way out of what is forwarded (policies_fwd_out)', child, policy.replace('dir out', 'dir fwd')],
    ['what is for the gateway itself', child, incoming],
    ['what sockets have', child, socket],
    ['what a child drops', ofMode('drop'), shunt('out', 'action block ')],
    ['what a child passes', ofMode('pass'), shunt('out', '')],
    ['a peer of which only the name is known', child.replace('= 192.0.2.2', '= vpn.example.net'), policy],
  ])('are explained: %s', (_, connection, text) => {
    expect(read(connection + text).unread).toEqual([])
  })

  it.each([
    ['one that blocks some of it', shunt('out', 'action block ').replace('10.2.0.0/24', '10.2.0.9/32')],
    ['one that blocks all of it', shunt('out', 'action block ')],
    ['one that blocks what arrives', forward.replace('fwd', 'fwd action block')],
    ['one that sends in clear', shunt('out', '')],
    ['one that sends some of it in clear', shunt('out', '').replace('10.2.0.0/24', '10.2.0.9/32')],
    ['one that needs no tunnel', policy.replace('mode tunnel', 'mode tunnel\n\t\tlevel use')],
    ['one that takes what arrives in clear only', shunt('fwd', '')],
    ['one that leads to another peer', policy.replaceAll('192.0.2.2', '192.0.2.9')],
  ])('are named: %s', (_, text) => {
    const named = [{ line: 1, touches: 'tunnels', isPlaced: false }]
    expect(read(text + child).unread).toMatchObject(named)
  })

  it('show nothing of the keys beside them', () => {
    const state =
      'src 192.0.2.1 dst 192.0.2.2\n\tproto esp spi 0xc0000001 reqid 1 mode tunnel\n\taead rfc4106(gcm(aes)) 0x00112233445566778899aabbccddeeff00112233 128\n'
    expect(JSON.stringify(read(state))).not.toContain('00112233')
  })
})
