import type { Prefix } from '../address/prefix.ts'
import type { SiteName } from '../network/names.ts'
import type { Peers } from '../network/peers.ts'
import type { Occupied } from './occupied.ts'
import type { PrefixForest, PrefixNode } from './prefix-forest.ts'

/** One prefix and all who use exactly that one. */
export interface OverlapSide {
  readonly prefix: Prefix
  readonly users: readonly Occupied[]
}

/**
 * What an overlap means: `tunnel`: packets for one end would stay at the other, so both or one side is translated; `hub`:
 * a site that is joined to both would not know which is meant; `none`: no tunnel brings the two together.
 */
export type OverlapEffect = 'tunnel' | 'hub' | 'none'

/** Two prefixes of different sites that share addresses, or one that several sites use. */
export interface Overlap {
  /** `equal`: both sides are the same object; `inside`: `inner` lies inside `outer`. */
  readonly relation: 'equal' | 'inside'
  readonly inner: OverlapSide
  readonly outer: OverlapSide
  /** How many pairs of users at different sites that is. */
  readonly pairs: number
  readonly effect: OverlapEffect
}

/**
 * Every overlap between different sites, sorted by prefix. Users of one prefix are grouped, so n sites with the same
 * prefix are one overlap and not n² ones: O(n log n + overlaps).
 */
export function overlapsInForest(forest: PrefixForest<Occupied>, peers: Peers): Overlap[] {
  const overlaps: Overlap[] = []
  for (const node of forest.nodes) {
    const side = sideOf(node)
    add(overlaps, { relation: 'equal', inner: side, outer: side }, peers)
    for (const outer of forest.around(node))
      add(overlaps, { relation: 'inside', inner: side, outer: sideOf(outer) }, peers)
  }
  return overlaps
}

function sideOf(node: PrefixNode<Occupied>): OverlapSide {
  return { prefix: node.prefix, users: node.values }
}

function add(overlaps: Overlap[], found: Pick<Overlap, 'relation' | 'inner' | 'outer'>, peers: Peers): void {
  const pairs = pairsAcrossSites(found)
  if (pairs > 0) overlaps.push({ ...found, pairs, effect: effectOf(found, peers) })
}

/** All pairs less those within one site. */
function pairsAcrossSites({ relation, inner, outer }: Pick<Overlap, 'relation' | 'inner' | 'outer'>): number {
  const innerCounts = countBySite(inner.users)
  const outerCounts = relation === 'equal' ? innerCounts : countBySite(outer.users)
  let sameSite = 0
  for (const [site, count] of innerCounts) sameSite += count * (outerCounts.get(site) ?? 0)
  const pairs = inner.users.length * outer.users.length - sameSite
  return relation === 'equal' ? pairs / 2 : pairs
}

function countBySite(users: readonly Occupied[]): Map<SiteName, number> {
  const counts = new Map<SiteName, number>()
  for (const { site } of users) counts.set(site, (counts.get(site) ?? 0) + 1)
  return counts
}

function effectOf({ inner, outer }: Pick<Overlap, 'inner' | 'outer'>, peers: Peers): OverlapEffect {
  const ways = inner === outer ? [[inner, outer] as const] : [[inner, outer] as const, [outer, inner] as const]
  if (ways.some(([from, to]) => reachesOther(from, to, peers))) return 'tunnel'
  return ways.some(([from, to]) => meetAtHub(subnetSites(from), reachedSites(to), peers)) ? 'hub' : 'none'
}

function subnetSites(side: OverlapSide): SiteName[] {
  return side.users.filter((user) => user.kind === 'subnet').map((user) => user.site)
}

/** The sites of whose uses a hub must reach: their subnets through the tunnel, their endpoints outside of it. */
function reachedSites(side: OverlapSide): SiteName[] {
  return side.users.filter(({ kind }) => kind === 'subnet' || kind === 'endpoint').map((user) => user.site)
}

/** Reports whether a subnet of one side is seen at a site that uses the other side's prefix. */
function reachesOther(from: OverlapSide, to: OverlapSide, peers: Peers): boolean {
  const places = new Set(to.users.map((user) => user.site))
  for (const site of subnetSites(from)) {
    for (const place of smaller(places, () => peers.of(site))) {
      if (place !== site && places.has(place) && peers.areJoined(site, place)) return true
    }
  }
  return false
}

/** Walks the peers instead of the places when there are fewer of them. */
function smaller(places: ReadonlySet<SiteName>, peers: () => ReadonlySet<SiteName>): ReadonlySet<SiteName> {
  if (places.size <= 2) return places
  const others = peers()
  return others.size < places.size ? others : places
}

/** Reports whether two different sites, one of each list, have a peer in common. */
function meetAtHub(ones: readonly SiteName[], others: readonly SiteName[], peers: Peers): boolean {
  const spokeOf = new Map<SiteName, SiteName>()
  for (const one of ones) {
    for (const hub of peers.of(one)) spokeOf.set(hub, (spokeOf.get(hub) ?? one) === one ? one : severalSpokes)
  }
  for (const other of others) {
    for (const hub of peers.of(other)) {
      const spoke = spokeOf.get(hub)
      if (spoke !== undefined && spoke !== other) return true
    }
  }
  return false
}

/** Stands for two or more different spokes; no site can have this name. */
const severalSpokes = '*' as SiteName
