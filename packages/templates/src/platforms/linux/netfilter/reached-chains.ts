import type { Chain, ChainRule, ChainTable } from './chain.ts'

/** A chain and all that its rules lead to. */
export function reachedChains(chain: Chain, { chains }: ChainTable): Chain[] {
  const reached = new Set([chain])
  for (const one of reached) {
    for (const rule of one.rules) {
      const next = 'chain' in rule.verdict ? chains.get(rule.verdict.chain) : undefined
      if (next) reached.add(next)
    }
  }
  return [...reached]
}

/** A table with the chains only that lead to some rule, and without the calls of others. */
export function leadingTo(table: ChainTable, isWanted: (rule: ChainRule) => boolean): ChainTable {
  const callers = new Map<string, string[]>()
  const leading = new Set<string>()
  for (const { name, rules } of table.chains.values()) {
    for (const rule of rules) {
      if (isWanted(rule)) leading.add(name)
      if ('chain' in rule.verdict) callers.set(rule.verdict.chain, [...(callers.get(rule.verdict.chain) ?? []), name])
    }
  }
  for (const name of leading) for (const caller of callers.get(name) ?? []) leading.add(caller)
  const kept = [...table.chains].flatMap(([name, chain]): [string, Chain][] => {
    const rules = chain.rules.filter(({ verdict }) => !('chain' in verdict) || leading.has(verdict.chain))
    return leading.has(name) ? [[name, { ...chain, rules }]] : []
  })
  return { ...table, chains: new Map(kept) }
}
