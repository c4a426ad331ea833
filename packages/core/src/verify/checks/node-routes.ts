import type { Prefix } from '../../address/prefix.ts'
import { PrefixSet } from '../../address/prefix-set.ts'
import type { Finding } from '../../finding.ts'
import type { IntervalIndex } from '../../match/interval-index.ts'
import { rangeOf } from '../../match/range-set.ts'
import type { NodeGroup, NodeRoute, WorldSite } from '../../world/world.ts'
import { indexed, remotesOf } from '../prefix-index.ts'
import { findingAt, type Subject } from '../subject.ts'

/** The nodes send packets for everything that their site sees to the private gateway. */
export function nodeRoutesCover({ sites }: Subject): Finding[] {
  return sites.flatMap((site) => {
    const remotes = remotesOf(site).filter(({ family, length }) => family === 4 && length > 0)
    return site.nodes.flatMap((group) => missingNodeRoutes(site, group, remotes))
  })
}

function missingNodeRoutes(site: WorldSite, group: NodeGroup, remotes: readonly Prefix[]): Finding[] {
  const index = indexed(group.routes)
  const missing = remotes.flatMap((remote) => uncovered(remote, index))
  const [first] = missing
  if (!first) return []
  const nodes = group.name === undefined ? `the nodes of ${site.name}` : `the nodes ${group.name} of ${site.name}`
  const others = missing.length > 1 ? ` and ${missing.length - 1} more` : ''
  return [
    findingAt('NODE_ROUTE_MISSING', {
      site,
      about: { range: String(first) },
      message: `${nodes} have no route for ${first}${others} to the private gateway`,
      hint: `natplan kubernetes --site ${site.name} writes the routes; on a node: ip route get ${first.first}`,
    }),
  ]
}

/** What of a prefix does not go to the gateway: from the widest route to the narrowest, each takes its part. */
function uncovered(remote: Prefix, index: IntervalIndex<NodeRoute>): Prefix[] {
  let covered = PrefixSet.empty
  for (const { prefix, to } of index.meeting(rangeOf(remote)).sort((a, b) => a.prefix.length - b.prefix.length)) {
    const part = PrefixSet.of([prefix])
    covered = to === 'gateway' ? covered.union(part) : covered.subtract(part)
  }
  return PrefixSet.of([remote]).subtract(covered).prefixes()
}
