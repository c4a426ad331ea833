import { Address, type DeviceRoute, type Doubt, type NextHop, Prefix } from '@natplan/core'
import type { ConfigNode } from './config-tree.ts'
import type { DeviceReading } from './device-reading.ts'
import { tryParsePrefix } from './parse-match.ts'
import { instanceTable, interfacesOff, tableName, tableOfVrf } from './read-interfaces.ts'

/** What Vyatta and VyOS give a static route that names no distance. */
const usualDistance = 1

/** Anywhere. */
const everything = Prefix.parse('0.0.0.0/0')

/** The static routes of all tables, and as unread lines whatever may add others at run time. */
export function readRoutes({ root, unread, carriesIpv6, interfaces }: DeviceReading): DeviceRoute[] {
  const tables = new Map(interfaces.map(({ name, table }) => [name, table]))
  // a route to an interface that is switched off is not in force
  const off = new Set(interfacesOff(root).map(({ name }) => name))
  const inPlaces = placesOf(root).map(({ table, protocols }) => {
    const strange: ConfigNode[] = []
    const routes = [
      ...routesBelow(protocols.at('static'), table, strange).map((route) => inOwnVrf(route, tables)),
      ...tablesBelow(protocols, strange),
      ...failoverRoutes(protocols, table),
    ]
    for (const node of [...learning(protocols, carriesIpv6), ...strange]) {
      const line = node.firstLine()
      if (line) unread.add([line], { touches: 'routes', isPlaced: false, fills: table })
    }
    return routes
  })
  const routes = [...inPlaces.flat(), ...gatewayAddress(root), ...wireguardRoutes(root)].filter(
    ({ to }) => !('interface' in to) || to.interface === undefined || !off.has(to.interface),
  )
  for (const { doubt } of routes) {
    if (doubt?.line !== undefined) {
      unread.add([{ line: doubt.line, text: doubt.what }], { touches: 'routes', isPlaced: true })
    }
  }
  return routes.sort((a, b) => Prefix.compare(a.prefix, b.prefix))
}

/** A hop is looked for in the VRF of the route, so that an interface outside of it is not found. */
function inOwnVrf(route: DeviceRoute, tables: ReadonlyMap<string, string>): DeviceRoute {
  const { to, table, prefix, line, doubt } = route
  const name = 'interface' in to ? to.interface : undefined
  const its = name === undefined ? undefined : tables.get(name)
  if (its === undefined || its === table || doubt) return route
  return { ...route, doubt: { line, what: `the route for ${prefix} by ${name}, which is in another VRF` } }
}

interface Place {
  readonly table: string
  readonly protocols: ConfigNode
}

/** The trees of routes: that of the device and those of its VRFs. */
function placesOf(root: ConfigNode): Place[] {
  const own = root.at('protocols')
  const vrfs = root.children('vrf', 'name').flatMap(([name, node]) => {
    const protocols = node.at('protocols')
    return protocols ? [{ table: tableOfVrf(root, name), protocols }] : []
  })
  const instances = root.children('routing', 'routing-instance').flatMap(([name, node]) => {
    const protocols = node.at('protocols')
    return protocols ? [{ table: instanceTable(name), protocols }] : []
  })
  return [...(own ? [{ table: 'main', protocols: own }] : []), ...vrfs, ...instances]
}

/** Protocols that bring routes which no configuration shows. */
export const learned = ['bgp', 'ospf', 'rip', 'isis', 'eigrp', 'babel', 'openfabric', 'nhrp']
export const learnedIpv6 = ['ospfv3', 'ripng']

function learning(protocols: ConfigNode, carriesIpv6: boolean): ConfigNode[] {
  return [...learned, ...(carriesIpv6 ? learnedIpv6 : [])].flatMap((name) => protocols.at(name) ?? [])
}

function tablesBelow(protocols: ConfigNode, strange: ConfigNode[]): DeviceRoute[] {
  const tables = protocols.children('static', 'table')
  return tables.flatMap(([number, node]) => routesBelow(node, tableName(number), strange))
}

const lists = ['route', 'route6', 'interface-route', 'interface-route6'] as const

/** `strange`: takes the routes for something that is no prefix. */
function routesBelow(node: ConfigNode | undefined, table: string, strange: ConfigNode[]): DeviceRoute[] {
  const routes: DeviceRoute[] = []
  const hops: Hops = new Map()
  for (const list of lists) {
    for (const route of node?.at(list)?.nodes ?? []) {
      const prefix = tryParsePrefix(route.name)
      if (prefix) addHops(route, { table, prefix, hops }, routes)
      else strange.push(route)
    }
  }
  return routes
}

