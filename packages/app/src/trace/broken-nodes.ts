import type { NodeGroup, World, WorldSite } from '@natplan/core'

/** What is taken away from the nodes of a world, to see what it is there for. */
export interface NodeFaults {
  /** Without the routes that natplan puts there. */
  readonly withoutRoutes?: boolean | undefined
  readonly rpFilter?: NodeGroup['reversePath'] | undefined
  /** Pods leave with their own addresses. */
  readonly podsKeepAddress?: boolean | undefined
}

/** The world with its nodes as they are said to be. */
export function withNodeFaults({ sites }: World, faults: NodeFaults): World {
  return { sites: new Map([...sites].map(([name, site]) => [name, siteWith(site, faults)])) }
}

function siteWith(site: WorldSite, { withoutRoutes, rpFilter, podsKeepAddress }: NodeFaults): WorldSite {
  const nodes = site.nodes.map((group) => ({
    ...group,
    reversePath: rpFilter ?? group.reversePath,
    routes: withoutRoutes ? group.routes.filter((route) => !route.isManaged) : group.routes,
    podEgress: podsKeepAddress ? ('routed' as const) : group.podEgress,
  }))
  return { ...site, nodes }
}
