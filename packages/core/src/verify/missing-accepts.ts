import type { RuleSet } from '../device/device.ts'
import type { World } from '../world/world.ts'
import { type Accept, acceptsOf, acceptText, withAccepts } from './accepts.ts'
import { follow } from './follow.ts'
import { flowsOfSelectors, type IntendedFlow } from './intended-flows.ts'

/** Behind one filter there may be another; no gateway has more in a row that drop the same packet. */
const mostRounds = 12

/**
 * Which rules are missing in the filters of a world, so that they let everything pass that is meant to arrive. What is dropped is accepted
 * in thought and followed again, until no filter drops anything. `flows`: the same in the world that is given then.
 */
export function missingAccepts(
  world: World,
  {
    flowsOf = flowsOfSelectors,
    mostClasses = 50_000,
  }: {
    readonly flowsOf?: (world: World) => readonly IntendedFlow[]
    readonly mostClasses?: number
  } = {},
): readonly Accept[] {
  const found = new Map<RuleSet, Map<string, Accept>>()
  let opened = world
  for (let round = 0; round < mostRounds; round++) {
    const { failing } = follow({ world: opened, flows: flowsOf(opened) }, mostClasses)
    const drops = failing.flatMap(({ found: { trace } }) => trace.drop ?? [])
    const added = drops.flatMap((drop) => acceptsOf(drop, opened)).filter((accept) => isNew(found, accept))
    if (added.length === 0) break
    opened = withAccepts(world, allOf(found))
  }
  return allOf(found)
}

function allOf(found: ReadonlyMap<RuleSet, ReadonlyMap<string, Accept>>): Accept[] {
  return [...found.values()].flatMap((accepts) => [...accepts.values()])
}

/** Files an accept, and reports whether it was not there, or only behind the rule that it must come before. */
function isNew(found: Map<RuleSet, Map<string, Accept>>, accept: Accept): boolean {
  const accepts = found.get(accept.set) ?? new Map<string, Accept>()
  found.set(accept.set, accepts)
  const text = acceptText(accept)
  const known = accepts.get(text)
  if (known && placeOf(known) <= placeOf(accept)) return false
  accepts.set(text, accept)
  return true
}

function placeOf({ set, before }: Accept): number {
  return before ? set.rules.indexOf(before) : set.rules.length
}
