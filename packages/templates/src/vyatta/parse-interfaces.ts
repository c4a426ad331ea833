import { Address, type Clamp, Prefix, type VirtualInterface } from '@natplan/core'
import type { InterfaceAddress } from '../platform.ts'
import type { ConfigNode } from './config-tree.ts'
import type { VyattaDialect } from './dialect.ts'
import type { Lines } from './lines.ts'
import { tryParsePrefix } from './parse-match.ts'

export function virtualInterfaces(root: ConfigNode, lines: Lines): VirtualInterface[] {
  return [...(root.at('interfaces', 'virtual-feature-point')?.entries() ?? [])].map(([name, node]) => {
    const address = node.value('address')
    return lines.keep({ name, address: address === undefined ? undefined : Prefix.tryParse(address) }, node)
  })
}

interface Named {
  readonly name: string
  readonly node: ConfigNode
}

/** Below an interface, and below a VLAN where there is one within another. */
const vlanLists = ['vif', 'vif-s', 'vif-c'] as const

/** All interfaces that are in use, of every kind; a VLAN is called `eth1.100`, a PPPoE session below its port `pppoe0`. */
export function interfacesOf(root: ConfigNode): Named[] {
  return [...(root.at('interfaces')?.entries() ?? [])].flatMap(([, kind]) =>
    [...kind.entries()].flatMap(([name, node]) => withVlans({ name, node })),
  )
}

function withVlans({ name, node }: Named): Named[] {
  if (node.at('disable')) return []
  const below = (list: string, join: string) =>
    [...(node.at(list)?.entries() ?? [])].flatMap(([number, vlan]) =>
      withVlans({ name: `${join}${number}`, node: vlan }),
    )
  return [{ name, node }, ...vlanLists.flatMap((list) => below(list, `${name}.`)), ...below('pppoe', 'pppoe')]
}

/** The addresses that interfaces have, also those of a redundant pair; one from DHCP is not known. */
export function interfaceAddresses(root: ConfigNode): InterfaceAddress[] {
  const own = interfacesOf(root).flatMap(({ name, node }) => [
    ...addressesOf(name, node, 'address'),
    ...[...(node.at('vrrp', 'vrrp-group')?.entries() ?? [])].flatMap(([, group]) =>
      addressesOf(name, group, 'virtual-address'),
    ),
  ])
  const shared = [...(root.at('high-availability', 'vrrp', 'group')?.entries() ?? [])].flatMap(([, group]) => {
    const name = group.peek('interface')
    const leaves = ['address', 'virtual-address']
    return name === undefined || group.at('disable') ? [] : leaves.flatMap((leaf) => addressesOf(name, group, leaf))
  })
  return [...own, ...shared]
}

function addressesOf(name: string, node: ConfigNode, leaf: string): InterfaceAddress[] {
  return [...(node.at(leaf)?.entries() ?? [])].flatMap(([text]) => {
    const address = Address.tryParse(text.split('/', 1)[0] ?? '')
    const prefix = tryParsePrefix(text)
    return address && prefix ? [{ interface: name, address, prefix }] : []
  })
}

export function clampsOf(
  root: ConfigNode,
  { dialect: { clamp }, lines }: { readonly dialect: VyattaDialect; readonly lines: Lines },
): Clamp[] {
  const found = clamp === undefined ? [] : readers[clamp](root)
  const clamps = found.flatMap(({ interface: target, text, node }) =>
    /^\d{1,5}$/.test(text ?? '') ? [lines.keep({ interface: target, mss: Number(text) }, node)] : [],
  )
  return clamps.sort((a, b) => compareText(a.interface ?? '', b.interface ?? ''))
}

interface WrittenClamp {
  readonly interface: string | undefined
  readonly text: string | undefined
  readonly node: ConfigNode
}

const readers: Record<NonNullable<VyattaDialect['clamp']>, (root: ConfigNode) => WrittenClamp[]> = {
  interface: (root) =>
    interfacesOf(root).flatMap(({ name, node }) => {
      const ip = node.at('ip')
      return ip ? [{ interface: name, text: ip.value('adjust-mss'), node: ip }] : []
    }),
  'firewall-options': (root) =>
    [...(root.at('firewall', 'options', 'interface')?.entries() ?? [])].map(([name, node]) => ({
      interface: name,
      text: node.value('adjust-mss'),
      node,
    })),
  virtual: (root) =>
    [...(root.at('interfaces', 'virtual-feature-point')?.entries() ?? [])].flatMap(([name, node]) => {
      const ip = node.at('ip')
      return ip ? [{ interface: name, text: ip.value('tcp-mss', 'limit'), node: ip }] : []
    }),
  'mss-clamp': (root) => {
    const node = root.at('firewall', 'options', 'mss-clamp')
    return node ? [{ interface: undefined, text: node.value('mss'), node }] : []
  },
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
