import {
  type DeviceTunnel,
  type Doubt,
  type EspOffer,
  type Finding,
  findingOf,
  inConfig,
  type Start,
  type TunnelChild,
} from '@natplan/core'
import { withKey } from '../key-ring.ts'
import type { Secret } from '../secret.ts'
import { withoutSecrets } from '../shown-line.ts'
import type { ConfigNode } from './config-tree.ts'
import type { VyattaDialect } from './dialect.ts'
import { isOpenPeer } from './peer-key.ts'
import { type Peer, peerNames, peersInForce } from './peer-names.ts'
import { authenticationOf, certificatesOf } from './read-authentication.ts'
import { childrenOf, tunnelsIn } from './read-children.ts'
import { endsOf } from './read-ends.ts'
import { keyFinder } from './read-keys.ts'
import { peekLeaf, readLeaf } from './read-leaf.ts'
import { type EspGroupRead, espGroupOf, type IkeGroupRead, ikeGroupOf } from './read-proposals.ts'
import { refusalOfTunnels } from './refused-tunnels.ts'
import type { UnreadLines } from './unread-lines.ts'

export interface TunnelsRead {
  /** By name. */
  readonly tunnels: readonly DeviceTunnel[]
  readonly keys: ReadonlyMap<string, Secret>
  readonly findings: readonly Finding[]
}

interface TunnelReading {
  readonly vpn: ConfigNode
  readonly dialect: VyattaDialect
  readonly unread: UnreadLines
  readonly refusalOf: (children: readonly TunnelChild[]) => string | undefined
}

interface WrittenPeer {
  readonly key: string
  readonly name: string
  readonly node: ConfigNode
}

/** Every peer that is in force; one that is not wholly understood says why what it carries is not known. */
export function readTunnels(
  root: ConfigNode,
  { dialect, unread, isWhole }: Pick<TunnelReading, 'dialect' | 'unread'> & { readonly isWhole: boolean },
): TunnelsRead {
  const vpn = root.at(...dialect.vpnRoot)
  if (!vpn) return { tunnels: [], keys: new Map(), findings: [] }
  const peers = peersInForce(vpn)
  const names = peerNames(peers)
  const keyOf = keyFinder(vpn, dialect)
  const refusalOf = isWhole ? refusalOfTunnels(root, dialect) : () => undefined
  const read = peers.map(([key, node]) => {
    const tunnel = tunnelOf(
      { key, name: names.get(key) ?? withoutSecrets(key), node },
      { vpn, dialect, unread, refusalOf },
    )
    return withKey(tunnel, keyOf(tunnel, node))
  })
  markHolders(vpn)
  for (const group of groupsInUse(vpn, peers)) unread.add(group.unread(), { touches: 'tunnels', isPlaced: true })
  markHarmless(vpn)
  unread.add(vpn.unread(), { touches: 'tunnels', isPlaced: false })
  return {
    tunnels: read.map(({ tunnel }) => tunnel).sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)),
    keys: new Map(read.flatMap(({ tunnel, key }) => (key ? [[tunnel.name, key] as const] : []))),
    findings: read.flatMap(({ tunnel }) => incomplete(tunnel)),
  }
}

/**
 * strongSwan makes a route for the remote prefix of a child unless it belongs to an interface by its number (kernel-netlink), which VyOS
 * does from 1.4 on; 1.3 marks packets, and a route for everything in table 220 comes before those into the virtual interface.
 */
function detourOf(children: readonly TunnelChild[], vpn: ConfigNode, { platform }: VyattaDialect): string | undefined {
  if (platform !== 'vyos-1.3' || vpn.at('options', 'disable-route-autoinstall')) return undefined
  const bound = children.find(({ through, remote }) => through?.kind === 'route' && remote.length === 0)?.through
  return bound
    ? `without "options disable-route-autoinstall" the IKE daemon's own route for ${everything} comes before those into ${bound.interface}`
    : undefined
}

