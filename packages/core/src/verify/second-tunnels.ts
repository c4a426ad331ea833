import type { Prefix } from '../address/prefix.ts'
import type { Device, DeviceRoute } from '../device/device.ts'
import { interfaceOfRoute, prefixesInto } from '../device/next-hop.ts'
import type { Finding } from '../finding.ts'
import { abilities } from '../policy/abilities.ts'
import type { FlowClass } from '../trace/flow-classes.ts'
import type { Hop, Step } from '../trace/step.ts'
import type { PeerEnd } from '../world/ends.ts'
import type { World, WorldSite } from '../world/world.ts'
import type { FailingFlow } from './failing-flow.ts'
import { groupedBy } from './grouped-by.ts'
import type { IntendedFlow } from './intended-flows.ts'
import { boundTo, losingRoutes } from './losing-routes.ts'
import { failsIn, lostIn, lostText, packetsText, usedIn } from './lost-flows.ts'
import { findingAt, type Subject } from './subject.ts'
import type { TunnelPair } from './tunnel-pairs.ts'
import type { FollowedFlow } from './verdict.ts'

/** Packets that the second of two tunnels does not carry while the first one is down, and those of which nobody can tell. */
export interface SecondTunnels {
  /** One for each pair of sites. */
  readonly findings: readonly Finding[]
  readonly lost: readonly IntendedFlow[]
  readonly unknown: readonly FailingFlow[]
}

/** What happens when the first of several tunnels between two sites is down, and when those behind it are, too. */
export function followSecondTunnels(
  { world, pairs }: Pick<Subject, 'world' | 'pairs'>,
  flows: readonly IntendedFlow[],
): SecondTunnels {
  const all = [...groupedBy(pairs, sitesText).values()].flatMap((tunnels) => {
    const bound = tunnels.filter(
      ({ here, there }) => boundTo(here.tunnel) !== undefined && boundTo(there.tunnel) !== undefined,
    )
    const [first] = bound
    if (!first || bound.length < 2) return []
    const meant = flowsOver(first, flows)
    const without = takenAway(bound).map((down) => followWithout({ world, flows: meant }, down))
    return without.some(({ findings }) => findings.length > 0)
      ? without.filter(({ findings }) => findings.length > 0).slice(0, 1)
      : [...without, ...bound.flatMap((one) => followChoice({ world, flows: meant }, one, bound))]
  })
  return {
    findings: all.flatMap(({ findings }) => findings),
    lost: all.flatMap(({ lost }) => lost),
    unknown: all.flatMap(({ unknown }) => unknown),
  }
}

/** Tunnels that are down at once, so that each of the others is once the first one. */
function takenAway(tunnels: readonly TunnelPair[]): (readonly TunnelPair[])[] {
  const order = [...tunnels].sort(
    (one, other) =>
      compare(distanceOf(one.here), distanceOf(other.here)) || compare(distanceOf(one.there), distanceOf(other.there)),
  )
  const all = order.slice(1).map((_, count) => order.slice(0, count + 1))
  return all.filter((down) => tunnels.some((one) => !sharesEnd(one, down)))
}

/** An end of which it is not known which of two the other one is belongs to several pairs. */
function sharesEnd({ here, there }: TunnelPair, down: readonly TunnelPair[]): boolean {
  return down.some((one) => one.here.tunnel === here.tunnel || one.there.tunnel === there.tunnel)
}

/** Where nothing leads into a tunnel it is endlessly far, and such numbers cannot be subtracted. */
function compare(one: number, other: number): number {
  return one < other ? -1 : Number(one > other)
}

/** Packets between the two sites of a pair, and those that are handed on there. */
function flowsOver({ here, there }: TunnelPair, flows: readonly IntendedFlow[]): IntendedFlow[] {
  const ends = [here.site.name, there.site.name]
  return flows.filter(({ from, peer, over, isHidden, destination }) => {
    const passed = [from.name, ...(over === undefined ? [] : [over]), 'site' in peer ? peer.site : '']
    const isHandedOn = (end: PeerEnd) => passed.includes(end.site.name) && leadsInto(end, destination)
    return !isHidden && (ends.every((end) => passed.includes(end)) || isHandedOn(here) || isHandedOn(there))
  })
}

