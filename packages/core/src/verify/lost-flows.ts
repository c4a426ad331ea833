import { exploreFlows, type FlowClass } from '../trace/flow-classes.ts'
import type { World } from '../world/world.ts'
import { askedFor, type IntendedFlow, isUsed } from './intended-flows.ts'
import { rangeText } from './shown.ts'
import { type FollowedFlow, otherHostOf, verdictOf } from './verdict.ts'

/** The classes of packets of a flow that some host sends. */
export function usedIn(world: World, flow: IntendedFlow): FlowClass[] {
  return [...exploreFlows(world, askedFor(flow), {})].filter(({ box }) => isUsed(flow, box))
}

export function failsIn(world: World, followed: FollowedFlow): boolean {
  return verdictOf(followed, world) === 'fails'
}

/** What is lost: with the tunnel up packets should arrive (`used`), and without it none may leave in clear where that is told here. */
export function lostIn(
  world: World,
  flow: IntendedFlow,
  {
    used,
    isToldHere = () => true,
  }: { readonly used: readonly FlowClass[]; readonly isToldHere?: (found: FlowClass) => boolean },
): FlowClass[] {
  const up = used.filter((found) => failsIn(world, { flow, found }))
  if (up.some(({ trace }) => trace.inClear)) return up
  const down = [...exploreFlows(world, askedFor(flow), { tunnels: 'down' })].filter(({ box }) => isUsed(flow, box))
  return [...up, ...down.filter((found) => found.trace.inClear && isToldHere(found))]
}

/** Which packets they are, as a message ends: what becomes of them, and why. */
export function lostText({ flow, found }: FollowedFlow, count: number): string {
  const { trace } = found
  const others = count > 1 ? ` (and ${count - 1} more)` : ''
  const other = otherHostOf({ flow, found })
  const what = trace.inClear ? 'leave unencrypted' : other === undefined ? 'do not arrive' : 'reach another host'
  return `packets ${packetsText(found)}${others} ${what}: ${other ?? trace.reason}`
}

/** The ends of a class of packets. */
export function packetsText({ box }: FlowClass): string {
  return `${rangeText(box.source)} → ${rangeText(box.destination)}`
}
