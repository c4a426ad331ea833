import { type NamedAddress, type PacketMatch, Prefix, RangeSet, type Start, type TunnelChild } from '@natplan/core'
import type { ConfigNode } from './config-tree.ts'
import type { VyattaDialect } from './dialect.ts'
import { tryParsePrefix } from './parse-match.ts'
import { readLeaf } from './read-leaf.ts'
import { tryParsePortSet, tryParseProtocols } from './read-values.ts'

/** What of a peer its children depend on. */
export interface ChildReading {
  readonly dialect: VyattaDialect
  /** Of IKE. */
  readonly versions: readonly (1 | 2)[]
  readonly start: Start
  readonly local: NamedAddress
  readonly remote: NamedAddress
  /** By the name of a group; that of the peer for `undefined`. */
  readonly modeOf: (group: string | undefined) => 'tunnel' | 'transport'
}

/** What came of the children: a reason when one of them is not known. */
export interface ChildrenRead {
  readonly children: readonly TunnelChild[]
  readonly lacks: string | undefined
}

/** The children of a peer, in the order of their numbers: each local prefix with each remote one of its family. */
export function childrenOf(peer: ConfigNode, reading: ChildReading): ChildrenRead {
  const vti = peer.at('vti')
  const bound = vti?.at('disable') ? undefined : readLeaf(vti, 'bind')
  const written = tunnelsIn(peer)
  const read = written.map(([number, node]) => tunnelChildren(number, node, { ...reading, bound }))
  const children = read.flatMap((one) => one.children)
  const lacks = read.find((one) => one.lacks !== undefined)?.lacks
  if (bound === undefined) {
    return {
      children,
      lacks: lacks ?? (written.length === 0 ? 'it has no tunnel and no virtual interface' : undefined),
    }
  }
  const both = 'it has tunnels as well as a virtual interface, which the device refuses'
  if (written.length > 0) return { children, lacks: lacks ?? (reading.dialect.peerKey === 'name' ? undefined : both) }
  return { children: vti ? boundChildren(vti, bound, reading) : [], lacks: undefined }
}

/** Those in force, by number. */
export function tunnelsIn(peer: ConfigNode): [string, ConfigNode][] {
  return peer
    .children('tunnel')
    .filter(([, node]) => {
      if (node.at('disable')) node.markAllRead()
      return !node.at('disable')
    })
    .sort(([a], [b]) => Number(a) - Number(b))
}

const everywhere = ['0.0.0.0/0', '::/0'].map((text) => Prefix.parse(text))

/** IPv6 too from VyOS 1.4 on; a child of IKEv1 has one pair of prefixes only, and takes the first that is written. */
function everywhereOn({ dialect, versions }: Pick<ChildReading, 'dialect' | 'versions'>): readonly Prefix[] {
  return dialect.peerKey === 'name' && versions.includes(2) ? everywhere : everywhere.slice(0, 1)
}

/** What a virtual interface takes: everything, or what newer releases let one write. */
function boundChildren(vti: ConfigNode, bound: string, reading: ChildReading): TunnelChild[] {
  const { start } = reading
  const side = (name: string) =>
    prefixesOf(vti.at('traffic-selector', name), 'prefix', reading) ?? everywhereOn(reading)
  return pairsOf(side('local'), side('remote')).map((pair) => ({
    name: bound,
    number: undefined,
    kind: 'protect',
    ...pair,
    through: { kind: 'route', interface: bound },
    priority: undefined,
    start,
    line: vti.line,
  }))
}

function tunnelChildren(
  text: string,
  node: ConfigNode,
  reading: ChildReading & { readonly bound: string | undefined },
): ChildrenRead {
  node.at('description')?.markAllRead()
  for (const leaf of ['allow-nat-networks', 'allow-public-networks']) {
    if (node.peek(leaf) === 'disable') readLeaf(node, leaf)
  }
  const isTransport = reading.modeOf(readLeaf(node, 'esp-group')) === 'transport'
  if (isTransport) for (const side of ['local', 'remote']) node.at(side, 'prefix')?.markAllRead()
  const locals = isTransport ? addressOf(reading.local) : sideOf(node, 'local', reading)
  const remotes = isTransport ? addressOf(reading.remote) : sideOf(node, 'remote', reading)
  if (isTransport && (!locals || !remotes)) {
    node.markAllRead()
    return { children: [], lacks: undefined }
  }
  if (!locals || !remotes) return { children: [], lacks: `tunnel ${text} has no ${locals ? 'remote' : 'local'} prefix` }
  const children = childrenFor(text, node, { pairs: pairsOf(locals, remotes), ...reading })
  const added = isTransport ? [] : passChildren(text, node, children, reading)
  return { children: [...children, ...added], lacks: isTransport ? undefined : hostBitsOf(text, node, reading) }
}

