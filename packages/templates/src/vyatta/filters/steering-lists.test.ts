import { expect, it } from 'vitest'
import { dialect as edgeos } from '../../platforms/edgeos/view.ts'
import { dialect as vyos13 } from '../../platforms/vyos-1.3/view.ts'
import { dialect as vyos14 } from '../../platforms/vyos-1.4/view.ts'
import type { VyattaDialect } from '../dialect.ts'
import { readVyattaDevice } from '../read-device.ts'
import { shownFilters } from './shown-filters.ts'

it.each<[string, VyattaDialect, readonly string[], readonly string[]]>([
  [
    'by the set itself',
    vyos14,
    [
      'policy route P interface eth1',
      'policy route P interface eth2',
      'policy route P rule 10 set table 5',
      'policy route P rule 10 protocol tcp',
      'policy route P rule 15 set mark 7',
      'policy route P rule 20 action drop',
      'policy route P rule 20 state invalid',
    ],
    [
      'policy route P (prerouting) | prerouting -150 ipv4',
      '  in=eth1,eth2 → ask policy route P',
      '    10 protocol=6 → return',
      '    20 states=invalid → drop',
      '    else return',
      '  else accept',
    ],
  ],
  [
    'by their interfaces',
    vyos13,
    [
      'interfaces ethernet eth1 policy route P',
      'policy route P rule 1 action drop',
      'policy route Q rule 1 action drop',
    ],
    [
      'policy route P (prerouting) | prerouting -150 ipv4',
      '  in=eth1 → ask policy route P',
      '    1 → drop',
      '    else return',
      '  else accept',
    ],
  ],
  [
    'by what changes packets on EdgeOS',
    edgeos,
    [
      'interfaces ethernet eth1 firewall in modify M',
      'interfaces ethernet eth0 firewall out modify N',
      'firewall modify M rule 1 action modify',
      'firewall modify M rule 1 modify lb-group G',
      'firewall modify M rule 1 source address 10.1.0.0/24',
      'firewall modify M rule 2 action accept',
      'firewall modify M rule 2 protocol udp',
      'firewall modify M rule 3 action drop',
      'firewall modify N default-action drop',
    ],
    [
      'modify M (prerouting) | prerouting -150 ipv4',
      '  in=eth1 → ask modify M',
      '    1 source=10.1.0.0-10.1.0.255 → return',
      '    2 protocol=17 → return',
      '    3 → drop',
      '    else return',
      '  else accept',
      'modify N (postrouting) | postrouting -150 ipv4',
      '  out=eth0 → ask modify N',
      '    else drop',
      '  else accept',
    ],
  ],
  [
    'unless nothing is dropped',
    vyos14,
    ['policy route P interface eth1', 'policy route P rule 10 set table 5', 'policy route P rule 11 action accept'],
    [],
  ],
])('sets that choose a way may drop packets: %s', (_, dialect, lines, expected) => {
  expect(shownFilters(dialect, lines).lists).toEqual(expected)
})

it('tells of such a set that is bound and not there', () => {
  const line = 'interfaces ethernet eth1 firewall in modify M'
  expect(shownFilters(edgeos, [line]).unread).toEqual([`filters! ${line}`])
})

it('leaves what such a set does not say to its way', () => {
  const lines = [
    'policy route P interface eth1',
    'policy route P rule 1 action drop',
    'policy route P rule 1 protocol udp',
    'policy route P rule 2 set table 5',
    'policy route P rule 2 set shield up',
  ]
  const { device } = readVyattaDevice(lines.map((line) => `set ${line}\n`).join(''), vyos14)
  expect(device.steering).toMatchObject([{ doubt: { line: 5 } }])
})
