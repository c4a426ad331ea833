import { knownAddress } from '../address/named-address.ts'
import { type Finding, findingOf, inPlan, type Path } from '../finding.ts'
import type { SiteName } from '../network/names.ts'
import type { Start, Transit, Tunnel, TunnelForm, TunnelSettings, Uplink } from '../network/network.ts'
import { defaultForm, defaultSettings } from '../network/normalize-tunnel.ts'
import type { Platform } from '../network/platforms.ts'
import { type Plan, visibleAs } from '../plan/plan.ts'
import { abilities } from './abilities.ts'
import {
  canBeCalled,
  changingEndFindings,
  fittingStart,
  hasFixedAddress,
  type KeyedAnswer,
  keyFindings,
  writtenStart,
} from './changing-ends.ts'
import type { TunnelAuthentication } from './gateway-policy.ts'
import { atUplink, type GatewaySite, labelOf, tunnelName, uplinkOf } from './gateway-site.ts'
import { type Algorithms, negotiate, type Speaker } from './proposals.ts'
import { type PlannedConnection, secondTunnelFindings } from './second-tunnels.ts'

/** A tunnel as one of its gateways sees it, with everything that both agree on settled. */
export interface Connection {
  /** What the gateway calls it: the peer, or the peer and an uplink. */
  readonly name: SiteName
  /** Both ends with the uplinks that it uses. */
  readonly site: GatewaySite
  readonly peer: GatewaySite
  /** Among the tunnels to this peer: 1 is used while it can be. */
  readonly rank: number
  /** How many tunnels to this peer there are. */
  readonly count: number
  /** The uplinks that the tunnel names; `undefined` for none. */
  readonly label: string | undefined
  /** The uplink that it uses here, where that is not `outside`. */
  readonly uplink: Uplink | undefined
  readonly algorithms: Algorithms
  readonly settings: TunnelSettings
  /** How this gateway proves who it is. */
  readonly authentication: TunnelAuthentication
  /** What this gateway does so that the tunnel comes up. */
  readonly start: Start
  /** What the other one does for that. */
  readonly peerStart: Start
  /** The other gateway brings the tunnel up when it is configured, and does not try again. */
  readonly peerTriesOnce: boolean
  readonly form: TunnelForm
  /** The site whose gateway does all translation; `undefined`: each does that of its own subnets. */
  readonly translateAt: SiteName | undefined
  /** The two sites in the order of the plan file. */
  readonly ends: readonly [SiteName, SiteName]
  /** This gateway translates subnets of the other end as well. */
  readonly translatesForPeer: boolean
  /** Sites that this one reaches over the peer, which hands on. */
  readonly behind: readonly SiteName[]
  /** Sites that reach the peer over this one. */
  readonly inFront: readonly SiteName[]
  readonly path: Path
}

/** Tunnels by the names of their two sites, in the order of the plan file. */
export type TunnelIndex = ReadonlyMap<string, readonly Tunnel[]>

export function tunnelsByPair(tunnels: readonly Tunnel[]): TunnelIndex {
  const index = new Map<string, Tunnel[]>()
  for (const tunnel of tunnels) {
    const key = pairKey(tunnel.sites)
    const known = index.get(key)
    if (known) known.push(tunnel)
    else index.set(key, [tunnel])
  }
  return index
}

function pairKey(sites: readonly SiteName[]): string {
  return [...sites].sort().join(' ')
}

interface Known {
  readonly site: GatewaySite
  readonly sites: ReadonlyMap<SiteName, GatewaySite>
  readonly tunnels: TunnelIndex
  /** Those that the site takes part in, at an end or between the two. */
  readonly transits: readonly Transit[]
}

