import { Address, type GatewayPolicy, ownPrefix, Prefix } from '@natplan/core'
import { ConfigNode } from './config-tree.ts'
import type { VyattaDialect } from './dialect.ts'
import { ownFilters } from './own-filters.ts'
import { below, isOwnText, type OwnThing } from './own-thing.ts'
import { tryParsePrefix } from './parse-match.ts'
import { addressText, interfaceKinds } from './routed-view.ts'

/** What natplan sets on a virtual interface; firewalls and the like that stand there too belong to others. */
const interfaceLeaves = [
  ['description'],
  ['address'],
  ['disable'],
  ['peer-name'],
  ['vrf'],
  ['ip', 'tcp-mss', 'limit'],
  ['ip', 'adjust-mss'],
]

export type Planned = Pick<GatewayPolicy, 'interfaces' | 'routes' | 'tunnels'>

/**
 * The one place that says what is natplan's, in a running configuration as in one that it wrote: rules of NAT and of filters, peers and virtual interfaces
 * whose description begins with `natplan: `; groups, keys and peers called `natplan-…`, VRFs called `natplan` and a number; peers that use such
 * a group; routes to such an interface or over such a cable, the one to nowhere for the same prefix, and the one to the peer of a second tunnel; answers to ARP for the address of such a route. A virtual interface of the plan's name and
 * address is natplan's whatever its description. Everything else is of others; settings that tunnels share (segment size, IPsec interface) are set
 * where they differ and never deleted.
 */
export function ownThings(root: ConfigNode, dialect: VyattaDialect, planned: Planned): OwnThing[] {
  const interfaces = ownInterfaces(root, planned)
  const names = new Set([...interfaces.map(({ name }) => name), ...missingInterfaces(root, planned)])
  return [
    ...interfaces.map(({ name, path }): OwnThing => ({ kind: 'interface', name, path, leaves: interfaceLeaves })),
    ...ownClamps(root, names),
    ...ownVrfs(root),
    ...namedThings(root, dialect),
    ...ownPeers(root, dialect),
    ...ownRules(root, dialect),
    ...ownFilters(root),
    ...ownRoutes(root, {
      names,
      hops: ownHops(interfaces, planned),
      uplinked: uplinkRoutes(root, dialect, planned),
      planned,
    }),
  ]
}

interface OwnInterface {
  readonly name: string
  readonly path: readonly string[]
  readonly node: ConfigNode
}

function ownInterfaces(root: ConfigNode, planned: Planned): OwnInterface[] {
  const isPlanned = (name: string, node: ConfigNode) =>
    planned.interfaces.some(
      ({ name: own, address }) => own === name && address && addressText(address) === node.peek('address'),
    )
  return Object.values(interfaceKinds).flatMap((kind) =>
    below(root, ['interfaces', kind])
      .filter(([name, node]) => isOwnText(node.peek('description')) || isPlanned(name, node))
      .map(([name, node]) => ({ name, path: ['interfaces', kind, name], node })),
  )
}

/** Routes may point at an interface that somebody deleted. */
function missingInterfaces(root: ConfigNode, planned: Planned): string[] {
  return planned.interfaces
    .filter(({ kind, name }) => !root.at('interfaces', interfaceKinds[kind], name))
    .map(({ name }) => name)
}

/** VyOS 1.3 has the MSS clamp of an interface elsewhere. */
function ownClamps(root: ConfigNode, names: ReadonlySet<string>): OwnThing[] {
  const path = ['firewall', 'options', 'interface']
  return below(root, path)
    .filter(([name]) => names.has(name))
    .map(
      ([name]): OwnThing => ({
        kind: 'interface',
        name: [...path, name].join(' '),
        path: [...path, name],
        leaves: [['adjust-mss']],
      }),
    )
}

