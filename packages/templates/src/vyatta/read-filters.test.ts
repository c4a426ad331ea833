import { describe, expect, it } from 'vitest'
import { dialect as edgeos } from '../platforms/edgeos/view.ts'
import { dialect as vyatta5600 } from '../platforms/vyatta-5600/view.ts'
import { dialect as vyos13 } from '../platforms/vyos-1.3/view.ts'
import { dialect as vyos14 } from '../platforms/vyos-1.4/view.ts'
import { dialect as vyos15 } from '../platforms/vyos-1.5/view.ts'
import type { VyattaDialect } from './dialect.ts'
import { readVyattaDevice } from './read-device.ts'

/** The lines that could drop a packet, without `set`. */
function dropping(dialect: VyattaDialect, lines: readonly string[]): string[] {
  const { unread } = readVyattaDevice(lines.map((line) => `set ${line}\n`).join(''), dialect).device
  expect(unread.every(({ touches, isPlaced }) => touches === 'filters' && !isPlaced)).toBe(true)
  return unread.map(({ text }) => text.replace(/^set /, ''))
}

const bound = 'interfaces ethernet eth0 firewall in name IN'
const unset = (line: string) => `${line} (and no default-action: the set drops what none of its rules takes)`

describe('filters that are in force', () => {
  it.each<[string, VyattaDialect, readonly string[], readonly string[]]>([
    [
      'a set that drops the rest',
      vyos13,
      [bound, 'firewall name IN default-action drop', 'firewall name IN rule 1 action accept'],
      ['firewall name IN default-action drop'],
    ],
    [
      'a set that does not say what becomes of the rest',
      vyos13,
      [bound, 'firewall name IN rule 1 action accept'],
      [unset('firewall name IN rule 1 action accept')],
    ],
    [
      'a rule that drops',
      vyos13,
      [bound, 'firewall name IN default-action accept', 'firewall name IN rule 1 action drop'],
      ['firewall name IN rule 1 action drop'],
    ],
    [
      'a rule with an action that nobody knows',
      vyos13,
      [bound, 'firewall name IN default-action accept', 'firewall name IN rule 1 action ponder'],
      ['firewall name IN rule 1 action ponder'],
    ],
    [
      'a set at a VLAN',
      vyos13,
      ['interfaces ethernet eth0 vif 5 firewall local name IN', 'firewall name IN default-action reject'],
      ['firewall name IN default-action reject'],
    ],
    ['a set that is bound and not there', vyos13, [bound], [bound]],
    [
      'a base chain',
      vyos14,
      ['firewall ipv4 forward filter default-action drop', 'firewall ipv4 forward filter rule 5 action accept'],
      ['firewall ipv4 forward filter default-action drop'],
    ],
    [
      'a rule of a base chain',
      vyos14,
      ['firewall ipv4 prerouting raw rule 5 action drop'],
      ['firewall ipv4 prerouting raw rule 5 action drop'],
    ],
    [
      'a set that a base chain jumps to',
      vyos14,
      [
        'firewall ipv4 forward filter rule 5 action jump',
        'firewall ipv4 forward filter rule 5 jump-target LAN',
        'firewall ipv4 name LAN rule 1 action accept',
      ],
      [unset('firewall ipv4 name LAN rule 1 action accept')],
    ],
    [
      'a jump by default',
      vyos14,
      [
        'firewall ipv4 forward filter default-action jump',
        'firewall ipv4 forward filter default-jump-target LAN',
        'firewall ipv4 name LAN default-action drop',
      ],
      ['firewall ipv4 name LAN default-action drop'],
    ],
    [
      'a policy by state',
      vyos14,
      [
        'firewall global-options state-policy established action accept',
        'firewall global-options state-policy invalid action drop',
      ],
      ['firewall global-options state-policy invalid action drop'],
    ],
    [
      'the older form of it',
      vyos13,
      ['firewall state-policy invalid action drop', 'firewall state-policy related action accept'],
      ['firewall state-policy invalid action drop'],
    ],
    [
      'a strict check of the way back',
      vyos14,
      ['firewall global-options source-validation strict'],
      ['firewall global-options source-validation strict'],
    ],
    [
      'one at an interface',
      vyos13,
      ['interfaces ethernet eth0 ip source-validation strict'],
      ['interfaces ethernet eth0 ip source-validation strict'],
    ],
    [
      'a loose one without a default route',
      vyos13,
      ['firewall source-validation loose'],
      ['firewall source-validation loose'],
    ],
    ['no forwarding at all', vyos14, ['system ip disable-forwarding'], ['system ip disable-forwarding']],
    [
      'a setting of the kernel',
      vyos14,
      ['system sysctl parameter net.ipv4.conf.all.rp_filter value 1'],
      ['system sysctl parameter net.ipv4.conf.all.rp_filter value 1'],
    ],
    [
      'a loose setting without a default route',
      vyos14,
      ['system sysctl parameter net.ipv4.conf.all.rp_filter value 2'],
      ['system sysctl parameter net.ipv4.conf.all.rp_filter value 2'],
    ],
    [
      'frames that come into a bridge',
      vyos15,
      [
        'firewall bridge prerouting filter rule 1 action drop',
        'firewall bridge prerouting filter rule 1 ethernet-type ipv4',
      ],
      ['firewall bridge prerouting filter rule 1 action drop'],
    ],
    ...(['input', 'output'] as const).map((hook): [string, VyattaDialect, readonly string[], readonly string[]] => [
      `frames between a bridge and the gateway: ${hook}`,
      vyos15,
      [`firewall bridge ${hook} filter default-action drop`],
      [`firewall bridge ${hook} filter default-action drop`],
    ]),
    [
      'a set for frames',
      vyos15,
      [
        'firewall bridge input filter rule 1 action jump',
        'firewall bridge input filter rule 1 jump-target B',
        'firewall bridge name B default-action accept',
        'firewall bridge name B rule 1 action drop',
      ],
      ['firewall bridge name B rule 1 action drop'],
    ],
    [
      'a set of the 5600',
      vyatta5600,
      ['interfaces dataplane dp0s3 firewall in IN', 'security firewall name IN rule 1 action accept'],
      [unset('security firewall name IN rule 1 action accept')],
    ],
    [
      'what comes in without a session, where the 5600 keeps state',
      vyatta5600,
      [
        'interfaces dataplane dp0s3 firewall out OUT',
        'security firewall name OUT default-action accept',
        'security firewall name OUT rule 1 action accept',
        'security firewall name OUT rule 1 state enable',
      ],
      ['security firewall name OUT rule 1 state enable'],
    ],
    [
      'and with a policy for all connections what has none of that protocol',
      vyatta5600,
      [
        'interfaces dataplane dp0s3 firewall out OUT',
        'security firewall global-state-policy tcp',
        'security firewall name OUT default-action accept',
        'security firewall name OUT rule 1 action accept',
        'security firewall name OUT rule 1 protocol tcp',
      ],
      ['security firewall name OUT rule 1 protocol tcp'],
    ],
    [
      'packets that are not tracked and so not translated',
      vyos14,
      ['firewall ipv4 prerouting raw rule 5 action notrack'],
      ['firewall ipv4 prerouting raw rule 5 action notrack'],
    ],
    [
      'a rule of EdgeOS that changes packets',
      edgeos,
      ['interfaces ethernet eth1 firewall in modify M', 'firewall modify M rule 1 action drop'],
      ['firewall modify M rule 1 action drop', 'firewall modify M rule 1 action drop'],
    ],
    [
      'a rule that chooses a way',
      vyos14,
      ['policy route P interface eth1', 'policy route P rule 1 action drop'],
      ['policy route P rule 1 action drop'],
    ],
    ['a word of the firewall that nobody knows', vyos14, ['firewall shield up'], ['firewall shield up']],
  ])('%s', (_, dialect, lines, expected) => {
    expect(dropping(dialect, lines)).toEqual([...new Set(expected)])
  })

  it.each<[string, VyattaDialect, readonly string[]]>([
    ['a set that is bound nowhere', vyos13, ['firewall name IN default-action drop']],
    [
      'a set at an interface that is switched off',
      vyos13,
      [bound, 'interfaces ethernet eth0 disable', 'firewall name IN default-action drop'],
    ],
    [
      'a set that accepts everything',
      vyos13,
      [bound, 'firewall name IN default-action accept', 'firewall name IN rule 1 action accept'],
    ],
    [
      'a rule that is switched off',
      vyos13,
      [
        bound,
        'firewall name IN default-action accept',
        'firewall name IN rule 1 action drop',
        'firewall name IN rule 1 disable',
      ],
    ],
    ['a base chain that says nothing of the rest', vyos14, ['firewall ipv4 forward filter rule 5 action accept']],
    [
      'a chain that jumps in a circle',
      vyos14,
      [
        'firewall ipv4 forward filter rule 5 action jump',
        'firewall ipv4 forward filter rule 5 jump-target A',
        'firewall ipv4 name A default-action accept',
        'firewall ipv4 name A rule 1 action jump',
        'firewall ipv4 name A rule 1 jump-target A',
      ],
    ],
    ['a set that nothing jumps to', vyos14, ['firewall ipv4 name LAN default-action drop']],
    [
      'a loose check with a default route',
      vyos13,
      ['firewall source-validation loose', 'protocols static route 0.0.0.0/0 next-hop 203.0.113.254'],
    ],
    ['no check', vyos13, ['firewall source-validation disable']],
    [
      'settings for packets to the gateway',
      vyos14,
      ['firewall global-options all-ping disable', 'firewall global-options syn-cookies enable'],
    ],
    [
      'groups and flow tables',
      vyos14,
      ['firewall group address-group A address 10.1.0.1', 'firewall flowtable F interface eth0'],
    ],
    ['frames that are bridged', vyos14, ['firewall bridge forward filter default-action drop']],
    [
      'a set for frames that lets all pass',
      vyos15,
      [
        'firewall bridge input filter rule 1 action jump',
        'firewall bridge input filter rule 1 jump-target B',
        'firewall bridge name B default-action accept',
        'firewall name B default-action drop',
      ],
    ],
    ['IPv6, which no tunnel carries', vyos14, ['firewall ipv6 forward filter default-action drop']],
    [
      'what no local set of the 5600 takes',
      vyatta5600,
      ['interfaces dataplane dp0s3 firewall local L', 'security firewall name L rule 1 action accept'],
    ],
    ['a setting of the kernel that is no such check', vyos14, ['system sysctl parameter net.core.rmem_max value 1']],
    [
      'settings of the kernel that let pass',
      vyos14,
      [
        'system sysctl parameter net.ipv4.ip_forward value 1',
        'system sysctl parameter net.ipv4.conf.all.rp_filter value 0',
      ],
    ],
  ])('are not: %s', (_, dialect, lines) => {
    expect(dropping(dialect, lines)).toEqual([])
  })

  it('are followed where nothing is forwarded at all', () => {
    const line = 'set firewall ipv4 forward filter default-action drop'
    const closed = readVyattaDevice(`${line}\n`, vyos14).device
    expect(closed.unread).toEqual([])
    expect(closed.lists.filter(({ kind }) => kind === 'filter')).toMatchObject([
      { hook: 'forward', rules: [], fallback: 'drop', line: 1 },
    ])
    const open = readVyattaDevice(`${line}\nset firewall ipv4 forward filter rule 5 action accept\n`, vyos14).device
    expect(open.unread).toHaveLength(1)
    expect(open.lists.filter(({ kind }) => kind === 'filter')).toEqual([])
  })

  it('count for IPv6 where a tunnel carries it', () => {
    const peer = 'vpn ipsec site-to-site peer P'
    const text = [
      'firewall ipv6 forward filter default-action drop',
      `${peer} tunnel 1 local prefix fd00:1::/64`,
      `${peer} tunnel 1 remote prefix fd00:2::/64`,
    ]
    const { unread } = readVyattaDevice(text.map((line) => `set ${line}\n`).join(''), vyos14).device
    expect(unread.filter(({ touches }) => touches === 'filters')).toHaveLength(1)
  })
})

