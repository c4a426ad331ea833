import { Prefix } from '../address/prefix.ts'
import { PrefixSet } from '../address/prefix-set.ts'
import type { SiteName } from '../network/names.ts'
import { occupiedAt } from '../overlap/occupied.ts'
import { type Plan, sightsOf } from '../plan/plan.ts'

/** So many prefixes of sites beyond a hub are written one by one: people can read them, and they say exactly who talks to whom. */
const writtenOut = 8

/**
 * The prefixes under which a spoke and its hub carry what the spoke says to sites beyond the hub: their visible prefixes, or, where these are many,
 * the fewest prefixes of the pools around them that hold nothing which either end has or knows otherwise. Both ends get the same. None
 * overlaps what the spoke itself is called, since some platforms let packets from a prefix to itself pass by the tunnel.
 */
export function summaryOf(
  plan: Plan,
  ends: { readonly spoke: SiteName; readonly hub: SiteName },
  visible: readonly Prefix[],
): readonly Prefix[] {
  if (visible.length <= writtenOut) return visible
  const others = otherSpace(plan, ends, visible)
  const wanted = PrefixSet.of(visible)
  const pools = PrefixSet.of(plan.network.pools)
  const inPools = plan.network.pools.flatMap((pool) => around(pool, { wanted, others }))
  const summary = [...inPools, ...visible.filter((prefix) => !pools.contains(prefix))].sort(Prefix.compare)
  return summary.length < visible.length ? summary : visible
}

interface Spaces {
  readonly wanted: PrefixSet
  readonly others: PrefixSet
}

/** The fewest prefixes inside one that hold all of the wanted space there, and nothing of others. */
function around(prefix: Prefix, spaces: Spaces): Prefix[] {
  const { wanted, others } = spaces
  if (!wanted.overlaps(prefix)) return []
  const isOutside = prefix.length === 32 || !others.overlaps(prefix)
  const halves = isOutside && prefix.length === 32 ? [] : halvesOf(prefix)
  const used = halves.filter((half) => wanted.overlaps(half))
  if (isOutside && used.length !== 1) return [prefix]
  if (isOutside && wanted.contains(prefix)) return [prefix]
  return used.flatMap((half) => around(half, spaces))
}

function halvesOf(prefix: Prefix): Prefix[] {
  return [Prefix.fromBits(prefix.bits, prefix.length + 1), Prefix.fromBits(prefix.lastBits, prefix.length + 1)]
}

function otherSpace(
  plan: Plan,
  { spoke, hub }: { readonly spoke: SiteName; readonly hub: SiteName },
  visible: readonly Prefix[],
): PrefixSet {
  const { network, mappings } = plan
  const own = [spoke, hub].flatMap((name) => network.sites.get(name) ?? []).flatMap(occupiedAt)
  const known = [
    ...own.map(({ prefix }) => prefix),
    ...network.avoid,
    ...mappings.map(({ translated }) => translated),
    ...sightsOf(plan, hub).map((sight) => sight.visible),
  ]
  return PrefixSet.of(known).subtract(PrefixSet.of(visible))
}
