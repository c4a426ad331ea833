import {
  checkExisting,
  derivePolicies,
  type ExistingConfig,
  type Finding,
  findingOf,
  type GatewayPolicy,
  inPlan,
  type Lock,
  limitsFrom,
  NatplanError,
  type Plan,
  type SiteName,
} from '@natplan/core'
import { type RunningConfig, readRunning } from '../input/read-existing.ts'

/** Policies that fit in with what runs on the gateways. */
export interface FittedPolicies {
  readonly policies: readonly GatewayPolicy[]
  readonly lock: Lock
  readonly findings: readonly Finding[]
  /** The running configurations that were compared with. */
  readonly existing: readonly RunningConfig[]
}

/**
 * What of a running configuration counts as there already. `all`: lines are only added, so natplan's own that differ are in the way;
 * `others`: natplan's own will be changed.
 */
export type InTheWay = 'all' | 'others'

/** The policies; with running configurations, numbered around what is there and held against it. */
export function fitPolicies(plan: Plan, files: ReadonlyMap<string, string>, inTheWay: InTheWay): FittedPolicies {
  const first = derivePolicies(plan)
  const unknown = [...files.keys()].find((site) => !plan.network.sites.get(site as SiteName)?.gateway)
  if (unknown !== undefined)
    throw new NatplanError('USAGE', `the plan has no gateway of a site ${JSON.stringify(unknown)}`)
  const running = first.policies.flatMap((policy) => {
    const file = files.get(policy.site)
    return file === undefined ? [] : [{ policy, config: readRunning(policy, file) }]
  })
  if (running.length === 0) return { ...first, existing: [] }
  const existing = (config: RunningConfig) => existingIn(config, inTheWay)
  const limits = running.map(({ policy, config }) => limitsFrom(existing(config), policy))
  const placed = derivePolicies(plan, { limits: new Map(limits.map(({ site, limits }) => [site, limits])) })
  const clashes = placed.policies.flatMap((policy) => {
    const config = running.find((one) => one.policy.site === policy.site)?.config
    if (!config) return []
    return [...checkExisting(policy, existing(config)), ...unclearPeers(policy, config, inTheWay)]
  })
  return { ...placed, findings: [...placed.findings, ...clashes], existing: running.map(({ config }) => config) }
}

function existingIn({ parsed, shares: { others }, document }: RunningConfig, inTheWay: InTheWay): ExistingConfig {
  const shown = inTheWay === 'all' ? parsed : others
  return {
    ...shown,
    policy: { ...shown.policy, tunnels: others.policy.tunnels },
    written: { file: document.name, lines: new Map([...shown.lines, ...others.lines]) },
  }
}

/** A peer that is there but could not be read as a whole still stands where natplan would write. */
function unclearPeers({ site, tunnels }: GatewayPolicy, config: RunningConfig, inTheWay: InTheWay): Finding[] {
  const { parsed, shares } = config
  const known = inTheWay === 'all' ? parsed : shares.others
  return tunnels.flatMap(({ peer, remote: { address } }) => {
    if (known.policy.tunnels.some((tunnel) => tunnel.remote.address.equals(address))) return []
    const isThere =
      inTheWay === 'all' ? isNamedIn(config.text, String(address)) : shares.otherPeers.includes(String(address))
    if (!isThere) return []
    const message = `${site} has a tunnel to ${address} already, which is not complete; natplan's for ${peer} ends there too`
    return findingOf('EXISTING_PEER', inPlan(['sites', site, 'gateway']), {
      message,
      hint: 'remove the old tunnel first',
    })
  })
}

function isNamedIn(text: string, address: string): boolean {
  const literal = address.replaceAll('.', '\\.')
  return new RegExp(`\\b(peer|remote-address)\\s+['"]?${literal}['"]?(\\s|$)`, 'm').test(text)
}
