import { describe, expect, it } from 'vitest'
import { dialect as vyos14 } from '../../platforms/vyos-1.4/view.ts'
import { dialect as vyos15 } from '../../platforms/vyos-1.5/view.ts'
import { readVyattaDevice } from '../read-device.ts'
import { shownFilters } from './shown-filters.ts'

const forward = 'firewall ipv4 forward filter'
const drops = `${forward} default-action drop`

function listsOf(...lines: readonly string[]): string[] {
  const { lists, unread } = shownFilters(vyos15, lines)
  expect(unread).toEqual([])
  return lists
}

describe('chains of VyOS 1.4 and later', () => {
  it('are asked by number, and what no rule takes meets the default', () => {
    expect(
      listsOf(
        drops,
        `${forward} rule 20 action reject`,
        `${forward} rule 20 protocol udp`,
        `${forward} rule 3 action accept`,
        `${forward} rule 3 source address 10.1.0.0/24`,
        `${forward} rule 5 action drop`,
        `${forward} rule 5 disable`,
        `${forward} rule 6 action continue`,
        `${forward} rule 7 action offload`,
        `${forward} rule 7 offload-target F`,
      ),
    ).toEqual([
      `${forward} | forward 0 ipv4`,
      '  3 source=10.1.0.0-10.1.0.255 → accept',
      '  20 protocol=17 → reject',
      '  else drop',
    ])
  })

  it('accept where they say nothing of the rest, and what returns from one is accepted', () => {
    expect(
      listsOf(
        `${forward} rule 1 action return`,
        `${forward} rule 1 protocol udp`,
        `${forward} rule 2 action drop`,
        `${forward} rule 2 protocol tcp`,
      ),
    ).toEqual([`${forward} | forward 0 ipv4`, '  1 protocol=17 → accept', '  2 protocol=6 → drop', '  else accept'])
  })

  it('stand at the priorities of their names', () => {
    const chains = ['prerouting raw', 'output raw', 'output filter', 'input filter', 'prerouting filter']
    const lists = listsOf(...chains.map((chain) => `firewall ipv4 ${chain} default-action drop`))
    expect(lists.filter((line) => line.includes('|')).map((line) => line.split('| ')[1])).toEqual([
      'prerouting -300 ipv4',
      'prerouting 0 ipv4',
      'output -300 ipv4',
      'output 0 ipv4',
      'input 0 ipv4',
    ])
  })

  it('call sets, which drop what they say nothing of', () => {
    expect(
      listsOf(
        `${forward} rule 1 action jump`,
        `${forward} rule 1 jump-target LAN`,
        `${forward} rule 1 inbound-interface name eth1`,
        'firewall ipv4 name LAN rule 1 action return',
        'firewall ipv4 name LAN rule 1 protocol tcp',
        'firewall ipv4 name LAN rule 2 action accept',
        'firewall ipv4 name LAN rule 2 protocol udp',
        'firewall ipv4 name OTHER default-action drop',
      ),
    ).toEqual([
      `${forward} | forward 0 ipv4`,
      '  1 in=eth1 → ask LAN',
      '    1 protocol=6 → return',
      '    2 protocol=17 → accept',
      '    else drop',
      '  else accept',
    ])
  })

  it.each([
    ['accept', 'accept'],
    ['return', 'return'],
    ['continue', 'return'],
    ['reject', 'reject'],
  ])('call sets whose default is to %s', (word, fallback) => {
    const lists = listsOf(
      drops,
      `${forward} rule 1 action jump`,
      `${forward} rule 1 jump-target LAN`,
      `firewall ipv4 name LAN default-action ${word}`,
    )
    expect(lists[2]).toBe(`    else ${fallback}`)
  })

  it('call a set for the rest', () => {
    expect(
      listsOf(
        `${forward} default-action jump`,
        `${forward} default-jump-target LAN`,
        'firewall ipv4 name LAN default-action jump',
        'firewall ipv4 name LAN default-jump-target WAN',
        'firewall ipv4 name WAN default-action drop',
      ),
    ).toEqual([
      `${forward} | forward 0 ipv4`,
      '  → ask LAN',
      '    → ask WAN',
      '      else drop',
      '    else return',
      '  else accept',
    ])
  })

  it('call no set that is not there, that calls itself, or that is too deep for the kernel', () => {
    const call = (from: string, to: string) => [
      `firewall ipv4 ${from} rule 1 action jump`,
      `firewall ipv4 ${from} rule 1 jump-target ${to}`,
    ]
    const missing = shownFilters(vyos14, call('forward filter', 'LAN'))
    expect(missing.lists[1]).toBe(`  1 → unknown (set ${forward} rule 1 jump-target LAN)`)
    expect(missing.unread).toEqual([`filters ${forward} rule 1 jump-target LAN`])
    const circle = shownFilters(vyos14, [
      ...call('forward filter', 'A'),
      ...call('name A', 'B'),
      ...call('name B', 'A'),
      'firewall ipv4 name A default-action accept',
      'firewall ipv4 name B default-action accept',
    ])
    expect(circle.unread).toEqual(['filters firewall ipv4 name B rule 1 jump-target A'])
    const chain = Array.from({ length: 40 }, (_, at) => call(`name S${at}`, `S${at + 1}`)).flat()
    const deep = shownFilters(vyos14, [...call('forward filter', 'S0'), ...chain])
    expect(deep.unread).toHaveLength(1)
    const [first = ''] = call('forward filter', 'S30')
    const other = `${forward} rule 2 jump-target S0`
    const twice = shownFilters(vyos14, [
      first,
      `${forward} rule 1 jump-target S30`,
      `${forward} rule 2 action jump`,
      other,
      ...chain,
    ])
    expect(twice.unread.length).toBeGreaterThan(1)
  })

  it('are not there for IPv6 unless a tunnel carries it', () => {
    const six = 'firewall ipv6 forward filter default-action drop'
    expect(listsOf(six)).toEqual([])
    const peer = 'vpn ipsec site-to-site peer P'
    const carried = [
      `${peer} tunnel 1 local prefix fd00:1::/64`,
      `${peer} tunnel 1 remote prefix fd00:2::/64`,
      'firewall group ipv6-network-group N network fd00:1::/64',
      'firewall ipv6 name X rule 1 action accept',
      'firewall ipv6 name X rule 1 source group network-group N',
      'firewall ipv6 forward filter rule 1 action jump',
      'firewall ipv6 forward filter rule 1 jump-target X',
      'firewall ipv4 name X default-action reject',
    ]
    expect(shownFilters(vyos14, [six, ...carried]).lists).toEqual([
      'firewall ipv6 forward filter | forward 0 ipv6',
      '  1 → ask X',
      '    1 source=fd00:1::-fd00:1::ffff:ffff:ffff:ffff → accept',
      '    else drop',
      '  else drop',
    ])
  })

  it('take packets as invalid where connections are not tracked yet', () => {
    const raw = 'firewall ipv4 prerouting raw'
    expect(
      listsOf(
        `${raw} rule 1 action jump`,
        `${raw} rule 1 jump-target STATES`,
        `${forward} rule 1 action jump`,
        `${forward} rule 1 jump-target STATES`,
        'firewall ipv4 name STATES default-action return',
        'firewall ipv4 name STATES rule 1 action drop',
        'firewall ipv4 name STATES rule 1 state invalid',
        'firewall ipv4 name STATES rule 1 state new',
        'firewall ipv4 name STATES rule 2 action drop',
        'firewall ipv4 name STATES rule 2 state established',
        'firewall ipv4 name STATES rule 3 action drop',
        'firewall ipv4 name STATES rule 3 connection-status nat destination',
      ),
    ).toEqual([
      `${raw} | prerouting -300 ipv4`,
      '  1 → ask STATES',
      '    1 → drop',
      '    else return',
      '  else accept',
      `${forward} | forward 0 ipv4`,
      '  1 → ask STATES',
      '    1 states=invalid,new → drop',
      '    2 states=established → drop',
      '    3 translated=destination → drop',
      '    else return',
      '  else accept',
    ])
  })

  it('that nobody knows are unread', () => {
    const lines = ['firewall ipv4 forward shield rule 1 action drop', 'firewall ipv4 beside filter default-action drop']
    expect(shownFilters(vyos15, lines)).toEqual({ lists: [], unread: lines.map((line) => `filters! ${line}`) })
  })

  it('know where their rules, sets and defaults are written', () => {
    const text = `firewall {
    ipv4 {
        forward {
            filter {
                rule 5 {
                    action jump
                    jump-target LAN
                    description "to the LAN"
                }
                default-action drop
            }
        }
        name LAN {
            rule 1 {
                action accept
            }
        }
    }
}
`
    const [list] = readVyattaDevice(text, vyos14).device.lists.filter(({ kind }) => kind === 'filter')
    expect(list).toMatchObject({
      line: 4,
      fallbackLine: 10,
      rules: [{ number: 5, line: 5, description: 'to the LAN', action: { to: { name: 'LAN', line: 13 } } }],
    })
    const [rule] = list?.rules ?? []
    expect(rule?.action.kind === 'jump' && rule.action.to.fallbackLine).toBeUndefined()
  })
})

