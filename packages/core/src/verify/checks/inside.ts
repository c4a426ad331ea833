import type { Prefix } from '../../address/prefix.ts'
import { PrefixSet } from '../../address/prefix-set.ts'
import type { TunnelChild } from '../../device/device.ts'
import { connectedNetworks } from '../../device/next-hop.ts'
import type { Finding } from '../../finding.ts'
import { RangeSet, rangeOf } from '../../match/range-set.ts'
import { calledInside } from '../../world/called-inside.ts'
import { insideNetworks } from '../../world/find-sides.ts'
import { beyondSummaries } from '../../world/summaries.ts'
import type { WorldSite } from '../../world/world.ts'
import { type NatRule, ruleName } from '../nat-rules.ts'
import { networksShown } from '../networks-shown.ts'
import { indexed } from '../prefix-index.ts'
import { childText } from '../shown.ts'
import { findingAt, placeAt, type Subject } from '../subject.ts'
import { translationsFor } from '../translations.ts'
import { carriedBy, isForTunnel, tunnelRulesOf } from '../tunnel-rules.ts'

interface OwnNetwork {
  readonly prefix: Prefix
  readonly what: string
}

/** What a site sees of its peers is in use nowhere at the site itself, but for what it passes by its tunnels, and what its routes lead out of its networks. */
export function remotesAreFree({ sites }: Subject): Finding[] {
  return sites.flatMap((site) => {
    const own: OwnNetwork[] = [
      ...site.subnets.map((prefix) => ({ prefix, what: 'a subnet' })),
      ...withoutRouted(site).map((prefix) => ({ prefix, what: 'a network' })),
      ...site.nodes.flatMap(({ podSubnets }) => podSubnets.map((prefix) => ({ prefix, what: 'the pods' }))),
    ]
    const index = indexed(own)
    const passed = passedBy(site)
    const elsewhere = beyondSummaries(site).union(calledInside(site))
    return carriedBy(site).flatMap(({ tunnel, child }) => {
      const { remote } = child
      if (remote.length === 0 || remote.family !== 4 || child.through?.kind === 'route') return []
      if (elsewhere.includes(RangeSet.ofPrefixes([remote]))) return []
      const met = [...index.meeting(rangeOf(remote))].find((one) => !isSpared(one, child, passed, site))
      if (!met) return []
      return findingAt('REMOTE_OCCUPIED', {
        site,
        at: child,
        about: { peer: tunnel.name, tunnel: tunnel.name, selector: childText(child), range: String(met.prefix) },
        message: `${site.name} sees ${tunnel.name} as ${remote}, but ${met.prefix} is ${met.what} of ${site.name} itself`,
        hint: `translate the subnet at ${tunnel.name} to space that is free at ${site.name}`,
        related: shownBy(site, met.prefix),
      })
    })
  })
}

/** Selectors take packets whatever a route says, so what only a route tells of is asked about by `routesLeadToTunnels`. */
function withoutRouted({ otherNetworks, routedNetworks = [] }: WorldSite): readonly Prefix[] {
  if (routedNetworks.length === 0) return otherNetworks
  return PrefixSet.of(otherNetworks).subtract(PrefixSet.of(routedNetworks)).prefixes()
}

/** The line that shows a network: an address of an interface in it, or a route. */
function shownBy(site: WorldSite, prefix: Prefix): NonNullable<Finding['related']> {
  const { interfaces, routes } = site.device
  const connected = interfaces.flatMap(({ name, line, addresses }) =>
    addresses.flatMap((one) =>
      one.kind === 'known' && one.network.overlaps(prefix)
        ? [
            {
              place: placeAt(site, { line: one.line ?? line }),
              message: `${name} of ${site.name} has an address in it`,
            },
          ]
        : [],
    ),
  )
  const routed = routes
    .filter((route) => route.prefix.length > 0 && route.prefix.overlaps(prefix))
    .map((route) => ({ place: placeAt(site, route), message: `a route of ${site.name} leads to ${route.prefix}` }))
  return [...connected, ...routed].slice(0, 1)
}

interface Passed {
  readonly local: RangeSet
  readonly remote: RangeSet
}

/** What leaves as it is, whatever the tunnels carry. */
function passedBy({ device }: WorldSite): Passed[] {
  return device.tunnels.flatMap(({ children }) =>
    children
      .filter(({ kind }) => kind === 'pass')
      .map(({ local, remote }) => ({ local: RangeSet.ofPrefixes([local]), remote: RangeSet.ofPrefixes([remote]) })),
  )
}

/**
 * A summary holds the site's own networks: those that pass by are spared, and so is a link that no route for the summary leads away from.
 * The others are asked about by `selectorsLeaveInsideAlone`.
 */
function isSpared(
  { prefix }: OwnNetwork,
  { local, remote }: TunnelChild,
  passed: readonly Passed[],
  site: WorldSite,
): boolean {
  const own = RangeSet.ofPrefixes([prefix])
  if (passed.some((one) => one.remote.includes(own) && one.local.overlaps(RangeSet.ofPrefixes([local])))) return true
  if (!remote.contains(prefix) || remote.length >= prefix.length) return false
  return !local.overlaps(prefix) || (site.device.installsRoutes === 'never' && isLink(site, prefix))
}

