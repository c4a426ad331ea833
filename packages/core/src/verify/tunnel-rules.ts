import type { NatRule, Selector } from '../policy/gateway-policy.ts'
import type { ParsedTunnel } from '../policy/parsed-policy.ts'
import { rangeOf } from '../trace/condition.ts'
import { meetsPassage } from '../trace/match-rule.ts'
import type { Range } from '../match/range.ts'
import type { TracedSite } from '../trace/world.ts'
import { type Box, boxOf } from './box.ts'
import { BoxIndex } from './box-index.ts'
import { everyAddress, selectorBox } from './rule-boxes.ts'
import { farRanges, indexTranslations, type TranslationIndex, translationOf } from './translations.ts'

export interface TunnelSelector {
  readonly tunnel: ParsedTunnel
  readonly selector: Selector
}

/** The NAT rules of a gateway, seen from its tunnels. */
export interface TunnelRules {
  readonly selectors: BoxIndex<TunnelSelector>
  readonly translations: TranslationIndex
}

const known = new WeakMap<TracedSite, TunnelRules>()

export function tunnelRulesOf(site: TracedSite): TunnelRules {
  const found = known.get(site)
  if (found) return found
  const { tunnels, nat } = site.gateway.policy
  const selectors = tunnels.flatMap((tunnel) =>
    tunnel.selectors.map((selector) => ({ box: selectorBox(selector), value: { tunnel, selector } })),
  )
  const made = { selectors: new BoxIndex(selectors), translations: indexTranslations(nat) }
  known.set(site, made)
  return made
}

/** The selectors that carry what a rule translates, as the tunnel sees it. */
export function selectorsOf(rule: NatRule, { selectors }: TunnelRules): TunnelSelector[] {
  const translation = translationOf(rule)
  if (!translation) return []
  const near = rangeOf(translation.translated)
  const met = farRanges(rule).flatMap((far) => selectors.meeting(boxOf(near, far)))
  return [...new Set(met.map(({ value }) => value))]
}

/**
 * The parts of selectors towards the peers that a rule names, whatever their local side; none for a rule that is for any address, or
 * for all but some.
 */
export function towardsPeers(rule: NatRule, { selectors }: TunnelRules): Box[] {
  const far = rule.direction === 'source' ? rule.destination : rule.source
  if (far?.negated) return []
  return farRanges(rule)
    .filter((range) => !isEverything(range))
    .flatMap((range) => selectors.meeting(boxOf(everyAddress(typeof range.first === 'number' ? 4 : 6), range)))
    .map(({ box }) => box)
}

/** Reports whether a rule is there for a tunnel: it names a peer's addresses, or what it translates is what a selector carries. */
export function isForTunnel(rule: NatRule, rules: TunnelRules): boolean {
  return towardsPeers(rule, rules).length > 0 || selectorsOf(rule, rules).length > 0
}

/** Reports whether a rule holds for all protocols and ports: others are for single services. */
export function isWhole({ protocol, ports }: NatRule): boolean {
  return (protocol === undefined || protocol === 'all') && ports === undefined
}

function isEverything({ first, last }: Range): boolean {
  const all = everyAddress(typeof first === 'number' ? 4 : 6)
  return first === all.first && last === all.last
}

/** Reports whether two rules can be asked about the same interface. */
export function shareInterface(one: NatRule, other: NatRule): boolean {
  if (one.interface === undefined || other.interface === undefined) return true
  return isAskedOn(one, other.interface) || isAskedOn(other, one.interface)
}

/** Reports whether a rule is asked wherever another one is. */
export function isAskedWith(rule: NatRule, other: NatRule): boolean {
  if (rule.interface === undefined || rule.interface === other.interface) return true
  return other.interface !== undefined && isAskedOn(rule, other.interface)
}

/** Reports whether a rule is asked about packets on an interface. */
export function isAskedOn({ interface: written }: NatRule, name: string): boolean {
  return meetsPassage(written, { interface: name, not: undefined })
}

/** `source rule 10`, as people call it. */
export function ruleName({ direction, number }: NatRule): string {
  return `${direction} rule ${number}`
}
