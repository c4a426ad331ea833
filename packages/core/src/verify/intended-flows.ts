import type { Address } from '../address/address.ts'
import { distance, offsetBy } from '../address/bits.ts'
import { outermost } from '../address/outermost.ts'
import type { Prefix } from '../address/prefix.ts'
import { PrefixSet } from '../address/prefix-set.ts'
import type { DeviceRule, DeviceTunnel, TunnelChild } from '../device/device.ts'
import { prefixesInto } from '../device/next-hop.ts'
import type { About } from '../finding.ts'
import { boxOf } from '../match/box.ts'
import type { FlowBox } from '../match/packet.ts'
import type { PacketMatch } from '../match/packet-match.ts'
import { tcp, udp } from '../match/protocols.ts'
import type { Range } from '../match/range.ts'
import { RangeSet, rangeOf } from '../match/range-set.ts'
import type { Subnet } from '../network/network.ts'
import { type Plan, sightsOf } from '../plan/plan.ts'
import type { Flows } from '../trace/flow-classes.ts'
import { calledInside } from '../world/called-inside.ts'
import type { PeerEnd } from '../world/ends.ts'
import { seenChildren } from '../world/far-maps.ts'
import { peersOf } from '../world/peers.ts'
import { beyondSummaries } from '../world/summaries.ts'
import type { World, WorldSite } from '../world/world.ts'
import { hidingPeers, manyToOneOf } from './many-to-one.ts'
import { everyAddresses, isWhole, type NatRule } from './nat-rules.ts'
import { networksShown } from './networks-shown.ts'
import { openLines } from './open-lines.ts'
import { prefixesOf } from './shown.ts'
import { farOf, namesPeers, realPrefixesBehind, translationOf, translationsFor, withoutSet } from './translations.ts'
import { tunnelRulesOf } from './tunnel-rules.ts'

/** Packets that are meant to arrive: every address of a source to every address of a destination, as the source's site sees it. */
export interface IntendedFlow {
  readonly from: WorldSite
  readonly peer: FlowPeer
  /** The site whose gateway hands the packets on, where the two have no tunnel of their own. */
  readonly over?: string
  readonly source: Prefix
  readonly destination: Prefix
  /** Whose addresses the destination stands for one to one, as their own site calls them, where that is known. */
  readonly hosts?: Prefix
  /** Many hosts of the peer stand behind the destination on purpose: only they open connections. */
  readonly isHidden?: boolean
  /** The one port that leads to a host behind the destination; missing for everything. */
  readonly service?: ForwardedPort
  /** What of the destination somebody has, where it is a summary: nobody sends to the rest. */
  readonly held?: RangeSet
}

interface ForwardedPort extends Pick<FlowBox, 'protocol' | 'destinationPort'> {
  readonly to: Address
  readonly toPort: number
}

/** Reports whether somebody may send it, and to somebody: a summary holds what is beyond it, too. */
export function isUsed(
  { from, held }: IntendedFlow,
  { source, destination }: Pick<FlowBox, 'source' | 'destination'>,
): boolean {
  if (held && !held.meets(destination)) return false
  return !beyondSummaries(from)
    .union(calledInside(from))
    .includes(RangeSet.of([source]))
}

/** What is asked about for a flow. */
export function askedFor({ from, source, destination, service }: IntendedFlow): Flows {
  if (!service) return { from, source, destination }
  const { protocol, destinationPort } = service
  return { from, source, destination, service: { protocol, destinationPort } }
}

/** The site at the other end, or the tunnel there whose other end is not known: it may be called like some site. */
export type FlowPeer = { readonly site: string } | { readonly tunnel: string }

/** The peer and, where it is no site, the tunnel of a finding. */
export function aboutPeer(peer: FlowPeer): Pick<About, 'peer' | 'tunnel'> {
  return 'site' in peer ? { peer: peer.site } : { peer: peer.tunnel, tunnel: peer.tunnel }
}

/** In a sentence, where a tunnel is told from a site. */
export function peerText(peer: FlowPeer): string {
  return 'site' in peer ? peer.site : `the tunnel ${peer.tunnel}`
}

