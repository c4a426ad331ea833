import type { DeviceRule, RuleSet } from '@natplan/core'

const known = new WeakMap<RuleSet, boolean>()

/** Reports whether some packet may be dropped by a set or by one that it calls. */
export function canDrop(set: RuleSet): boolean {
  const found = known.get(set)
  if (found !== undefined) return found
  const made = set.fallback === 'drop' || set.fallback === 'reject' || set.rules.some(canRuleDrop)
  known.set(set, made)
  return made
}

function canRuleDrop({ action, doubt }: DeviceRule): boolean {
  if (doubt !== undefined || action.kind === 'unknown') return true
  return action.kind === 'jump' ? canDrop(action.to) : action.kind === 'drop' || action.kind === 'reject'
}
