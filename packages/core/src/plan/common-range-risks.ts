import { type Finding, findingOf, inPlan } from '../finding.ts'
import { type CommonRange, commonRanges } from '../network/common-ranges.ts'
import type { Kubernetes } from '../network/network.ts'
import { type Plan, type Sight, sightsOf } from './plan.ts'

/**
 * Prefixes of peers that a Kubernetes site would look for inside its own nodes: ranges that software uses there by default,
 * as long as the plan file does not name the cluster's own. One finding for a site and range.
 */
export function commonRangeRisks(plan: Plan): Finding[] {
  return [...plan.network.sites.values()].flatMap(({ name, kubernetes }) => {
    if (!kubernetes) return []
    const unnamed = commonRanges.filter((range) => kubernetes[range.names].length === 0)
    if (unnamed.length === 0) return []
    const sights = sightsOf(plan, name)
    return unnamed.flatMap((range) => risk(range, kubernetes, sights))
  })
}

function risk(range: CommonRange, kubernetes: Kubernetes, sights: readonly Sight[]): Finding[] {
  const inside = sights.filter(({ visible }) => visible.overlaps(range.prefix))
  const [first] = inside
  if (!first) return []
  const others = inside.length > 1 ? ` and ${inside.length - 1} more` : ''
  return [
    findingOf('COMMON_RANGE', inPlan(kubernetes.path), {
      message: `${first.site} sees ${first.peer} as ${first.visible}${others}, inside ${range.prefix}: ${range.software}`,
      hint: `check the nodes, then write the cluster's own ranges under kubernetes.${range.names}`,
    }),
  ]
}
