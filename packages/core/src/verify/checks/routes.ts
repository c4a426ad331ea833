import type { Prefix } from '../../address/prefix.ts'
import { PrefixSet } from '../../address/prefix-set.ts'
import { type Finding, findingOf } from '../../finding.ts'
import { abilities } from '../../policy/abilities.ts'
import type { Selector } from '../../policy/gateway-policy.ts'
import { rangeOf } from '../../trace/condition.ts'
import type { NodeGroup, NodeRoute, TracedSite } from '../../trace/world.ts'
import { IntervalIndex } from '../interval-index.ts'
import { placeAt, type Subject } from '../subject.ts'
import { outermost, translationsFor } from '../translations.ts'
import { tunnelRulesOf } from '../tunnel-rules.ts'

/** What a site sees of its peers. */
function remotesOf({ gateway }: TracedSite): Prefix[] {
  return outermost(gateway.policy.tunnels.flatMap(({ selectors }) => selectors.map(({ remote }) => remote)))
}

/** Values by prefix, IPv4 only: nodes have no other routes, and virtual interfaces translate nothing else. */
function indexed<T extends { readonly prefix: Prefix }>(values: readonly T[]): IntervalIndex<T> {
  const ipv4 = values.filter(({ prefix }) => prefix.family === 4)
  return new IntervalIndex(ipv4.map((value) => ({ range: rangeOf(value.prefix), value })))
}

/** Where NAT happens on a virtual interface, routes that are longer than the remote prefix lead there. */
export function virtualRoutesCover({ sites }: Subject): Finding[] {
  return sites
    .filter(({ gateway }) => abilities[gateway.platform].virtualInterface)
    .flatMap((site) => {
      const { tunnels, routes } = site.gateway.policy
      const index = indexed(routes)
      const seen = new Set<string>()
      return tunnels.flatMap(({ selectors }) =>
        selectors.flatMap((selector) => {
          const isFirst = !seen.has(`${selector.remote} ${selector.interface}`)
          seen.add(`${selector.remote} ${selector.interface}`)
          return isFirst && needsRoute(site, selector) ? missingRoutes(site, selector, index) : []
        }),
      )
    })
}

function needsRoute(site: TracedSite, selector: Selector): boolean {
  if (selector.remote.family !== 4 || selector.interface === undefined) return false
  return translationsFor(selector, tunnelRulesOf(site).translations).length > 0
}

function missingRoutes(
  site: TracedSite,
  { remote, interface: target }: Selector,
  index: IntervalIndex<TracedSite['gateway']['policy']['routes'][number]>,
): Finding[] {
  const there = [...index.meeting(rangeOf(remote))].filter((route) => route.interface === target)
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
  const place = placeAt(site, equal)
  return [findingOf('GATEWAY_ROUTE_MISSING', place, { message, hint })]
}

/** No static route of the gateway leads packets for a peer elsewhere. */
export function routesLeadToTunnels({ sites }: Subject): Finding[] {
  return sites.flatMap((site) => {
    const { staticRoutes, platform } = site.gateway
    const elsewhere = staticRoutes.filter(({ to, prefix }) => to !== 'outside' && prefix.length > 0)
    const index = indexed(remotesOf(site).map((prefix) => ({ prefix })))
    return elsewhere.flatMap((route) => {
      if (route.prefix.family !== 4) return []
      // Routes to a virtual interface are longer than the remote prefix, so they win over a wider one.
      const met = [...index.meeting(rangeOf(route.prefix))].find(
        ({ prefix }) => prefix.contains(route.prefix) || !abilities[platform].virtualInterface,
      )
      if (!met) return []
      const where = route.to === 'nowhere' ? 'into nothing' : 'to the inside'
      return findingOf('ROUTE_DIVERTS', placeAt(site, route), {
        message: `${site.name} routes ${route.prefix} ${where}, but its tunnels carry ${met.prefix}`,
        hint: `remove the route for ${route.prefix}, or translate the peer to other space`,
      })
    })
  })
}

/** What a site sees of its peers is in use nowhere at the site itself. */
export function remotesAreFree({ sites }: Subject): Finding[] {
  return sites.flatMap((site) => {
    const own = [
      ...site.subnets.map((prefix) => ({ prefix, what: 'a subnet' })),
      ...site.otherNetworks.map((prefix) => ({ prefix, what: 'a network' })),
      ...site.nodes.flatMap(({ podSubnets }) => podSubnets.map((prefix) => ({ prefix, what: 'the pods' }))),
    ]
    const index = indexed(own)
    return site.gateway.policy.tunnels.flatMap((tunnel) =>
      tunnel.selectors.flatMap((selector) => {
        const { remote } = selector
        if (remote.length === 0 || remote.family !== 4) return []
        const [met] = index.meeting(rangeOf(remote))
        if (!met) return []
        return findingOf('REMOTE_OCCUPIED', placeAt(site, selector), {
          message: `${site.name} sees ${tunnel.peer} as ${remote}, but ${met.prefix} is ${met.what} of ${site.name} itself`,
          hint: `translate the subnet at ${tunnel.peer} to space that is free at ${site.name}`,
        })
      }),
    )
  })
}

/** The nodes send packets for everything that their site sees to the private gateway. */
export function nodeRoutesCover({ sites }: Subject): Finding[] {
  return sites.flatMap((site) => {
    const remotes = remotesOf(site).filter(({ family, length }) => family === 4 && length > 0)
    return site.nodes.flatMap((group) => missingNodeRoutes(site, group, remotes))
  })
}

function missingNodeRoutes(site: TracedSite, group: NodeGroup, remotes: readonly Prefix[]): Finding[] {
  const index = indexed(group.routes)
  const missing = remotes.flatMap((remote) => uncovered(remote, index))
  const [first] = missing
  if (!first) return []
  const nodes = group.name === undefined ? `the nodes of ${site.name}` : `the nodes ${group.name} of ${site.name}`
  const others = missing.length > 1 ? ` and ${missing.length - 1} more` : ''
  return [
    findingOf('NODE_ROUTE_MISSING', placeAt(site), {
      message: `${nodes} have no route for ${first}${others} to the private gateway`,
      hint: `natplan kubernetes --site ${site.name} writes the routes; on a node: ip route get ${first.first}`,
    }),
  ]
}

/** What of a prefix does not go to the gateway: from the widest route to the narrowest, each takes its part. */
function uncovered(remote: Prefix, index: IntervalIndex<NodeRoute>): Prefix[] {
  let covered = PrefixSet.empty
  for (const { prefix, to } of [...index.meeting(rangeOf(remote))].sort((a, b) => a.prefix.length - b.prefix.length)) {
    const part = PrefixSet.of([prefix])
    covered = to === 'gateway' ? covered.union(part) : covered.subtract(part)
  }
  return PrefixSet.of([remote]).subtract(covered).prefixes()
}
