import type { Bits } from '../../address/bits.ts'
import type { DeviceRule, RuleSet } from '../../device/device.ts'
import type { Finding } from '../../finding.ts'
import { limits } from '../../limits.ts'
import { type Box, boxOf, boxOfMatch, covers, Effort, isEmptyBox, meet, subtractAll } from '../../match/box.ts'
import { Candidates } from '../../match/candidates.ts'
import { asksNoMoreThan, matchOfBoth } from '../../match/implies.ts'
import type { Packet } from '../../match/packet.ts'
import { type PacketMatch, packetFields } from '../../match/packet-match.ts'
import { RangeSet } from '../../match/range-set.ts'
import { Tracked } from '../../match/tracked.ts'
import type { WorldSite } from '../../world/world.ts'
import { BoxIndex } from '../box-index.ts'
import { comesBack, deedOf, filterRuleName, isOnTheWay, isPlain, setsOf } from '../filter-rules.ts'
import { groupedBy } from '../grouped-by.ts'
import { findingAt, placeAt, type Subject } from '../subject.ts'
import { carriedBy } from '../tunnel-rules.ts'

/** No rule of a filter waits in vain for packets of tunnels: earlier ones of its set would do something else with all that it takes. */
export function filterRulesAreReached(subject: Subject): Finding[] {
  return subject.sites.flatMap((site) => {
    if (site.device.file === undefined || !site.device.lists.some(isOnTheWay)) return []
    const effort = new Effort()
    const shadows = [...setsOf(site)].flatMap(([set, families]) => shadowsIn(set, [...families], effort))
    if (shadows.length === 0) return []
    const planned = plannedAt(site, subject)
    const told = shadows.filter(
      ({ rule, others, boxes }) =>
        boxes.some((box) => planned.meets(box)) && !(isLetting(rule) && others.some(isTold(subject))),
    )
    return [...groupedBy(told, ({ others }) => others[0]?.rule).values()].flatMap((group) => shadowed(site, group))
  })
}

/** A rule that is never reached, and those that are asked before it and do something else. */
interface Shadow {
  readonly set: RuleSet
  readonly rule: DeviceRule
  readonly boxes: readonly Box[]
  readonly others: readonly Taking[]
}

/** What a rule of a set, or one that it calls, certainly keeps from those behind it. */
interface Taking {
  readonly at: number
  readonly match: PacketMatch
  readonly set: RuleSet
  readonly rule: DeviceRule
}

/** All packets that are meant to arrive, or answers to them, as filters of a gateway may see them. */
function plannedAt(site: WorldSite, { flows }: Subject): BoxIndex<true> {
  const own = flows.filter(({ from }) => from === site).map(({ source, destination }) => [source, destination] as const)
  const carried = carriedBy(site).map(({ child }) => [child.local, child.remote] as const)
  const pairs = [...own, ...carried].map(([near, far]) => [RangeSet.ofPrefixes([near]), RangeSet.ofPrefixes([far])])
  return new BoxIndex(
    pairs.flatMap(([near = RangeSet.empty, far = RangeSet.empty]) => [
      { box: boxOf(near, far), value: true },
      { box: boxOf(far, near), value: true },
    ]),
  )
}

function shadowsIn(set: RuleSet, families: readonly (4 | 6)[], effort: Effort): Shadow[] {
  const takings = takingsOf(set)
  if (takings.length === 0) return []
  const earlier = new Candidates(takings.map((item) => ({ item, match: item.match })))
  return writtenRules(set).flatMap(({ parts, at }) => {
    const [rule] = parts
    if (!rule || !parts.every(isPlain)) return []
    const found: Taking[] = []
    const boxes: Box[] = []
    for (const { match } of parts) {
      for (const box of families.map((family) => boxOfMatch(match, family))) {
        if (isEmptyBox(box)) continue
        const taking = takingAll({ match, box, at }, { takings, earlier, effort })
        if (!taking) return []
        found.push(...taking)
        boxes.push(box)
      }
    }
    const others = [...new Set(found)].filter((other) => !doesTheSame(other, rule, set))
    return others.length > 0 ? [{ set, rule, boxes, others }] : []
  })
}

interface WrittenRule {
  /** One for each group of addresses and the like. */
  readonly parts: readonly DeviceRule[]
  readonly at: number
}

/** The rules that somebody wrote, by their lines; a part may be in vain where the whole is not. */
function writtenRules({ rules }: RuleSet): WrittenRule[] {
  const found: { parts: DeviceRule[]; at: number }[] = []
  rules.forEach((rule, at) => {
    if (rule.line === undefined) return
    const last = found.at(-1)
    const before = last?.parts[0]
    const isSame = before?.line === rule.line && before.file === rule.file && before.number === rule.number
    if (last && isSame && last.at + last.parts.length === at) last.parts.push(rule)
    else found.push({ parts: [rule], at })
  })
  return found
}

const known = new WeakMap<RuleSet, readonly Taking[]>()

const mostCalled = limits.calledSets.most

function takingsOf(set: RuleSet): readonly Taking[] {
  const made = known.get(set) ?? set.rules.flatMap((rule, at) => takingsBy(rule, set, at))
  known.set(set, made)
  return made
}

