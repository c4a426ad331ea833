import type { Prefix } from '../address/prefix.ts'
import type { Device, DeviceRoute } from '../device/device.ts'
import { interfaceOfRoute, prefixesInto } from '../device/next-hop.ts'
import type { Finding } from '../finding.ts'
import { abilities } from '../policy/abilities.ts'
import { exploreFlows, type FlowClass } from '../trace/flow-classes.ts'
import type { PeerEnd } from '../world/ends.ts'
import type { World, WorldSite } from '../world/world.ts'
import type { FailingFlow } from './failing-flow.ts'
import { groupedBy } from './grouped-by.ts'
import { askedFor, type IntendedFlow, isUsed } from './intended-flows.ts'
import { boundTo, losingRoutes } from './losing-routes.ts'
import { rangeText } from './shown.ts'
import { findingAt, type Subject } from './subject.ts'
import type { TunnelPair } from './tunnel-pairs.ts'
import { verdictOf } from './verdict.ts'

/**
 * What happens when another uplink takes over from the first one: one finding for each site whose packets then leave in clear or do
 * not arrive. `flows`: those that arrive as long as the first one is there.
 */
export function failoverFindings(world: World, flows: readonly IntendedFlow[]): Finding[] {
  return [...world.sites.values()].flatMap((site) => {
    const [first, second] = site.sides.uplinks
    if (first === undefined || second === undefined) return []
    const without = withoutUplink(site, first)
    if (!without) return []
    const changed: World = { sites: new Map([...world.sites, [site.name, without]]) }
    const own = flows.filter(({ from, isHidden, service }) => from === site && isHidden !== true && !service)
    const lost = own.flatMap((flow) => lostIn(changed, { ...flow, from: without })).slice(0, 1_000)
    const worst = lost.find(({ trace }) => trace.inClear) ?? lost[0]
    return worst ? [failoverFinding(site, worst, { first, second, count: lost.length })] : []
  })
}

/** Packets that the second of two tunnels does not carry while the first one is down, and those of which nobody can tell. */
export interface SecondTunnels {
  /** One for each pair of sites. */
  readonly findings: readonly Finding[]
  readonly lost: readonly IntendedFlow[]
  readonly unknown: readonly FailingFlow[]
}

/** What happens when the first of several tunnels between two sites is down. */
export function followSecondTunnels(
  { world, pairs }: Pick<Subject, 'world' | 'pairs'>,
  flows: readonly IntendedFlow[],
): SecondTunnels {
  const all = [...groupedBy(pairs, sitesText).values()].flatMap((tunnels) => {
    const ranked = tunnels.filter(
      ({ here, there }) => boundTo(here.tunnel) !== undefined && boundTo(there.tunnel) !== undefined,
    )
    const [first] = ranked.sort((a, b) => distanceOf(a.here) - distanceOf(b.here))
    if (!first || ranked.length < 2) return []
    const { here, there } = first
    const changed = new Map(world.sites)
    for (const end of [here, there])
      changed.set(end.site.name, withoutTunnel(changed.get(end.site.name) ?? end.site, end))
    const ends = [here.site.name, there.site.name]
    const meant = flows.filter(({ from, peer, over, isHidden, destination }) => {
      const passed = [from.name, ...(over === undefined ? [] : [over]), 'site' in peer ? peer.site : '']
      const isHandedOn = (end: PeerEnd) => passed.includes(end.site.name) && leadsInto(end, destination)
      return !isHidden && (ends.every((end) => passed.includes(end)) || isHandedOn(here) || isHandedOn(there))
    })
    const moved = meant.map((flow) => ({ ...flow, from: changed.get(flow.from.name) ?? flow.from }))
    const isAtEnd = ({ trace }: FlowClass) => ends.includes(trace.site)
    const lost = moved.flatMap((flow) => lostIn({ sites: changed }, flow, isAtEnd).map((found) => ({ found, flow })))
    const worst = lost.find(({ found }) => found.trace.inClear) ?? lost[0]
    const findings = worst ? [tunnelFinding(first, worst, lost.length)] : []
    const down = {
      findings,
      lost: lost.map(({ flow }) => flow),
      unknown: moved.flatMap((flow) => unknownIn({ sites: changed }, flow)),
    }
    return worst
      ? [down]
      : [down, ...ranked.slice(1).flatMap((one) => followChoice({ world, flows: meant }, one, ranked))]
  })
  return {
    findings: all.flatMap(({ findings }) => findings),
    lost: all.flatMap(({ lost }) => lost),
    unknown: all.flatMap(({ unknown }) => unknown),
  }
}

