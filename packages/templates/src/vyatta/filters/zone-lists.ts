import type { RuleList } from '@natplan/core'
import type { NamedSets } from './named-sets.ts'
import { callOf, statePolicyOf } from './state-policy.ts'
import { zoneRules } from './zones.ts'

/** Behind the other filters of a hook (nftables-zone.j2). */
const priority = 1

/** The zones of VyOS 1.4 and later, whose chains are there as soon as there is a zone. */
export function zoneLists(sets: NamedSets): RuleList[] {
  const { reading, family } = sets
  const tree = reading.root.at('firewall', 'zone')
  if (!tree || tree.isEmpty) return []
  const policed = callOf(statePolicyOf(reading))
  const rules = zoneRules(tree, sets)
  return (['forward', 'input', 'output'] as const).map((hook) => ({
    name: `firewall zone (${hook})`,
    rules: [...policed, ...rules[hook]],
    fallback: 'accept',
    hook,
    priority,
    kind: 'filter',
    family,
    line: tree.line,
  }))
}
