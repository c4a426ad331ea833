import type { SiteName } from './names.ts'
import type { Network } from './network.ts'

/** Who is joined to whom: the far ends of each site's tunnels. */
export interface Peers {
  /** True when the plan lists no tunnels, so that every pair of sites counts as connected. */
  readonly everyPair: boolean
  /** The sites at the far ends of a site's tunnels, sorted by name. */
  of(site: SiteName): ReadonlySet<SiteName>
  areJoined(one: SiteName, other: SiteName): boolean
}

const nobody: ReadonlySet<SiteName> = new Set()

export function peersIn(network: Network): Peers {
  return network.tunnels ? peersByTunnel(network.tunnels) : everyPair([...network.sites.keys()])
}

function peersByTunnel(tunnels: NonNullable<Network['tunnels']>): Peers {
  const ends = new Map<SiteName, SiteName[]>()
  const join = (from: SiteName, to: SiteName) => {
    const known = ends.get(from)
    if (known) known.push(to)
    else ends.set(from, [to])
  }
  for (const { sites } of tunnels) {
    join(sites[0], sites[1])
    join(sites[1], sites[0])
  }
  const peers = new Map([...ends].map(([site, others]) => [site, new Set(others.sort())]))
  const of = (site: SiteName) => peers.get(site) ?? nobody
  return { everyPair: false, of, areJoined: (one, other) => of(one).has(other) }
}

/** With n sites there are n² pairs, so a site's peers are listed only when somebody asks for them. */
function everyPair(sites: readonly SiteName[]): Peers {
  return {
    everyPair: true,
    of: (site) => new Set(sites.filter((other) => other !== site)),
    areJoined: (one, other) => one !== other,
  }
}
