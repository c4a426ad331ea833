import { exploreFlows, type FlowClass } from '../trace/flow-classes.ts'
import type { World } from '../world/world.ts'
import { askedFor, type IntendedFlow, isUsed } from './intended-flows.ts'
import { verdictOf } from './verdict.ts'

/** With the tunnel up packets should arrive, and without it none may leave in clear where that is told here. */
export function lostIn(
  world: World,
  flow: IntendedFlow,
  isToldHere: (found: FlowClass) => boolean = () => true,
): FlowClass[] {
  const up = failingIn(world, flow)
  if (up.some(({ trace }) => trace.inClear)) return up
  const down = [...exploreFlows(world, askedFor(flow), { tunnels: 'down' })].filter(({ box }) => isUsed(flow, box))
  return [...up, ...down.filter((found) => found.trace.inClear && isToldHere(found))]
}

export function failingIn(world: World, flow: IntendedFlow): FlowClass[] {
  return [...exploreFlows(world, askedFor(flow), {})].filter(
    (found) => isUsed(flow, found.box) && verdictOf({ flow, found }, world) === 'fails',
  )
}
