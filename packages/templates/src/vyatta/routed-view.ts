import type { GatewayPolicy, GatewayRoute, VirtualInterface } from '@natplan/core'
import { type InterfacePlace, knownInterface } from './dialect.ts'

/** Virtual interfaces, and the routes that lead to them or nowhere, as the templates of the family print them. */
export interface RoutedView {
  readonly interfaces: readonly InterfaceView[]
  /** Those of the main table. */
  readonly routes: readonly RouteView[]
  /** Their nodes in the tree, each once: all, those of routes to interfaces, and the others. */
  readonly nodes: readonly NodeView[]
  readonly interfaceNodes: readonly NodeView[]
  readonly otherNodes: readonly NodeView[]
  readonly vrfs: readonly { readonly name: string; readonly table: number; readonly routes: readonly RouteView[] }[]
  /** Routes lead into some tunnel, so that IPsec must make none itself. */
  readonly isRouted: boolean
  /** Addresses of peers that hosts take for neighbours. */
  readonly proxied: readonly ProxiedView[]
  /** The interfaces where somebody must answer ARP for these. */
  readonly proxying: readonly InterfacePlace[]
}

interface ProxiedView {
  readonly address: string
  readonly interface: string
}

interface NodeView {
  readonly node: string
  readonly prefix: string
}

interface InterfaceView {
  /** As the tree calls it. */
  readonly kind: string
  readonly name: string
  readonly address: string | undefined
  readonly description: string
  readonly vrf: string | undefined
  /** The other end of a cable. */
  readonly joins: string | undefined
}

/** It has one of `interface` and `via`, or leads nowhere. */
interface RouteView {
  readonly node: string
  /** The node of routes to interfaces where they have one of their own. */
  readonly interfaceNode: string
  /** What `show … route` calls the IP version. */
  readonly family: string
  readonly prefix: string
  readonly interface: string | undefined
  readonly via: string | undefined
  readonly isNowhere: boolean
  /** Missing for the usual one. */
  readonly distance: number | undefined
  /** Of one that leads to the outside: nothing else about it says whose it is. */
  readonly description: string | undefined
}

/** What the tree calls them. */
export const interfaceKinds: Readonly<Record<VirtualInterface['kind'], string>> = {
  cable: 'virtual-ethernet',
  feature: 'virtual-feature-point',
  tunnel: 'vti',
}

export function routedView(policy: GatewayPolicy): RoutedView {
  const { site, interfaces, routes, vrfs, tunnels, proxied = [] } = policy
  const main = routes.filter(({ vrf }) => vrf === undefined).map((route) => routeView(route, policy))
  const toInterfaces = main.filter((route) => route.interface !== undefined)
  const others = main.filter((route) => route.interface === undefined)
  return {
    interfaces: interfaces.map((one) => interfaceView(one, site)).sort((a, b) => compareText(a.kind, b.kind)),
    routes: main,
    nodes: nodesOf(main, 'node'),
    interfaceNodes: nodesOf(toInterfaces, 'interfaceNode'),
    otherNodes: nodesOf(others, 'node'),
    vrfs: vrfs.map(({ name, table }) => ({
      name,
      table,
      routes: routes.filter(({ vrf }) => vrf === name).map((route) => routeView(route, policy)),
    })),
    isRouted: tunnels.some(({ through }) => through?.kind === 'route'),
    proxied: proxied.map(({ address, interface: port }) => ({ address: address.toString(), interface: port })),
    proxying: proxyingOf(proxied),
  }
}

/** The 5600 calls its interfaces otherwise. */
function proxyingOf(proxied: NonNullable<GatewayPolicy['proxied']>): InterfacePlace[] {
  return [...new Set(proxied.map((one) => one.interface))].map((name) => {
    const [port = '', vif] = name.split('.')
    return knownInterface(name)?.place ?? { kind: /^dp\d+bond/.test(port) ? 'bonding' : 'dataplane', name: port, vif }
  })
}

function nodesOf(routes: readonly RouteView[], key: 'node' | 'interfaceNode'): NodeView[] {
  const nodes = routes.map((route) => ({ node: route[key], prefix: route.prefix }))
  return [...new Map(nodes.map((one) => [`${one.node} ${one.prefix}`, one])).values()]
}

function interfaceView({ kind, name, address, peer, vrf, joins }: VirtualInterface, site: string): InterfaceView {
  return {
    kind: interfaceKinds[kind],
    name,
    address: addressText(address),
    description: peer === undefined ? site : `${site} to ${peer}`,
    vrf,
    joins,
  }
}

/** As a device shows it: the address with the length of its network. */
export function addressText(address: VirtualInterface['address']): string | undefined {
  return address && `${address.address}/${address.network.length}`
}

function routeView({ prefix, to, distance }: GatewayRoute, { site, interfaces }: GatewayPolicy): RouteView {
  const isOutside = to.kind === 'interface' && !interfaces.some(({ name }) => name === to.interface)
  const isFour = prefix.family === 4
  return {
    node: isFour ? 'route' : 'route6',
    interfaceNode: isFour ? 'interface-route' : 'interface-route6',
    family: isFour ? 'ip' : 'ipv6',
    prefix: prefix.toString(),
    interface: to.kind === 'interface' ? to.interface : undefined,
    via: to.kind === 'via' ? to.address.toString() : undefined,
    isNowhere: to.kind === 'nowhere',
    distance: distance === 1 ? undefined : distance,
    description: isOutside ? `out of the LAN of ${site}` : undefined,
  }
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
