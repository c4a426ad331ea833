import type { Random } from '../lab/mutations.ts'
import type { Network } from './network.ts'
import { hiding } from './topologies/hiding.ts'
import { hub } from './topologies/hub.ts'
import { oneSided } from './topologies/one-sided.ts'
import { anyToAny, behindNat, partialOverlap, routeBased, secondUplink, summary } from './topologies/two-sites.ts'

export interface Topology {
  readonly make: (random: Random) => Network
  /** It comes with one seed, and what gateways send to each other is not filtered. */
  readonly isBrief?: boolean
}

/** Every kind of network, each a function of chance. */
export const topologies: readonly Topology[] = [
  { make: (random) => hub(random, { transit: false }) },
  { make: (random) => hub(random, { transit: true }) },
  { make: partialOverlap },
  { make: routeBased },
  { make: anyToAny },
  { make: summary },
  { make: secondUplink },
  { make: behindNat },
  { make: hiding, isBrief: true },
  { make: oneSided, isBrief: true },
]
