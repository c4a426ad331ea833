import { expect, it } from 'vitest'
import { Prefix } from '../address/prefix.ts'
import type { PacketMatch } from './packet-match.ts'
import { RangeSet } from './range-set.ts'
import { isSameMatch } from './same-match.ts'

const eth0 = { names: ['eth0', 'eth1'], negated: false }
const asked: PacketMatch = {
  source: RangeSet.ofPrefixes([Prefix.parse('10.1.0.0/24')]),
  in: eth0,
  out: eth0,
  states: ['new', 'related'],
  arrived: 'clear',
  leaving: 'encrypted',
}

it('is the same in another order', () => {
  const turned = { names: ['eth1', 'eth0'], negated: false }
  expect(isSameMatch(asked, { ...asked, in: turned, out: turned, states: ['related', 'new'] })).toBe(true)
})

it.each<[string, PacketMatch]>([
  ['other addresses', { source: RangeSet.ofPrefixes([Prefix.parse('10.1.0.0/25')]) }],
  ['other ports', { destinationPort: RangeSet.ofValues([443]) }],
  ['another ICMP type', { icmpType: RangeSet.ofValues([8]) }],
  ['another interface to come in on', { in: { ...eth0, names: ['eth0'] } }],
  ['another interface to leave by', { out: { ...eth0, names: ['eth0'] } }],
  ['all other interfaces', { out: { ...eth0, negated: true } }],
  ['other states', { states: ['new'] }],
  ['another way to come in', { arrived: 'encrypted' }],
  ['another way to leave', { leaving: 'clear' }],
  ['something that nobody can tell', { unknown: 'limit' }],
])('is not the same with %s', (_, part) => {
  expect(isSameMatch(asked, { ...asked, ...part })).toBe(false)
  expect(isSameMatch({ ...asked, ...part }, asked)).toBe(false)
})
