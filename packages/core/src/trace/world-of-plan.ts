import { Prefix } from '../address/prefix.ts'
import type { Site } from '../network/network.ts'
import type { Plan } from '../plan/plan.ts'
import type { GatewayPolicy } from '../policy/gateway-policy.ts'
import { type NodeRouting, nodeRoutes } from '../policy/node-routes.ts'
import type { ConfiguredGateway, NodeGroup, NodeRoute, TracedSite, World } from './world.ts'

/** The world as the plan wants it: every gateway has its policy, and the nodes have the routes of their ConfigMap. */
export function worldOfPlan(plan: Plan, policies: readonly GatewayPolicy[]): World {
  const routings = new Map(nodeRoutes(plan).routings.map((routing) => [routing.site, routing]))
  const sites = policies.flatMap((policy) => {
    const site = plan.network.sites.get(policy.site)
    return site ? [siteOfPlan(site, gatewayOfPlan(site, policy), routings.get(site.name))] : []
  })
  return { sites: new Map(sites.map((site) => [site.name, site])) }
}

/** What the plan file says of a site, behind a gateway that may be configured in any way. */
export function siteOfPlan(site: Site, gateway: ConfiguredGateway, routing: NodeRouting | undefined): TracedSite {
  const pods = site.kubernetes?.podEgress === 'routed' ? site.kubernetes.podSubnets : []
  return {
    name: site.name,
    gateway,
    subnets: site.subnets.map(({ prefix }) => prefix),
    otherNetworks: [...site.reserved.filter(({ kind }) => kind === 'reserved').map(({ prefix }) => prefix), ...pods],
    nodes: routing ? routing.lists.map((list) => nodeGroup(site, routing, list)) : [],
  }
}

function gatewayOfPlan(site: Site, policy: GatewayPolicy): ConfiguredGateway {
  const { outside, inside, platform, tunnels, nat, interfaces, routes, clamps } = policy
  const publicAddress = site.gateway?.outside.publicAddress
  return {
    platform,
    policy: { tunnels, nat, interfaces, routes, clamps },
    outside: {
      interface: outside.interface,
      addresses: [outside.address, ...(publicAddress && !publicAddress.equals(outside.address) ? [publicAddress] : [])],
    },
    inside: { interface: inside?.interface },
    staticRoutes: [],
    proposals: new Map(),
    keyDigests: new Map(),
    written: undefined,
  }
}

function nodeGroup(
  { subnets }: Site,
  { kubernetes }: NodeRouting,
  { pool, routes }: NodeRouting['lists'][number],
): NodeGroup {
  const to = (prefixes: readonly Prefix[], target: NodeRoute['to']) =>
    prefixes.map((prefix) => ({ prefix, to: target }))
  const own = subnets.map(({ prefix }) => prefix).filter(({ family }) => family === 4)
  return {
    name: pool.name,
    routes: [
      ...to(own, 'link'),
      ...to([...kubernetes.podSubnets, ...kubernetes.serviceSubnets], 'cluster'),
      // A gateway that the plan names need not be that of any route on the nodes.
      ...(pool.gateway ? [] : to([pool.privateNetwork], 'gateway')),
      ...to(routes, 'gateway').map((route) => ({ ...route, isManaged: true })),
      ...to([everything], 'public'),
    ],
    podSubnets: kubernetes.podSubnets,
    podEgress: kubernetes.podEgress,
    reversePath: 'strict',
  }
}

const everything = Prefix.parse('0.0.0.0/0')