function ownVrfs(root: ConfigNode): OwnThing[] {
  const path = ['vrf', 'name']
  return below(root, path)
    .filter(([name]) => /^natplan\d+$/.test(name))
    .map(([name]): OwnThing => ({ kind: 'vrf', name, path: [...path, name] }))
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

interface OwnWays {
  readonly names: ReadonlySet<string>
  readonly hops: readonly Prefix[]
  /** Single addresses that a route over an uplink leads to. */
  readonly uplinked: ReadonlySet<string>
  readonly planned: Planned
}

/** What next hops over natplan's cables lie in. */
function ownHops(interfaces: readonly OwnInterface[], planned: Planned): Prefix[] {
  const cables = interfaces
    .filter(({ path }) => path[1] === interfaceKinds.cable)
    .flatMap(({ node }) => node.children('address').flatMap(([text]) => tryParsePrefix(text) ?? []))
  const wanted = planned.interfaces.flatMap(({ kind, address }) =>
    kind === 'cable' && address ? [address.network] : [],
  )
  return [...cables, ...wanted]
}

/** The peers of second tunnels, which packets reach over an uplink: those of the plan, and those that were planned once. */
function uplinkRoutes(root: ConfigNode, { vpnRoot }: VyattaDialect, { tunnels, routes }: Planned): Set<string> {
  const planned = routes.flatMap(({ prefix, to }) => (to.kind === 'via' && isSingle(prefix) ? [String(prefix)] : []))
  const isOfSite = (name: string) => tunnels.some(({ peer, site }) => peer === name && site === name)
  const named = below(root, [...vpnRoot, 'site-to-site', 'peer']).flatMap(([key, node]) => {
    const [, name] = /^natplan: \S+ to (\S+)$/.exec(node.peek('description') ?? '') ?? []
    const address = Address.tryParse(node.peek('remote-address') ?? key)
    return name === undefined || !address ? [] : [{ name, prefix: String(Prefix.of(address)) }]
  })
  const isSecond = ({ name, prefix }: (typeof named)[number]) =>
    !isOfSite(name) && named.some((other) => name.startsWith(`${other.name}-`) && other.prefix !== prefix)
  return new Set([...planned, ...named.filter(isSecond).map(({ prefix }) => prefix)])
}

function isSingle({ bits, lastBits }: Prefix): boolean {
  return bits === lastBits
}

function ownRoutes(root: ConfigNode, ways: OwnWays): OwnThing[] {
  return ['', '6'].flatMap((family) => {
    const into = ['interface-route', 'route'].flatMap((list) => routesInto(root, `${list}${family}`, ways))
    const prefixes = new Set([...into.map(({ name }) => name), ...plannedNowhere(root, `route${family}`, ways)])
    const path = ['protocols', 'static', `route${family}`]
    const nowhere = below(root, path)
      .filter(([prefix, node]) => prefixes.has(prefix) && node.at('blackhole'))
      .map(([prefix]): OwnThing => ({ kind: 'route', name: prefix, path: [...path, prefix, 'blackhole'] }))
    const marked = below(root, path)
      .filter(([, node]) => isOwnText(node.peek('description')))
      .map(([prefix]): OwnThing => ({ kind: 'route', name: prefix, path: [...path, prefix] }))
    const all = [...into, ...nowhere, ...marked]
    return [...all, ...ownProxies(root, new Set(all.map(({ name }) => name)))]
  })
}

/** Answers for an address whose route is natplan's. */
function ownProxies(root: ConfigNode, routed: ReadonlySet<string>): OwnThing[] {
  const path = ['protocols', 'static', 'neighbor-proxy', 'arp']
  return below(root, path)
    .filter(([address]) => routed.has(`${address}/32`))
    .map(([address]): OwnThing => ({ kind: 'route', name: `neighbor-proxy ${address}`, path: [...path, address] }))
}

function routesInto(root: ConfigNode, list: string, { names, hops, uplinked }: OwnWays): OwnThing[] {
  const path = ['protocols', 'static', list]
  const isOver = (text: string) => {
    const hop = Address.tryParse(text)
    return hop !== undefined && hops.some((network) => network.contains(hop))
  }
  const leaves = [
    { leaf: 'next-hop-interface', isOwn: (target: string) => names.has(target) },
    { leaf: 'interface', isOwn: (target: string) => names.has(target) },
    { leaf: 'next-hop', isOwn: isOver },
  ]
  return below(root, path).flatMap(([prefix, node]) =>
    leaves.flatMap(({ leaf, isOwn }) =>
      below(node, [leaf])
        .filter(([target]) => isOwn(target) || (leaf === 'next-hop' && uplinked.has(prefix)))
        .map(([target]): OwnThing => ({ kind: 'route', name: prefix, path: [...path, prefix, leaf, target] })),
    ),
  )
}

/** The prefixes whose route to nowhere is as planned, also where somebody took the one beside it away. */
function plannedNowhere(root: ConfigNode, list: string, { planned: { routes } }: OwnWays): string[] {
  return routes
    .filter(({ to, vrf }) => to.kind === 'nowhere' && vrf === undefined)
    .filter(({ prefix, distance }) => {
      return (
        root.at('protocols', 'static', list, String(prefix), 'blackhole', 'distance', String(distance)) !== undefined
      )
    })
    .map(({ prefix }) => String(prefix))
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
  const own = new ConfigNode(node.name, node.line)
  const others = new ConfigNode(node.name, node.line)
  for (const [name, child] of node.children()) {
    const mark = marks.at(name)
    if (!mark) others.adopt(child)
    else if (mark.isEmpty) own.adopt(child)
    else {
      const parts = splitNode(child, mark)
      if (!parts.own.isEmpty) own.adopt(parts.own)
      if (!parts.others.isEmpty) others.adopt(parts.others)
    }
  }
  return { own, others }
}
