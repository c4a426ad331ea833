import type { SiteName } from './names.ts'
import type { Network, Tunnel } from './network.ts'

/** Who talks to whom, and who has a tunnel with whom: those that talk over a third site have none. */
export interface Peers {
  /** True when the plan lists no tunnels, so that every pair of sites counts as connected. */
  readonly everyPair: boolean
  /** The sites that a site talks to, sorted by name. */
  of(site: SiteName): ReadonlySet<SiteName>
  /** The sites at the far ends of a site's tunnels, sorted by name. */
  tunnelsOf(site: SiteName): ReadonlySet<SiteName>
  areJoined(one: SiteName, other: SiteName): boolean
  /** The site that forwards what two others send to each other, where they have no tunnel. */
  between(one: SiteName, other: SiteName): SiteName | undefined
}

const nobody: ReadonlySet<SiteName> = new Set()

export function peersIn(network: Network): Peers {
  const { tunnels, transits, sites } = network
  if (!tunnels) return everyPair([...sites.keys()])
  const joined = joinedBy(tunnels)
  const talking = transits.length === 0 ? joined : joinedBy([...tunnels, ...transits])
  const of = (site: SiteName) => talking.get(site) ?? nobody
  return {
    everyPair: false,
    of,
    tunnelsOf: (site) => joined.get(site) ?? nobody,
    areJoined: (one, other) => of(one).has(other),
    between: hubsOf(transits),
  }
}

function hubsOf(transits: Network['transits']): Peers['between'] {
  const hubs = new Map(transits.map(({ sites, through }) => [[...sites].sort().join(' '), through]))
  return (one, other) => (hubs.size === 0 ? undefined : hubs.get([one, other].sort().join(' ')))
}

function joinedBy(pairs: readonly Pick<Tunnel, 'sites'>[]): Map<SiteName, Set<SiteName>> {
  const ends = new Map<SiteName, SiteName[]>()
  const join = (from: SiteName, to: SiteName) => {
    const known = ends.get(from)
    if (known) known.push(to)
    else ends.set(from, [to])
  }
  for (const { sites } of pairs) {
    join(sites[0], sites[1])
    join(sites[1], sites[0])
  }
  return new Map([...ends].map(([site, others]) => [site, new Set(others.sort())]))
}

/** With n sites there are n² pairs, so a site's peers are listed only when somebody asks for them. */
function everyPair(sites: readonly SiteName[]): Peers {
  const of = (site: SiteName) => new Set(sites.filter((other) => other !== site))
  return {
    everyPair: true,
    of,
    tunnelsOf: of,
    areJoined: (one, other) => one !== other,
    between: () => undefined,
  }
}
