import { PrefixSet } from '../address/prefix-set.ts'
import { RangeSet } from '../match/range-set.ts'
import { seenByHosts } from './far-maps.ts'
import { insideNetworks, routedAlone } from './find-sides.ts'
import type { WorldSite } from './world.ts'

const known = new WeakMap<WorldSite, RangeSet>()

/**
 * What tunnels lead to though it lies in a subnet of the site: only a route tells of that part, and the subnet is a summary that holds more.
 * Hosts of the site have no neighbours there.
 */
export function beyondSummaries(site: WorldSite): RangeSet {
  const found = known.get(site) ?? findBeyond(site)
  known.set(site, found)
  return found
}

function findBeyond({ device, sides, subnets }: WorldSite): RangeSet {
  const remotes = seenByHosts(device).map(({ remote }) => remote)
  const wider = PrefixSet.of(subnets)
  const inSubnets = [...new Map(remotes.map((remote) => [String(remote), remote])).values()].filter(
    (remote) => wider.contains(remote) && !subnets.some((subnet) => remote.contains(subnet)),
  )
  if (inSubnets.length === 0) return RangeSet.empty
  const routed = RangeSet.ofPrefixes(routedAlone(insideNetworks(device, sides.uplinks), []))
  return RangeSet.ofPrefixes(inSubnets.filter((remote) => routed.includes(RangeSet.ofPrefixes([remote]))))
}
