import {
  derivePolicies,
  type Finding,
  type GatewayPolicy,
  hasErrors,
  inPlan,
  type Lock,
  type Plan,
  type SiteName,
} from '@natplan/core'
import { type PlatformModule, platformModule, type Secret, type Texts } from '@natplan/templates'
import type { Keys } from '../input/read-keys.ts'
import { keysOfSite } from '../input/read-keys.ts'
import type { TemplatePack } from '../input/read-templates.ts'

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
}

export interface RenderChoice {
  readonly keys: Keys
  /** Without it, configuration has a comment in place of each key. */
  readonly showSecrets: boolean
  readonly templates?: TemplatePack | undefined
  /** Only this site. */
  readonly site?: SiteName | undefined
}

/** Renders the configuration of every gateway of a plan, or of one. */
export function renderGateways(plan: Plan, choice: RenderChoice): RenderedGateways {
  const { policies, lock, findings } = derivePolicies(plan)
  const chosen = policies.filter(({ site }) => choice.site === undefined || site === choice.site)
  const rendered = chosen.map((policy) => renderOne(policy, plan, choice))
  const all = [...findings, ...rendered.flatMap((one) => one.findings)]
  if (hasErrors(all)) return { gateways: [], lock: plan.lock, findings: all }
  return { gateways: rendered.flatMap(({ gateway }) => gateway ?? []), lock, findings: all }
}

function renderOne(
  policy: GatewayPolicy,
  plan: Plan,
  { keys, showSecrets, templates }: RenderChoice,
): { readonly gateway: RenderedGateway | undefined; readonly findings: readonly Finding[] } {
  const { site, platform } = policy
  const module = platformModule(platform)
  if (!module) throw new Error(`no module for ${platform}`)
  const ofSite = keysOfSite(keys, site)
  const keyFindings = [...ofSite].flatMap(([peer, key]) => module.checkKey(key, placeOfKey(plan, site, peer)))
  const overrides = templates?.get(platform)
  const secrets: ReadonlyMap<string, Secret> = showSecrets ? ofSite : new Map()
  const { texts, findings } = module.render(policy, { secrets, ...(overrides ? { overrides } : {}) })
  return { gateway: texts && { policy, module, texts }, findings: [...keyFindings, ...findings] }
}

function placeOfKey({ network }: Plan, site: SiteName, peer: string) {
  const tunnel = network.tunnels?.find(({ sites }) => sites.includes(site) && sites.includes(peer as SiteName))
  return inPlan([...(tunnel?.path ?? []), 'preSharedKey'])
}