describe('actions whose outcome is not known', () => {
  it.each([
    ['queue', ['queue 3'], '  1 → unknown (set firewall ipv4 forward filter rule 1 action queue)'],
    [
      'synproxy',
      ['protocol tcp', 'synproxy tcp mss 1460'],
      '  1 protocol=6 states=invalid,untracked → unknown (set firewall ipv4 forward filter rule 1 action synproxy)',
    ],
    ['ponder', [], '  1 → unknown (set firewall ipv4 forward filter rule 1 action ponder)'],
  ])('%s', (word, lines, expected) => {
    const all = [`${forward} rule 1 action ${word}`, ...lines.map((line) => `${forward} rule 1 ${line}`)]
    const { lists, unread } = shownFilters(vyos14, all)
    expect(lists).toEqual([`${forward} | forward 0 ipv4`, expected, '  else accept'])
    expect(unread).toEqual([`filters ${forward} rule 1 action ${word}`])
  })

  it('of a rule that has none', () => {
    const { lists } = shownFilters(vyos14, [`${forward} rule 1 protocol udp`])
    expect(lists[1]).toBe(`  1 protocol=17 → unknown (rule 1 of ${forward}, which has no action)`)
  })

  it('of a default', () => {
    const { lists, unread } = shownFilters(vyos14, [`${forward} default-action ponder`])
    expect(lists.slice(1)).toEqual([`  → unknown (set ${forward} default-action ponder)`, '  else accept'])
    expect(unread).toEqual([`filters ${forward} default-action ponder`])
  })

  it('and what is not tracked is not translated', () => {
    const raw = 'firewall ipv4 prerouting raw rule 5'
    const { lists, unread } = shownFilters(vyos15, [`${raw} action notrack`, `${raw} source address 10.1.0.0/24`])
    expect(lists).toEqual([])
    expect(unread).toEqual([`nat! ${raw} action notrack`])
  })
})

