import type { Platform } from '@natplan/core'
import { describe, expect, it } from 'vitest'
import { acceptanceTexts, verifyTexts } from './configurations.ts'

/** The lines, here without `set`, that findings name when one site has some more, and whether the tunnel is proven. */
function foundWith(platform: Platform, lines: readonly string[]): string[] {
  const texts = acceptanceTexts(platform)
  const text = `${texts.get('cloud')?.text}${lines.map((line) => `set ${line}\n`).join('')}`
  const { findings, proofs } = verifyTexts(texts.set('cloud', { platform, text }))
  const numbered = text.split('\n')
  const named = findings.flatMap(({ code, message }) =>
    [...message.matchAll(/cloud\.txt:(\d+)/g)].map(
      ([, line]) => `${code} ${numbered[Number(line) - 1]?.replace('set ', '')}`,
    ),
  )
  return [...new Set(named), ...proofs.map(({ isProven }) => (isProven ? 'proven' : 'not proven'))]
}

const chain = 'firewall ipv4 forward filter'
const closed = `${chain} default-action drop`
/** Hosts of both sites have addresses of 10.0.1.0/24; the gateway shows its own as 192.168.2.0/27 and sees the others as 192.168.1.0/24. */
const accept = (number: number, ...words: readonly string[]) =>
  ['action accept', ...words].map((word) => `${chain} rule ${number} ${word}`)
const opened = [...accept(1, 'state established', 'state related'), ...accept(2, 'source address 10.0.1.0/27')]
const zones = (zone: string, name: string, ...more: readonly string[]) => [
  `${zone} WAN interface eth1`,
  `${zone} LAN interface eth0`,
  `${zone} WAN from LAN firewall name ALL`,
  `${name} ALL default-action accept`,
  ...more,
]

const networks = [
  'interfaces dataplane dp0s1 address 203.0.113.10/24',
  'interfaces dataplane dp0s2 address 10.0.1.1/27',
]
/** Sets of the 5600 by place: `dp0s1 in` has the rules, as words behind their numbers. */
const bound = (place: string, name: string, ...rules: readonly string[]) => {
  const [port, way] = place.split(' ')
  const kind = port === 'vfp0' ? 'virtual-feature-point' : 'dataplane'
  const written = rules.flatMap((words, at) =>
    ['action accept', ...words.split(', ')].map((word) => `security firewall name ${name} rule ${at + 1} ${word}`),
  )
  return [`interfaces ${kind} ${port} firewall ${way} ${name}`, ...written]
}
const pair = (from: string, to: string) => `security zone-policy zone ${from} to ${to} firewall ALL`
const dataplaneZones = [
  'security zone-policy zone LAN interface dp0s2',
  'security firewall name ALL rule 1 action accept',
]
const tunnelZone = 'security zone-policy zone TUNNEL interface vfp0'

