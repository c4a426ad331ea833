import type { Prefix } from '../address/prefix.ts'
import type { AddressMatch, NatRule, PortMatch, Selector } from '../policy/gateway-policy.ts'
import type { Packet, PacketField } from './packet.ts'
import type { Range } from './tracked.ts'

/** The interface that a packet comes in on or goes out of, as far as it is known. */
export interface Passage {
  readonly at: 'inside' | 'outside' | 'virtual'
  readonly interface: string | undefined
  /** An interface that it is certainly not. */
  readonly not: string | undefined
}

/** One thing that a rule asks of a packet. */
interface Condition {
  readonly field: PacketField
  readonly ranges: readonly Range[]
  readonly negated: boolean
}

/** The first rule of a direction that takes the packet. What was asked on the way narrows the packet. */
export function firstMatch(
  rules: readonly NatRule[],
  { direction, passage }: { readonly direction: NatRule['direction']; readonly passage: Passage },
  packet: Packet,
): NatRule | undefined {
  return rules.find(
    (rule) =>
      rule.direction === direction &&
      meetsPassage(rule.interface, passage) &&
      meetsProtocol(rule.protocol, packet.protocol) &&
      meetsAll(packet, conditionsOf(rule)),
  )
}

/** Reports whether the addresses of a packet lie in a selector, seen from the gateway that sends it. */
export function selectorTakes(selector: Selector, packet: Packet): boolean {
  return meetsAll(packet, selectorConditionsOf(selector))
}

/** Of several conditions that fail, one suffices to tell why: the packet is narrowed by that one only. */
function meetsAll(packet: Packet, conditions: readonly Condition[]): boolean {
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

/** `eth*` and `eth+` stand for all that begin so, `!eth0` for all but one. */
export function meetsPassage(
  written: string | undefined,
  { interface: actual, not }: Pick<Passage, 'interface' | 'not'>,
): boolean {
  if (written === undefined) return true
  if (written.startsWith('!')) return !meetsPassage(written.slice(1), { interface: actual, not })
  if (actual === undefined) return not === undefined || !isNamed(written, not)
  return isNamed(written, actual)
}

function isNamed(written: string, name: string): boolean {
  return /[*+]$/.test(written) ? name.startsWith(written.slice(0, -1)) : written === name
}

/** `tcp_udp` stands for both, `!tcp` for all others. */
export function meetsProtocol(written: string | undefined, protocol: string): boolean {
  if (written === undefined || written === 'all') return true
  if (written.startsWith('!')) return !meetsProtocol(written.slice(1), protocol)
  return written.split('_').includes(protocol)
}

const ruleConditions = new WeakMap<NatRule, readonly Condition[]>()

function conditionsOf(rule: NatRule): readonly Condition[] {
  return remembered(ruleConditions, rule, () => [
    ...addressCondition('destination', rule.destination),
    ...addressCondition('source', rule.source),
    ...portCondition('destinationPort', rule.ports?.destination),
    ...portCondition('sourcePort', rule.ports?.source),
  ])
}

const selectorConditions = new WeakMap<Selector, readonly Condition[]>()

function selectorConditionsOf(selector: Selector): readonly Condition[] {
  return remembered(selectorConditions, selector, () => [
    { field: 'destination', ranges: [rangeOf(selector.remote)], negated: false },
    { field: 'source', ranges: [rangeOf(selector.local)], negated: false },
  ])
}

function remembered<K extends object, V>(known: WeakMap<K, V>, key: K, make: () => V): V {
  const found = known.get(key)
  if (found !== undefined) return found
  const made = make()
  known.set(key, made)
  return made
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
