import type { Device, DeviceRule, RuleAction, RuleList } from '../device/device.ts'
import { deviceOfPolicy } from '../device/device-of-policy.ts'
import { type Box, boxOfMatch, intersect, isEmptyBox, subtract } from '../match/box.ts'
import { canMeet, interfacesInclude } from '../match/meets.ts'
import type { PacketMatch } from '../match/packet-match.ts'
import { isSameMatch } from '../match/same-match.ts'
import type { GatewayPolicy, PortRange } from './gateway-policy.ts'
import type { Unfulfilled } from './unfulfilled.ts'
import { type WantedPackets, wantedPackets } from './wanted-packets.ts'

/** The rules of a policy that a device does not have, and those of others that take their packets first. */
export function unfulfilledRules(device: Device, policy: GatewayPolicy): Unfulfilled[] {
  const own = deviceOfPolicy(policy)
  const wanted = own.lists.filter(({ kind }) => kind !== 'filter')
  return [
    ...wanted.flatMap((list) => missingRules(device, list)),
    ...rulesThatComeFirst(device, policy, wanted),
    ...missingGuards(device, own),
  ]
}

function missingRules({ lists }: Device, wanted: RuleList): Unfulfilled[] {
  const there = rulesByKey(lists.filter(({ kind }) => kind === wanted.kind).flatMap(({ rules }) => rules))
  return wanted.rules
    .filter((rule) => !there.get(keyOf(rule))?.some((one) => doesSame(one, rule)))
    .map((rule) => ({
      kind: 'rule',
      what: `${wanted.name} rule ${rule.number} is not there as planned`,
      hint: undefined,
      isCertain: true,
      line: undefined,
    }))
}

function rulesByKey(rules: readonly DeviceRule[]): Map<string, DeviceRule[]> {
  const found = new Map<string, DeviceRule[]>()
  for (const rule of rules) {
    const same = found.get(keyOf(rule))
    if (same) same.push(rule)
    else found.set(keyOf(rule), [rule])
  }
  return found
}

/** Rules that do the same have the same. */
function keyOf({ match: { source, destination, destinationPort } }: DeviceRule): string {
  return [source, destination, destinationPort]
    .map((set) => set?.ranges.map(({ first, last }) => `${first}-${last}`).join())
    .join(' ')
}

/** Numbers count where the platform has them. An address that is mapped onto itself is exempt from every list. */
function doesSame(there: DeviceRule, wanted: DeviceRule): boolean {
  return (
    there.doubt === undefined &&
    (there.number === undefined || there.number === wanted.number) &&
    isSameMatch(there.match, wanted.match) &&
    (isSameAction(there.action, wanted.action) || (wanted.action.kind === 'exempt' && isOntoItself(there)))
  )
}

function isOntoItself({ action, match }: DeviceRule): boolean {
  const [range, ...more] = match.source?.ranges ?? []
  return (
    action.kind === 'map' &&
    more.length === 0 &&
    range?.first === action.to.bits &&
    range.last === action.to.lastBits &&
    action.ports === undefined
  )
}

function isSameAction(one: RuleAction, other: RuleAction): boolean {
  if (one.kind === 'map' && other.kind === 'map') return one.to.equals(other.to) && hasSamePorts(one, other)
  if (one.kind === 'pool' && other.kind === 'pool') {
    return one.first.equals(other.first) && one.last.equals(other.last) && hasSamePorts(one, other)
  }
  return one.kind === other.kind && one.kind === 'exempt'
}

function hasSamePorts(
  { ports: one }: { readonly ports?: PortRange },
  { ports: other }: { readonly ports?: PortRange },
): boolean {
  return one?.first === other?.first && one?.last === other?.last
}

/** One finding for a rule that is there, however many of the new ones it comes before. */
function rulesThatComeFirst(device: Device, policy: GatewayPolicy, wanted: readonly RuleList[]): Unfulfilled[] {
  const own = rulesByKey(wanted.flatMap(({ rules }) => rules))
  const lists = device.lists.filter(({ kind }) => kind !== 'filter').map((list) => sortedList(list, own))
  const caught = new Map<DeviceRule, Catch[]>()
  for (const packets of wantedPackets(policy)) {
    for (const found of catchesOf(lists, packets)) {
      caught.set(found.rule, [...(caught.get(found.rule) ?? []), found])
    }
  }
  return [...caught.values()].map((catches) => comesFirst(catches, policy))
}

/** A list with its rules by whom they are. */
interface SortedList {
  readonly list: RuleList
  readonly foreign: readonly { readonly rule: DeviceRule; readonly at: number }[]
  /** Where those of the policy stand, by what they do. */
  readonly own: ReadonlyMap<string, number>
}

function sortedList(list: RuleList, wanted: ReadonlyMap<string, readonly DeviceRule[]>): SortedList {
  const foreign: { rule: DeviceRule; at: number }[] = []
  const own = new Map<string, number>()
  for (const [at, rule] of list.rules.entries()) {
    const key = keyOf(rule)
    if (!wanted.get(key)?.some((one) => doesSame(rule, one))) foreign.push({ rule, at })
    else if (!own.has(key)) own.set(key, at)
  }
  return { list, foreign, own }
}

interface Catch {
  readonly rule: DeviceRule
  readonly list: RuleList
  readonly packets: WantedPackets
}

/** The rules that may take some of these packets before the one that is for them, in the order in which they are asked. */
function catchesOf(lists: readonly SortedList[], packets: WantedPackets): Catch[] {
  const { side, rule: wanted } = packets
  const found: Catch[] = []
  for (const sorted of lists.filter(({ list }) => list.kind === `${side}-nat`)) {
    const at = wanted && sorted.own.get(keyOf(wanted))
    found.push(...catchesIn(sorted, packets, at ?? Number.POSITIVE_INFINITY))
    if (at !== undefined && sorted.list.rules[at]?.action.kind !== 'exempt') break
  }
  return found
}

