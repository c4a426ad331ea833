import type { Finding } from '@natplan/core'
import type { Documents } from '../input/documents.ts'
import type { RunningConfig } from '../input/read-existing.ts'
import { formatFindings } from './format-finding.ts'
import { printToError } from './streams.ts'
import { standardError } from './terminal.ts'

/** What was found, and the documents that it points into. */
export interface Said {
  readonly findings: readonly Finding[]
  readonly documents: Documents
}

/** Tells people on standard error what was found. */
export function reportFindings(said: readonly Said[]): void {
  for (const { findings, documents } of said) printToError(formatFindings(findings, documents, standardError))
}

/** What is wrong with the texts of running configurations, each with its own file name. */
export function saidOf(configs: readonly RunningConfig[]): Said[] {
  return configs.map(({ findings, document }) => ({ findings, documents: { config: document } }))
}
