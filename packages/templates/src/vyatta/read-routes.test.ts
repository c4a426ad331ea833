import type { Device } from '@natplan/core'
import { describe, expect, it } from 'vitest'
import { dialect as edgeos } from '../platforms/edgeos/view.ts'
import { dialect as vyatta5400 } from '../platforms/vyatta-5400/view.ts'
import { dialect as vyatta5600 } from '../platforms/vyatta-5600/view.ts'
import { dialect as vyos13 } from '../platforms/vyos-1.3/view.ts'
import { dialect as vyos14 } from '../platforms/vyos-1.4/view.ts'
import type { VyattaDialect } from './dialect.ts'
import { readVyattaDevice } from './read-device.ts'

function deviceOf(dialect: VyattaDialect, lines: readonly string[]): Device {
  return readVyattaDevice(lines.map((line) => `set ${line}\n`).join(''), dialect).device
}

function routeTexts({ routes }: Device): string[] {
  return routes.map(({ table, prefix, to, distance, doubt }) =>
    [table, prefix, hopText(to), distance, ...(doubt ? ['?'] : [])].join(' '),
  )
}

function hopText(to: Device['routes'][number]['to']): string {
  if (!('interface' in to)) return to.kind
  return to.kind === 'interface' ? to.interface : `${to.address}${to.interface ? `@${to.interface}` : ''}`
}

const static_ = 'protocols static'

