import { hasErrors, protocolName, type TunnelProof } from '@natplan/core'
import type { MissingRules } from '../verify/missing-rules.ts'
import type { Verified } from '../verify/verified-world.ts'
import { findingToDocument } from './plan-document.ts'
import type { VerifyDocument } from './schemas/verify.ts'

export function verifiedToDocument({
  proofs,
  result,
  inferred,
  missing,
  findings,
  documents,
}: Verified): VerifyDocument {
  const outcome = hasErrors(findings) ? 'fault' : result
  return {
    schemaVersion: 1,
    proven: outcome === 'proven',
    result: outcome,
    tunnels: proofs.map(proofOf),
    inferred: inferred.map(({ site, kind, value, because }) => ({ site, kind, value, because })),
    missingRules: missing.flatMap(missingToDocument),
    findings: findings.map((finding) => findingToDocument(finding, documents)),
  }
}

function proofOf(proof: TunnelProof): VerifyDocument['tunnels'][number] {
  const { sites, over, hasBothEnds, isProven, isOneWay, forwarded, result, delivered, failing } = proof
  const { unknown, keys, leftOut } = proof
  return {
    sites: [...sites],
    bothEnds: hasBothEnds,
    ...(over === undefined ? {} : { over }),
    proven: isProven,
    result,
    oneWay: isOneWay,
    forwardedPorts: { ofFirst: forwarded[0], ofSecond: forwarded[1] },
    delivered: { fromFirst: delivered[0], fromSecond: delivered[1] },
    failing: { fromFirst: failing[0], fromSecond: failing[1] },
    unknown: { fromFirst: unknown[0], fromSecond: unknown[1] },
    keys: keys === 'not compared' ? 'not-compared' : keys,
    linesLeftOut: leftOut,
  }
}

export function missingToDocument({ site, rules }: MissingRules): VerifyDocument['missingRules'] {
  return rules.map(({ accept: { set, before, source, destination, protocol, ports, arrived }, lines }) => ({
    site,
    set: set.name,
    ...(before?.number === undefined ? {} : { before: before.number }),
    ...(source ? { source: String(source) } : {}),
    ...(destination ? { destination: String(destination) } : {}),
    ...(protocol === undefined ? {} : { protocol: protocolName(protocol) }),
    ...(ports.length > 0 ? { ports: [...ports] } : {}),
    encrypted: arrived?.kind === 'encrypted',
    lines: [...lines],
  }))
}
