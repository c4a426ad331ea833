import { Prefix } from '../address/prefix.ts'
import { PrefixSet } from '../address/prefix-set.ts'
import { Allocator, allocationOrder, poolExhausted } from '../allocation/allocate.ts'
import { type Lock, type LockEntry, lockKey, type ReleasedEntry } from '../allocation/lock.ts'
import { type Finding, findingOf, inLock, inPlan, type Place } from '../finding.ts'
import type { Network, Subnet } from '../network/network.ts'
import type { Occupied } from '../overlap/occupied.ts'
import { type Decision, isTranslated } from '../translation/decision.ts'

/** Which translated prefix each subnet has that needs one. */
export interface Assigned {
  readonly translated: ReadonlyMap<Subnet, Prefix>
  readonly findings: readonly Finding[]
}

/** A translated prefix that is settled before anything is allocated. */
interface Settled {
  readonly subnet: Subnet
  readonly prefix: Prefix
  readonly kind: 'pin' | 'lock'
  readonly place: Place
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
  const inUse: InUse = { network, occupied, space: spaceInUse(network, occupied) }
  const translated = new Map(settled.map(({ subnet, prefix }) => [subnet, prefix]))
  const allocator = new Allocator(network.pools, taken({ network, lock, occupied, settled }))
  const unplaced: Subnet[] = []
  for (const subnet of wanting.filter((subnet) => !translated.has(subnet)).sort(allocationOrder)) {
    const prefix = allocator.allocate(subnet.prefix)
    if (prefix) translated.set(subnet, prefix)
    else unplaced.push(subnet)
  }
  const findings = [
    ...collisionsWithUse(settled, inUse),
    ...collisionsAmong(settled),
    ...outsidePools(settled, network),
    ...poolExhausted(unplaced, allocator, network.pools),
  ]
  return { translated, findings }
}

function settledOf(subnet: Subnet, lock: Lock): Settled | undefined {
  if (subnet.translateTo) {
    return { subnet, prefix: subnet.translateTo, kind: 'pin', place: inPlan([...subnet.path, 'translateTo']) }
  }
  const key = lockKey(subnet.site, subnet.prefix)
  const entry: LockEntry | ReleasedEntry | undefined = lock.entries.get(key) ?? lock.released.get(key)
  return entry?.translated && { subnet, prefix: entry.translated, kind: 'lock', place: inLock(entry.path) }
}

/** All that is not free: what sites use, `avoid`, and every prefix that the lock holds, also for subnets that left. */
function taken(known: {
  network: Network
  lock: Lock
  occupied: readonly Occupied[]
  settled: readonly Settled[]
}): Prefix[] {
  const { network, lock, occupied, settled } = known
  const locked = [...lock.entries.values(), ...lock.released.values()].flatMap((entry) => entry.translated ?? [])
  return [...occupied.map((use) => use.prefix), ...network.avoid, ...settled.map(({ prefix }) => prefix), ...locked]
}

interface InUse {
  readonly network: Network
  readonly occupied: readonly Occupied[]
  readonly space: PrefixSet
}

function spaceInUse(network: Network, occupied: readonly Occupied[]): PrefixSet {
  return PrefixSet.of([...occupied.map((use) => use.prefix), ...network.avoid])
}

function collisionsWithUse(settled: readonly Settled[], { network, occupied, space }: InUse): Finding[] {
  return settled
    .filter(({ prefix }) => space.overlaps(prefix))
    .map((one) => {
      const use = occupied.find((other) => other.prefix.overlaps(one.prefix))
      const avoided = network.avoid.findIndex((prefix) => prefix.overlaps(one.prefix))
      return use
        ? collision(one, `${use.prefix}, ${describeUse(use)}`, inPlan(use.path))
        : collision(one, `${network.avoid[avoided]}, which is under avoid`, inPlan(['avoid', avoided]))
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

function collision({ subnet, prefix, kind, place }: Settled, what: string, where: Place): Finding {
  const related = [{ place: where, message: `${what} is here` }]
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
    if (outer?.prefix.overlaps(one.prefix)) findings.push(shared(one, outer))
    else outer = one
  }
  return findings
}

function shared(one: Settled, other: Settled): Finding {
  const nameOf = ({ prefix, subnet }: Settled) => `${prefix} of ${subnet.prefix} at ${subnet.site}`
  if (one.kind === 'lock' && other.kind === 'lock') {
    return findingOf('LOCK_SHARED_PREFIX', one.place, {
      message: `the lock holds ${nameOf(one)} and ${nameOf(other)}`,
      hint: 'remove the entry that is not yet deployed, and plan again: it gets another prefix',
      related: [{ place: other.place, message: `${other.prefix} is here` }],
    })
  }
  const [locked, pin] = one.kind === 'lock' ? [one, other] : [other, one]
  return collision(locked, `${nameOf(pin)}, a pin`, pin.place)
}

function outsidePools(settled: readonly Settled[], network: Network): Finding[] {
  const pools = PrefixSet.of(network.pools)
  return settled
    .filter(({ kind, prefix }) => kind === 'lock' && !pools.contains(prefix))
    .map(({ prefix, subnet, place }) =>
      findingOf('LOCK_OUTSIDE_POOLS', place, {
        message: `${prefix} of ${subnet.prefix} at ${subnet.site} is in none of the pools any more and stays`,
        hint: `natplan release ${subnet.site} ${subnet.prefix} --renumber moves it into a pool`,
      }),
    )
}
