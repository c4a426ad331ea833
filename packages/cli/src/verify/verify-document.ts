import { type Finding, hasErrors, type Inference, type TunnelProof, type Verification } from '@natplan/core'
import type { Documents } from '../input/documents.ts'
import { findingToDocument } from '../output/plan-document.ts'
import type { VerifyDocument } from '../output/schemas/verify.ts'

/** The result of a verification. */
export interface Verified extends Pick<Verification, 'proofs' | 'result'> {
  readonly inferred: readonly Inference[]
  /** What was found on the way to the world as well. */
  readonly findings: readonly Finding[]
  readonly documents: Documents
}

export function verifiedToDocument({ proofs, result, inferred, findings, documents }: Verified): VerifyDocument {
  const outcome = hasErrors(findings) ? 'fault' : result
  return {
    schemaVersion: 1,
    proven: outcome === 'proven',
    result: outcome,
    tunnels: proofs.map(proofOf),
    inferred: inferred.map(({ site, kind, value, because }) => ({ site, kind, value, because })),
    findings: findings.map((finding) => findingToDocument(finding, documents)),
  }
}

function proofOf(proof: TunnelProof): VerifyDocument['tunnels'][number] {
  const { sites, hasBothEnds, isProven, isOneWay, result, delivered, failing, unknown, keys, leftOut } = proof
  return {
    sites: [...sites],
    bothEnds: hasBothEnds,
    proven: isProven,
    result,
    oneWay: isOneWay,
    delivered: { fromFirst: delivered[0], fromSecond: delivered[1] },
    failing: { fromFirst: failing[0], fromSecond: failing[1] },
    unknown: { fromFirst: unknown[0], fromSecond: unknown[1] },
    keys: keys === 'not compared' ? 'not-compared' : keys,
    linesLeftOut: leftOut,
  }
}