describe('filters of the Vyatta family', () => {
  it.each<[string, Platform, readonly string[], readonly string[]]>([
    ['are closed', 'vyos-1.4', [closed], [`FLOW_FILTERED ${closed}`, 'not proven']],
    [
      'see real addresses of both sides of a connection',
      'vyos-1.4',
      [closed, ...opened, ...accept(3, 'destination address 10.0.1.0/27', 'ipsec match-ipsec')],
      ['proven'],
    ],
    [
      'never see the translated ones of their own site',
      'vyos-1.4',
      [closed, ...opened, ...accept(3, 'destination address 192.168.2.0/27')],
      [`FLOW_FILTERED ${closed}`, 'not proven'],
    ],
    [
      'let what was translated pass',
      'vyos-1.4',
      [closed, ...opened, ...accept(3, 'connection-status nat destination')],
      ['proven'],
    ],
    [
      'in raw see those on the wire',
      'vyos-1.5',
      [
        'firewall ipv4 prerouting raw rule 1 action drop',
        'firewall ipv4 prerouting raw rule 1 destination address 192.168.2.0/27',
      ],
      ['FLOW_FILTERED firewall ipv4 prerouting raw rule 1 action drop', 'not proven'],
    ],
    [
      'in raw see no others',
      'vyos-1.5',
      [
        'firewall ipv4 prerouting raw rule 1 action drop',
        'firewall ipv4 prerouting raw rule 1 destination address 10.0.1.0/27',
      ],
      ['proven'],
    ],
    [
      'take packets of a policy-based tunnel as of the outside interface: zones',
      'vyos-1.4',
      zones('firewall zone', 'firewall ipv4 name', 'firewall zone LAN from WAN firewall name ALL'),
      ['proven'],
    ],
    [
      'drop what comes into a zone and no set is for',
      'vyos-1.4',
      zones('firewall zone', 'firewall ipv4 name'),
      ['FLOW_FILTERED firewall zone LAN interface eth0', 'not proven'],
    ],
    [
      'are asked behind a chain that accepts',
      'vyos-1.4',
      [...accept(1), ...zones('firewall zone', 'firewall ipv4 name')],
      ['FLOW_FILTERED firewall zone LAN interface eth0', 'not proven'],
    ],
    [
      'let pass in both directions of older zones',
      'vyos-1.3',
      zones('zone-policy zone', 'firewall name', 'zone-policy zone LAN from WAN firewall name ALL'),
      ['proven'],
    ],
    [
      'drop in one direction of older zones, answers too',
      'vyos-1.3',
      [
        ...zones('zone-policy zone', 'firewall name'),
        'zone-policy zone LAN from WAN firewall name IN',
        'firewall name IN rule 1 action accept',
        'firewall name IN rule 1 state new enable',
      ],
      ['FLOW_FILTERED firewall name IN rule 1 action accept', 'not proven'],
    ],
    [
      'accept for good by the older policy of states',
      'vyos-1.3',
      [
        'firewall state-policy established action accept',
        'interfaces ethernet eth0 firewall out name IN',
        'firewall name IN rule 1 action accept',
        'firewall name IN rule 1 state new enable',
      ],
      ['proven'],
    ],
    [
      'must all let pass',
      'vyos-1.3',
      [
        'interfaces ethernet eth1 firewall in name IN',
        'interfaces ethernet eth0 firewall out name OUT',
        'firewall name IN rule 1 action accept',
        'firewall name OUT default-action reject',
      ],
      ['FLOW_FILTERED firewall name OUT default-action reject', 'not proven'],
    ],
    [
      'of EdgeOS accept what comes for a tunnel by its own prefixes, which no packet has there',
      'edgeos',
      [
        'vpn ipsec auto-firewall-nat-exclude enable',
        'interfaces ethernet eth1 firewall in name WAN_IN',
        'firewall name WAN_IN default-action drop',
        'firewall name WAN_IN rule 10 action accept',
        'firewall name WAN_IN rule 10 state established enable',
      ],
      ['FLOW_FILTERED firewall name WAN_IN default-action drop', 'not proven'],
    ],
    [
      'of EdgeOS with a rule for the real ones',
      'edgeos',
      [
        'interfaces ethernet eth1 firewall in name WAN_IN',
        'firewall name WAN_IN default-action drop',
        'firewall name WAN_IN rule 10 action accept',
        'firewall name WAN_IN rule 10 destination address 10.0.1.0/27',
        'firewall name WAN_IN rule 10 ipsec match-ipsec',
      ],
      ['proven'],
    ],
    [
      'ask before source NAT whether packets will be encrypted, when no tunnel takes them yet',
      'vyos-1.5',
      [
        `${chain} rule 5 action drop`,
        `${chain} rule 5 ipsec match-none-out`,
        `${chain} rule 5 source address 10.0.1.0/27`,
      ],
      [`FLOW_FILTERED ${chain} rule 5 action drop`, 'not proven'],
    ],
    [
      'hold back what no tunnel takes',
      'vyos-1.5',
      [
        `${chain} rule 5 action drop`,
        `${chain} rule 5 ipsec match-none-out`,
        `${chain} rule 5 source address 10.0.9.0/24`,
      ],
      ['proven'],
    ],
    [
      'may drop by a limit',
      'vyos-1.4',
      [`${chain} rule 1 action drop`, `${chain} rule 1 limit rate 5/second`],
      [`FLOW_NOT_KNOWN ${chain} rule 1 action drop`, 'not proven'],
    ],
    [
      'drop nothing of the tunnel',
      'vyos-1.4',
      [`${chain} rule 1 action drop`, `${chain} rule 1 source address 10.9.0.0/16`],
      ['proven'],
    ],
    [
      'of the 5600 see what is on the wire: translated in front of destination NAT',
      'vyatta-5600',
      [...networks, ...bound('vfp0 in', 'IN', 'source address 192.168.1.0/24, destination address 192.168.2.0/27')],
      ['proven'],
    ],
    [
      'of the 5600 see no real address there',
      'vyatta-5600',
      [...networks, ...bound('vfp0 in', 'IN', 'destination address 10.0.1.0/27')],
      ['FLOW_FILTERED security firewall name IN rule 1 action accept', 'not proven'],
    ],
    [
      'of the 5600 see translated ones behind source NAT as well',
      'vyatta-5600',
      [...networks, ...bound('vfp0 out', 'OUT', 'source address 192.168.2.0/27, destination address 192.168.1.0/24')],
      ['proven'],
    ],
    [
      'of the 5600 let pass what answers a translated packet',
      'vyatta-5600',
      [
        ...networks,
        ...bound('vfp0 in', 'IN', 'source address 192.168.1.0/24'),
        ...bound('vfp0 out', 'OUT', 'source address 192.168.2.0/27'),
      ],
      ['proven'],
    ],
    [
      'of the 5600 keep no state unless they are told to',
      'vyatta-5600',
      [
        ...networks,
        ...bound('dp0s2 in', 'LAN', 'source address 10.0.1.0/27'),
        ...bound('dp0s2 out', 'BACK', 'destination address 10.0.1.0/27, protocol udp'),
      ],
      ['FLOW_PARTLY_FILTERED security firewall name BACK rule 1 action accept', 'not proven'],
    ],
    [
      'of the 5600 with state on one way drop what begins the other way, where no set is',
      'vyatta-5600',
      [...networks, ...bound('dp0s2 in', 'LAN', 'state enable')],
      ['FLOW_FILTERED interfaces dataplane dp0s2 firewall in LAN', 'not proven'],
    ],
    [
      'of the 5600 with state on both ways',
      'vyatta-5600',
      [
        ...networks,
        ...bound('dp0s2 in', 'LAN', 'state enable'),
        ...bound('dp0s2 out', 'OUT', 'source address 192.168.1.0/24, state enable'),
      ],
      ['proven'],
    ],
    [
      'of the 5600 at the outside interface see what gateways send only',
      'vyatta-5600',
      [
        ...networks,
        ...bound(
          'dp0s1 in',
          'WAN',
          'protocol esp',
          'protocol udp, destination port 500',
          'protocol udp, destination port 4500',
        ),
      ],
      ['proven'],
    ],
    [
      'of the 5600 at the outside interface without ESP',
      'vyatta-5600',
      [...networks, ...bound('dp0s1 in', 'WAN', 'protocol udp')],
      ['FLOW_ESP_BLOCKED security firewall name WAN rule 1 action accept', 'not proven'],
    ],
    [
      'of the 5600 drop nothing that the gateway itself sends',
      'vyatta-5600',
      [...networks, ...bound('dp0s1 out', 'OUT', 'destination address 10.9.9.9')],
      ['proven'],
    ],
    [
      'of the 5600 are zones that the tunnel is in none of, though a set allows everything',
      'vyatta-5600',
      [
        ...networks,
        ...dataplaneZones,
        'security zone-policy zone WAN interface dp0s1',
        pair('LAN', 'WAN'),
        pair('WAN', 'LAN'),
      ],
      ['FLOW_FILTERED security zone-policy zone LAN interface dp0s2', 'not proven'],
    ],
    [
      'of the 5600 are zones with the tunnel',
      'vyatta-5600',
      [...networks, ...dataplaneZones, tunnelZone, pair('LAN', 'TUNNEL'), pair('TUNNEL', 'LAN')],
      ['proven'],
    ],
    [
      'of the 5600 are zones with one pair only, whose set keeps no state',
      'vyatta-5600',
      [...networks, ...dataplaneZones, tunnelZone, pair('LAN', 'TUNNEL')],
      ['FLOW_FILTERED security zone-policy zone TUNNEL interface vfp0', 'not proven'],
    ],
    [
      'of the 5600 take packets by a rate that nobody knows',
      'vyatta-5600',
      [...networks, ...bound('dp0s2 in', 'LAN', 'police ratelimit 10')],
      ['FLOW_NOT_KNOWN security firewall name LAN rule 1 police ratelimit 10', 'not proven'],
    ],
    [
      'of the 5600 for the gateway itself may be asked about ESP',
      'vyatta-5600',
      [
        ...networks,
        ...bound('dp0s1 local', 'LOCAL', 'protocol udp'),
        'security firewall name LOCAL default-action drop',
      ],
      ['not proven'],
    ],
  ])('%s', (_, platform, lines, expected) => {
    expect(foundWith(platform, lines).filter((found) => !found.startsWith('TUNNEL_MAY_LEAK'))).toEqual(expected)
  })
})
