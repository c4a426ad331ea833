import { type Bits, distance } from '../../address/bits.ts'
import type { Finding } from '../../finding.ts'
import { type Box, covers, Effort, intersect, subtractAll } from '../../match/box.ts'
import { packetFields } from '../../match/packet-match.ts'
import { RangeSet } from '../../match/range-set.ts'
import type { WorldSite } from '../../world/world.ts'
import { isMeant } from '../meant.ts'
import {
  comeBefore,
  isAskedWith,
  isCertain,
  mayShare,
  mayTranslate,
  type NatRule,
  ruleName,
  verb,
} from '../nat-rules.ts'
import { boxText } from '../shown.ts'
import { findingAt, placeAt, type Subject, tooLarge } from '../subject.ts'
import { translationOf } from '../translations.ts'
import { isForTunnel, type TunnelRules, tunnelRulesOf } from '../tunnel-rules.ts'

/** No rule is shadowed by earlier ones: a packet takes the first that matches, and the first list that translates decides. */
export function rulesAreReached({ sites }: Subject): Finding[] {
  return sites.flatMap((site) => {
    const rules = tunnelRulesOf(site)
    const effort = new Effort()
    let isBounded = false
    const findings = rules.nat.filter(isCertain).flatMap((rule) => {
      const found = shadowOf({ site, rule, rules, effort })
      if (found === undefined) isBounded = true
      return found ?? []
    })
    return isBounded ? [...findings, tooLarge(site, 'the NAT rules')] : findings
  })
}

interface Shaded {
  readonly site: WorldSite
  readonly rule: NatRule
  readonly rules: TunnelRules
  readonly effort: Effort
}

interface Earlier {
  readonly box: Box
  readonly value: NatRule
}

interface Part {
  readonly box: Box
  readonly earlier: readonly Earlier[]
}

/** `undefined`: not known. */
function shadowOf({ site, rule, rules, effort }: Shaded): Finding[] | undefined {
  const parts: Part[] = []
  for (const box of rule.boxes) {
    const earlier = earlierThan(rule, box, { rules, effort })
    if (!earlier) return undefined
    parts.push({ box, earlier })
  }
  const all = parts.flatMap((part) => part.earlier)
  const others = [...new Set(all.map(({ value }) => value))].filter((other) => !doesTheSame(other, rule))
  if (others.length === 0) return []
  const isOurs = isForTunnel(rule, rules)
  const covered = parts.map((part) => isCovered(part, rule, effort))
  if (covered.includes(undefined)) return undefined
  if (covered.every((one) => one)) return [neverReached({ site, rule, others, isOurs })]
  const taking = isOurs ? all.find((one) => takesPart(one, rule, { site, parts })) : undefined
  return taking ? [partlyShadowed({ site, rule, taking, parts })] : []
}

/**
 * The parts of a box that earlier rules may take: those of the same list, and those of lists before it that translate; what such a
 * list exempts comes through.
 */
function earlierThan(
  rule: NatRule,
  box: Box,
  { rules, effort }: Pick<Shaded, 'rules' | 'effort'>,
): Earlier[] | undefined {
  const found: Earlier[] = []
  const near = rules.byBox.meeting(box).filter(({ value }) => value.side === rule.side && value.rank < rule.rank)
  for (const met of near) {
    const { list } = met.value
    const isSameList = list === rule.list
    // A rule for a group of addresses is several with one number.
    const isSameRule = isSameList && rule.rule.number !== undefined && met.value.rule.number === rule.rule.number
    if (isSameRule || !mayShare(met.value, rule) || !(isSameList || mayTranslate(met.value))) continue
    const exempt = near.filter(
      ({ value }) =>
        !isSameList &&
        value.list === list &&
        value.rank < met.value.rank &&
        isExempting(value) &&
        mayShare(value, rule),
    )
    const shared = intersect(met.box, box)
    const left = exempt.length > 0 && shared ? subtractAll(shared, exempt.map(boxOfMet), effort) : [met.box]
    if (!left) return undefined
    found.push(...left.map((piece) => ({ box: piece, value: met.value })))
  }
  return found
}

function boxOfMet({ box }: Earlier): Box {
  return box
}

function isExempting(rule: NatRule): boolean {
  return rule.rule.action.kind === 'exempt' && isCertain(rule)
}