/** The tunnels of a gateway, by peer. What concerns a whole tunnel is reported at the end whose name sorts first. */
export function connectionsOf(
  plan: Plan,
  { site, sites, tunnels, transits }: Known,
): { readonly connections: readonly Connection[]; readonly findings: readonly Finding[] } {
  const peers = peersOf(plan, site, sites)
  const planned: PlannedConnection[] = []
  const answers: KeyedAnswer[] = []
  const findings = withoutGateway(plan, site, peers.length)
  const joined = peers.flatMap((peer) => {
    const crossing = handedOn(site.name, peer.name, transits)
    const planned = tunnels.get(pairKey([site.name, peer.name])) ?? [undefined]
    return planned.map((tunnel, index) => ({ peer, tunnel, rank: index + 1, count: planned.length, ...crossing }))
  })
  for (const { peer, tunnel, ...place } of joined) {
    const made = connect(plan, [atUplink(site, tunnel), atUplink(peer, tunnel)], { tunnel, ...place })
    findings.push(...made.findings)
    if (!made.connection) continue
    planned.push({ connection: made.connection, tunnel })
    const { algorithms, authentication } = made.connection
    const isKeyed = authentication.kind === 'key' && algorithms.ike.version === 1
    if (isKeyed && !canBeCalled(peer)) answers.push({ peer, tunnel })
  }
  const connections = planned.map(({ connection }) => connection)
  return { connections, findings: [...findings, ...keyFindings(site, answers), ...secondTunnelFindings(planned)] }
}

/** Who talks over one of the two gateways with somebody beyond it. */
function handedOn(
  site: SiteName,
  peer: SiteName,
  transits: readonly Transit[],
): Pick<Connection, 'behind' | 'inFront'> {
  const others = (end: SiteName, hub: SiteName) =>
    transits
      .filter(({ sites, through }) => through === hub && sites.includes(end))
      .map(({ sites }) => (sites[0] === end ? sites[1] : sites[0]))
      .sort()
  return { behind: others(site, peer), inFront: others(peer, site) }
}

function peersOf(plan: Plan, site: GatewaySite, sites: ReadonlyMap<SiteName, GatewaySite>): GatewaySite[] {
  if (plan.peers.everyPair) return [...sites.values()].filter((other) => other !== site)
  return [...plan.peers.tunnelsOf(site.name)].flatMap((name) => sites.get(name) ?? [])
}

function connect(
  plan: Plan,
  [site, peer]: readonly [GatewaySite, GatewaySite],
  known: Pick<Connection, 'rank' | 'count' | 'behind' | 'inFront'> & { readonly tunnel: Tunnel | undefined },
): { readonly connection: Connection | undefined; readonly findings: readonly Finding[] } {
  const { tunnel, rank, count, behind, inFront } = known
  const path = tunnel?.path ?? site.gateway.path
  const settings = tunnel?.settings ?? defaultSettings
  const ends: readonly [GatewaySite, GatewaySite] = site.name < peer.name ? [site, peer] : [peer, site]
  const proposalPath = tunnel?.proposal === undefined ? path : [...path, 'proposal']
  const { algorithms, findings } = negotiate(
    { proposal: tunnel?.proposal, settings },
    [speaker(ends[0]), speaker(ends[1])],
    inPlan(proposalPath),
  )
  const translatesForPeer = translates(plan, { at: site, for: peer, tunnel, others: inFront })
  const peerTranslates = translates(plan, { at: peer, for: site, tunnel, others: behind })
  const isRouted = tunnel?.form.mode === 'route'
  const started = startAt(site, { peer, settings, path, isRouted: isRouted || translatesForPeer })
  const shared = ends[0] === site ? [...findings, ...endFindings(ends, { settings, path })] : []
  const peerStart = startAt(peer, { peer: site, settings, path, isRouted: isRouted || peerTranslates }).start
  const peerTriesOnce = triesOnce(peer.gateway.platform, peerStart)
  const names = tunnel?.certificates?.get(site.name)
  const connection = algorithms && {
    ...{ site, peer, rank, count, algorithms, settings, start: started.start, peerStart, peerTriesOnce, path },
    name: tunnel ? tunnelName(peer.name, tunnel) : peer.name,
    label: tunnel && labelOf(tunnel),
    uplink: uplinkOf(site, tunnel),
    authentication: names ? ({ kind: 'certificate', names } as const) : ({ kind: 'key' } as const),
    form: tunnel?.form ?? defaultForm,
    translateAt: tunnel?.translateAt,
    ends: tunnel?.sites ?? ([site.name, peer.name] as const),
    ...{ translatesForPeer, behind, inFront },
  }
  return { connection, findings: [...shared, ...started.findings] }
}

