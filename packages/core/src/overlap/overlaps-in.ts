import type { Prefix } from '../address/prefix.ts'
import type { SiteName } from '../network/names.ts'
import type { Network } from '../network/network.ts'
import { type Peers, peersIn } from '../network/peers.ts'
import { type Occupied, occupiedIn } from './occupied.ts'
import { type Overlap, overlapsInForest } from './overlaps-in-forest.ts'
import { PrefixForest } from './prefix-forest.ts'

/** Every overlap in a network, without planning it. */
export function overlapsIn(network: Network): Overlap[] {
  return overlapsOf(occupiedIn(network), peersIn(network))
}

/** Every overlap among prefixes; each counts as used by a side of its own, named by its position: `#1`, `#2`, and so on. */
export function overlapsAmong(prefixes: readonly Prefix[]): Overlap[] {
  const uses = prefixes.map((prefix, index) => ({
    site: `#${index + 1}` as SiteName,
    kind: 'given' as const,
    prefix,
    subnet: undefined,
    path: [index],
  }))
  const nobody = () => new Set<SiteName>()
  const peers: Peers = {
    everyPair: true,
    of: nobody,
    tunnelsOf: nobody,
    areJoined: () => false,
    between: () => undefined,
  }
  return overlapsOf(uses, peers)
}

function overlapsOf(uses: readonly Occupied[], peers: Peers): Overlap[] {
  return overlapsInForest(new PrefixForest(uses, (use) => use.prefix), peers)
}
