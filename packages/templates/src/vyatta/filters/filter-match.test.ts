import { describe, expect, it } from 'vitest'
import { dialect as edgeos } from '../../platforms/edgeos/view.ts'
import { dialect as vyos13 } from '../../platforms/vyos-1.3/view.ts'
import { dialect as vyos14 } from '../../platforms/vyos-1.4/view.ts'
import { dialect as vyos15 } from '../../platforms/vyos-1.5/view.ts'
import type { VyattaDialect } from '../dialect.ts'
import { shownFilters } from './shown-filters.ts'

const rule = 'firewall ipv4 forward filter rule 1'

/** What a rule with some words asks, which drops; `undefined` where it is left out. */
function asked(words: readonly string[], { dialect = vyos14, more = [] }: Around = {}): readonly string[] {
  const isOlder = dialect === vyos13 || dialect === edgeos
  const older = ['interfaces ethernet eth0 firewall in name S', 'firewall name S default-action accept']
  const name = isOlder ? 'firewall name S rule 1' : rule
  const { lists, unread } = shownFilters(dialect, [
    ...(isOlder ? older : []),
    ...['action drop', ...words].map((one) => `${name} ${one}`),
    ...more,
  ])
  expect(unread).toEqual([])
  return lists.flatMap((line) => /^ *1 (.*?) ?→ drop$/.exec(line)?.[1] ?? (/^ *1 → drop$/.test(line) ? '' : []))
}

interface Around {
  readonly dialect?: VyattaDialect
  readonly more?: readonly string[]
}

describe('what a rule for IPv6 asks of ICMPv6', () => {
  it.each<[string, VyattaDialect, readonly string[], readonly string[]]>([
    ['a name', vyos14, ['type-name echo-request'], ['protocol=58 icmpType=128']],
    ['a name of the answer', vyos15, ['type-name echo-reply'], ['protocol=58 icmpType=129']],
    ['what was too large', vyos14, ['type-name packet-too-big'], ['protocol=58 icmpType=2']],
    ['a number', vyos15, ['type 128'], ['protocol=58 icmpType=128']],
    ['a number and a code', vyos14, ['type 128', 'code 0'], ['protocol=58 icmpType=128']],
    ['a code that no echo has', vyos14, ['type 128', 'code 1'], []],
    ['a name in the older form', vyos13, ['type echo-request'], ['protocol=58 icmpType=128']],
    ['another name in the older form', edgeos, ['type pong'], ['protocol=58 icmpType=129']],
    ['a number in the older form', vyos13, ['type 135'], ['protocol=58 icmpType=135']],
    ['both numbers in the older form', edgeos, ['type 2/0'], ['protocol=58 icmpType=2']],
    ['both numbers of what is not followed', edgeos, ['type 1/3'], []],
    ['a name that means a code', edgeos, ['type bad-header'], ['protocol=58 icmpType=4']],
    ['a name that means a code of what is not followed', edgeos, ['type port-unreachable'], []],
  ])('%s', (_, dialect, words, expected) => {
    expect(askedOfIpv6(dialect, words)).toEqual({ matches: expected, unread: [] })
  })

  it('leaves open a name that is not known', () => {
    const { unread } = askedOfIpv6(vyos14, ['type-name something'])
    expect(unread).toHaveLength(1)
  })
})

/** What a rule for ICMPv6 asks, which drops; a tunnel carries IPv6, so that it counts. */
function askedOfIpv6(dialect: VyattaDialect, words: readonly string[]) {
  const isOlder = dialect === vyos13 || dialect === edgeos
  const older = ['interfaces ethernet eth0 firewall in ipv6-name S', 'firewall ipv6-name S default-action accept']
  const name = isOlder ? 'firewall ipv6-name S rule 1' : 'firewall ipv6 forward filter rule 1'
  const peer = 'vpn ipsec site-to-site peer 198.51.100.1'
  const { lists, unread } = shownFilters(dialect, [
    ...(isOlder ? older : []),
    `${name} action drop`,
    `${name} protocol ${isOlder ? 'icmpv6' : 'ipv6-icmp'}`,
    ...words.map((word) => `${name} icmpv6 ${word}`),
    `${peer} tunnel 1 local prefix fd00:1::/64`,
    `${peer} tunnel 1 remote prefix fd00:2::/64`,
  ])
  const matches = lists.flatMap((line) => /^ *1 (.*?) ?→ drop$/.exec(line)?.[1] ?? [])
  return { matches, unread: unread.filter((line) => line.startsWith('filters')) }
}

