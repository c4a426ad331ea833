import { type Finding, type Inference, type Verification, verify } from '@natplan/core'
import type { Documents } from '../text/documents.ts'
import { intentionsOf } from './intentions.ts'
import { type MissingRules, missingRules } from './missing-rules.ts'
import type { LoadedWorld } from './world-of-texts.ts'

/** The result of a verification. */
export interface Verified extends Pick<Verification, 'proofs' | 'followed' | 'result'> {
  readonly inferred: readonly Inference[]
  readonly missing: readonly MissingRules[]
  /** What was found on the way to the world as well. */
  readonly findings: readonly Finding[]
  readonly documents: Documents
}

/** What the verifier says of a world; `replay`: the words that show a packet of some of its sites once more. */
export function verifiedWorld(
  { world, plan, inferred, findings, documents }: LoadedWorld,
  replay: (sites: readonly string[]) => string[] | undefined,
): Verified {
  if (!world) {
    const followed = { classes: [], left: [] }
    return { proofs: [], followed, result: 'unknown', inferred, missing: [], findings, documents }
  }
  const ofPlan = plan ? intentionsOf(plan, world) : {}
  const { proofs, followed, result, findings: found } = verify(world, { ...ofPlan, replay })
  return {
    proofs,
    followed,
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
