import type { Network, Peers, SiteName, Tunnel } from '@natplan/core'
import type { SiteGroup } from './site-groups.ts'

/** All tunnels between the sites of two boxes. */
export interface GroupLink {
  readonly one: SiteGroup
  readonly other: SiteGroup
  /** Pairs of sites, each once. */
  readonly pairs: readonly (readonly [SiteName, SiteName])[]
  /** Empty where the plan lists none. */
  readonly tunnels: readonly Tunnel[]
}

/** The links in the order of the boxes; the leaves of a hub lie half to the left of it and half to the right. */
export function groupLinks(network: Network, peers: Peers, groups: readonly SiteGroup[]): GroupLink[] {
  const groupOf = new Map(groups.flatMap((group) => group.sites.map(({ name }) => [name, group] as const)))
  const order = new Map(groups.map((group, index) => [group, index]))
  const found = new Map<string, GrowingLink>()
  const join = (pair: readonly [SiteName, SiteName], tunnel: Tunnel | undefined) => {
    const [first, second] = [groupOf.get(pair[0]), groupOf.get(pair[1])]
    if (!first || !second || first === second) return
    const isInOrder = (order.get(first) ?? 0) <= (order.get(second) ?? 0)
    const [one, other] = isInOrder ? [first, second] : [second, first]
    const key = `${one.id} ${other.id}`
    const link: GrowingLink = found.get(key) ?? { one, other, pairs: new Map(), tunnels: [] }
    const ends: readonly [SiteName, SiteName] = isInOrder ? [pair[0], pair[1]] : [pair[1], pair[0]]
    link.pairs.set(ends.join(' '), ends)
    if (tunnel) link.tunnels.push(tunnel)
    found.set(key, link)
  }
  for (const tunnel of network.tunnels ?? []) join(tunnel.sites, tunnel)
  if (peers.everyPair) for (const pair of pairsOf(groups)) join(pair, undefined)
  return balanced(
    [...found.values()].map(({ pairs, ...link }) => ({ ...link, pairs: [...pairs.values()] })),
    order,
  )
}

interface GrowingLink extends Pick<GroupLink, 'one' | 'other'> {
  readonly pairs: Map<string, readonly [SiteName, SiteName]>
  readonly tunnels: Tunnel[]
}

/** Every two sites in different boxes. */
function* pairsOf(groups: readonly SiteGroup[]): Generator<[SiteName, SiteName]> {
  for (const [index, { sites }] of groups.entries()) {
    for (const one of sites) {
      for (const group of groups.slice(index + 1)) for (const other of group.sites) yield [one.name, other.name]
    }
  }
}

/** Up to so many leaves stand in one column. */
const mostInColumn = 3

function balanced(links: readonly GroupLink[], order: ReadonlyMap<SiteGroup, number>): GroupLink[] {
  const degrees = new Map<SiteGroup, number>()
  for (const { one, other } of links) for (const end of [one, other]) degrees.set(end, (degrees.get(end) ?? 0) + 1)
  const degree = (group: SiteGroup) => degrees.get(group) ?? 0
  const leaves = new Map<SiteGroup, number>()
  const sorted = [...links].sort(
    (a, b) =>
      (order.get(a.one) ?? 0) - (order.get(b.one) ?? 0) || (order.get(a.other) ?? 0) - (order.get(b.other) ?? 0),
  )
  return sorted.map((link) => {
    const hub = [link.one, link.other].find((end) => degree(end) > mostInColumn)
    const leaf = hub === link.one ? link.other : link.one
    if (!hub || degree(leaf) !== 1) return link
    const index = leaves.get(hub) ?? 0
    leaves.set(hub, index + 1)
    const isLeft = index < degree(hub) / 2
    return (isLeft ? leaf : hub) === link.one ? link : turned(link)
  })
}

function turned({ one, other, pairs, tunnels }: GroupLink): GroupLink {
  return { one: other, other: one, pairs: pairs.map(([first, second]) => [second, first]), tunnels }
}
