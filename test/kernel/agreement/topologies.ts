import type { Random } from '../lab/mutations.ts'
import type { Network } from './network.ts'
import { hiding } from './topologies/hiding.ts'
import { hub } from './topologies/hub.ts'
import { oneSided } from './topologies/one-sided.ts'
import { anyToAny, behindNat, partialOverlap, routeBased, secondUplink, summary } from './topologies/two-sites.ts'

/** Every kind of network, each a function of chance. */
export const topologies: readonly ((random: Random) => Network)[] = [
  (random) => hub(random, { transit: false }),
  (random) => hub(random, { transit: true }),
  partialOverlap,
  routeBased,
  anyToAny,
  summary,
  secondUplink,
  behindNat,
  hiding,
  oneSided,
]
