import {
  checkExisting,
  derivePolicies,
  type Finding,
  findingOf,
  type GatewayPolicy,
  hasErrors,
  inPlan,
  type Lock,
  limitsFrom,
  NatplanError,
  type Plan,
  type SiteName,
} from '@natplan/core'
import { type PlatformModule, platformModule, type Secret, type Texts } from '@natplan/templates'
import type { RunningConfig } from '../input/read-config.ts'
import { readExisting } from '../input/read-existing.ts'
import { type Keys, keysOfSite } from '../input/read-keys.ts'
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
  /** The running configurations that were compared with. */
  readonly existing: readonly RunningConfig[]
}

export interface RenderChoice {
  readonly keys: Keys
  /** Without it, configuration has a comment in place of each key. */
  readonly showSecrets: boolean
  readonly templates?: TemplatePack | undefined
  /** Only this site. */
  readonly site?: SiteName | undefined
  /** Files with running configurations, by site. */
  readonly existing?: ReadonlyMap<string, string>
}

/** Renders the configuration of every gateway of a plan, or of one. */
export function renderGateways(plan: Plan, choice: RenderChoice): RenderedGateways {
  const { policies, lock, findings, existing } = derive(plan, choice.existing ?? new Map())
  const chosen = policies.filter(({ site }) => choice.site === undefined || site === choice.site)
  const rendered = chosen.map((policy) => renderOne(policy, plan, choice))
  const all = unique([...findings, ...rendered.flatMap((one) => one.findings)])
  if (hasErrors(all)) return { gateways: [], lock: plan.lock, findings: all, existing }
  return { gateways: rendered.flatMap(({ gateway }) => gateway ?? []), lock, findings: all, existing }
}

/** The policies; with running configurations, numbered around what is there and held against it. */
function derive(plan: Plan, files: ReadonlyMap<string, string>) {
  const first = derivePolicies(plan)
  const unknown = [...files.keys()].find((site) => !plan.network.sites.get(site as SiteName)?.gateway)
  if (unknown !== undefined)
    throw new NatplanError('USAGE', `the plan has no gateway of a site ${JSON.stringify(unknown)}`)
  const running = first.policies.flatMap((policy) => {
    const file = files.get(policy.site)
    return file === undefined ? [] : [{ policy, config: readExisting(policy, file) }]
  })
  if (running.length === 0) return { ...first, existing: [] }
  const limits = running.map(({ policy, config }) => limitsFrom(config.parsed, policy))
  const placed = derivePolicies(plan, { limits: new Map(limits.map(({ site, limits }) => [site, limits])) })
  const clashes = placed.policies.flatMap((policy) => {
    const config = running.find((one) => one.policy.site === policy.site)?.config
    return config ? [...checkExisting(policy, config.parsed), ...unclearPeers(policy, config)] : []
  })
  return { ...placed, findings: [...placed.findings, ...clashes], existing: running.map(({ config }) => config) }
}

/** A peer that is there but could not be read as a whole still stands where natplan would write. */
function unclearPeers({ site, tunnels }: GatewayPolicy, { text, parsed }: RunningConfig): Finding[] {
  return tunnels.flatMap(({ peer, remote: { address } }) => {
    if (parsed.policy.tunnels.some((tunnel) => tunnel.remote.address.equals(address))) return []
    const literal = String(address).replaceAll('.', '\\.')
    if (!new RegExp(`\\b(peer|remote-address)\\s+['"]?${literal}['"]?(\\s|$)`, 'm').test(text)) return []
    const message = `${site} has a tunnel to ${address} already, which is not complete; natplan's for ${peer} ends there too`
    return findingOf('EXISTING_PEER', inPlan(['sites', site, 'gateway']), {
      message,
      hint: 'remove the old tunnel first',
    })
  })
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
  if (hasErrors(keyFindings)) return { gateway: undefined, findings: keyFindings }
  const overrides = templates?.get(platform)
  const secrets: ReadonlyMap<string, Secret> = showSecrets ? ofSite : new Map()
  const { texts, findings } = module.render(policy, { secrets, ...(overrides ? { overrides } : {}) })
  return { gateway: texts && { policy, module, texts }, findings: [...keyFindings, ...findings] }
}

function placeOfKey({ network }: Plan, site: SiteName, peer: string) {
  const tunnel = network.tunnels?.find(({ sites }) => sites.includes(site) && sites.includes(peer as SiteName))
  return inPlan([...(tunnel?.path ?? []), 'preSharedKey'])
}

/** Two gateways of one platform say the same of one key or template. */
function unique(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((finding) => [JSON.stringify(finding), finding])).values()]
}
