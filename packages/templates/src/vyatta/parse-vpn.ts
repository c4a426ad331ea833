import {
  Address,
  type Finding,
  findingOf,
  inConfig,
  type ParsedTunnel,
  type Prefix,
  type Selector,
  type Start,
  type TunnelEnd,
} from '@natplan/core'
import type { Offers } from '../platform.ts'
import type { Secret } from '../secret.ts'
import type { ConfigNode } from './config-tree.ts'
import { ownDescription, ownPrefix, type VyattaDialect } from './dialect.ts'
import type { Lines } from './lines.ts'
import { espGroupOf, type Group, ikeGroupOf } from './parse-groups.ts'
import { keyOf } from './parse-keys.ts'
import { tryParsePrefix } from './parse-match.ts'

export interface Vpn {
  /** By peer. */
  readonly tunnels: readonly ParsedTunnel[]
  readonly keys: ReadonlyMap<string, Secret>
  readonly proposals: ReadonlyMap<string, Offers>
  readonly findings: readonly Finding[]
}

interface Reading {
  readonly vpn: ConfigNode
  readonly dialect: VyattaDialect
  readonly lines: Lines
}

/** The tunnels that natplan can compare; a peer that lacks something is a finding and its lines stay unread. */
export function parseVpn(
  root: ConfigNode,
  { dialect, lines }: { readonly dialect: VyattaDialect; readonly lines: Lines },
): Vpn {
  const vpn = root.at(...dialect.vpnRoot)
  const found = { tunnels: [] as ParsedTunnel[], keys: new Map<string, Secret>(), proposals: new Map<string, Offers>() }
  const findings: Finding[] = []
  if (!vpn) return { ...found, findings }
  const written = [...(vpn.at('site-to-site', 'peer')?.entries() ?? [])]
  const peers = written.filter(([, node]) => isInForce(node))
  for (const [, node] of written) if (!isInForce(node)) node.markAllRead()
  const names = peerNames(peers)
  for (const [key, node] of peers) {
    const { tunnel, offers, lacks } = tunnelOf({ key, name: names.get(key) ?? key, node }, { vpn, dialect, lines })
    if (!tunnel) {
      node.markAllUnread()
      const message = `the peer ${key} cannot be compared: ${lacks}`
      findings.push(findingOf('CONFIG_TUNNEL_INCOMPLETE', inConfig(node.line), { message }))
      continue
    }
    found.tunnels.push(lines.keep(tunnel, node))
    found.proposals.set(tunnel.peer, offers)
    const secret = keyOf(tunnel, { peer: node, vpn, dialect })
    if (secret) found.keys.set(tunnel.peer, secret)
  }
  markShared(vpn, peers)
  found.tunnels.sort((a, b) => (a.peer < b.peer ? -1 : a.peer > b.peer ? 1 : 0))
  return { ...found, findings }
}

/** A peer is switched off as a whole, or with the last of its tunnels. */
function isInForce(node: ConfigNode): boolean {
  const tunnels = [...(node.at('tunnel')?.entries() ?? [])]
  const isIdle = tunnels.length > 0 && tunnels.every(([, tunnel]) => tunnel.at('disable'))
  return !node.at('disable') && (!isIdle || node.at('vti') !== undefined)
}

/**
 * natplan's own peers are called by their group, others as the device calls them. Of several with one group that is the one that
 * natplan described; no two peers have one name.
 */
function peerNames(peers: readonly (readonly [string, ConfigNode])[]): Map<string, string> {
  const keys = new Set(peers.map(([key]) => key))
  const claims = new Map<string, { readonly key: string; readonly isDescribed: boolean }[]>()
  for (const [key, node] of peers) {
    const group = node.peek('ike-group')
    if (!group?.startsWith(ownPrefix)) continue
    const name = group.slice(ownPrefix.length)
    const isDescribed = node.peek('description')?.startsWith(ownDescription) ?? false
    claims.set(name, [...(claims.get(name) ?? []), { key, isDescribed }])
  }
  const names = new Map<string, string>()
  for (const [name, claimants] of claims) {
    const entitled = claimants.length === 1 ? claimants : claimants.filter(({ isDescribed }) => isDescribed)
    const [only, ...others] = entitled
    if (only && others.length === 0 && (!keys.has(name) || only.key === name)) names.set(only.key, name)
  }
  return names
}