const everything = '0.0.0.0/0'

function incomplete({ name, doubt, line }: DeviceTunnel): Finding[] {
  if (!doubt) return []
  const message = `what the tunnel to ${name} carries is not known: ${doubt.what}`
  return [findingOf('CONFIG_TUNNEL_INCOMPLETE', inConfig(doubt.line ?? line), { message })]
}

function tunnelOf({ key, name, node }: WrittenPeer, { vpn, dialect, unread, refusalOf }: TunnelReading): DeviceTunnel {
  markPeer(node)
  const authentication = authenticationOf(node, vpn, dialect)
  const { local, remote } = endsOf(key, node, { dialect, isNamedByKey: authentication === 'key' })
  const ike = ikeGroupOf(vpn.at('ike-group', readLeaf(node, 'ike-group') ?? ''), dialect)
  const esp = espGroupsOf(node, vpn, { ike, dialect })
  const start = startOf(key, node, dialect)
  const { children, lacks } = childrenOf(node, {
    dialect,
    versions: ike.versions,
    start: start ?? 'respond',
    local: local.address,
    remote: remote.address,
    modeOf: (group) => esp.of(group).mode,
  })
  const forceNatTraversal = isForcingNatTraversal(node)
  const reason = lacks ?? esp.lacks ?? ike.lacks ?? detourOf(children, vpn, dialect) ?? refusalOf(children)
  const lines = node.unread()
  const doubt: Doubt | undefined =
    unread.add(lines, { touches: 'tunnels', isPlaced: true }) ??
    (reason === undefined ? undefined : { line: node.line, what: reason })
  const certificates = certificatesOf(node, authentication)
  return {
    name,
    local,
    remote,
    versions: ike.versions,
    ike: ike.offers,
    esp: esp.offers,
    isWhole: ike.isWhole && esp.isWhole,
    lifetimes: { ike: ike.lifetime, esp: esp.lifetime },
    deadPeer: ike.deadPeer,
    authentication,
    ...(certificates ? { certificates } : {}),
    keyDigest: undefined,
    start: start ?? 'respond',
    forceNatTraversal,
    ...(ike.mobike === undefined ? {} : { mobike: ike.mobike }),
    children,
    line: node.line,
    ...(doubt ? { doubt } : {}),
  }
}

/** Nodes of a peer and of its tunnels that hold others and say nothing by being there. */
const holders = [[], ['authentication'], ['vti'], ['tunnel'], ['local'], ['remote']] as const

/** What a peer may have that says nothing about what it carries or whether it comes up. */
function markPeer(node: ConfigNode): void {
  for (const holder of holders) node.at(...holder)?.markRead()
  for (const [, tunnel] of tunnelsIn(node)) for (const holder of holders) tunnel.at(...holder)?.markRead()
  for (const leaf of ['description', 'ikev2-reauth', 'replay-window', 'childless']) node.at(leaf)?.markAllRead()
}

interface EspGroups {
  readonly of: (group: string | undefined) => EspGroupRead
  readonly offers: readonly EspOffer[]
  readonly isWhole: boolean
  readonly lifetime: number
  readonly lacks: string | undefined
}

/** The groups of a peer and of its tunnels. Where they differ, one offer stands for tunnels that do not make it, so nothing is known. */
function espGroupsOf(
  node: ConfigNode,
  vpn: ConfigNode,
  reading: { readonly ike: IkeGroupRead; readonly dialect: VyattaDialect },
): EspGroups {
  const shared = readLeaf(node, 'default-esp-group')
  const of = (group: string | undefined) => espGroupOf(vpn.at('esp-group', group ?? shared ?? ''), reading)
  const bound = readLeaf(node, 'vti', 'esp-group')
  const written = tunnelsIn(node).map(([, tunnel]) => tunnel.peek('esp-group'))
  const groups = (written.length > 0 ? written : [bound]).map(of)
  const offers = distinct(groups.flatMap((group) => group.offers))
  const isSame = groups.every((group) => JSON.stringify(group.offers) === JSON.stringify(groups[0]?.offers))
  return {
    of,
    offers,
    isWhole: groups.every(({ isWhole }) => isWhole),
    lifetime: groups[0]?.lifetime ?? 0,
    lacks: isSame ? undefined : 'its tunnels have ESP groups that differ',
  }
}

