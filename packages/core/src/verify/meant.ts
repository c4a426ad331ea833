import { boxOf } from '../match/box.ts'
import type { WorldSite } from '../world/world.ts'
import type { NatRule } from './nat-rules.ts'
import { farOf, namesAddresses, namesPeers } from './translations.ts'
import { childrenOf, ownAddresses, tunnelRulesOf } from './tunnel-rules.ts'

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
      destination !== undefined && namesAddresses(destination) && rules.carried.meets(boxOf(destination, farOf(rule)))
    )
  }
  if (action.kind !== 'masquerade') return false
  const own = ownAddresses(rule, site)
  return !own.isEmpty && rules.carried.meets(boxOf(own, farOf(rule)))
}
