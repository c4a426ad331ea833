import { interfacesInclude } from './meets.ts'
import type { InterfaceMatch, PacketMatch, TcpFlags } from './packet-match.ts'
import type { RangeSet } from './range-set.ts'

/** Reports whether a match asks nothing beside numbers that another does not ask as well; what nobody can tell is never implied. */
export function asksNoMoreThan(match: PacketMatch, other: PacketMatch): boolean {
  return (
    match.unknown === undefined &&
    interfacesInclude(match.in, other.in) &&
    interfacesInclude(match.out, other.out) &&
    (match.states === undefined || (other.states?.every((state) => match.states?.includes(state)) ?? false)) &&
    (match.icmpType === undefined || (other.icmpType !== undefined && match.icmpType.includes(other.icmpType))) &&
    isImplied(match.arrived, other.arrived) &&
    isImplied(match.leaving, other.leaving) &&
    isImplied(match.translated?.source, other.translated?.source) &&
    isImplied(match.translated?.destination, other.translated?.destination) &&
    areFlagsImplied(match.tcpFlags, other.tcpFlags)
  )
}

function isImplied<T>(asked: T | undefined, given: T | undefined): boolean {
  return asked === undefined || asked === given
}

function areFlagsImplied(asked: TcpFlags | undefined, given: TcpFlags | undefined): boolean {
  if (!asked) return true
  return (
    given !== undefined &&
    asked.set.every((flag) => given.set.includes(flag)) &&
    asked.clear.every((flag) => given.clear.includes(flag))
  )
}

/** What two matches ask together; `undefined` where one match cannot say it, or nothing meets both. */
export function matchOfBoth(one: PacketMatch, other: PacketMatch): PacketMatch | undefined {
  const incoming = eitherInterface(one.in, other.in)
  const outgoing = eitherInterface(one.out, other.out)
  if (incoming === 'none' || outgoing === 'none' || (one.tcpFlags && other.tcpFlags)) return undefined
  for (const field of ['arrived', 'leaving', 'translated'] as const) {
    if (one[field] !== undefined && other[field] !== undefined && one[field] !== other[field]) return undefined
  }
  const shared: PacketMatch = {
    ...one,
    ...other,
    ...sharedSets(one, other),
    ...(incoming ? { in: incoming } : {}),
    ...(outgoing ? { out: outgoing } : {}),
    ...(one.states && other.states ? { states: one.states.filter((state) => other.states?.includes(state)) } : {}),
  }
  return numbers.some((field) => shared[field]?.isEmpty) || shared.states?.length === 0 ? undefined : shared
}

const numbers = ['source', 'destination', 'protocol', 'sourcePort', 'destinationPort', 'icmpType'] as const

function sharedSets(one: PacketMatch, other: PacketMatch): Partial<Record<(typeof numbers)[number], RangeSet>> {
  return Object.fromEntries(
    numbers.flatMap((field) => {
      const [a, b] = [one[field], other[field]]
      return a && b ? [[field, a.intersect(b)]] : []
    }),
  )
}

function eitherInterface(
  one: InterfaceMatch | undefined,
  other: InterfaceMatch | undefined,
): InterfaceMatch | 'none' | undefined {
  if (!one || !other) return one ?? other
  if (interfacesInclude(one, other)) return other
  return interfacesInclude(other, one) ? one : 'none'
}
