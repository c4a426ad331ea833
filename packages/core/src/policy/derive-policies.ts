import { isSameName } from '../address/named-address.ts'
import { interfaceKey, type Lock, type LockedInterface, type LockedNumber, numberKey } from '../allocation/lock.ts'
import { type Finding, findingOf, hasErrors, inPlan } from '../finding.ts'
import { limits } from '../limits.ts'
import type { SiteName } from '../network/names.ts'
import type { Forward, Gateway, Transit } from '../network/network.ts'
import type { Plan } from '../plan/plan.ts'
import { cloudFindings } from './cloud-bounds.ts'
import { type Connection, connectionsOf, tunnelsByPair } from './connections.ts'
import { freeSpaceNeeds } from './free-space-needs.ts'
import type { GatewayPolicy } from './gateway-policy.ts'
import type { GatewaySite } from './gateway-site.ts'
import { calledByPeers, natRules } from './nat-rules.ts'
import { clampsOf, routesOf, virtualInterfacesOf } from './platform-needs.ts'
import { type NumberedPair, type NumberLimits, numberPairs } from './rule-numbers.ts'
import { type Face, isHidden, isTranslated, type NumberedSubnetPair, pairsOf, type SubnetPair } from './subnet-pairs.ts'
import { cableOwner, type TunnelPlace, tunnelPlaces } from './tunnel-places.ts'
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
  const interfaces: LockedInterface[] = []
  const transits = transitsBySite(plan.network.transits)
  const lockedBySite = numbersBySite(plan.lock)
  const derived = sites.map((site) => {
    const { connections, findings } = connectionsOf(plan, {
      site,
      sites: byName,
      tunnels,
      transits: transits.get(site.name) ?? [],
    })
    const crowded = tooManyPairs(site, connections)
    if (crowded) return { policy: undefined, findings: [...findings, crowded] }
    const pairs = numberedTogether(pairsOf(plan, site, connections), connections)
    const placing = tunnelPlaces(site, connections, { pairs, lock: plan.lock })
    interfaces.push(...placing.interfaces)
    const numbering = numberPairs(
      pairs.flatMap((pair) => numberedAs(site, pair)),
      {
        site: site.name,
        gateway: site.gateway,
        locked: lockedBySite.get(site.name) ?? new Map(),
        limits: limits?.get(site.name),
      },
    )
    for (const [key, number] of numbering.numbers) numbers.set(key, number)
    return policyOf({
      site,
      connections,
      pairs,
      places: placing.places,
      numbers: numbering.numbers,
      findings: [...findings, ...placing.findings, ...cloudFindings(site, connections, pairs), ...numbering.findings],
    })
  })
  const findings = derived.flatMap((one) => one.findings)
  if (hasErrors(findings)) return { policies: [], lock: plan.lock, findings }
  const byKey = new Map(interfaces.map((one) => [interfaceKey(one), one]))
  const lock = { ...plan.lock, numbers: sorted(numbers), interfaces: sorted(byKey) }
  return { policies: derived.flatMap(({ policy }) => policy ?? []), lock, findings }
}

/** Each pair is a rule of NAT and a selector of its own, so they grow with the product. */
function tooManyPairs(
  { name, subnets, gateway }: GatewaySite,
  connections: readonly Connection[],
): Finding | undefined {
  const { most } = limits.writtenSelectors
  const pairs = connections.reduce((sum, { peer, inFront, behind }) => {
    const far = behind.length * subnets.length + inFront.length * peer.subnets.length
    return sum + subnets.length * peer.subnets.length + far
  }, 0)
  if (pairs <= most) return undefined
  return findingOf('GATEWAY_PAIRS_MANY', inPlan(gateway.path), {
    message: `the subnets of ${name} and those of its peers are ${pairs} pairs; natplan writes a gateway with up to ${most}`,
    hint: 'join neighbouring subnets: 10.1.0.0/24 to 10.1.3.0/24 are 10.1.0.0/22',
    about: { site: name },
  })
}

/** Rules at a cable are for all tunnels behind it, and so are their numbers. */
function numberedTogether(pairs: readonly SubnetPair[], connections: readonly Connection[]): SubnetPair[] {
  const labels = new Map(connections.map((one) => [one.name, cableOwner(one, connections).label]))
  return pairs.map((pair) => ({ ...pair, label: labels.get(pair.tunnel) }))
}

function numbersBySite({ numbers }: Lock): Map<SiteName, Map<string, LockedNumber>> {
  const sites = new Map<SiteName, Map<string, LockedNumber>>()
  for (const [key, one] of numbers) {
    const ofSite = sites.get(one.site) ?? new Map<string, LockedNumber>()
    sites.set(one.site, ofSite.set(key, one))
  }
  return sites
}

function transitsBySite(transits: readonly Transit[]): Map<SiteName, Transit[]> {
  const sites = new Map<SiteName, Transit[]>()
  for (const transit of transits) {
    for (const name of [...transit.sites, transit.through]) {
      const known = sites.get(name)
      if (known) known.push(transit)
      else sites.set(name, [transit])
    }
  }
  return sites
}

/** Of several tunnels to a peer each has rules of its own. */
function numbered({ name }: GatewaySite, { label, peer, local, remote }: SubnetPair): NumberedPair {
  const ends = { peer, local: local.real, remote: remote.real, ...(label === undefined ? {} : { uplink: label }) }
  if (!local.subnet || !remote.subnet) return { ...ends, isSummary: true }
  const { site } = local.subnet
  return site === name ? ends : { ...ends, from: site }
}

