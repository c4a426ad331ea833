import { Prefix } from '../address/prefix.ts'
import { includes, type Lock, type LockEntry, lockKey, type ReleasedEntry } from '../allocation/lock.ts'
import type { Subnet } from '../network/network.ts'
import type { Peers } from '../network/peers.ts'
import type { Decision } from '../translation/decision.ts'

/**
 * The lock that holds a plan: an entry for every IPv4 subnet, and a released one for each translated prefix whose subnet left.
 * A subnet without tunnels keeps the translated prefix that it had.
 */
export function nextLock(
  decisions: readonly Decision[],
  { assigned, before, peers }: { assigned: ReadonlyMap<Subnet, Prefix>; before: Lock; peers: Peers },
): Lock {
  const entries = new Map<string, LockEntry>()
  for (const decision of decisions) {
    const { site, prefix } = decision.subnet
    if (prefix.family !== 4) continue
    const key = lockKey(site, prefix)
    entries.set(
      key,
      entryOf(decision, { translated: assigned.get(decision.subnet), peers, old: before.entries.get(key) }),
    )
  }
  return { entries, released: releasedAfter(before, entries) }
}

function entryOf(
  { subnet, translatedFor }: Decision,
  { translated, peers, old }: { translated: Prefix | undefined; peers: Peers; old: LockEntry | undefined },
): LockEntry {
  const base = { site: subnet.site, real: subnet.prefix, path: ['sites', subnet.site, subnet.prefix.toString()] }
  if (peers.everyPair) {
    return { ...base, translated, translatedFor, realFor: translatedFor === 'all' ? [] : 'all' }
  }
  const all = [...peers.of(subnet.site)]
  if (all.length === 0) return { ...base, translated: translated ?? old?.translated, translatedFor: [], realFor: [] }
  return {
    ...base,
    translated,
    translatedFor: all.filter((peer) => includes(translatedFor, peer)),
    realFor: all.filter((peer) => !includes(translatedFor, peer)),
  }
}

function releasedAfter(before: Lock, entries: ReadonlyMap<string, LockEntry>): Map<string, ReleasedEntry> {
  const released = [...before.released].filter(([key]) => !entries.get(key)?.translated)
  for (const [key, { site, real, translated }] of before.entries) {
    if (!translated || entries.has(key)) continue
    released.push([key, { site, real, translated, path: ['released', site, real.toString()] }])
  }
  return new Map(released.sort(([, a], [, b]) => compareEntries(a, b)))
}

function compareEntries(a: ReleasedEntry, b: ReleasedEntry): number {
  if (a.site !== b.site) return a.site < b.site ? -1 : 1
  return Prefix.compare(a.real, b.real)
}
