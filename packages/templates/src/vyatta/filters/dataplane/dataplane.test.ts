import { describe, expect, it } from 'vitest'
import { dialect } from '../../../platforms/vyatta-5600/view.ts'
import { shownFilters } from '../shown-filters.ts'

const accepting = (name: string, ...words: readonly string[]) =>
  ['action accept', ...words].map((word) => `security firewall name ${name} rule 1 ${word}`)

function listsOf(...lines: readonly string[]): string[] {
  const { lists, unread } = shownFilters(dialect, lines)
  expect(unread).toEqual([])
  return lists
}

describe('the sets of interfaces', () => {
  it('are asked one after the other, and the last drops the rest', () => {
    expect(
      listsOf(
        'interfaces dataplane dp0s3 firewall in A',
        'interfaces dataplane dp0s3 firewall in B',
        'interfaces dataplane dp0s3 vif 7 firewall out C',
        ...accepting('A', 'source address 10.1.0.0/16'),
        ...accepting('B', 'protocol tcp', 'destination port 443'),
        'security firewall name B rule 2 source address 10.9.0.1',
        'security firewall name C default-action accept',
        'security firewall name C rule 1 action drop',
        'security firewall name C rule 1 protocol udp',
      ),
    ).toEqual([
      'dp0s3 firewall in | prerouting -200, not of sessions in',
      '  in=dp0s3 → ask A',
      '    1 source=10.1.0.0-10.1.255.255 → accept',
      '    else return',
      '  in=dp0s3 → ask B',
      '    1 protocol=6 destinationPort=443 → accept',
      '    2 source=10.9.0.1 → drop',
      '    else drop',
      '  else accept',
      'dp0s3.7 firewall out | postrouting 200, not of sessions out',
      '  out=dp0s3.7 → ask C',
      '    1 protocol=17 → drop',
      '    else accept',
      '  else accept',
    ])
  })

  it('drop what belongs to no session where only the other way has rules, and these keep state', () => {
    const lines = ['interfaces dataplane dp0s3 firewall out OUT', 'security firewall name OUT default-action accept']
    expect(listsOf(...lines, ...accepting('OUT', 'state enable'))).toEqual([
      'dp0s3 firewall in | prerouting -200, not of sessions in',
      '  in=dp0s3 → ask dp0s3 firewall in, where no set is bound and the other way keeps state',
      '    else drop',
      '  else accept',
      'dp0s3 firewall out | postrouting 200, not of sessions out',
      '  out=dp0s3 → ask OUT',
      '    1 → accept with state',
      '    else accept',
      '  else accept',
    ])
    expect(listsOf(...lines, ...accepting('OUT', 'state disable'))).toEqual([])
  })

  it('keep state by protocol with a policy for all connections', () => {
    const lines = (...words: readonly string[]) => [
      'interfaces dataplane dp0s3 firewall in IN',
      'security firewall global-state-policy tcp',
      'security firewall global-state-policy icmp',
      ...accepting('IN', ...words),
    ]
    const kept = (...words: readonly string[]) => listsOf(...lines(...words))[2]
    expect(kept('protocol tcp')).toBe('    1 protocol=6 → accept with state')
    expect(kept('tcp flags SYN,!ACK')).toBe('    1 protocol=6 tcp=syn!ack → accept with state')
    expect(kept('icmp name echo-request')).toBe('    1 protocol=1 icmpType=8 → accept with state')
    expect(kept('icmp type 8 code 0')).toBe('    1 protocol=1 icmpType=8 → accept with state')
    expect(kept('icmpv6 type 128')).toBe('    1 protocol=58 icmpType=128 → accept with state')
    expect(kept('protocol udp')).toBe('    1 protocol=17 → accept')
    expect(kept('source address 10.0.0.1')).toBe('    1 source=10.0.0.1 → accept')
    expect(kept('session')).toBe('    1 → accept with state')
  })

  it('for the gateway itself let pass what they do not take, and those of lo are for all', () => {
    expect(
      listsOf(
        'interfaces dataplane dp0s3 firewall local L',
        'interfaces loopback lo firewall local CPP',
        'interfaces dataplane dp0s3 firewall originate O',
        ...accepting('L'),
        'security firewall name CPP default-action drop',
        'security firewall name O rule 5 action drop',
      ),
    ).toEqual([
      'firewall local | input 10',
      '  in=dp0s3 → ask L',
      '    1 → accept',
      '    else return',
      '  → ask CPP',
      '    else drop',
      '  else accept',
      'firewall originate | output 10',
      '  out=dp0s3 → ask O',
      '    5 → drop',
      '    else return',
      '  else accept',
    ])
    expect(listsOf('interfaces dataplane dp0s3 firewall local L', ...accepting('L'))).toEqual([])
  })

  it('name groups', () => {
    const lists = listsOf(
      'interfaces dataplane dp0s3 firewall in IN',
      'resources group address-group HOSTS address 10.1.0.1',
      'resources group address-group HOSTS address-range 10.1.0.8 to 10.1.0.9',
      'resources group port-group WEB port 80',
      'resources group protocol-group P protocol tcp',
      ...accepting('IN', 'source address HOSTS', 'destination port WEB', 'protocol-group P'),
    )
    expect(lists[2]).toBe('    1 protocol=6 source=10.1.0.1,10.1.0.8-10.1.0.9 destinationPort=80 → accept')
  })

  it.each<[string, readonly string[], string, readonly string[]]>([
    [
      'a limit',
      ['police ratelimit 10'],
      '1 → accept (set security firewall name IN rule 1 police ratelimit 10)',
      [' police ratelimit 10'],
    ],
    [
      'a limit of sessions',
      ['parameter P'],
      '1 → accept (set security firewall name IN rule 1 parameter P)',
      [' parameter P'],
    ],
    ['a word that nobody knows', ['shield up'], '1 unknown=shield → accept', [' shield up']],
    ['a group of types', ['icmp group G'], '1 protocol=1 unknown=the type of icmp → accept', []],
    ['what packets do not show', ['dscp 10', 'pcp 3'], '1 unknown=dscp, pcp → accept', [' pcp 3']],
  ])('may or may not take packets: %s', (_, words, rule, unread) => {
    const shown = shownFilters(dialect, ['interfaces dataplane dp0s3 firewall in IN', ...accepting('IN', ...words)])
    expect(shown.lists[2]?.trim()).toBe(rule)
    expect(shown.unread).toEqual(unread.map((words) => `filters security firewall name IN rule 1${words}`))
  })

  it('take no part of a packet, no rule that is switched off, and drop where no action is written', () => {
    expect(
      listsOf(
        'interfaces dataplane dp0s3 firewall in IN',
        'security firewall name IN rule 1 fragment',
        'security firewall name IN rule 2 disable',
        'security firewall name IN rule 3 log',
        'security firewall name IN rule 3 mark dscp 10',
        'security firewall name IN rule 3 state enable',
      ).slice(2),
    ).toEqual(['    3 → drop', '    else drop', '  else accept'])
  })

  it('that are bound and not there may do anything', () => {
    expect(shownFilters(dialect, ['interfaces dataplane dp0s3 firewall in IN'])).toEqual({
      lists: [
        'dp0s3 firewall in | prerouting -200, not of sessions in',
        '  in=dp0s3 → unknown (set interfaces dataplane dp0s3 firewall in IN)',
        '  else accept',
      ],
      unread: ['filters interfaces dataplane dp0s3 firewall in IN'],
    })
  })

  it('may stand at places that nobody knows', () => {
    const line = 'interfaces dataplane dp0s3 firewall sideways IN'
    expect(shownFilters(dialect, [line]).unread).toEqual([`filters! ${line}`])
  })
})

