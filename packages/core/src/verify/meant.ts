import { boxOf } from '../match/box.ts'
import type { WorldSite } from '../world/world.ts'
import type { NatRule } from './nat-rules.ts'
import { farOf, namesAddresses, namesPeers } from './translations.ts'
import { carrying, childrenOf, ownAddresses, tunnelRulesOf } from './tunnel-rules.ts'

/**
 * Reports whether a rule that translates packets of a tunnel was written for them: it names the peer's addresses, or the addresses that a
 * child carries. A port forward of the internet and a masquerade of everything were not: they happen to be in the way.
 */
export function isMeant(rule: NatRule, site: WorldSite): boolean {
  const rules = tunnelRulesOf(site)
  if (namesPeers(rule) || childrenOf(rule, rules).length > 0) return true
  const { action, match } = rule.rule
  if (rule.side === 'destination') {
    const { destination } = match
    return (
      destination !== undefined &&
      namesAddresses(destination) &&
      carrying(boxOf(destination, farOf(rule)), rule, rules).length > 0
    )
  }
  if (action.kind !== 'masquerade') return false
  const own = ownAddresses(rule, site)
  return !own.isEmpty && carrying(boxOf(own, farOf(rule)), rule, rules).length > 0
}
