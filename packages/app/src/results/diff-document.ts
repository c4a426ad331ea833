import type { GatewayDiff } from '../gateways/gateway-diff.ts'
import type { DiffDocument } from './schemas/diff.ts'
import type { FindingDocument } from './schemas/pieces.ts'

export function diffToDocument(diffs: readonly GatewayDiff[], findings: FindingDocument[]): DiffDocument {
  return { schemaVersion: 1, gateways: diffs.map(gatewayOf), findings }
}

function gatewayOf({ site, platform, running, difference, cuts }: GatewayDiff): DiffDocument['gateways'][number] {
  return {
    site,
    platform,
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