describe('routes', () => {
  it.each<[string, VyattaDialect, readonly string[], readonly string[]]>([
    ['to a next hop', vyos14, [`${static_} route 10.9.0.0/16 next-hop 10.1.0.254`], ['main 10.9.0.0/16 10.1.0.254 1']],
    [
      'with a distance',
      vyos14,
      [`${static_} route 0.0.0.0/0 next-hop 203.0.113.254 distance 200`],
      ['main 0.0.0.0/0 203.0.113.254 200'],
    ],
    [
      'to several',
      vyos14,
      [`${static_} route 10.9.0.0/16 next-hop 10.1.0.254`, `${static_} route 10.9.0.0/16 next-hop 10.1.0.253`],
      ['main 10.9.0.0/16 10.1.0.254 1', 'main 10.9.0.0/16 10.1.0.253 1'],
    ],
    [
      'to a hop on an interface',
      vyos14,
      [`${static_} route 10.9.0.0/16 next-hop 10.1.0.254 interface eth1`],
      ['main 10.9.0.0/16 10.1.0.254@eth1 1'],
    ],
    [
      'to one hop on several interfaces and on any',
      vyos14,
      ['', ' interface eth1', ' interface eth2'].map(
        (end, at) => `${static_} route 10.${at}.0.0/16 next-hop 10.1.0.254${end}`,
      ),
      ['main 10.0.0.0/16 10.1.0.254 1', 'main 10.1.0.0/16 10.1.0.254@eth1 1', 'main 10.2.0.0/16 10.1.0.254@eth2 1'],
    ],
    ['to an interface', vyos14, [`${static_} route 10.9.0.0/16 interface vti1`], ['main 10.9.0.0/16 vti1 1']],
    [
      'to an interface in the older form',
      vyos13,
      [`${static_} interface-route 10.9.0.0/16 next-hop-interface vti1 distance 5`],
      ['main 10.9.0.0/16 vti1 5'],
    ],
    ['over DHCP', vyos14, [`${static_} route 0.0.0.0/0 dhcp-interface eth0`], ['main 0.0.0.0/0 eth0 1']],
    [
      'to a blackhole',
      vyos14,
      [`${static_} route 10.9.0.0/16 blackhole distance 254`],
      ['main 10.9.0.0/16 nowhere 254'],
    ],
    ['that are refused', vyos14, [`${static_} route 10.9.0.0/16 reject`], ['main 10.9.0.0/16 nowhere 1']],
    [
      'into nothing behind a hop',
      vyos14,
      [`${static_} route 10.9.0.0/16 next-hop 10.1.0.254`, `${static_} route 10.9.0.0/16 blackhole distance 254`],
      ['main 10.9.0.0/16 10.1.0.254 1', 'main 10.9.0.0/16 nowhere 254'],
    ],
    [
      'with host bits, which the device drops',
      vyos13,
      [`${static_} route 10.9.1.2/16 next-hop 10.1.0.254`],
      ['main 10.9.0.0/16 10.1.0.254 1'],
    ],
    ['without hops that are switched off', vyos14, [`${static_} route 10.9.0.0/16 next-hop 10.1.0.254 disable`], []],
    [
      'of other tables',
      vyos14,
      [`${static_} table 10 route 0.0.0.0/0 next-hop 192.0.2.1`],
      ['10 0.0.0.0/0 192.0.2.1 1'],
    ],
    [
      'of a VRF, which is a table',
      vyos14,
      ['vrf name RED table 100', `vrf name RED ${static_} route 0.0.0.0/0 interface vti0`],
      ['100 0.0.0.0/0 vti0 1'],
    ],
    [
      'of a routing instance',
      vyatta5600,
      [`routing routing-instance RED ${static_} route 0.0.0.0/0 next-hop 192.0.2.1`],
      ['routing-instance RED 0.0.0.0/0 192.0.2.1 1'],
    ],
    [
      'into another VRF are not followed',
      vyos14,
      [`${static_} route 10.9.0.0/16 next-hop 10.1.0.254 vrf RED`],
      ['main 10.9.0.0/16 10.1.0.254 1 ?'],
    ],
    [
      'that depend on checks are not known to be there',
      vyos14,
      ['protocols failover route 10.9.0.0/16 next-hop 10.1.0.254 check target 10.1.0.1'],
      ['main 10.9.0.0/16 10.1.0.254 1 ?'],
    ],
    [
      'by default, of Vyatta and EdgeOS',
      vyatta5400,
      ['system gateway-address 203.0.113.254'],
      ['main 0.0.0.0/0 203.0.113.254 1'],
    ],
    ['of IPv6', vyos14, [`${static_} route6 fd00:9::/64 next-hop fd00:1::1`], ['main fd00:9::/64 fd00:1::1 1']],
  ])('%s', (_, dialect, lines, expected) => {
    const device = deviceOf(dialect, lines)
    expect(routeTexts(device)).toEqual(expected)
    expect(device.unread.every(({ isPlaced }) => isPlaced)).toBe(true)
    expect(device.unread).toHaveLength(expected.some((text) => text.endsWith('?')) ? 1 : 0)
  })

  it('to an interface that is switched off are not in force', () => {
    const route = 'protocols static route 10.9.0.0/16 interface vti1'
    expect(routeTexts(deviceOf(vyos14, [route, 'interfaces vti vti1 disable']))).toEqual([])
    expect(routeTexts(deviceOf(vyos14, [route, 'interfaces vti vti1 mtu 1400']))).toHaveLength(1)
  })

  it.each<[string, readonly string[], readonly string[]]>([
    [
      'are learned',
      ['protocols bgp 65000 neighbor 10.1.0.254 remote-as 65001', 'protocols bgp 65000 parameters router-id 10.1.0.1'],
      ['set protocols bgp 65000 neighbor 10.1.0.254 remote-as 65001'],
    ],
    [
      'are learned in a VRF',
      ['vrf name RED protocols ospf area 0 network 10.0.0.0/8'],
      ['set vrf name RED protocols ospf area 0 network 10.0.0.0/8'],
    ],
    [
      'are for something that is no prefix',
      [`${static_} route SITE next-hop 10.1.0.254`],
      [`set ${static_} route SITE next-hop 10.1.0.254`],
    ],
    ['come by a protocol that nobody knows', ['protocols telepathy enable'], ['set protocols telepathy enable']],
  ])('make the device doubtful where they %s', (_, lines, expected) => {
    const { unread } = deviceOf(vyos14, lines)
    expect(unread.map(({ text }) => text)).toEqual(expected)
    expect(unread.every(({ touches, isPlaced }) => touches === 'routes' && !isPlaced)).toBe(true)
  })

  it.each([
    ['neighbours', `${static_} arp 10.1.0.9 hwaddr 52:54:00:12:34:56`],
    ['multicast', 'protocols igmp-proxy interface eth0 role upstream'],
    ['lists for routes', 'policy prefix-list P rule 1 prefix 10.0.0.0/8'],
    ['IPv6, which no tunnel carries', 'protocols ospfv3 area 0 interface eth0'],
  ])('are not made by %s', (_, line) => {
    expect(deviceOf(vyos14, [line]).unread).toEqual([])
  })
})

