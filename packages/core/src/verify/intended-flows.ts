import type { Prefix } from '../address/prefix.ts'
import { type Plan, sightsOf } from '../plan/plan.ts'
import type { Selector } from '../policy/gateway-policy.ts'
import { peerOf } from '../trace/negotiation.ts'
import type { TracedSite, World } from '../trace/world.ts'
import {
  indexTranslations,
  outermost,
  realPrefixesBehind,
  type TranslationIndex,
  translationsFor,
} from './translations.ts'

/** Packets that are meant to arrive: every address of a source to every address of a destination, as the source's site sees it. */
export interface IntendedFlow {
  readonly from: TracedSite
  /** The site at the other end, or what the tunnel there is called where the site is not known. */
  readonly peer: string
  readonly source: Prefix
  readonly destination: Prefix
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

/** What configurations mean to arrive: what stands behind the local prefix of each selector, to its remote prefix. */
export function flowsOfSelectors(world: World): IntendedFlow[] {
  return [...world.sites.values()].flatMap((from) => {
    const index = indexTranslations(from.gateway.policy.nat)
    const flows = from.gateway.policy.tunnels.flatMap((tunnel) => {
      const site = peerOf(world, from, tunnel)[0]?.site
      const peer = site?.name ?? tunnel.peer
      return tunnel.selectors.flatMap((selector) =>
        sourcesOf(from, selector, index).flatMap((source) =>
          destinationsOf(selector, site).map((destination) => ({ from, peer, source, destination })),
        ),
      )
    })
    return [...new Map(flows.map((flow) => [`${flow.source} ${flow.destination}`, flow])).values()]
  })
}

/** A selector for everything is a way to the internet as well: only what the peer itself has is meant to arrive there. */
function destinationsOf({ remote }: Selector, peer: TracedSite | undefined): readonly Prefix[] {
  if (remote.length > 0) return [remote]
  return (peer?.subnets ?? []).filter(({ family }) => family === remote.family)
}

/** Translated prefixes in their real form, and the site's own subnets where nothing is translated. */
function sourcesOf({ subnets }: TracedSite, selector: Selector, index: TranslationIndex): Prefix[] {
  const translations = translationsFor(selector, index)
  const isTranslated = (prefix: Prefix) => translations.some(({ translated }) => translated.contains(prefix))
  const own = subnets
    .filter((subnet) => subnet.overlaps(selector.local))
    .map((subnet) => (subnet.contains(selector.local) ? selector.local : subnet))
    .filter((prefix) => !isTranslated(prefix))
  return outermost([...realPrefixesBehind(selector, translations), ...own])
}