/** Settings that say nothing about a tunnel. Keys are never read, and never reported either. */
function markShared(vpn: ConfigNode, peers: readonly (readonly [string, ConfigNode])[]): void {
  for (const path of [
    ['interface'],
    ['ipsec-interfaces'],
    ['authentication'],
    ['auto-firewall-nat-exclude'],
    ['allow-access-to-local-interface'],
    ['options', 'disable-route-autoinstall'],
    ['nat-traversal'],
    ['nat-networks'],
    ['logging'],
    ['log'],
  ]) {
    vpn.at(...path)?.markAllRead()
  }
  const used = new Set(peers.flatMap(([, node]) => [...groupsOf(node)]))
  for (const kind of ['ike-group', 'esp-group']) {
    for (const [name, group] of vpn.at(kind)?.entries() ?? []) if (!used.has(name)) group.markAllRead()
  }
}

function groupsOf(node: ConfigNode): Set<string> {
  const tunnels = [...(node.at('tunnel')?.entries() ?? [])].map(([, tunnel]) => tunnel.peek('esp-group'))
  const names = [node.peek('ike-group'), node.peek('default-esp-group'), node.peek('vti', 'esp-group'), ...tunnels]
  return new Set(names.filter((name) => name !== undefined))
}

interface Written {
  readonly key: string
  readonly name: string
  readonly node: ConfigNode
}

type Outcome =
  | { readonly tunnel: ParsedTunnel; readonly offers: Offers; readonly lacks?: undefined }
  | { readonly tunnel?: undefined; readonly offers?: undefined; readonly lacks: string }

function tunnelOf({ key, name, node }: Written, reading: Reading): Outcome {
  const { vpn, dialect } = reading
  markPeer(node)
  const ends = endsOf(key, node, dialect)
  if (!ends) return { lacks: 'its local and remote address must both be written' }
  const bound = node.peek('vti', 'bind')
  if (bound !== undefined) return { lacks: `it is bound to ${bound} and carries what is routed there` }
  const ike = ikeGroupOf(vpn.at('ike-group', node.value('ike-group') ?? ''), dialect)
  const esp = espGroupFor(node, vpn, (group) => espGroupOf(group, ike))
  const selectors = selectorsOf(node, reading)
  if (!ike || !esp) return { lacks: 'its IKE and ESP groups must have one known proposal' }
  if (selectors.length === 0) return { lacks: 'it has no pair of local and remote prefix' }
  const start = startOf(node, dialect)
  if (!start) return { lacks: 'its connection-type is not known' }
  const tunnel = {
    peer: name,
    ...ends,
    ike: ike.settings,
    esp: esp.settings,
    start,
    forceNatTraversal: forceNatTraversal(node, dialect),
    selectors,
  }
  return { tunnel, offers: { ike: ike.proposals, esp: esp.proposals, isWhole: ike.isWhole && esp.isWhole } }
}

/** What a peer may have beside; another way to prove who it is than a key stays unread. */
function markPeer(node: ConfigNode): void {
  for (const leaf of ['description', 'ikev2-reauth', 'replay-window']) node.at(leaf)?.markAllRead()
  node.at('authentication', 'pre-shared-secret')?.markAllRead()
  if (node.peek('authentication', 'mode') === 'pre-shared-secret') node.value('authentication', 'mode')
}

/** An address that is left open. */
const anyAddress = Address.parse('0.0.0.0')
const anyIdentity = '%any'

function endsOf(
  key: string,
  node: ConfigNode,
  { peerKey, identityLeaf }: VyattaDialect,
): { readonly local: TunnelEnd; readonly remote: TunnelEnd } | undefined {
  const remoteText = peerKey === 'name' ? node.value('remote-address') : key
  const localText = node.value('local-address') ?? (node.value('dhcp-interface') === undefined ? undefined : 'any')
  if (remoteText === undefined || localText === undefined) return undefined
  const local = openAddress(localText)
  const remote = openAddress(remoteText)
  const identities = {
    local: node.value('authentication', identityLeaf) ?? identityOf(local),
    remote: node.value('authentication', 'remote-id') ?? remoteIdentity(remoteText, peerKey),
  }
  return {
    local: { address: local, identity: identities.local },
    remote: { address: remote, identity: identities.remote },
  }
}

