import { type Bits, offsetBy } from '../address/bits.ts'
import { Prefix } from '../address/prefix.ts'
import type { NatRule, Selector } from '../policy/gateway-policy.ts'
import { rangeOf } from '../trace/condition.ts'
import { boxOf } from './box.ts'
import { BoxIndex } from './box-index.ts'
import { boxesOf, selectorBox } from './rule-boxes.ts'

/** A rule that maps a prefix to another: source rules the real one to the translated one, destination rules the other way. */
export interface Translation {
  readonly rule: NatRule
  readonly real: Prefix
  readonly translated: Prefix
}

export function translationOf(rule: NatRule): Translation | undefined {
  const match = rule.direction === 'source' ? rule.source : rule.destination
  if (rule.action.kind !== 'map' || match?.kind !== 'prefix' || match.negated) return undefined
  const { to } = rule.action
  return rule.direction === 'source'
    ? { rule, real: match.prefix, translated: to }
    : { rule, real: to, translated: match.prefix }
}

/** Translations by what they look like from the tunnel: translated prefix and far side, as selectors have it. */
export type TranslationIndex = BoxIndex<Translation>

export function indexTranslations(nat: readonly NatRule[]): TranslationIndex {
  const translations = nat.flatMap((rule) => translationOf(rule) ?? [])
  return new BoxIndex(
    translations.flatMap((value) =>
      farRanges(value.rule).map((far) => ({ box: boxOf(rangeOf(value.translated), far), value })),
    ),
  )
}

/** The addresses of peers that a rule is for. */
export function farRanges(rule: NatRule) {
  return boxesOf(rule).map((box) => (rule.direction === 'source' ? box.destination : box.source))
}

/** The translations that concern what a selector carries. */
export function translationsFor(selector: Selector, index: TranslationIndex): Translation[] {
  return [...new Set(index.meeting(selectorBox(selector)).map(({ value }) => value))]
}

/**
 * The real prefixes behind the local prefix of a selector, as the NAT rules tell: what source rules turn into it, and what destination
 * rules make of it. Empty when no rule says anything.
 */
export function realPrefixesBehind({ local }: Selector, translations: readonly Translation[]): Prefix[] {
  return outermost(
    translations.map(({ real, translated }) => {
      if (real.length !== translated.length || local.contains(translated)) return real
      return Prefix.fromBits(offsetBy(real.bits, distance(translated.bits, local.bits)), local.length)
    }),
  )
}

/** What must be added to one address to get another of the same family. */
export function distance(from: Bits, to: Bits): Bits {
  return offsetBy(to, -from as Bits)
}

/** Each prefix once, without those inside another. */
export function outermost(prefixes: Iterable<Prefix>): Prefix[] {
  const kept: Prefix[] = []
  for (const prefix of [...prefixes].sort(Prefix.compare)) {
    if (!kept.at(-1)?.contains(prefix)) kept.push(prefix)
  }
  return kept
}
