import type { Family } from '../address/bits.ts'
import type { Device, DeviceRule, RuleList } from '../device/device.ts'
import { type Box, boxOfMatch, everyAddress, isEmptyBox } from '../match/box.ts'
import { canMeet, interfacesInclude } from '../match/meets.ts'
import type { InterfaceMatch, PacketMatch } from '../match/packet-match.ts'
import { RangeSet } from '../match/range-set.ts'
import { takesName } from '../match/takes.ts'

export type Side = 'source' | 'destination'

/** A NAT rule where it is asked. */
export interface NatRule {
  readonly side: Side
  readonly list: RuleList
  readonly rule: DeviceRule
  /** Of two rules of one side the lower one is asked first. */
  readonly rank: number
  /** The packets that meet it as far as their numbers go, by family. */
  readonly boxes: readonly Box[]
}

/** All NAT rules of a device, those of one side in the order in which they are asked. */
export function natRulesOf({ lists }: Device): NatRule[] {
  let rank = 0
  return (['source', 'destination'] as const).flatMap((side) =>
    lists
      .filter(({ kind }) => kind === `${side}-nat`)
      .sort((a, b) => a.priority - b.priority)
      .flatMap((list) => list.rules.map((rule) => ({ side, list, rule, rank: rank++, boxes: boxesOf(rule) }))),
  )
}

function boxesOf(rule: DeviceRule): Box[] {
  return familiesOf(rule)
    .map((family) => boxOfMatch(rule.match, family))
    .filter((box) => !isEmptyBox(box))
}

/** A rule without an address is one of IPv4: prefixes of IPv6 are translated in lists of their own. */
function familiesOf({ match, action }: DeviceRule): readonly Family[] {
  const set = match.source ?? match.destination
  if (set) return ([4, 6] as const).filter((family) => set.overlaps(everyAddresses[family]))
  if (action.kind === 'map') return [action.to.family]
  return action.kind === 'pool' ? [action.first.family] : [4]
}

export const everyAddresses: Readonly<Record<Family, RangeSet>> = {
  4: RangeSet.of([everyAddress(4)]),
  6: RangeSet.of([everyAddress(6)]),
}

/** Reports whether it is known which packets the rule takes and what it does to them. */
export function isCertain({ rule: { match, action, doubt } }: NatRule): boolean {
  return doubt === undefined && match.unknown === undefined && action.kind !== 'unknown'
}

/** Reports whether a rule decides for the lists behind its own as well: one that only exempts does not. */
export function mayTranslate({ rule }: NatRule): boolean {
  return rule.action.kind !== 'exempt' || rule.doubt !== undefined
}

/** The interface that decides whether a rule is asked. */
export function interfaceOf({ side, rule: { match } }: NatRule): InterfaceMatch | undefined {
  return side === 'source' ? match.out : match.in
}

/** Where the interface is not known, a rule that names one is taken to mean it. */
export function isAskedOn(rule: NatRule, name: string | undefined): boolean {
  const asked = interfaceOf(rule)
  return !asked || name === undefined || takesName(asked, name)
}

/** Reports whether a rule holds for all protocols and ports: others are for single services. */
export function isWhole({ rule: { match, action } }: NatRule): boolean {
  const { protocol, sourcePort, destinationPort, icmpType, states } = match
  const asked = [sourcePort, destinationPort, icmpType, states, 'ports' in action ? action.ports : undefined]
  return (protocol === undefined || protocol.includes(everyProtocol)) && asked.every((one) => one === undefined)
}

const everyProtocol = RangeSet.of([{ first: 0, last: 255 }])

/** Reports whether some packet may meet both rules. */
export function mayShare(one: NatRule, other: NatRule): boolean {
  return canMeet(one.rule.match, other.rule.match)
}

/** Reports whether what a rule asks beside addresses, protocol and ports is asked by the other one as well, or by none. */
export function isAskedWith({ rule: { match } }: NatRule, { rule: { match: other } }: NatRule): boolean {
  return (
    interfacesInclude(match.in, other.in) &&
    interfacesInclude(match.out, other.out) &&
    isImplied(match.arrived, other.arrived) &&
    isImplied(match.leaving, other.leaving) &&
    asksNoMore(match)
  )
}

function isImplied<T>(asked: T | undefined, given: T | undefined): boolean {
  return asked === undefined || asked === given
}

/** NAT rules are asked of the first packet of a connection. */
function asksNoMore({ states, ...match }: PacketMatch): boolean {
  const more = [match.icmpType, match.tcpFlags, match.translated, match.unknown]
  return more.every((asked) => asked === undefined) && (states === undefined || states.includes('new'))
}

/** `source rule 10`, as people call it: the list by its own name, the rule by the device's number. */
export function ruleName({ list, rule }: Pick<NatRule, 'list' | 'rule'>): string {
  if (rule.number !== undefined) return `${list.name} rule ${rule.number}`
  return rule.line === undefined ? `a rule of ${list.name}` : `the rule of ${list.name} in line ${rule.line}`
}

/** What a rule does to packets, in a sentence. */
export function verb({ rule: { action } }: NatRule): string {
  if (action.kind === 'exempt') return 'exempts'
  return action.kind === 'masquerade' ? 'masquerades' : 'translates'
}

/** What helps a rule that comes too late: a lower number helps within a list only. */
export function comeBefore(rule: NatRule, first: NatRule): string {
  if (rule.list === first.list && first.rule.number !== undefined) {
    return `give ${ruleName(rule)} a lower number than ${first.rule.number}`
  }
  return `let ${ruleName(rule)} come before ${ruleName(first)}, or exempt its packets there`
}
