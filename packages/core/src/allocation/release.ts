import type { Prefix } from '../address/prefix.ts'
import { NatplanError } from '../error.ts'
import type { Lock, LockEntry, ReleasedEntry } from './lock.ts'

/** A lock without one mapping, and the mapping that was freed. */
export interface Release {
  readonly lock: Lock
  readonly freed: { readonly site: string; readonly real: Prefix; readonly translated: Prefix | undefined }
}

/**
 * Frees the translated prefix of a subnet, named by its real or its translated prefix. An entry of a subnet that the plan
 * still has is freed only with `renumber`.
 * @throws NatplanError RELEASE_UNKNOWN, RELEASE_IN_USE
 */
export function release(
  lock: Lock,
  { site, prefix, renumber }: { readonly site: string; readonly prefix: Prefix; readonly renumber: boolean },
): Release {
  const isMeant = (entry: LockEntry | ReleasedEntry) =>
    entry.site === site && (entry.real.equals(prefix) || entry.translated?.equals(prefix) === true)
  const released = [...lock.released].find(([, entry]) => isMeant(entry))
  if (released) return { lock: { ...lock, released: without(lock.released, released[0]) }, freed: released[1] }
  const active = [...lock.entries].find(([, entry]) => isMeant(entry))
  if (!active) throw unknown(lock, site, prefix)
  if (!renumber) {
    throw new NatplanError('RELEASE_IN_USE', `${site} still has ${active[1].real} in the plan`, {
      hint: 'remove it from the plan file first, or add --renumber to let the next plan decide afresh',
    })
  }
  return { lock: { ...lock, entries: without(lock.entries, active[0]) }, freed: active[1] }
}

function without<T>(map: ReadonlyMap<string, T>, key: string): Map<string, T> {
  const copy = new Map(map)
  copy.delete(key)
  return copy
}

function unknown(lock: Lock, site: string, prefix: Prefix): NatplanError {
  const known = [...lock.released.values(), ...lock.entries.values()].filter((entry) => entry.site === site)
  const hint =
    known.length > 0
      ? `the lock has ${known
          .slice(0, 10)
          .map((entry) => String(entry.real))
          .join(', ')}`
      : 'the lock has nothing of that site'
  return new NatplanError('RELEASE_UNKNOWN', `the lock has no ${prefix} of ${site}`, { hint })
}
