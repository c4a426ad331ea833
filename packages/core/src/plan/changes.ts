import { Prefix } from '../address/prefix.ts'
import { type Lock, type LockEntry, lockKey, type PeerList } from '../allocation/lock.ts'
import type { SiteName } from '../network/names.ts'
import type { Network } from '../network/network.ts'

/**
 * One difference between the lock that a plan began with and the one it ends with. `add` and `remove`: a subnet joins or leaves the
 * plan; `translate`, `untranslate`: it gets or loses its translated prefix; `renumber`: it gets another one; `retunnel`: the
 * same prefix is now used on other tunnels; `rename`: only its site has another name, which devices show.
 */
export interface Change {
  readonly kind: 'add' | 'remove' | 'translate' | 'untranslate' | 'renumber' | 'retunnel' | 'rename'
  readonly site: SiteName
  readonly real: Prefix
  readonly before: Prefix | undefined
  readonly after: Prefix | undefined
  /** The peers of the site that see the difference. */
  readonly peers: PeerList
  /** Those of them that know the subnet now, and did not before. */
  readonly came: readonly SiteName[]
  /** Those of them that knew the subnet, and do not any more. */
  readonly left: readonly SiteName[]
}

/** What has to be changed by hand or by machine for a plan's changes to take effect, sorted by name. */
export interface Touched {
  readonly gateways: readonly SiteName[]
  /** Kubernetes sites whose nodes get other routes. */
  readonly nodes: readonly SiteName[]
}

const nobody: readonly SiteName[] = []

/** How the lock `after` differs from `before`, by site, then real prefix; empty when nothing does. */
export function changesBetween(before: Lock, after: Lock): Change[] {
  const changes: Change[] = []
  for (const [key, now] of after.entries) {
    const old = before.entries.get(key)
    const kind = kindOf(old, now)
    if (!kind) continue
    const { peers, came, left } = old ? peersThatNotice(old, now) : { peers: allPeers(now), came: nobody, left: nobody }
    const called = old && calledIn(old)
    changes.push({ kind, site: now.site, real: now.real, before: called, after: calledIn(now), peers, came, left })
  }
  for (const [key, old] of before.entries) {
    if (after.entries.has(key)) continue
    const { site, real } = old
    changes.push({
      kind: 'remove',
      site,
      real,
      before: calledIn(old),
      after: undefined,
      peers: allPeers(old),
      came: [],
      left: [],
    })
  }
  return changes.sort((a, b) => compareNames(a.site, b.site) || Prefix.compare(a.real, b.real))
}

/** The subnets of sites that the lock `before` calls otherwise, where nothing else changes for them. */
export function renamesBetween(before: Lock, after: Lock, changes: readonly Change[]): Change[] {
  const changed = new Set(changes.map(({ site, real }) => lockKey(site, real)))
  return [...after.entries]
    .filter(([key]) => !before.entries.has(key) && !changed.has(key))
    .map(([, entry]) => ({
      kind: 'rename',
      site: entry.site,
      real: entry.real,
      before: calledIn(entry),
      after: calledIn(entry),
      peers: allPeers(entry),
      came: [],
      left: [],
    }))
}

/** Whose gateways and nodes the changes concern: the subnets' own sites and the peers that see the difference. */
export function touchedBy(changes: readonly Change[], network: Network): Touched {
  const gateways = new Set<SiteName>()
  const nodes = new Set<SiteName>()
  /** The sites whose changes all other sites notice. */
  const broad = new Set<SiteName>()
  for (const { site, peers } of changes) {
    gateways.add(site)
    if (peers === 'all') broad.add(site)
    for (const peer of peers === 'all' ? [] : peers) {
      gateways.add(peer)
      nodes.add(peer)
    }
  }
  for (const name of broad.size > 0 ? network.sites.keys() : []) {
    gateways.add(name)
    if (broad.size > 1 || !broad.has(name)) nodes.add(name)
  }
  const withNodes = [...nodes].filter((name) => network.sites.get(name)?.kubernetes)
  return { gateways: [...gateways].sort(compareNames), nodes: withNodes.sort(compareNames) }
}

/** What peers call the subnet, unless that is its real prefix. */
function calledIn({ translated, hiddenBehind }: Pick<LockEntry, 'translated' | 'hiddenBehind'>): Prefix | undefined {
  return hiddenBehind ?? translated
}

function kindOf(old: LockEntry | undefined, now: LockEntry): Change['kind'] | undefined {
  if (!old) return 'add'
  const [before, after] = [calledIn(old), calledIn(now)]
  if (!before && after) return 'translate'
  if (before && !after) return 'untranslate'
  if (before && after && !before.equals(after)) return 'renumber'
  return sameList(old.translatedFor, now.translatedFor) && sameList(old.realFor, now.realFor) ? undefined : 'retunnel'
}

function sameList(one: PeerList, other: PeerList): boolean {
  if (one === 'all' || other === 'all') return one === other
  return one.length === other.length && one.every((peer, index) => peer === other[index])
}

/** The peers that know the subnet by another prefix than before, by none any more, or now for the first time. */
function peersThatNotice(old: LockEntry, now: LockEntry): Pick<Change, 'peers' | 'came' | 'left'> {
  const before = facesOf(old)
  const after = facesOf(now)
  if (before.others !== after.others) return { peers: 'all', came: [], left: [] }
  const faceIn = ({ listed, others }: Faces, peer: SiteName) => (listed.has(peer) ? listed.get(peer) : others)
  const listed = [...new Set([...before.listed.keys(), ...after.listed.keys()])]
  const peers = listed.filter((peer) => faceIn(before, peer) !== faceIn(after, peer)).sort(compareNames)
  return {
    peers,
    came: peers.filter((peer) => faceIn(before, peer) === undefined),
    left: peers.filter((peer) => faceIn(after, peer) === undefined),
  }
}

/** By which prefix the peers of a site know a subnet, as text. */
interface Faces {
  readonly listed: ReadonlyMap<SiteName, string>
  /** For the peers that are not listed; `undefined` when they do not know it. */
  readonly others: string | undefined
}

function facesOf({ translatedFor, realFor, ...entry }: LockEntry): Faces {
  const [real, translated] = [entry.real, calledIn(entry)]
  const listed = new Map<SiteName, string>()
  if (translatedFor === 'all') return { listed, others: String(translated) }
  if (realFor !== 'all') for (const peer of realFor) listed.set(peer, String(real))
  for (const peer of translatedFor) listed.set(peer, String(translated))
  return { listed, others: realFor === 'all' ? String(real) : undefined }
}

function allPeers({ translatedFor, realFor }: LockEntry): PeerList {
  if (translatedFor === 'all' || realFor === 'all') return 'all'
  if (realFor.length === 0) return translatedFor
  return translatedFor.length === 0 ? realFor : [...translatedFor, ...realFor].sort(compareNames)
}

function compareNames(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
