import { describe, expect, it } from 'vitest'
import { dialect as edgeos } from '../platforms/edgeos/view.ts'
import { dialect as vyatta5600 } from '../platforms/vyatta-5600/view.ts'
import { dialect as vyos14 } from '../platforms/vyos-1.4/view.ts'
import type { VyattaDialect } from './dialect.ts'
import { readVyattaDevice } from './read-device.ts'

const peer = 'vpn ipsec site-to-site peer P'
const tunnel = [
  `${peer} remote-address 198.51.100.1`,
  `${peer} tunnel 1 local prefix 10.1.0.0/24`,
  `${peer} tunnel 1 remote prefix 10.2.0.0/24`,
]
const wan = 'interfaces ethernet eth0 address 203.0.113.1/24'
const lan = 'interfaces ethernet eth1 address 10.1.0.1/24'
const named = `${peer} local-address 203.0.113.1`
const vfp = 'security vpn ipsec site-to-site peer 198.51.100.1 tunnel 1'

/** What is missed, by the number of the line that says so. */
function missed(dialect: VyattaDialect, lines: readonly string[]): string[] {
  const { unread } = readVyattaDevice(lines.map((line) => `set ${line}\n`).join(''), dialect).device
  return unread.filter(({ text }) => text.endsWith('is switched off')).map(({ line, text }) => `${line} ${text}`)
}

describe('an interface that is switched off', () => {
  it.each<[string, VyattaDialect, readonly string[], readonly string[]]>([
    ['that the tunnels start from', vyos14, [wan, ...tunnel, named], ['interfaces ethernet eth0 disable', 'eth0']],
    ['that hosts are behind', vyos14, [lan, ...tunnel], ['interfaces ethernet eth1 disable', 'eth1']],
    [
      'that hosts are behind whose addresses NAT changes',
      vyos14,
      [
        lan,
        `${peer} tunnel 1 local prefix 192.168.1.0/24`,
        `${peer} tunnel 1 remote prefix 192.168.2.0/24`,
        'nat source rule 1 source address 10.1.0.0/24',
        'nat source rule 1 translation address 192.168.1.0/24',
      ],
      ['interfaces ethernet eth1 disable', 'eth1'],
    ],
    [
      'that a VLAN is on',
      vyos14,
      ['interfaces ethernet eth1 vif 10 address 10.1.0.1/24', ...tunnel],
      ['interfaces ethernet eth1 disable', 'eth1.10'],
    ],
    [
      'that is a VLAN',
      vyos14,
      ['interfaces ethernet eth1 vif 10 address 10.1.0.1/24', ...tunnel],
      ['interfaces ethernet eth1 vif 10 disable', 'eth1.10'],
    ],
    [
      'that is all a bridge has',
      vyos14,
      ['interfaces bridge br0 address 10.1.0.1/24', 'interfaces bridge br0 member interface eth1', ...tunnel],
      ['interfaces ethernet eth1 disable', 'br0'],
    ],
    [
      'that the next hop is on',
      vyos14,
      [
        'interfaces ethernet eth0 address 192.0.2.1/24',
        'protocols static route 0.0.0.0/0 next-hop 192.0.2.254',
        ...tunnel,
      ],
      ['interfaces ethernet eth0 disable', 'eth0'],
    ],
    [
      'that was to get the address of the tunnels',
      edgeos,
      ['interfaces ethernet eth0 address dhcp', ...tunnel, `${peer} local-address any`],
      ['interfaces ethernet eth0 disable', 'eth0'],
    ],
    [
      'where the 5600 translates',
      vyatta5600,
      [`${vfp} local prefix 10.1.0.0/24`, `${vfp} remote prefix 10.2.0.0/24`, `${vfp} uses vfp0`],
      ['interfaces virtual-feature-point vfp0 disable', 'vfp0'],
    ],
  ])('is missed: one %s', (_, dialect, lines, [last = '', name]) => {
    expect(missed(dialect, lines)).toEqual([])
    expect(missed(dialect, [...lines, last])).toEqual([`${lines.length + 1} ${name} is switched off`])
  })

  it.each<[string, readonly string[]]>([
    ['has no address', ['interfaces ethernet eth1 disable']],
    [
      'has a network that no tunnel joins',
      ['interfaces ethernet eth2 address 10.9.0.1/24', 'interfaces ethernet eth2 disable'],
    ],
    [
      'has the network of another one, which took its place',
      [lan, 'interfaces ethernet eth2 address 10.1.0.1/24', 'interfaces ethernet eth2 disable'],
    ],
    [
      'is one of the two that a bond has',
      [
        'interfaces bonding bond0 address 10.1.0.1/24',
        'interfaces bonding bond0 member interface eth1',
        'interfaces bonding bond0 member interface eth2',
        'interfaces ethernet eth2 disable',
      ],
    ],
    [
      'would get an address where the tunnels have theirs',
      ['interfaces ethernet eth2 address dhcp', 'interfaces ethernet eth2 disable'],
    ],
  ])('is not missed when it %s', (_, lines) => {
    expect(missed(vyos14, [wan, ...tunnel, named, ...lines])).toEqual([])
  })
})