describe('interfaces', () => {
  it('have a kind, networks, and VLANs and sessions of their own', () => {
    const { interfaces } = deviceOf(vyos14, [
      'interfaces ethernet eth0 address dhcp',
      'interfaces ethernet eth1 address 10.1.0.1/24',
      'interfaces ethernet eth1 vif 20 address 10.2.0.1/24',
      'interfaces ethernet eth2 vif-s 5 vif-c 6 address 10.3.0.1/24',
      'interfaces ethernet eth3 pppoe 0 default-route auto',
      'interfaces bonding bond0 vrf RED',
      'interfaces dummy dum0 address 192.0.2.9/32',
      'interfaces tunnel tun0 address 10.77.0.1/30',
      'interfaces virtual-ethernet veth0 address 169.254.77.0/31',
      'interfaces vti vti0 address 169.254.1.1/30',
      'interfaces openvpn vtun0 server subnet 10.88.0.0/24',
      'vrf name RED table 100',
      'container network APP prefix 10.66.0.0/24',
    ])
    expect(
      interfaces.map(({ name, kind, table, addresses }) =>
        [
          name,
          kind,
          table,
          ...addresses.map((one) => (one.kind === 'known' ? `${one.address} ${one.network}` : '?')),
        ].join(' '),
      ),
    ).toEqual([
      'eth0 physical main ?',
      'eth1 physical main 10.1.0.1 10.1.0.0/24',
      'eth1.20 physical main 10.2.0.1 10.2.0.0/24',
      'eth2 physical main',
      'eth2.5 physical main',
      'eth2.5.6 physical main 10.3.0.1 10.3.0.0/24',
      'eth3 physical main',
      'pppoe0 physical main ?',
      'bond0 physical 100',
      'dum0 loopback main 192.0.2.9 192.0.2.9/32',
      'tun0 far main 10.77.0.1 10.77.0.0/30',
      'veth0 far main 169.254.77.0 169.254.77.0/31',
      'vti0 virtual main 169.254.1.1 169.254.1.0/30',
      'vtun0 far main 10.88.0.1 10.88.0.0/24',
      'pod-APP physical main 10.66.0.1 10.66.0.0/24',
    ])
  })

  it.each<[string, VyattaDialect, readonly string[], readonly string[]]>([
    [
      'of a redundant pair',
      vyos14,
      [
        'interfaces ethernet eth1 mtu 1500',
        'high-availability vrrp group G interface eth1',
        'high-availability vrrp group G address 10.1.0.254/24',
      ],
      ['10.1.0.254'],
    ],
    [
      'in the older form',
      vyatta5600,
      ['interfaces dataplane eth1 vrrp vrrp-group 1 virtual-address 10.1.0.254/24'],
      ['10.1.0.254'],
    ],
    [
      'of a cluster',
      vyatta5400,
      ['interfaces ethernet eth1 mtu 1500', 'cluster group G service 10.1.0.254/24/eth1'],
      ['10.1.0.254'],
    ],
    ['that is no address is not known', vyos14, ['interfaces ethernet eth1 address 10.1.x.1/24'], ['?']],
    ['of IPv6 by itself is none here', vyos14, ['interfaces ethernet eth1 address dhcpv6'], []],
    [
      'of one that is switched off',
      vyos14,
      ['interfaces ethernet eth1 address 10.1.0.1/24', 'interfaces ethernet eth1 disable'],
      [],
    ],
  ])('an address %s', (_, dialect, lines, expected) => {
    const addresses = deviceOf(dialect, lines).interfaces.flatMap((one) => one.addresses)
    expect(addresses.map((one) => (one.kind === 'known' ? one.address.toString() : '?'))).toEqual(expected)
  })

  it('say nothing else that packets would notice, or what it is', () => {
    const lines = ['interfaces ethernet eth1 description LAN', 'interfaces ethernet eth1 vif 5 mtu 1400']
    expect(deviceOf(vyos14, lines).unread).toEqual([])
    expect(deviceOf(vyos14, [...lines, 'interfaces ethernet eth1 wormhole enable']).unread).toMatchObject([
      { text: 'set interfaces ethernet eth1 wormhole enable', touches: 'anything', isPlaced: false },
    ])
  })
})

