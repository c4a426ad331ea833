import type { DeviceRoute } from '@natplan/core'
import { describe, expect, it } from 'vitest'
import { readShownTables } from './shown-routes.ts'

function shown({ table, prefix, to, distance, line, doubt }: DeviceRoute): string {
  const way = to.kind === 'via' ? `${to.address} ${to.interface ?? '?'}` : to.kind === 'interface' ? to.interface : '-'
  return `${line} ${table} ${prefix} ${way} ${distance}${doubt ? ' ?' : ''}`
}

function read(...lines: readonly string[]) {
  const { routes, unread, ...rest } = readShownTables(lines.join('\n'))
  return { ...rest, routes: routes.map(shown), unread: unread.map(({ line }) => line) }
}

const legend = [
  'Codes: K - kernel route, C - connected, S - static, R - RIP,',
  '       O - OSPF, I - IS-IS, B - BGP, E - EIGRP, N - NHRP,',
  '       > - selected route, * - FIB route, q - queued, r - rejected, b - backup',
  '       t - trapped, o - offload failure',
  '',
]

describe('readShownTables', () => {
  it.each([
    ['a next hop', 'S>* 0.0.0.0/0 [1/0] via 192.0.2.1, eth0, weight 1, 01:02:03', '6 main 0.0.0.0/0 192.0.2.1 eth0 1'],
    ['no interface', 'B>* 10.2.0.0/16 [20/0] via 192.0.2.1', '6 main 10.2.0.0/16 192.0.2.1 ? 20'],
    ['neighbours', 'C>* 10.1.0.0/16 is directly connected, eth1, 01:02:03', '6 main 10.1.0.0/16 eth1 0'],
    ['one that drops', 'S>* 10.0.0.0/8 [254/0] unreachable (blackhole), weight 1, 00:01:02', '6 main 10.0.0.0/8 - 254'],
    ['one that refuses', 'K>* 10.0.0.0/8 [0/0] unreachable (ICMP unreachable), 00:01:02', '6 main 10.0.0.0/8 - 0'],
    ['the null interface', 'S>* 10.0.0.0/8 [1/0] is directly connected, Null0, bh', '6 main 10.0.0.0/8 - 1'],
    ['an area', 'O IA *> 10.3.0.0/16 [110/20] via 10.1.0.2, eth1, 00:00:12', '6 main 10.3.0.0/16 10.1.0.2 eth1 110'],
    ['blanks', 'S    *> 0.0.0.0/0 [1/0] via 192.0.2.1, eth0', '6 main 0.0.0.0/0 192.0.2.1 eth0 1'],
    ['IPv6', 'B>* 2001:db8::/32 [20/0] via fe80::1, eth0, weight 1, 1d02h03m', '6 main 2001:db8::/32 fe80::1 eth0 20'],
    [
      'a found hop',
      'B>* 10.4.0.0/16 [200/0] via 10.9.0.2 (recursive via 192.0.2.1), 1w',
      '6 main 10.4.0.0/16 192.0.2.1 ? 200',
    ],
    [
      'a label',
      'B>* 10.5.0.0/16 [20/0] via 192.0.2.1, eth0, label 16, 00:00:01',
      '6 main 10.5.0.0/16 192.0.2.1 eth0 20 ?',
    ],
  ])('reads a route of a daemon with %s', (_, line, expected) => {
    expect(read(...legend, line)).toEqual({ by: 'daemon', own: [], routes: [expected], unread: [] })
  })

  it('reads several ways of one route, and of a found one only those in use', () => {
    const { routes, unread } = read(
      'B>* 10.2.0.0/16 [20/0] via 10.9.0.2, vti0, weight 1, 00:01:02',
      '  *                    via 10.9.0.6, vti1, weight 1, 00:01:02',
      'B>  10.3.0.0/16 [200/0] via 10.8.0.1 (recursive), weight 1, 00:01:02',
      '  *                       via 192.0.2.1, eth0, weight 1, 00:01:02',
      'O    *> 10.4.0.0/16 [110/2] via 10.9.0.2, eth1, 00:00:12',
      '                    [110/2] via 10.9.0.6, eth2, 00:00:12',
    )
    expect(unread).toEqual([])
    expect(routes).toEqual([
      '1 main 10.2.0.0/16 10.9.0.2 vti0 20',
      '2 main 10.2.0.0/16 10.9.0.6 vti1 20',
      '4 main 10.3.0.0/16 192.0.2.1 eth0 200',
      '5 main 10.4.0.0/16 10.9.0.2 eth1 110',
      '6 main 10.4.0.0/16 10.9.0.6 eth2 110',
    ])
  })

  it('keeps what is not used as a backup only, and what is inactive or its own not at all', () => {
    const { routes } = read(
      'S   0.0.0.0/0 [10/0] via 198.51.100.1, eth2, weight 1, 00:01:02',
      'S>* 0.0.0.0/0 [1/0] via 192.0.2.1, eth0, weight 1, 00:01:02',
      'S   10.2.0.0/16 [1/0] via 10.9.0.2 inactive, weight 1, 00:01:02',
      'O   10.3.0.0/16 [110/1] via 10.1.0.2, eth1, 00:01:02',
      'S>r 10.4.0.0/16 [1/0] via 10.1.0.2, eth1, 00:01:02',
      'L>* 10.1.0.1/32 is directly connected, eth1, 00:01:02',
    )
    expect(routes).toEqual(['2 main 0.0.0.0/0 192.0.2.1 eth0 1', '1 main 0.0.0.0/0 198.51.100.1 eth2 10'])
  })

  it('knows the tables of VRFs, and names what it does not understand', () => {
    const { routes, unread } = read(
      'vyos@gw:~$ show ip route vrf all',
      'VRF default:',
      'S>* 0.0.0.0/0 [1/0] via 192.0.2.1, eth0',
      'VRF blue:',
      'S>* 0.0.0.0/0 [1/0] via 198.51.100.1, eth2',
      'VRF default table 100:',
      'S>* 10.9.0.0/16 [1/0] via 198.51.100.9, eth2',
      'S>* 10.8.0.0/16 [1/0] by carrier pigeon',
    )
    expect(routes).toEqual([
      '3 main 0.0.0.0/0 192.0.2.1 eth0 1',
      '5 vrf blue 0.0.0.0/0 198.51.100.1 eth2 1',
      '7 100 10.9.0.0/16 198.51.100.9 eth2 1',
    ])
    expect(unread).toEqual([8])
  })

  it('reads all tables of a kernel, and which addresses are its own', () => {
    const { by, routes, own, unread } = read(
      'root@gw:~# ip route show table all',
      'default via 192.0.2.1 dev eth0 proto dhcp src 192.0.2.9 metric 100',
      '10.1.0.0/16 dev eth1 proto kernel scope link src 10.1.0.1',
      '10.2.0.0/16 via 192.0.2.1 dev eth0 table 220 proto static',
      'blackhole 10.0.0.0/8',
      '10.7.0.0/16 via 10.1.0.2 dev eth1 dead linkdown',
      'default via 198.51.100.1 dev eth2 table 100',
      'local 10.1.0.1 dev eth1 table local proto kernel scope host src 10.1.0.1',
      'what is this',
    )
    expect([by, unread, own.map(String)]).toEqual(['kernel', [9], ['192.0.2.9', '10.1.0.1', '10.1.0.1']])
    expect(routes).toEqual([
      '2 main 0.0.0.0/0 192.0.2.1 eth0 100',
      '3 main 10.1.0.0/16 eth1 0',
      '5 main 10.0.0.0/8 - 0',
      '7 100 0.0.0.0/0 198.51.100.1 eth2 0',
    ])
  })
})
