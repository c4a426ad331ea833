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
    isSameList(one.states, other.states) &&
    one.arrived === other.arrived &&
    one.leaving === other.leaving &&
    one.translated?.source === other.translated?.source &&
    one.translated?.destination === other.translated?.destination &&
    isSameList(one.tcpFlags?.set, other.tcpFlags?.set) &&
    isSameList(one.tcpFlags?.clear, other.tcpFlags?.clear)
  )
}

function isSameSet(one: RangeSet | undefined, other: RangeSet | undefined): boolean {
  return one === undefined || other === undefined ? one === other : one.equals(other)
}

function isSameList(one: readonly string[] | undefined, other: readonly string[] | undefined): boolean {
  return one === undefined || other === undefined ? one === other : [...one].sort().join() === [...other].sort().join()
}

function isSameInterface(one: InterfaceMatch | undefined, other: InterfaceMatch | undefined): boolean {
  if (one === undefined || other === undefined) return one === other
  return one.negated === other.negated && [...one.names].sort().join() === [...other.names].sort().join()
}
