import { includes, isLockedReal, type Lock, type LockEntry, lockKey, type PeerList } from '../allocation/lock.ts'
import { type Finding, findingOf, inLock, inPlan } from '../finding.ts'
import type { SiteName } from '../network/names.ts'
import type { Network, Subnet } from '../network/network.ts'
import type { Peers } from '../network/peers.ts'
import type { Occupied } from '../overlap/occupied.ts'
import type { PrefixForest, PrefixNode } from '../overlap/prefix-forest.ts'
import { Collisions, type SubnetUse } from './collisions.ts'
import type { Decision, Reason } from './decision.ts'

interface Decided {
  readonly decisions: readonly Decision[]
  readonly findings: readonly Finding[]
}

/** What is known when one subnet is decided. */
interface Context {
  readonly network: Network
  readonly peers: Peers
  readonly collisions: Collisions
  readonly lock: Lock
  readonly findings: Finding[]
}

/** What happens to a subnet towards one peer; `undefined` when it keeps its real addresses there. */
type Verdict = Reason | undefined

/**
 * Decides which subnets are translated towards which peers: what collides there, what the plan file demands, and what the lock
 * holds already; nothing else. Decisions come in the order of the sites and their subnets.
 */
export function decideTranslation(
  network: Network,
  { peers, forest, lock }: { readonly peers: Peers; readonly forest: PrefixForest<Occupied>; readonly lock: Lock },
): Decided {
  const lockedReal = (subnet: Subnet, peer: SiteName) => isLockedReal(entryOf(lock, subnet), peer)
  const collisions = new Collisions(forest, peers, lockedReal)
  const context: Context = { network, peers, collisions, lock, findings: [] }
  const decisions = [...network.sites.values()].flatMap((site) => site.subnets.map((subnet) => decide(subnet, context)))
  return { decisions, findings: context.findings }
}

function entryOf(lock: Lock, subnet: Subnet): LockEntry | undefined {
  if (lock.entries.size === 0) return undefined
  return lock.entries.get(lockKey(subnet.site, subnet.prefix))
}

function decide(subnet: Subnet, context: Context): Decision {
  if (subnet.translate === 'always') {
    const kind = subnet.hideBehind ? 'hidden' : subnet.translateTo ? 'pin' : 'always'
    return { subnet, translatedFor: 'all', reason: { kind } }
  }
  const collided = context.peers.everyPair ? amongAllSites(subnet, context) : byTunnel(subnet, context)
  if (collided.reason?.kind === 'collision' && isUntranslatable(subnet)) {
    context.findings.push(untranslatable(subnet, collided.reason))
    return { subnet, translatedFor: [], reason: undefined }
  }
  return withLocked(collided, context)
}

function isUntranslatable(subnet: Subnet): boolean {
  return subnet.translate === 'never' || subnet.prefix.family === 6
}

function decisionOf(subnet: Subnet, verdicts: ReadonlyMap<SiteName, Reason>, peers: number): Decision {
  const translatedFor = verdicts.size > 0 && verdicts.size >= peers ? 'all' : [...verdicts.keys()].sort()
  return { subnet, translatedFor, reason: verdicts.values().next().value }
}

/** A translation that peers know stays, also when its reason is gone. */
function withLocked(decision: Decision, { lock, peers, findings }: Context): Decision {
  const { subnet, translatedFor } = decision
  const entry = entryOf(lock, subnet)
  if (!entry?.translated || isUntranslatable(subnet) || translatedFor === 'all') return decision
  const known = entry.translatedFor
  if (known === 'all' && peers.everyPair) return keptFor('all', decision, findings)
  const missing = [...peers.of(subnet.site)].filter((peer) => includes(known, peer) && !includes(translatedFor, peer))
  if (missing.length === 0) return decision
  const union = [...translatedFor, ...missing].sort()
  return keptFor(union.length === peers.of(subnet.site).size ? 'all' : union, decision, findings)
}

