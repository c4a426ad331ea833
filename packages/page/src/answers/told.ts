import { type Documents, type FindingDocument, findingToDocument } from '@natplan/app'
import { type Finding, NatplanError } from '@natplan/core'

/** A problem as the page shows it, with the text that it is in. */
export type Told = FindingDocument

export function toldOf(findings: readonly Finding[], documents: Documents): Told[] {
  return findings.map((finding) => findingToDocument(finding, documents))
}

/** What could not go on, as a problem of a text; a fault of natplan itself is thrown on. */
export function toldError(error: unknown, document: string): Told {
  if (!(error instanceof NatplanError)) throw error
  const { code, message, hint } = error
  return { code, severity: 'error', document, path: '', message, ...(hint === undefined ? {} : { hint }) }
}
