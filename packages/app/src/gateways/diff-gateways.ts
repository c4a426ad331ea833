import {
  type Accept,
  cutsOf,
  type Finding,
  findingOf,
  type GatewayPolicy,
  hasErrors,
  inPlan,
  type Lock,
  type Plan,
} from '@natplan/core'
import { type Operation, platformModule } from '@natplan/templates'
import type { RunningConfig } from '../configs/read-running.ts'
import type { NamedText } from '../text/documents.ts'
import { fitPolicies } from './fit-policies.ts'
import type { GatewayDiff } from './gateway-diff.ts'
import type { Judge } from './judge-merged.ts'
import { type Keys, keysOfSite } from './keys.ts'
import { leftGateway } from './left-gateway.ts'
import { placeOfKey, type TemplatePack, unique } from './render-gateways.ts'

export interface GatewayDiffs {
  /** By site; empty when a finding is an error. */
  readonly diffs: readonly GatewayDiff[]
  readonly lock: Lock
  readonly findings: readonly Finding[]
  /** What is wrong with the texts, each with its file. */
  readonly running: readonly { readonly config: RunningConfig; readonly findings: readonly Finding[] }[]
}

export interface DiffChoice {
  /** Running configurations, by site. */
  readonly texts: ReadonlyMap<string, NamedText>
  readonly keys: Keys
  readonly showSecrets: boolean
  readonly templates?: TemplatePack | undefined
  /** What the verifier says of the gateways once they are changed. */
  readonly judge: Judge
}

/** Compares running gateways with a plan. */
export function diffGateways(plan: Plan, choice: DiffChoice): GatewayDiffs {
  const left = [...choice.texts].flatMap(([site, text]) => leftGateway(plan, site, text) ?? [])
  const planned = new Map([...choice.texts].filter(([site]) => !left.some((one) => one.site === site)))
  const refused = [...planned.keys()].flatMap((site) => cannotCompare(plan, site))
  const { policies, lock, findings, existing, accepts } = fitPolicies(plan, refused.length > 0 ? new Map() : planned, {
    inTheWay: 'others',
    judge: choice.judge,
  })
  const diffs = existing.flatMap((running) => {
    const policy = policies.find(({ site }) => site === running.site)
    return policy ? [diffOne(policy, running, { plan, choice, accepts })] : []
  })
  const placed = findings.filter((one) => !isPlaced(one, diffs))
  const all = unique([...refused, ...placed, ...[...diffs, ...left].flatMap((one) => one.findings)])
  return {
    diffs: hasErrors(all) ? [] : [...diffs, ...left].map(({ diff }) => diff),
    lock: hasErrors(all) ? plan.lock : lock,
    findings: all,
    running: existing.map((config) => ({ config, findings: config.findings })),
  }
}

/** Rules that filters need and that stand there already are nothing to tell. */
function isPlaced({ code, about }: Finding, diffs: readonly { readonly diff: GatewayDiff }[]): boolean {
  if (code !== 'FILTER_RULES_NEEDED') return false
  const own = diffs.find(({ diff }) => diff.site === about?.site)
  const isOfFilters = ({ kind, object, path }: Operation) =>
    object.kind === 'rule' && (kind === 'run' || path[0] === 'firewall')
  return !own?.diff.difference.operations.some(isOfFilters)
}

function cannotCompare({ network }: Plan, name: string): Finding[] {
  const site = [...network.sites.values()].find((one) => one.name === name)
  if (!site?.gateway || platformModule(site.gateway.platform)?.compare) return []
  const message = `natplan cannot read back what runs on ${name}: its platform is ${site.gateway.platform}`
  const hint = `natplan vyatta --site ${name} prints what must be there`
  return [findingOf('DIFF_UNSUPPORTED', inPlan([...site.gateway.path, 'platform']), { message, hint })]
}

function diffOne(
  policy: GatewayPolicy,
  running: RunningConfig,
  { plan, choice, accepts }: { readonly plan: Plan; readonly choice: DiffChoice; readonly accepts: readonly Accept[] },
): { readonly diff: GatewayDiff; readonly findings: readonly Finding[] } {
  const { site, platform } = policy
  const module = platformModule(platform)
  if (!module?.compare) throw new Error(`no module for ${platform}`)
  const { keys, showSecrets, templates } = choice
  const secrets = keysOfSite(keys, site)
  const keyFindings = showSecrets
    ? [...secrets].flatMap(([peer, key]) => module.checkKey(key, placeOfKey(plan, site, peer)))
    : []
  const overrides = templates?.get(platform)
  const own = accepts.filter((accept) => accept.site === site)
  const options = { secrets, showSecrets, accepts: own, ...(overrides ? { overrides } : {}) }
  const difference = module.compare.diff(running.text, policy, options)
  const newKeys = new Set(difference.keys.filter(({ outcome }) => outcome === 'differs').map(({ peer }) => peer))
  const cuts = cutsOf(running.shares.own, policy, { newKeys })
  return { diff: { site, platform, running, difference, cuts }, findings: [...keyFindings, ...difference.findings] }
}