function keptFor(translatedFor: PeerList, { subnet, reason }: Decision, findings: Finding[]): Decision {
  if (!reason) {
    findings.push(
      findingOf('TRANSLATION_KEPT', inPlan(subnet.path), {
        message: `${subnet.prefix} of ${subnet.site} no longer collides with anything, but stays translated, as the lock says`,
        hint: `natplan release ${subnet.site} ${subnet.prefix} --renumber returns it to its real addresses`,
      }),
    )
  }
  return { subnet, translatedFor, reason: reason ?? { kind: 'locked' } }
}

/** The rules of translation, peer by peer: who forwards what a peer gets must be able to tell it from the rest as well. */
function byTunnel(subnet: Subnet, context: Context): Decision {
  const translatedFor: SiteName[] = []
  let reason: Verdict
  const node = context.collisions.nodeOf(subnet)
  const peers = context.peers.of(subnet.site)
  for (const peer of peers) {
    const hub = context.peers.between(subnet.site, peer)
    const verdict =
      towards(peer, { subnet, node }, context) ??
      (hub === undefined ? undefined : towards(hub, { subnet, node }, context))
    if (!verdict) continue
    reason ??= verdict
    translatedFor.push(peer)
  }
  const isForAll = reason !== undefined && translatedFor.length === peers.size
  return { subnet, translatedFor: isForAll ? 'all' : translatedFor, reason }
}

/** A subnet, and what was filed under its prefix. */
interface Filed {
  readonly subnet: Subnet
  readonly node: PrefixNode<Occupied>
}

function towards(peer: SiteName, filed: Filed, context: Context): Verdict {
  const occupied = context.collisions.occupiedAt(filed.node, peer)
  return occupied ? { kind: 'collision', at: peer, with: occupied } : amongSpokes(peer, filed, context)
}

/** Another spoke's subnet that the hub sees, too: who keeps the real prefix, if anybody may. */
function amongSpokes(hub: SiteName, { subnet, node }: Filed, { peers, collisions, lock, findings }: Context): Verdict {
  // The subnet's own site is the only one that it sees.
  if (peers.of(hub).size === 1) return undefined
  const seen = collisions.seenAtHub(node, hub)
  const rival = (witnesses: readonly Occupied[]) => witnesses.find((use) => use.site !== subnet.site)
  const any = rival(seen.all)
  if (!any) return undefined
  const collision = (use: Occupied): Reason => ({ kind: 'collision', at: hub, with: use })
  const never = rival(seen.never)
  if (subnet.translate === 'never') return never && collision(never)
  if (never || !isLockedReal(entryOf(lock, subnet), hub)) return collision(never ?? any)
  const locked = rival(seen.locked)
  if (locked) findings.push(bothReal(hub, subnet, locked, lock))
  return undefined
}

function bothReal(hub: SiteName, subnet: Subnet, rival: Occupied, lock: Lock): Finding {
  const place = (site: SiteName, prefix: Subnet['prefix']) =>
    inLock(lock.entries.get(lockKey(site, prefix))?.path ?? [])
  return findingOf('LOCK_BOTH_REAL', place(subnet.site, subnet.prefix), {
    message: `${subnet.site} and ${rival.site} both keep ${subnet.prefix} towards ${hub}`,
    hint: `remove the entry that is not yet deployed; that subnet is then translated`,
    related: [{ place: place(rival.site, rival.prefix), message: `${rival.prefix} of ${rival.site} is here` }],
  })
}

/**
 * The same rules when every pair of sites is joined, without walking all n² pairs. Sites that use addresses of the subnet
 * are collisions themselves. Any other site sees the subnet beside the subnets of third sites that overlap it: one inside it
 * is seen, and collides, at every such site; one around it collides where that one is not translated itself.
 */
