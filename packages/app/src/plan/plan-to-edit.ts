import { type Finding, NatplanError } from '@natplan/core'
import type { Document, NamedText } from '../text/documents.ts'
import { readDocument } from '../text/read-document.ts'
import { type Include, withIncluded } from './included.ts'

/** The text of a plan file that is to be changed. */
export interface PlanToEdit extends NamedText {
  /** The sites that stand in files which it includes. */
  readonly partSites: ReadonlySet<string>
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
    throw new NatplanError(problem.code, `${name}:${line}: ${problem.message}`, { hint: 'mend the file first' })
  }
  const whole = withIncluded(plan, include)
  const own = sitesIn(plan.data)
  const partSites = new Set([...sitesIn(whole.data)].filter((site) => !own.has(site)))
  return { name, text, partSites, document: plan }
}

function sitesIn(data: unknown): Set<string> {
  const sites: unknown = typeof data === 'object' && data !== null && 'sites' in data ? data.sites : undefined
  return new Set(typeof sites === 'object' && sites !== null ? Object.keys(sites) : [])
}