/** Reports whether one end calls subnets of the other, or presents them to third sites, by names that its own gateway makes. */
function translates(
  plan: Plan,
  {
    at,
    for: peer,
    tunnel,
    others,
  }: {
    readonly at: GatewaySite
    readonly for: GatewaySite
    readonly tunnel: Tunnel | undefined
    readonly others: readonly SiteName[]
  },
): boolean {
  if (tunnel?.translateAt !== at.name) return false
  return peer.subnets.some((subnet) =>
    [at.name, ...others].some((name) => !visibleAs(plan, subnet, name).equals(subnet.prefix)),
  )
}

function speaker({ name, gateway }: GatewaySite): Speaker {
  return { site: name, platform: gateway.platform }
}

interface Place {
  readonly settings: TunnelSettings
  readonly path: Path
}

/**
 * How a gateway starts its tunnel: as wished, or the nearest its platform has; a way that leaks is a finding. Where routes lead into the tunnel
 * there is nothing to trap: while it is down they lead nowhere.
 */
function startAt(
  site: GatewaySite,
  { peer, settings, path, isRouted }: Place & { readonly peer: GatewaySite; readonly isRouted: boolean },
): { readonly start: Start; readonly findings: readonly Finding[] } {
  const { name, gateway } = site
  const { starts, failsClosed } = abilities[gateway.platform]
  // A peer that cannot be called is only answered, whatever words the platform has for that.
  const wish = canBeCalled(peer) ? wishedStart(settings, site, peer) : 'respond'
  if (wish !== 'trap' && canBeCalled(peer) && !starts.includes(wish)) {
    const message = `${gateway.platform} at ${name} cannot wait for its peer: it has ${starts.join(' and ')}`
    const finding = findingOf('START_UNSUPPORTED', inPlan([...path, 'start']), { message, hint: 'write start: trap' })
    return { start: wish, findings: [finding] }
  }
  const isUnfit = canBeCalled(peer) && !starts.includes(wish)
  const start = isUnfit || (isRouted && wish === 'trap') ? 'initiate' : wish
  const isKnown = hasFixedAddress(peer)
  if ((start === 'trap' && isKnown) || failsClosed || isRouted) return { start, findings: [] }
  const canTrap = starts.includes('trap') && isKnown
  const reason = canTrap
    ? `start is ${wish}`
    : isKnown
      ? `${gateway.platform} cannot hold packets back until the tunnel is up`
      : `a trap needs a fixed address, and that of ${peer.name} changes`
  const message = `while the tunnel is down, packets of ${name} for ${peer.name} leave unencrypted: ${reason}`
  const hint = canTrap
    ? `write start: ${canBeCalled(site) ? 'trap' : `{ ${name}: trap }`}`
    : `${canRoute(site, peer) ? 'write mode: route on this tunnel, or ' : ''}drop unencrypted packets to the prefixes of ${peer.name} in the firewall of ${gateway.outside.interface}`
  return { start, findings: [findingOf('TUNNEL_MAY_LEAK', inPlan(path), { message, hint })] }
}

/** Reports whether both ends can have a virtual interface, where nothing leaves by another while it is down. */
function canRoute(...ends: readonly GatewaySite[]): boolean {
  return ends.every(({ gateway: { platform } }) => {
    const { routed } = abilities[platform]
    return routed?.takes.includes('any') && (!routed.needsAddresses || ends.every(hasFixedAddress))
  })
}

/** Reports whether a gateway that starts its tunnel so gives up after the first time. */
export function triesOnce(platform: Platform, start: Start): boolean {
  return abilities[platform].triesOnce && start === 'initiate'
}

