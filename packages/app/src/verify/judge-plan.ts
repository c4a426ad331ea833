import {
  type Accept,
  type Device,
  flowsOfPlan,
  missingAccepts,
  type Plan,
  verify,
  type World,
  withAccepts,
} from '@natplan/core'
import { platformModule } from '@natplan/templates'
import type { Judgement } from '../gateways/judge-merged.ts'
import { intentionsOf } from './intentions.ts'
import { isDropping } from './missing-rules.ts'
import { plannedWorld } from './planned-world.ts'

/**
 * The verifier over the world of a plan, with devices that stand in for those of some gateways. No command shows its packets: no file holds
 * these devices yet. Where filters drop packets, these get rules, and what is found is what is left with them.
 */
export function judgePlan(plan: Plan, devices: ReadonlyMap<string, Device>): Judgement {
  const { world } = plannedWorld(plan, devices)
  if (!world) return { findings: [], accepts: [] }
  const { findings } = verified(plan, world)
  const accepts = isDropping(findings) ? missingAccepts(world, { flowsOf: (one) => flowsOfPlan(plan, one) }) : []
  const writable = [...devices.keys()].flatMap((site) => writableAt(site, accepts, world))
  if (writable.length === 0) return { findings, accepts: [] }
  return { findings: verified(plan, withAccepts(world, writable)).findings, accepts: writable }
}

function verified(plan: Plan, world: World) {
  return verify(world, { ...intentionsOf(plan, world), replay: () => undefined })
}

/** Those for which there is a line, and not only a comment. */
function writableAt(site: string, accepts: readonly Accept[], { sites }: World): Accept[] {
  const platform = sites.get(site)?.device.platform
  const own = accepts.filter((accept) => accept.site === site)
  const written = (platform && platformModule(platform)?.acceptLines?.(own)) ?? []
  return written.filter(({ lines }) => lines.every((line) => !line.startsWith('#'))).map(({ accept }) => accept)
}
