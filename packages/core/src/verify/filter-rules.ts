import type { DeviceRule, RuleAction, RuleSet } from '../device/device.ts'
import type { WorldSite } from '../world/world.ts'

/** A rule in a sentence: by the device's number, or by its line where there are none. */
export function filterRuleName({ number, line }: DeviceRule, set: RuleSet): string {
  if (number !== undefined) return `rule ${number} of ${set.name}`
  return line === undefined ? `a rule of ${set.name}` : `the rule of ${set.name} in line ${line}`
}

/** Whether nothing about a rule is open but whether it takes a packet. */
export function isPlain({ action, doubt }: DeviceRule): boolean {
  return doubt === undefined && action.kind !== 'unknown'
}

/** Filters that packets of tunnels meet on their way through a gateway. */
export function isOnTheWay({ kind, hook }: WorldSite['device']['lists'][number]): boolean {
  return kind === 'filter' && hook !== 'input' && hook !== 'output'
}

/** The sets that packets of these families meet, those that others call included, each with the families of all who call it. */
export function setsOf(site: WorldSite): Map<RuleSet, Set<4 | 6>> {
  const found = new Map<RuleSet, Set<4 | 6>>()
  const add = (set: RuleSet, families: readonly (4 | 6)[]) => {
    const known = found.get(set) ?? new Set()
    if (families.every((family) => known.has(family))) return
    for (const family of families) known.add(family)
    found.set(set, known)
    for (const { action } of set.rules) if (action.kind === 'jump') add(action.to, families)
  }
  for (const list of site.device.lists) {
    if (isOnTheWay(list)) add(list, list.family === undefined ? [4, 6] : [list.family])
  }
  return found
}

/** Whether packets may come back out of a set to the rules behind its call. */
export function comesBack(set: RuleSet): boolean {
  for (const rule of set.rules) {
    const { action, match } = rule
    if (!isPlain(rule) || action.kind === 'return') return true
    if (action.kind === 'jump') {
      if (action.isFinal && comesBack(action.to)) return true
      continue
    }
    if (Object.values(match).every((asked) => asked === undefined)) return false
  }
  return set.fallback === 'return'
}

const deeds: Readonly<Partial<Record<RuleAction['kind'], string>>> = {
  accept: 'accepts',
  drop: 'drops',
  reject: 'rejects',
  return: 'leaves to the caller',
}

/** What a rule does with what it takes, in a sentence. */
export function deedOf({ kind }: RuleAction): string {
  return deeds[kind] ?? 'takes'
}
