import { distance } from '../../address/bits.ts'
import type { Finding } from '../../finding.ts'
import { type Box, boxOf, Effort, intersect, subtractAll, subtractFromAll } from '../../match/box.ts'
import type { InterfaceMatch } from '../../match/packet-match.ts'
import { RangeSet } from '../../match/range-set.ts'
import { isNamed } from '../../match/takes.ts'
import { isOwn } from '../../policy/own.ts'
import type { WorldSite } from '../../world/world.ts'
import { manyToOneOf } from '../many-to-one.ts'
import { interfaceOf, isCertain, isWhole, type NatRule, ruleName } from '../nat-rules.ts'
import { openLines } from '../open-lines.ts'
import { boxText, setText } from '../shown.ts'
import { findingAt, type Subject, tooLarge } from '../subject.ts'
import { childBox, farOf, type Translation, translationOf } from '../translations.ts'
import {
  carriedBy,
  carrying,
  isForTunnel,
  rangesTo,
  remotesTowards,
  servedBy,
  type TunnelRules,
  tunnelRulesOf,
} from '../tunnel-rules.ts'

/** Rules for the tunnels map one prefix to another of the same length; what hides hosts on purpose works one way. */
export function translationsAreOneToOne({ sites, isPlanned }: Subject): Finding[] {
  return rulesOf(sites).flatMap(({ site, rule, rules }) => {
    if (!isWhole(rule) || !isCertain(rule)) return []
    const reason = notOneToOne(rule)
    if (reason === undefined) return []
    const about = { rule: ruleName(rule) }
    if (manyToOneOf(site).has(rule.rule)) {
      if (isPlanned && isOwn(rule.rule)) return []
      return findingAt('NAT_ONE_WAY', {
        site,
        at: rule.rule,
        about,
        message: `${ruleName(rule)} of ${site.name} hides many hosts behind few addresses: they reach the peer, and the peer cannot open connections to them`,
        hint: 'if that is intended, there is nothing to do; otherwise translate to a prefix of the same length and give the tunnel a selector for it',
      })
    }
    if (!isForTunnel(rule, rules)) return []
    return findingAt('NAT_NOT_ONE_TO_ONE', {
      site,
      at: rule.rule,
      about,
      message: `${ruleName(rule)} of ${site.name} is not one to one: ${reason}`,
      hint: 'match one prefix and translate it to one of the same length',
    })
  })
}

function notOneToOne({ side, rule: { match, action } }: NatRule): string | undefined {
  if (action.kind === 'masquerade') return 'masquerade gives all hosts one address'
  if (action.kind === 'pool') return 'a pool of addresses gives no host a fixed one'
  if (action.kind !== 'map') return undefined
  const matched = side === 'source' ? match.source : match.destination
  if (matched === undefined) return `it translates to ${action.to} whatever the ${side} address is`
  const size = matched.ranges.length === 1 && matched.ranges[0]
  if (!size) return `its ${side} address is not one prefix`
  const [from, to] = [distance(size.first, size.last), distance(action.to.bits, action.to.lastBits)]
  return from === to ? undefined : `${setText(matched)} and ${action.to} differ in length`
}

/** What source rules make of packets for a peer is what a child takes; what they exempt, too. */
export function translatedIsSelected({ sites }: Subject): Finding[] {
  return bySite(sites, 'the source rules', (site, rules, effort) => {
    if (openLines(site, 'tunnels').length > 0 || site.device.tunnels.some(({ doubt }) => doubt)) return []
    return rules.nat.flatMap((rule) => unselected({ site, rule, rules, effort }))
  })
}

interface AskedRule {
  readonly site: WorldSite
  readonly rule: NatRule
  readonly rules: TunnelRules
  readonly effort: Effort
}

function unselected({ site, rule, rules, effort }: AskedRule): Finding[] {
  const near = nearAfter(rule)
  if (!near || !isWhole(rule) || !isCertain(rule)) return []
  const produced = remotesTowards(rule, rules).map((far) => boxOf(near, far))
  const left = firstLeft(produced, (box) => rules.carried.meeting(box).map((met) => met.box), effort)
  if (left === undefined) return [tooLarge(site, 'the selectors')]
  if (left === 'nothing') return []
  const what = rule.rule.action.kind === 'exempt' ? 'lets through' : 'produces'
  return [
    findingAt('NAT_UNSELECTED', {
      site,
      at: rule.rule,
      about: { rule: ruleName(rule), range: boxText(left) },
      message: `${ruleName(rule)} of ${site.name} ${what} ${boxText(left)}, which no selector takes`,
      hint: 'translate to the local prefix of the selector, or give the tunnel a selector for it',
    }),
  ]
}

