import type { Overlap, OverlapSide, Peers, SiteName, Subnet } from '@natplan/core'
import { count } from '../text/count.ts'

/** Others of one prefix that are looked at: with more of them, how many they are says nothing. */
const mostAsked = 500

/** With whom each subnet collides where a tunnel, or a common peer, brings the two together, in words. */
export function collisionsOf(overlaps: readonly Overlap[], peers: Peers): (subnet: Subnet) => string | undefined {
  const found = new Map<string, Set<SiteName>>()
  const around = neighbourhoods(peers)
  for (const { inner, outer, effect } of overlaps) {
    if (effect === 'none') continue
    note(found, { of: inner, against: outer, around })
    if (outer !== inner) note(found, { of: outer, against: inner, around })
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
  readonly around: Around
}

function note(found: Map<string, Set<SiteName>>, { of, against, around }: Sides): void {
  const asked = against.users.slice(0, mostAsked + 1)
  for (const { site, prefix, kind } of of.users) {
    if (kind !== 'subnet') continue
    const near = around(site)
    const others = asked.filter((other) => other.site !== site && near.has(other.site))
    if (others.length === 0) continue
    const key = keyOf(site, prefix)
    const known = found.get(key) ?? new Set()
    for (const other of others) known.add(other.site)
    found.set(key, known)
  }
}

/** The sites that one talks to, those that these talk to, and so itself. */
type Around = (site: SiteName) => Pick<ReadonlySet<SiteName>, 'has'>

/** Found once for all sites that talk to the same ones, as the spokes of a hub do. */
function neighbourhoods(peers: Peers): Around {
  if (peers.everyPair) return () => ({ has: () => true })
  const known = new Map<string, ReadonlySet<SiteName>>()
  return (site) => {
    const near = [...peers.of(site)]
    const key = near.join(' ')
    const found = known.get(key) ?? new Set([...near, ...near.flatMap((peer) => [...peers.of(peer)])])
    known.set(key, found)
    return found
  }
}

function keyOf(site: string, prefix: Subnet['prefix']): string {
  return `${site} ${prefix}`
}
