import {
  Address,
  type DeviceInterface,
  type InterfaceAddress,
  type InterfaceKind,
  Prefix,
  wordTable,
} from '@natplan/core'
import type { ConfigNode } from './config-tree.ts'
import { tryParsePrefix } from './parse-match.ts'

/** An interface with the node that says what it has. */
export interface InterfaceNode {
  readonly name: string
  /** As the tree calls it: `ethernet`, `vti`; VLANs have that of their port. */
  readonly kind: string
  readonly node: ConfigNode
  /** What switches it off: its own `disable`, or that of its port. */
  readonly off?: ConfigNode
}

/** Kinds that are not like a port with neighbours. */
export const interfaceKinds: Readonly<Record<string, InterfaceKind>> = wordTable({
  loopback: 'loopback',
  dummy: 'loopback',
  vti: 'virtual',
  'virtual-feature-point': 'virtual',
  tunnel: 'far',
  openvpn: 'far',
  wireguard: 'far',
  vxlan: 'far',
  geneve: 'far',
  l2tpv3: 'far',
  erspan: 'far',
  sstpc: 'far',
  'virtual-ethernet': 'far',
  'l2tp-client': 'far',
  'pptp-client': 'far',
  'ipv6-tunnel': 'far',
})

/** `interfaces dataplane dp0s3 vif 100` for dp0s3.100. */
export function pathOfInterface({ kind, name }: Pick<InterfaceNode, 'kind' | 'name'>): string[] {
  const [port = '', ...vlans] = name.split('.')
  return ['interfaces', kind, port, ...vlans.flatMap((vlan) => ['vif', vlan])]
}

/** Below an interface, and below a VLAN where there is one within another. */
const vlanLists = ['vif', 'vif-s', 'vif-c'] as const

/** All interfaces that are in use; a VLAN is called `eth1.100`, a PPPoE session below its port `pppoe0`. */
export function interfaceNodes(root: ConfigNode): InterfaceNode[] {
  return writtenInterfaces(root).filter(({ off }) => !off)
}

/** The interfaces that are switched off, and bridges, bonds and switches whose members all are. */
export function interfacesOff(root: ConfigNode): (InterfaceNode & { readonly off: ConfigNode })[] {
  return writtenInterfaces(root).flatMap(({ off, ...one }) => (off ? [{ ...one, off }] : []))
}

/** All that stand in a configuration, also those that are switched off. */
export function writtenInterfaces(root: ConfigNode): InterfaceNode[] {
  const ports = root
    .children('interfaces')
    .flatMap(([kind, list]) => list.children().map(([name, node]) => ({ name, kind, node })))
  const offs = new Map(
    ports.flatMap(({ name, node }) => {
      const off = node.at('disable')
      return off ? [[name, off] as const] : []
    }),
  )
  return ports.flatMap((port) => {
    const off = offOfMembers(port.node, offs)
    return withVlans(off ? { ...port, off } : port)
  })
}

function offOfMembers(node: ConfigNode, offs: ReadonlyMap<string, ConfigNode>): ConfigNode | undefined {
  const lists = ['member', 'switch-port'].flatMap((list) => node.children(list, 'interface'))
  const members = lists.map(([name]) => offs.get(name))
  return members.every((off) => off !== undefined) ? members[0] : undefined
}

function withVlans({ name, kind, node, off: portsOff }: InterfaceNode): InterfaceNode[] {
  const disable = portsOff ?? node.at('disable')
  const off = disable ? { off: disable } : {}
  const below = (list: string, join: string, kindBelow: string) =>
    node
      .children(list)
      .flatMap(([number, vlan]) => withVlans({ name: `${join}${number}`, kind: kindBelow, node: vlan, ...off }))
  return [
    { name, kind, node, ...off },
    ...vlanLists.flatMap((list) => below(list, `${name}.`, kind)),
    ...below('pppoe', 'pppoe', 'pppoe'),
  ]
}

/** The interfaces of a device with the addresses that it has, also those that it shares with others. */
export function devicesInterfaces(root: ConfigNode, nodes: readonly InterfaceNode[]): DeviceInterface[] {
  return [...interfacesOf(root, nodes), ...containerNetworks(root)]
}

export function interfacesOf(root: ConfigNode, nodes: readonly InterfaceNode[]): DeviceInterface[] {
  const shared = sharedAddresses(root)
  const tables = interfaceTables(root)
  const pairs = pairsOf(root, nodes)
  return nodes.map(({ name, kind, node }): DeviceInterface => {
    const table = tables.get(name) ?? tableOfVrf(root, node.peek('vrf'))
    const joins = pairs.get(name)
    return {
      name,
      kind: interfaceKinds[kind] ?? 'physical',
      addresses: [...ownAddresses(kind, node), ...(shared.get(name) ?? [])],
      table,
      ...vrfOf(node, table),
      ...(joins === undefined ? {} : { joins }),
      line: node.line,
    }
  })
}

/** VyOS tracks connections of each VRF in a zone of its own (`vrf_zones` of vyos-1x). */
function vrfOf(node: ConfigNode, zone: string): Pick<DeviceInterface, 'vrf' | 'zone'> {
  const vrf = node.peek('vrf')
  return vrf === undefined ? {} : { vrf, zone }
}

