import type { Packet } from './packet.ts'
import {
  type InterfaceMatch,
  type PacketField,
  type PacketMatch,
  packetFields,
  type TcpFlag,
  type TcpFlags,
} from './packet-match.ts'
import { icmp, icmpv6, protocolsWithPorts, tcp } from './protocols.ts'
import { RangeSet } from './range-set.ts'

/** Whether a match takes a packet; `maybe` when what nobody knows decides. */
export type Takes = 'yes' | 'no' | 'maybe'

/** An interface that a packet passes, as far as it is known. */
export interface PassedInterface {
  /** `undefined` when the configuration does not tell. */
  readonly name: string | undefined
  /** Names that are certainly not its. */
  readonly isNot: readonly string[]
}

/** What decides beside the packet itself when a rule is asked; `undefined` where it is not decided yet. */
export interface Passage {
  readonly in: PassedInterface | undefined
  readonly out: PassedInterface | undefined
  /** Whether the packet will leave into a policy-based tunnel. */
  readonly isEncrypting: boolean
  /** Which addresses of the connection the gateway has changed so far; one that is missing is not known. */
  readonly translated?: Readonly<Partial<Record<'source' | 'destination', boolean>>>
}

/**
 * Asks a packet. Its fields are narrowed to the values that have the same answer; of several that fail, one suffices to tell why, and it
 * alone narrows.
 */
export function takes(match: PacketMatch, packet: Packet, passage: Passage): Takes {
  const fixed = takesPassage(match, packet, passage)
  if (fixed === 'no') return 'no'
  const failing = failingField(match, packet)
  if (failing !== undefined) {
    narrow(failing, match, packet)
    return 'no'
  }
  if (match.icmpType && !takesIcmp(match.icmpType, packet)) return 'no'
  const flagged = match.tcpFlags ? takesFlags(match.tcpFlags, packet) : 'yes'
  if (flagged === 'no') return 'no'
  for (const field of packetFields) narrow(field, match, packet)
  return flagged === 'maybe' ? 'maybe' : fixed
}

const portFields: readonly PacketField[] = ['sourcePort', 'destinationPort']
const withPorts = RangeSet.ofValues(protocolsWithPorts)
const icmps = RangeSet.ofValues([icmp, icmpv6])
const onlyTcp = RangeSet.ofValues([tcp])

/** What does not depend on numbers of the packet: there is nothing to narrow. */
function takesPassage(
  match: PacketMatch,
  packet: Packet,
  { in: incoming, out: outgoing, isEncrypting, translated = {} }: Passage,
): Takes {
  const answers: Takes[] = [
    takesInterface(match.in, incoming),
    takesInterface(match.out, outgoing),
    ...(match.states ? [yesOrNo(match.states.includes(packet.state))] : []),
    ...(match.arrived ? [takesKnown(match.arrived === 'encrypted', packet.isDecrypted)] : []),
    ...(match.leaving ? [yesOrNo((match.leaving === 'encrypted') === isEncrypting)] : []),
    ...sides.map((side) => takesKnown(match.translated?.[side], translated[side])),
  ]
  if (answers.includes('no')) return 'no'
  return match.unknown !== undefined || answers.includes('maybe') ? 'maybe' : 'yes'
}

const sides = ['source', 'destination'] as const

function takesKnown(asked: boolean | undefined, known: boolean | undefined): Takes {
  if (asked === undefined) return 'yes'
  return known === undefined ? 'maybe' : yesOrNo(asked === known)
}

function yesOrNo(holds: boolean): Takes {
  return holds ? 'yes' : 'no'
}

/** A packet that has no such interface (yet) is not told apart by its name: the platforms take that as an empty name. */
function takesInterface(match: InterfaceMatch | undefined, passed: PassedInterface | undefined): Takes {
  if (!match) return 'yes'
  if (!passed) return yesOrNo(match.negated)
  const { name } = passed
  if (name !== undefined) return yesOrNo(takesName(match, name))
  const canBe = match.names.some((written) => !passed.isNot.some((other) => written === other))
  return canBe ? 'maybe' : yesOrNo(match.negated)
}

/** Reports whether an interface of that name is taken. */
export function takesName({ names, negated }: InterfaceMatch, name: string): boolean {
  return names.some((written) => isNamed(written, name)) !== negated
}

/** `eth*` and `eth+` stand for all that begin so. */
export function isNamed(written: string, name: string): boolean {
  return /[*+]$/.test(written) ? name.startsWith(written.slice(0, -1)) : written === name
}

/** One that fails whatever it may be, where there is one: the other fields are not asked then. */
function failingField(match: PacketMatch, packet: Packet): PacketField | undefined {
  let first: PacketField | undefined
  for (const field of packetFields) {
    if (!fails(field, match, packet)) continue
    const set = match[field]
    if (set && packet[field].isSureOf(set)) return field
    first ??= field
  }
  return first
}

function fails(field: PacketField, match: PacketMatch, packet: Packet): boolean {
  const set = match[field]
  if (!set) return false
  return (portFields.includes(field) && !withPorts.has(packet.protocol.value)) || !set.has(packet[field].value)
}

/** A port is asked of protocols that have some only, so the protocol is asked first. */
function narrow(field: PacketField, match: PacketMatch, packet: Packet): void {
  const set = match[field]
  if (!set) return
  if (portFields.includes(field) && !packet.protocol.isMember(withPorts)) return
  packet[field].isMember(set)
}

/** What TCP packets of a connection carry: the first one, and those behind it. Nothing else is sent in earnest. */
const flagsOf = {
  first: [['syn']],
  later: [['syn', 'ack'], ['ack'], ['psh', 'ack'], ['fin', 'ack'], ['fin', 'psh', 'ack'], ['rst'], ['rst', 'ack']],
} as const satisfies Readonly<Record<string, readonly (readonly TcpFlag[])[]>>

function takesFlags({ set, clear }: TcpFlags, packet: Packet): Takes {
  if (!packet.protocol.isMember(onlyTcp)) return 'no'
  const sent: readonly (readonly TcpFlag[])[] = packet.state === 'new' ? flagsOf.first : flagsOf.later
  const taken = sent.filter(
    (flags) => set.every((flag) => flags.includes(flag)) && !clear.some((flag) => flags.includes(flag)),
  )
  return taken.length === 0 ? 'no' : taken.length === sent.length ? 'yes' : 'maybe'
}

function takesIcmp(types: RangeSet, packet: Packet): boolean {
  return packet.protocol.isMember(icmps) && types.has(packet.icmpType)
}