/** Next hops by their text: thousands of routes have the same. */
type Hops = Map<string, NextHop | undefined>

/** What all hops of a route share. */
interface Target extends Pick<DeviceRoute, 'table' | 'prefix'> {
  readonly hops: Hops
}

const interfaceLeaves = ['interface', 'dhcp-interface', 'next-hop-interface'] as const
const droppingWords = ['blackhole', 'reject', 'unreachable'] as const

/** A route that drops what it takes counts only where no other hop is as near; that follows from the distances. */
function addHops(route: ConfigNode, target: Target, routes: DeviceRoute[]): void {
  if (route.at('disable')) return
  for (const node of targetsOf(route, 'next-hop')) routes.push(hopOf(target, viaOf(node, target), node))
  for (const leaf of interfaceLeaves) {
    for (const node of targetsOf(route, leaf))
      routes.push(hopOf(target, { kind: 'interface', interface: node.name }, node))
  }
  for (const word of droppingWords) {
    const node = route.at(word)
    if (node && !node.at('disable')) routes.push(hopOf(target, { kind: 'nowhere' }, node))
  }
}

function targetsOf(route: ConfigNode, leaf: string): readonly ConfigNode[] {
  return route.at(leaf)?.nodes.filter((node) => !node.at('disable')) ?? []
}

function viaOf(node: ConfigNode, { hops }: Pick<Target, 'hops'>): NextHop | undefined {
  const { name: text } = node
  if (text === 'Null0' || text === 'null') return { kind: 'nowhere' }
  const name = node.peek('interface') ?? node.peek('next-hop-interface')
  const key = name === undefined ? text : `${text} ${name}`
  if (hops.has(key)) return hops.get(key)
  const address = Address.tryParse(text)
  const hop = address && { kind: 'via' as const, address, interface: name }
  hops.set(key, hop)
  return hop
}

/** A hop into another VRF, and one that is no address, are not followed. */
function hopOf(
  { table, prefix }: Pick<Target, 'table' | 'prefix'>,
  to: NextHop | undefined,
  node: ConfigNode,
): DeviceRoute {
  const { name: text, line } = node
  const leak = node.peek('vrf') ?? node.peek('routing-instance')
  const isLeaking = leak !== undefined && leak !== 'default'
  const distance = distanceOf(node)
  if (to && !isLeaking) return { line, table, prefix, to, distance }
  const doubt: Doubt = { line, what: isLeaking ? `next hop ${text} in the VRF ${leak}` : `next hop ${text}` }
  return { line, table, prefix, to: to ?? { kind: 'nowhere' }, distance, doubt }
}

function distanceOf(node: ConfigNode): number {
  const written = node.peek('distance') ?? ''
  return /^\d{1,3}$/.test(written) ? Number(written) : usualDistance
}

/** Routes that are there while their hop answers. */
function failoverRoutes(protocols: ConfigNode, table: string): DeviceRoute[] {
  const hops: Hops = new Map()
  return protocols.children('failover', 'route').flatMap(([destination, route]) => {
    const prefix = Prefix.tryParse(destination)
    return prefix
      ? targetsOf(route, 'next-hop').map((node) => ({
          ...hopOf({ table, prefix }, viaOf(node, { hops }), node),
          doubt: {
            line: node.line,
            what: `failover route ${destination} by ${node.name}, which is there while its checks succeed`,
          },
        }))
      : []
  })
}

/** The default route of Vyatta Core and EdgeOS. */
function gatewayAddress(root: ConfigNode): DeviceRoute[] {
  return root.children('system', 'gateway-address').flatMap(([text, { line }]) => {
    const address = Address.tryParse(text)
    return address
      ? [
          {
            line,
            table: 'main',
            prefix: everything,
            to: { kind: 'via' as const, address, interface: undefined },
            distance: usualDistance,
          },
        ]
      : []
  })
}

/** EdgeOS routes what a WireGuard peer may send to it, unless told not to. */
function wireguardRoutes(root: ConfigNode): DeviceRoute[] {
  return root.children('interfaces', 'wireguard').flatMap(([name, node]) => {
    if (node.peek('route-allowed-ips') !== 'true' || node.at('disable')) return []
    const prefixes = node.children('peer').flatMap(([, peer]) => peer.children('allowed-ips'))
    return prefixes.flatMap(([text, { line }]) =>
      text.split(',').flatMap((one): DeviceRoute[] => {
        const prefix = Prefix.tryParse(one.trim())
        const to: NextHop = { kind: 'interface', interface: name }
        return prefix ? [{ line, table: 'main', prefix, to, distance: usualDistance }] : []
      }),
    )
  })
}
