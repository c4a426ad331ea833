import { type InterfaceMatch, type PacketMatch, packetFields } from './packet-match.ts'
import type { RangeSet } from './range-set.ts'

/** Reports whether two matches ask the same of a packet, as they are written; what nobody can tell is the same as nothing. */
export function isSameMatch(one: PacketMatch, other: PacketMatch): boolean {
  return (
    one.unknown === undefined &&
    other.unknown === undefined &&
    [...packetFields, 'icmpType' as const].every((field) => isSameSet(one[field], other[field])) &&
    isSameInterface(one.in, other.in) &&
    isSameInterface(one.out, other.out) &&
    [...(one.states ?? ['any'])].sort().join() === [...(other.states ?? ['any'])].sort().join() &&
    one.arrived === other.arrived &&
    one.leaving === other.leaving
  )
}

function isSameSet(one: RangeSet | undefined, other: RangeSet | undefined): boolean {
  return one === undefined || other === undefined ? one === other : one.equals(other)
}

function isSameInterface(one: InterfaceMatch | undefined, other: InterfaceMatch | undefined): boolean {
  if (one === undefined || other === undefined) return one === other
  return one.negated === other.negated && [...one.names].sort().join() === [...other.names].sort().join()
}
