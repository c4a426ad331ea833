import type { GatewayDiff } from '../gateways/diff-gateways.ts'
import type { DiffDocument } from './schemas/diff.ts'
import type { FindingDocument } from './schemas/pieces.ts'

export function diffToDocument(diffs: readonly GatewayDiff[], findings: FindingDocument[]): DiffDocument {
  return { schemaVersion: 1, gateways: diffs.map(gatewayOf), findings }
}

function gatewayOf({ policy, running, difference, cuts }: GatewayDiff): DiffDocument['gateways'][number] {
  return {
    site: policy.site,
    platform: policy.platform,
    document: running.document.name,
    operations: difference.operations.map(({ kind, object, path, reason, text }) => ({
      kind,
      object: { ...object },
      path: [...path],
      reason,
      text,
    })),
    keys: difference.keys.map((key) => ({ ...key })),
    cuts: cuts.map(({ kind, peer, local, remote }) => ({
      kind,
      peer,
      local: String(local),
      remote: String(remote),
    })),
  }
}
