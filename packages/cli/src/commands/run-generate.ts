import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Finding, hasErrors, type NodeRouting, nodeRoutes } from '@natplan/core'
import { platformModule } from '@natplan/templates'
import { manifestFile } from '../clusters/manifest-file.ts'
import { type Generated, guide } from '../gateways/guide.ts'
import { leftFiles } from '../gateways/left-files.ts'
import { type OutputFile, ownTexts, writeFolder } from '../gateways/output-folder.ts'
import { type RenderedGateway, renderGateways } from '../gateways/render-gateways.ts'
import { gatewaySites, noGateways } from '../input/gateway-site.ts'
import { loadPlan } from '../input/load-plan.ts'
import { existingFiles } from '../input/read-existing.ts'
import { readKeys } from '../input/read-keys.ts'
import { readTemplates } from '../input/read-templates.ts'
import { formatFindings } from '../output/format-finding.ts'
import { reportExisting } from '../output/report-existing.ts'
import { retiredNumbers, saveLock } from '../output/save-lock.ts'
import { summary } from '../output/summary.ts'
import { standardError } from '../output/terminal.ts'
import { type Status, status } from '../status.ts'
import { judgePlan } from '../verify/judge-plan.ts'
import type { PlanFileOptions } from './command.ts'
import { oneFile } from './run-plan.ts'

export interface GenerateOptions extends PlanFileOptions {
  readonly output: string
  readonly templates?: string | undefined
  readonly existing?: readonly string[] | undefined
}

export function runGenerate(options: GenerateOptions): Status {
  const file = oneFile(options.plan, options.file)
  const { plan, lockPath, findings, documents } = loadPlan({ file, lock: options.lock, save: true })
  const found: Finding[] = [...findings]
  if (plan) {
    const { keys, findings: keyFindings } = readKeys(plan.network, file)
    const templates = options.templates === undefined ? undefined : readTemplates(options.templates)
    const existing = existingFiles(options.existing ?? [], { site: undefined, option: '--existing ' })
    const rendered = renderGateways(plan, { keys, showSecrets: true, templates, existing, judge: judgePlan })
    reportExisting(rendered.existing)
    const nodes = nodeRoutes(plan)
    if (gatewaySites(plan.network).length === 0) sayNoGateways(nodes.routings)
    found.push(...keyFindings, ...rendered.findings, ...nodes.findings)
    if (!hasErrors(found)) {
      const before = ownTexts(options.output)
      const left = leftFiles(before, plan, { gateways: rendered.gateways, clusters: nodes.routings })
      const files = filesOf({ plan, gateways: rendered.gateways, clusters: nodes.routings, left })
      const result = writeFolder(options.output, [...files, ...ignoreFile(options.output, before, files)])
      process.stderr.write(retiredNumbers(plan.lock, rendered.lock, plan, { file, lock: options.lock }))
      const locked = lockPath !== undefined && saveLock(lockPath, rendered.lock)
      process.stdout.write(summary(options.output, result, locked ? lockPath : undefined))
    }
  }
  process.stderr.write(formatFindings(found, documents, standardError))
  if (hasErrors(found)) process.stderr.write('natplan: nothing was written\n')
  return hasErrors(found) ? status.findings : status.good
}

/** Manifests alone are something; nothing at all is a slip. */
function sayNoGateways(clusters: readonly NodeRouting[]): void {
  const missing = noGateways()
  if (clusters.length === 0) throw missing
  process.stderr.write(`natplan: ${missing.message}, so there is no configuration of one; ${missing.hint}\n`)
}

function filesOf(generated: Generated): OutputFile[] {
  const { gateways, clusters, left } = generated
  const index = { path: 'README.md', text: guide(generated), isSecret: false }
  const manifests = clusters.flatMap((cluster) => [
    { path: `${cluster.site}/kubernetes.yaml`, text: manifestFile(cluster, 'run'), isSecret: false },
    { path: `${cluster.site}/kubernetes-remove.yaml`, text: manifestFile(cluster, 'cleanup'), isSecret: false },
  ])
  return [index, ...gateways.flatMap(filesOfGateway), ...manifests, ...left.files]
}

/** Keeps files with keys out of version control, unless somebody has said already what to ignore. */
function ignoreFile(folder: string, before: ReadonlyMap<string, string>, files: readonly OutputFile[]): OutputFile[] {
  const path = '.gitignore'
  const secrets = files.filter(({ isSecret }) => isSecret).map((file) => `/${file.path}\n`)
  const isOthers = existsSync(join(folder, path)) && !before.has(path)
  if (secrets.length === 0 || isOthers) return []
  return [{ path, text: `# Files with pre-shared keys.\n${secrets.join('')}`, isSecret: false }]
}

function filesOfGateway({ policy, module, texts }: RenderedGateway): OutputFile[] {
  const file = (name: string, text: string, isSecret: boolean) => ({ path: `${policy.site}/${name}`, text, isSecret })
  const sheet = platformModule('generic')?.render(policy, { secrets: new Map() }).texts?.configure
  const script = (kind: 'configure' | 'remove', isSecret: boolean) => {
    const text = module.script(texts[kind], kind)
    return text === undefined ? [] : [file(`${kind}.sh`, text, isSecret)]
  }
  const own = module.capabilities.enteredByHand
    ? []
    : [
        file('configure.txt', texts.configure, texts.holdsSecret),
        ...script('configure', texts.holdsSecret),
        file('remove.txt', texts.remove, false),
        ...script('remove', false),
        file('check.txt', texts.check, false),
        ...texts.files.map(({ name, text, holdsSecret }) => file(name, text, holdsSecret)),
      ]
  return [...own, ...(sheet === undefined ? [] : [file('hand-over.md', sheet, false)])]
}
