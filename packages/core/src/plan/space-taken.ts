import type { Prefix } from '../address/prefix.ts'
import { occupiedIn } from '../overlap/occupied.ts'
import type { Plan } from './plan.ts'

/**
 * Everything that the allocator of a plan would hand to nobody: what the sites occupy, `avoid`, the translated prefixes, and what the lock
 * holds or sets aside.
 */
export function spaceTakenIn({ network, mappings, lock }: Plan): Prefix[] {
  const locked = [...lock.entries.values(), ...lock.released.values()].flatMap((entry) => entry.translated ?? [])
  return [
    ...occupiedIn(network).map((use) => use.prefix),
    ...network.avoid,
    ...mappings.map((mapping) => mapping.translated),
    ...locked,
  ]
}
