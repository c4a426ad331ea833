import { type Finding, findingOf } from '../../finding.ts'
import type { NatRule } from '../../policy/gateway-policy.ts'
import { rangeOf } from '../../trace/condition.ts'
import type { TracedSite } from '../../trace/world.ts'
import { type Box, boxOf, intersect, sharedRange, subtractAll } from '../box.ts'
import { rangeText } from '../shown.ts'
import { placeAt, type Subject } from '../subject.ts'
import { distance, farRanges, type Translation, translationOf } from '../translations.ts'
import {
  isAskedOn,
  isForTunnel,
  isWhole,
  ruleName,
  selectorsOf,
  type TunnelRules,
  towardsPeers,
  tunnelRulesOf,
} from '../tunnel-rules.ts'

/** Rules for the tunnels map one prefix to another of the same length. */
export function translationsAreOneToOne({ sites }: Subject): Finding[] {
  return rulesOf(sites).flatMap(({ site, rule, rules }) => {
    if (!isWhole(rule) || rule.action.kind === 'exempt') return []
    const reason = notOneToOne(rule)
    if (reason === undefined || !isForTunnel(rule, rules)) return []
    return findingOf('NAT_NOT_ONE_TO_ONE', placeAt(site, rule), {
      message: `${ruleName(rule)} of ${site.name} is not one to one: ${reason}`,
      hint: 'match one prefix and translate it to one of the same length',
    })
  })
}

function notOneToOne({ direction, source, destination, action }: NatRule): string | undefined {
  if (action.kind === 'masquerade') return 'masquerade gives all hosts one address'
  if (action.kind === 'pool') return 'a pool of addresses gives no host a fixed one'
  if (action.kind === 'exempt') return undefined
  const match = direction === 'source' ? source : destination
  if (match === undefined) return `it translates to ${action.to} whatever the ${direction} address is`
  if (match.kind === 'range' || match.negated) return `its ${direction} address is not one prefix`
  if (match.prefix.length === action.to.length) return undefined
  return `${match.prefix} and ${action.to} differ in length`
}

/** What source rules make of packets for a peer is what a selector takes; what they exempt, too. */
export function translatedIsSelected({ sites }: Subject): Finding[] {
  return rulesOf(sites).flatMap(({ site, rule, rules }) => {
    const near = nearAfter(rule)
    if (!near || !isWhole(rule)) return []
    const produced = farRanges(rule).flatMap((far) =>
      towardsPeers(rule, rules).flatMap(({ destination }) => {
        const shared = sharedRange(far, destination)
        return shared ? [boxOf(near, shared)] : []
      }),
    )
    const left = produced.flatMap((box) =>
      subtractAll(
        box,
        rules.selectors.meeting(box).map((met) => met.box),
      ),
    )
    const [first] = left
    if (!first) return []
    const what = rule.action.kind === 'exempt' ? 'lets through' : 'produces'
    return findingOf('NAT_UNSELECTED', placeAt(site, rule), {
      message: `${ruleName(rule)} of ${site.name} ${what} ${rangeText(first.source)} → ${rangeText(first.destination)}, which no selector takes`,
      hint: 'translate to the local prefix of the selector, or give the tunnel a selector for it',
    })
  })
}

/** The source addresses of packets behind a source rule. */
function nearAfter({ direction, action, source }: NatRule) {
  if (direction !== 'source') return undefined
  if (action.kind === 'map') return rangeOf(action.to)
  if (action.kind !== 'exempt' || source?.kind !== 'prefix' || source.negated) return undefined
  return rangeOf(source.prefix)
}

/** What is translated on the way out is translated on the way in, and the other way round. */
export function translationsHaveBothDirections({ sites }: Subject): Finding[] {
  return rulesOf(sites).flatMap(({ site, rule, rules }) => {
    const translation = translationOf(rule)
    if (!translation || !isWhole(rule) || notOneToOne(rule) !== undefined) return []
    const [left] = carried(translation, rules).flatMap((box) => subtractAll(box, opposites(translation, box, rules)))
    return left ? [halfOpen(site, translation, left)] : []
  })
}

/** The parts of selectors that a translation is for. */
function carried({ rule, translated }: Translation, rules: TunnelRules): Box[] {
  const own = farRanges(rule).map((far) => boxOf(rangeOf(translated), far))
  return own.flatMap((box) => rules.selectors.meeting(box).flatMap((met) => intersect(box, met.box) ?? []))
}

function opposites({ rule, real, translated }: Translation, box: Box, { translations }: TunnelRules): Box[] {
  return translations
    .meeting(box)
    .filter(
      ({ value: other }) =>
        other.rule.direction !== rule.direction &&
        isWhole(other.rule) &&
        other.real.length === other.translated.length &&
        distance(other.real.bits, other.translated.bits) === distance(real.bits, translated.bits),
    )
    .map((met) => met.box)
}