/** From VyOS 1.4 on a prefix with host bits is refused (vpn_ipsec.py, `ip_network`). */
function hostBitsOf(text: string, node: ConfigNode, { dialect }: ChildReading): string | undefined {
  if (dialect.peerKey !== 'name') return undefined
  const written = ['local', 'remote'].flatMap((side) => node.children(side, 'prefix').map(([prefix]) => prefix))
  const refused = written.find((prefix) => tryParsePrefix(prefix) && prefix.includes('/') && !Prefix.tryParse(prefix))
  return refused === undefined ? undefined : `tunnel ${text} has host bits in ${refused}, which the device refuses`
}

function childrenFor(
  text: string,
  node: ConfigNode,
  { pairs, start, bound }: ChildReading & { readonly pairs: readonly Pair[]; readonly bound: string | undefined },
): TunnelChild[] {
  const uses = readLeaf(node, 'uses')
  const number = /^\d{1,9}$/.test(text) ? Number(text) : undefined
  const only = onlyOf(node)
  const priority = priorityOf(node)
  const through =
    bound !== undefined
      ? ({ kind: 'route', interface: bound } as const)
      : uses === undefined
        ? undefined
        : ({ kind: 'feature', interface: uses } as const)
  return pairs.map((pair) => ({
    name: text,
    number,
    kind: 'protect',
    ...pair,
    ...(only ? { only } : {}),
    through,
    priority,
    start,
    line: node.line,
  }))
}

/** Anything but a number stays unread. */
function priorityOf(node: ConfigNode): number | undefined {
  const text = node.peek('priority')
  if (text === undefined || !/^\d{1,9}$/.test(text)) return undefined
  readLeaf(node, 'priority')
  return Number(text)
}

type Pair = Pick<TunnelChild, 'local' | 'remote'>

function pairsOf(locals: readonly Prefix[], remotes: readonly Prefix[]): Pair[] {
  return locals.flatMap((local) =>
    remotes.filter(({ family }) => family === local.family).map((remote) => ({ local, remote })),
  )
}

/** The prefixes of a side; without any the address of that end alone. Releases up to 6.4 say `subnet`. */
function sideOf(node: ConfigNode, side: 'local' | 'remote', reading: ChildReading): readonly Prefix[] | undefined {
  const below = node.at(side)
  for (const leaf of ['prefix', 'subnet']) {
    if (below?.at(leaf)) return prefixesOf(below, leaf, reading)
  }
  const isOpen = node.peek('allow-nat-networks') === 'enable' || node.peek('allow-public-networks') === 'enable'
  return isOpen ? undefined : addressOf(reading[side])
}

function addressOf(end: NamedAddress): readonly Prefix[] | undefined {
  return end.kind === 'known' ? [Prefix.of(end.address)] : undefined
}

/** `undefined` where one of them is not understood; its line stays unread. */
function prefixesOf(
  node: ConfigNode | undefined,
  leaf: string,
  reading: Pick<ChildReading, 'dialect' | 'versions'>,
): readonly Prefix[] | undefined {
  const texts = (node?.children(leaf) ?? []).map(([text]) => text)
  const prefixes = texts.flatMap((text): readonly (Prefix | undefined)[] =>
    text === 'any' ? everywhereOn(reading) : [tryParsePrefix(text)],
  )
  if (texts.length === 0 || !prefixes.every((prefix) => prefix !== undefined)) return undefined
  node?.values(leaf)
  return prefixes
}

/** A tunnel for a protocol or for ports of the two sides. */
function onlyOf(node: ConfigNode): TunnelChild['only'] {
  const protocols = tryParseProtocols(node.peek('protocol') ?? 'all')
  if (protocols !== undefined) readLeaf(node, 'protocol')
  const [sourcePort, destinationPort] = (['local', 'remote'] as const).map((side) => {
    const ports = tryParsePortSet(node.peek(side, 'port') ?? '')
    if (ports) readLeaf(node, side, 'port')
    return ports
  })
  const only: Pick<PacketMatch, 'protocol' | 'sourcePort' | 'destinationPort'> = {
    ...(protocols instanceof RangeSet ? { protocol: protocols } : {}),
    ...(sourcePort ? { sourcePort } : {}),
    ...(destinationPort ? { destinationPort } : {}),
  }
  return Object.keys(only).length > 0 ? only : undefined
}

/**
 * What the platform lets pass beside a tunnel: the local prefix to itself, where it overlaps the remote one (VyOS 1.4, vpn_ipsec.py), or
 * where the remote one contains it (vpn-config.pl before).
 */
function passChildren(
  text: string,
  node: ConfigNode,
  children: readonly TunnelChild[],
  { dialect }: ChildReading,
): TunnelChild[] {
  const isPassing = ({ local, remote }: TunnelChild) =>
    dialect.peerKey === 'name' ? local.overlaps(remote) : remote.contains(local)
  const passing = [...new Set(children.filter(isPassing).map(({ local }) => local))]
  return passing.map((local) => ({
    name: `${text}-passthrough`,
    number: undefined,
    kind: 'pass',
    local,
    remote: local,
    through: undefined,
    priority: undefined,
    start: 'trap',
    line: node.line,
  }))
}