/** Where the other end is, as far as it is known. */
export function siteOfPeer(peer: FlowPeer, { sites }: World): WorldSite | undefined {
  return 'site' in peer ? sites.get(peer.site) : undefined
}

/** What a plan means to arrive: each subnet to everything that its site sees. */
export function flowsOfPlan(plan: Plan, world: World): IntendedFlow[] {
  return [...plan.network.sites.values()].flatMap(({ name, subnets }) => {
    const from = world.sites.get(name)
    if (!from) return []
    const sights = sightsOf(plan, name).filter(({ peer }) => world.sites.has(peer))
    return sights.flatMap(({ peer, subnet, visible }) => {
      const heldAt = (destination: Prefix) => withoutNobody(destination, world.sites.get(peer), undefined)
      const over = plan.peers.between(name, peer)
      return subnets
        .filter(({ prefix }) => prefix.family === visible.family)
        .flatMap(({ prefix }) => {
          const ends = { from, peer: { site: peer }, source: prefix, destination: visible, ...heldAt(visible) }
          const flow = over === undefined ? ends : { ...ends, over }
          if (subnet.hideBehind) return [{ ...flow, isHidden: true }, ...forwardsTo(flow, subnet)]
          return [visible.length === subnet.prefix.length ? { ...flow, hosts: subnet.prefix } : flow]
        })
    })
  })
}

function forwardsTo(flow: IntendedFlow, { forwards }: Subnet): IntendedFlow[] {
  return forwards.map(({ protocol, port, to, toPort }) => ({
    ...flow,
    service: { protocol: only({ tcp, udp }[protocol]), destinationPort: only(port), to, toPort },
  }))
}

function only(value: number): Range {
  return { first: value, last: value }
}

/** What configurations mean to arrive: what stands behind the local prefix of each child, to its remote prefix. */
export function flowsOfSelectors(world: World): IntendedFlow[] {
  return [...world.sites.values()].flatMap((from) => {
    const flows = from.device.tunnels.flatMap((tunnel) => {
      const end = peersOf(world, { site: from, tunnel }).ends[0]
      const site = end?.site
      const peer = site ? { site: site.name } : { tunnel: tunnel.name }
      const carried = tunnel.children
        .filter(({ kind }) => kind === 'protect')
        .flatMap((one) => seenChildren(from.device, one))
      return carried.flatMap(({ child, isHidden }) => {
        const found = destinationsOf(from, child, end, world)
        const destinations = isHidden ? found.map((one) => ({ ...one, isHidden })) : found
        return sourcesOf(from, child).flatMap((source) =>
          destinations
            .filter(({ destination }) => destination.family === source.family)
            .map((one): IntendedFlow => ({ from, peer, source, ...one })),
        )
      })
    })
    return [...new Map(flows.map((flow) => [`${flow.source} ${flow.destination}`, flow])).values()]
  })
}

type Destination = Pick<IntendedFlow, 'destination' | 'isHidden' | 'held'>

/** All that the child carries but what the site has itself, and passes by the tunnel or calls otherwise. */
function destinationsOf(from: WorldSite, child: TunnelChild, end: PeerEnd | undefined, world: World): Destination[] {
  const own = passedOwn(from, child).union(calledByPeers(from, child)).union(heldBySummary(from, child))
  const remotes = remotesOf(from, child, end)
  const peer = end?.site
  const meant = remotes.flatMap((remote) => {
    const { held } = withoutNobody(remote, peer, peer && heldOf(remote, peer))
    const parts = own.isEmpty ? [remote] : withoutSet(remote, own)
    return held
      ? parts.filter((part) => held.meets(rangeOf(part))).map((destination) => ({ destination, held }))
      : parts.map((destination) => ({ destination }))
  })
  const hidden = peer ? hiddenFrom(child, hidersAt(peer, world)) : RangeSet.empty
  if (hidden.isEmpty) return meant
  return meant.flatMap((one) => {
    const behind = RangeSet.ofPrefixes([one.destination]).intersect(hidden)
    return [
      ...withoutSet(one.destination, behind).map((destination) => ({ ...one, destination })),
      ...prefixesOf(behind).map((destination) => ({ destination, isHidden: true })),
    ]
  })
}

