import { PrefixSet } from '../../address/prefix-set.ts'
import type { DeviceRoute, TunnelChild } from '../../device/device.ts'
import { interfaceOfRoute } from '../../device/next-hop.ts'
import type { Finding } from '../../finding.ts'
import { RangeSet, rangeOf } from '../../match/range-set.ts'
import type { WorldSite } from '../../world/world.ts'
import type { IntervalIndex } from '../interval-index.ts'
import { indexed } from '../prefix-index.ts'
import { childText } from '../shown.ts'
import { findingAt, type Subject } from '../subject.ts'
import { translationsFor } from '../translations.ts'
import { carriedBy, isTakenAtOnce, tunnelRulesOf } from '../tunnel-rules.ts'

/** Where NAT happens on a virtual interface, routes that are longer than the remote prefix lead there. */
export function virtualRoutesCover({ sites }: Subject): Finding[] {
  return sites.flatMap((site) => {
    const index = indexed(site.device.routes.filter(({ doubt }) => doubt === undefined))
    const seen = new Set<string>()
    return carriedBy(site).flatMap(({ child }) => {
      const key = `${child.remote} ${child.through?.interface}`
      const isFirst = !seen.has(key)
      seen.add(key)
      return isFirst && needsRoute(site, child) ? missingRoutes(site, child, index) : []
    })
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
    ? `${site.name} routes ${equal.prefix} to ${target}, which is not longer than ${remote} of the tunnel: the route that IPSec makes wins`
    : `${site.name} has no route for ${left} to ${target}, so packets for it are not translated`
  const hint = isSingle
    ? `add a route for ${remote} to ${target}`
    : `add routes for both halves of ${remote} to ${target}: each must be longer than the remote prefix`
  const about = { selector: childText(child), range: String(left) }
  return [findingAt('GATEWAY_ROUTE_MISSING', { site, at: equal, about, message, hint })]
}

/** No route of the gateway leads packets for a peer elsewhere, unless one that the IKE daemon makes is asked before it. */
export function routesLeadToTunnels({ sites }: Subject): Finding[] {
  return sites.flatMap((site) => {
    const main = site.device.routes.filter(({ table, prefix }) => table === 'main' && prefix.family === 4)
    const index = indexed(main)
    const found = new Map<DeviceRoute, TunnelChild>()
    for (const { child } of carriedBy(site)) {
      if (child.remote.family !== 4 || child.through?.kind === 'route' || isRoutedFirst(site, child)) continue
      const diverting = divertingRoute(site, child, index)
      if (diverting) found.set(diverting, child)
    }
    return [...found].map(([route, child]) => divertedBy(site, route, child))
  })
}

function divertedBy(site: WorldSite, route: DeviceRoute, child: TunnelChild): Finding {
  const where = route.to.kind === 'nowhere' ? 'into nothing' : `to ${interfaceOfRoute(site.device, route)}`
  return findingAt('ROUTE_DIVERTS', {
    site,
    at: route,
    about: { selector: childText(child), range: String(route.prefix) },
    message: `${site.name} routes ${route.prefix} ${where}, but its tunnels carry ${child.remote}`,
    hint: `remove the route for ${route.prefix}, or translate the peer to other space`,
  })
}

/**
 * The selectors are asked before any route, or strongSwan's own route for the remote prefix is asked before the main table, where the
 * gateway has an address in the local one.
 */
function isRoutedFirst(site: WorldSite, child: TunnelChild): boolean {
  if (isTakenAtOnce(site, child)) return true
  const { device, subnets } = site
  const { local } = child
  if (device.installsRoutes !== 'own-address') return false
  const own = device.interfaces.flatMap(({ addresses }) => addresses)
  const known = own.flatMap((one) => (one.kind === 'known' ? [one.address] : []))
  if (known.some((address) => local.contains(address))) return true
  // Without a single address nobody knows: the gateway most likely has one in the networks behind it.
  return known.length === 0 && subnets.some((subnet) => subnet.overlaps(local))
}

/** The route that takes packets for a child elsewhere: of several the longest prefix decides, then the lowest distance. */
function divertingRoute(
  site: WorldSite,
  child: TunnelChild,
  index: IntervalIndex<DeviceRoute>,
): DeviceRoute | undefined {
  let open = RangeSet.ofPrefixes([child.remote])
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
 * Into nothing, or to an interface where the rules of the child are not asked: without any, the kernel asks the selectors whatever the
 * interface is.
 */
function leadsAway(site: WorldSite, route: DeviceRoute, child: TunnelChild): boolean {
  const isDataplane = child.through !== undefined
  // Routes to a virtual interface are longer than the remote prefix, so they win over a wider one.
  if (isDataplane && !child.remote.contains(route.prefix)) return false
  if (route.to.kind === 'nowhere') return true
  const name = interfaceOfRoute(site.device, route)
  if (name === undefined || site.sides.uplinks.includes(name)) return false
  const target = site.device.interfaces.find((one) => one.name === name)
  const isInside = name === site.sides.inside || target?.kind === 'physical'
  return isInside && translationsFor(child, tunnelRulesOf(site).translations).length > 0
}
