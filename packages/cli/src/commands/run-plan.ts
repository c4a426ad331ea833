import { existsSync, readFileSync } from 'node:fs'
import { type Finding, hasErrors, NatplanError, planNetwork, writeLock } from '@natplan/core'
import { type Loaded, loadNetwork } from '../input/load-network.ts'
import { replaceFile } from '../input/write-file.ts'
import { formatFindings } from '../output/format-finding.ts'
import { findingToDocument, planToDocument } from '../output/plan-document.ts'
import { overlapTable, planTables } from '../output/plan-tables.ts'
import { printResult } from '../output/print-result.ts'
import { standardError, standardOutput } from '../output/terminal.ts'
import { type Status, status } from '../status.ts'
import type { InputOptions, OutputOptions } from './command.ts'

export type PlanOptions = InputOptions & OutputOptions & { readonly plan?: string | undefined }

export function runPlan(options: PlanOptions): Status {
  const { plan: positional, ...rest } = options
  const loaded = loadNetwork({ ...rest, file: oneFile(positional, options.file) })
  const { network, lock, lockPath, documents } = loaded
  const planning = network && lock ? planNetwork(network, lock) : { plan: undefined, overlaps: [], findings: [] }
  const findings = [...loaded.findings, ...planning.findings]
  const { plan } = planning
  if (options.save && !lockPath) throw new NatplanError('USAGE', '--save needs --lock FILE when there is no plan file')
  const tables = () =>
    plan ? planTables(plan, { lockPath, isScreen: standardOutput.isTerminal }) : [overlapTable(planning.overlaps)]
  if (plan || options.output !== 'table' || planning.overlaps.length > 0) {
    const document = () =>
      planToDocument(
        planning,
        findings.map((finding) => findingToDocument(finding, documents)),
      )
    printResult({ tables, document }, options.output)
  }
  report(findings, loaded)
  if (plan && options.save && lockPath) saveLock(lockPath, writeLock(plan.lock))
  else if (plan && plan.changes.length > 0 && lockPath && options.output === 'table') {
    process.stderr.write(`\nnatplan plan --save writes ${lockPath}, so that nothing is renumbered later\n`)
  }
  return hasErrors(findings) ? status.findings : status.good
}

/** The file may be named as an argument or with --file, not both. */
export function oneFile(positional: string | undefined, option: string | undefined): string | undefined {
  if (positional !== undefined && option !== undefined) {
    throw new NatplanError('USAGE', `two plan files are named: ${positional} and ${option}`)
  }
  return positional ?? option
}

function report(findings: readonly Finding[], { documents }: Loaded): void {
  if (findings.length === 0) return
  if (standardOutput.isTerminal) process.stderr.write('\n')
  process.stderr.write(formatFindings(findings, documents, standardError))
  const errors = findings.filter((finding) => finding.severity === 'error').length
  if (errors > 0) process.stderr.write(`natplan: no plan: ${errors} ${errors === 1 ? 'error' : 'errors'}\n`)
}

function saveLock(path: string, text: string): void {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) {
    process.stderr.write(`${path} is up to date\n`)
    return
  }
  replaceFile(path, text)
  process.stderr.write(`${path} written; commit it with the plan file\n`)
}
