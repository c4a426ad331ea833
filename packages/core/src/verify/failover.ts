import type { DeviceRoute } from '../device/device.ts'
import { interfaceOfRoute } from '../device/next-hop.ts'
import type { Finding } from '../finding.ts'
import { exploreFlows, type FlowClass } from '../trace/flow-classes.ts'
import type { PeerEnd } from '../world/ends.ts'
import type { World, WorldSite } from '../world/world.ts'
import { groupedBy } from './grouped-by.ts'
import { type IntendedFlow, isUsed } from './intended-flows.ts'
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

/** What happens when the first of several tunnels between two sites is down: one finding for each pair of sites whose packets the next one does not carry. */
export function secondTunnelFindings(
  { world, pairs }: Pick<Subject, 'world' | 'pairs'>,
  flows: readonly IntendedFlow[],
): Finding[] {
  return [...groupedBy(pairs, sitesText).values()].flatMap((tunnels) => {
    const ranked = tunnels.filter(({ here, there }) => boundTo(here) !== undefined && boundTo(there) !== undefined)
    const [first] = ranked.sort((a, b) => distanceOf(a.here) - distanceOf(b.here))
    if (!first || ranked.length < 2) return []
    const { here, there } = first
    const changed = new Map(world.sites)
    for (const end of [here, there])
      changed.set(end.site.name, withoutTunnel(changed.get(end.site.name) ?? end.site, end))
    const ends = [here.site.name, there.site.name]
    const meant = flows.filter(({ from, peer, over, isHidden }) => {
      const other = 'site' in peer ? peer.site : ''
      return !isHidden && over === undefined && ends.includes(from.name) && ends.includes(other)
    })
    const lost = meant.flatMap((flow) => {
      const from = changed.get(flow.from.name) ?? flow.from
      return lostIn({ sites: changed }, { ...flow, from }).map((found) => ({ found, from }))
    })
    const worst = lost.find(({ found }) => found.trace.inClear) ?? lost[0]
    return worst ? [tunnelFinding(first, worst, lost.length)] : []
  })
}

function sitesText({ here, there }: TunnelPair): string {
  return [here.site.name, there.site.name].sort().join(' ')
}

/** The virtual interface that routes lead into. */
function boundTo({ tunnel }: PeerEnd): string | undefined {
  return tunnel.children.find(({ through }) => through?.kind === 'route')?.through?.interface
}

/** Of the routes into the interface of a tunnel the nearest. */
function distanceOf(end: PeerEnd): number {
  const name = boundTo(end)
  const into = end.site.device.routes.filter(({ to }) => to.kind === 'interface' && to.interface === name)
  return Math.min(...into.map(({ distance }) => distance))
}

/** Its interface goes down with a tunnel, and the routes into it go with that. */
function withoutTunnel(site: WorldSite, end: PeerEnd): WorldSite {
  const { device } = site
  const name = boundTo(end)
  return {
    ...site,
    device: {
      ...device,
      routes: device.routes.filter(({ to }) => to.kind !== 'interface' || to.interface !== name),
      tunnels: device.tunnels.filter((tunnel) => tunnel !== end.tunnel),
    },
  }
}

function tunnelFinding(
  { here, there }: TunnelPair,
  { found: { box, trace }, from }: { readonly found: FlowClass; readonly from: WorldSite },
  count: number,
): Finding {
  const range = `${rangeText(box.source)} → ${rangeText(box.destination)}`
  const others = count > 1 ? ` (and ${count - 1} more)` : ''
  const what = trace.inClear ? 'leave unencrypted' : 'do not arrive'
  return findingAt('FAILOVER_UNSAFE', {
    site: from,
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

/** With the tunnel up packets should arrive, and without it none may leave in clear. */
function lostIn(world: World, flow: IntendedFlow): FlowClass[] {
  const { from, source, destination } = flow
  const asked = { from, source, destination }
  const isMeant = ({ box }: FlowClass) => isUsed(flow, box)
  const up = [...exploreFlows(world, asked, {})]
    .filter(isMeant)
    .filter((found) => verdictOf({ flow, found }, world) === 'fails')
  if (up.some(({ trace }) => trace.inClear)) return up
  const down = [...exploreFlows(world, asked, { tunnels: 'down' })].filter(isMeant)
  return [...up, ...down.filter(({ trace }) => trace.inClear)]
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