interface Following {
  readonly world: World
  readonly flows: readonly IntendedFlow[]
}

function followWithout({ world, flows }: Following, down: readonly TunnelPair[]): SecondTunnels {
  const sites = new Map(world.sites)
  const ends = down.flatMap(({ here, there }) => [here, there])
  for (const end of ends) sites.set(end.site.name, withoutTunnel(sites.get(end.site.name) ?? end.site, end))
  const isToldHere = ({ trace }: FlowClass) => ends.some(({ site }) => site.name === trace.site)
  const followed = followedIn({ sites }, flows)
  const lost = followed.flatMap(({ flow, used }) =>
    lostIn({ sites }, flow, { used, isToldHere }).map((found) => ({ found, flow })),
  )
  const worst = lost.find(({ found }) => found.trace.inClear) ?? lost[0]
  return {
    findings: worst ? [tunnelFinding(down, worst, lost.length)] : [],
    lost: lost.map(({ flow }) => flow),
    unknown: unknownOf(followed),
  }
}

/** What happens when a cloud that chooses by itself sends by one of its tunnels, whichever the other end has in use. */
function followChoice({ world, flows }: Following, chosen: TunnelPair, all: readonly TunnelPair[]): SecondTunnels[] {
  return [chosen.here, chosen.there].flatMap((end) => {
    const { site } = end
    if (!abilities[site.device.platform].cloud?.choosesTunnel) return []
    const others = all.filter((one) => one !== chosen).flatMap(({ here, there }) => (here.site === site ? here : there))
    const names = new Set(others.map(({ tunnel }) => boundTo(tunnel)))
    const routes = site.device.routes.filter((route) => !names.has(interfaceOfRoute(site.device, route)))
    const sites = new Map([...world.sites, [site.name, { ...site, device: { ...site.device, routes } }]])
    const followed = followedIn({ sites }, flows)
    const lost = classesOf(followed, (one) => failsIn({ sites }, one))
    const open = classesOf(followed, ({ found }) => isAnsweredElsewhere(found, { sites }))
    const [[worst], [first]] = [lost, open]
    return [
      {
        findings: worst ? [choiceFinding(end, worst, lost.length)] : first ? [openFinding(end, first)] : [],
        lost: lost.map(({ flow }) => flow),
        unknown: [...unknownOf(followed), ...open],
      },
    ]
  })
}

/** A flow with its classes of packets in a world. */
interface UsedFlow {
  readonly flow: IntendedFlow
  readonly used: readonly FlowClass[]
}

function followedIn(world: World, flows: readonly IntendedFlow[]): UsedFlow[] {
  return flows
    .map((flow) => ({ ...flow, from: world.sites.get(flow.from.name) ?? flow.from }))
    .map((flow) => ({ flow, used: usedIn(world, flow) }))
}

function classesOf(followed: readonly UsedFlow[], is: (one: FollowedFlow) => boolean): FailingFlow[] {
  return followed.flatMap(({ flow, used }) =>
    used.filter((found) => is({ flow, found })).map((found) => ({ flow, found, nodes: undefined })),
  )
}

function unknownOf(followed: readonly UsedFlow[]): FailingFlow[] {
  return classesOf(followed, ({ found }) => found.trace.disposition === 'unknown')
}

function choiceFinding({ site, tunnel }: PeerEnd, worst: FollowedFlow, count: number): Finding {
  return findingAt('FAILOVER_UNSAFE', {
    site: worst.flow.from,
    about: { range: packetsText(worst.found) },
    message: `${site.name} chooses itself which tunnel it sends through, and when that is ${tunnel.name}, ${lostText(worst, count)}`,
    hint: 'let the other end accept packets from either tunnel: the same NAT rules and filters on both interfaces, and no strict reverse-path filter',
  })
}

