import { describe, expect, it } from 'vitest'
import { Prefix } from '../address/prefix.ts'
import { boxOfMatch } from './box.ts'
import { answerTo, type Packet, packetIn } from './packet.ts'
import type { PacketMatch } from './packet-match.ts'
import { icmp, tcp, udp } from './protocols.ts'
import { RangeSet, rangeOf } from './range-set.ts'
import { takes } from './takes.ts'
import { Tracked } from './tracked.ts'

const nowhere = { in: undefined, out: undefined, isEncrypting: false }

/** A packet of 10.1.0.5 to 10.2.0.7 that stands for itself only. */
function packetOf(protocol: number): Packet {
  const [source, destination] = [Prefix.parse('10.1.0.5/32'), Prefix.parse('10.2.0.7/32')]
  const only = (value: number) => ({ first: value, last: value })
  const ports = { sourcePort: 40_000, destinationPort: 443 }
  return packetIn(
    {
      source: rangeOf(source),
      destination: rangeOf(destination),
      protocol: only(protocol),
      sourcePort: only(ports.sourcePort),
      destinationPort: only(ports.destinationPort),
    },
    { source: source.bits, destination: destination.bits, protocol, ...ports },
  )
}

const echoRequest = { icmpType: RangeSet.ofValues([8]) }
const echoReply = { icmpType: RangeSet.ofValues([0]) }

describe('takes', () => {
  it.each<[string, PacketMatch, Packet, string]>([
    [
      'a rule for an interface that is not decided yet',
      { out: { names: ['eth1'], negated: false } },
      packetOf(tcp),
      'no',
    ],
    ['a rule for all interfaces but one', { out: { names: ['eth1'], negated: true } }, packetOf(tcp), 'yes'],
    ['a rule for an echo request', echoRequest, packetOf(icmp), 'yes'],
    ['a rule for another ICMP type', echoReply, packetOf(icmp), 'no'],
    ['a rule for an ICMP type, of a packet that has none', echoRequest, packetOf(udp), 'no'],
    ['a rule for an echo reply, of an answer', echoReply, answerTo(packetOf(icmp)), 'yes'],
    [
      'a rule for a port, of a packet that has none',
      { destinationPort: RangeSet.ofValues([443]) },
      packetOf(icmp),
      'no',
    ],
  ])('%s: %s', (_, match, packet, expected) => {
    expect(takes(match, packet, nowhere)).toBe(expected)
  })
})

describe('takes, of a packet whose addresses are not all known', () => {
  const asked: string[] = []
  const open = (name: string, first: string, last: string) =>
    Tracked.anyOf({ first: Prefix.parse(first).bits, last: Prefix.parse(last).bits }, Prefix.parse(first).bits, () =>
      asked.push(name),
    )
  const packet = (source: Tracked, destination: Tracked): Packet => ({ ...packetOf(udp), source, destination })
  const fixed = (text: string) => Tracked.fixed(Prefix.parse(text).bits)
  const match = {
    source: RangeSet.ofPrefixes([Prefix.parse('10.1.0.0/24')]),
    destination: RangeSet.ofPrefixes([Prefix.parse('10.2.0.0/24')]),
  }
  const [anywhere, public1, public2] = ['0.0.0.0/32', '11.0.0.0/32', '100.63.0.0/32'] as const

  it.each<[string, Packet, string, string[]]>([
    ['a source that is another', packet(fixed('192.0.2.1/32'), open('to', anywhere, '255.255.255.255/32')), 'no', []],
    ['a source that is right', packet(fixed('10.1.0.5/32'), open('to', anywhere, '255.255.255.255/32')), 'no', ['to']],
    [
      'a source that is another whichever it is',
      packet(open('from', public1, public2), open('to', anywhere, '255.255.255.255/32')),
      'no',
      [],
    ],
  ])('asks nothing that is not needed: %s', (_, one, expected, questions) => {
    asked.length = 0
    expect([takes(match, one, nowhere), ...asked]).toEqual([expected, ...questions])
  })
})

describe('boxOfMatch', () => {
  it('holds protocols that have ports where a port is asked', () => {
    const box = boxOfMatch({ destinationPort: RangeSet.ofValues([443]) }, 4)
    expect([tcp, udp, icmp].map((protocol) => box.protocol.has(protocol))).toEqual([true, true, false])
    expect(boxOfMatch({}, 4).protocol.has(icmp)).toBe(true)
  })
})
