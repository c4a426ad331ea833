import { verify } from '@natplan/core'
import type { Judge } from '../gateways/judge-merged.ts'
import { intentionsOf } from './intentions.ts'
import { plannedWorld } from './planned-world.ts'

/**
 * The verifier over the world of a plan, with devices that stand in for those of some gateways. No command shows its packets: no file holds
 * these devices yet.
 */
export const judgePlan: Judge = (plan, devices) => {
  const { world } = plannedWorld(plan, devices)
  return world ? verify(world, { ...intentionsOf(plan, world), replay: () => undefined }).findings : []
}
