import { describe, expect, it } from 'vitest'
import { dialect as edgeos } from '../../platforms/edgeos/view.ts'
import { dialect as vyatta5400 } from '../../platforms/vyatta-5400/view.ts'
import { dialect as vyos13 } from '../../platforms/vyos-1.3/view.ts'
import { dialect as vyos14 } from '../../platforms/vyos-1.4/view.ts'
import type { VyattaDialect } from '../dialect.ts'
import { shownFilters } from './shown-filters.ts'

const bound = 'interfaces ethernet eth0 firewall in name IN'

function listsOf(dialect: VyattaDialect, ...lines: readonly string[]): string[] {
  const { lists, unread } = shownFilters(dialect, lines)
  expect(unread).toEqual([])
  return lists
}

describe('sets of interfaces', () => {
  it.each([vyos13, vyatta5400, edgeos])('of $platform let a packet go on where they accept it', (dialect) => {
    expect(
      listsOf(
        dialect,
        bound,
        'interfaces ethernet eth1 firewall out name OUT',
        'interfaces ethernet eth0 vif 5 firewall local name LOCAL',
        'firewall name IN rule 20 action reject',
        'firewall name IN rule 20 protocol udp',
        'firewall name IN rule 10 action accept',
        'firewall name IN rule 10 state established enable',
        'firewall name IN rule 10 state related enable',
        'firewall name IN rule 10 state new disable',
        'firewall name OUT default-action accept',
        'firewall name OUT rule 1 action drop',
        'firewall name OUT rule 1 protocol icmp',
        'firewall name LOCAL default-action reject',
        'firewall name UNBOUND default-action drop',
      ),
    ).toEqual([
      'firewall (forward) | forward 0 ipv4',
      '  in=eth0 → ask IN',
      '    10 states=established,related → return',
      '    20 protocol=17 → reject',
      '    else drop',
      '  out=eth1 → ask OUT',
      '    1 protocol=1 → drop',
      '    else return',
      '  else accept',
      'firewall (input) | input 0 ipv4',
      '  in=eth0.5 → ask LOCAL',
      '    else reject',
      '  else accept',
    ])
  })

  it('are asked of packets in one chain: those of the way in before those of the way out', () => {
    const lists = listsOf(
      vyos13,
      'interfaces ethernet eth0 firewall out name S',
      'interfaces ethernet eth1 firewall in name S',
      'interfaces ethernet eth2 disable',
      'interfaces ethernet eth2 firewall in name S',
      'firewall name S default-action drop',
    )
    expect(lists).toEqual([
      'firewall (forward) | forward 0 ipv4',
      '  in=eth1 → ask S',
      '    else drop',
      '  out=eth0 → ask S',
      '  else accept',
    ])
  })

  it('that are not there could do anything', () => {
    const { lists, unread } = shownFilters(vyos13, [bound])
    expect(lists[1]).toBe(`  in=eth0 → unknown (set ${bound})`)
    expect(unread).toEqual([`filters ${bound}`])
  })

  it('touch nothing where they accept whatever comes', () => {
    expect(
      listsOf(vyos13, bound, 'firewall name IN default-action accept', 'firewall name IN rule 1 action accept'),
    ).toEqual([])
  })

  it('for IPv6 count where a tunnel carries it', () => {
    const six = [
      'interfaces ethernet eth0 firewall in ipv6-name SIX',
      'firewall ipv6-name SIX default-action drop',
      'firewall ipv6-name SIX rule 1 action accept',
      'firewall ipv6-name SIX rule 1 icmpv6 type echo-request',
      'firewall ipv6-name SIX rule 1 protocol icmpv6',
    ]
    expect(listsOf(vyos13, ...six)).toEqual([])
    const peer = 'vpn ipsec site-to-site peer 198.51.100.1'
    const tunnel = [`${peer} tunnel 1 local prefix fd00:1::/64`, `${peer} tunnel 1 remote prefix fd00:2::/64`]
    expect(shownFilters(vyos13, [...six, ...tunnel]).lists).toEqual([
      'firewall (forward) | forward 0 ipv6',
      '  in=eth0 → ask SIX',
      '    1 protocol=58 icmpType=128 → return',
      '    else drop',
      '  else accept',
    ])
  })

  it('of early releases of VyOS 1.4 stand in a tree of their own', () => {
    expect(
      listsOf(
        vyos14,
        'firewall interface eth0 in name IN',
        'firewall name IN default-action drop',
        'firewall name IN rule 1 action accept',
        'firewall name IN rule 1 protocol !tcp_udp',
      ),
    ).toEqual([
      'firewall (forward) | forward 0 ipv4',
      '  in=eth0 → ask IN',
      '    1 protocol=0-5,7-16,18-255 → return',
      '    else drop',
      '  else accept',
    ])
  })

  it('with a word that nobody knows are unread', () => {
    const lines = ['in shield UP', 'beside name IN'].map((words) => `interfaces ethernet eth0 firewall ${words}`)
    expect(shownFilters(vyos13, lines).unread).toEqual(lines.map((line) => `filters! ${line}`))
  })

  it('see the name of a VRF in place of its interfaces', () => {
    const rules = (port: string) => [
      `firewall ipv4 forward filter rule 1 inbound-interface name ${port}`,
      'firewall ipv4 forward filter rule 1 action drop',
      'firewall ipv4 prerouting raw rule 1 action drop',
      `firewall ipv4 prerouting raw rule 1 inbound-interface name ${port}`,
    ]
    const vrf = ['interfaces ethernet eth1 vrf red', 'interfaces ethernet eth2 mtu 1500']
    const asked = (...lines: readonly string[]) =>
      listsOf(vyos14, ...lines).flatMap((line) => /in=\S*/.exec(line) ?? [])
    expect(asked(...vrf, ...rules('red'))).toEqual(['in=eth1', 'in=eth1'])
    expect(asked(...vrf, ...rules('eth1'))).toEqual(['in=', 'in=eth1'])
    expect(asked(...vrf, ...rules('eth2'))).toEqual(['in=eth2', 'in=eth2'])
    expect(asked(...vrf, ...rules('eth*'))).toEqual(['in=eth2', 'in=eth2,eth1'])
    expect(asked(...vrf, ...rules('!red'))).toEqual(['in=!eth1', 'in=!'])
    expect(asked(...vrf, ...rules('!eth2'))).toEqual(['in=!eth2', 'in=!eth2'])
    expect(asked(...rules('!red'))).toEqual(['in=!red', 'in=!red'])
  })
})

