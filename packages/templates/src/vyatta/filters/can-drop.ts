import type { DeviceRule, RuleSet } from '@natplan/core'

/** Reports whether some packet may be dropped by a set or by one that it calls. */
export function canDrop({ fallback, rules }: RuleSet): boolean {
  return fallback === 'drop' || fallback === 'reject' || rules.some(canRuleDrop)
}

function canRuleDrop({ action, doubt }: DeviceRule): boolean {
  if (doubt !== undefined || action.kind === 'unknown') return true
  return action.kind === 'jump' ? canDrop(action.to) : action.kind === 'drop' || action.kind === 'reject'
}
