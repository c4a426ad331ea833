import type { Address } from '../address/address.ts'
import { knownOf } from '../address/named-address.ts'
import { Prefix } from '../address/prefix.ts'
import { PrefixSet } from '../address/prefix-set.ts'
import { privateRanges } from '../address/special-purpose.ts'
import { type Finding, findingOf, hasErrors, inPlan } from '../finding.ts'
import type { SiteName } from '../network/names.ts'
import type { Kubernetes, NodePool, Site } from '../network/network.ts'
import { outsidesOf } from '../network/outsides.ts'
import { namesWithin } from '../plan/free-space.ts'
import { type Plan, type Sight, sightsOf } from '../plan/plan.ts'

/** The routes that the nodes of one pool need so that packets for the peers go to the private gateway. */
export interface NodeRouteList {
  readonly pool: NodePool
  /** IPv4, sorted, none inside another. */
  readonly routes: readonly Prefix[]
}

/** What the nodes of one site need. */
export interface NodeRouting {
  readonly site: SiteName
  readonly kubernetes: Kubernetes
  readonly lists: readonly NodeRouteList[]
  /** IPv4 space that every route must lie in, in the fewest prefixes. */
  readonly allowedSpace: readonly Prefix[]
  /** IPv4 space in use at the site and tunnel endpoints, in the fewest prefixes: no route may share an address with it. */
  readonly protectedSpace: readonly Prefix[]
  /** Single addresses in networks of the nodes themselves that routes lead away from there: no neighbour has them. */
  readonly neighbours: readonly Prefix[]
}

/** What the agent takes, at most. */
export const agentLimits = { routes: 16_384, space: 4096 } as const

/**
 * Derives the routes of every Kubernetes site, or of one: what it sees of its peers, without what the route of the private network
 * covers. A route that would take the nodes away from their own networks is an error; with an error there are no routes at all.
 */
export function nodeRoutes(
  plan: Plan,
  only?: SiteName,
): { readonly routings: readonly NodeRouting[]; readonly findings: readonly Finding[] } {
  const sites = [...plan.network.sites.values()].filter(({ name }) => only === undefined || name === only)
  const made = sites.flatMap((site) => (site.kubernetes ? [routingOf(plan, site, site.kubernetes)] : []))
  const findings = made.flatMap((one) => one.findings)
  if (!hasErrors(findings)) return { routings: made.map(({ routing }) => routing), findings }
  // What is worth knowing about routes misleads where there are none.
  return { routings: [], findings: findings.filter(({ severity }) => severity !== 'note') }
}

interface Made {
  readonly routing: NodeRouting
  readonly findings: readonly Finding[]
}

function routingOf(plan: Plan, site: Site, kubernetes: Kubernetes): Made {
  const sights = sightsOf(plan, site.name)
    .filter(({ visible }) => visible.family === 4)
    .sort((a, b) => Prefix.compare(a.visible, b.visible))
  const neighbours = PrefixSet.of(namesWithin(plan, site.name))
  const own = ownSpace(site, kubernetes, neighbours)
  const pools = kubernetes.nodePools.map((pool) => ({
    pool,
    covered: new Set(sights.filter((sight) => isCovered(sight, pool) && !neighbours.contains(sight.visible))),
  }))
  const lists = pools.map(({ pool, covered }) => ({
    pool,
    routes: sights.filter((sight) => !covered.has(sight)).map(({ visible }) => visible),
  }))
  const allowedSpace = allowedFor(sights, plan.network.own)
  const protectedSpace = protectedAt(plan, site, own, allowedSpace)
  const routing = {
    site: site.name,
    kubernetes,
    lists,
    allowedSpace,
    protectedSpace,
    neighbours: neighbours.prefixes().flatMap(singleAddresses),
  }
  const findings = [
    ...pools.flatMap((one) => [...unsafeRoutes(sights, one, own), ...coveredRoutes(one)]),
    ...tooMany(routing),
    ...podAddresses(sights, kubernetes),
  ]
  return { routing, findings }
}

function singleAddresses(prefix: Prefix): Prefix[] {
  return Array.from({ length: Number(prefix.size) }, (_, index) => Prefix.of(prefix.at(index)))
}

/** Where routes may lead, whoever edits the list: private space, the planner's own, and what the plan names beside them. */
function allowedFor(sights: readonly Sight[], own: readonly Prefix[]): Prefix[] {
  const named = sights.map(({ visible }) => visible)
  return PrefixSet.of([...privateRanges.map(({ prefix }) => prefix), ...own, ...named]).prefixes()
}

/**
 * What no route may meet: the site's own space and the ends of its tunnels. Where those are too many, the ones outside the allowed space
 * are left out: nothing leads there anyway.
 */
function protectedAt(plan: Plan, site: Site, own: readonly OwnSpace[], allowedSpace: readonly Prefix[]): Prefix[] {
  const ends = [...outsideOf(site), ...[...plan.peers.of(site.name)].flatMap((peer) => calledOf(plan, peer))]
  const allowed = PrefixSet.of(allowedSpace)
  const isTooMuch = own.length + ends.length > agentLimits.space
  const kept = ends.filter((end) => end.family === 4 && (!isTooMuch || allowed.contains(end)))
  return PrefixSet.of([...own.map(({ prefix }) => prefix), ...kept.map(Prefix.of)]).prefixes()
}

function outsideOf({ gateway }: Site): Address[] {
  return gateway ? knownOf(outsidesOf(gateway).flatMap(({ address, publicAddress }) => [address, publicAddress])) : []
}

