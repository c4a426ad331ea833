import { PrefixSet } from '../../address/prefix-set.ts'
import type { DeviceRoute, Doubt, TunnelChild } from '../../device/device.ts'
import { interfaceOfRoute } from '../../device/next-hop.ts'
import type { Finding } from '../../finding.ts'
import type { IntervalIndex } from '../../match/interval-index.ts'
import { RangeSet, rangeOf } from '../../match/range-set.ts'
import { hasAddressIn } from '../../world/own-address.ts'
import type { WorldSite } from '../../world/world.ts'
import { isAskedOn } from '../nat-rules.ts'
import { indexed } from '../prefix-index.ts'
import { childText } from '../shown.ts'
import { findingAt, type Subject } from '../subject.ts'
import { translationsFor } from '../translations.ts'
import { type Carried, carriedBy, isTakenAtOnce, tunnelRulesOf } from '../tunnel-rules.ts'

/** Where NAT happens on a virtual interface, routes that are longer than the remote prefix lead there. */
export function virtualRoutesCover({ sites }: Subject): Finding[] {
  return sites.flatMap((site) => {
    const needing = onePerTarget(carriedBy(site).map(({ child }) => child)).filter((child) => needsRoute(site, child))
    if (needing.length === 0) return []
    const index = indexed(site.device.routes.filter(({ doubt }) => doubt === undefined))
    return needing.flatMap((child) => missingRoutes(site, child, index))
  })
}

/** The first of the children that lead to one prefix by one interface. */
function onePerTarget(children: readonly TunnelChild[]): TunnelChild[] {
  const seen = new Set<string>()
  return children.filter(({ remote, through }) => {
    const key = `${remote} ${through?.interface}`
    const isFirst = !seen.has(key)
    seen.add(key)
    return isFirst
  })
}

function needsRoute(site: WorldSite, child: TunnelChild): boolean {
  return child.through?.kind === 'feature' && translationsFor(child, tunnelRulesOf(site).translations).length > 0
}

function missingRoutes(site: WorldSite, child: TunnelChild, index: IntervalIndex<DeviceRoute>): Finding[] {
  const { remote, through } = child
  const target = through?.interface
  const there = [...index.meeting(rangeOf(remote))].filter(({ to }) => 'interface' in to && to.interface === target)
  const longer = there.filter(({ prefix }) => remote.contains(prefix) && prefix.length > remote.length)
  const [left] = PrefixSet.of([remote])
    .subtract(PrefixSet.of(longer.map(({ prefix }) => prefix)))
    .prefixes()
  if (!left) return []
  const equal = there.find(({ prefix }) => prefix.contains(remote))
  const isSingle = remote.bits === remote.lastBits
  if (isSingle && equal) return []
  const message = equal
    ? `${site.name} routes ${equal.prefix} to ${target}, which is not longer than ${remote} of the tunnel: the route that IPsec makes wins`
    : `${site.name} has no route for ${left} to ${target}, so packets for it are not translated`
  const hint = isSingle
    ? `add a route for ${remote} to ${target}`
    : `add routes for both halves of ${remote} to ${target}: each must be longer than the remote prefix`
  const about = { selector: childText(child), range: String(left) }
  return [findingAt('GATEWAY_ROUTE_MISSING', { site, at: equal ?? child, about, message, hint })]
}

/**
 * No route of the gateway leads packets for a peer elsewhere, unless one that the IKE daemon makes is asked before it, and none says that
 * what it sees of a peer is behind it.
 */
export function routesLeadToTunnels({ sites }: Subject): Finding[] {
  return sites.flatMap((site) => {
    if (site.device.tunnels.length === 0) return []
    const main = site.device.routes.filter(({ table, prefix }) => table === 'main' && prefix.family === 4)
    const index = indexed(main)
    const found = new Map<DeviceRoute, TunnelChild>()
    const carried = carriedBy(site)
      .map(({ child }) => child)
      .filter(({ remote, through }) => remote.family === 4 && through?.kind !== 'route')
    // What may be routed first is no fault: packets that meet such a route are told as not known.
    const routedFirst = RangeSet.ofPrefixes(
      carried.filter((child) => isRoutedFirst(site, child) !== 'no').map(({ remote }) => remote),
    )
    for (const child of carried) {
      if (routedFirst.includes(RangeSet.ofPrefixes([child.remote]))) continue
      const diverting = divertingRoute(site, child, index)
      if (diverting) found.set(diverting, child)
    }
    return [
      ...[...found].map(([route, child]) => divertedBy(site, route, child)),
      ...[...coveringRoutes(site, index)]
        .filter(([route]) => !found.has(route))
        .map(([route, carried]) => coveredBy(site, route, carried)),
    ]
  })
}

