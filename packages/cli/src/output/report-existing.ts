import type { RunningConfig } from '../input/read-existing.ts'
import { formatFindings } from './format-finding.ts'
import { standardError } from './terminal.ts'

/** Says what is wrong with the texts of running configurations, each with its own file name. */
export function reportExisting(configs: readonly RunningConfig[]): void {
  for (const { findings, document } of configs) {
    process.stderr.write(formatFindings(findings, { config: document }, standardError))
  }
}
