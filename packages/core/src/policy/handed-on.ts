import type { SiteName } from '../network/names.ts'
import type { Plan } from '../plan/plan.ts'
import { derivePolicies } from './derive-policies.ts'

/** A site that forwards what others send to each other. */
export interface HandedOn {
  readonly hub: SiteName
  /** Pairs of sites that talk over it. */
  readonly pairs: number
  /** Selectors of its tunnels: all at its gateway, and of the tunnel that has most; `undefined` where no gateways are planned. */
  readonly selectors: { readonly all: number; readonly most: number } | undefined
}

/** The hubs of a plan by name; empty where every pair of sites that talk has a tunnel. */
export function handedOnBy(plan: Plan): HandedOn[] {
  const { transits } = plan.network
  if (transits.length === 0) return []
  const { policies } = derivePolicies(plan)
  const hubs = [...new Set(transits.map(({ through }) => through))].sort()
  return hubs.map((hub) => {
    const counts = policies
      .find(({ site }) => site === hub)
      ?.tunnels.map(({ selectors, through }) =>
        through?.kind === 'route' && through.takes === 'any' ? 1 : selectors.length,
      )
    return {
      hub,
      pairs: transits.filter(({ through }) => through === hub).length,
      selectors: counts && { all: counts.reduce((sum, one) => sum + one, 0), most: Math.max(0, ...counts) },
    }
  })
}
