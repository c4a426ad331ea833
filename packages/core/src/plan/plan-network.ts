import { emptyLock, type Lock, lockKey } from '../allocation/lock.ts'
import { moveSites } from '../allocation/move-sites.ts'
import { bounded, type Finding, findingOf, hasErrors, inPlan } from '../finding.ts'
import type { Network } from '../network/network.ts'
import { peersIn } from '../network/peers.ts'
import { linksIn, type Occupied, occupiedIn } from '../overlap/occupied.ts'
import { type Overlap, overlapsInForest } from '../overlap/overlaps-in-forest.ts'
import { PrefixForest } from '../overlap/prefix-forest.ts'
import { decideTranslation } from '../translation/decide-translation.ts'
import { type Decision, isTranslated } from '../translation/decision.ts'
import { type Assigned, assignPrefixes } from './assign-prefixes.ts'
import { changesBetween, renamesBetween } from './changes.ts'
import { commonRangeRisks } from './common-range-risks.ts'
import { freeSpaceFindings } from './free-space.ts'
import { hiddenFindings } from './hidden-findings.ts'
import { moveHints } from './move-hints.ts'
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
export function planNetwork(network: Network, saved: Lock = emptyLock): Planning {
  const lock = moveSites(saved, network.moves)
  const peers = peersIn(network)
  const occupied = occupiedIn(network)
  const forest = new PrefixForest<Occupied>(occupied, (use) => use.prefix)
  const overlaps = overlapsInForest(forest, peers)
  const { decisions, findings: decisionFindings } = decideTranslation(network, { peers, forest, lock })
  const assigned = assignPrefixes(decisions, { network, lock, occupied: [...occupied, ...linksIn(network)] })
  const findings = [...decisionFindings, ...assigned.findings]
  if (hasErrors(findings)) return { plan: undefined, overlaps, findings: bounded(findings) }

  const mappings = mappingsOf(decisions, assigned)
  const next = nextLock(decisions, { assigned: assigned.translated, before: lock, peers })
  const moved = changesBetween(lock, next)
  const changes = network.moves.length === 0 ? moved : [...moved, ...renamesBetween(saved, next, moved)]
  const plan: Plan = { network, peers, mappings, overlaps, changes, lock: next }
  const shared = freeSpaceFindings(plan)
  if (hasErrors(shared)) return { plan: undefined, overlaps, findings: bounded([...findings, ...shared]) }
  return {
    plan,
    overlaps,
    findings: bounded([
      ...findings,
      ...renamed(plan),
      ...moveHints(plan, lock),
      ...commonRangeRisks(plan),
      ...hiddenFindings(plan),
      ...shared,
    ]),
  }
}

/** Subnets that peers know by their real addresses and that something new forces to be translated. */
function renamed({ changes, mappings }: Plan): Finding[] {
  const translated = changes.filter(({ kind }) => kind === 'translate')
  if (translated.length === 0) return []
  const forced = new Map(
    mappings.filter(({ reason }) => reason.kind === 'collision').map((one) => [lockKey(one.site, one.real), one]),
  )
  return translated.flatMap(({ site, real, peers }) => {
    const mapping = forced.get(lockKey(site, real))
    if (mapping?.reason.kind !== 'collision') return []
    const { with: use } = mapping.reason
    const who = peers === 'all' ? 'all peers' : peers.join(', ')
    return [
      findingOf('LOCK_RENAMED', inPlan(mapping.subnet.path), {
        message: `${real} of ${site} becomes ${mapping.translated} for ${who}: it collides with ${use.prefix} of ${use.site}`,
        hint: `translate ${use.prefix} of ${use.site} instead, or change whatever uses the old addresses together with the gateways`,
      }),
    ]
  })
}

function mappingsOf(decisions: readonly Decision[], { translated }: Assigned): Mapping[] {
  return decisions.filter(isTranslated).map(({ subnet, translatedFor, reason }) => {
    const prefix = translated.get(subnet)
    if (!prefix || !reason) throw new Error(`${subnet.prefix} of ${subnet.site} is translated but has no prefix`)
    const kind = subnet.hideBehind ? 'many-to-one' : 'one-to-one'
    return { kind, site: subnet.site, subnet, real: subnet.prefix, translated: prefix, translatedFor, reason }
  })
}
