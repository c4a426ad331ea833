import {
  callableSights,
  exampleOf,
  type Finding,
  formatPath,
  handedOnBy,
  type Overlap,
  type OverlapSide,
  type Place,
  type Plan,
  type Planning,
  type Reason,
  touchedBy,
} from '@natplan/core'
import { type Documents, whereIs } from '../text/documents.ts'
import type { FindingDocument } from './schemas/pieces.ts'
import type { OverlapsDocument, PlanDocument } from './schemas/plan.ts'

/** A full mesh of more sites than this has more sights than anybody can use; ask for one site with `natplan explain`. */
const mostSitesInFullMesh = 300

export function planToDocument(
  { plan, overlaps }: Omit<Planning, 'findings'>,
  findings: FindingDocument[],
): PlanDocument {
  const base = { schemaVersion: 1 as const, overlaps: overlaps.map(overlapOf) }
  const touched = plan ? touchedBy(plan.changes, plan.network) : { gateways: [], nodes: [] }
  return {
    ...base,
    planned: plan !== undefined,
    mappings: (plan?.mappings ?? []).map((mapping) => {
      const example = exampleOf(mapping)
      return {
        kind: mapping.kind,
        site: mapping.site,
        real: String(mapping.real),
        translated: String(mapping.translated),
        translatedFor: listOf(mapping.translatedFor),
        reason: reasonOf(mapping.reason),
        example: { real: String(example.real), translated: String(example.translated) },
      }
    }),
    sees: seesOf(plan),
    ...(plan && plan.network.transits.length > 0 ? { handedOn: handedOnOf(plan) } : {}),
    changes: (plan?.changes ?? []).map(({ kind, site, real, before, after, peers, came, left }) => ({
      kind,
      site,
      real: String(real),
      ...(before ? { before: String(before) } : {}),
      ...(after ? { after: String(after) } : {}),
      peers: listOf(peers),
      ...(came.length > 0 ? { came: [...came] } : {}),
      ...(left.length > 0 ? { left: [...left] } : {}),
    })),
    touched: { gateways: [...touched.gateways], nodes: [...touched.nodes] },
    findings,
  }
}

export function overlapsToDocument(overlaps: readonly Overlap[], findings: FindingDocument[]): OverlapsDocument {
  return { schemaVersion: 1, overlaps: overlaps.map(overlapOf), findings }
}

function listOf(list: 'all' | readonly string[]): 'all' | string[] {
  return list === 'all' ? 'all' : [...list]
}

function overlapOf({ relation, inner, outer, pairs, effect }: Overlap): PlanDocument['overlaps'][number] {
  return { relation, inner: sideOf(inner), outer: sideOf(outer), pairs, effect }
}

function sideOf({ prefix, users }: OverlapSide) {
  return { prefix: String(prefix), users: users.map(({ site, kind }) => ({ site, kind })) }
}

function reasonOf(reason: Reason): PlanDocument['mappings'][number]['reason'] {
  if (reason.kind !== 'collision') return { kind: reason.kind }
  const { site, kind, prefix } = reason.with
  return { kind: 'collision', at: reason.at, with: { site, kind, prefix: String(prefix) } }
}

function seesOf(plan: Planning['plan']): PlanDocument['sees'] {
  if (!plan || (plan.peers.everyPair && plan.network.sites.size > mostSitesInFullMesh)) return []
  return [...plan.network.sites.keys()].flatMap((name) =>
    callableSights(plan, name).map(({ site, peer, subnet, visible }) => {
      const over = plan.peers.between(site, peer)
      const known = { site, peer, real: String(subnet.prefix), visible: String(visible) }
      return over === undefined ? known : { ...known, over }
    }),
  )
}

function handedOnOf(plan: Plan): NonNullable<PlanDocument['handedOn']> {
  return handedOnBy(plan).map(({ hub, pairs, selectors }) => ({
    site: hub,
    pairs,
    ...(selectors ? { selectors: { all: selectors.all, mostOfATunnel: selectors.most } } : {}),
  }))
}

export function findingToDocument(finding: Finding, documents: Documents): FindingDocument {
  const { code, severity, place, message, hint, related = [], about } = finding
  return {
    code,
    severity,
    ...placeToDocument(place, documents),
    message,
    ...(hint ? { hint } : {}),
    ...(related.length > 0
      ? { related: related.map((one) => ({ ...placeToDocument(one.place, documents), message: one.message })) }
      : {}),
    ...(about ? { about: { ...about } } : {}),
  }
}

function placeToDocument(place: Place, documents: Documents) {
  const { name, position } = whereIs(place, documents)
  return {
    document: name,
    ...(position ? { line: position.line, column: position.column } : {}),
    path: formatPath(place.path),
  }
}