function amongAllSites(subnet: Subnet, context: Context): Decision {
  const { collisions, network, lock } = context
  const { bySite, endpoints } = collisions.users(collisions.nodeOf(subnet))
  const peers = network.sites.size - 1
  const mayKeepReal = subnet.translate === 'never' || (entryOf(lock, subnet)?.realFor.length ?? 0) > 0
  const inside = mayKeepReal
    ? undefined
    : first(rivalsOf(subnet, collisions), (use) => subnet.prefix.contains(use.prefix))
  const everywhere = inside ?? endpoints.values().next().value
  if (everywhere && peers > 0) {
    const at = first([everywhere.site, ...network.sites.keys()], (site) => site !== subnet.site) ?? everywhere.site
    return { subnet, translatedFor: 'all', reason: { kind: 'collision', at, with: everywhere } }
  }
  const verdicts = new Map<SiteName, Reason>()
  for (const [at, use] of bySite) {
    if (at !== subnet.site) verdicts.set(at, { kind: 'collision', at, with: use })
  }
  if (subnet.translate !== 'never') addThirdSites(verdicts, subnet, context)
  return decisionOf(subnet, verdicts, peers)
}

function first<T>(items: Iterable<T>, matches: (item: T) => boolean): T | undefined {
  for (const item of items) if (matches(item)) return item
  return undefined
}

/** Adds the sites that would see the subnet beside one that overlaps it, unless the lock lets this one keep its real prefix there. */
function addThirdSites(verdicts: Map<SiteName, Reason>, subnet: Subnet, context: Context): void {
  const { collisions, network, lock, findings } = context
  const entry = entryOf(lock, subnet)
  const bothKept = new Map<SiteName, Occupied>()
  for (const use of rivalsOf(subnet, collisions)) {
    if (verdicts.size >= network.sites.size - 1) return
    for (const at of sitesThatSee(use, context)) {
      if (at === subnet.site || verdicts.has(at)) continue
      if (use.subnet.translate === 'never' || !isLockedReal(entry, at)) {
        verdicts.set(at, { kind: 'collision', at, with: use })
      } else if (isLockedReal(entryOf(lock, use.subnet), at)) bothKept.set(at, use)
    }
  }
  const [kept] = [...bothKept].filter(([at]) => !verdicts.has(at))
  if (kept) findings.push(bothReal(kept[0], subnet, kept[1], lock))
}

/** The subnets of other sites that share addresses with this one and may be seen under their real prefixes. */
function* rivalsOf(subnet: Subnet, collisions: Collisions): Generator<SubnetUse> {
  for (const [site, uses] of collisions.users(collisions.nodeOf(subnet)).subnets) {
    if (site !== subnet.site) yield* uses.filter((use) => use.subnet.translate !== 'always')
  }
}

/** The sites that know a subnet by its real prefix, as far as the sites that use its addresses decide that. */
function sitesThatSee(use: SubnetUse, { collisions, network }: Context): SiteName[] {
  const { bySite, endpoints } = collisions.users(collisions.nodeOf(use.subnet))
  if (endpoints.size > 0 || bySite.size >= network.sites.size) return []
  return [...network.sites.keys()].filter((site) => !bySite.has(site))
}

function untranslatable(subnet: Subnet, { at, with: use }: Extract<Reason, { kind: 'collision' }>): Finding {
  const what = `${use.prefix} of ${use.site}`
  const message = `${subnet.prefix} of ${subnet.site} meets ${use.site === at ? what : `${what}, which ${at} sees too`}`
  if (subnet.prefix.family === 6) {
    return findingOf('IPV6_OVERLAP', inPlan(subnet.path), {
      message,
      hint: 'give one of the two networks other addresses (RFC 4193)',
    })
  }
  return findingOf('TRANSLATION_IMPOSSIBLE', inPlan(subnet.path), {
    message: `${message}, and must not be translated`,
    hint: 'remove translate: never here, or free that space there',
  })
}
