import { existsSync } from 'node:fs'
import { join } from 'node:path'
import {
  type Generated,
  gatewaySites,
  generatedFiles,
  judgePlan,
  leftFiles,
  noGateways,
  type OutputFile,
  type RenderChoice,
  type RenderedGateways,
  renderGateways,
  report,
  type Texts,
  unfitFolders,
} from '@natplan/app'
import { type Finding, hasErrors, type NodeRouting, nodeRoutes } from '@natplan/core'
import { holdsSecret } from '@natplan/templates'
import { existingFiles, readExisting } from '../input/existing-files.ts'
import { defaultPlanFile, lockFileOf } from '../input/load-network.ts'
import { loadPlan, type PlanOfFile } from '../input/load-plan.ts'
import { readKeys } from '../input/read-keys.ts'
import { readTemplates } from '../input/read-templates.ts'
import { checkFolder, writeFolder } from '../output/output-folder.ts'
import { reportFindings, type Said, saidOf } from '../output/report-findings.ts'
import { isSaved, retiredNumbers, saveLock, whileSaving } from '../output/save-lock.ts'
import { missingSummary, summary } from '../output/summary.ts'
import { type Status, status } from '../terminal/status.ts'
import { printLines, say } from '../terminal/streams.ts'
import type { FindingOptions, KeyOptions, PlanFileOptions } from './command.ts'
import { oneFile } from './one-file.ts'

export interface GenerateOptions extends PlanFileOptions, KeyOptions, FindingOptions {
  readonly output: string
  readonly templates?: string | undefined
  readonly existing?: readonly string[] | undefined
  readonly check?: boolean | undefined
}

export function runGenerate(options: GenerateOptions): Status {
  const { plan: positional, ...rest } = options
  const file = oneFile(positional, options.file)
  const lock = options.check ? undefined : lockFileOf({ file, lock: options.lock })
  return whileSaving(lock, [file ?? defaultPlanFile], () => generateAll({ ...rest, file }))
}

type ChosenOptions = Omit<GenerateOptions, 'plan'>

function generateAll(options: ChosenOptions): Status {
  const loaded = loadPlan({ file: options.file, lock: options.lock, save: true })
  const made = loaded.plan ? madeOf(loaded, loaded.plan, options) : undefined
  const findings = [...loaded.findings, ...(made?.findings ?? [])]
  const isUpToDate = !made || hasErrors(findings) || finish(made, loaded, options)
  reportFindings([...(made?.ofTexts ?? []), { findings, documents: loaded.documents }], options.format)
  if (hasErrors(findings)) say('natplan: nothing was written')
  return hasErrors(findings) || !isUpToDate ? status.findings : status.good
}

/** What is to be written. */
interface Made {
  readonly files: (before: Texts) => readonly OutputFile[]
  readonly choice: NonNullable<Parameters<typeof writeFolder>[2]>
  readonly lock: RenderedGateways['lock']
  readonly findings: readonly Finding[]
  /** What is said of the running configurations. */
  readonly ofTexts: readonly Said[]
}

function madeOf(loaded: PlanOfFile, plan: NonNullable<PlanOfFile['plan']>, options: ChosenOptions): Made {
  const { file, keyFolder = [], templates } = options
  const { keys, findings, files } = readKeys(plan.network, { planFile: file, others: keyFolder })
  const pack = templates === undefined ? undefined : readTemplates(templates)
  const existing = existingFiles(options.existing ?? [], { site: undefined, option: '--existing ' })
  const choice = { templates: pack, existing: readExisting(existing), judge: judgePlan }
  const rendered = renderGateways(plan, { ...choice, keys, showSecrets: true })
  const nodes = nodeRoutes(plan)
  if (gatewaySites(plan.network).length === 0) sayNoGateways(nodes.routings)
  const sites = [...rendered.gateways.map(({ policy }) => policy.site), ...nodes.routings.map(({ site }) => site)]
  const folderChoice = {
    keys: [...keys.values()],
    inputs: [file ?? defaultPlanFile, lockFileOf(options), templates, ...existing.values(), ...files],
  }
  return {
    files: (before) => {
      const made = { plan, gateways: rendered.gateways, clusters: nodes.routings }
      const left = leftFiles(before, plan, made)
      const files = [...generatedFiles({ ...made, left }), ...reportFile(loaded, { ...made, left }, choice)]
      const secret = files.filter(({ text }) => holdsSecret(text, folderChoice.keys))
      return [...files, ...ignoreFile(options.output, before, secret)]
    },
    choice: folderChoice,
    lock: rendered.lock,
    findings: [...findings, ...rendered.findings, ...nodes.findings, ...unfitFolders(sites)],
    ofTexts: saidOf(rendered.existing),
  }
}

/** Writes it, or with --check says what would be written; reports whether all is as it should be then. */
function finish({ files, choice, lock }: Made, { plan, lockPath }: PlanOfFile, options: ChosenOptions): boolean {
  const { output, check = false, format } = options
  const tell = format === 'sarif' ? say : printLines
  if (check) {
    const missing = checkFolder(output, files, choice)
    const unsaved = lockPath === undefined || isSaved(lockPath, lock) ? undefined : lockPath
    tell(...missingSummary(output, missing, unsaved))
    return missing.written.length + missing.removed.length === 0 && unsaved === undefined
  }
  const result = writeFolder(output, files, choice)
  if (plan) say(...retiredNumbers(plan.lock, lock, plan, options))
  const isLocked = lockPath !== undefined && saveLock(lockPath, lock)
  tell(...summary(output, result, isLocked ? lockPath : undefined))
  return true
}

/** Manifests alone are something; nothing at all is a slip. */
function sayNoGateways(clusters: readonly NodeRouting[]): void {
  const missing = noGateways()
  if (clusters.length === 0) throw missing
  say(`natplan: ${missing.message}, so there is no configuration of one; ${missing.hint}`)
}

/** Beyond so many sites the report takes longer than all else; `natplan report` writes it. */
const mostReported = 500

/** The page for people who approve it, with gateways as they are without keys. What changes is another thing once it is done. */
function reportFile(
  loaded: PlanOfFile,
  generated: Generated,
  choice: Omit<RenderChoice, 'keys' | 'showSecrets'>,
): OutputFile[] {
  const { plan } = generated
  if (plan.network.sites.size > mostReported) {
    say('natplan: report.html is not written for so many sites; natplan report writes it')
    return []
  }
  const rendered = renderGateways(plan, { ...choice, keys: new Map(), showSecrets: false })
  return [{ path: 'report.html', text: report({ ...generated, loaded, rendered }) }]
}

/** Keeps files with keys out of version control, unless somebody has said already what to ignore. */
function ignoreFile(folder: string, before: Texts, secret: readonly OutputFile[]): OutputFile[] {
  const path = '.gitignore'
  const isOthers = existsSync(join(folder, path)) && !before.has(path)
  if (secret.length === 0 || isOthers) return []
  return [{ path, text: `# Files with pre-shared keys.\n${secret.map((file) => `/${file.path}\n`).join('')}` }]
}
