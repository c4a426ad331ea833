import { gatewaySite, gatewaySites, judgePlan, noGateways, type RenderedGateway, renderGateways } from '@natplan/app'
import { type Finding, hasErrors, NatplanError } from '@natplan/core'
import { existingFiles, readExisting } from '../input/existing-files.ts'
import { defaultPlanFile, lockFileOf } from '../input/load-network.ts'
import { loadPlan } from '../input/load-plan.ts'
import { readKeys } from '../input/read-keys.ts'
import { readTemplates } from '../input/read-templates.ts'
import { reportFindings, type Said, saidOf } from '../output/report-findings.ts'
import { retiredNumbers, whileSaving } from '../output/save-lock.ts'
import { type Status, status } from '../terminal/status.ts'
import { print, say } from '../terminal/streams.ts'
import type { FindingOptions, KeyOptions, PlanFileOptions } from './command.ts'
import { keepNumbers } from './keep-numbers.ts'
import { oneFile } from './one-file.ts'

export interface VyattaOptions extends PlanFileOptions, KeyOptions, FindingOptions {
  readonly site?: string | undefined
  readonly remove?: boolean | undefined
  readonly check?: boolean | undefined
  readonly script?: boolean | undefined
  readonly showSecrets?: boolean | undefined
  readonly templates?: string | undefined
  readonly existing?: readonly string[] | undefined
  readonly save?: boolean | undefined
}

export function runVyatta(options: VyattaOptions): Status {
  const { plan: positional, ...rest } = options
  const file = oneFile(positional, options.file)
  const existing = existingFiles(options.existing ?? [], { site: options.site, option: '--existing ' })
  const lock = options.save ? lockFileOf({ file, lock: options.lock }) : undefined
  return whileSaving(lock, [file ?? defaultPlanFile, ...existing.values()], () =>
    printGateways({ ...rest, file }, existing),
  )
}

function printGateways(options: Omit<VyattaOptions, 'plan'>, existing: ReadonlyMap<string, string>): Status {
  const { file, lock, site, templates, showSecrets = false, keyFolder = [] } = options
  const { plan, lockPath, findings, documents } = loadPlan({ file, lock, save: options.save })
  const found: Finding[] = [...findings]
  let gateways: readonly RenderedGateway[] = []
  let ofTexts: readonly Said[] = []
  if (plan) {
    if (gatewaySites(plan.network).length === 0) throw noGateways()
    const chosen = site === undefined ? undefined : gatewaySite(plan, site)
    const { keys, findings: keyFindings } = showSecrets
      ? readKeys(plan.network, { planFile: file, others: keyFolder })
      : noKeys
    const pack = templates === undefined ? undefined : readTemplates(templates)
    const rendered = renderGateways(plan, {
      keys,
      showSecrets,
      templates: pack,
      site: chosen,
      existing: readExisting(existing),
      judge: judgePlan,
    })
    gateways = rendered.gateways
    ofTexts = saidOf(rendered.existing)
    found.push(...keyFindings, ...rendered.findings)
    if (!hasErrors(found)) say(...retiredNumbers(plan.lock, rendered.lock, plan, { file, lock }))
    if (!hasErrors(found)) keepNumbers(plan.lock, rendered.lock, { lockPath, save: options.save ?? false })
  }
  const kind = options.remove ? 'remove' : options.check ? 'check' : 'configure'
  if (options.format !== 'sarif')
    print(textsOf(gateways, { kind, script: options.script ?? false, headings: site === undefined }))
  reportFindings([...ofTexts, { findings: found, documents }], options.format)
  return hasErrors(found) ? status.findings : status.good
}

const noKeys = { keys: new Map(), findings: [] }

type Kind = 'configure' | 'remove' | 'check'

function textsOf(
  gateways: readonly RenderedGateway[],
  { kind, script, headings }: { readonly kind: Kind; readonly script: boolean; readonly headings: boolean },
): string {
  return gateways
    .map((gateway) => {
      const { site, platform } = gateway.policy
      const heading = headings ? `# ---- ${site} (${platform}): ${kind} ----\n` : ''
      return `${heading}${textOf(gateway, { kind, script })}`
    })
    .join('\n')
}

function textOf({ texts, module, policy }: RenderedGateway, { kind, script }: { kind: Kind; script: boolean }): string {
  const text = texts[kind]
  if (!script || kind === 'check') return text
  const wrapped = module.script(text, kind)
  if (wrapped !== undefined) return wrapped
  throw new NatplanError('USAGE', `${policy.platform} has no script form`, { hint: 'leave --script out' })
}
