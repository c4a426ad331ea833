import type { GatewayPolicy } from '@natplan/core'
import { ConfigNode } from './config-tree.ts'
import { ownPrefix, type VyattaDialect } from './dialect.ts'
import { ownFilters } from './own-filters.ts'
import { below, isOwnText, type OwnThing } from './own-thing.ts'
import { addressText } from './routed-view.ts'

/** What natplan sets on a virtual interface; firewalls and the like that stand there too belong to others. */
const interfaceLeaves = [['description'], ['address'], ['disable'], ['ip', 'tcp-mss', 'limit']]

const virtualInterfaces = ['interfaces', 'virtual-feature-point'] as const

export type Planned = Pick<GatewayPolicy, 'interfaces'>

/**
 * The one place that says what is natplan's, in a running configuration as in one that it wrote: rules of NAT and of filters, peers and virtual interfaces
 * whose description begins with `natplan: `; groups, keys and peers called `natplan-…`; peers that use such a group; routes to such an
 * interface. A virtual interface of the plan's name and address is natplan's whatever its description. Everything else is of others;
 * settings that tunnels share (segment size, IPSec interface) are set where they differ and never deleted.
 */
export function ownThings(root: ConfigNode, dialect: VyattaDialect, planned: Planned): OwnThing[] {
  const interfaces = ownInterfaces(root, planned)
  return [
    ...interfaces.map(
      (name): OwnThing => ({ kind: 'interface', name, path: [...virtualInterfaces, name], leaves: interfaceLeaves }),
    ),
    ...namedThings(root, dialect),
    ...ownPeers(root, dialect),
    ...ownRules(root, dialect),
    ...ownFilters(root),
    ...ownRoutes(root, new Set([...interfaces, ...missingInterfaces(root, planned)])),
  ]
}

function ownInterfaces(root: ConfigNode, planned: Planned): string[] {
  const isPlanned = (name: string, node: ConfigNode) =>
    planned.interfaces.some((one) => one.name === name && addressText(one.address) === node.peek('address'))
  return below(root, virtualInterfaces)
    .filter(([name, node]) => isOwnText(node.peek('description')) || isPlanned(name, node))
    .map(([name]) => name)
}

/** Routes may point at an interface that somebody deleted. */
function missingInterfaces(root: ConfigNode, planned: Planned): string[] {
  return planned.interfaces.map(({ name }) => name).filter((name) => !root.at(...virtualInterfaces, name))
}

function namedThings(root: ConfigNode, { vpnRoot }: VyattaDialect): OwnThing[] {
  const lists = [
    { kind: 'key', what: 'key', list: ['authentication', 'psk'] },
    { kind: 'group', what: 'ESP group', list: ['esp-group'] },
    { kind: 'group', what: 'IKE group', list: ['ike-group'] },
  ] as const
  return lists.flatMap(({ kind, what, list }) => {
    const path = [...vpnRoot, ...list]
    return below(root, path)
      .filter(([name]) => name.startsWith(ownPrefix))
      .map(([name]): OwnThing => ({ kind, name: `${what} ${name}`, path: [...path, name] }))
  })
}

function ownPeers(root: ConfigNode, { vpnRoot }: VyattaDialect): OwnThing[] {
  const path = [...vpnRoot, 'site-to-site', 'peer']
  return below(root, path)
    .filter(
      ([key, node]) =>
        key.startsWith(ownPrefix) ||
        isOwnText(node.peek('description')) ||
        groupsOf(node).some((group) => group.startsWith(ownPrefix)),
    )
    .map(([key]): OwnThing => ({ kind: 'tunnel', name: key, path: [...path, key] }))
}

function groupsOf(peer: ConfigNode): string[] {
  const tunnels = below(peer, ['tunnel']).map(([, tunnel]) => tunnel.peek('esp-group'))
  const names = [peer.peek('ike-group'), peer.peek('default-esp-group'), peer.peek('vti', 'esp-group'), ...tunnels]
  return names.flatMap((name) => name ?? [])
}

function ownRules(root: ConfigNode, { natRoot, natLists }: VyattaDialect): OwnThing[] {
  const lists = natLists === 'one' ? [[]] : [['source'], ['destination']]
  return lists.flatMap((list) => {
    const path = [...natRoot, ...list, 'rule']
    return below(root, path)
      .filter(([, node]) => isOwnText(node.peek('description')))
      .map(([number]): OwnThing => ({ kind: 'rule', name: [...list, number].join(' '), path: [...path, number] }))
  })
}

function ownRoutes(root: ConfigNode, interfaces: ReadonlySet<string>): OwnThing[] {
  return ['interface-route', 'interface-route6'].flatMap((list) => {
    const path = ['protocols', 'static', list]
    return below(root, path).flatMap(([prefix, node]) =>
      below(node, ['next-hop-interface'])
        .filter(([target]) => interfaces.has(target))
        .map(
          ([target]): OwnThing => ({
            kind: 'route',
            name: prefix,
            path: [...path, prefix, 'next-hop-interface', target],
          }),
        ),
    )
  })
}

/** A tree in two: what these things are, and the rest. Nodes are shared with the tree. */
export function splitTree(
  root: ConfigNode,
  things: readonly OwnThing[],
): { readonly own: ConfigNode; readonly others: ConfigNode } {
  const marks = new ConfigNode()
  for (const { path, leaves = [[]] } of things) {
    for (const leaf of leaves) [...path, ...leaf].reduce((node, name) => node.grow(name), marks)
  }
  return splitNode(root, marks)
}

function splitNode(node: ConfigNode, marks: ConfigNode): { readonly own: ConfigNode; readonly others: ConfigNode } {
  const own = new ConfigNode(node.line)
  const others = new ConfigNode(node.line)
  for (const [name, child] of node.entries()) {
    const mark = marks.at(name)
    if (!mark) others.adopt(name, child)
    else if (mark.isEmpty) own.adopt(name, child)
    else {
      const parts = splitNode(child, mark)
      if (!parts.own.isEmpty) own.adopt(name, parts.own)
      if (!parts.others.isEmpty) others.adopt(name, parts.others)
    }
  }
  return { own, others }
}
