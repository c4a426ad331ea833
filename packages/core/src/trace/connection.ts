import { Address } from '../address/address.ts'
import type { Packet } from '../match/packet.ts'
import type { Session } from './sessions.ts'
import type { Side, Step } from './step.ts'

/** What a gateway remembers of a packet's pass. */
export interface Connection {
  readonly site: string
  /** That of the interface by which its first packet came in. */
  readonly zone: string | undefined
  readonly answerZone: string | undefined
  readonly before: Packet
  readonly after: Packet
  /** The step by which several addresses of a side became one, or one of a pool. */
  readonly shared: Readonly<Partial<Record<Side, Extract<Step, { kind: 'translate' }>>>>
  /** What it keeps at single interfaces. */
  readonly sessions: readonly Session[]
}

/** Reports whether a packet answers what passed: then no rule is asked. */
export function answers({ after }: Connection, packet: Packet): boolean {
  return (
    after.source.value === packet.destination.value &&
    after.destination.value === packet.source.value &&
    after.sourcePort.value === packet.destinationPort.value &&
    after.destinationPort.value === packet.sourcePort.value
  )
}

/** Reports whether a packet is the first one of what passed, once more. */
export function repeats({ before }: Connection, packet: Packet): boolean {
  return connectionFields.every((field) => before[field].value === packet[field].value)
}

const connectionFields = ['source', 'destination', 'protocol', 'sourcePort', 'destinationPort'] as const

/** Reports whether a gateway changed the address of a side. */
export function isChanged({ before, after }: Connection, side: Side): boolean {
  return before[side].value !== after[side].value
}

/** An answer gets the addresses and ports back that the first packet had, whatever the rules say: destination first, then source. */
export function restored(
  { before }: Connection,
  side: Side,
  packet: Packet,
): { readonly packet: Packet; readonly step: Step | undefined } {
  const [field, port] =
    side === 'destination' ? [before.source, before.sourcePort] : [before.destination, before.destinationPort]
  const ported = { ...packet, [`${side}Port`]: port }
  if (field.value === packet[side].value) return { packet: ported, step: undefined }
  const from = Address.fromBits(packet[side].value)
  return {
    packet: { ...ported, [side]: field },
    step: { kind: 'restore', side, from, to: Address.fromBits(field.value) },
  }
}
