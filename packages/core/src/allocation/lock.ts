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
  /** In place of a translated prefix: the few addresses that all hosts have. The plan file says them, so that nothing is set aside. */
  readonly hiddenBehind?: Prefix
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

/** The number that a gateway uses for what it does between one subnet of its own and one of a peer. */
export interface LockedNumber {
  readonly site: SiteName
  readonly peer: SiteName
  /** The real prefixes: translated ones may change, the number does not. */
  readonly local: Prefix
  readonly remote: Prefix
  /** The site of the local subnet, where the gateway only hands on. */
  readonly from?: SiteName
  /** The number of what the gateway translates for the peer. */
  readonly isFar?: true
  /** The number of a forward: its protocol and port, `tcp 443`. */
  readonly forward?: string
  readonly number: number
  readonly path: Path
}

/** The highest number of a virtual interface: each has two addresses of a /18 for a cable inside the gateway. */
export const mostInterface = 8191

/** The number of the virtual interface that leads to a peer. */
export interface LockedInterface {
  readonly site: SiteName
  readonly peer: SiteName
  readonly number: number
  readonly path: Path
}

/**
 * What was allocated, as `natplan.lock.yaml` holds it. Keys of `entries` and `released` are `lockKey`s, those of `numbers`
 * `numberKey`s, those of `interfaces` `interfaceKey`s; all maps are sorted by site, then peer, then prefix.
 */
export interface Lock {
  readonly entries: ReadonlyMap<string, LockEntry>
  readonly released: ReadonlyMap<string, ReleasedEntry>
  readonly numbers: ReadonlyMap<string, LockedNumber>
  readonly interfaces: ReadonlyMap<string, LockedInterface>
}

export const emptyLock: Lock = { entries: new Map(), released: new Map(), numbers: new Map(), interfaces: new Map() }

export function numberKey({ site, peer, ...pair }: Omit<LockedNumber, 'number' | 'path'>): string {
  return `${site} ${peer} ${pairText(pair)}`
}

/** As the lock writes it: `10.0.1.0/24 10.0.2.0/24`, with `of SITE` where the gateway hands on, `far` for the peer's translation, and a forward's port. */
export function pairText({
  local,
  remote,
  from,
  isFar,
  forward,
}: Omit<LockedNumber, 'site' | 'peer' | 'number' | 'path'>): string {
  const words = [local, remote, ...(from === undefined ? [] : ['of', from]), ...(isFar ? ['far'] : []), forward ?? '']
  return words.join(' ').trimEnd()
}

export function interfaceKey({ site, peer }: Pick<LockedInterface, 'site' | 'peer'>): string {
  return `${site} ${peer}`
}

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
