import type { DeviceRule, RuleSet } from '../device/device.ts'
import type { World } from '../world/world.ts'
import { type Accept, acceptsOf, acceptText, movedToCaller, numbersLeft, withAccepts } from './accepts.ts'
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
  const found: Found = new Map()
  let opened = world
  for (let round = 0; round < mostRounds; round++) {
    const { failing } = follow({ world: opened, flows: flowsOf(opened) }, mostClasses)
    const drops = failing.flatMap(({ found: { trace } }) => trace.drop ?? [])
    const added = drops
      .flatMap((drop) => acceptsOf(drop, opened))
      .flatMap((accept) => {
        // One after the other: each takes a number from those behind it.
        const one = placed(accept, found)
        return isNew(found, one) ? [one] : []
      })
    if (added.length === 0) break
    opened = withAccepts(world, allOf(found))
  }
  return allOf(found)
}

function allOf(found: ReadonlyMap<RuleSet, ReadonlyMap<string, Accept>>): Accept[] {
  return [...found.values()].flatMap((accepts) => [...accepts.values()])
}

type Found = Map<RuleSet, Map<string, Accept>>

/** Where a set has no number left in front of the rule that drops, what calls it can accept before; else it is for somebody to make room. */
function placed(accept: Accept, found: Found): Accept {
  const known = found.get(accept.set)
  const same = known?.get(acceptText(accept))
  if ((same && positionOf(same) <= positionOf(accept)) || !isFull(accept, found)) return accept
  for (let moved = movedToCaller(accept); moved; moved = movedToCaller(moved)) {
    if (isFull(moved, found)) continue
    known?.delete(acceptText(accept))
    return moved
  }
  return accept
}

/** Numbers in front of a rule go to the accepts in front of it and of those before. */
function isFull(accept: Accept, found: Found): boolean {
  const own = found.get(accept.set)
  const left = numbersLeft(accept)
  if (left > (own?.size ?? 0)) return false
  const before = [...(own?.values() ?? [])].filter((one) => positionOf(one) <= positionOf(accept))
  return before.length >= left
}

/** Files an accept, and reports whether it was not there, or only behind what it must come before. */
function isNew(found: Found, accept: Accept): boolean {
  const known = found.get(accept.set) ?? new Map<string, Accept>()
  found.set(accept.set, known)
  const text = acceptText(accept)
  const same = known.get(text)
  if (same && positionOf(same) <= positionOf(accept)) return false
  known.set(text, accept)
  return true
}

const positions = new WeakMap<RuleSet, ReadonlyMap<DeviceRule, number>>()

/** Which rule of its set an accept comes before, by position. */
function positionOf({ set, before }: Accept): number {
  if (before === undefined) return set.rules.length
  const known = positions.get(set) ?? new Map(set.rules.map((rule, at) => [rule, at]))
  positions.set(set, known)
  return known.get(before) ?? -1
}