describe('the policy by state', () => {
  const policy = 'firewall global-options state-policy'
  const lines = [
    `${policy} related action accept`,
    `${policy} established action accept`,
    `${policy} established log`,
    `${policy} invalid action drop`,
  ]
  const shown = (indent: string) =>
    ['states=established → accept', 'states=invalid → drop', 'states=related → accept', 'else return'].map(
      (line) => `${indent}${line}`,
    )

  it('comes first in every filter that there is', () => {
    expect(listsOf(...lines, drops, 'firewall ipv4 output raw default-action drop')).toEqual([
      `${forward} | forward 0 ipv4`,
      `  → ask ${policy}`,
      ...shown('    '),
      '  else drop',
      'firewall ipv4 output raw | output -300 ipv4',
      '  else drop',
    ])
  })

  it('is asked in the chains of zones as well', () => {
    const lists = listsOf(...lines, 'firewall zone LAN interface eth1')
    expect(lists.filter((line) => /\||policy/.test(line))).toEqual([
      'firewall zone (forward) | forward 1 ipv4',
      `  → ask ${policy}`,
      'firewall zone (input) | input 1 ipv4',
      `  → ask ${policy}`,
      'firewall zone (output) | output 1 ipv4',
      `  → ask ${policy}`,
    ])
  })

  it('is nowhere without a chain', () => {
    expect(listsOf(...lines)).toEqual([])
  })

  it('with an action that nobody knows', () => {
    const { lists, unread } = shownFilters(vyos14, [drops, `${policy} invalid action ponder`])
    expect(lists[2]).toBe(`    states=invalid → unknown (set ${policy} invalid action ponder)`)
    expect(unread).toEqual([`filters ${policy} invalid action ponder`])
  })
})
