import { type GatewayPolicy, ownDescription } from '@natplan/core'
import type { OwnKind } from '../difference.ts'
import { ConfigNode } from './config-tree.ts'
import { ownPrefix, type VyattaDialect } from './dialect.ts'
import { pathOfInterface, writtenInterfaces } from './read-interfaces.ts'

/**
 * One thing on a device that natplan made, or would make: a subtree that is compared, set and deleted as a whole, but for the leaves of
 * others where `leaves` says which are natplan's.
 */
export interface OwnThing {
  readonly kind: Exclude<OwnKind, 'setting' | 'file'>
  readonly name: string
  readonly path: readonly string[]
  readonly leaves?: readonly (readonly string[])[]
}

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
    ...ownFilterSets(root),
    ...ownFilterRules(root),
    ...ownBindings(root),
    ...ownZones(root),
    ...ownRoutes(root, new Set([...interfaces, ...missingInterfaces(root, planned)])),
  ]
}

function ownInterfaces(root: ConfigNode, planned: Planned): string[] {
  const isPlanned = (name: string, node: ConfigNode) =>
    planned.interfaces.some((one) => one.name === name && one.address?.toString() === node.peek('address'))
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

/** Lists of named sets of filter rules. */
const setLists = [
  ...[['name'], ['ipv6-name'], ['ipv4', 'name'], ['ipv6', 'name']].map((list) => ['firewall', ...list]),
  ['security', 'firewall', 'name'],
]

/** Groups that rules of filters name. */
const filterGroups = [
  ...['address-group', 'network-group', 'ipv6-address-group', 'ipv6-network-group'].map((kind) => [
    'firewall',
    'group',
    kind,
  ]),
  ['resources', 'group', 'address-group'],
]

/** What natplan calls them; another name is somebody else's, whatever it begins with. */
const groupNames = ['peers', 'own', 'own-translated', 'gateways'].map((name) => `${ownPrefix}${name}`)

function ownFilterSets(root: ConfigNode): OwnThing[] {
  const named = (lists: readonly (readonly string[])[], isNamed: (name: string) => boolean) =>
    lists.flatMap((list) =>
      below(root, list)
        .filter(([name]) => isNamed(name))
        .map(([name]): OwnThing => ({ kind: 'group', name: [...list, name].join(' '), path: [...list, name] })),
    )
  return [
    ...named(setLists, (name) => name.startsWith(ownPrefix)),
    ...named(filterGroups, (name) => groupNames.includes(name)),
  ]
}

/** Where zones and interfaces name such sets. */
function ownBindings(root: ConfigNode): OwnThing[] {
  return bindings(root).flatMap((binding) =>
    below(root, binding)
      .filter(([name]) => name.startsWith(ownPrefix))
      .map(([name]): OwnThing => ({ kind: 'rule', name: binding.join(' '), path: [...binding, name] })),
  )
}

/** Of the 5600, for interfaces of tunnels that were in none. */
function ownZones(root: ConfigNode): OwnThing[] {
  const path = ['security', 'zone-policy', 'zone']
  return below(root, path)
    .filter(([name]) => name.startsWith(ownPrefix))
    .map(([name]): OwnThing => ({ kind: 'rule', name: [...path, name].join(' '), path: [...path, name] }))
}

function bindings(root: ConfigNode): string[][] {
  const pairs = (path: readonly string[], word: string) =>
    below(root, path)
      .filter(([zone]) => !zone.startsWith(ownPrefix))
      .flatMap(([zone]) =>
        below(root, [...path, zone, word]).map(([other]) => [...path, zone, word, other, 'firewall']),
      )
  const older = [
    ['firewall', 'zone'],
    ['zone-policy', 'zone'],
  ].flatMap((path) => pairs(path, 'from'))
  return [
    ...older.flatMap((path) => ['name', 'ipv6-name'].map((leaf) => [...path, leaf])),
    ...pairs(['security', 'zone-policy', 'zone'], 'to'),
    ...writtenInterfaces(root).flatMap((one) => ['in', 'out'].map((way) => [...pathOfInterface(one), 'firewall', way])),
  ]
}

/** Rules of named sets, and of the chains of VyOS 1.4 and later. */
function ownFilterRules(root: ConfigNode): OwnThing[] {
  const named = setLists.flatMap((list) =>
    below(root, list)
      .filter(([name]) => !name.startsWith(ownPrefix))
      .map(([name]) => [...list, name]),
  )
  const chains = [['ipv4'], ['ipv6']].flatMap((family) =>
    ['forward', 'input', 'output', 'prerouting'].flatMap((hook) =>
      below(root, ['firewall', ...family, hook]).map(([chain]) => ['firewall', ...family, hook, chain]),
    ),
  )
  return [...named, ...chains].flatMap((set) =>
    below(root, [...set, 'rule'])
      .filter(([, node]) => isOwnText(node.peek('description')))
      .map(
        ([number]): OwnThing => ({
          kind: 'rule',
          name: [...set, number].join(' '),
          path: [...set, 'rule', number],
        }),
      ),
  )
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

function isOwnText(description: string | undefined): boolean {
  return description?.startsWith(ownDescription) ?? false
}

export function below(root: ConfigNode, path: readonly string[]): [string, ConfigNode][] {
  return root.children(...path)
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
