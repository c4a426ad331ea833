import {
  type Accept,
  besidesAdded,
  checkExisting,
  type Device,
  derivePolicies,
  type Finding,
  findingOf,
  type GatewayPolicy,
  hasErrors,
  inConfig,
  type Lock,
  limitsFrom,
  mergedDevice,
  NatplanError,
  type Plan,
  placeAccepts,
  raisedClamps,
  type SiteName,
  whoseDevice,
} from '@natplan/core'
import { platformModule } from '@natplan/templates'
import { type RunningConfig, readRunning } from '../configs/read-running.ts'
import type { NamedText } from '../text/documents.ts'
import { type Judge, judgeMerged, neededRules, withoutTwice } from './judge-merged.ts'

/** Policies that fit in with what runs on the gateways. */
export interface FittedPolicies {
  readonly policies: readonly GatewayPolicy[]
  readonly lock: Lock
  readonly findings: readonly Finding[]
  /** The running configurations that were compared with. */
  readonly existing: readonly RunningConfig[]
  /** The rules that the filters which run there need for the tunnels. */
  readonly accepts: readonly Accept[]
}

/**
 * What of a running configuration counts as there already. `all`: lines are only added, so natplan's own that differ are in the way;
 * `others`: natplan's own will be changed.
 */
export type InTheWay = 'all' | 'others'

/**
 * The policies; with running configurations, numbered around what is there and held against it. `judge` is asked of gateways where nothing
 * contradicts the plan by itself.
 */
export function fitPolicies(
  plan: Plan,
  texts: ReadonlyMap<string, NamedText>,
  { inTheWay, judge }: { readonly inTheWay: InTheWay; readonly judge: Judge },
): FittedPolicies {
  const first = derivePolicies(plan)
  const unknown = [...texts.keys()].find((site) => !plan.network.sites.get(site as SiteName)?.gateway)
  if (unknown !== undefined)
    throw new NatplanError('USAGE', `the plan has no gateway of a site ${JSON.stringify(unknown)}`)
  const running = first.policies.flatMap((policy) => {
    const text = texts.get(policy.site)
    return text ? [{ policy, config: readRunning(policy, text) }] : []
  })
  if (running.length === 0) return { ...first, existing: [], accepts: [] }
  const unfit = running.flatMap(({ config: { site, shown, document, findings } }) => [
    ...ofOtherSite({ site, device: shown }, plan),
    ...findings
      .filter(({ severity }) => severity === 'error')
      .map((one) => ({ ...one, place: { ...one.place, file: document.name } })),
  ])
  if (unfit.length > 0) return { ...first, findings: [...first.findings, ...unfit], existing: [], accepts: [] }
  const existing = ({ shares }: RunningConfig, policy: GatewayPolicy) =>
    inTheWay === 'all' ? besidesAdded(shares, policy) : shares.others
  const limits = running.map(({ policy, config }) => limitsFrom(existing(config, policy), policy))
  const placed = derivePolicies(plan, { limits: new Map(limits.map(({ site, limits }) => [site, limits])) })
  const beside = placed.policies.flatMap((policy) => {
    const config = running.find((one) => one.policy.site === policy.site)?.config
    return config ? [{ policy, device: existing(config, policy) }] : []
  })
  const clashes = beside.flatMap(({ policy, device }) => checkExisting(policy, device))
  const placing = beside.map(({ policy, device }) => ({
    policy,
    ...withFirewall(mergedDevice(device, policy), policy),
  }))
  const merged = new Map(placing.map(({ policy, device }) => [policy.site, device]))
  const placedRules = placing.flatMap((one) => one.findings)
  const judged = hasErrors([...clashes, ...placedRules])
    ? { findings: [], accepts: [] }
    : judgeMerged(plan, merged, judge)
  return {
    ...placed,
    findings: [
      ...placed.findings,
      ...placedRules,
      ...withoutTwice(clashes, judged.findings),
      ...running.flatMap(({ config }) => raisedIn(config, placed.policies)),
      ...neededRules(merged, judged.accepts),
    ],
    existing: running.map(({ config }) => config),
    accepts: judged.accepts,
  }
}

function raisedIn({ site, shown }: RunningConfig, policies: readonly GatewayPolicy[]): Finding[] {
  const policy = policies.find((one) => one.site === site)
  return policy ? raisedClamps(policy, shown) : []
}

/** With the rules that sets of its own firewall get, because the plan names them. */
function withFirewall(device: Device, policy: GatewayPolicy) {
  return placeAccepts(device, platformModule(policy.platform)?.plannedAccepts(policy) ?? [])
}

/** Nothing that is concluded from the configuration of another gateway is right. */
export function ofOtherSite(
  { site, device }: { readonly site: string; readonly device: Device },
  { network }: Plan,
): Finding[] {
  const whose = whoseDevice(device, network)
  if (whose === undefined || whose === site) return []
  const message = `this is the configuration of ${whose}, not of ${site}`
  return [findingOf('EXISTING_OTHER_SITE', inConfig(undefined, device.file), { message, hint: `write ${whose}=FILE` })]
}