/** What happens when a cloud that chooses by itself sends by one of its tunnels, whichever the other end has in use. */
function followChoice(
  { world, flows }: { readonly world: World; readonly flows: readonly IntendedFlow[] },
  chosen: TunnelPair,
  all: readonly TunnelPair[],
): SecondTunnels[] {
  return [chosen.here, chosen.there].flatMap((end) => {
    const { site } = end
    if (!abilities[site.device.platform].cloud?.choosesTunnel) return []
    const others = all.filter((one) => one !== chosen).flatMap(({ here, there }) => (here.site === site ? here : there))
    const names = new Set(others.map(({ tunnel }) => boundTo(tunnel)))
    const routes = site.device.routes.filter((route) => !names.has(interfaceOfRoute(site.device, route)))
    const choosing: WorldSite = { ...site, device: { ...site.device, routes } }
    const sites = new Map([...world.sites, [site.name, choosing]])
    const moved = flows.map((flow) => ({ ...flow, from: sites.get(flow.from.name) ?? flow.from }))
    const lost = moved.flatMap((flow) => failingIn({ sites }, flow).map((found) => ({ found, flow })))
    const [worst] = lost
    return [
      {
        findings: worst ? [choiceFinding(end, worst, lost.length)] : [],
        lost: lost.map(({ flow }) => flow),
        unknown: moved.flatMap((flow) => unknownIn({ sites }, flow)),
      },
    ]
  })
}

function choiceFinding(
  { site, tunnel }: PeerEnd,
  { found: { box, trace }, flow }: { readonly found: FlowClass; readonly flow: IntendedFlow },
  count: number,
): Finding {
  const range = `${rangeText(box.source)} → ${rangeText(box.destination)}`
  const others = count > 1 ? ` (and ${count - 1} more)` : ''
  return findingAt('FAILOVER_UNSAFE', {
    site: flow.from,
    about: { range },
    message: `${site.name} chooses by itself by which tunnel it sends, and when that is ${tunnel.name}, packets ${range}${others} do not arrive: ${trace.reason}`,
    hint: 'let the other end take packets by either tunnel: the same NAT rules and filters on both interfaces, and no strict reverse-path filter',
  })
}

function unknownIn(world: World, flow: IntendedFlow): FailingFlow[] {
  return [...exploreFlows(world, askedFor(flow), {})]
    .filter(({ box, trace }) => isUsed(flow, box) && trace.disposition === 'unknown')
    .map((found) => ({ flow, found, nodes: undefined }))
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

function tunnelFinding(
  { here, there }: TunnelPair,
  { found: { box, trace }, flow }: { readonly found: FlowClass; readonly flow: IntendedFlow },
  count: number,
): Finding {
  const range = `${rangeText(box.source)} → ${rangeText(box.destination)}`
  const others = count > 1 ? ` (and ${count - 1} more)` : ''
  const what = trace.inClear ? 'leave unencrypted' : 'do not arrive'
  return findingAt('FAILOVER_UNSAFE', {
    site: flow.from,
    about: { range },
    message: `when the tunnel ${here.tunnel.name} of ${here.site.name} and ${there.site.name} is down, packets ${range}${others} ${what}: ${trace.reason}`,
    hint: 'give the other tunnel routes with a larger distance for the same prefixes, and the same NAT rules on its interface',
  })
}

/** The site as it is when the link of an uplink is gone; `undefined` where no route over another one is known. */
function withoutUplink(site: WorldSite, uplink: string): WorldSite | undefined {
  const { device, sides } = site
  const routes = device.routes.filter((route) => interfaceOfRoute(device, route) !== uplink)
  const isDefault = ({ prefix, to }: DeviceRoute) => prefix.length === 0 && 'interface' in to
  if (!routes.some(isDefault)) return undefined
  return {
    ...site,
    device: { ...device, routes },
    sides: { ...sides, uplinks: sides.uplinks.filter((name) => name !== uplink) },
  }
}

/** With the tunnel up packets should arrive, and without it none may leave in clear where that is told here. */
function lostIn(world: World, flow: IntendedFlow, isToldHere: (found: FlowClass) => boolean = () => true): FlowClass[] {
  const up = failingIn(world, flow)
  if (up.some(({ trace }) => trace.inClear)) return up
  const down = [...exploreFlows(world, askedFor(flow), { tunnels: 'down' })].filter(({ box }) => isUsed(flow, box))
  return [...up, ...down.filter((found) => found.trace.inClear && isToldHere(found))]
}

function failingIn(world: World, flow: IntendedFlow): FlowClass[] {
  return [...exploreFlows(world, askedFor(flow), {})].filter(
    (found) => isUsed(flow, found.box) && verdictOf({ flow, found }, world) === 'fails',
  )
}

function failoverFinding(
  site: WorldSite,
  { box, trace }: FlowClass,
  { first, second, count }: { readonly first: string; readonly second: string; readonly count: number },
): Finding {
  const range = `${rangeText(box.source)} → ${rangeText(box.destination)}`
  const others = count > 1 ? ` (and ${count - 1} more)` : ''
  const what = trace.inClear ? 'leave unencrypted' : 'do not arrive'
  return findingAt('FAILOVER_UNSAFE', {
    site,
    about: { range },
    message: `when ${first} of ${site.name} is down and ${second} takes over, packets ${range}${others} ${what}: ${trace.reason}`,
    hint: `let the rules and guards for the tunnels hold on ${second} as well as on ${first}`,
  })
}