/** Peers with names accept every identity unless told; others that of their address, or the one they are called by. */
function remoteIdentity(text: string, peerKey: VyattaDialect['peerKey']): string {
  if (peerKey === 'name') return anyIdentity
  return text.startsWith('@') ? text : identityOf(openAddress(text))
}

/** `any`, a host name and an identity leave the address open. */
function openAddress(text: string): Address {
  return Address.tryParse(text) ?? anyAddress
}

function identityOf(address: Address): string {
  return address.equals(anyAddress) ? anyIdentity : address.toString()
}

/**
 * The ESP group stands at the peer or at each of its tunnels. natplan compares the first one; a tunnel with a group that says
 * something else keeps that line unread.
 */
function espGroupFor<T extends Group<unknown, unknown>>(
  node: ConfigNode,
  vpn: ConfigNode,
  read: (group: ConfigNode | undefined) => T | undefined,
): T | undefined {
  const shared = node.value('default-esp-group')
  const tunnels = [...(node.at('tunnel')?.entries() ?? [])]
    .filter(([, tunnel]) => !tunnel.at('disable'))
    .sort(([a], [b]) => Number(a) - Number(b))
  let first: T | undefined
  for (const [, tunnel] of tunnels) {
    const own = tunnel.peek('esp-group')
    const group = read(vpn.at('esp-group', own ?? shared ?? ''))
    first ??= group
    if (own !== undefined && group && JSON.stringify(group) === JSON.stringify(first)) tunnel.value('esp-group')
  }
  return first
}

/** The name of the trap changed between releases. */
const trapWords = ['respond', 'trap']

function startOf(node: ConfigNode, { starts }: VyattaDialect): Start | undefined {
  const word = node.value('connection-type') ?? 'initiate'
  const known = (Object.keys(starts) as Start[]).find((start) => starts[start] === word)
  return known ?? (starts.trap !== undefined && trapWords.includes(word) ? 'trap' : undefined)
}

function forceNatTraversal(node: ConfigNode, { forceNatTraversal: form }: VyattaDialect): boolean {
  if (!form) return false
  return form.value === undefined ? node.flag(form.leaf) : node.value(form.leaf) === form.value
}

/** A tunnel for one port or protocol only carries less than its prefixes say, so it is not understood. */
function selectorsOf(node: ConfigNode, { lines }: Reading): Selector[] {
  const selectors = [...(node.at('tunnel')?.entries() ?? [])].flatMap(([text, tunnel]) => {
    if (tunnel.at('disable')) {
      tunnel.markAllRead()
      return []
    }
    const pairs = pairsOf(tunnel)
    const [number, behind] = [Number(text), tunnel.value('uses')]
    for (const leaf of ['allow-nat-networks', 'allow-public-networks']) {
      if (tunnel.peek(leaf) === 'disable') tunnel.value(leaf)
    }
    tunnel.at('description')?.markAllRead()
    const isClear = [...tunnel.entries()].every(([leaf, node]) => leaf === 'esp-group' || !node.hasUnread)
    if (isClear && /^\d{1,9}$/.test(text)) {
      return pairs.map((pair) => lines.keep({ number, ...pair, interface: behind }, tunnel))
    }
    tunnel.markAllUnread()
    return []
  })
  return selectors.sort((a, b) => a.number - b.number)
}

/** Each local prefix with each remote one; a side that is not all prefixes stays unread. */
function pairsOf(tunnel: ConfigNode): Pick<Selector, 'local' | 'remote'>[] {
  const [locals, remotes] = [prefixesOf(tunnel, 'local'), prefixesOf(tunnel, 'remote')]
  return locals.flatMap((local) => remotes.map((remote) => ({ local, remote })))
}

function prefixesOf(tunnel: ConfigNode, side: 'local' | 'remote'): readonly Prefix[] {
  const prefixes = [...(tunnel.at(side, 'prefix')?.entries() ?? [])].map(([text]) => tryParsePrefix(text))
  if (!prefixes.every((prefix) => prefix !== undefined)) return []
  tunnel.values(side, 'prefix')
  return prefixes
}
