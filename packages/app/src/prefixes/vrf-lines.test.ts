import { describe, expect, it } from 'vitest'
import { VrfLines } from './vrf-lines.ts'

/** The VRF of each line, `-` where it is not known. */
function vrfsOf(...lines: string[]): string[] {
  const vrfs = new VrfLines()
  return lines.map((line) => vrfs.vrfOf(line) ?? '-')
}

const route = 'C        10.0.1.0/24 is directly connected, eth0'

describe('VrfLines', () => {
  it.each<[string, string, string]>([
    ['Routing Table: blue', 'blue', 'IOS'],
    ['Routing Tables: blue', 'blue', 'Comware and VRP'],
    ['IP Route Table for VRF "blue"', 'blue', 'NX-OS'],
    ['IPv6 Routing Table for VRF "blue"', 'blue', 'NX-OS, IPv6'],
    ['IPv6 Routing Table - blue - 5 entries', 'blue', 'IOS, IPv6'],
    ['VRF: blue', 'blue', 'EOS and IOS XR'],
    ['VRF name: blue', 'blue', 'EOS, newer'],
    ['VRF blue:', 'blue', 'FRR'],
    ['VRF default:', 'default', 'FRR, global'],
    ['blue.inet.0: 12 destinations, 12 routes (12 active, 0 holddown, 0 hidden)', 'blue', 'Junos'],
    ['inet.0: 12 destinations, 12 routes (12 active, 0 holddown, 0 hidden)', '', 'Junos, global'],
    ['core#show ip route vrf blue', 'blue', 'the command of IOS'],
    ['core# sh ip ro vrf blue', 'blue', 'shortened'],
    ['RP/0/RSP0/CPU0:core#show route ipv4 vrf blue', 'blue', 'the command of IOS XR'],
    ['root@gw:~# ip -6 route show vrf blue', 'blue', 'the command of Linux'],
    ['[root@gw ~]# ip route show vrf blue', 'blue', 'the same at another prompt'],
    ['core#show ip route vrf all', '-', 'all of them, whose headings follow'],
    ['show ip route vrf blue', '-', 'no prompt: it may be told of, not run'],
    ['core#show ip route', '-', 'what is global depends on the session'],
    ['core#show ip arp vrf blue', '-', 'no routes'],
    ['root@gw:~# ip route show table main', '-', 'another table'],
    ['core#show running-config', '-', 'a configuration'],
    ['interface eth7 vrf blue', '-', 'an interface'],
    ['Main routing table', '-', 'a heading that is not known'],
    ['}', '-', 'braces'],
  ])('takes the route below %s for one of %s: %s', (heading, vrf) => {
    expect(vrfsOf('VRF: before', heading, route).at(-1)).toBe(vrf)
    expect(vrfsOf('VRF: before', route, heading, route).at(-1)).toBe(vrf)
  })

  it.each([
    ['IOS', 'O E2     10.0.1.0/24 [110/20] via 10.0.0.1, 00:10:00, Gi0/1'],
    ['IOS, the network of subnets', '      10.0.0.0/8 is variably subnetted, 2 subnets, 2 masks'],
    ['EOS', ' B E      10.0.1.0/24 [200/0] via 10.0.0.1, Ethernet1'],
    ['FRR', 'C>* 10.0.1.0/24 is directly connected, eth1, 00:10:00'],
    ['NX-OS', '10.0.1.0/24, ubest/mbest: 1/0, attached'],
    ['Junos', '10.0.1.0/24        *[Direct/0] 1w0d 00:00:00'],
    ['Linux', '10.0.1.0/24 dev eth1 proto kernel scope link src 10.0.1.1'],
    ['Linux, IPv6', 'fd00:1::/64 dev eth1 proto kernel metric 256 pref medium'],
  ])('knows the routes of %s', (_, line) => {
    expect(vrfsOf('VRF: blue', '', line, line)).toEqual(['-', '-', 'blue', 'blue'])
  })

  it.each([
    ['an address of a configuration', ' ip address 10.0.2.1 255.255.255.0'],
    ['a route of one', 'ip route 10.0.2.0 255.255.255.0 10.0.1.2'],
    ['an interface in a table', 'eth3  10.0.4.1/24 u/u'],
    ['a route of BGP', '*> 10.0.3.0/24      10.0.2.1'],
    ['a line of a list', '10.0.2.0/24'],
    ['an address in braces', '        address 10.0.2.1/24'],
    ['a line of set', "set interfaces ethernet eth1 vrf 'blue'"],
  ])('ends the table at %s', (_, line) => {
    expect(vrfsOf('VRF: blue', line, route)).toEqual(['-', '-', '-'])
    expect(vrfsOf('VRF: blue', route, line, route)).toEqual(['-', 'blue', '-', '-'])
  })

  it('reads over what is said between the heading and the routes, and ends the table at an empty line behind them', () => {
    const lines = [
      'Codes: C - connected',
      '       O - OSPF',
      '',
      'Gateway of last resort is not set',
      '',
      route,
      '',
      route,
    ]
    expect(vrfsOf('r#show ip route vrf blue', ...lines).slice(-3)).toEqual(['blue', '-', '-'])
  })
})