function catchesIn({ list, foreign }: SortedList, packets: WantedPackets, before: number): Catch[] {
  const { match, rule: wanted } = packets
  const found: Catch[] = []
  let left = boxesOf(match)
  for (const { rule, at } of foreign) {
    if (at > before) break
    if (!canMeet(rule.match, match) || !meetsSome(left, rule)) continue
    if (isHarmless(rule, wanted)) left = withoutTaken(left, rule, match)
    else found.push({ rule, list, packets })
  }
  return found
}

function boxesOf(match: PacketMatch): Box[] {
  return ([4, 6] as const).map((family) => boxOfMatch(match, family)).filter((box) => !isEmptyBox(box))
}

function meetsSome(boxes: readonly Box[], { match }: DeviceRule): boolean {
  const others = boxesOf(match)
  return boxes.some((box) => others.some((other) => intersect(box, other) !== undefined))
}

/** An exemption does to packets that keep their addresses what is wanted. */
function isHarmless({ action, doubt, match }: DeviceRule, wanted: DeviceRule | undefined): boolean {
  const isLeft = wanted === undefined || wanted.action.kind === 'exempt'
  return action.kind === 'exempt' && isLeft && doubt === undefined && match.unknown === undefined
}

/** What an exemption certainly takes no later rule of its list can take. */
function withoutTaken(boxes: readonly Box[], { match }: DeviceRule, of: PacketMatch): Box[] {
  if (!asksNoMore(match, of)) return [...boxes]
  return boxesOf(match).reduce((left, box) => left.flatMap((one) => subtract(one, box)), [...boxes])
}

/** Reports whether a match asks nothing of these packets but their numbers that is not known of them. */
function asksNoMore(match: PacketMatch, of: PacketMatch): boolean {
  return (
    interfacesInclude(match.in, of.in) &&
    interfacesInclude(match.out, of.out) &&
    match.icmpType === undefined &&
    match.tcpFlags === undefined &&
    match.unknown === undefined &&
    match.translated === undefined &&
    (match.states === undefined || match.states.includes('new')) &&
    (match.arrived === undefined || match.arrived === of.arrived) &&
    (match.leaving === undefined || match.leaving === of.leaving)
  )
}

const doing: Readonly<Record<RuleAction['kind'], string>> = {
  map: 'translates',
  pool: 'translates',
  masquerade: 'masquerades',
  exempt: 'exempts',
  accept: 'takes',
  drop: 'drops',
  reject: 'drops',
  jump: 'may take',
  return: 'takes',
  unknown: 'may take',
}

function comesFirst(catches: readonly Catch[], { site }: GatewayPolicy): Unfulfilled {
  const first = catches.find(({ packets }) => packets.rule) ?? catches[0]
  if (!first) throw new Error('a rule that takes nothing')
  const { rule, list, packets } = first
  const isCertain = rule.doubt === undefined && rule.match.unknown === undefined && rule.action.kind !== 'unknown'
  const name = nameOf(rule, list)
  const what = isCertain ? doing[rule.action.kind] : 'is not understood, and may take'
  return {
    kind: 'rule-first',
    what: `${name} of ${site} ${what} packets ${whichOf(packets, catches)}`,
    hint: packets.rule
      ? `give ${name} a number after natplan's, or remove natplan's numbers from the lock and plan again`
      : `put an exemption for these packets in front of ${name}, or let it ask for its own destination address`,
    isCertain,
    line: rule.line,
  }
}

function whichOf({ rule, way, peer }: WantedPackets, catches: readonly Catch[]): string {
  if (!rule) return way === 'leaving' ? `to ${peer}` : `from ${peer}`
  const others = new Set(catches.flatMap(({ packets }) => packets.rule ?? [])).size - 1
  return `before rule ${rule.number}${others > 0 ? ` and ${others} more` : ''} can`
}

function nameOf({ number }: DeviceRule, list: RuleList): string {
  return number === undefined ? `a rule of ${list.name}` : `${list.name} rule ${number}`
}

/** What must not leave or come in clear and is dropped by no rule. */
function missingGuards(device: Device, own: Device): Unfulfilled[] {
  return own.lists
    .filter(({ kind }) => kind === 'filter')
    .flatMap((wanted) => wanted.rules.map((rule) => ({ wanted, rule })))
    .filter(({ wanted, rule }) => !device.lists.some((list) => drops(list, wanted, rule.match)))
    .map(({ wanted, rule: { match } }) => {
      const isOfPeers = match.arrived !== undefined || match.leaving !== undefined
      const dropped = isOfPeers ? 'packets of the peers in clear' : 'packets for what only the peers call this site'
      const what = `no rule drops ${dropped} (${wanted.hook})`
      return { kind: 'guard', what, hint: undefined, isCertain: true, line: undefined }
    })
}

function isOfFamily({ family }: RuleList, { destination }: Box): boolean {
  return family === undefined || (destination.boundsOf('bigint') !== undefined) === (family === 6)
}

/** Reports whether a list drops all of these packets, whatever of its rules takes which. */
function drops(list: RuleList, wanted: RuleList, match: PacketMatch): boolean {
  if (list.kind !== 'filter' || list.hook !== wanted.hook) return false
  let left = boxesOf(match)
  if (left.some((box) => !isOfFamily(list, box))) return false
  for (const rule of list.rules) {
    if (rule.doubt !== undefined || !canMeet(rule.match, match) || !meetsSome(left, rule)) continue
    if (rule.action.kind !== 'drop') return false
    left = withoutTaken(left, rule, match)
    if (left.length === 0) return true
  }
  return false
}