/** What hosts of the peer, or of sites beyond it, hide behind towards the near side of a child. */
function hiddenFrom({ local }: TunnelChild, hiders: readonly WorldSite[]): RangeSet {
  const ranges = hiders.flatMap((site) => {
    const near = RangeSet.ofPrefixes([local, ...namesAt(site, local)])
    const rules = hidingAt(site).filter(([{ match }]) => match.destination?.overlaps(near) ?? true)
    return rules.flatMap(([, made]) => made.ranges)
  })
  return RangeSet.of(ranges)
}

/** What hosts of a site call what its tunnels carry under a prefix, where its gateway renames peers. */
function namesAt({ device }: WorldSite, prefix: Prefix): Prefix[] {
  const seen = device.tunnels.flatMap(({ children }) => children.flatMap((child) => seenChildren(device, child)))
  return seen.filter(({ wire }) => wire.overlaps(prefix)).map(({ child }) => child.remote)
}

/** Hosts of the site and of those that it translates for. */
function hidingAt(site: WorldSite): (readonly [DeviceRule, RangeSet])[] {
  return [...manyToOneOf(site), ...hidingPeers(site)]
}

const hiders = new WeakMap<WorldSite, readonly WorldSite[]>()

/** Of a site and those that it has tunnels to, the ones with hosts that hide on purpose. */
function hidersAt(site: WorldSite, world: World): readonly WorldSite[] {
  const found = hiders.get(site)
  if (found) return found
  const beyond = site.device.tunnels.flatMap((tunnel) => peersOf(world, { site, tunnel }).ends.map((end) => end.site))
  const made = [...new Set([site, ...beyond])].filter((one) => hidingAt(one).length > 0)
  hiders.set(site, made)
  return made
}

/** A selector for everything is a way to the internet as well: only what the peer itself shows is meant to arrive there. */
function remotesOf(from: WorldSite, { remote, through }: TunnelChild, end: PeerEnd | undefined): readonly Prefix[] {
  if (remote.length > 0) return [remote]
  const ofFamily = (prefixes: readonly Prefix[]) => prefixes.filter(({ family }) => family === remote.family)
  const routed = ofFamily(through?.kind === 'route' ? routesInto(from, through.interface) : [])
  const faces = ofFamily(end ? facesOf(end, routed) : [])
  if (!end || faces.length === 0) return routed
  return outermost([...faces, ...shownBeside(faces, routed, end.site), ...handedOn(routed, end)])
}

/** Networks that routes name one by one and that the peer carries on into another tunnel. */
function handedOn(routed: readonly Prefix[], { site, tunnel }: PeerEnd): Prefix[] {
  const children = site.device.tunnels.flatMap((one) => (one === tunnel ? [] : one.children))
  const onwards = children.filter(({ kind }) => kind === 'protect')
  const named = onwards.filter(({ remote }) => remote.length > 0)
  const led = onwards.flatMap(({ through }) => (through?.kind === 'route' ? routesInto(site, through.interface) : []))
  return routed.filter(
    (prefix) => named.some(({ remote }) => remote.contains(prefix)) || led.some((one) => one.equals(prefix)),
  )
}

/** Networks of the peer that routes lead to though nothing there says that they are for the tunnel. */
function shownBeside(faces: readonly Prefix[], routed: readonly Prefix[], peer: WorldSite): Prefix[] {
  const { otherNetworks } = peer
  const others = RangeSet.ofPrefixes(otherNetworks).subtract(RangeSet.ofPrefixes([...faces, ...peer.subnets]))
  return prefixesOf(RangeSet.ofPrefixes(routed).intersect(others))
}

/** What a site sees behind a child, whatever the child says where it carries everything. */
export function farPrefixesOf(site: WorldSite, child: TunnelChild, world: World): readonly Prefix[] {
  if (child.remote.length > 0) return [child.remote]
  const tunnel = tunnelOf(site, child)
  return remotesOf(site, child, tunnel && peersOf(world, { site, tunnel }).ends[0])
}