describe('zones', () => {
  const zones = [
    'security zone-policy zone LAN interface dp0s1',
    'security zone-policy zone LAN interface dp0s2',
    'security zone-policy zone LAN description inside',
    'security zone-policy zone TUNNEL interface vfp0',
    'security zone-policy zone LAN to TUNNEL firewall ALLOWALL',
    ...accepting('ALLOWALL'),
  ]

  it('drop what goes between one of them and an interface in none, and pairs without sets', () => {
    expect(listsOf(...zones)).toEqual([
      'zones, and interfaces in none | postrouting 200',
      '  in=dp0s1,dp0s2,vfp0 out=!dp0s1,dp0s2,vfp0 → drop',
      '  in=!dp0s1,dp0s2,vfp0 out=dp0s1,dp0s2,vfp0 → drop',
      '  else accept',
      'zones | postrouting 200, not of sessions in and out',
      '  out=dp0s1,dp0s2 → ask zone LAN',
      '    in=dp0s1,dp0s2 → accept',
      '    in=vfp0 → ask zone TUNNEL to LAN',
      '      else drop',
      '    else drop',
      '  out=vfp0 → ask zone TUNNEL',
      '    in=vfp0 → accept',
      '    in=dp0s1,dp0s2 → ask ALLOWALL',
      '      1 → accept',
      '      else drop',
      '    else drop',
      '  else accept',
    ])
  })

  it('may let pass what their sets leave', () => {
    const lists = listsOf(...zones, 'security zone-policy zone LAN default-action accept')
    expect(lists.slice(12, 16)).toEqual([
      '    in=dp0s1,dp0s2 → ask ALLOWALL',
      '      1 → accept',
      '      else accept',
      '    else drop',
    ])
  })

  it('can be the gateway itself', () => {
    const local = 'security zone-policy zone GATEWAY'
    expect(
      listsOf(
        ...zones,
        `${local} local-zone`,
        `${local} to TUNNEL firewall OUT`,
        'security zone-policy zone TUNNEL to GATEWAY firewall ALLOWALL',
        ...accepting('OUT', 'state enable'),
        'security firewall name OUT rule 2 action drop',
      ).slice(17),
    ).toEqual([
      'zone GATEWAY | input 0, not of sessions in',
      '  in=dp0s1,dp0s2 → ask zone LAN to GATEWAY',
      '    else drop',
      '  in=vfp0 → ask ALLOWALL',
      '  else accept',
      'zone GATEWAY, out | output 0, not of sessions out',
      '  out=vfp0 → ask OUT',
      '    1 → accept with state',
      '    2 → accept',
      '    else accept',
      '  else accept',
    ])
  })

  it('of a pair that names no set may do anything', () => {
    const line = 'security zone-policy zone TUNNEL to LAN'
    const { lists, unread } = shownFilters(dialect, [...zones, line])
    expect(lists[7]).toBe(`    in=vfp0 → unknown (set ${line})`)
    expect(unread).toEqual([`filters ${line}`])
  })

  it('have words that nobody knows', () => {
    const line = 'security zone-policy zone TUNNEL shield up'
    expect(shownFilters(dialect, [...zones, line]).unread).toEqual([`filters! ${line}`])
  })

  it('without interfaces are nowhere', () => {
    expect(listsOf('security zone-policy zone LAN default-action drop')).toEqual([])
  })
})
