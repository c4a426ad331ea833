import { Prefix } from '../address/prefix.ts'
import { type Lock, type LockEntry, lockKey, type PeerList, type ReleasedEntry } from '../allocation/lock.ts'
import type { Path } from '../finding.ts'
import type { SiteName } from '../network/names.ts'
import type { Subnet } from '../network/network.ts'
import type { Peers } from '../network/peers.ts'
import type { Decision } from '../translation/decision.ts'

/**
 * The lock that holds a plan: an entry for every IPv4 subnet, and a released one for each translated prefix whose subnet left or
 * is not translated any more, since peers still use it.
 * Numbers stay as they are until policies are derived. A subnet without tunnels keeps the translated prefix that it had.
 */
export function nextLock(
  decisions: readonly Decision[],
  { assigned, before, peers }: { assigned: ReadonlyMap<Subnet, Prefix>; before: Lock; peers: Peers },
): Lock {
  const entries = new Map<string, LockEntry>()
  let at: { readonly site: SiteName; readonly peers: readonly SiteName[] } | undefined
  for (const { subnet, translatedFor } of decisions) {
    if (subnet.prefix.family !== 4) continue
    if (at?.site !== subnet.site) at = { site: subnet.site, peers: peers.everyPair ? [] : [...peers.of(subnet.site)] }
    const key = lockKey(subnet.site, subnet.prefix)
    const isIdle = !peers.everyPair && at.peers.length === 0
    const { hideBehind } = subnet
    const given = hideBehind ? undefined : assigned.get(subnet)
    const translated = given ?? (isIdle ? before.entries.get(key)?.translated : undefined)
    const lists = peers.everyPair ? listsAmongAll(translatedFor) : listsByTunnel(translatedFor, at.peers)
    const { translatedFor: asTranslated, realFor } = lists
    const entry = {
      site: subnet.site,
      real: subnet.prefix,
      translated,
      translatedFor: asTranslated,
      realFor,
      path: nowhere,
    }
    entries.set(key, hideBehind ? { ...entry, hiddenBehind: hideBehind } : entry)
  }
  return { ...before, entries, released: releasedAfter(before, entries) }
}

/** What the plan says now was not read from a lock. */
const nowhere: Path = []

type Lists = Pick<LockEntry, 'translatedFor' | 'realFor'>

function listsAmongAll(translatedFor: PeerList): Lists {
  return { translatedFor, realFor: translatedFor === 'all' ? [] : 'all' }
}

const nobody: readonly SiteName[] = []

/** All peers by name, so that the lock tells a new tunnel from an old one; subnets of a site share the lists. */
function listsByTunnel(translatedFor: PeerList, peers: readonly SiteName[]): Lists {
  if (translatedFor === 'all') return { translatedFor: peers, realFor: nobody }
  if (translatedFor.length === 0) return { translatedFor, realFor: peers }
  return { translatedFor, realFor: peers.filter((peer) => !translatedFor.includes(peer)) }
}

/** What a subnet of the site was called, unless that or another one of the site is called so again. */
function releasedAfter(before: Lock, entries: ReadonlyMap<string, LockEntry>): Map<string, ReleasedEntry> {
  const released = [...before.released]
  for (const [key, { site, real, translated }] of before.entries) {
    if (translated) released.push([key, { site, real, translated, path: [] }])
  }
  if (released.length === 0) return new Map()
  const inUse = new Set([...entries.values()].map(({ site, translated }) => `${site} ${translated}`))
  const left = released.filter(
    ([key, { site, translated }]) => !entries.get(key)?.translated && !inUse.has(`${site} ${translated}`),
  )
  return new Map(left.sort(([, a], [, b]) => compareEntries(a, b)))
}

function compareEntries(a: ReleasedEntry, b: ReleasedEntry): number {
  if (a.site !== b.site) return a.site < b.site ? -1 : 1
  return Prefix.compare(a.real, b.real)
}
