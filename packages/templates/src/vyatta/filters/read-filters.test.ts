import { describe, expect, it } from 'vitest'
import { measured } from '../../../../../test/support/cost.ts'
import { dialect as edgeos } from '../../platforms/edgeos/view.ts'
import { dialect as vyatta5600 } from '../../platforms/vyatta-5600/view.ts'
import { dialect as vyos13 } from '../../platforms/vyos-1.3/view.ts'
import { dialect as vyos14 } from '../../platforms/vyos-1.4/view.ts'
import { dialect as vyos15 } from '../../platforms/vyos-1.5/view.ts'
import type { VyattaDialect } from '../dialect.ts'
import { readVyattaDevice } from '../read-device.ts'
import { shownFilters } from './shown-filters.ts'

/** The lines that could drop a packet and are not followed. */
function notFollowed(dialect: VyattaDialect, lines: readonly string[]): string[] {
  const { lists, unread } = shownFilters(dialect, lines)
  expect(lists).toEqual([])
  return unread.map((line) => line.replace(/^filters! /, ''))
}

const bound = 'interfaces ethernet eth0 firewall in name IN'
const unset = (line: string) => `${line} (and no default-action: the set drops what none of its rules takes)`

describe('filters that are in force and not followed', () => {
  it.each<[string, VyattaDialect, readonly string[], readonly string[]]>([
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
      'a set for frames that says nothing of the rest',
      vyos15,
      [
        'firewall bridge input filter default-action jump',
        'firewall bridge input filter default-jump-target B',
        'firewall bridge name B rule 1 action accept',
      ],
      [unset('firewall bridge name B rule 1 action accept')],
    ],
    [
      'the policy by state, of frames',
      vyos15,
      [
        'firewall bridge input filter default-action accept',
        'firewall global-options state-policy established action accept',
        'firewall global-options state-policy invalid action drop',
      ],
      ['firewall global-options state-policy invalid action drop'],
    ],
    [
      'a rule of the 5600 that chooses a way',
      vyatta5600,
      ['interfaces dataplane dp0s3 policy route pbr P', 'policy route pbr P rule 1 action drop'],
      ['policy route pbr P rule 1 action drop'],
    ],
    ['a word of the firewall that nobody knows', vyos14, ['firewall shield up'], ['firewall shield up']],
    [
      'a word of a chain that nobody knows',
      vyos14,
      ['firewall ipv4 forward filter shield up', 'firewall ipv4 forward constructor default-action drop'],
      ['firewall ipv4 forward filter shield up', 'firewall ipv4 forward constructor default-action drop'],
    ],
    [
      'a rule without a number',
      vyos14,
      ['firewall ipv4 forward filter rule one action drop'],
      ['firewall ipv4 forward filter rule one action drop'],
    ],
  ])('%s', (_, dialect, lines, expected) => {
    expect(notFollowed(dialect, lines)).toEqual(expected)
  })

  it.each<[string, VyattaDialect, readonly string[]]>([
    ['a set that is bound nowhere', vyos13, ['firewall name IN default-action drop']],
    [
      'a set at an interface that is switched off',
      vyos13,
      [bound, 'interfaces ethernet eth0 disable', 'firewall name IN default-action drop'],
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
    ['a set of EdgeOS that changes packets', edgeos, ['firewall modify M rule 1 action drop']],
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
    expect(notFollowed(dialect, lines)).toEqual([])
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

describe('much to read', () => {
  const members = Array.from(
    { length: 20_000 },
    (_, at) => `firewall group address-group G address 10.${at >> 8}.${at & 255}.1`,
  )
  const rules = Array.from({ length: 3_000 }, (_, at) => [
    `firewall name IN rule ${at + 1} action accept`,
    `firewall name IN rule ${at + 1} source group address-group G`,
    `firewall name IN rule ${at + 1} destination group address-group !G`,
    `firewall name IN rule ${at + 1} destination port ${at + 1}`,
  ]).flat()

  it('reads a group once for all rules', () => {
    const text = [...members, ...rules, bound].map((line) => `set ${line}\n`).join('')
    const { result, cost } = measured(() => readVyattaDevice(text, vyos13).device)
    expect(cost).toBeLessThan(500)
    const { lists } = result
    const called = lists
      .flatMap((list) => list.rules)
      .flatMap(({ action }) => (action.kind === 'jump' ? action.to.rules : []))
    expect(called).toHaveLength(3_000)
    expect(new Set(called.map(({ match }) => match.source)).size).toBe(1)
  })
})
