import {
  type Ends,
  exampleOf,
  type Hop,
  type Plan,
  type SiteName,
  type Subnet,
  type Trace,
  visibleAs,
} from '@natplan/core'

/** A place on the way between two sites, with the addresses of a packet and of its answer between it and the next place. */
export interface Stage {
  readonly site: string
  readonly at: Hop['at']
  readonly there: Ends | undefined
  readonly back: Ends | undefined
  /** What is encrypted between it and the next place, where that is a tunnel. */
  readonly selector: string | undefined
}

/** The places of a trace, each once. */
export function stagesOf({ hops }: Trace): Stage[] {
  const there = placesOf(hops.filter(({ way }) => way === 'there'))
  const back = placesOf(hops.filter(({ way }) => way === 'back')).reverse()
  return there.map(({ site, at, leaves, selector }, index) => ({
    site,
    at,
    there: index < there.length - 1 ? leaves : undefined,
    back: back[index + 1]?.leaves,
    selector,
  }))
}

interface PassedPlace {
  readonly site: string
  readonly at: Hop['at']
  readonly leaves: Ends | undefined
  readonly selector: string | undefined
}

/** A gateway that a packet passes twice is one place. */
function placesOf(hops: readonly Hop[]): PassedPlace[] {
  const places: PassedPlace[] = []
  for (const { site, at, leaves, steps } of hops) {
    const before = places.at(-1)
    const child = steps.flatMap((step) => (step.kind === 'encrypt' ? step.child : [])).at(-1)
    const place = { site, at, leaves, selector: child && `${child.local} ↔ ${child.remote}` }
    if (before?.site === site && before.at === at) places.pop()
    places.push(place)
  }
  return places
}

/**
 * The two subnets that show most of what is translated when one site calls the other; of IPv6 where they share nothing else. Hosts that hide
 * cannot be called.
 */
export function shownSubnets(plan: Plan, [one, other]: readonly [SiteName, SiteName]): [Subnet, Subnet] | undefined {
  for (const family of [4, 6] as const) {
    const first = mostTelling(plan, { site: one, seenBy: other, family, canHide: true })
    const second = mostTelling(plan, { site: other, seenBy: one, family, canHide: false })
    if (first && second) return [first, second]
  }
  return undefined
}

interface Seen {
  readonly site: SiteName
  readonly seenBy: SiteName
  readonly family: 4 | 6
  readonly canHide: boolean
}

function mostTelling(plan: Plan, { site, seenBy, family, canHide }: Seen): Subnet | undefined {
  const subnets = (plan.network.sites.get(site)?.subnets ?? []).filter(
    ({ prefix, hideBehind }) => prefix.family === family && (canHide || !hideBehind),
  )
  return subnets.find((subnet) => !visibleAs(plan, subnet, seenBy).equals(subnet.prefix)) ?? subnets[0]
}

/** A host of a subnet, and what a peer calls it. */
export function exampleHost(plan: Plan, subnet: Subnet, seenBy: SiteName) {
  return exampleOf({ real: subnet.prefix, translated: visibleAs(plan, subnet, seenBy) })
}

/** What would happen with gateways between the two sites, each translating its own: for plans that name none. */
export function stagesWithoutGateways(plan: Plan, [a, b]: readonly [Subnet, Subnet]): Stage[] {
  const [source, destination] = [exampleHost(plan, a, b.site), exampleHost(plan, b, a.site)]
  const at = (site: string, place: Hop['at'], from: typeof source.real, to: typeof source.real, selector?: string) => ({
    site,
    at: place,
    there: { source: from, destination: to },
    back: { source: to, destination: from },
    selector,
  })
  const selector = `${visibleAs(plan, a, b.site)} ↔ ${visibleAs(plan, b, a.site)}`
  return [
    at(a.site, 'host', source.real, destination.translated),
    at(a.site, 'gateway', source.translated, destination.translated, selector),
    at(b.site, 'gateway', source.translated, destination.real),
    { site: b.site, at: 'host', there: undefined, back: undefined, selector: undefined },
  ]
}
