import { emptyLock, type Lock } from '../allocation/lock.ts'
import { type Finding, hasErrors } from '../finding.ts'
import type { Network } from '../network/network.ts'
import { peersIn } from '../network/peers.ts'
import { findOverlaps, type Overlap } from '../overlap/find-overlaps.ts'
import { type Occupied, occupiedIn } from '../overlap/occupied.ts'
import { PrefixForest } from '../overlap/prefix-forest.ts'
import { decideTranslation } from '../translation/decide-translation.ts'
import { type Decision, isTranslated } from '../translation/decision.ts'
import { type Assigned, assignPrefixes } from './assign-prefixes.ts'
import { changesBetween } from './changes.ts'
import { commonRangeRisks } from './common-range-risks.ts'
import { nextLock } from './next-lock.ts'
import type { Mapping, Plan } from './plan.ts'

/** The outcome of planning. Overlaps are known even when errors leave no plan. */
export interface Planning {
  readonly plan: Plan | undefined
  readonly overlaps: readonly Overlap[]
  readonly findings: readonly Finding[]
}

/**
 * Plans a network: finds every overlap, decides what is translated, gives each translated subnet its prefix. Deterministic: the
 * same network and lock give the same plan; with its own lock a plan changes nothing.
 * Time O(n log n + overlaps) for n prefixes and tunnels.
 */
export function planNetwork(network: Network, lock: Lock = emptyLock): Planning {
  const peers = peersIn(network)
  const occupied = occupiedIn(network)
  const forest = new PrefixForest<Occupied>(occupied, (use) => use.prefix)
  const overlaps = findOverlaps(forest, peers)
  const { decisions, findings: decisionFindings } = decideTranslation(network, { peers, forest, lock })
  const assigned = assignPrefixes(decisions, { network, lock, occupied })
  const findings = [...decisionFindings, ...assigned.findings]
  if (hasErrors(findings)) return { plan: undefined, overlaps, findings }

  const mappings = mappingsOf(decisions, assigned)
  const next = nextLock(decisions, { assigned: assigned.translated, before: lock, peers })
  const changes = changesBetween(lock, next)
  const plan: Plan = { network, peers, mappings, overlaps, changes, lock: next }
  return { plan, overlaps, findings: [...findings, ...commonRangeRisks(plan)] }
}

function mappingsOf(decisions: readonly Decision[], { translated }: Assigned): Mapping[] {
  return decisions.filter(isTranslated).map(({ subnet, translatedFor, reason }) => {
    const prefix = translated.get(subnet)
    if (!prefix || !reason) throw new Error(`${subnet.prefix} of ${subnet.site} is translated but has no prefix`)
    return { site: subnet.site, subnet, real: subnet.prefix, translated: prefix, translatedFor, reason }
  })
}
