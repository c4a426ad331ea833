import type { RangeSet } from './range-set.ts'

/** What connection tracking says of a packet (conntrack(8)). */
export type ConnectionState = 'new' | 'established' | 'related' | 'invalid' | 'untracked'

/** Names of interfaces; `eth*` and `eth+` stand for all that begin so. `negated`: any interface but these. */
export interface InterfaceMatch {
  readonly names: readonly string[]
  readonly negated: boolean
}

export type TcpFlag = 'fin' | 'syn' | 'rst' | 'psh' | 'ack' | 'urg' | 'ece' | 'cwr'

export interface TcpFlags {
  readonly set: readonly TcpFlag[]
  readonly clear: readonly TcpFlag[]
}

/**
 * What a rule or selector asks of a packet: all of it must hold, and what is missing is not asked. Negation is resolved: `!10.0.0.0/8` is
 * the set of all other IPv4 addresses. One type for NAT, filters, policy routes and selectors.
 */
export interface PacketMatch {
  readonly source?: RangeSet
  readonly destination?: RangeSet
  /** IANA protocol numbers. */
  readonly protocol?: RangeSet
  /** Packets of protocols without ports never meet these two. */
  readonly sourcePort?: RangeSet
  readonly destinationPort?: RangeSet
  /** Asked of ICMP and ICMPv6 only; other packets never meet it. */
  readonly icmpType?: RangeSet
  /** The interface that the packet came in on, and the one that routing chose. */
  readonly in?: InterfaceMatch
  readonly out?: InterfaceMatch
  readonly states?: readonly ConnectionState[]
  /** How the packet came: out of a policy-based tunnel (`meta ipsec exists`, `match-ipsec`), or not. */
  readonly arrived?: 'encrypted' | 'clear'
  /** How the packet will leave, as far as that is decided when it is asked (`rt ipsec exists`, or `missing`). */
  readonly leaving?: 'encrypted' | 'clear'
  /** Whether NAT changed that address of the connection's first packet at this gateway (`ct status dnat`, `connection-status nat`). */
  readonly translated?: Readonly<Partial<Record<'source' | 'destination', boolean>>>
  /** Of TCP: flags that are set and flags that are not (RFC 9293, section 3.1); other packets never meet it. */
  readonly tcpFlags?: TcpFlags
  /** Something else that it asks and that nobody can tell of a packet (a limit, a time, a group whose members are not known). */
  readonly unknown?: string
}

/** The fields of a packet that are numbers. */
export type PacketField = 'source' | 'destination' | 'protocol' | 'sourcePort' | 'destinationPort'

/** Fields that tell rules apart come first: of several that a packet fails, the first one is named. */
export const packetFields = ['destination', 'source', 'protocol', 'destinationPort', 'sourcePort'] as const
