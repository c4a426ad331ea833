import type { Prefix } from '../address/prefix.ts'
import type { Range } from '../match/range.ts'
import type { AddressMatch, NatRule, PortMatch, Selector } from '../policy/gateway-policy.ts'
import type { Packet, PacketField } from './packet.ts'

/** One thing that a rule or selector asks of a packet. */
export interface Condition {
  readonly field: PacketField
  readonly ranges: readonly Range[]
  readonly negated: boolean
}

/** Reports whether a packet meets all conditions. Of several that fail, one suffices to tell why: it alone narrows the packet. */
export function meetsAll(packet: Packet, conditions: readonly Condition[]): boolean {
  const failing = conditions.find((condition) => !holds(packet, condition))
  for (const { field, ranges } of failing ? [failing] : conditions) {
    const tracked = packet[field]
    const taking = ranges.find((range) => tracked.peek(range))
    for (const range of taking ? [taking] : ranges) tracked.isIn(range)
  }
  return failing === undefined
}

function holds(packet: Packet, { field, ranges, negated }: Condition): boolean {
  return ranges.some((range) => packet[field].peek(range)) !== negated
}

export function conditionsOfRule(rule: NatRule): Condition[] {
  return [
    ...addressCondition('destination', rule.destination),
    ...addressCondition('source', rule.source),
    ...portCondition('destinationPort', rule.ports?.destination),
    ...portCondition('sourcePort', rule.ports?.source),
  ]
}

/** Seen from the gateway that sends. */
export function conditionsOfSelector({ local, remote }: Selector): Condition[] {
  return [
    { field: 'destination', ranges: [rangeOf(remote)], negated: false },
    { field: 'source', ranges: [rangeOf(local)], negated: false },
  ]
}

function addressCondition(field: PacketField, match: AddressMatch | undefined): Condition[] {
  if (!match) return []
  const range = match.kind === 'prefix' ? rangeOf(match.prefix) : { first: match.first.bits, last: match.last.bits }
  return [{ field, ranges: [range], negated: match.negated }]
}

function portCondition(field: PacketField, match: PortMatch | undefined): Condition[] {
  return match ? [{ field, ranges: match.ranges, negated: match.negated }] : []
}

export function rangeOf(prefix: Prefix): Range {
  return { first: prefix.bits, last: prefix.lastBits }
}
