import { Prefix } from '../address/prefix.ts'
import { PrefixSet } from '../address/prefix-set.ts'
import { Allocator, allocationOrder, poolExhausted } from '../allocation/allocate.ts'
import { type Lock, lockKey } from '../allocation/lock.ts'
import { lockedUnfit } from '../allocation/read-lock.ts'
import { type Finding, findingOf, inLock, inPlan, type Place } from '../finding.ts'
import type { Network, Subnet } from '../network/network.ts'
import { isUsableFor } from '../network/own-space.ts'
import type { Occupied } from '../overlap/occupied.ts'
import { type Decision, isTranslated } from '../translation/decision.ts'
import { hindrances } from './free-space.ts'
import { shortText } from './plan.ts'
import { spaceTaken } from './space-taken.ts'

/** Which translated prefix each subnet has that needs one. */
export interface Assigned {
  readonly translated: ReadonlyMap<Subnet, Prefix>
  readonly findings: readonly Finding[]
}

/** A translated prefix that somebody has before anything is allocated. */
interface Held {
  readonly subnet: Pick<Subnet, 'site' | 'prefix'>
  readonly prefix: Prefix
  readonly kind: 'pin' | 'hidden' | 'lock'
  readonly place: Place
}

/** One that a subnet of this plan has. */
interface Settled extends Held {
  readonly subnet: Subnet
}

/** Gives every translated subnet its prefix: pins first, then what the lock holds, then new ones, largest first. */
export function assignPrefixes(
  decisions: readonly Decision[],
  {
    network,
    lock,
    occupied,
  }: { readonly network: Network; readonly lock: Lock; readonly occupied: readonly Occupied[] },
): Assigned {
  const wanting = decisions.filter(isTranslated).map((decision) => decision.subnet)
  const settled = wanting.flatMap((subnet) => settledOf(subnet, lock) ?? [])
  const translated = new Map(settled.map(({ subnet, prefix }) => [subnet, prefix]))
  const taken = spaceTaken({ network, lock, occupied, settled: settled.map(({ prefix }) => prefix) })
  const allocator = new Allocator(network.pools, taken)
  const unplaced: Subnet[] = []
  for (const subnet of wanting.filter((subnet) => !translated.has(subnet)).sort(allocationOrder)) {
    const prefix = allocator.allocate(subnet.prefix)
    if (prefix) translated.set(subnet, prefix)
    else unplaced.push(subnet)
  }
  const findings = [
    ...collisionsWithUse(settled, network, occupied),
    ...collisionsAmong(settled),
    ...pinsOnHeld(
      settled,
      lock,
      decisions.map(({ subnet }) => subnet),
    ),
    ...outsidePools(settled, network),
    ...publicInLock(lock, network),
    ...poolExhausted(unplaced, allocator, network.pools),
  ]
  return { translated, findings }
}

function settledOf(subnet: Subnet, lock: Lock): Settled | undefined {
  if (subnet.hideBehind) {
    return { subnet, prefix: subnet.hideBehind, kind: 'hidden', place: inPlan([...subnet.path, 'hideBehind']) }
  }
  if (subnet.translateTo) {
    return { subnet, prefix: subnet.translateTo, kind: 'pin', place: inPlan([...subnet.path, 'translateTo']) }
  }
  if (lock.entries.size === 0 && lock.released.size === 0) return undefined
  const key = lockKey(subnet.site, subnet.prefix)
  const found = [lock.entries.get(key), lock.released.get(key)].find((entry) => entry?.translated)
  return found?.translated && { subnet, prefix: found.translated, kind: 'lock', place: inLock(found.path) }
}

function collisionsWithUse(settled: readonly Settled[], network: Network, occupied: readonly Occupied[]): Finding[] {
  if (settled.length === 0) return []
  const space = PrefixSet.of([...occupied.map((use) => use.prefix), ...network.avoid])
  return settled
    .filter(({ prefix }) => space.overlaps(prefix))
    .flatMap((one) => {
      const [use] = hindrances(occupied, one)
      const avoided = network.avoid.findIndex((prefix) => prefix.overlaps(one.prefix))
      if (use) return [collision(one, `${use.prefix}, ${describeUse(use)}`, inPlan(use.path))]
      if (avoided < 0) return []
      return [collision(one, `${network.avoid[avoided]}, which is under avoid`, inPlan(['avoid', avoided]))]
    })
}

function describeUse({ kind, site }: Occupied): string {
  const what = {
    subnet: 'a subnet',
    reserved: 'reserved space',
    pods: 'the pod range',
    services: 'the service range',
    endpoint: 'the endpoint',
    given: 'a prefix',
  }
  return `${what[kind]} of ${site}`
}

