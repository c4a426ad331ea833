import { type Finding, findingOf } from '../../finding.ts'
import type { NatRule } from '../../policy/gateway-policy.ts'
import type { Range } from '../../match/range.ts'
import type { TracedSite } from '../../trace/world.ts'
import { type Box, covers, intersect, subtractAll } from '../box.ts'
import { BoxIndex } from '../box-index.ts'
import { boxesOf, isExact } from '../rule-boxes.ts'
import { rangeText } from '../shown.ts'
import { placeAt, type Subject } from '../subject.ts'
import { distance, translationOf } from '../translations.ts'
import { isAskedWith, isForTunnel, ruleName, shareInterface, tunnelRulesOf } from '../tunnel-rules.ts'

/** No rule is shadowed by earlier ones: a packet takes the first that matches. */
export function rulesAreReached({ sites }: Subject): Finding[] {
  return sites.flatMap((site) =>
    (['source', 'destination'] as const).flatMap((direction) => {
      const rules = site.gateway.policy.nat.filter((rule) => rule.direction === direction)
      const order = new Map(rules.map((rule, index) => [rule, index]))
      const index = new BoxIndex(rules.flatMap((rule) => boxesOf(rule).map((box) => ({ box, value: rule }))))
      return rules.flatMap((rule) => {
        // A rule for a group of addresses is several with one number.
        const isEarlier = (other: NatRule) =>
          other.number !== rule.number && (order.get(other) ?? 0) < (order.get(rule) ?? 0)
        const parts = boxesOf(rule).map((box) => ({
          box,
          earlier: index.meeting(box).filter(({ value }) => isEarlier(value) && shareInterface(value, rule)),
        }))
        return shadowOf(site, rule, parts)
      })
    }),
  )
}

interface Part {
  readonly box: Box
  readonly earlier: readonly { readonly box: Box; readonly value: NatRule }[]
}

function shadowOf(site: TracedSite, rule: NatRule, parts: readonly Part[]): Finding[] {
  const earlier = parts.flatMap((part) => part.earlier)
  const others = [...new Set(earlier.map(({ value }) => value))].filter((other) => !doesTheSame(other, rule))
  const [first] = others
  if (!first) return []
  const isOurs = isForTunnel(rule, tunnelRulesOf(site))
  const related = others.slice(0, 3).map((other) => ({
    place: placeAt(site, other),
    message: `${ruleName(other)} of ${site.name} is here`,
  }))
  if (parts.every((part) => isCovered(part, rule))) {
    const message = `${ruleName(rule)} of ${site.name} is never reached: ${names(others)} ${verb(first)} all of its packets first`
    const hint = `give ${ruleName(rule)} a lower number than ${first.number}`
    return [findingOf(isOurs ? 'NAT_SHADOWED' : 'NAT_RULE_DEAD', placeAt(site, rule), { message, hint, related })]
  }
  const taking = isOurs ? earlier.find((one) => takesPart(one, rule, parts)) : undefined
  return taking ? [partlyShadowed({ site, rule, taking, parts })] : []
}

/** Corners first: a rule for any address is behind many others, and none of them takes its first and last packets. */
function isCovered({ box, earlier }: Part, rule: NatRule): boolean {
  const boxes = earlier.filter(({ value }) => isExact(value) && isAskedWith(value, rule)).map((one) => one.box)
  const isHeld = (corner: Box) => boxes.some((other) => covers(other, corner))
  return cornersOf(box).every(isHeld) && subtractAll(box, boxes).length === 0
}

function cornersOf(box: Box): Box[] {
  const at = (value: Range['first']) => ({ first: value, last: value })
  const low = { source: at(box.source.first), destination: at(box.destination.first) }
  const high = { source: at(box.source.last), destination: at(box.destination.last) }
  const ports = { protocol: at(box.protocol.first), sourcePort: at(box.sourcePort.first) }
  return [low, high].map((ends) => ({ ...box, ...ends, ...ports, destinationPort: at(box.destinationPort.first) }))
}

/** An exception that maps one to one as well is meant; one that exempts or hides addresses breaks the mapping. */
function takesPart({ box, value }: Part['earlier'][number], rule: NatRule, parts: readonly Part[]): boolean {
  if (doesTheSame(value, rule)) return false
  const isNarrower = parts.some((part) => covers(part.box, box))
  const isException = isNarrower && translationOf(value) !== undefined
  return !isException && (rule.action.kind === 'map' || value.action.kind !== 'exempt')
}

function partlyShadowed(found: {
  readonly site: TracedSite
  readonly rule: NatRule
  readonly taking: Part['earlier'][number]
  readonly parts: readonly Part[]
}): Finding {
  const { site, rule, taking, parts } = found
  const [shared] = parts.flatMap(({ box }) => intersect(box, taking.box) ?? [])
  const part = shared ? `${rangeText(shared.source)} → ${rangeText(shared.destination)}` : 'a part'
  return findingOf('NAT_PARTLY_SHADOWED', placeAt(site, rule), {
    message: `${ruleName(taking.value)} of ${site.name} ${verb(taking.value)} ${part} before ${ruleName(rule)} can`,
    hint: `give ${ruleName(rule)} a lower number than ${taking.value.number}, or narrow ${ruleName(taking.value)}`,
    related: [{ place: placeAt(site, taking.value), message: `${ruleName(taking.value)} is here` }],
  })
}

function names([first, ...rest]: readonly NatRule[]): string {
  if (!first) return ''
  return rest.length === 0 ? ruleName(first) : `${ruleName(first)} and ${rest.length} more`
}

function verb({ action }: NatRule): string {
  return { map: 'translates', exempt: 'exempts', masquerade: 'masquerades', pool: 'translates' }[action.kind]
}

function doesTheSame(one: NatRule, other: NatRule): boolean {
  if (one.action.kind !== 'map') return one.action.kind === 'exempt' && other.action.kind === 'exempt'
  const [a, b] = [translationOf(one), translationOf(other)]
  if (!a || !b || a.real.family !== b.real.family) return false
  return distance(a.real.bits, a.translated.bits) === distance(b.real.bits, b.translated.bits)
}
