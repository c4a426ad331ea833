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
  ])('%s', (_, platform, lines, expected) => {
    expect(foundWith(platform, lines).filter((found) => !found.startsWith('TUNNEL_MAY_LEAK'))).toEqual(expected)
  })
})