describe('steering', () => {
  function steeringTexts({ steering }: Device): string[] {
    return steering.map(({ match, asked, to, doubt }) =>
      [
        asked,
        ...(match.in ? [match.in.names.join('+')] : []),
        to.kind === 'table' ? to.table : 'unknown',
        ...(match.unknown === undefined ? [] : [`(${match.unknown})`]),
        ...(doubt ? ['?'] : []),
      ].join(' '),
    )
  }

  it.each<[string, VyattaDialect, readonly string[], readonly string[]]>([
    [
      'by the interface that a set of VyOS names',
      vyos14,
      [
        'policy route P interface eth1',
        'policy route P interface eth2',
        'policy route P rule 10 source address 10.1.0.0/24',
        'policy route P rule 10 set table 10',
      ],
      ['before-translation eth1+eth2 10'],
    ],
    [
      'by the set that an interface names, in the order of the numbers',
      vyos13,
      [
        'interfaces ethernet eth1 policy route P',
        'policy route P rule 20 set table 10',
        'policy route P rule 3 set table main',
      ],
      ['before-translation eth1 main', 'before-translation eth1 10'],
    ],
    [
      'by a rule of EdgeOS, whose accepted packets go by the main table',
      edgeos,
      [
        'interfaces ethernet eth1 firewall in modify M',
        'firewall modify M rule 1 action accept',
        'firewall modify M rule 1 destination address 10.0.0.0/8',
        'firewall modify M rule 2 action modify',
        'firewall modify M rule 2 modify table 1',
        'firewall modify M rule 3 action modify',
        'firewall modify M rule 3 modify lb-group G',
        'load-balance group G interface eth0 weight 50',
      ],
      ['before-translation eth1 main', 'before-translation eth1 1', 'before-translation eth1 unknown ?'],
    ],
    [
      'by a set of the 5600',
      vyatta5600,
      [
        'interfaces dataplane dp0s3 policy route pbr P',
        'policy route pbr P rule 1 action accept',
        'policy route pbr P rule 1 table 10',
        'policy route pbr P rule 1 address-family ipv4',
      ],
      ['before-translation dp0s3 10'],
    ],
    [
      'by the connection, which nobody can tell',
      vyos14,
      ['policy route P interface eth1', 'policy route P rule 10 state new', 'policy route P rule 10 set table 10'],
      ['before-translation eth1 10 (the state of the connection)'],
    ],
    [
      'by rules of the kernel',
      vyos14,
      [
        'policy local-route rule 5 source address 10.1.0.0/24',
        'policy local-route rule 5 set table 10',
        'policy local-route rule 6 fwmark 7',
        'policy local-route rule 6 set table 11',
      ],
      ['at-routing 10', 'at-routing 11 (the mark 7)'],
    ],
    [
      'among uplinks in a way that is not known, but for what is excluded',
      vyos14,
      [
        'load-balancing wan interface-health eth0 nexthop dhcp',
        'load-balancing wan rule 10 inbound-interface eth1',
        'load-balancing wan rule 10 interface eth0 weight 5',
        'load-balancing wan rule 5 inbound-interface eth1',
        'load-balancing wan rule 5 destination address 10.0.0.0/8',
        'load-balancing wan rule 5 exclude',
      ],
      ['before-translation eth1 main', 'before-translation eth1 unknown ?'],
    ],
    ['nothing by a set that is bound nowhere', vyos14, ['policy route P rule 10 set table 10'], []],
    [
      'nothing by a rule that only marks',
      vyos14,
      ['policy route P interface eth1', 'policy route P rule 10 set dscp 8'],
      [],
    ],
    [
      'nothing by a rule that is switched off',
      vyos14,
      ['policy route P interface eth1', 'policy route P rule 10 disable', 'policy route P rule 10 set table 10'],
      [],
    ],
  ])('%s', (_, dialect, lines, expected) => {
    const device = deviceOf(dialect, lines)
    expect(steeringTexts(device)).toEqual(expected)
    expect(device.unread).toEqual([])
  })

  it('is not known where a rule asks for something that nobody knows', () => {
    const device = deviceOf(vyos14, [
      'policy route P interface eth1',
      'policy route P rule 10 mood good',
      'policy route P rule 10 set table 10',
    ])
    expect(steeringTexts(device)).toEqual(['before-translation eth1 10 ?'])
    expect(device.unread).toMatchObject([{ touches: 'routes', isPlaced: true }])
  })
})

describe('trees', () => {
  it.each([
    ['what the gateway serves', 'service ssh port 22'],
    ['how it is managed', 'system host-name gw'],
    ['how fast it sends', 'qos policy shaper S bandwidth 100mbit'],
    ['certificates', 'pki certificate gw certificate MII'],
  ])('touch nothing: %s', (_, line) => {
    expect(deviceOf(vyos14, [line]).unread).toEqual([])
  })

  it('that nobody knows touch anything', () => {
    expect(deviceOf(vyos14, ['teleport rule 1 action accept']).unread).toMatchObject([
      { line: 1, text: 'set teleport rule 1 action accept', touches: 'anything', isPlaced: false },
    ])
  })
})
