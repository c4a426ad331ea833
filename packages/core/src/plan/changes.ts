import { Prefix } from '../address/prefix.ts'
import type { Lock, LockEntry, PeerList } from '../allocation/lock.ts'
import type { SiteName } from '../network/names.ts'
import type { Network } from '../network/network.ts'
import type { Peers } from '../network/peers.ts'

/**
 * One difference between the lock that a plan began with and the one it ends with. `add` and `remove`: a subnet joins or leaves the
 * plan; `translate`, `untranslate`: it gets or loses its translated prefix; `renumber`: it gets another one; `retunnel`: the
 * same prefix is now used on other tunnels.
 */
export interface Change {
  readonly kind: 'add' | 'remove' | 'translate' | 'untranslate' | 'renumber' | 'retunnel'
  readonly site: SiteName
  readonly real: Prefix
  readonly before: Prefix | undefined
  readonly after: Prefix | undefined
  /** The peers of the site that see the difference. */
  readonly peers: PeerList
}

/** What has to be changed by hand or by machine for a plan's changes to take effect, sorted by name. */
export interface Touched {
  readonly gateways: readonly SiteName[]
  /** Kubernetes sites whose nodes get other routes. */
  readonly nodes: readonly SiteName[]
}

/** How the lock `after` differs from `before`, by site, then real prefix; empty when nothing does. */
export function changesBetween(before: Lock, after: Lock, peers: Peers): Change[] {
  const changes: Change[] = []
  for (const [key, now] of after.entries) {
    const old = before.entries.get(key)
    const kind = kindOf(old, now)
    if (!kind) continue
    const affected = kind === 'retunnel' && old ? difference(old, now) : allPeers(now.site, peers)
    changes.push({
      kind,
      site: now.site,
      real: now.real,
      before: old?.translated,
      after: now.translated,
      peers: affected,
    })
  }
  for (const [key, old] of before.entries) {
    if (after.entries.has(key)) continue
    const { site, real, translated } = old
    changes.push({ kind: 'remove', site, real, before: translated, after: undefined, peers: peersOf(old) })
  }
  return changes.sort((a, b) => compareNames(a.site, b.site) || Prefix.compare(a.real, b.real))
}

/** Whose gateways and nodes the changes concern: the subnets' own sites and the peers that see the difference. */
export function touchedBy(changes: readonly Change[], network: Network): Touched {
  const gateways = new Set<SiteName>()
  const nodes = new Set<SiteName>()
  for (const { site, peers } of changes) {
    gateways.add(site)
    for (const peer of peers === 'all' ? network.sites.keys() : peers) {
      gateways.add(peer)
      if (peer !== site) nodes.add(peer)
    }
    if (peers === 'all' && changes.length > 1) {
      for (const name of network.sites.keys()) nodes.add(name)
      break
    }
  }
  const withNodes = [...nodes].filter((name) => network.sites.get(name)?.kubernetes)
  return { gateways: [...gateways].sort(compareNames), nodes: withNodes.sort(compareNames) }
}

function kindOf(old: LockEntry | undefined, now: LockEntry): Change['kind'] | undefined {
  if (!old) return 'add'
  if (!old.translated && now.translated) return 'translate'
  if (old.translated && !now.translated) return 'untranslate'
  if (old.translated && now.translated && !old.translated.equals(now.translated)) return 'renumber'
  return sameList(old.translatedFor, now.translatedFor) && sameList(old.realFor, now.realFor) ? undefined : 'retunnel'
}

function sameList(one: PeerList, other: PeerList): boolean {
  if (one === 'all' || other === 'all') return one === other
  return one.length === other.length && one.every((peer, index) => peer === other[index])
}

function allPeers(site: SiteName, peers: Peers): PeerList {
  return peers.everyPair ? 'all' : [...peers.of(site)]
}

/** The peers that see the subnet differently from before. */
function difference(old: LockEntry, now: LockEntry): PeerList {
  const before = facesOf(old)
  const after = facesOf(now)
  if (!before || !after) return 'all'
  return [...new Set([...before.keys(), ...after.keys()])].filter((peer) => before.get(peer) !== after.get(peer)).sort()
}

/** Under which face each peer knows the subnet; `undefined` when the entry does not list them. */
function facesOf({ translatedFor, realFor }: LockEntry): Map<SiteName, 'real' | 'translated'> | undefined {
  if (translatedFor === 'all' || realFor === 'all') return undefined
  return new Map([
    ...realFor.map((peer) => [peer, 'real'] as const),
    ...translatedFor.map((peer) => [peer, 'translated'] as const),
  ])
}

function peersOf({ translatedFor, realFor }: LockEntry): PeerList {
  return translatedFor === 'all' || realFor === 'all' ? 'all' : [...translatedFor, ...realFor].sort()
}

function compareNames(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
