import type { Prefix } from '../address/prefix.ts'
import type { Path } from '../finding.ts'
import type { SiteName } from '../network/names.ts'

/** Peers of a site: all that it has, or those listed, sorted by name. */
export type PeerList = 'all' | readonly SiteName[]

/** What was decided for one subnet, so that it is decided the same way again. */
export interface LockEntry {
  readonly site: SiteName
  readonly real: Prefix
  readonly translated: Prefix | undefined
  /** Towards which peers the translated prefix is used. */
  readonly translatedFor: PeerList
  /** Towards which peers the real prefix is used; `all` means all that `translatedFor` does not name. */
  readonly realFor: PeerList
  readonly path: Path
}

/** A translated prefix of a subnet that left the plan; nobody else gets it. */
export interface ReleasedEntry {
  readonly site: SiteName
  readonly real: Prefix
  readonly translated: Prefix
  readonly path: Path
}

/** What was allocated, as `natplan.lock.yaml` holds it. Keys are `lockKey`s; both maps are sorted by site, then prefix. */
export interface Lock {
  readonly entries: ReadonlyMap<string, LockEntry>
  readonly released: ReadonlyMap<string, ReleasedEntry>
}

export const emptyLock: Lock = { entries: new Map(), released: new Map() }

export function lockKey(site: SiteName, real: Prefix): string {
  return `${site} ${real}`
}

export function includes(list: PeerList, peer: SiteName): boolean {
  return list === 'all' || list.includes(peer)
}

/** Reports whether the lock shows the subnet under its real prefix at a peer. */
export function isLockedReal(entry: LockEntry | undefined, peer: SiteName): boolean {
  return entry !== undefined && includes(entry.realFor, peer) && !includes(entry.translatedFor, peer)
}
