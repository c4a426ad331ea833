import { flowsOfPlan, type Plan, type VerifyOptions, type World } from '@natplan/core'

/** What a plan says of a world beside its gateways: which packets are to arrive, and how large they may be. */
export function intentionsOf(plan: Plan, world: World): Pick<VerifyOptions, 'flows' | 'mtus'> {
  const mtus = [...plan.network.sites.values()].flatMap(({ name, gateway }) =>
    gateway ? [[name as string, gateway.outside.mtu] as const] : [],
  )
  return { flows: flowsOfPlan(plan, world), mtus: new Map(mtus) }
}
