import { type Finding, verify } from '@natplan/core'
import type { Verified } from '../results/verify-document.ts'
import { intentionsOf } from './intentions.ts'
import { missingRules } from './missing-rules.ts'
import type { LoadedWorld } from './world-of-texts.ts'

/** What the verifier says of a world; `replay`: the words that show a packet of some of its sites once more. */
export function verifiedWorld(
  { world, plan, inferred, findings, documents }: LoadedWorld,
  replay: (sites: readonly string[]) => string[] | undefined,
): Verified {
  if (!world) return { proofs: [], result: 'unknown', inferred, missing: [], findings, documents }
  const ofPlan = plan ? intentionsOf(plan, world) : {}
  const { proofs, result, findings: found } = verify(world, { ...ofPlan, replay })
  return {
    proofs,
    result,
    inferred,
    missing: missingRules(world, { findings: found, plan }),
    findings: [...findings, ...found.filter((one) => !isTold(one, findings))],
    documents,
  }
}

/** Why packets are not known to arrive, where reading the same line told it already. */
function isTold({ code, place }: Finding, read: readonly Finding[]): boolean {
  return (
    code === 'FLOW_NOT_KNOWN' &&
    read.some(
      (one) =>
        one.code === 'CONFIG_TUNNEL_INCOMPLETE' && one.place.file === place.file && one.place.line === place.line,
    )
  )
}