function takingsBy(rule: DeviceRule, set: RuleSet, at: number): Taking[] {
  const { match, action } = rule
  if (!isPlain(rule) || match.unknown !== undefined) return []
  if (action.kind !== 'jump') return [{ at, match, set, rule }]
  if (action.isFinal || !comesBack(action.to)) return [{ at, match, set, rule }]
  const back = action.to.rules.findIndex(mayReturn)
  const called = takingsOf(action.to).filter((one) => back < 0 || one.at < back)
  if (called.length > mostCalled) return []
  return called.flatMap((one) => {
    const both = matchOfBoth(match, one.match)
    return both ? [{ ...one, at, match: both }] : []
  })
}

function mayReturn(rule: DeviceRule): boolean {
  const { action } = rule
  return !isPlain(rule) || action.kind === 'return' || (action.kind === 'jump' && action.isFinal)
}

interface Asked {
  readonly match: PacketMatch
  readonly box: Box
  readonly at: number
}

interface Earlier {
  readonly takings: readonly Taking[]
  readonly earlier: Candidates<Taking>
  readonly effort: Effort
}

/**
 * Those that together take all packets of a rule; `undefined` where some are left, or nobody knows. Corners first: few rules take the first
 * packet of a later one, and fewer the last.
 */
function takingAll({ match, box, at }: Asked, { takings, earlier, effort }: Earlier): readonly Taking[] | undefined {
  const isBefore = (one: Taking) => one.at < at && asksNoMoreThan(one.match, match)
  const family = box.destination.boundsOf('bigint') ? 6 : 4
  const boxIn = (one: Taking) => boxOfTaking(one, family)
  const atCorners: Taking[] = []
  for (const packet of cornersOf(box)) {
    const corner = boxAround(packet)
    const near = earlier.of(packet).flatMap(({ item }) => (isBefore(item) ? [item] : []))
    const taking = near.filter((one) => covers(boxIn(one), corner))
    if (taking.length === 0) return undefined
    const whole = taking.find((one) => covers(boxIn(one), box))
    if (whole) return [whole]
    atCorners.push(...taking)
  }
  const isAllIn = (some: readonly Taking[]) => subtractAll(box, some.map(boxIn), effort)?.length === 0
  if (isAllIn(atCorners)) return atCorners
  if (!effort.spend(Math.ceil(at / 10))) return undefined
  const meeting = takings.filter((one) => one.at < at && meet(boxIn(one), box) && isBefore(one))
  return isAllIn(meeting) ? meeting : undefined
}

const boxes: Readonly<Record<4 | 6, WeakMap<Taking, Box>>> = { 4: new WeakMap(), 6: new WeakMap() }

function boxOfTaking(one: Taking, family: 4 | 6): Box {
  const known = boxes[family].get(one) ?? boxOfMatch(one.match, family)
  boxes[family].set(one, known)
  return known
}

/** The packet with all the lowest numbers, and the one with all the highest. */
function cornersOf(box: Box): Packet[] {
  const at = (pick: (set: RangeSet) => Bits): Packet => {
    const [source, destination, protocol, sourcePort, destinationPort] = (
      ['source', 'destination', 'protocol', 'sourcePort', 'destinationPort'] as const
    ).map((field) => Tracked.fixed(pick(box[field]))) as [Tracked, Tracked, Tracked, Tracked, Tracked]
    const numbers = { source, destination, protocol, sourcePort, destinationPort }
    return { ...numbers, icmpType: 0, state: 'new', isDecrypted: undefined }
  }
  return [at(({ ranges }) => ranges[0]?.first ?? 0), at(({ ranges }) => ranges.at(-1)?.last ?? 0)]
}

function boxAround(packet: Packet): Box {
  return Object.fromEntries(
    packetFields.map((field) => [field, RangeSet.ofValues([packet[field].value])]),
  ) as unknown as Box
}

/** What leaves a list is accepted by it; a packet that is rejected is as lost as one that is dropped. */
function doesTheSame({ rule: { action }, set }: Taking, rule: DeviceRule, own: RuleSet): boolean {
  const kindIn = ({ kind }: DeviceRule['action'], within: RuleSet) =>
    kind === 'reject' ? 'drop' : kind === 'return' && 'hook' in within ? 'accept' : kind
  return kindIn(action, set) === kindIn(rule.action, own) && action.kind !== 'jump'
}

function isLetting({ action: { kind } }: DeviceRule): boolean {
  return kind !== 'drop' && kind !== 'reject'
}

/** Packets that the earlier rule drops although they are meant to arrive are a finding of their own. */
function isTold({ decisions }: Subject): (one: Taking) => boolean {
  return ({ rule }) => decisions?.dropping.has(rule) ?? false
}

function shadowed(site: WorldSite, group: readonly Shadow[]): Finding[] {
  const [first] = group
  const [other] = first?.others ?? []
  if (!first || !other) return []
  const name = filterRuleName(first.rule, first.set)
  const by = filterRuleName(other.rule, other.set)
  const more = first.others.length > 1 ? ` with ${first.others.length - 1} more` : ''
  const behind = group.length > 1 ? ` (and ${group.length - 1} more behind it)` : ''
  return [
    findingAt('FILTER_SHADOWED', {
      site,
      at: first.rule,
      about: { rule: name },
      message: `${name} of ${site.name} never decides${behind}: ${by}${more} ${deedOf(other.rule.action)} everything that it would take`,
      hint: `let ${name} come before ${by}, or remove it`,
      related: [{ place: placeAt(site, other.rule), message: `${by} is here` }],
    }),
  ]
}