/** Pairs of virtual Ethernet both of whose ends are here and name each other; a part of a bridge is none. */
function pairsOf(root: ConfigNode, nodes: readonly InterfaceNode[]): ReadonlyMap<string, string> {
  const bridged = new Set(
    root
      .children('interfaces', 'bridge')
      .flatMap(([, node]) => node.children('member', 'interface').map(([name]) => name)),
  )
  const ends = nodes.filter(
    ({ kind, name, node }) => kind === pairKind && !name.includes('.') && !node.at('netns') && !bridged.has(name),
  )
  const named = new Map(ends.map(({ name, node }) => [name, node.peek('peer-name') ?? '']))
  return new Map([...named].filter(([name, peer]) => peer !== name && named.get(peer) === name))
}

const pairKind = 'virtual-ethernet'

/** Networks of containers are bridges of the gateway's own. */
function containerNetworks(root: ConfigNode): DeviceInterface[] {
  return root.children('container', 'network').map(([name, node]) => ({
    name: `pod-${name}`,
    kind: 'physical',
    addresses: node.children('prefix').flatMap(([text, { line }]) => firstHostOf(text, line)),
    table: tableOfVrf(root, node.peek('vrf')),
    line: node.line,
  }))
}

function firstHostOf(text: string, line: number | undefined): InterfaceAddress[] {
  const network = Prefix.tryParse(text)
  return network && network.bits !== network.lastBits
    ? [{ kind: 'known', address: network.at(network.family === 4 ? 1 : 1n), network, line }]
    : []
}

function ownAddresses(kind: string, node: ConfigNode): InterfaceAddress[] {
  const groups = node.children('vrrp', 'vrrp-group').map(([, group]) => group)
  const written = [
    ...addressesOf(node, 'address'),
    ...groups.filter((group) => !group.at('disable')).flatMap((group) => addressesOf(group, 'virtual-address')),
    ...(kind === 'openvpn' ? openVpnAddresses(node) : []),
  ]
  const isDialled = ['pppoe', 'wwan', 'wirelessmodem', 'sstpc', 'l2tp-client', 'pptp-client'].includes(kind)
  return isDialled && written.length === 0 ? [{ kind: 'dynamic', line: node.line }] : written
}

/** `dhcp`, and what is no address: some address that is not known. */
function addressesOf(node: ConfigNode, leaf: string): InterfaceAddress[] {
  return node.children(leaf).flatMap(([text, { line }]): InterfaceAddress[] => {
    if (ofIpv6.includes(text)) return []
    const address = Address.tryParse(text.split('/', 1)[0] ?? '')
    const network = tryParsePrefix(text)
    return address && network ? [{ kind: 'known', address, network, line }] : [{ kind: 'dynamic', line }]
  })
}

/** Ways to get an IPv6 address. */
const ofIpv6 = ['dhcpv6', 'autoconf', 'slaac', 'ra']

/** The server has the first address of its clients' network; two ends name each other's address. */
function openVpnAddresses(node: ConfigNode): InterfaceAddress[] {
  const servers = node.children('server', 'subnet').flatMap(([text, { line }]) => firstHostOf(text, line))
  return [...addressesOf(node, 'local-address'), ...servers]
}

/** Addresses of redundant pairs that stand outside `interfaces`. */
function sharedAddresses(root: ConfigNode): Map<string, InterfaceAddress[]> {
  const found = new Map<string, InterfaceAddress[]>()
  for (const [, group] of root.children('high-availability', 'vrrp', 'group')) {
    if (group.at('disable')) continue
    const name = group.peek('interface') ?? ''
    const own = ['address', 'virtual-address'].flatMap((leaf) => addressesOf(group, leaf))
    found.set(name, [...(found.get(name) ?? []), ...own])
  }
  for (const [name, address] of clusterAddresses(root)) found.set(name, [...(found.get(name) ?? []), address])
  return found
}

/** Vyatta Core's `cluster group`: a service that is an address, `203.0.113.5/24/eth0`. */
function clusterAddresses(root: ConfigNode): [string, InterfaceAddress][] {
  const groups = root.children('cluster', 'group').map(([, group]) => group)
  return groups
    .flatMap((group) => group.children('service'))
    .flatMap(([text, { line }]) => {
      const [host = '', length = '', name = ''] = text.split('/')
      const address = Address.tryParse(host)
      const network = tryParsePrefix(`${host}/${length}`)
      return address && network && name !== '' ? [[name, { kind: 'known', address, network, line }]] : []
    })
}

/** The 5600 lists interfaces below the routing instance that has them. */
function interfaceTables(root: ConfigNode): Map<string, string> {
  const instances = root.children('routing', 'routing-instance')
  return new Map(
    instances.flatMap(([instance, node]) =>
      node.children('interface').map(([name]): [string, string] => [name, instanceTable(instance)]),
    ),
  )
}

/** The table of a 5600's routing instance. */
export function instanceTable(instance: string): string {
  return instance === 'default' ? 'main' : `routing-instance ${instance}`
}

/** A VRF of VyOS is a table with a number, which other rules may name too. */
export function tableOfVrf(root: ConfigNode, vrf: string | undefined): string {
  if (vrf === undefined || vrf === 'default') return 'main'
  const number = root.peek('vrf', 'name', vrf, 'table')
  return number === undefined ? `vrf ${vrf}` : tableName(number)
}

/** `main` is 254 (rt_tables). */
export function tableName(text: string): string {
  return text === '254' ? 'main' : text
}
