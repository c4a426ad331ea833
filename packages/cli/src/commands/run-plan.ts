import { derivePolicies, type Finding, hasErrors, NatplanError, type Plan, planNetwork } from '@natplan/core'
import { type Loaded, loadNetwork } from '../input/load-network.ts'
import { formatFindings } from '../output/format-finding.ts'
import { findingToDocument, planToDocument } from '../output/plan-document.ts'
import { overlapTable, planTables } from '../output/plan-tables.ts'
import { printResult } from '../output/print-result.ts'
import { type PlanFiles, retiredNumbers, saveLock } from '../output/save-lock.ts'
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
  if (plan && options.save && lockPath)
    save(plan, lockPath, { file: oneFile(positional, options.file), lock: options.lock })
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

/** With the numbers of all rules, so that a gateway that is configured from this lock is never renumbered. */
function save(plan: Plan, path: string, files: PlanFiles): void {
  const { lock } = derivePolicies(plan)
  process.stderr.write(retiredNumbers(plan.lock, lock, plan, files))
  const written = saveLock(path, lock)
  process.stderr.write(written ? `${path} written; commit it with the plan file\n` : `${path} is up to date\n`)
}