describe('settings of the kernel', () => {
  it.each<[string, string, string | undefined]>([
    ['no policy is asked for what leaves there', 'parameter net.ipv4.conf.eth0.disable_xfrm value 1', 'tunnels'],
    ['and for what comes in', 'parameter net.ipv4.conf.all.disable_policy value 1', 'tunnels'],
    ['they are asked', 'parameter net.ipv4.conf.all.disable_policy value 0', undefined],
    ['nothing is forwarded', 'parameter net.ipv4.ip_forward value 0', 'anything'],
    ['nothing is forwarded of what comes in there', 'parameter net.ipv4.conf.eth0.forwarding value 0', 'anything'],
    ['in the words of older releases', 'custom net.ipv4.conf.default.forwarding value 0', 'anything'],
    ['a path of /proc', 'parameter net/ipv4/conf/eth0.10/disable_xfrm value 1', 'tunnels'],
  ])('%s', (_, line, touches) => {
    const { unread } = readVyattaDevice(`set system sysctl ${line}\n`, vyos14).device
    expect(unread.map((one) => one.touches)).toEqual(touches === undefined ? [] : [touches])
  })
})

describe('zones', () => {
  it.each<[string, VyattaDialect, readonly string[], readonly string[]]>([
    [
      'drop what no set is for, and what the sets drop',
      vyos13,
      [
        'zone-policy zone LAN interface eth1',
        'zone-policy zone LAN from WAN firewall name IN',
        'firewall name IN default-action drop',
      ],
      ['zone-policy zone LAN interface eth1', 'firewall name IN default-action drop'],
    ],
    [
      'say so',
      vyos14,
      ['firewall zone LAN default-action drop', 'firewall zone LAN member interface eth1'],
      ['firewall zone LAN default-action drop'],
    ],
    [
      'of the 5600 name sets for both ways',
      vyatta5600,
      [
        'security zone-policy zone A interface vfp0',
        'security zone-policy zone A to B firewall ALL',
        'security firewall name ALL rule 1 action drop',
        'security firewall name ALL default-action accept',
      ],
      ['security zone-policy zone A interface vfp0', 'security firewall name ALL rule 1 action drop'],
    ],
    ['without interfaces are nowhere', vyos13, ['zone-policy zone LAN description old'], []],
  ])('%s', (_, dialect, lines, expected) => {
    expect(dropping(dialect, lines)).toEqual(expected)
  })
})
