import { halfOf, pick, type Random } from '../lab/mutations.ts'
import { accept, drop } from './filter-styles.ts'
import type { Condition, FilterChain, FilterRule, Filters } from './network.ts'

type Alteration = (chain: FilterChain, random: Random) => FilterChain | undefined

function onOne(chain: FilterChain, random: Random, change: (one: FilterRule) => readonly FilterRule[]): FilterChain {
  if (chain.rules.length === 0) return chain
  const chosen = pick(random, chain.rules)
  return { ...chain, rules: chain.rules.flatMap((one) => (one === chosen ? change(one) : [one])) }
}

function onConditions(change: (conditions: readonly Condition[], random: Random) => readonly Condition[]): Alteration {
  return (chain, random) =>
    onOne(chain, random, (one) => [one.kind === 'rule' ? { ...one, conditions: change(one.conditions, random) } : one])
}

const alterations: readonly Alteration[] = [
  (chain, random) => onOne(chain, random, () => []),
  // Two rules in the other order.
  (chain, random) => {
    const at = Math.floor(random() * (chain.rules.length - 1))
    const [one, other] = [chain.rules[at], chain.rules[at + 1]]
    if (!one || !other) return undefined
    return { ...chain, rules: chain.rules.map((each, index) => (index === at ? other : index === at + 1 ? one : each)) }
  },
  (chain) =>
    chain.base && { ...chain, base: { ...chain.base, policy: chain.base.policy === 'drop' ? 'accept' : 'drop' } },
  onConditions((conditions, random) =>
    conditions.map((one) =>
      'prefixes' in one ? { ...one, prefixes: one.prefixes.map((each) => halfOf(each, random)) } : one,
    ),
  ),
  onConditions((conditions, random) =>
    conditions.some(({ kind }) => kind === 'state')
      ? conditions.filter(({ kind }) => kind !== 'state')
      : [{ kind: 'state', states: [pick(random, ['new', 'established'] as const)] }, ...conditions],
  ),
  onConditions((conditions) =>
    conditions.map((one) => ('prefixes' in one ? { ...one, isNegated: one.isNegated !== true } : one)),
  ),
  (chain, random) =>
    onOne(chain, random, (one) => {
      if (one.kind !== 'rule' || 'chain' in one.verdict) return [one]
      return [{ ...one, verdict: one.verdict.kind === 'accept' ? drop : accept }]
    }),
]

/** One chain in another form, in half of all cases. */
export function altered(filters: Filters, random: Random): Filters {
  if (filters.chains.length === 0 || random() < 0.5) return filters
  const chosen = pick(random, filters.chains)
  const changed = pick(random, alterations)(chosen, random)
  return changed ? { ...filters, chains: filters.chains.map((chain) => (chain === chosen ? changed : chain)) } : filters
}
