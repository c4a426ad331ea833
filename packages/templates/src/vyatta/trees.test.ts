import { describe, expect, it } from 'vitest'
import { above, isContainer } from './trees.ts'

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
