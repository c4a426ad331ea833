import { findingToDocument, overlapTable, planTables, planToDocument } from '@natplan/app'
import { derivePolicies, type Finding, hasErrors, NatplanError, type Plan, planNetwork } from '@natplan/core'
import { defaultPlanFile, type InputOptions, type Loaded, loadNetwork, lockFileOf } from '../input/load-network.ts'
import type { FindingFormat } from '../output/formats.ts'
import { printResult } from '../output/print-result.ts'
import { reportFindings } from '../output/report-findings.ts'
import { hasNewNumbers, isSaved, type PlanFiles, retiredNumbers, saveLock, whileSaving } from '../output/save-lock.ts'
import { type Status, status } from '../terminal/status.ts'
import { say } from '../terminal/streams.ts'
import { standardOutput } from '../terminal/terminal.ts'
import type { FindingOptions, OutputOptions } from './command.ts'
import { oneFile } from './one-file.ts'

export type PlanOptions = InputOptions &
  OutputOptions &
  FindingOptions & { readonly plan?: string | undefined; readonly check?: boolean | undefined }

export function runPlan(options: PlanOptions): Status {
  const { plan: positional, ...rest } = options
  const file = oneFile(positional, options.file)
  const given = { ...rest, file }
  return whileSaving(options.save ? lockFileOf(given) : undefined, [file ?? defaultPlanFile], () => planOf(given))
}

function planOf(options: Omit<PlanOptions, 'plan'>): Status {
  const loaded = loadNetwork(options)
  const { network, lock, lockPath, documents } = loaded
  const planning = network && lock ? planNetwork(network, lock) : { plan: undefined, overlaps: [], findings: [] }
  const findings = [...loaded.findings, ...planning.findings]
  const { plan } = planning
  const needsLock = options.save ? '--save' : options.check ? '--check' : undefined
  if (needsLock && !lockPath) {
    throw new NatplanError('USAGE', `${needsLock} needs --lock FILE when there is not a plan file`)
  }
  const tables = () =>
    plan ? planTables(plan, { lockPath, isScreen: standardOutput.isTerminal }) : [overlapTable(planning.overlaps)]
  const hasResult = plan || options.output !== 'table' || planning.overlaps.length > 0
  if (hasResult && options.format !== 'sarif') {
    const document = () =>
      planToDocument(
        planning,
        findings.map((finding) => findingToDocument(finding, documents)),
      )
    printResult({ tables, document }, options.output)
  }
  report(findings, loaded, options.format)
  if (plan && options.save && lockPath) save(plan, lockPath, options)
  else if (plan && options.check && lockPath) {
    if (!isKept(plan, lockPath)) return status.findings
  } else if (plan && plan.changes.length > 0 && lockPath && options.output === 'table') {
    say('', `natplan plan --save writes ${lockPath}, so that nothing is renumbered later`)
  }
  return hasErrors(findings) ? status.findings : status.good
}

function report(findings: readonly Finding[], { documents }: Loaded, format: FindingFormat): void {
  if (findings.length === 0 && format !== 'sarif') return
  if (standardOutput.isTerminal) say('')
  reportFindings([{ findings, documents }], format)
  const errors = findings.filter((finding) => finding.severity === 'error').length
  if (errors > 0) say(`natplan: no plan: ${errors} ${errors === 1 ? 'error' : 'errors'}`)
}

/** Reports whether the lock is that of the plan, and says what in it is not. */
function isKept(plan: Plan, path: string): boolean {
  const { lock } = derivePolicies(plan)
  if (isSaved(path, lock)) return true
  const { changes } = plan
  const what = [
    ...(changes.length > 0 ? [`${changes.length} of its subnets changed`] : []),
    ...(hasNewNumbers(plan.lock, lock) ? ['some rule numbers are not in it'] : []),
    ...(retiredNumbers(plan.lock, lock, plan, {}).length > 0 ? ['it has numbers of rules that left the plan'] : []),
  ]
  const why = what.length > 0 ? what.join('; ') : 'it is written differently'
  say(`natplan: ${path} is not the lock of this plan: ${why}; natplan plan --save writes it`)
  return false
}

/** With the numbers of all rules, so that a gateway that is configured from this lock is never renumbered. */
function save(plan: Plan, path: string, files: PlanFiles): void {
  const { lock } = derivePolicies(plan)
  say(...retiredNumbers(plan.lock, lock, plan, files))
  const written = saveLock(path, lock)
  say(written ? `${path} written; commit it with the plan file` : `${path} is up to date`)
}
