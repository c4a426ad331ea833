import { describe, expect, it } from 'vitest'
import { dialect as vyos13 } from '../../platforms/vyos-1.3/view.ts'
import { dialect as vyos14 } from '../../platforms/vyos-1.4/view.ts'
import { dialect as vyos15 } from '../../platforms/vyos-1.5/view.ts'
import type { VyattaDialect } from '../dialect.ts'
import { shownFilters } from './shown-filters.ts'

function listsOf(dialect: VyattaDialect, ...lines: readonly string[]): string[] {
  const { lists, unread } = shownFilters(dialect, lines)
  expect(unread).toEqual([])
  return lists
}

/** The pairs of the guide of VyOS: what comes into the LAN, and into the gateway. */
function guide(zone: string, name: string): string[] {
  return [
    `${zone} LAN interface eth1`,
    `${zone} LAN interface eth2`,
    `${zone} LAN default-action reject`,
    `${zone} LAN from WAN firewall name WAN-LAN`,
    `${zone} LAN from LOCAL firewall name LOCAL-LAN`,
    `${zone} WAN interface eth0`,
    `${zone} WAN from LAN firewall name LAN-WAN`,
    `${zone} WAN description "the internet"`,
    `${zone} LOCAL local-zone`,
    `${zone} LOCAL from LAN firewall name LAN-LOCAL`,
    `${zone} LOCAL from WAN firewall ipv6-name SIX`,
    `${name} WAN-LAN default-action drop`,
    `${name} WAN-LAN rule 1 action accept`,
    `${name} WAN-LAN rule 1 protocol tcp`,
    ...['LOCAL-LAN', 'LAN-WAN', 'LAN-LOCAL'].map((set) => `${name} ${set} default-action accept`),
  ]
}

const expected = (zone: string, accept: string) => ({
  forward: [
    '  out=eth1,eth2 → ask zone LAN',
    '    in=eth1,eth2 → return',
    '    in=eth0 → leave by WAN-LAN',
    `      1 protocol=6 → ${accept}`,
    '      else drop',
    '    else reject',
    '  out=eth0 → ask zone WAN',
    '    in=eth0 → return',
    '    in=eth1,eth2 → leave by LAN-WAN',
    `      else ${accept}`,
    '    else drop',
    '  else accept',
  ],
  input: [
    '  → ask zone LOCAL',
    '    in=lo → return',
    '    in=eth1,eth2 → leave by LAN-LOCAL',
    `      else ${accept}`,
    '    in=eth0 → leave by zone LOCAL from WAN',
    '      else drop',
    '    else drop',
    '  else accept',
  ],
  output: [
    '  → ask zone LOCAL',
    '    out=lo → return',
    '    out=eth1,eth2 → leave by LOCAL-LAN',
    `      else ${accept}`,
    '    out=eth0 → leave by zone WAN from LOCAL',
    '      else drop',
    '    else drop',
    '  else accept',
  ],
  zone,
})

describe('zones', () => {
  it('of VyOS 1.4 stand behind the other filters', () => {
    const { forward, input, output } = expected('firewall zone', 'accept')
    expect(listsOf(vyos14, ...guide('firewall zone', 'firewall ipv4 name'))).toEqual([
      'firewall zone (forward) | forward 1 ipv4',
      ...forward,
      'firewall zone (input) | input 1 ipv4',
      ...input,
      'firewall zone (output) | output 1 ipv4',
      ...output,
    ])
  })

  it('of the generation before stand in the one chain of a hook', () => {
    const { forward, input, output } = expected('zone-policy zone', 'return')
    expect(listsOf(vyos13, ...guide('zone-policy zone', 'firewall name'))).toEqual([
      'firewall (forward) | forward 0 ipv4',
      ...forward,
      'firewall (input) | input 0 ipv4',
      ...input,
      'firewall (output) | output 0 ipv4',
      ...output,
    ])
  })

  it('do not drop what the gateway sends where none is for it, but from VyOS 1.4 on', () => {
    const lines = (zone: string) => [`${zone} LOCAL local-zone`, `${zone} LAN interface eth1`]
    const hooks = (dialect: VyattaDialect, zone: string, ...more: readonly string[]) =>
      listsOf(dialect, ...lines(zone), ...more).flatMap((line) => /\| (\w+)/.exec(line)?.[1] ?? [])
    expect(hooks(vyos13, 'zone-policy zone')).toEqual(['forward', 'input'])
    const six = 'zone-policy zone LAN from LOCAL firewall ipv6-name SIX'
    expect(hooks(vyos13, 'zone-policy zone', six)).toEqual(['forward', 'input', 'output'])
    expect(hooks(vyos14, 'firewall zone')).toEqual(['forward', 'input', 'output'])
  })

  it('let the gateway alone without a local one', () => {
    expect(listsOf(vyos14, 'firewall zone LAN interface eth1')).toEqual([
      'firewall zone (forward) | forward 1 ipv4',
      '  out=eth1 → ask zone LAN',
      '    in=eth1 → return',
      '    else drop',
      '  else accept',
    ])
  })

  it.each([
    ['action drop', ['    in=eth1 → drop']],
    ['action accept', ['    in=eth1 → return']],
    ['firewall name WITHIN', ['    in=eth1 → leave by WITHIN', '      else drop']],
    ['firewall ipv6-name WITHIN', ['    in=eth1 → return']],
  ])('may filter within: %s', (words, rules) => {
    const zone = 'firewall zone LAN'
    const set = 'firewall ipv4 name WITHIN default-action drop'
    const lists = listsOf(vyos14, `${zone} interface eth1`, `${zone} intra-zone-filtering ${words}`, set)
    expect(lists.slice(2, -1)).toEqual([...rules, '    else drop'])
  })

  it('have members in newer releases, which may be VRFs', () => {
    const lists = listsOf(
      vyos15,
      'interfaces ethernet eth2 vrf red',
      'firewall zone LAN member interface eth1',
      'firewall zone LAN member vrf red',
    )
    expect(lists.slice(1, 3)).toEqual(['  out=eth1,eth2 → ask zone LAN', '    in=eth1,eth2 → return'])
    const old = listsOf(vyos14, 'interfaces ethernet eth2 vrf red', 'firewall zone LAN interface eth2')
    expect(old.slice(1, 3)).toEqual(['  out=eth2 → ask zone LAN', '    in= → return'])
  })

  it('without interfaces are nowhere', () => {
    expect(listsOf(vyos13, 'zone-policy zone LAN description old')).toEqual([])
  })

  it('that name a set or a zone which is not there could do anything', () => {
    const lan = ['firewall zone LAN interface eth1', 'firewall zone WAN interface eth0']
    const pair = 'firewall zone LAN from WAN firewall name S'
    const missing = shownFilters(vyos14, [...lan, pair])
    expect(missing.lists).toContain(`    in=eth0 → unknown (set ${pair})`)
    expect(missing.unread).toEqual([`filters ${pair}`])
    const other = ['firewall zone LAN from DMZ firewall name S', 'firewall ipv4 name S default-action accept']
    expect(shownFilters(vyos14, [...lan, ...other]).lists).toContain(
      '    unknown=zone DMZ, which is not there → leave by S',
    )
  })

  it('with a word that nobody knows are unread', () => {
    const line = 'firewall zone LAN shield up'
    expect(shownFilters(vyos14, ['firewall zone LAN interface eth1', line]).unread).toEqual([`filters! ${line}`])
  })
})