/** What peers see of a site behind a child, whatever the child says where it carries everything. */
export function facesOfChild(site: WorldSite, child: TunnelChild): readonly Prefix[] {
  if (child.local.length > 0) return [child.local]
  const tunnel = tunnelOf(site, child)
  return tunnel ? facesOf({ site, tunnel }, []).filter(({ family }) => family === child.local.family) : []
}

function tunnelOf({ device }: WorldSite, child: TunnelChild): DeviceTunnel | undefined {
  return device.tunnels.find(({ children }) =>
    children.some((one) => one === child || seenChildren(device, one).some((seen) => seen.child === child)),
  )
}

function routesInto({ device }: WorldSite, name: string): Prefix[] {
  return prefixesInto(device, name).filter(({ length }) => length > 0)
}

/** What peers see of a site by a tunnel: its subnets as rules translate them there, or as the peer's routes into the tunnel call them. */
function facesOf({ site, tunnel }: PeerEnd, routed: readonly Prefix[]): Prefix[] {
  const { nat, translations } = tunnelRulesOf(site)
  const asked = tunnel.children
    .filter(({ kind }) => kind === 'protect')
    .flatMap((one) => seenChildren(site.device, one))
    .flatMap(({ child }) => translationsFor(child, translations).filter(({ rule }) => mayTake(site, child, rule)))
  const called = nat
    .flatMap((rule) => translationOf(rule) ?? [])
    .filter(({ translated }) => routed.some((prefix) => prefix.overlaps(translated)))
  const mapped = [...asked, ...called].filter(({ rule }) => isWhole(rule))
  const real = PrefixSet.of(mapped.map((one) => one.real))
  return outermost([
    ...mapped.map(({ translated }) => translated),
    ...PrefixSet.of(site.subnets).subtract(real).subtract(hiddenOf({ site, tunnel })).prefixes(),
  ])
}

/** Subnets of a site that hide behind other addresses on a tunnel. */
function hiddenOf({ site, tunnel }: PeerEnd): PrefixSet {
  const names = new Set(tunnel.children.flatMap(({ through }) => (through?.kind === 'route' ? through.interface : [])))
  const rules = [...manyToOneOf(site).keys()].filter(
    ({ match: { out } }) => !out || out.negated || out.names.some((name) => names.has(name)),
  )
  return PrefixSet.of(rules.flatMap(({ match }) => (match.source ? prefixesOf(match.source) : [])))
}

/** A virtual interface that takes everything gets what is routed there: a rule for other peers is not asked. */
function mayTake(site: WorldSite, { remote, through }: TunnelChild, rule: NatRule): boolean {
  if (remote.length > 0 || through?.kind !== 'route' || !namesPeers(rule)) return true
  const routed = routesInto(site, through.interface)
  return routed.length === 0 || RangeSet.ofPrefixes(routed).overlaps(farOf(rule))
}

/** What of a summary somebody has, as the other end shows it; `undefined` where all counts, for it may have all or shows nothing of it. */
function heldOf(remote: Prefix, peer: WorldSite): RangeSet | undefined {
  const networks = networksShown(peer)
  const { translations, uncertain } = tunnelRulesOf(peer)
  if (!networks || uncertain.length > 0 || openLines(peer, 'nat').length > 0) return undefined
  const whole = RangeSet.ofPrefixes([remote])
  const faces = translations.meeting(boxOf(whole, everyAddresses[remote.family])).map(({ value }) => value.translated)
  const behind = [...peer.subnets, ...peer.otherNetworks, ...peer.nodes.flatMap(({ podSubnets }) => podSubnets)]
  const held = [networks, RangeSet.ofPrefixes(faces), RangeSet.ofPrefixes(behind)]
    .map((set) => set.intersect(whole))
    .reduce((all, part) => all.union(part))
  return held.isEmpty || held.equals(whole) ? undefined : held
}

