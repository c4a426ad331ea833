import { abilities } from './abilities.ts'
import type { GatewayPolicy, NatRule, Selector } from './gateway-policy.ts'

/** The NAT rules of what a selector carries: of its own pair, and of all that looks the same in the tunnel. */
export interface SelectorRules {
  readonly sources: readonly NatRule[]
  readonly destinations: readonly NatRule[]
}

type RulesOf = (selector: Selector) => SelectorRules

const known = new WeakMap<GatewayPolicy['nat'], RulesOf>()

/** Finds the rules of selectors by their numbers. IPv6 has none. */
export function selectorRules(policy: Pick<GatewayPolicy, 'nat' | 'platform'>): RulesOf {
  const made = known.get(policy.nat) ?? indexRules(policy)
  known.set(policy.nat, made)
  return made
}

function indexRules({ nat, platform }: Pick<GatewayPolicy, 'nat' | 'platform'>): RulesOf {
  const { sourceOffset } = abilities[platform].numbers
  const byNumber = (direction: NatRule['direction']) =>
    new Map(nat.filter((rule) => rule.direction === direction).map((rule) => [rule.number, rule]))
  const [sources, destinations] = [byNumber('source'), byNumber('destination')]
  return ({ number, also = [], local }) => {
    if (local.family === 6) return { sources: [], destinations: [] }
    const numbers = [number, ...also]
    return {
      sources: numbers.flatMap((one) => sources.get(one + sourceOffset) ?? []),
      destinations: numbers.flatMap((one) => destinations.get(one) ?? []),
    }
  }
}

/** Reports whether a rule gives many hosts few addresses. */
export function hidesHosts({ direction, source, action }: NatRule): boolean {
  if (direction !== 'source') return false
  return action.kind === 'pool' || (action.kind === 'map' && source !== undefined && action.to.length > source.length)
}
