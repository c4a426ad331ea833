import { type Finding, NatplanError } from '@natplan/core'
import type { Elsewhere } from '../import/into-plan.ts'
import { isMapping, tunnelKey } from '../import/tunnel-key.ts'
import type { Document, NamedText } from '../text/documents.ts'
import { readDocument } from '../text/read-document.ts'
import { type Include, withIncluded } from './included.ts'

/** The text of a plan file that is to be changed. */
export interface PlanToEdit extends NamedText {
  readonly elsewhere: Elsewhere
  readonly document: Document
}

/** What it shall be, and what is to be told of it. */
export interface Edited {
  readonly text: string
  readonly findings: readonly Finding[]
}

/** @throws NatplanError with the code of what is wrong, when the text cannot be read as a whole: it would not be known what is changed */
export function planToEdit({ name, text }: NamedText, include: Include | undefined): PlanToEdit {
  const plan = readDocument(name, text, 'plan')
  const [problem] = plan.findings
  if (problem) {
    const { line = 1 } = plan.locate(problem.place) ?? {}
    throw new NatplanError(problem.code, `${name}:${line}: ${problem.message}`, { hint: 'fix the file first' })
  }
  const whole = withIncluded(plan, include)
  const [own, all] = [plan.data, whole.data].map(namesIn)
  const elsewhere = { sites: difference(all?.sites, own?.sites), tunnels: difference(all?.tunnels, own?.tunnels) }
  return { name, text, elsewhere, document: plan }
}

function difference(all: readonly string[] = [], own: readonly string[] = []): Set<string> {
  const known = new Set(own)
  return new Set(all.filter((one) => !known.has(one)))
}

function namesIn(data: unknown): { readonly sites: string[]; readonly tunnels: string[] } {
  const { sites, tunnels } = isMapping(data) ? data : {}
  return {
    sites: isMapping(sites) ? Object.keys(sites) : [],
    tunnels: Array.isArray(tunnels) ? tunnels.map(tunnelKey) : [],
  }
}
