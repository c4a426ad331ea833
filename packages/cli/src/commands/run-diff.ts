import {
  type Documents,
  diffFigures,
  diffGateways,
  diffSummary,
  diffText,
  diffToDocument,
  findingToDocument,
  type GatewayDiff,
  type GatewayDiffs,
  judgePlan,
  type PictureFormat,
  pictureText,
} from '@natplan/app'
import { type Finding, hasErrors, NatplanError, type Plan } from '@natplan/core'
import { standardInput } from '../files/standard-input.ts'
import { existingFiles, readExisting } from '../input/existing-files.ts'
import { defaultPlanFile, lockFileOf } from '../input/load-network.ts'
import { loadPlan } from '../input/load-plan.ts'
import { keysAtHand, readKeys } from '../input/read-keys.ts'
import { readTemplates } from '../input/read-templates.ts'
import type { DiffFormat } from '../output/formats.ts'
import { formatData } from '../output/print-result.ts'
import { reportFindings, type Said, saidOf } from '../output/report-findings.ts'
import { whileSaving } from '../output/save-lock.ts'
import { type Status, status } from '../terminal/status.ts'
import { print, say } from '../terminal/streams.ts'
import type { FindingOptions, KeyOptions } from './command.ts'
import { keepNumbers } from './keep-numbers.ts'

export interface DiffOptions extends FindingOptions, KeyOptions {
  readonly configs: readonly string[]
  readonly file?: string | undefined
  readonly lock?: string | undefined
  readonly site?: string | undefined
  readonly check?: boolean | undefined
  readonly script?: boolean | undefined
  readonly showSecrets?: boolean | undefined
  readonly templates?: string | undefined
  readonly save?: boolean | undefined
  readonly output: DiffFormat | PictureFormat
}

export function runDiff(options: DiffOptions): Status {
  const { file, lock, save = false } = options
  const files = existingFiles(options.configs, { site: options.site })
  refuseTwoInputs([file, ...files.values()])
  const inputs = [file ?? defaultPlanFile, ...files.values()]
  return whileSaving(save ? lockFileOf({ file, lock }) : undefined, inputs, () => diffAll(options, files))
}

function diffAll(options: DiffOptions, files: ReadonlyMap<string, string>): Status {
  const { file, lock, check = false, showSecrets = false, save = false, keyFolder = [] } = options
  const { plan, lockPath, findings, documents } = loadPlan({ file, lock, save })
  const found: Finding[] = [...findings]
  let compared: GatewayDiffs | undefined
  if (plan) {
    const read = (showSecrets ? readKeys : keysAtHand)(plan.network, { planFile: file, others: keyFolder })
    const templates = options.templates === undefined ? undefined : readTemplates(options.templates)
    compared = diffGateways(plan, {
      texts: readExisting(files),
      keys: read.keys,
      showSecrets,
      templates,
      judge: judgePlan,
    })
    found.push(...read.findings, ...compared.findings)
    if (!hasErrors(found)) keepNumbers(plan.lock, compared.lock, { lockPath, save })
  }
  printDiffs(compared, { options, plan, findings: found, documents })
  if (hasErrors(found)) return status.findings
  const hasDrift = compared?.diffs.some(({ difference }) => difference.operations.length > 0) ?? false
  return check && hasDrift ? status.findings : status.good
}

function refuseTwoInputs(files: readonly (string | undefined)[]): void {
  if (files.filter((file) => file === standardInput).length < 2) return
  throw new NatplanError('USAGE', 'only one file can be standard input')
}

interface Known {
  readonly options: DiffOptions
  readonly plan: Plan | undefined
  readonly findings: readonly Finding[]
  readonly documents: Documents
}

function printDiffs(compared: GatewayDiffs | undefined, known: Known): void {
  const { options, plan, findings, documents } = known
  const diffs = hasErrors(findings) ? [] : (compared?.diffs ?? [])
  const ofTexts = saidOf((compared?.running ?? []).map(({ config }) => config))
  if (options.format !== 'sarif')
    print(resultText({ diffs, plan, said: [{ findings, documents }, ...ofTexts] }, options))
  say(...diffSummary(diffs))
  reportFindings([...ofTexts, { findings, documents }], options.format)
}

interface Shown {
  readonly diffs: readonly GatewayDiff[]
  readonly plan: Plan | undefined
  readonly said: readonly Said[]
}

function resultText({ diffs, plan, said }: Shown, { output, script = false, configs }: DiffOptions): string {
  if (output === 'text') return diffText(diffs, { script, headings: configs.length > 1 })
  if (output !== 'json' && output !== 'yaml') {
    return plan && diffs.length > 0 ? pictureText(diffFigures(plan, diffs), output) : ''
  }
  const all = said.flatMap((one) => one.findings.map((finding) => findingToDocument(finding, one.documents)))
  return formatData(diffToDocument(diffs, all), output)
}
