import { describe, expect, it } from 'vitest'
import { VrfLines } from './vrf-lines.ts'

/** The VRF of each line. */
function vrfsOf(...lines: string[]): (string | undefined)[] {
  const vrfs = new VrfLines()
  return lines.map((line) => vrfs.vrfOf(line))
}

const route = 'C        10.0.1.0/24 is directly connected, eth0'

describe('VrfLines', () => {
  it.each<[string, string | undefined, string]>([
    ['Routing Table: blue', 'blue', 'IOS'],
    ['Routing Tables: blue', 'blue', 'Comware and VRP'],
    ['IP Route Table for VRF "blue"', 'blue', 'NX-OS'],
    ['IPv6 Routing Table for VRF "blue"', 'blue', 'NX-OS, IPv6'],
    ['VRF: blue', 'blue', 'EOS and IOS XR'],
    ['VRF name: blue', 'blue', 'EOS, newer'],
    ['VRF blue:', 'blue', 'FRR'],
    ['blue.inet.0: 12 destinations, 12 routes (12 active, 0 holddown, 0 hidden)', 'blue', 'Junos'],
    ['inet.0: 12 destinations, 12 routes (12 active, 0 holddown, 0 hidden)', undefined, 'Junos, global'],
    ['core#show ip route vrf blue', 'blue', 'the command of IOS'],
    ['core# sh ip ro vrf blue', 'blue', 'shortened'],
    ['RP/0/RSP0/CPU0:core#show route ipv4 vrf blue', 'blue', 'the command of IOS XR'],
    ['root@gw:~# ip -6 route show vrf blue', 'blue', 'the command of Linux'],
    ['show ip route vrf blue', 'blue', 'without a prompt'],
    ['core#show ip route', undefined, 'the global table, behind another one'],
    ['root@gw:~# ip route', undefined, 'the main table'],
    ['10.9.0.0/16 via 10.0.0.1 dev eth0 vrf-like', 'before', 'a route and no heading'],
  ])('takes what stands below %s for %s: %s', (heading, vrf) => {
    expect(vrfsOf('VRF: before', heading, route).at(-1)).toBe(vrf)
  })

  it('follows interfaces and routes of a configuration', () => {
    expect(
      vrfsOf(
        'VRF: printed before it',
        'interface Gi0/1',
        ' vrf forwarding blue',
        ' ip address 10.0.1.1 255.255.255.0',
        'interface Gi0/2',
        ' ip address 10.0.2.1 255.255.255.0',
        'ip route vrf red 10.1.0.0 255.255.0.0 10.0.1.2',
        'ip route 10.2.0.0 255.255.0.0 10.0.2.2',
        'set vrf name red protocols static route 10.3.0.0/16 next-hop 10.0.1.2',
        'router bgp 1',
        ' address-family ipv4 vrf blue',
        '  network 10.0.1.0 mask 255.255.255.0',
        ' exit-address-family',
        ' network 10.0.2.0 mask 255.255.255.0',
      ).map((vrf) => vrf ?? '-'),
    ).toEqual('printed - blue blue - - red - red - blue blue - -'.split(' '))
  })

  it('counts lines that say the VRF of what stands elsewhere', () => {
    const vrfs = new VrfLines()
    vrfs.vrfOf("set interfaces ethernet eth0 vrf 'blue'")
    vrfs.vrfOf('set interfaces ethernet eth0 address 10.0.1.1/24')
    expect(vrfs.notFollowed).toBe(1)
  })
})
