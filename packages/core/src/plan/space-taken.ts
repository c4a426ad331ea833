import type { Prefix } from '../address/prefix.ts'
import type { Lock } from '../allocation/lock.ts'
import type { Network } from '../network/network.ts'
import { linksIn, type Occupied, occupiedIn } from '../overlap/occupied.ts'
import type { Plan } from './plan.ts'

/**
 * All that is not free: what sites use, `avoid`, the translated prefixes that are settled, and every prefix that the lock holds, also for
 * subnets that left.
 */
export function spaceTaken(known: {
  readonly network: Network
  readonly lock: Lock
  readonly occupied: readonly Occupied[]
  readonly settled: readonly Prefix[]
}): Prefix[] {
  const { network, lock, occupied, settled } = known
  const locked = [...lock.entries.values(), ...lock.released.values()].flatMap((entry) => entry.translated ?? [])
  return [...occupied.map((use) => use.prefix), ...network.avoid, ...settled, ...locked]
}

/** Everything that the allocator of a plan would hand to nobody. */
export function spaceTakenIn({ network, mappings, lock }: Plan): Prefix[] {
  const settled = mappings.map((mapping) => mapping.translated)
  return spaceTaken({ network, lock, occupied: [...occupiedIn(network), ...linksIn(network)], settled })
}
