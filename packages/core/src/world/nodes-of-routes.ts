import type { Address } from '../address/address.ts'
import type { Prefix } from '../address/prefix.ts'
import type { Doubt } from '../device/device.ts'
import type { NodeGroup, NodeRoute, WorldSite } from './world.ts'

/** What the commands of one node show of its routing. */
export interface ShownNode {
  readonly name: string
  readonly routes: readonly ShownRoute[]
  /** By interface, as the kernel numbers it (RFC 3704): none, strict, loose. */
  readonly rpFilter: ReadonlyMap<string, 0 | 1 | 2>
}

/** A route without `via` leads to neighbours, without an interface into nothing. */
export interface ShownRoute {
  readonly prefix: Prefix
  readonly via?: Address | undefined
  readonly interface?: string | undefined
  readonly metric?: number | undefined
}

/** What is known beside the routes. */
export interface NodeSite extends Pick<WorldSite, 'subnets'> {
  /** Addresses of the private gateway on the inside; empty when nothing shows them. */
  readonly gateways: readonly Address[]
  readonly podSubnets: readonly Prefix[]
  readonly podEgress: NodeGroup['podEgress']
}

/** Nodes by their routes: those that have the same are one group, called by the first of them. */
export function nodesOfRoutes(nodes: readonly ShownNode[], site: NodeSite): NodeGroup[] {
  const groups = new Map<string, NodeGroup>()
  for (const node of nodes) {
    const group = groupOf(node, site)
    const texts = group.routes.map(({ prefix, to, doubt }) => `${prefix} ${to} ${doubt?.what ?? ''}`)
    const key = [group.reversePath, ...texts].join(', ')
    if (!groups.has(key)) groups.set(key, group)
  }
  return [...groups.values()]
}

function groupOf({ name, routes, rpFilter }: ShownNode, site: NodeSite): NodeGroup {
  const sorted = [...routes].sort((a, b) => (a.metric ?? 0) - (b.metric ?? 0))
  const inside = privateInterface(sorted, site)
  const outside = sorted.find(({ prefix }) => prefix.length === 0)?.interface
  const gateway = gatewayOf(sorted, inside, site.gateways)
  const filter = inside === undefined ? undefined : (rpFilter.get(inside) ?? rpFilter.get('default'))
  return {
    name,
    routes: firstOfEach(sorted).map((route) => nodeRoute(route, sorted, { inside, outside, gateway })),
    podSubnets: site.podSubnets,
    podEgress: site.podEgress,
    // What is not shown is taken for the setting that drops most.
    reversePath: filter === undefined ? 'strict' : ((['off', 'strict', 'loose'] as const)[filter] ?? 'strict'),
  }
}

/** The route with the lowest metric of each prefix is in use. */
function firstOfEach(sorted: readonly ShownRoute[]): ShownRoute[] {
  return [...new Map([...sorted].reverse().map((route) => [String(route.prefix), route])).values()].reverse()
}

/** Several next hops share the packets; where they lead different ways, the one to the gateway is shown, with the other as a doubt. */
function nodeRoute(route: ShownRoute, sorted: readonly ShownRoute[], known: KnownHops): NodeRoute {
  const all = [route, ...sorted.filter((one) => isBeside(route, one))].map((one) => ({ one, to: targetOf(one, known) }))
  const shown = all.find(({ to }) => to === 'gateway') ?? all[0]
  const other = all.find(({ to }) => to !== shown?.to)
  return { prefix: route.prefix, to: shown?.to ?? 'public', ...(other ? { doubt: doubtAbout(other.one) } : {}) }
}

/** Reports whether two routes for one prefix share its packets. */
function isBeside(one: ShownRoute, other: ShownRoute): boolean {
  return one !== other && one.prefix.equals(other.prefix) && (one.metric ?? 0) === (other.metric ?? 0)
}

function doubtAbout({ prefix, via, interface: name }: ShownRoute): Doubt {
  const hop = via ?? name ?? 'nothing'
  return { line: undefined, what: `the next hop ${hop} of the route for ${prefix}, which takes a part of the packets` }
}

/** Where the node has a subnet of its site beside it, or else the private gateway. */
function privateInterface(routes: readonly ShownRoute[], { subnets, gateways }: NodeSite): string | undefined {
  const beside = routes.find(
    ({ prefix, via, interface: name }) =>
      via === undefined && name !== undefined && subnets.some((subnet) => subnet.overlaps(prefix)),
  )
  return (beside ?? routes.find(({ via }) => via && isOneOf(gateways, via)))?.interface
}

/** The one that the gateway's configuration shows; else the next hop of the widest route on the private interface. */
function gatewayOf(
  routes: readonly ShownRoute[],
  inside: string | undefined,
  known: readonly Address[],
): Address | undefined {
  const shown = routes.find(({ via }) => via && isOneOf(known, via))?.via
  if (shown) return shown
  const candidates = routes.filter(({ via, interface: name }) => via !== undefined && name === inside)
  const narrow = candidates.filter(({ prefix }) => prefix.length > 0)
  const [widest] = [...(narrow.length > 0 ? narrow : candidates)].sort((a, b) => a.prefix.length - b.prefix.length)
  return widest?.via
}

interface KnownHops {
  readonly inside: string | undefined
  readonly outside: string | undefined
  readonly gateway: Address | undefined
}

function targetOf({ prefix, via, interface: name }: ShownRoute, known: KnownHops): NodeRoute['to'] {
  if (via && known.gateway?.equals(via)) return 'gateway'
  if (prefix.length === 0) return 'public'
  if (via === undefined && name !== undefined && name === known.inside) return 'link'
  return name !== undefined && name === known.outside && name !== known.inside ? 'public' : 'cluster'
}

function isOneOf(addresses: readonly Address[], address: Address): boolean {
  return addresses.some((one) => one.equals(address))
}
