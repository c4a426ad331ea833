import { describe, expect, it } from 'vitest'
import { platformModules } from '../platforms/index.ts'
import type { VyattaDialect } from './dialect.ts'
import { above, isContainer, isTree, knownTrees, type Touches, touchedBy } from './trees.ts'

type Member = VyattaDialect['platform']

describe('what a line could change', () => {
  it.each<[string, Member, Touches | undefined]>([
    ['system host-name x', 'vyos-1.4', 'nothing'],
    ['system conntrack ignore ipv4 rule 1', 'vyos-1.4', 'nat'],
    ['service ssh port 22', 'vyos-1.4', 'nothing'],
    ['service nat rule 1 type masquerade', 'edgeos', 'nat'],
    ['service nat rule 1 type masquerade', 'vyatta-5400', 'nat'],
    ['nat source rule 1 exclude', 'vyos-1.3', 'nat'],
    ['nat source rule 1 exclude', 'edgeos', undefined],
    ['port-forward rule 1', 'edgeos', 'nat'],
    ['port-forward rule 1', 'vyos-1.4', undefined],
    ['security vpn ipsec x', 'vyatta-5600', 'tunnels'],
    ['security firewall name X', 'vyatta-5600', 'filters'],
    ['security vpn ipsec x', 'vyos-1.4', undefined],
    ['vpn ipsec logging log-modes all', 'vyos-1.3', 'nothing'],
    ['vpn ipsec interface eth0', 'vyos-1.4', 'tunnels'],
    ['interfaces ethernet eth0 description x', 'vyos-1.4', 'nothing'],
    ['interfaces ethernet eth0 firewall in name X', 'vyos-1.3', 'filters'],
    ['interfaces ethernet eth0 address dhcp', 'vyos-1.4', 'routes'],
    ['load-balance group G', 'edgeos', 'routes'],
    ['colours red', 'vyos-1.4', undefined],
    ['', 'vyos-1.4', undefined],
  ])('%s on %s: %s', (path, platform, touches) => {
    expect(touchedBy(path.split(' '), platform)).toBe(touches)
  })

  it('is said once for a path and a member of the family', () => {
    const members = platformModules.map(({ platform }) => platform)
    const said = knownTrees.flatMap(({ path, platforms }) =>
      (platforms ?? members).map((member) => `${path} on ${member}`),
    )
    expect(said.filter((one, index) => said.indexOf(one) !== index)).toEqual([])
  })

  it('is known for first words only', () => {
    expect(isTree('interfaces')).toBe(true)
    expect(isTree('ethernet')).toBe(false)
    expect(isTree('')).toBe(false)
  })
})

describe('a node that holds others', () => {
  it.each<[string, boolean]>([
    ['nat source rule 10', true],
    ['nat source rule 10 exclude', false],
    ['vpn ipsec ike-group I', true],
    ['vpn ipsec ike-group I lifetime', false],
    ['firewall name WAN', false],
    ['interfaces ethernet eth0', true],
    ['interfaces ethernet eth0 disable', false],
  ])('%s: %s', (path, holds) => {
    expect(isContainer(path.split(' '))).toBe(holds)
  })
})

describe('up', () => {
  it.each([
    ['nat source rule 10', 'nat source'],
    ['nat source', 'nat'],
    ['vpn ipsec site-to-site peer office', 'vpn ipsec site-to-site'],
    ['interfaces ethernet eth0 vif 100', 'interfaces ethernet eth0'],
    ['protocols bgp 65001', 'protocols'],
    ['nat', ''],
    ['', ''],
  ])('from %j goes to %j', (from, to) => {
    expect(above(from.split(' ').filter(Boolean)).join(' ')).toBe(to)
  })
})