/** Its hosts send to each other past the gateway. */
function isLink({ device }: WorldSite, prefix: Prefix): boolean {
  return connectedNetworks(device).some((network) => network.prefix.contains(prefix))
}

/** Selectors take no packets between two networks behind the gateway: the kernel asks them of all that it forwards. */
export function selectorsLeaveInsideAlone({ sites }: Subject): Finding[] {
  return sites.flatMap((site) => {
    const own = [...site.subnets, ...site.otherNetworks]
    const passed = passedBy(site)
    const index = indexed(own.map((prefix) => ({ prefix })))
    return carriedBy(site).flatMap(({ tunnel, child }) => {
      const { local, remote, through } = child
      if (through?.kind === 'route' || remote.family !== 4) return []
      const here = own.filter((prefix) => prefix.overlaps(local))
      const there = [...index.meeting(rangeOf(remote))]
        .map(({ prefix }) => prefix)
        .filter((prefix) => remote.contains(prefix) && remote.length < prefix.length)
      for (const from of here) {
        const to = there.find((other) => !other.overlaps(from) && !passes(passed, from, other))
        if (to) return betweenInside(site, { tunnel: tunnel.name, child, from, to })
      }
      return []
    })
  })
}

function passes(passed: readonly Passed[], from: Prefix, to: Prefix): boolean {
  const [source, destination] = [RangeSet.ofPrefixes([from]), RangeSet.ofPrefixes([to])]
  return passed.some(({ local, remote }) => local.includes(source) && remote.includes(destination))
}

function betweenInside(
  site: WorldSite,
  found: { readonly tunnel: string; readonly child: TunnelChild; readonly from: Prefix; readonly to: Prefix },
): Finding {
  const { tunnel, child, from, to } = found
  return findingAt('SELECTOR_TAKES_LOCAL', {
    site,
    at: child,
    about: { peer: tunnel, tunnel, selector: childText(child), range: `${from} → ${to}` },
    message: `${childText(child)} of the tunnel ${tunnel} takes packets of ${site.name} from ${from} to its own ${to} as well: they go into the tunnel`,
    hint: `name the prefixes of the peer in place of ${child.remote}, or let ${from} → ${to} pass by (a child that passes)`,
  })
}

/** What rules make of a site's addresses for its peers is in use nowhere at the site itself. */
export function translatedIsFree({ sites }: Subject): Finding[] {
  return sites.flatMap((site) => {
    const { translations } = tunnelRulesOf(site)
    const index = indexed(
      carriedBy(site)
        .flatMap(({ child }) => translationsFor(child, translations))
        .filter(({ real, translated }) => !real.equals(translated))
        .map((value) => ({ ...value, prefix: value.translated })),
    )
    return insideNetworks(site.device, site.sides.uplinks).flatMap((network) => {
      const { prefix, isConnected } = network
      const near = prefix.family === 4 ? index.meeting(rangeOf(prefix)) : []
      // A summary may hold space that nobody has.
      const made = near.find(({ translated }) => isConnected || translated.contains(prefix))
      if (!made) return []
      const name = network.interface ?? 'the inside'
      const what = isConnected
        ? `${name} of ${site.name} has an address in ${prefix}`
        : `${site.name} routes ${prefix} to ${name}`
      return findingAt('TRANSLATED_OCCUPIED', {
        site,
        at: network,
        about: { rule: ruleName(made.rule), range: String(made.translated) },
        message: `peers see ${made.real} of ${site.name} as ${made.translated}, but ${what}: hosts there look like those, and peers that call them reach others`,
        hint: `translate ${made.real} to space that is free at ${site.name}`,
        related: ruleOf(site, made.rule),
      })
    })
  })
}

function ruleOf(site: WorldSite, rule: NatRule): NonNullable<Finding['related']> {
  if (rule.rule.line === undefined) return []
  return [{ place: placeAt(site, rule.rule), message: `${ruleName(rule)} is here` }]
}

/** Destination rules for the tunnels lead to networks that are there. */
export function targetsAreThere({ sites }: Subject): Finding[] {
  return sites.flatMap((site) => {
    const rules = tunnelRulesOf(site)
    return rules.nat.flatMap((rule) => {
      const { action } = rule.rule
      if (rule.side !== 'destination' || action.kind !== 'map' || rule.rule.doubt) return []
      const held = networksShown(site)
      if (!held) return []
      const target = RangeSet.ofPrefixes([action.to])
      if (target.overlaps(held) || !isForTunnel(rule, rules)) return []
      return findingAt('NAT_TARGET_MISSING', {
        site,
        at: rule.rule,
        about: { rule: ruleName(rule), range: String(action.to) },
        message: `${ruleName(rule)} of ${site.name} translates to ${action.to}, which is not a network of ${site.name}: no interface has an address in it, and no route leads there but the default one`,
        hint: `translate to the real prefix behind the gateway, or add the interface or route for ${action.to}`,
      })
    })
  })
}
