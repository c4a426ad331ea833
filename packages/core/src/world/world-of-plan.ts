import type { Address } from '../address/address.ts'
import { isSameName, knownOf } from '../address/named-address.ts'
import { Prefix } from '../address/prefix.ts'
import { PrefixSet } from '../address/prefix-set.ts'
import type { Device } from '../device/device.ts'
import type { Gateway, Site } from '../network/network.ts'
import { outsidesOf } from '../network/outsides.ts'
import type { Plan } from '../plan/plan.ts'
import { type NodeRouting, nodeRoutes } from '../policy/node-routes.ts'
import { withoutApartTables } from './apart-tables.ts'
import { insideNetworks, routedAlone } from './find-sides.ts'
import type { NodeGroup, NodeRoute, World, WorldSite } from './world.ts'
import { gatewayOf, unique } from './world-of-devices.ts'

/**
 * The world of a plan whose gateways are configured in any way, by site: networks that either knows are in use; how the gateway lies is as
 * its device says, and as the plan does where the device is silent. The nodes have the routes of their ConfigMap.
 */
export function worldOfPlan(plan: Plan, devices: ReadonlyMap<string, Device>): World {
  const routings = new Map(nodeRoutes(plan).routings.map((routing) => [routing.site, routing]))
  const sites = [...plan.network.sites.values()].flatMap((site): WorldSite[] => {
    const device = devices.get(site.name)
    return device ? [siteOfPlan(site, withoutApartTables(device), routings.get(site.name))] : []
  })
  return { sites: new Map(sites.map((site) => [site.name, site])) }
}

function siteOfPlan(site: Site, device: Device, routing: NodeRouting | undefined): WorldSite {
  const subnets = site.subnets.map(({ prefix }) => prefix)
  const uplink = site.gateway?.outside.interface
  const { sides, addresses } = gatewayOf(device, () => {}, { subnets, uplink })
  const { uplinks } = sides
  const called = site.gateway?.outside.publicAddress
  const inside = sides.inside ?? plannedInside(site, device, uplinks)
  const pods = site.kubernetes?.podEgress === 'routed' ? site.kubernetes.podSubnets : []
  const reserved = site.reserved.filter(({ kind }) => kind === 'reserved').map(({ prefix }) => prefix)
  const shown = insideNetworks(device, uplinks)
  const known = [...subnets, ...reserved, ...pods]
  const others = PrefixSet.of(shown.map(({ prefix }) => prefix)).subtract(PrefixSet.of(known))
  return {
    name: site.name,
    device,
    subnets,
    free: site.subnets.flatMap(({ free }) => free.map((part) => part.prefix)),
    otherNetworks: [...reserved, ...pods, ...others.prefixes()],
    routedNetworks: routedAlone(shown, known),
    addresses: addressesOf(site.gateway, addresses),
    ...(called?.kind === 'host' ? { hostName: called.name } : {}),
    sides: { uplinks, inside },
    nodes: routing ? routing.lists.map((list) => nodeGroup(site, routing, list)) : [],
  }
}

/** The name that the plan has for it, unless the device shows others with networks alone. */
function plannedInside({ gateway }: Site, device: Device, uplinks: readonly string[]): string | undefined {
  const name = gateway?.inside?.interface
  const shown = insideNetworks(device, uplinks).flatMap((network) => (network.isConnected ? network.interface : []))
  return shown.length > 0 && !shown.includes(name) ? undefined : name
}

/** Behind a NAT only the plan knows what peers send to. */
function addressesOf(gateway: Gateway | undefined, own: readonly Address[]): Address[] {
  if (!gateway) return [...own]
  const ends = outsidesOf(gateway)
  const inFront = ends.filter(({ address, publicAddress }) => !isSameName(address, publicAddress))
  const planned = knownOf(ends.map(({ address }) => address))
  return unique([...(own.length > 0 ? own : planned), ...knownOf(inFront.map(({ publicAddress }) => publicAddress))])
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