function distinct<T>(things: readonly T[]): T[] {
  return [...new Map(things.map((thing) => [JSON.stringify(thing), thing])).values()]
}

/** The name of the trap changed between releases. */
const trapWords = ['respond', 'trap']

/**
 * `undefined` for a word that is not known, whose line stays unread. A peer that may be anywhere is only answered, and so is one behind a
 * virtual interface that waits for a packet: the device takes the interface down with its tunnel, and nothing is routed there before.
 */
function startOf(key: string, node: ConfigNode, dialect: VyattaDialect): Start | undefined {
  const { starts } = dialect
  const word = peekLeaf(node, 'connection-type') ?? 'initiate'
  const known = (Object.keys(starts) as Start[]).find((start) => starts[start] === word)
  const start = known ?? (starts.trap !== undefined && trapWords.includes(word) ? 'trap' : undefined)
  if (start) readLeaf(node, 'connection-type')
  const isIdle = isOpenPeer(key, dialect) || (start === 'trap' && isBound(node))
  return start && isIdle ? 'respond' : start
}

function isBound(peer: ConfigNode): boolean {
  const vti = peer.at('vti')
  return vti?.peek('bind') !== undefined && !vti.at('disable')
}

function isForcingNatTraversal(node: ConfigNode): boolean {
  const older = readLeaf(node, 'force-encapsulation')
  return older === 'enable' || node.flag('force-udp-encapsulation')
}

function markHolders(vpn: ConfigNode): void {
  for (const path of [[], ['site-to-site'], ['site-to-site', 'peer'], ['options']]) vpn.at(...path)?.markRead()
}

/** What of a group in use is not understood makes its offers incomplete, no more. */
function groupsInUse(vpn: ConfigNode, peers: readonly Peer[]): ConfigNode[] {
  const names = (node: ConfigNode) => [
    node.peek('ike-group'),
    node.peek('default-esp-group'),
    node.peek('vti', 'esp-group'),
    ...tunnelsIn(node).map(([, tunnel]) => tunnel.peek('esp-group')),
  ]
  const used = new Set(peers.flatMap(([, node]) => names(node)))
  return ['ike-group', 'esp-group'].flatMap((kind) =>
    vpn.children(kind).flatMap(([name, group]) => (used.has(name) ? [group] : [])),
  )
}

/**
 * Settings of the whole IPsec tree that change nothing about what a tunnel carries, and what only serves hosts on the road or the
 * spokes of GRE.
 */
function markHarmless(vpn: ConfigNode): void {
  for (const path of harmless) vpn.at(...path)?.markAllRead()
  for (const kind of ['ike-group', 'esp-group']) vpn.at(kind)?.markAllRead()
  for (const [, node] of vpn.children('site-to-site', 'peer')) node.markAllRead()
}

const harmless = [
  ['interface'],
  ['ipsec-interfaces'],
  ['authentication'],
  ['auto-firewall-nat-exclude'],
  ['auto-update'],
  ['allow-access-to-local-interface'],
  ['include-ipsec-conf-disabled'],
  ['options', 'disable-route-autoinstall'],
  ['options', 'flexvpn'],
  ['options', 'interface'],
  ['options', 'virtual-ip'],
  ['nat-traversal'],
  ['nat-networks'],
  ['logging'],
  ['log'],
  ['disable-uniqreqids'],
  ['global-config'],
  ['profile'],
  ['remote-access'],
  ['remote-access-server'],
] as const
