import type { SiteName } from '../network/names.ts'
import type { Move } from '../network/network.ts'
import {
  interfaceKey,
  type Lock,
  type LockEntry,
  type LockedInterface,
  lockKey,
  numberKey,
  type PeerList,
} from './lock.ts'

/** A lock in which sites have the names that the plan says they have now; one that the new name has already stays. */
export function moveSites(lock: Lock, moves: readonly Move[]): Lock {
  return moves.reduce(moveSite, lock)
}

function moveSite(lock: Lock, { from, to }: Move): Lock {
  const now = (site: SiteName) => (site === from ? to : site)
  const inList = (peers: PeerList): PeerList => (peers === 'all' ? peers : [...new Set(peers.map(now))].sort())
  const entryOf = (entry: LockEntry) => ({
    ...entry,
    site: now(entry.site),
    translatedFor: inList(entry.translatedFor),
    realFor: inList(entry.realFor),
  })
  const numberOf = <T extends LockedInterface & { readonly from?: SiteName }>(one: T) => ({
    ...one,
    ...(one.from === undefined ? {} : { from: now(one.from) }),
    site: now(one.site),
    peer: now(one.peer),
  })
  const byEntry = (entry: { readonly site: SiteName; readonly real: LockEntry['real'] }) =>
    lockKey(entry.site, entry.real)
  return {
    entries: renamed(lock.entries, entryOf, byEntry),
    released: renamed(lock.released, (entry) => ({ ...entry, site: now(entry.site) }), byEntry),
    numbers: renamed(lock.numbers, numberOf, numberKey),
    interfaces: renamed(lock.interfaces, numberOf, interfaceKey),
  }
}

/** What had the new key before comes before what gets it. */
function renamed<T>(map: ReadonlyMap<string, T>, rename: (one: T) => T, keyOf: (one: T) => string): Map<string, T> {
  const all = [...map].map(([key, one]) => {
    const now = rename(one)
    return { one: now, key: keyOf(now), isNew: keyOf(now) !== key }
  })
  const kept = all.filter(({ key, isNew }) => !isNew || !map.has(key))
  return new Map(kept.map(({ key, one }) => [key, one]))
}
