import { outermost } from '../address/outermost.ts'
import type { Prefix } from '../address/prefix.ts'
import { PrefixSet } from '../address/prefix-set.ts'
import type { TunnelChild } from '../device/device.ts'
import { type Box, boxOf } from '../match/box.ts'
import { prefixOf } from '../match/prefix-of.ts'
import { RangeSet } from '../match/range-set.ts'
import { realOf, routedInto } from '../world/behind.ts'
import { BoxIndex } from './box-index.ts'
import { everyAddresses, isAskedOn, isCertain, type NatRule } from './nat-rules.ts'
import { prefixesOf } from './shown.ts'

/** A rule that maps a prefix to another: source rules the real one to the translated one, destination rules the other way. */
export interface Translation {
  readonly rule: NatRule
  readonly real: Prefix
  readonly translated: Prefix
}

const known = new WeakMap<NatRule, Translation | 'none'>()

export function translationOf(rule: NatRule): Translation | undefined {
  const found = known.get(rule) ?? findTranslation(rule) ?? 'none'
  known.set(rule, found)
  return found === 'none' ? undefined : found
}

function findTranslation(rule: NatRule): Translation | undefined {
  const { action, match } = rule.rule
  if (action.kind !== 'map' || !isCertain(rule)) return undefined
  const prefix = prefixOf(rule.side === 'source' ? match.source : match.destination)
  if (!prefix) return undefined
  const { to } = action
  return rule.side === 'source' ? { rule, real: prefix, translated: to } : { rule, real: to, translated: prefix }
}

/** Translations by what they look like from the tunnel: translated prefix and far side, as selectors have it. */
export type TranslationIndex = BoxIndex<Translation>

export function indexTranslations(rules: readonly NatRule[]): TranslationIndex {
  return new BoxIndex(
    rules.flatMap((rule) => {
      const value = translationOf(rule)
      return value ? [{ box: boxOf(RangeSet.ofPrefixes([value.translated]), farOf(rule)), value }] : []
    }),
  )
}

/** The addresses of peers that a rule is for. */
export function farOf({ side, rule: { match, action }, boxes }: NatRule): RangeSet {
  const far = side === 'source' ? match.destination : match.source
  if (far) return far
  const family = action.kind === 'map' ? action.to.family : boxes[0]?.source.meets(everyIpv6) ? 6 : 4
  return everyAddresses[family]
}

const everyIpv6 = { first: 0n, last: (1n << 128n) - 1n }

/**
 * Reports whether a rule names the peers that it is for, rather than any address or all but some: a set that holds the first or the last
 * address there is was not written as one.
 */
export function namesPeers(rule: NatRule): boolean {
  const far = rule.side === 'source' ? rule.rule.match.destination : rule.rule.match.source
  return far !== undefined && namesAddresses(far)
}

export function namesAddresses(set: RangeSet): boolean {
  return !edges.some((edge) => set.has(edge))
}

const edges = [0, 2 ** 32 - 1, 0n, (1n << 128n) - 1n]

/** What a child carries, seen from its own gateway after NAT. */
export function childBox({ local, remote, only }: TunnelChild): Box {
  return { ...boxOf(RangeSet.ofPrefixes([local]), RangeSet.ofPrefixes([remote])), ...only }
}

/** The translations that concern what a child carries. */
export function translationsFor(child: TunnelChild, index: TranslationIndex): Translation[] {
  const name = routedInto(child)
  const found = index.meeting(childBox(child)).map(({ value }) => value)
  return [...new Set(found.filter(({ rule }) => isAskedOn(rule, name)))]
}

/**
 * The real prefixes behind the local prefix of a child, as the NAT rules tell: what source rules turn into it, and what destination rules
 * make of it. Empty when no rule says anything.
 */
export function realPrefixesBehind(child: TunnelChild, translations: readonly Translation[]): Prefix[] {
  return outermost(translations.map((translation) => realOf(child, translation)))
}

/** What is left of a prefix without some addresses. */
export function withoutSet(prefix: Prefix, minus: RangeSet): Prefix[] {
  const whole = RangeSet.ofPrefixes([prefix])
  if (!whole.overlaps(minus)) return [prefix]
  return PrefixSet.of(prefixesOf(whole.subtract(minus))).prefixes()
}