describe('the older policy by state', () => {
  const lines = [
    'firewall state-policy established action accept',
    'firewall state-policy invalid action drop',
    'firewall state-policy invalid log enable',
    'firewall state-policy related action accept',
  ]
  const policy = (list: string) => [
    list,
    '  → ask firewall state-policy',
    '    states=invalid → drop',
    '    states=established → accept',
    '    states=related → accept',
    '    else return',
  ]

  it('is asked everywhere, also without a set', () => {
    const asked = '  → ask firewall state-policy'
    expect(listsOf(vyos13, ...lines)).toEqual([
      ...policy('firewall (forward) | forward 0 ipv4'),
      '  else accept',
      ...['input', 'output'].flatMap((hook) => [`firewall (${hook}) | ${hook} 0 ipv4`, asked, '  else accept']),
    ])
  })

  it('accepts in front of the sets', () => {
    const lists = listsOf(vyos13, ...lines, bound, 'firewall name IN default-action drop')
    expect(lists.slice(0, 9)).toEqual([
      ...policy('firewall (forward) | forward 0 ipv4'),
      '  in=eth0 → ask IN',
      '    else drop',
      '  else accept',
    ])
  })

  it('that only accepts touches nothing', () => {
    expect(listsOf(vyos13, 'firewall state-policy established action accept')).toEqual([])
  })
})

describe('what EdgeOS accepts by itself', () => {
  const closed = [
    bound,
    'interfaces ethernet eth0 firewall local name IN',
    'interfaces ethernet eth0 address 203.0.113.1/24',
    'firewall name IN default-action drop',
  ]
  const peer = 'vpn ipsec site-to-site peer 198.51.100.1'
  const tunnel = [`${peer} tunnel 1 local prefix 10.1.0.0/24`, `${peer} tunnel 1 remote prefix 10.2.0.0/24`]
  const automatic = 'vpn ipsec auto-firewall-nat-exclude'
  const accepted = (...lines: readonly string[]) =>
    shownFilters(edgeos, [...closed, ...lines]).lists.filter((line) => line.endsWith('→ accept'))

  it('is what comes for a tunnel, IKE and ESP', () => {
    expect(accepted(...tunnel, `${automatic} enable`)).toEqual([
      '  source=10.2.0.0-10.2.0.255 destination=10.1.0.0-10.1.0.255 → accept',
      '  protocol=17 destinationPort=500,4500 → accept',
      '  protocol=50 → accept',
    ])
    expect(accepted(`${peer} vti bind vti0`, `${automatic} enable`)).toEqual([
      '  protocol=17 destinationPort=500,4500 → accept',
      '  protocol=50 → accept',
    ])
  })

  it('is nothing unless it is told to, or without a peer', () => {
    expect(accepted(...tunnel, `${automatic} disable`)).toEqual([])
    expect(accepted(...tunnel)).toEqual([])
    expect(accepted(`${automatic} enable`)).toEqual([])
  })

  it('may be what peers send to the gateway itself', () => {
    expect(accepted(...tunnel, 'vpn ipsec allow-access-to-local-interface enable')).toEqual([
      '  arrived=encrypted unknown=for a local address → accept',
    ])
    expect(accepted(...tunnel, 'vpn ipsec allow-access-to-local-interface disable')).toEqual([])
  })

  it('is what is for a forwarded port, behind the translation', () => {
    const forward = [
      'port-forward wan-interface eth0',
      'port-forward hairpin-nat enable',
      'port-forward lan-interface eth1',
      'port-forward rule 1 original-port 443',
      'port-forward rule 1 protocol tcp',
      'port-forward rule 1 forward-to address 10.1.0.9',
      'port-forward rule 2 original-port 500-501',
      'port-forward rule 2 forward-to address 10.1.0.8',
      'port-forward rule 3 original-port 1',
      'port-forward rule 3 forward-to address 10.1.0.7',
      'port-forward rule 3 disable',
    ]
    expect(
      accepted(...forward, 'port-forward rule 1 forward-to port 8443', 'port-forward auto-firewall enable'),
    ).toEqual([
      '  in=eth0 destination=10.1.0.9 protocol=6 destinationPort=8443 → accept',
      '  in=eth0 destination=10.1.0.8 destinationPort=500-501 → accept',
    ])
    expect(accepted(...forward, 'port-forward auto-firewall disable')).toEqual([])
    const strange = 'port-forward rule 1 shield up'
    expect(accepted(...forward, strange, 'port-forward auto-firewall enable')[0]).toMatch(/unknown=set .* → accept$/)
  })

  it('may be what is open by UPnP', () => {
    expect(accepted('service upnp listen-on eth1')).toEqual(['  unknown=what is open by UPnP → accept'])
  })
})