function wishedStart(settings: TunnelSettings, site: GatewaySite, peer: GatewaySite): Start {
  return writtenStart(settings, site) ?? fittingStart(site, peer)
}

function endFindings(ends: readonly [GatewaySite, GatewaySite], { settings, path }: Place): Finding[] {
  const findings: Finding[] = []
  const [one, other] = ends
  const families = ends.map(({ gateway }) => knownAddress(gateway.outside.publicAddress)?.family)
  if (families.every((family) => family !== undefined) && families[0] !== families[1]) {
    const message = `${one.name} is at an IPv${families[0]} address, ${other.name} at an IPv${families[1]} address`
    findings.push(findingOf('TUNNEL_FAMILIES_DIFFER', inPlan(path), { message, hint: 'name addresses of one family' }))
  }
  const starts = [wishedStart(settings, one, other), wishedStart(settings, other, one)]
  if (ends.some(canBeCalled) && starts.every((start) => start === 'respond')) {
    const message = `both ${one.name} and ${other.name} wait for the other, so the tunnel never comes up`
    const hint = ends.every(canBeCalled) ? 'write start: trap' : 'leave start out'
    findings.push(findingOf('START_NOBODY', inPlan([...path, 'start']), { message, hint }))
  }
  findings.push(...changingEndFindings(ends, { settings, path }))
  const unable = ends.filter(({ gateway }) => !abilities[gateway.platform].forceNatTraversal)
  if (settings.forceNatTraversal && unable.length > 0) {
    const names = unable.map(({ name, gateway }) => `${name} (${gateway.platform})`).join(' and ')
    const message = `${names} cannot be told to encapsulate in UDP when there is no NAT`
    findings.push(
      findingOf('NAT_TRAVERSAL_UNSUPPORTED', inPlan([...path, 'forceNatTraversal']), {
        message,
        hint: 'leave forceNatTraversal out: gateways find a NAT between them by themselves',
      }),
    )
  }
  return [...findings, ...ends.flatMap((end) => deadPeerFindings(end, { settings, path }))]
}

/** An interval below the least can only have been written: the one that natplan takes by itself fits everywhere. */
function deadPeerFindings({ name, gateway }: GatewaySite, { settings, path }: Place): Finding[] {
  const { seconds, isSure } = abilities[gateway.platform].leastDeadPeerInterval
  const { interval } = settings.deadPeer
  if (interval >= seconds) return []
  const place = inPlan([...path, 'deadPeerDetection', 'interval'])
  const hint = `write ${seconds} or more`
  if (isSure) {
    const message = `${gateway.platform} at ${name} does not accept an interval of ${interval} seconds for dead peer detection`
    return [findingOf('DEAD_PEER_INTERVAL_UNFIT', place, { message, hint })]
  }
  const message = `${gateway.platform} at ${name} may refuse an interval of ${interval} seconds for dead peer detection`
  return [findingOf('DEAD_PEER_INTERVAL_DOUBTFUL', place, { message, hint })]
}

/** One finding for all peers whose gateway the plan file does not describe. */
function withoutGateway(plan: Plan, site: GatewaySite, described: number): Finding[] {
  const all = plan.peers.everyPair ? plan.network.sites.size - 1 : plan.peers.tunnelsOf(site.name).size
  if (all === described) return []
  const names = plan.peers.everyPair ? plan.network.sites.keys() : plan.peers.tunnelsOf(site.name).values()
  let first: SiteName | undefined
  for (const name of names) {
    if (name === site.name || plan.network.sites.get(name)?.gateway) continue
    first = name
    break
  }
  const others = all - described > 1 ? ` and ${all - described - 1} more` : ''
  const message = `${site.name} has no tunnel to ${first}${others}: the plan file does not describe a gateway there`
  const hint = `add sites.${first}.gateway; platform: generic gives a hand-over sheet for any product`
  return [findingOf('PEER_WITHOUT_GATEWAY', inPlan(site.gateway.path), { message, hint })]
}
