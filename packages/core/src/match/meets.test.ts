import { describe, expect, it } from 'vitest'
import { Prefix } from '../address/prefix.ts'
import { everyAddress } from './box.ts'
import { canMeet, interfacesInclude } from './meets.ts'
import type { InterfaceMatch, PacketMatch } from './packet-match.ts'
import { protocolNumber } from './protocols.ts'
import { RangeSet } from './range-set.ts'

const all: PacketMatch = {}

const ports = (...ranges: [number, number][]) => RangeSet.of(ranges.map(([first, last]) => ({ first, last })))
const butPorts = (...ranges: [number, number][]) => ports(...ranges).complementIn({ first: 0, last: 65_535 })
const protocols = (...names: string[]) => RangeSet.ofValues(names.flatMap((name) => protocolNumber(name) ?? []))
const butProtocols = (...names: string[]) => protocols(...names).complementIn({ first: 0, last: 255 })
const from = (text: string) => RangeSet.ofPrefixes([Prefix.parse(text)])
const butFrom = (text: string) => from(text).complementIn(everyAddress(4))

function to(destinationPort: RangeSet, protocol = 'tcp'): PacketMatch {
  return { protocol: protocols(protocol), destinationPort }
}

describe('canMeet', () => {
  it.each<[string, PacketMatch, PacketMatch, boolean]>([
    ['a rule for one port takes some of all packets', to(ports([443, 443])), all, true],
    ['two protocols', { protocol: protocols('tcp') }, { protocol: protocols('udp') }, false],
    ['both protocols at once', { protocol: protocols('tcp', 'udp') }, { protocol: protocols('udp') }, true],
    ['both protocols and a third', { protocol: protocols('tcp', 'udp') }, { protocol: protocols('icmp') }, false],
    ['a number and a name', { protocol: protocols('132') }, { protocol: protocols('sctp') }, true],
    ['all but one protocol', { protocol: butProtocols('tcp') }, { protocol: protocols('tcp') }, false],
    ['all but one protocol and two', { protocol: butProtocols('tcp') }, { protocol: protocols('tcp', 'udp') }, true],
    ['all but one and all but another', { protocol: butProtocols('tcp') }, { protocol: butProtocols('udp') }, true],
    ['ports apart', to(ports([80, 80], [443, 443])), to(ports([81, 442])), false],
    ['ports that meet at one end', to(ports([80, 90])), to(ports([90, 99])), true],
    ['all but the very port', to(butPorts([22, 22])), to(ports([22, 22])), false],
    ['all but another port', to(butPorts([22, 22])), to(ports([22, 23])), true],
    ['all but two that cover everything', to(butPorts([0, 99], [50, 65_535])), to(ports([60, 60])), false],
    ['all but one and one inside it', to(butPorts([0, 99], [10, 20])), to(ports([50, 50])), false],
    ['two that both leave some out', to(butPorts([1, 1])), to(butPorts([2, 2])), true],
    ['the same port of two protocols', to(ports([53, 53])), to(ports([53, 53]), 'udp'), false],
    ['all but the very prefix', { source: butFrom('10.0.1.0/24') }, { source: from('10.0.1.0/24') }, false],
    ['all but a prefix around it', { source: butFrom('10.0.0.0/8') }, { source: from('10.0.1.0/24') }, false],
    ['all but a part of it', { source: butFrom('10.0.1.0/25') }, { source: from('10.0.1.0/24') }, true],
    ['two families', { source: from('fd00::/8') }, { source: from('10.0.0.0/8') }, false],
    ['encrypted and in clear', { leaving: 'clear' }, { leaving: 'encrypted' }, false],
    ['states apart', { states: ['established'] }, { states: ['new', 'related'] }, false],
    ['something that nobody can tell', { unknown: 'limit 5/minute' }, all, true],
    ['no packet at all', { source: RangeSet.empty }, all, false],
  ])('%s', (_, one, other, expected) => {
    expect(canMeet(one, other)).toBe(expected)
    expect(canMeet(other, one)).toBe(expected)
  })

  it.each([
    ['eth0', 'eth0', true],
    ['eth1', 'eth0', false],
    ['eth*', 'eth0', true],
    ['eth*', 'eth0*', true],
    ['eth*', 'wan*', false],
    ['!eth0', 'eth0', false],
    ['!eth1', 'eth0', true],
    ['!eth*', 'eth0', false],
    ['!eth0', '!eth0', true],
  ])('sees %s and %s meet: %s', (one, other, expected) => {
    expect(canMeet({ out: named(one) }, { out: named(other) })).toBe(expected)
    expect(canMeet({ out: named(other) }, { out: named(one) })).toBe(expected)
  })
})

describe('interfacesInclude', () => {
  it.each([
    ['eth*', 'eth0', true],
    ['eth*', 'eth0*', true],
    ['eth0*', 'eth*', false],
    ['eth0', 'eth*', false],
    ['!eth0', 'eth1', true],
    ['!eth0', 'eth*', false],
    ['!eth0', '!eth0', true],
    ['!eth0', '!eth*', true],
    ['!eth*', '!eth0', false],
    ['eth0', '!eth1', false],
  ])('takes by %s all of %s: %s', (one, other, expected) => {
    expect(interfacesInclude(named(one), named(other))).toBe(expected)
  })

  it('takes all by no name', () => {
    expect(interfacesInclude(undefined, named('eth0'))).toBe(true)
    expect(interfacesInclude(named('eth0'), undefined)).toBe(false)
  })
})

function named(written: string): InterfaceMatch {
  return { names: [written.replace('!', '')], negated: written.startsWith('!') }
}
