import { type Documents, formatFindings, type RunningConfig } from '@natplan/app'
import type { Finding } from '@natplan/core'
import { print, printToError } from '../terminal/streams.ts'
import { standardError } from '../terminal/terminal.ts'
import type { FindingFormat } from './formats.ts'
import { sarifText } from './sarif.ts'
import { workflowCommands } from './workflow-commands.ts'

/** What was found, and the documents that it points into. */
export interface Said {
  readonly findings: readonly Finding[]
  readonly documents: Documents
}

/**
 * Tells on standard error what was found: people, or GitHub Actions. SARIF is a document, so it goes to standard output, where the command
 * then prints nothing else.
 */
export function reportFindings(said: readonly Said[], format: FindingFormat = 'text'): void {
  if (format === 'sarif') print(sarifText(said))
  for (const one of said) {
    if (format === 'github') printToError(workflowCommands(one))
    else printToError(formatFindings(one.findings, one.documents, standardError))
  }
}

/** What is wrong with the texts of running configurations, each with its own file name. */
export function saidOf(configs: readonly RunningConfig[]): Said[] {
  return configs.map(({ findings, document }) => ({ findings, documents: { config: document } }))
}