/** Where others call a site; what its gateway has behind a NAT is an address of its own site only. */
function calledOf({ network }: Plan, peer: SiteName): Address[] {
  const gateway = network.sites.get(peer)?.gateway
  return gateway ? knownOf(outsidesOf(gateway).map(({ publicAddress }) => publicAddress)) : []
}

/** A prefix that no route may meet, and what it is. */
interface OwnSpace {
  readonly prefix: Prefix
  readonly what: string
}

function ownSpace(
  { name, subnets, reserved }: Site,
  { podSubnets, serviceSubnets }: Kubernetes,
  neighbours: PrefixSet,
): OwnSpace[] {
  const space = (prefixes: readonly Prefix[], what: string) => prefixes.map((prefix) => ({ prefix, what }))
  const used = PrefixSet.of(subnets.map(({ prefix }) => prefix)).subtract(neighbours)
  return [
    ...space(podSubnets, `the pods of ${name}`),
    ...space(serviceSubnets, `the services of ${name}`),
    ...space(used.prefixes(), `a subnet of ${name} itself`),
    ...space(
      reserved.flatMap(({ kind, prefix }) => (kind === 'reserved' ? [prefix] : [])),
      `space that is reserved at ${name}`,
    ),
  ].filter(({ prefix }) => prefix.family === 4)
}

/** The private network's own route already leads to the gateway that it names. */
function isCovered({ visible }: Sight, { privateNetwork, gateway }: NodePool): boolean {
  return gateway === undefined && privateNetwork.contains(visible)
}

/** A pool of nodes, and what their route for the private network leads to the gateway already. */
interface CoveredPool {
  readonly pool: NodePool
  readonly covered: ReadonlySet<Sight>
}

function unsafeRoutes(sights: readonly Sight[], { pool, covered }: CoveredPool, own: readonly OwnSpace[]): Finding[] {
  const space = PrefixSet.of(own.map(({ prefix }) => prefix))
  return sights
    .filter((sight) => !covered.has(sight) || space.overlaps(sight.visible))
    .flatMap((sight) => {
      const reason = dangerOf(sight, pool, space.overlaps(sight.visible) ? own : [])
      if (reason === undefined) return []
      const { site, peer, subnet, visible } = sight
      return [
        findingOf('NODE_ROUTE_UNSAFE', inPlan(pool.path), {
          message: `${site} sees ${peer} as ${visible}, which ${reason}`,
          hint: `write translate: always for ${subnet.prefix} at ${peer}, or list what it meets under reserved at ${site}`,
          related: [{ place: inPlan(subnet.path), message: `${subnet.prefix} is here` }],
        }),
      ]
    })
}

function dangerOf(
  { visible }: Sight,
  { privateNetwork, gateway }: NodePool,
  own: readonly OwnSpace[],
): string | undefined {
  if (visible.length === 0) return 'would replace the default route'
  const met = own.find(({ prefix }) => prefix.overlaps(visible))
  if (met) return `meets ${met.prefix}: ${met.what}`
  if (gateway && visible.contains(gateway)) return `contains the gateway ${gateway} of the nodes`
  return visible.contains(privateNetwork) ? `contains the private network ${privateNetwork} of the nodes` : undefined
}

function coveredRoutes({ pool, covered }: CoveredPool): Finding[] {
  const [first] = covered
  if (!first) return []
  const others = covered.size > 1 ? ` and ${covered.size - 1} more` : ''
  const nodes = pool.name === undefined ? `the nodes of ${first.site}` : `the nodes ${pool.name} of ${first.site}`
  return [
    findingOf('NODE_ROUTE_COVERED', inPlan(pool.path), {
      message: `${nodes} reach ${first.visible} of ${first.peer}${others} through their route for ${pool.privateNetwork} already`,
      hint: `check on a node: ip route show ${pool.privateNetwork}`,
    }),
  ]
}

function tooMany({ lists, allowedSpace, protectedSpace, kubernetes, site }: NodeRouting): Finding[] {
  const longest = Math.max(...lists.map(({ routes }) => routes.length))
  const counts: readonly [count: number, limit: number, what: string, hint: string][] = [
    [longest, agentLimits.routes, 'routes', 'join neighbouring subnets into larger ones'],
    [
      protectedSpace.length,
      agentLimits.space,
      `prefixes in use at ${site}`,
      'join neighbouring prefixes of the site, such as those under reserved, into larger ones',
    ],
    [
      allowedSpace.length,
      agentLimits.space,
      'prefixes outside private space',
      'join neighbouring subnets of the peers into larger ones',
    ],
  ]
  return counts.flatMap(([count, limit, what, hint]) => {
    if (count <= limit) return []
    const message = `${count} ${what} are more than ${limit}`
    return [findingOf('NODE_ROUTES_TOO_MANY', inPlan(kubernetes.path), { message, hint })]
  })
}

function podAddresses(sights: readonly Sight[], { podEgress, path }: Kubernetes): Finding[] {
  const [first] = sights
  if (!first || podEgress === 'routed') return []
  const others = sights.length > 1 ? ` and ${sights.length - 1} more` : ''
  return [
    findingOf('POD_ADDRESSES', inPlan(path), {
      message: `pods of ${first.site} must leave with their node's address towards ${first.visible} of ${first.peer}${others}`,
      hint: 'check what the network plugin masquerades (natplan explain POD_ADDRESSES), or write podEgress: routed',
    }),
  ]
}