function halfOpen(site: TracedSite, { rule, real, translated }: Translation, left: Box): Finding {
  const { name } = site
  const [near, far] = [rangeText(left.source), rangeText(left.destination)]
  const isSource = rule.direction === 'source'
  return findingOf('NAT_HALF', placeAt(site, rule), {
    message: isSource
      ? `${ruleName(rule)} of ${name} turns ${real} into ${translated}, but no destination rule turns ${near} back for packets of ${far}: the peer cannot open connections`
      : `${ruleName(rule)} of ${name} turns ${translated} into ${real}, but no source rule turns it into ${near} towards ${far}: ${name} cannot open connections`,
    hint: isSource
      ? `add a destination rule: source ${far}, destination ${near}, translation to its real prefix`
      : `add a source rule: source its real prefix, destination ${far}, translation ${near}`,
  })
}

/** Behind every address that a selector carries there is something: a subnet, a rule that leads to one, or the peer of another tunnel. */
export function selectorsHaveHosts({ sites }: Subject): Finding[] {
  return sites.flatMap((site) => {
    const rules = tunnelRulesOf(site)
    const own = [...site.subnets, ...site.otherNetworks].map(rangeOf)
    return site.gateway.policy.tunnels.flatMap((tunnel) =>
      tunnel.selectors.flatMap((selector) => {
        const box = boxOf(rangeOf(selector.local), rangeOf(selector.remote))
        const behind = rules.translations.meeting(box).map((met) => met.box)
        const real = own.map((source) => boxOf(source, rangeOf(selector.remote)))
        const handedOn = rules.selectors
          .meeting(boxOf(rangeOf(selector.remote), rangeOf(selector.local)))
          .filter(({ value }) => value.tunnel !== tunnel)
          .map((met) => boxOf(met.box.destination, met.box.source))
        const [left] = selector.local.length === 0 ? [] : subtractAll(box, [...real, ...behind, ...handedOn])
        if (!left) return []
        return findingOf('SELECTOR_UNBACKED', placeAt(site, selector), {
          message: `${site.name} carries ${rangeText(left.source)} ↔ ${rangeText(left.destination)}, but nothing shows what is behind ${rangeText(left.source)} there: no network and no NAT rule`,
          hint: `add NAT rules for ${rangeText(left.source)} and ${rangeText(left.destination)}, or narrow the selector`,
        })
      }),
    )
  })
}

/**
 * Rules stand on the interface where packets of the tunnel pass: the outside one, or the virtual one of the selector. One that is there
 * again for another interface, a second line or a group, is no slip.
 */
export function rulesAreOnTheRightInterface({ sites }: Subject): Finding[] {
  const placed = rulesOf(sites).flatMap((one) => {
    const { site, rule, rules } = one
    if (rule.interface === undefined || rule.action.kind === 'masquerade' || !isForTunnel(rule, rules)) return []
    const wanted = wantedInterfaces(site, rule, rules)
    const isRight = wanted.length === 0 || wanted.some((name) => isAskedOn(rule, name))
    return [{ ...one, wanted, isRight, what: `${site.name} ${effectOf(rule)}` }]
  })
  const right = new Set(placed.flatMap(({ isRight, what }) => (isRight ? [what] : [])))
  return placed
    .filter(({ what }) => !right.has(what))
    .map(({ site, rule, wanted }) =>
      findingOf('NAT_INTERFACE_WRONG', placeAt(site, rule), {
        message: `${ruleName(rule)} of ${site.name} is for ${rule.interface}, but packets of the tunnel pass ${wanted.join(' or ')}`,
        hint: `name ${wanted[0]} in the rule`,
      }),
    )
}

/** What a rule does to which packets, wherever it is asked. */
function effectOf({ direction, protocol, ports, source, destination, action }: NatRule): string {
  return JSON.stringify({ direction, protocol, ports, source, destination, action })
}

function wantedInterfaces({ gateway }: TracedSite, rule: NatRule, rules: TunnelRules): string[] {
  const carrying = selectorsOf(rule, rules).flatMap(({ selector }) => selector.interface ?? [])
  if (carrying.length > 0) return [...new Set(carrying)]
  return gateway.outside.interface === undefined ? [] : [gateway.outside.interface]
}

function rulesOf(sites: readonly TracedSite[]) {
  return sites.flatMap((site) => {
    const rules = tunnelRulesOf(site)
    return site.gateway.policy.nat.map((rule) => ({ site, rule, rules }))
  })
}