/** Packets that hide behind an address at one of two interfaces, where a gateway keeps what it needs to know for the answers. */
function isAnsweredElsewhere({ trace: { disposition, hops } }: FlowClass, { sites }: World): boolean {
  if (disposition !== 'not-one-to-one') return false
  const tunnelAt = (name: string, way: Hop['way'], kind: 'encrypt' | 'decrypt') =>
    hops
      .filter((hop) => hop.way === way && hop.site === name)
      .flatMap(({ steps }) => steps.flatMap((step) => (step.kind === kind ? step.tunnel : [])))[0]
  return hops.some(({ way, site, steps }) => {
    const platform = sites.get(site)?.device.platform
    if (way === 'back' || platform === undefined || !abilities[platform].keepsNatAtInterface) return false
    const [left, came] = [tunnelAt(site, 'there', 'encrypt'), tunnelAt(site, 'back', 'decrypt')]
    return steps.some(changesSource) && left !== undefined && came !== undefined && left !== came
  })
}

function changesSource(step: Step): boolean {
  return step.kind === 'translate' && step.side === 'source'
}

function openFinding({ site, tunnel }: PeerEnd, { found, flow }: FollowedFlow): Finding {
  const range = packetsText(found)
  return findingAt('FAILOVER_UNSAFE', {
    site: flow.from,
    about: { range },
    message: `${site.name} chooses itself which tunnel it sends through, and when that is ${tunnel.name}, whether answers to packets ${range} arrive is not known: ${flow.from.name} recognises them only at the interface of the other tunnel`,
    hint: 'translate one to one instead of hiding, or have one tunnel only',
  })
}

function sitesText({ here, there }: TunnelPair): string {
  return [here.site.name, there.site.name].sort().join(' ')
}

/** Of the routes into the interface of a tunnel the nearest. */
function distanceOf(end: PeerEnd): number {
  const name = boundTo(end.tunnel)
  const into = end.site.device.routes.filter(({ to }) => to.kind === 'interface' && to.interface === name)
  return Math.min(...into.map(({ distance }) => distance))
}

/** Texts do not say of a flow to a hub that it goes on to another site: the hub's routes do. */
function leadsInto({ site, tunnel }: PeerEnd, destination: Prefix): boolean {
  const name = boundTo(tunnel)
  return (
    name !== undefined &&
    prefixesInto(site.device, name).some((prefix) => prefix.length > 0 && prefix.overlaps(destination))
  )
}

/** What a gateway does while one of its tunnels is down. */
function withoutTunnel(site: WorldSite, end: PeerEnd): WorldSite {
  const { device } = site
  const tunnels = device.tunnels.filter((tunnel) => tunnel !== end.tunnel)
  return { ...site, device: { ...device, tunnels, routes: routesWithout(device, end) } }
}

/** Routes go with an interface that goes down with its tunnel; where it stays up, some script must take them away. */
function routesWithout(device: Device, end: PeerEnd): readonly DeviceRoute[] {
  const { whenDown } = end.tunnel
  const into = boundTo(end.tunnel) ?? ''
  const losing = losingRoutes(device, end.tunnel)
  const leadsTo = (route: DeviceRoute, name: string) => interfaceOfRoute(device, route) === name
  if (whenDown && 'doubt' in whenDown)
    return device.routes.map((route) => (leadsTo(route, into) ? { ...route, doubt: whenDown.doubt } : route))
  return losing === undefined ? device.routes : device.routes.filter((route) => !leadsTo(route, losing))
}

function tunnelFinding(down: readonly TunnelPair[], worst: FollowedFlow, count: number): Finding {
  const tunnels = `the tunnel${down.length > 1 ? 's' : ''} ${down.map(({ here }) => here.tunnel.name).join(', ')}`
  const sites = down.slice(0, 1).map(({ here, there }) => `${here.site.name} and ${there.site.name}`)
  return findingAt('FAILOVER_UNSAFE', {
    site: worst.flow.from,
    about: { range: packetsText(worst.found) },
    message: `when ${tunnels} of ${sites} ${down.length > 1 ? 'are' : 'is'} down, ${lostText(worst, count)}`,
    hint: 'give the other tunnels routes with a larger distance for the same prefixes, and the same NAT rules on their interfaces',
  })
}
