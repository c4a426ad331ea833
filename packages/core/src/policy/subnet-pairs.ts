import type { Prefix } from '../address/prefix.ts'
import type { SiteName } from '../network/names.ts'
import type { Site, Subnet } from '../network/network.ts'
import { type Plan, visibleAs } from '../plan/plan.ts'
import type { Connection } from './connections.ts'

/** A subnet and the prefix under which the other end of the tunnel knows it. */
interface Face {
  readonly subnet: Subnet
  readonly visible: Prefix
}

/** One subnet of a site and one of a peer that can talk to each other. */
export interface SubnetPair {
  readonly peer: SiteName
  readonly local: Face
  readonly remote: Face
}

export type NumberedSubnetPair = SubnetPair & { readonly number: number }

/** All pairs of a gateway, by peer, then local, then remote prefix; IPv4 meets only IPv4. */
export function pairsOf(plan: Plan, site: Site, connections: readonly Connection[]): SubnetPair[] {
  return connections.flatMap(({ peer }) => {
    const remotes = facesOf(plan, peer, site.name)
    return facesOf(plan, site, peer.name).flatMap((local) =>
      remotes
        .filter((remote) => remote.visible.family === local.visible.family)
        .map((remote) => ({ peer: peer.name, local, remote })),
    )
  })
}

function facesOf(plan: Plan, site: Site, seenBy: SiteName): Face[] {
  return site.subnets.map((subnet) => ({ subnet, visible: visibleAs(plan, subnet, seenBy) }))
}
