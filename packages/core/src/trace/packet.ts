import { Address } from '../address/address.ts'
import type { Range } from '../match/range.ts'
import { Tracked } from '../match/tracked.ts'

/** A packet on its way. */
export interface Packet {
  readonly source: Tracked
  readonly destination: Tracked
  /** Lower case, as in rules: `tcp`, `udp`, `icmp`, a number, … */
  readonly protocol: string
  readonly sourcePort: Tracked
  readonly destinationPort: Tracked
}

/** The fields of a packet that a rule may ask for. */
export type PacketField = 'source' | 'destination' | 'sourcePort' | 'destinationPort'

export const packetFields = ['source', 'destination', 'sourcePort', 'destinationPort'] as const

/** The addresses of a packet at one moment. */
export interface Ends {
  readonly source: Address
  readonly destination: Address
}

export function endsOf({ source, destination }: Packet): Ends {
  return { source: Address.fromBits(source.value), destination: Address.fromBits(destination.value) }
}

/** The first packet of the answer. */
export function answerTo(packet: Packet): Packet {
  return {
    source: packet.destination,
    destination: packet.source,
    protocol: packet.protocol,
    sourcePort: packet.destinationPort,
    destinationPort: packet.sourcePort,
  }
}

/** Which values of each field have gone the same way as the packet itself. */
export type FlowBox = Readonly<Record<PacketField, Range>>

/** A packet that stands for all of a box, until it is asked. */
export function packetIn(box: FlowBox, at: Readonly<Record<PacketField, Range['first']>>, protocol: string): Packet {
  return {
    source: Tracked.of(at.source, box.source),
    destination: Tracked.of(at.destination, box.destination),
    protocol,
    sourcePort: Tracked.of(at.sourcePort, box.sourcePort),
    destinationPort: Tracked.of(at.destinationPort, box.destinationPort),
  }
}
