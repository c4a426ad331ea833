import { type Accept, flowsOfPlan, missingAccepts, type Plan, verify, type World, withAccepts } from '@natplan/core'
import { platformModule } from '@natplan/templates'
import type { Judge } from '../gateways/judge-merged.ts'
import { intentionsOf } from './intentions.ts'
import { isDropping } from './missing-rules.ts'
import { plannedWorld } from './planned-world.ts'

/**
 * The verifier over the world of a plan, with devices that stand in for those of some gateways. No command shows its packets: no file holds
 * these devices yet. Where filters drop packets, these get rules, and what is found is what is left with them.
 */
export const judgePlan: Judge = (plan, devices) => {
  const { world } = plannedWorld(plan, devices)
  if (!world) return { findings: [], accepts: [] }
  const { findings } = verified(plan, world)
  const accepts = isDropping(findings) ? missingAccepts(world, { flowsOf: (one) => flowsOfPlan(plan, one) }) : []
  const writable = accepts.filter((accept) => devices.has(accept.site) && canWrite(accept, world))
  if (writable.length === 0) return { findings, accepts: [] }
  return { findings: verified(plan, withAccepts(world, writable)).findings, accepts: writable }
}

function verified(plan: Plan, world: World) {
  return verify(world, { ...intentionsOf(plan, world), replay: () => undefined })
}

function canWrite({ site, set }: Accept, { sites }: World): boolean {
  const platform = sites.get(site)?.device.platform
  return set.written !== undefined && platform !== undefined && platformModule(platform)?.acceptLines !== undefined
}
