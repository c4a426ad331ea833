import { outermost } from '../address/outermost.ts'
import type { Prefix } from '../address/prefix.ts'
import type { TunnelChild } from '../device/device.ts'
import { RangeSet } from '../match/range-set.ts'
import { type Plan, sightsOf } from '../plan/plan.ts'
import { peersOf } from '../world/peers.ts'
import type { World, WorldSite } from '../world/world.ts'
import { manyToOneOf } from './many-to-one.ts'
import { prefixesOf } from './shown.ts'
import { realPrefixesBehind, translationsFor, withoutSet } from './translations.ts'
import { tunnelRulesOf } from './tunnel-rules.ts'

/** Packets that are meant to arrive: every address of a source to every address of a destination, as the source's site sees it. */
export interface IntendedFlow {
  readonly from: WorldSite
  /** The site at the other end, or what the tunnel there is called where the site is not known. */
  readonly peer: string
  readonly source: Prefix
  readonly destination: Prefix
  /** Many hosts of the peer stand behind the destination on purpose: only they open connections. */
  readonly isHidden?: boolean
}

/** What a plan means to arrive: each subnet to everything that its site sees. */
export function flowsOfPlan(plan: Plan, world: World): IntendedFlow[] {
  return [...plan.network.sites.values()].flatMap(({ name, subnets }) => {
    const from = world.sites.get(name)
    if (!from) return []
    const sights = sightsOf(plan, name).filter(({ peer }) => world.sites.has(peer))
    return sights.flatMap(({ peer, visible }) =>
      subnets
        .filter(({ prefix }) => prefix.family === visible.family)
        .map(({ prefix }) => ({ from, peer, source: prefix, destination: visible })),
    )
  })
}

/** What configurations mean to arrive: what stands behind the local prefix of each child, to its remote prefix. */
export function flowsOfSelectors(world: World): IntendedFlow[] {
  return [...world.sites.values()].flatMap((from) => {
    const flows = from.device.tunnels.flatMap((tunnel) => {
      const site = peersOf(world, { site: from, tunnel }).ends[0]?.site
      const peer = site?.name ?? tunnel.name
      const carried = tunnel.children.filter(({ kind }) => kind === 'protect')
      return carried.flatMap((child) => {
        const destinations = destinationsOf(from, child, site)
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

type Destination = Pick<IntendedFlow, 'destination' | 'isHidden'>

/** All that the child carries but what the site has itself, and passes by the tunnel. */
function destinationsOf(from: WorldSite, child: TunnelChild, peer: WorldSite | undefined): Destination[] {
  const own = passedOwn(from, child)
  const remotes = remotesOf(from, child, peer)
  const meant = own.isEmpty ? remotes : remotes.flatMap((remote) => withoutSet(remote, own))
  const hidden = RangeSet.of(peer ? [...manyToOneOf(peer).values()].flatMap(({ ranges }) => ranges) : [])
  if (hidden.isEmpty) return meant.map((destination) => ({ destination }))
  return meant.flatMap((prefix) => {
    const behind = RangeSet.ofPrefixes([prefix]).intersect(hidden)
    return [
      ...withoutSet(prefix, behind).map((destination) => ({ destination })),
      ...prefixesOf(behind).map((destination) => ({ destination, isHidden: true })),
    ]
  })
}

/** A selector for everything is a way to the internet as well: only what the peer itself has is meant to arrive there. */
function remotesOf(from: WorldSite, { remote, through }: TunnelChild, peer: WorldSite | undefined): readonly Prefix[] {
  if (remote.length > 0) return [remote]
  const subnets = (peer?.subnets ?? []).filter(({ family }) => family === remote.family)
  if (subnets.length > 0 || through?.kind !== 'route') return subnets
  return from.device.routes
    .filter(({ to, prefix }) => 'interface' in to && to.interface === through.interface && prefix.length > 0)
    .map(({ prefix }) => prefix)
    .filter(({ family }) => family === remote.family)
}

/** A site's own networks that children pass by the tunnel. */
function passedOwn(site: WorldSite, { local }: TunnelChild): RangeSet {
  const { subnets, otherNetworks } = site
  const passing = tunnelRulesOf(site).passing.filter((one) => one.local.overlaps(local))
  if (passing.length === 0) return RangeSet.empty
  const passed = RangeSet.ofPrefixes(passing.map(({ remote }) => remote))
  return RangeSet.ofPrefixes([...subnets, ...otherNetworks]).intersect(passed)
}

/** Translated prefixes in their real form, the site's own subnets where nothing is translated, and what is hidden on purpose. */
export function sourcesOf(site: WorldSite, child: TunnelChild): Prefix[] {
  const translations = translationsFor(child, tunnelRulesOf(site).translations)
  const isTranslated = (prefix: Prefix) => translations.some(({ translated }) => translated.contains(prefix))
  const own = site.subnets
    .filter((subnet) => subnet.overlaps(child.local))
    .map((subnet) => (subnet.contains(child.local) ? child.local : subnet))
    .filter((prefix) => !isTranslated(prefix))
  return outermost([...realPrefixesBehind(child, translations), ...own, ...hiddenBehind(site, child)])
}

function hiddenBehind(site: WorldSite, { local, remote }: TunnelChild): Prefix[] {
  const [near, far] = [RangeSet.ofPrefixes([local]), RangeSet.ofPrefixes([remote])]
  return [...manyToOneOf(site)]
    .filter(([{ match }, made]) => near.includes(made) && (match.destination?.overlaps(far) ?? true))
    .flatMap(([{ match }]) => (match.source ? prefixesOf(match.source) : site.subnets))
    .filter(({ family }) => family === local.family)
}
