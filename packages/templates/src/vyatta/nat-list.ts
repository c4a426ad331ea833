import type { DeviceRule, RuleList } from '@natplan/core'

export type Direction = 'source' | 'destination'

/** A list at the place in which the kernel asks all of its kind. */
export function natList(name: string, direction: Direction, rules: readonly DeviceRule[]): RuleList {
  const place =
    direction === 'source'
      ? ({ hook: 'postrouting', priority: 100 } as const)
      : ({ hook: 'prerouting', priority: -100 } as const)
  return { name, ...place, kind: `${direction}-nat`, rules, fallback: 'accept', line: rules[0]?.line }
}
