import type { DeviceInterface, DeviceRule, RuleList, RuleSet } from '@natplan/core'
import { SeenInterfaces } from '../../../seen-interfaces.ts'

/**
 * Filters by the names under which they see what comes in by an interface of a VRF: that of the VRF, before routing first the interface's
 * own and then that of the VRF, so that such a list is asked twice. NAT is decided under the first.
 */
export function underVrfNames(lists: readonly RuleList[], interfaces: readonly DeviceInterface[]): RuleList[] {
  if (interfaces.every(({ vrf }) => vrf === undefined)) return [...lists]
  const seen = new SeenInterfaces({ interfaces })
  const made = new Map<RuleSet, RuleSet>()
  return lists.flatMap((list) => {
    if (list.kind !== 'filter') return [list]
    const again = { ...list, ...renamed(list, seen, made) }
    return list.hook === 'prerouting' ? [list, again] : [again]
  })
}

function renamed(set: RuleSet, seen: SeenInterfaces, made: Map<RuleSet, RuleSet>): RuleSet {
  const known = made.get(set)
  if (known) return known
  const result = { ...set, rules: set.rules.map((rule) => renamedRule(rule, seen, made)) }
  made.set(set, result)
  return result
}

function renamedRule(rule: DeviceRule, seen: SeenInterfaces, made: Map<RuleSet, RuleSet>): DeviceRule {
  const { match, action } = rule
  return {
    ...rule,
    ...(match.in ? { match: { ...match, in: seen.meant(match.in, false) } } : {}),
    ...(action.kind === 'jump' ? { action: { ...action, to: renamed(action.to, seen, made) } } : {}),
  }
}