function collision({ subnet, prefix, kind, place }: Held, what: string, where: Place): Finding {
  const related = [{ place: where, message: `${what} is here` }]
  if (kind === 'hidden') {
    const message = `${shortText(prefix)}, which ${subnet.prefix} at ${subnet.site} hides behind, meets ${what}`
    return findingOf('HIDE_COLLIDES', place, { message, hint: 'hide behind addresses that are free', related })
  }
  const message = `the translated prefix ${prefix} of ${subnet.prefix} at ${subnet.site} meets ${what}`
  return kind === 'pin'
    ? findingOf('PIN_COLLIDES', place, { message, hint: 'pin a prefix that is free, or remove the pin', related })
    : findingOf('LOCK_COLLIDES', place, {
        message,
        hint: `change the new entry, or free the old: natplan release ${subnet.site} ${subnet.prefix} --renumber`,
        related,
      })
}

/** Settled prefixes that overlap each other: sorted, a prefix overlaps the last one that lay in no other. */
function collisionsAmong(settled: readonly Settled[]): Finding[] {
  const findings: Finding[] = []
  const sorted = [...settled].sort((a, b) => Prefix.compare(a.prefix, b.prefix) || allocationOrder(a.subnet, b.subnet))
  let outer: Settled | undefined
  for (const one of sorted) {
    if (!outer?.prefix.overlaps(one.prefix)) outer = one
    else if (!isSharedOnPurpose(one, outer)) findings.push(shared(one, outer))
  }
  return findings
}

/** Subnets of one site hide behind the same addresses. */
function isSharedOnPurpose(one: Settled, other: Settled): boolean {
  const isHidden = [one, other].every(({ kind }) => kind === 'hidden')
  return isHidden && one.subnet.site === other.subnet.site && one.prefix.equals(other.prefix)
}

function shared(one: Settled, other: Settled): Finding {
  if (one.kind === 'lock' && other.kind === 'lock') {
    return findingOf('LOCK_SHARED_PREFIX', one.place, {
      message: `the lock holds ${nameOf(one)} and ${nameOf(other)}`,
      hint: 'remove the entry that is not yet deployed, and plan again: it gets another prefix',
      related: [{ place: other.place, message: `${other.prefix} is here` }],
    })
  }
  const rank = { pin: 0, hidden: 1, lock: 2 } as const
  const [yielding, firm] = rank[one.kind] > rank[other.kind] ? [one, other] : [other, one]
  return collision(yielding, `${nameOf(firm)}, ${wishes[firm.kind]}`, firm.place)
}

const wishes = { pin: 'a pin', hidden: 'which that hides behind', lock: 'in the lock' } as const

function nameOf({ prefix, subnet }: Held): string {
  return `${prefix} of ${subnet.prefix} at ${subnet.site}`
}

/** Pins, and what is hidden behind, on what the lock holds for a subnet that does not take it up now, because it left the plan or needs none. */
function pinsOnHeld(settled: readonly Settled[], lock: Lock, subnets: readonly Subnet[]): Finding[] {
  const pins = settled.filter(({ kind }) => kind !== 'lock')
  if (pins.length === 0) return []
  const takenUp = new Set(settled.map(({ subnet }) => lockKey(subnet.site, subnet.prefix)))
  const listed = new Set(subnets.map(({ site, prefix }) => lockKey(site, prefix)))
  const held = [...lock.entries, ...lock.released].flatMap(([key, { site, real, translated, path }]): Held[] =>
    translated && !takenUp.has(key)
      ? [{ subnet: { site, prefix: real }, prefix: translated, kind: 'lock', place: inLock(path) }]
      : [],
  )
  const space = PrefixSet.of(held.map(({ prefix }) => prefix))
  return pins
    .filter(({ prefix }) => space.overlaps(prefix))
    .flatMap((pin) =>
      held
        .filter((other) => other.prefix.overlaps(pin.prefix) && !isInherited(pin, other, listed))
        .map((other) => collision(other, `${nameOf(pin)}, ${wishes[pin.kind]}`, pin.place)),
    )
}

/** A subnet takes over what another one of its site was called, which is not there any more. */
function isInherited(pin: Settled, { subnet, prefix }: Held, listed: ReadonlySet<string>): boolean {
  return (
    pin.subnet.site === subnet.site && pin.prefix.equals(prefix) && !listed.has(lockKey(subnet.site, subnet.prefix))
  )
}

function outsidePools(settled: readonly Settled[], network: Network): Finding[] {
  const pools = PrefixSet.of(network.pools)
  return settled
    .filter(({ kind, prefix }) => kind === 'lock' && !pools.contains(prefix))
    .map(({ prefix, subnet, place }) =>
      findingOf('LOCK_OUTSIDE_POOLS', place, {
        message: `${prefix} of ${subnet.prefix} at ${subnet.site} is no longer in any of the pools, and stays`,
        hint: `natplan release ${subnet.site} ${subnet.prefix} --renumber moves it into a pool`,
      }),
    )
}

/** Who edits a lock may give away space of others. */
function publicInLock({ entries, released }: Lock, { own }: Network): Finding[] {
  return [...entries.values(), ...released.values()].flatMap(({ translated, real, path }) =>
    translated && !isUsableFor(translated, own) ? [lockedUnfit(translated, { real, path })] : [],
  )
}