/** The routes to the inside that hold what children carry, each with the first of them. */
function coveringRoutes(site: WorldSite, index: IntervalIndex<DeviceRoute>): Map<DeviceRoute, Carried> {
  const routed = RangeSet.ofPrefixes(site.routedNetworks ?? [])
  const found = new Map<DeviceRoute, Carried>()
  if (routed.isEmpty) return found
  for (const carried of carriedBy(site)) {
    const { remote, through } = carried.child
    if (remote.length === 0 || remote.family !== 4 || through?.kind === 'route' || !routed.meets(rangeOf(remote)))
      continue
    const covering = index
      .meeting(rangeOf(remote))
      .filter(({ prefix, to }) => prefix.length > 0 && 'interface' in to && prefix.contains(remote))
      .sort((a, b) => b.prefix.length - a.prefix.length || a.distance - b.distance)[0]
    if (!covering || found.has(covering)) continue
    if (isInside(site, interfaceOfRoute(site.device, covering))) found.set(covering, carried)
  }
  return found
}

function coveredBy(site: WorldSite, route: DeviceRoute, { tunnel, child }: Carried): Finding {
  return findingAt('REMOTE_ROUTED_INSIDE', {
    site,
    at: route,
    about: { peer: tunnel.name, tunnel: tunnel.name, selector: childText(child), range: String(route.prefix) },
    message: `${site.name} routes ${route.prefix} to ${interfaceOfRoute(site.device, route)}, and sees ${tunnel.name} as ${child.remote}, which is in it: the tunnel takes packets for it, so hosts of ${site.name} with such addresses are not reached`,
    hint: `if nobody behind that route has addresses of ${child.remote}, there is nothing to do; otherwise translate the peer to other space`,
  })
}

function divertedBy(site: WorldSite, route: DeviceRoute, child: TunnelChild): Finding {
  const where = route.to.kind === 'nowhere' ? 'to a blackhole' : `to ${interfaceOfRoute(site.device, route)}`
  return findingAt('ROUTE_DIVERTS', {
    site,
    at: route,
    about: { selector: childText(child), range: String(route.prefix) },
    message: `${site.name} routes ${route.prefix} ${where}, but its tunnels carry ${child.remote}`,
    hint:
      route.line === undefined
        ? `translate the subnet of ${site.name} that peers see as ${route.prefix} to other space, or narrow ${childText(child)}`
        : `remove the route for ${route.prefix}, or translate the peer to other space`,
  })
}

/**
 * The selectors are asked before any route, or strongSwan's own route for the remote prefix is asked before the main table, where the
 * gateway has an address in the local one.
 */
function isRoutedFirst(site: WorldSite, child: TunnelChild): 'yes' | 'no' | Doubt {
  if (isTakenAtOnce(site, child)) return 'yes'
  return site.device.installsRoutes === 'own-address' ? hasAddressIn(site.device, child.local) : 'no'
}

/** The route that takes packets for a child elsewhere: of several the longest prefix decides, then the lowest distance. */
function divertingRoute(
  site: WorldSite,
  child: TunnelChild,
  index: IntervalIndex<DeviceRoute>,
): DeviceRoute | undefined {
  // What peers call this site is not for a peer, also where a selector takes it.
  let open = RangeSet.ofPrefixes([child.remote]).subtract(RangeSet.ofPrefixes([child.local]))
  const near = index
    .meeting(rangeOf(child.remote))
    .sort((a, b) => b.prefix.length - a.prefix.length || a.distance - b.distance)
  for (const route of near) {
    const own = RangeSet.ofPrefixes([route.prefix])
    if (!open.overlaps(own)) continue
    if (route.prefix.length > 0 && route.doubt === undefined && leadsAway(site, route, child)) return route
    open = open.subtract(own)
  }
  return undefined
}

/**
 * Into nothing, or to an interface where source rules of the child are not asked: what needs none of them the selectors take whatever the
 * interface is.
 */
function leadsAway(site: WorldSite, route: DeviceRoute, child: TunnelChild): boolean {
  const isDataplane = child.through !== undefined
  // Routes to a virtual interface are longer than the remote prefix, so they win over a wider one.
  if (isDataplane && !child.remote.contains(route.prefix)) return false
  if (route.to.kind === 'nowhere') return true
  const name = interfaceOfRoute(site.device, route)
  return (
    isInside(site, name) &&
    translationsFor(child, tunnelRulesOf(site).translations).some(
      ({ rule }) => rule.side === 'source' && !isAskedOn(rule, name),
    )
  )
}

function isInside({ device, sides }: WorldSite, name: string | undefined): name is string {
  const target = device.interfaces.find((one) => one.name === name)
  if (name === undefined || sides.uplinks.includes(name) || target?.kind === 'virtual') return false
  return name === sides.inside || target?.kind === 'physical'
}