describe('what a filter rule asks', () => {
  it.each<[string, readonly string[], readonly string[], Around?]>([
    ['nothing', [], ['']],
    [
      'addresses',
      ['source address 10.1.0.0/24', 'destination address !10.2.0.1'],
      ['source=10.1.0.0-10.1.0.255 destination=0.0.0.0-10.2.0.0,10.2.0.2-255.255.255.255'],
    ],
    [
      'some bits of an address',
      ['source address 0.0.0.5', 'source address-mask 0.0.0.255'],
      ['unknown=some bits of an address'],
    ],
    [
      'some bits of those of a group',
      ['source group address-group G', 'source address-mask 0.0.0.255'],
      ['unknown=some bits of an address'],
      { more: ['firewall group address-group G address 10.1.0.1'] },
    ],
    [
      'all but a group within a group',
      ['source group network-group !G'],
      ['source=0.0.0.0-9.255.255.255,11.0.0.0-255.255.255.255'],
      { more: ['firewall group network-group G include H', 'firewall group network-group H network 10.0.0.0/8'] },
    ],
    [
      'the members of a group that is made while it runs',
      ['source group domain-group D'],
      ['unknown=the members of domain-group D'],
    ],
    ['protocols', ['protocol tcp_udp'], ['protocol=6,17']],
    ['all protocols', ['protocol all'], ['']],
    ['all but two', ['protocol !tcp_udp'], ['protocol=0-5,7-16,18-255']],
    ['both of two rules, of which each takes the rest', ['protocol !tcp_udp'], [''], { dialect: vyos13 }],
    ['the same of EdgeOS', ['protocol !tcp_udp'], [''], { dialect: edgeos }],
    ['ports', ['protocol tcp', 'destination port https,1000-1002'], ['protocol=6 destinationPort=443,1000-1002']],
    [
      'each port with its own sign',
      ['protocol tcp', 'source port !22,25,20-30'],
      ['protocol=6 sourcePort=20-21,23-30'],
    ],
    ['all but some ports', ['protocol tcp', 'source port !22,!25'], ['protocol=6 sourcePort=0-21,23-24,26-65535']],
    [
      'all ports but a list',
      ['protocol tcp', 'source port !22,25'],
      ['protocol=6 sourcePort=0-21,23-24,26-65535'],
      { dialect: vyos13 },
    ],
    [
      'a group of ports',
      ['protocol udp', 'destination group port-group P'],
      ['protocol=17 destinationPort=500,4500'],
      { more: ['firewall group port-group P port 500', 'firewall group port-group P port 4500'] },
    ],
    ['interfaces', ['inbound-interface name eth*', 'outbound-interface name !eth0'], ['in=eth* out=!eth0']],
    [
      'a group of interfaces',
      ['inbound-interface group !G'],
      ['in=!eth0,eth1'],
      { more: ['firewall group interface-group G interface eth0', 'firewall group interface-group G interface eth1'] },
    ],
    ['interfaces in the words of early releases', ['inbound-interface interface-name eth0'], ['in=eth0']],
    ['states', ['state established', 'state related'], ['states=established,related']],
    ['states in one word', ['state established,related'], ['states=established,related']],
    ['states in the older form', ['state new enable', 'state invalid disable'], ['states=new'], { dialect: vyos13 }],
    ['no state', ['state new disable'], [''], { dialect: vyos13 }],
    ['translated connections', ['connection-status nat source'], ['translated=source']],
    ['packets of tunnels', ['ipsec match-ipsec'], ['arrived=encrypted']],
    ['others', ['ipsec match-none'], ['arrived=clear'], { dialect: vyos13 }],
    ['packets of tunnels in newer words', ['ipsec match-ipsec-in'], ['arrived=encrypted'], { dialect: vyos15 }],
    ['others in newer words', ['ipsec match-none-in'], ['arrived=clear'], { dialect: vyos15 }],
    ['packets for tunnels', ['ipsec match-ipsec-out'], ['leaving=encrypted'], { dialect: vyos15 }],
    ['packets in clear', ['ipsec match-none-out'], ['leaving=clear'], { dialect: vyos15 }],
    [
      'flags',
      ['protocol tcp', 'tcp flags syn', 'tcp flags not ack', 'tcp flags not ecn'],
      ['protocol=6 tcp=syn!ack,ece'],
    ],
    [
      'flags in the older form',
      ['protocol tcp', 'tcp flags SYN,!ACK,!RST'],
      ['protocol=6 tcp=syn!ack,rst'],
      { dialect: vyos13 },
    ],
    [
      'no flag at all',
      ['protocol tcp', 'tcp flags !ALL'],
      ['protocol=6 tcp=!fin,syn,rst,psh,ack,urg'],
      { dialect: vyos13 },
    ],
    ['a type of ICMP', ['protocol icmp', 'icmp type-name echo-request'], ['protocol=1 icmpType=8']],
    [
      'a type by another name',
      ['protocol icmp', 'icmp type-name ping'],
      ['protocol=1 icmpType=8'],
      { dialect: vyos13 },
    ],
    ['any type', ['protocol icmp', 'icmp type-name any'], ['protocol=1'], { dialect: vyos13 }],
    ['a type by number', ['protocol icmp', 'icmp type 8', 'icmp code 0'], ['protocol=1 icmpType=8']],
    ['a code that no echo has', ['protocol icmp', 'icmp type 8', 'icmp code 4'], []],
    ['what was too large', ['protocol icmp', 'icmp type 3', 'icmp code 4'], ['protocol=1 icmpType=3']],
    [
      'what was too large by name',
      ['protocol icmp', 'icmp type-name fragmentation-needed'],
      ['protocol=1 icmpType=3'],
      { dialect: vyos13 },
    ],
    ['another code', ['protocol icmp', 'icmp type-name network-unreachable'], [], { dialect: vyos13 }],
    ['fragments', ['fragment match-frag'], []],
    ['what is whole', ['fragment match-non-frag'], ['']],
    ['a limit', ['limit rate 5/second', 'limit burst 3'], ['unknown=limit']],
    ['the last packets', ['recent count 3', 'recent time minute'], ['unknown=recent']],
    [
      'several of these',
      ['time starttime 08:00:00', 'mark 5', 'source mac-address 00:53:00:00:00:01'],
      ['unknown=mac-address 00:53:00:00:00:01, time, mark'],
    ],
    ['the size of segments', ['protocol tcp', 'tcp mss 500-600'], ['protocol=6 unknown=tcp mss']],
    ['a country', ['source geoip country-code de'], ['unknown=geoip country-code']],
    ['nothing by words for people', ['description x', 'log', 'log-options level info', 'set dscp 5'], ['']],
    ['nothing by adding to a group', ['add-address-to-group source-address address-group G'], ['']],
  ])('%s', (_, words, expected, around) => {
    expect(asked(words, around)).toEqual(expected)
  })

  it('may be a word that nobody knows, which only narrows it', () => {
    const words = [
      'shield up',
      'inbound-interface colour red',
      'tcp flags constructor',
      'source colour red',
      'source address 10.1.0.0/24',
      'protocol quux',
    ]
    const dropped = shownFilters(
      vyos14,
      ['action drop', ...words].map((word) => `${rule} ${word}`),
    )
    expect(dropped.lists[1]).toBe(
      '  1 source=10.1.0.0-10.1.0.255 tcp=! unknown=shield, inbound-interface, tcp, source colour, protocol → drop',
    )
    expect(dropped.unread).toEqual(
      ['shield up', 'inbound-interface colour red', 'tcp flags constructor', 'source colour red', 'protocol quux'].map(
        (word) => `filters ${rule} ${word}`,
      ),
    )
    const accepted = shownFilters(
      vyos14,
      ['action accept', ...words].map((word) => `${rule} ${word}`),
    )
    expect(accepted).toEqual({ lists: [], unread: [] })
  })

  it('may be a state or a group that nobody knows', () => {
    const words = [
      'action drop',
      'state new',
      'state purple',
      'source group address-group G',
      'protocol tcp',
      'destination port 1,quux',
    ]
    const { lists } = shownFilters(
      vyos14,
      words.map((word) => `${rule} ${word}`),
    )
    expect(lists[1]).toBe('  1 protocol=6 unknown=state, source group, destination port → drop')
  })
})

describe('the mark of IPsec', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['is there', ['ipsec match-ipsec'], ['arrived=encrypted']],
    ['is there, at an interface', ['ipsec match-ipsec', 'inbound-interface name vti1'], ['in=vti1 arrived=encrypted']],
    ['is not', ['ipsec match-none'], ['arrived=clear']],
    ['will be', ['ipsec match-ipsec-out'], ['leaving=encrypted']],
    ['cannot be both', ['ipsec match-ipsec', 'ipsec match-none'], []],
  ])('%s', (_, words, expected) => {
    expect(asked(words, {})).toEqual(expected)
  })
})