function neverReached(found: {
  readonly site: WorldSite
  readonly rule: NatRule
  readonly others: readonly NatRule[]
  readonly isOurs: boolean
}): Finding {
  const { site, rule, others, isOurs } = found
  const [first] = others
  const related = others.slice(0, 3).map((other) => ({
    place: placeAt(site, other.rule),
    message: `${ruleName(other)} of ${site.name} is here`,
  }))
  return findingAt(isOurs ? 'NAT_SHADOWED' : 'NAT_RULE_DEAD', {
    site,
    at: rule.rule,
    about: { rule: ruleName(rule) },
    message: `${ruleName(rule)} of ${site.name} is never reached: ${names(others)} ${first ? verb(first) : 'takes'} all of its packets first`,
    hint: first ? comeBefore(rule, first) : '',
    related,
  })
}

/** Corners first: a rule for any address is behind many others, and none of them takes its first and last packets. */
function isCovered({ box, earlier }: Part, rule: NatRule, effort: Effort): boolean | undefined {
  const boxes = earlier.filter(({ value }) => isCertain(value) && isAskedWith(value, rule)).map((one) => one.box)
  const isHeld = (corner: Box) => boxes.some((other) => covers(other, corner))
  if (!cornersOf(box).every(isHeld)) return false
  const left = subtractAll(box, boxes, effort)
  return left && left.length === 0
}

/** The packet with all the lowest numbers, and the one with the highest addresses. */
function cornersOf(box: Box): Box[] {
  const at = (pick: (set: RangeSet) => Bits) => (set: RangeSet) => RangeSet.ofValues([pick(set)])
  const low = at(({ ranges }) => ranges[0]?.first ?? 0)
  const high = at(({ ranges }) => ranges.at(-1)?.last ?? 0)
  const lowest = mapBox(box, low)
  return [lowest, { ...lowest, source: high(box.source), destination: high(box.destination) }]
}

function mapBox(box: Box, make: (set: RangeSet) => RangeSet): Box {
  return Object.fromEntries(packetFields.map((field) => [field, make(box[field])])) as unknown as Box
}

/** An exception that maps one to one as well is meant; one that exempts or hides addresses breaks the mapping. */
function takesPart(
  { box, value }: Earlier,
  rule: NatRule,
  { site, parts }: { readonly site: WorldSite; readonly parts: readonly Part[] },
): boolean {
  // What happens to be in the way is a finding of another check.
  if (doesTheSame(value, rule) || !isCertain(value) || !(isMeant(value, site) || !mayTranslate(value))) return false
  const isNarrower = parts.some((part) => covers(part.box, box))
  const isException = isNarrower && translationOf(value) !== undefined
  return !isException && (rule.rule.action.kind === 'map' || value.rule.action.kind !== 'exempt')
}

function partlyShadowed(found: {
  readonly site: WorldSite
  readonly rule: NatRule
  readonly taking: Earlier
  readonly parts: readonly Part[]
}): Finding {
  const { site, rule, taking, parts } = found
  const [shared] = parts.flatMap(({ box }) => intersect(box, taking.box) ?? [])
  const part = shared ? boxText(shared) : 'a part'
  return findingAt('NAT_PARTLY_SHADOWED', {
    site,
    at: rule.rule,
    about: { rule: ruleName(rule), range: part },
    message: `${ruleName(taking.value)} of ${site.name} ${verb(taking.value)} ${part} before ${ruleName(rule)} can`,
    hint: `${comeBefore(rule, taking.value)}, or narrow ${ruleName(taking.value)}`,
    related: [{ place: placeAt(site, taking.value.rule), message: `${ruleName(taking.value)} is here` }],
  })
}

function names([first, ...rest]: readonly NatRule[]): string {
  if (!first) return ''
  return rest.length === 0 ? ruleName(first) : `${ruleName(first)} and ${rest.length} more`
}

function doesTheSame(one: NatRule, other: NatRule): boolean {
  const [first, second] = [one.rule.action.kind, other.rule.action.kind]
  if (first !== 'map') return first === 'exempt' && second === 'exempt'
  const [a, b] = [translationOf(one), translationOf(other)]
  if (!a || !b || a.real.family !== b.real.family) return false
  return distance(a.real.bits, a.translated.bits) === distance(b.real.bits, b.translated.bits)
}
