import { isSameName } from '../address/named-address.ts'
import { type Lock, type LockedNumber, numberKey } from '../allocation/lock.ts'
import { type Finding, findingOf, hasErrors, inPlan } from '../finding.ts'
import { limits } from '../limits.ts'
import type { SiteName } from '../network/names.ts'
import type { Gateway } from '../network/network.ts'
import type { Plan } from '../plan/plan.ts'
import { type Connection, connectionsOf, tunnelsByPair } from './connections.ts'
import type { GatewayPolicy } from './gateway-policy.ts'
import type { GatewaySite } from './gateway-site.ts'
import { calledByPeers, natRules } from './nat-rules.ts'
import { clampsOf, routesOf, virtualInterfacesOf } from './platform-needs.ts'
import { type NumberLimits, numberPairs } from './rule-numbers.ts'
import { type NumberedSubnetPair, pairsOf, type SubnetPair } from './subnet-pairs.ts'
import { onInterface, tunnelPolicy } from './tunnel-policy.ts'

/** What all gateways must do; `policies` is empty when a finding is an error. */
export interface Derivation {
  /** By site. */
  readonly policies: readonly GatewayPolicy[]
  /** The plan's lock with the numbers of all rules; the plan's own when a finding is an error. */
  readonly lock: Lock
  readonly findings: readonly Finding[]
}

/**
 * Derives what each gateway must do. Deterministic: the same plan gives the same policies, and a plan with its own lock the same
 * numbers. `limits` is what running configurations leave free.
 */
export function derivePolicies(
  plan: Plan,
  { limits }: { readonly limits?: ReadonlyMap<SiteName, NumberLimits> } = {},
): Derivation {
  const sites = [...plan.network.sites.values()].filter((site): site is GatewaySite => site.gateway !== undefined)
  const byName = new Map(sites.map((site) => [site.name, site]))
  const tunnels = tunnelsByPair(plan.network.tunnels ?? [])
  const numbers = new Map<string, LockedNumber>()
  const lockedBySite = numbersBySite(plan.lock)
  const derived = sites.map((site) => {
    const { connections, findings } = connectionsOf(plan, { site, sites: byName, tunnels })
    const crowded = tooManyPairs(site, connections)
    if (crowded) return { policy: undefined, findings: [...findings, crowded] }
    const pairs = pairsOf(plan, site, connections)
    const numbering = numberPairs(pairs.map(numbered), {
      site: site.name,
      gateway: site.gateway,
      locked: lockedBySite.get(site.name) ?? new Map(),
      limits: limits?.get(site.name),
    })
    for (const [key, number] of numbering.numbers) numbers.set(key, number)
    return policyOf({
      site,
      connections,
      pairs,
      numbers: numbering.numbers,
      findings: [...findings, ...numbering.findings],
    })
  })
  const findings = derived.flatMap((one) => one.findings)
  if (hasErrors(findings)) return { policies: [], lock: plan.lock, findings }
  const lock = { ...plan.lock, numbers: sorted(numbers) }
  return { policies: derived.flatMap(({ policy }) => policy ?? []), lock, findings }
}

/** Each pair is a rule of NAT and a selector of its own, so they grow with the product. */
function tooManyPairs(
  { name, subnets, gateway }: GatewaySite,
  connections: readonly Connection[],
): Finding | undefined {
  const { most } = limits.writtenSelectors
  const pairs = subnets.length * connections.reduce((sum, { peer }) => sum + peer.subnets.length, 0)
  if (pairs <= most) return undefined
  return findingOf('GATEWAY_PAIRS_MANY', inPlan(gateway.path), {
    message: `the subnets of ${name} and those of its peers are ${pairs} pairs; natplan writes a gateway with up to ${most}`,
    hint: 'join neighbouring subnets: 10.1.0.0/24 to 10.1.3.0/24 are 10.1.0.0/22',
    about: { site: name },
  })
}

function numbersBySite({ numbers }: Lock): Map<SiteName, Map<string, LockedNumber>> {
  const sites = new Map<SiteName, Map<string, LockedNumber>>()
  for (const [key, one] of numbers) {
    const ofSite = sites.get(one.site) ?? new Map<string, LockedNumber>()
    sites.set(one.site, ofSite.set(key, one))
  }
  return sites
}

function numbered({ peer, local, remote }: SubnetPair) {
  return { peer, local: local.subnet.prefix, remote: remote.subnet.prefix }
}

function policyOf(known: {
  readonly site: GatewaySite
  readonly connections: readonly Connection[]
  readonly pairs: readonly SubnetPair[]
  readonly numbers: ReadonlyMap<string, LockedNumber>
  readonly findings: readonly Finding[]
}): { readonly policy: GatewayPolicy | undefined; readonly findings: readonly Finding[] } {
  const { site, connections, findings } = known
  if (hasErrors(findings)) return { policy: undefined, findings }
  const { gateway, name } = site
  const pairs = known.pairs.map((pair) => {
    const number = known.numbers.get(numberKey({ site: name, ...numbered(pair) }))
    if (!number) throw new Error(`no rule number for ${name} and ${pair.peer}`)
    return { ...pair, number: number.number }
  })
  const byPeer = groupByPeer(pairs)
  const carrying = connections.filter(({ peer }) => byPeer.has(peer.name))
  const tunnels = carrying.map((connection) => tunnelPolicy(site, connection, byPeer.get(connection.peer.name) ?? []))
  const routes = routesOf(gateway, pairs)
  const clamps = clampsOf(gateway, carrying, pairs)
  const tryingOnce = carrying.filter(({ peerTriesOnce }) => peerTriesOnce).map(({ peer }) => peer.name)
  const policy = {
    site: name,
    platform: gateway.platform,
    outside: outsideOf(gateway),
    inside: gateway.inside,
    tunnels,
    ...(tryingOnce.length > 0 ? { peersThatTryOnce: tryingOnce } : {}),
    nat: natRules(site, pairs),
    interfaces: tunnels.length > 0 ? virtualInterfacesOf(gateway) : [],
    routes: routes.routes,
    discards: calledByPeers(pairs),
    clamps: clamps.clamps,
    ...(gateway.firewall ? { firewall: gateway.firewall } : {}),
  }
  const empty = connections.filter(({ peer }) => !byPeer.has(peer.name)).map((one) => emptyTunnel(name, one))
  return { policy, findings: [...findings, ...empty, ...routes.findings, ...clamps.findings] }
}

function outsideOf({ outside: { interface: name, address, publicAddress } }: Gateway): GatewayPolicy['outside'] {
  return {
    interface: name,
    address: onInterface(address, name),
    ...(isSameName(address, publicAddress) ? {} : { publicAddress }),
  }
}

function groupByPeer(pairs: readonly NumberedSubnetPair[]): Map<SiteName, NumberedSubnetPair[]> {
  const groups = new Map<SiteName, NumberedSubnetPair[]>()
  for (const pair of pairs) {
    const group = groups.get(pair.peer)
    if (group) group.push(pair)
    else groups.set(pair.peer, [pair])
  }
  return groups
}

function emptyTunnel(site: SiteName, { peer, path }: Connection): Finding {
  const message = `the tunnel of ${site} and ${peer.name} has nothing to carry: they have no subnets of the same IP version`
  return findingOf('TUNNEL_EMPTY', inPlan(path), { message, hint: 'list subnets at both sites, or remove the tunnel' })
}

function sorted(numbers: ReadonlyMap<string, LockedNumber>): Map<string, LockedNumber> {
  return new Map([...numbers].sort(([, a], [, b]) => compareText(a.site, b.site) || compareText(a.peer, b.peer)))
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