/** What a pair has numbers for: its own rules and selector, those for the peer's translation, and forwards. */
function numberedAs(site: GatewaySite, pair: SubnetPair): NumberedPair[] {
  const own = numbered(site, pair)
  const far = { ...own, isFar: true } as const
  return [
    own,
    ...forwardsOf(pair.local).map((one) => ({ ...own, forward: forwardKey(one) })),
    ...(isTranslated(pair.remote) ? [far] : []),
    ...forwardsOf(pair.remote).map((one) => ({ ...far, forward: forwardKey(one) })),
  ]
}

/** Those of a subnet that is hidden here. */
function forwardsOf(face: Face): readonly Forward[] {
  return isHidden(face) ? (face.subnet?.forwards ?? []) : []
}

function forwardKey({ protocol, port }: Forward): string {
  return `${protocol} ${port}`
}

function policyOf(known: {
  readonly site: GatewaySite
  readonly connections: readonly Connection[]
  readonly pairs: readonly SubnetPair[]
  readonly places: ReadonlyMap<SiteName, TunnelPlace>
  readonly numbers: ReadonlyMap<string, LockedNumber>
  readonly findings: readonly Finding[]
}): { readonly policy: GatewayPolicy | undefined; readonly findings: readonly Finding[] } {
  const { site, connections, places, findings } = known
  if (hasErrors(findings)) return { policy: undefined, findings }
  const { gateway, name } = site
  const pairs = known.pairs.map((pair) => {
    const ends = numbered(site, pair)
    const numberOf = (use: Pick<NumberedPair, 'isFar' | 'forward'>) =>
      known.numbers.get(numberKey({ site: name, ...ends, ...use }))?.number
    const number = numberOf({})
    if (number === undefined) throw new Error(`no rule number for ${name} and ${pair.peer}`)
    const forwards = ([false, true] as const).flatMap((isFar) =>
      forwardsOf(isFar ? pair.remote : pair.local).flatMap((one) => {
        const own = numberOf({ ...(isFar ? { isFar } : {}), forward: forwardKey(one) })
        return own === undefined ? [] : [{ ...one, number: own, isFar }]
      }),
    )
    return { ...pair, number, far: numberOf({ isFar: true }), forwards }
  })
  const byTunnel = groupByTunnel(pairs)
  const carrying = connections.filter((connection) => byTunnel.has(connection.name))
  const tunnels = carrying.map((connection) => {
    const { name: tunnel } = connection
    return tunnelPolicy(connection, { pairs: byTunnel.get(tunnel) ?? [], place: places.get(tunnel) })
  })
  const inUse = carrying.flatMap((connection) => places.get(connection.name) ?? [])
  const calling = freeSpaceNeeds(gateway, carrying, { pairs, places })
  const routes = routesOf(gateway, carrying, { pairs, places, further: calling.routes })
  const clamps = clampsOf(gateway, carrying, { pairs, places: inUse })
  const tryingOnce = carrying.filter(({ peerTriesOnce }) => peerTriesOnce).map(({ peer }) => peer.name)
  const policy = {
    site: name,
    platform: gateway.platform,
    outside: outsideOf(gateway),
    inside: gateway.inside,
    tunnels,
    ...(tryingOnce.length > 0 ? { peersThatTryOnce: tryingOnce } : {}),
    nat: natRules(site, pairs, places),
    interfaces: virtualInterfacesOf(gateway, inUse),
    vrfs: vrfsOf(inUse),
    routes: routes.routes,
    ...(calling.proxied.length > 0 ? { proxied: calling.proxied } : {}),
    discards: calledByPeers(pairs),
    clamps: clamps.clamps,
    ...(gateway.firewall ? { firewall: gateway.firewall } : {}),
  }
  const empty = connections.filter((connection) => !byTunnel.has(connection.name)).map((one) => emptyTunnel(name, one))
  return { policy, findings: [...findings, ...empty, ...routes.findings, ...calling.findings, ...clamps.findings] }
}

/** Several tunnels to a peer may have one. */
function vrfsOf(places: readonly TunnelPlace[]): GatewayPolicy['vrfs'] {
  return [...new Map(places.flatMap(({ domain }) => (domain ? [[domain.vrf.name, domain.vrf]] : []))).values()]
}

function outsideOf({ outside: { interface: name, address, publicAddress } }: Gateway): GatewayPolicy['outside'] {
  return {
    interface: name,
    address: onInterface(address, name),
    ...(isSameName(address, publicAddress) ? {} : { publicAddress }),
  }
}

function groupByTunnel(pairs: readonly NumberedSubnetPair[]): Map<SiteName, NumberedSubnetPair[]> {
  const groups = new Map<SiteName, NumberedSubnetPair[]>()
  for (const pair of pairs) {
    const group = groups.get(pair.tunnel)
    if (group) group.push(pair)
    else groups.set(pair.tunnel, [pair])
  }
  return groups
}

function emptyTunnel(site: SiteName, { peer, path }: Connection): Finding {
  const message = `the tunnel of ${site} and ${peer.name} has nothing to carry: they have no subnets of the same IP version`
  return findingOf('TUNNEL_EMPTY', inPlan(path), { message, hint: 'list subnets at both sites, or remove the tunnel' })
}

function sorted<T extends Pick<LockedInterface, 'site' | 'peer'>>(numbers: ReadonlyMap<string, T>): Map<string, T> {
  return new Map([...numbers].sort(([, a], [, b]) => compareText(a.site, b.site) || compareText(a.peer, b.peer)))
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
