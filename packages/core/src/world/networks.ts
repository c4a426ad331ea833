import { outermost } from '../address/outermost.ts'
import type { Prefix } from '../address/prefix.ts'
import { PrefixMap } from '../address/prefix-map.ts'
import { PrefixSet } from '../address/prefix-set.ts'
import type { Device } from '../device/device.ts'
import { connectedNetworks } from '../device/next-hop.ts'
import { IntervalIndex } from '../match/interval-index.ts'
import { rangeOf } from '../match/range-set.ts'
import { type Behind, behindOf } from './behind.ts'
import { seenByHosts } from './far-maps.ts'
import { insideNetworks, networksOfUplinks, routedAlone } from './find-sides.ts'

/** A prefix, and why it was taken for what it is. */
interface FoundPrefix {
  readonly prefix: Prefix
  readonly because: string
}

/** What is behind a gateway as far as its configuration tells. */
export interface Networks {
  readonly subnets: readonly FoundPrefix[]
  /** Networks that are shown and are no subnets. */
  readonly others: readonly FoundPrefix[]
  /** What of them is no part of a subnet. */
  readonly otherSpace: readonly Prefix[]
  /** What of that only routes tell of. */
  readonly routed: readonly Prefix[]
}

/** Real prefixes of tunnels where the device has a network for them, or where it shows none of its interfaces. */
export function networksOf(device: Device, uplinks: readonly string[]): Networks {
  const shown = insideNetworks(device, uplinks)
  const isShown = connectedNetworks(device).length > 0
  const inside = outermost(shown.map(({ prefix }) => prefix))
  const connected = new PrefixMap<boolean>()
  for (const { prefix, isConnected } of shown) if (isConnected) connected.set(prefix, true)
  const known = isShown ? outermost([...inside, ...networksOfUplinks(device, uplinks)]) : []
  // A tunnel for everything names no network of an uplink: hosts are there only where they are nowhere else.
  const unnamed = isShown && inside.length > 0 ? inside : known
  const all = behindOf(device)
  const ends = known.length > 0 ? all : withoutHandedOn(all, device)
  const found = ends.flatMap((behind) => subnetsOf(behind, isForAll(behind) ? unnamed : known))
  const kept = outermost(found.map(({ prefix }) => prefix))
  const reasons = new Map(found.map(({ prefix, because }) => [String(prefix), because]))
  const subnets = kept.map((prefix) => ({ prefix, because: reasons.get(String(prefix)) ?? '' }))
  const others = inside.filter((network) => !kept.some((subnet) => subnet.contains(network)))
  return {
    subnets,
    others: others.map((prefix) => ({ prefix, because: reasonFor(prefix, connected) })),
    routed: routedAlone(shown, kept),
    otherSpace: PrefixSet.of(inside).subtract(PrefixSet.of(kept)).prefixes(),
  }
}

/**
 * Without what another tunnel brings, where the gateway stands between the two: the local prefix of the one is remote at the other, and the other
 * way round, so that neither is of the gateway itself.
 */
function withoutHandedOn(all: readonly Behind[], device: Device): readonly Behind[] {
  if (device.tunnels.length < 2) return all
  const bringing = new IntervalIndex(seenByHosts(device).map((value) => ({ range: rangeOf(value.remote), value })))
  const isBrought = ({ child: { local, remote } }: Behind) =>
    !local.equals(remote) &&
    bringing.meeting(rangeOf(local)).some((one) => one.remote.contains(local) && one.local.contains(remote))
  return all.filter((one) => one.real.length > 0 || one.child.local.length === 0 || !isBrought(one))
}

function reasonFor(prefix: Prefix, connected: PrefixMap<boolean>): string {
  return connected.get(prefix) ? 'an interface has an address in it' : 'a static route leads to it'
}

function isForAll({ child: { local }, real }: Behind): boolean {
  return local.length === 0 && real.length === 0
}

function subnetsOf({ child: { local }, real, isMade }: Behind, known: readonly Prefix[]): FoundPrefix[] {
  if (real.length > 0) {
    return real.flatMap(({ prefix, as }) => {
      const because = as.equals(prefix) ? 'a rule keeps it as it is' : `NAT makes addresses of ${as} of it`
      return held(prefix, known, because)
    })
  }
  if (isMade || (known.length === 0 && local.length === 0)) return []
  const because =
    known.length === 0
      ? 'a selector names it, and no rule translates it'
      : 'a selector names it, no rule translates it, and it is behind the gateway'
  return held(local, known, because)
}

function held(prefix: Prefix, known: readonly Prefix[], because: string): FoundPrefix[] {
  if (known.length === 0) return [{ prefix, because }]
  return known
    .filter((network) => network.overlaps(prefix))
    .map((network) => ({ prefix: network.contains(prefix) ? prefix : network, because }))
}