/** Names of addresses that no host of the peer has, since it calls others so, are none of what somebody has. */
function withoutNobody(
  remote: Prefix,
  peer: WorldSite | undefined,
  held: RangeSet | undefined,
): Pick<IntendedFlow, 'held'> {
  const called = peer ? calledInside(peer) : RangeSet.empty
  if (!peer || called.isEmpty) return held ? { held } : {}
  const whole = RangeSet.ofPrefixes([remote])
  const found = tunnelRulesOf(peer).translations.meeting(boxOf(whole, everyAddresses[remote.family]))
  const names = found.flatMap(({ value: { real, translated } }) => {
    const by = distance(real.bits, translated.bits)
    const own = called.intersect(RangeSet.ofPrefixes([real]))
    return real.length === translated.length
      ? own.ranges.map(({ first, last }) => ({ first: offsetBy(first, by), last: offsetBy(last, by) }))
      : []
  })
  return { held: (held ?? whole).subtract(RangeSet.of(names)) }
}

/** A site's own networks that children pass by the tunnel. */
function passedOwn(site: WorldSite, { local }: TunnelChild): RangeSet {
  const { subnets, otherNetworks } = site
  const passing = tunnelRulesOf(site).passing.filter((one) => one.local.overlaps(local))
  if (passing.length === 0) return RangeSet.empty
  const passed = RangeSet.ofPrefixes(passing.map(({ remote }) => remote))
  return RangeSet.ofPrefixes([...subnets, ...otherNetworks]).intersect(passed)
}

/** A site's own networks in a summary of its peers, where no route for the summary takes packets from there. */
function heldBySummary(site: WorldSite, { remote }: TunnelChild): RangeSet {
  const { device, subnets, otherNetworks } = site
  if (device.installsRoutes !== 'never') return RangeSet.empty
  const held = [...subnets, ...otherNetworks].filter((one) => remote.contains(one) && !one.equals(remote))
  return RangeSet.ofPrefixes(held).subtract(calledInside(site))
}

/** What only the peers of a site call it: nobody there means to reach the peer by that. */
function calledByPeers(site: WorldSite, child: TunnelChild): RangeSet {
  if (!child.local.overlaps(child.remote)) return RangeSet.empty
  const translations = translationsFor(child, tunnelRulesOf(site).translations)
  return RangeSet.ofPrefixes(translations.map(({ translated }) => translated))
}

/** Translated prefixes in their real form, the site's own subnets where nothing is translated, and what is hidden on purpose. */
export function sourcesOf(site: WorldSite, child: TunnelChild): Prefix[] {
  // A rule that keeps what it matches does not say where that is.
  const translations = translationsFor(child, tunnelRulesOf(site).translations).filter(
    ({ real, translated }) => !real.equals(translated),
  )
  const isTranslated = (prefix: Prefix) => translations.some(({ translated }) => translated.contains(prefix))
  const own = site.subnets
    .filter((subnet) => subnet.overlaps(child.local))
    .map((subnet) => (subnet.contains(child.local) ? child.local : subnet))
    .filter((prefix) => !isTranslated(prefix))
  return outermost([...realPrefixesBehind(child, translations), ...own, ...hiddenBehind(site, child)])
}

/** Where nothing says which hosts talk through tunnels, all that are behind the gateway: those of its own networks, if there are any. */
function hostsOf({ subnets, otherNetworks, routedNetworks = [] }: WorldSite): readonly Prefix[] {
  const connected = PrefixSet.of(otherNetworks).subtract(PrefixSet.of(routedNetworks)).prefixes()
  return [subnets, connected, otherNetworks].find((prefixes) => prefixes.length > 0) ?? []
}

/** The hosts that a rule names; one for all addresses names none. */
function namedSources({ source }: PacketMatch): Prefix[] | undefined {
  const prefixes = source && prefixesOf(source)
  return prefixes?.some(({ length }) => length === 0) ? undefined : prefixes
}

function hiddenBehind(site: WorldSite, { local, remote }: TunnelChild): Prefix[] {
  const [near, far] = [RangeSet.ofPrefixes([local]), RangeSet.ofPrefixes([remote])]
  return [...manyToOneOf(site)]
    .filter(([{ match }, made]) => near.includes(made) && (match.destination?.overlaps(far) ?? true))
    .flatMap(([{ match }]) => namedSources(match) ?? hostsOf(site))
    .filter(({ family }) => family === local.family)
}