/** The first part of some boxes that others do not cover; `undefined` when that is not known. */
function firstLeft(
  boxes: readonly Box[],
  holesOf: (box: Box) => readonly Box[],
  effort: Effort,
): Box | 'nothing' | undefined {
  for (const box of boxes) {
    const left = subtractAll(box, holesOf(box), effort)
    if (!left) return undefined
    if (left[0]) return left[0]
  }
  return 'nothing'
}

/** The source addresses of packets behind a source rule. */
function nearAfter(rule: NatRule): RangeSet | undefined {
  if (rule.side !== 'source') return undefined
  return rule.rule.action.kind === 'exempt' ? rule.rule.match.source : rangesTo(rule)
}

/** What is translated on the way out is translated on the way in, and the other way round. */
export function translationsHaveBothDirections({ sites }: Subject): Finding[] {
  return bySite(sites, 'the NAT rules', (site, rules, effort) => {
    if (openLines(site, 'nat').length > 0) return []
    return rules.nat.flatMap((rule) => {
      const translation = translationOf(rule)
      if (!translation || !isWhole(rule) || manyToOneOf(site).has(rule.rule) || isKept(translation)) return []
      const left = firstLeft(carried(translation, rules), (box) => opposites(translation, box, rules), effort)
      if (left === undefined) return [tooLarge(site, 'the NAT rules')]
      return left === 'nothing' ? [] : [halfOpen(site, translation, left)]
    })
  })
}

/** A rule onto itself only keeps others from the packets: there is nothing to turn back. */
function isKept({ real, translated }: Translation): boolean {
  return real.equals(translated)
}

/** The parts of children that a translation is for. */
function carried({ rule, translated }: Translation, rules: TunnelRules): Box[] {
  const own = boxOf(RangeSet.ofPrefixes([translated]), farOf(rule))
  return carrying(own, rule, rules).flatMap((met) => intersect(own, met.box) ?? [])
}

/** What the rules of the other side do for the same packets; one of which something is not known may do it. */
function opposites({ rule, real, translated }: Translation, box: Box, { translations, uncertain }: TunnelRules): Box[] {
  const certain = translations
    .meeting(box)
    .filter(
      ({ value: other }) =>
        other.rule.side !== rule.side &&
        isWhole(other.rule) &&
        other.real.length === other.translated.length &&
        distance(other.real.bits, other.translated.bits) === distance(real.bits, translated.bits),
    )
    .map((met) => met.box)
  const mayHelp = uncertain.some((other) => other.side !== rule.side && mayMeet(other, box))
  return mayHelp ? [box] : certain
}

/** Whether an uncertain rule could be about the packets of a child: as they are on the far side of the gateway. */
function mayMeet(rule: NatRule, { source: near, destination: far }: Box): boolean {
  const turned = rule.side === 'source' ? undefined : near
  return farOf(rule).overlaps(far) && (turned === undefined || (rule.rule.match.destination?.overlaps(turned) ?? true))
}

function halfOpen(site: WorldSite, { rule, real, translated }: Translation, left: Box): Finding {
  const { name } = site
  const [near, far] = [setText(left.source), setText(left.destination)]
  const isSource = rule.side === 'source'
  return findingAt('NAT_HALF', {
    site,
    at: rule.rule,
    about: { rule: ruleName(rule), range: `${near} ↔ ${far}` },
    message: isSource
      ? `${ruleName(rule)} of ${name} turns ${real} into ${translated}, but no destination rule turns ${near} back for packets of ${far}: the peer cannot open connections`
      : `${ruleName(rule)} of ${name} turns ${translated} into ${real}, but no source rule turns it into ${near} towards ${far}: ${name} cannot open connections`,
    hint: isSource
      ? `add a destination rule: source ${far}, destination ${near}, translation to its real prefix`
      : `add a source rule: source its real prefix, destination ${far}, translation ${near}`,
  })
}

/** Behind every address that a child carries there is something: a subnet, a rule that leads to one, or the peer of another tunnel. */
export function selectorsHaveHosts({ sites, isPlanned }: Subject): Finding[] {
  return bySite(sites, 'the selectors', (site, rules, effort) => {
    if (openLines(site, 'nat').length > 0 || openLines(site, 'routes').length > 0) return []
    const own = RangeSet.ofPrefixes([...site.subnets, ...site.otherNetworks])
    return carriedBy(site).flatMap(({ tunnel, child }) => {
      if (child.local.length === 0) return []
      const box = childBox(child)
      const [near, far] = [RangeSet.ofPrefixes([child.local]), RangeSet.ofPrefixes([child.remote])]
      const behind = rules.translations.meeting(box).map((met) => met.box)
      const hidden = [...manyToOneOf(site)].map(([{ match }, made]) => boxOf(made, match.destination ?? far))
      const handedOn = rules.carried
        .meeting(boxOf(far, near))
        .filter(({ value }) => value.tunnel !== tunnel)
        .map((met) => boxOf(met.box.destination, met.box.source))
      // A plan that sums up what is handed on means all of it, also what nobody has yet.
      if (isPlanned && handedOn.length > 1) return []
      const left = subtractFromAll([box], [boxOf(own, far), ...behind, ...hidden, ...handedOn], effort)
      if (!left) return [tooLarge(site, 'the selectors')]
      const [first] = left
      if (!first || rules.uncertain.some((rule) => mayMeet(rule, first))) return []
      const [here, there] = [setText(first.source), setText(first.destination)]
      return findingAt('SELECTOR_UNBACKED', {
        site,
        at: child,
        about: { peer: tunnel.name, tunnel: tunnel.name, selector: `${child.local} ↔ ${child.remote}`, range: here },
        message: `${site.name} carries ${here} ↔ ${there}, but nothing shows what is behind ${here} there: no network and no NAT rule`,
        hint: `add NAT rules for ${here} and ${there}, or narrow the selector`,
      })
    })
  })
}

