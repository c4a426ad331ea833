import { type Finding, hasErrors, type NodeRouting, nodeRoutes } from '@natplan/core'
import { platformModule } from '@natplan/templates'
import { manifestFile } from '../clusters/manifest-file.ts'
import { guide } from '../gateways/guide.ts'
import { type OutputFile, writeFolder } from '../gateways/output-folder.ts'
import { type RenderedGateway, renderGateways } from '../gateways/render-gateways.ts'
import { loadPlan } from '../input/load-plan.ts'
import { existingFiles } from '../input/read-existing.ts'
import { readKeys } from '../input/read-keys.ts'
import { readTemplates } from '../input/read-templates.ts'
import { reportFindings, type Said, saidOf } from '../output/report-findings.ts'
import { retiredNumbers, saveLock } from '../output/save-lock.ts'
import { printLines, say } from '../output/streams.ts'
import { summary } from '../output/summary.ts'
import { type Status, status } from '../status.ts'
import { judgePlan } from '../verify/judge-plan.ts'
import type { FindingOptions, PlanFileOptions } from './command.ts'
import { oneFile } from './run-plan.ts'

export interface GenerateOptions extends PlanFileOptions, FindingOptions {
  readonly output: string
  readonly templates?: string | undefined
  readonly existing?: readonly string[] | undefined
}

export function runGenerate(options: GenerateOptions): Status {
  const file = oneFile(options.plan, options.file)
  const { plan, lockPath, findings, documents } = loadPlan({ file, lock: options.lock, save: true })
  const found: Finding[] = [...findings]
  let ofTexts: readonly Said[] = []
  if (plan) {
    const { keys, findings: keyFindings } = readKeys(plan.network, file)
    const templates = options.templates === undefined ? undefined : readTemplates(options.templates)
    const existing = existingFiles(options.existing ?? [], { site: undefined, option: '--existing ' })
    const rendered = renderGateways(plan, { keys, showSecrets: true, templates, existing, judge: judgePlan })
    ofTexts = saidOf(rendered.existing)
    const nodes = nodeRoutes(plan)
    found.push(...keyFindings, ...rendered.findings, ...nodes.findings)
    if (!hasErrors(found)) {
      const result = writeFolder(options.output, filesOf(rendered.gateways, nodes.routings))
      say(...retiredNumbers(plan.lock, rendered.lock))
      const locked = lockPath !== undefined && saveLock(lockPath, rendered.lock)
      const tell = options.format === 'sarif' ? say : printLines
      tell(...summary(options.output, result, locked ? lockPath : undefined))
    }
  }
  reportFindings([...ofTexts, { findings: found, documents }], options.format)
  if (hasErrors(found)) say('natplan: nothing was written')
  return hasErrors(found) ? status.findings : status.good
}

function filesOf(gateways: readonly RenderedGateway[], clusters: readonly NodeRouting[]): OutputFile[] {
  const index = { path: 'README.md', text: guide(gateways, clusters), isSecret: false }
  const manifests = clusters.map((cluster) => ({
    path: `${cluster.site}/kubernetes.yaml`,
    text: manifestFile(cluster, 'run'),
    isSecret: false,
  }))
  return [index, ...gateways.flatMap(filesOfGateway), ...manifests]
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
