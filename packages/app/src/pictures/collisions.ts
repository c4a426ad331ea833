import type { Overlap, OverlapSide, Peers, SiteName, Subnet } from '@natplan/core'
import { count } from '../text/count.ts'

/** Others of one prefix that are looked at: with more of them, how many they are says nothing. */
const mostAsked = 500

/** With whom each subnet collides where a tunnel, or a common peer, brings the two together, in words. */
export function collisionsOf(overlaps: readonly Overlap[], peers: Peers): (subnet: Subnet) => string | undefined {
  const found = new Map<string, Set<SiteName>>()
  for (const { inner, outer, effect } of overlaps) {
    if (effect === 'none') continue
    note(found, { of: inner, against: outer, peers })
    if (outer !== inner) note(found, { of: outer, against: inner, peers })
  }
  return ({ site, prefix }) => {
    const [first, ...more] = found.get(keyOf(site, prefix)) ?? []
    if (first === undefined) return undefined
    if (more.length + 1 >= mostAsked) return `collides with ${first} and many others`
    return more.length > 0 ? `collides with ${first} and ${count(more.length, 'other')}` : `collides with ${first}`
  }
}

interface Sides {
  readonly of: OverlapSide
  readonly against: OverlapSide
  readonly peers: Peers
}

function note(found: Map<string, Set<SiteName>>, { of, against, peers }: Sides): void {
  for (const { site, prefix, kind } of of.users) {
    if (kind !== 'subnet') continue
    const others = against.users.slice(0, mostAsked + 1).filter((other) => meet(site, other.site, peers))
    if (others.length === 0) continue
    const key = keyOf(site, prefix)
    const known = found.get(key) ?? new Set()
    for (const other of others) known.add(other.site)
    found.set(key, known)
  }
}

/** Whether two sites talk, or a third one talks to both. */
function meet(one: SiteName, other: SiteName, peers: Peers): boolean {
  if (one === other) return false
  if (peers.areJoined(one, other)) return true
  const far = peers.of(other)
  for (const peer of peers.of(one)) if (far.has(peer)) return true
  return false
}

function keyOf(site: string, prefix: Subnet['prefix']): string {
  return `${site} ${prefix}`
}
