import {
  type Accept,
  type Finding,
  type GatewayPolicy,
  hasErrors,
  inPlan,
  type Lock,
  type Plan,
  type Platform,
  type SiteName,
  tunnelName,
} from '@natplan/core'
import { type OwnTemplates, type PlatformModule, platformModule, type Secret, type Texts } from '@natplan/templates'
import type { RunningConfig } from '../configs/read-running.ts'
import type { NamedText } from '../text/documents.ts'
import { fitPolicies } from './fit-policies.ts'
import type { Judge } from './judge-merged.ts'
import { type Keys, keysOfSite } from './keys.ts'

/** A user's own templates by platform. */
export type TemplatePack = ReadonlyMap<Platform, OwnTemplates>

/** What one gateway gets. */
export interface RenderedGateway {
  readonly policy: GatewayPolicy
  readonly module: PlatformModule
  readonly texts: Texts
}

export interface RenderedGateways {
  /** By site; empty when a finding is an error. */
  readonly gateways: readonly RenderedGateway[]
  /** The plan's lock with the numbers of all rules. */
  readonly lock: Lock
  readonly findings: readonly Finding[]
  /** The running configurations that were compared with. */
  readonly existing: readonly RunningConfig[]
}

export interface RenderChoice {
  /** What the verifier says of gateways that run already, once they have these lines too. */
  readonly judge: Judge
  readonly keys: Keys
  /** Without it, configuration has a comment in place of each key. */
  readonly showSecrets: boolean
  readonly templates?: TemplatePack | undefined
  /** Only this site. */
  readonly site?: SiteName | undefined
  /** Running configurations, by site. */
  readonly existing?: ReadonlyMap<string, NamedText>
}

/** Renders the configuration of every gateway of a plan, or of one. */
export function renderGateways(plan: Plan, choice: RenderChoice): RenderedGateways {
  const { policies, lock, findings, existing, accepts } = fitPolicies(plan, choice.existing ?? new Map(), {
    inTheWay: 'all',
    judge: choice.judge,
  })
  const chosen = policies.filter(({ site }) => choice.site === undefined || site === choice.site)
  const rendered = chosen.map((policy) => renderOne(policy, plan, { ...choice, accepts, running: existing }))
  const all = unique([...findings, ...rendered.flatMap((one) => one.findings)])
  if (hasErrors(all)) return { gateways: [], lock: plan.lock, findings: all, existing }
  return { gateways: rendered.flatMap(({ gateway }) => gateway ?? []), lock, findings: all, existing }
}

function renderOne(
  policy: GatewayPolicy,
  plan: Plan,
  {
    keys,
    showSecrets,
    templates,
    existing,
    accepts,
    running,
  }: RenderChoice & {
    readonly accepts: readonly Accept[]
    readonly running: readonly RunningConfig[]
  },
): { readonly gateway: RenderedGateway | undefined; readonly findings: readonly Finding[] } {
  const { site, platform } = policy
  const module = platformModule(platform)
  if (!module) throw new Error(`no module for ${platform}`)
  const ofSite = keysOfSite(keys, site)
  const keyFindings = [...ofSite].flatMap(([peer, key]) => module.checkKey(key, placeOfKey(plan, site, peer)))
  if (hasErrors(keyFindings)) return { gateway: undefined, findings: keyFindings }
  const overrides = templates?.get(platform)
  const secrets: ReadonlyMap<string, Secret> = showSecrets ? ofSite : new Map()
  const isRunning = existing?.has(site) ?? false
  const there = running.find((one) => one.site === site)
  const { texts, findings } = module.render(policy, {
    secrets,
    isRunning,
    ...(there ? { former: there.shown.clamps } : {}),
    ...(overrides ? { overrides } : {}),
  })
  const own = module.acceptLines?.(accepts.filter((accept) => accept.site === site)) ?? []
  const lines = own.flatMap((one) => one.lines).map((line) => `${line}\n`)
  const whole = texts && {
    ...texts,
    configure: [texts.configure, ...lines].join(''),
    remove: withFilterRules(texts.remove, module, there),
  }
  return { gateway: whole && { policy, module, texts: whole }, findings: [...keyFindings, ...findings] }
}

/** What removes natplan's part removes its rules in filters of others, too, as far as they are known to be there. */
function withFilterRules(remove: string, { compare }: PlatformModule, running: RunningConfig | undefined): string {
  if (!running || !compare) return remove
  const there = new Set(remove.split('\n'))
  const texts = compare.takeOff(running.text, running.site, 'filters').operations.map(({ text }) => text)
  return [...texts.filter((text) => !there.has(text.trimEnd())), remove].join('')
}

/** Where the plan names the key of a tunnel, by what the gateway calls it. */
export function placeOfKey({ network }: Plan, site: SiteName, name: string) {
  const tunnel = network.tunnels?.find(
    (one) => one.sites.includes(site) && one.sites.some((end) => end !== site && tunnelName(end, one) === name),
  )
  return inPlan([...(tunnel?.path ?? []), 'preSharedKey'])
}

/** Two gateways of one platform say the same of one key or template. */
export function unique(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((finding) => [JSON.stringify(finding), finding])).values()]
}
