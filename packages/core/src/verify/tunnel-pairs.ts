import type { PeerEnd } from '../world/ends.ts'
import { type Peers, peersOf } from '../world/peers.ts'
import type { World } from '../world/world.ts'

/** The two ends of a tunnel; `here` is the one whose site comes first by name. */
export interface TunnelPair {
  readonly here: PeerEnd
  readonly there: PeerEnd
}

/** An end whose other end was not found; `doubt`: it may stand in a line that was not understood. */
export interface LonelyEnd extends PeerEnd {
  readonly doubt: Peers['doubt']
}

export interface PairedTunnels {
  readonly pairs: readonly TunnelPair[]
  readonly lonely: readonly LonelyEnd[]
}

/** All tunnels of a world, each once, and the ends whose other end is not there. */
export function pairTunnels(world: World): PairedTunnels {
  const sites = [...world.sites.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  const ends = sites.flatMap((site) => site.device.tunnels.map((tunnel) => ({ site, tunnel })))
  const seen = new Map<object, Set<object>>()
  const pairs: TunnelPair[] = []
  const lonely: LonelyEnd[] = []
  for (const here of ends) {
    const { ends: others, doubt } = peersOf(world, here)
    if (others.length === 0) lonely.push({ ...here, doubt })
    for (const there of others) {
      if (seen.get(here.tunnel)?.has(there.tunnel)) continue
      pairs.push({ here, there })
      remember(seen, here.tunnel, there.tunnel)
      remember(seen, there.tunnel, here.tunnel)
    }
  }
  return { pairs, lonely: lonely.filter(({ tunnel }) => !seen.has(tunnel)) }
}

function remember(seen: Map<object, Set<object>>, one: object, other: object): void {
  const known = seen.get(one)
  if (known) known.add(other)
  else seen.set(one, new Set([other]))
}