/**
 * Rules stand on the interface where packets of the tunnel pass: an uplink, or the virtual one of the child. One that is there again for
 * another interface, a second line or a group, is no slip.
 */
export function rulesAreOnTheRightInterface({ sites }: Subject): Finding[] {
  return sites.flatMap((site) => {
    const rules = tunnelRulesOf(site)
    const placed = rules.nat.flatMap((rule) => placedRule(site, rule, rules) ?? [])
    const wrong = placed.filter(({ isRight }) => !isRight)
    if (wrong.length === 0) return []
    const right = new Set(placed.filter(({ isRight }) => isRight).map(({ rule }) => effectOf(rule)))
    return wrong.filter(({ rule }) => !right.has(effectOf(rule))).map((one) => onWrongInterface(site, one))
  })
}

interface PlacedRule {
  readonly rule: NatRule
  readonly asked: InterfaceMatch
  readonly wanted: readonly string[]
  readonly isRight: boolean
}

function placedRule(site: WorldSite, rule: NatRule, rules: TunnelRules): PlacedRule | undefined {
  const asked = interfaceOf(rule)
  if (!asked || rule.rule.action.kind === 'masquerade' || !isCertain(rule) || !isForTunnel(rule, rules))
    return undefined
  if (servedBy(rule, rules).some(({ tunnel }) => tunnel.doubt)) return undefined
  const wanted = wantedInterfaces(site, rule, rules)
  // An exemption from the masquerade of an uplink says nothing about packets that do not leave there.
  if (rule.rule.action.kind === 'exempt' && !wanted.some((name) => site.sides.uplinks.includes(name))) return undefined
  const isAskedOn = (name: string) => asked.names.some((written) => isNamed(written, name)) !== asked.negated
  return { rule, asked, wanted, isRight: wanted.length === 0 || wanted.some(isAskedOn) }
}

function onWrongInterface(site: WorldSite, { rule, asked, wanted }: PlacedRule): Finding {
  const names = `${asked.negated ? 'all but ' : ''}${asked.names.join(' and ')}`
  return findingAt('NAT_INTERFACE_WRONG', {
    site,
    at: rule.rule,
    about: { rule: ruleName(rule) },
    message: `${ruleName(rule)} of ${site.name} is for ${names}, but packets of the tunnel pass ${wanted.join(' or ')}`,
    hint: `name ${wanted[0]} in the rule`,
  })
}

/** What a rule does to which packets, wherever it is asked. */
function effectOf({ side, boxes, rule: { action } }: NatRule): string {
  const numbers = boxes.map((box) =>
    Object.values(box).map(({ ranges }) => ranges.map(({ first, last }) => `${first}-${last}`)),
  )
  return JSON.stringify({ side, numbers, action })
}

function wantedInterfaces({ sides }: WorldSite, rule: NatRule, rules: TunnelRules): readonly string[] {
  const carrying = servedBy(rule, rules).flatMap(({ child: { through } }) => through?.interface ?? sides.uplinks)
  return carrying.length > 0 ? [...new Set(carrying)] : sides.uplinks
}

function rulesOf(sites: readonly WorldSite[]) {
  return sites.flatMap((site) => {
    const rules = tunnelRulesOf(site)
    return rules.nat.map((rule) => ({ site, rule, rules }))
  })
}

/** Findings of each site, of which at most one says that its look took too much effort. */
function bySite(
  sites: readonly WorldSite[],
  what: string,
  look: (site: WorldSite, rules: TunnelRules, effort: Effort) => readonly Finding[],
): Finding[] {
  return sites.flatMap((site) => {
    const findings = look(site, tunnelRulesOf(site), new Effort())
    const known = findings.filter(({ code }) => code !== 'PROOF_BOUNDED')
    return known.length === findings.length ? known : [...known, tooLarge(site, what)]
  })
}
