import { Address } from '../address/address.ts'
import { type Bits, familyOf } from '../address/bits.ts'
import type { ConnectionState, PacketField } from './packet-match.ts'
import type { Range } from './range.ts'
import { Tracked } from './tracked.ts'

/** A packet on its way; each of its numbers may stand for a range of others that go the same way. */
export interface Packet extends Readonly<Record<PacketField, Tracked>> {
  /** Of ICMP packets. */
  readonly icmpType: number
  readonly state: ConnectionState
  /** It came out of a tunnel, and the device knows that of it; `undefined` where nobody can tell. */
  readonly isDecrypted: boolean | undefined
}

/** The addresses of a packet at one moment. */
export interface Ends {
  readonly source: Address
  readonly destination: Address
}

export function endsOf({ source, destination }: Packet): Ends {
  return { source: Address.fromBits(source.value), destination: Address.fromBits(destination.value) }
}

/**
 * The code of ICMP and ICMPv6 messages that natplan follows, by their type: an echo and its answer have none, and of what tells that a
 * destination cannot be reached only that a packet was too large matters to a connection (RFC 1191; RFC 8201).
 */
export function icmpCode(type: number, family: 4 | 6): number {
  return family === 4 && type === 3 ? 4 : 0
}

/** Which values of each field have gone the same way as the packet itself. */
export type FlowBox = Readonly<Record<PacketField, Range>>

/** Types of ICMP (RFC 792) and of ICMPv6 (RFC 4443): what `ping` sends, and what answers it. */
const echo = { 4: { request: 8, reply: 0 }, 6: { request: 128, reply: 129 } } as const

/** The first packet of a connection, which stands for all of a box until it is asked. ICMP is an echo request. */
export function packetIn(box: FlowBox, at: Readonly<Record<PacketField, Bits>>): Packet {
  return {
    source: Tracked.of(at.source, box.source),
    destination: Tracked.of(at.destination, box.destination),
    protocol: Tracked.of(at.protocol, box.protocol),
    sourcePort: Tracked.of(at.sourcePort, box.sourcePort),
    destinationPort: Tracked.of(at.destinationPort, box.destinationPort),
    icmpType: echo[familyOf(at.source)].request,
    state: 'new',
    isDecrypted: false,
  }
}

/** The first packet of the answer, as the receiver sends it. */
export function answerTo(packet: Packet): Packet {
  return {
    source: packet.destination,
    destination: packet.source,
    protocol: packet.protocol,
    sourcePort: packet.destinationPort,
    destinationPort: packet.sourcePort,
    icmpType: echo[familyOf(packet.source.value)].reply,
    state: 'established',
    isDecrypted: false,
  }
}
