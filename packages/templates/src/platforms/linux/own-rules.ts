import { type Device, type DeviceRule, ownDescription, type RuleSet } from '@natplan/core'

/** natplan's rules in chains of nftables that others made, by family, table and chain. */
export function ownRules({ lists }: Device): Map<string, DeviceRule[]> {
  const found = new Map<string, DeviceRule[]>()
  const seen = new Set<RuleSet>()
  const visit = (set: RuleSet): void => {
    if (seen.has(set)) return
    seen.add(set)
    const path = set.written?.path ?? []
    const own = set.rules.filter(({ description }) => description?.startsWith(ownDescription))
    if (own.length > 0 && !(path[0]?.endsWith('tables') ?? true)) found.set(path.join(' '), own)
    for (const { action } of set.rules) if (action.kind === 'jump') visit(action.to)
  }
  for (const list of lists) if (list.kind === 'filter') visit(list)
  return found
}
