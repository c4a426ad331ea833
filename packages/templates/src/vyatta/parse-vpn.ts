import {
  Address,
  type DhGroup,
  type Encryption,
  type EspSettings,
  type Finding,
  findingOf,
  type Hash,
  type IkeSettings,
  inConfig,
  type ParsedTunnel,
  Prefix,
  type Selector,
  type Start,
} from '@natplan/core'
import type { ConfigNode } from './config-tree.ts'
import { encryptionWords, ownPrefix, type VyattaDialect } from './dialect.ts'

const dhGroups: readonly DhGroup[] = [2, 5, 14, 15, 16, 17, 18, 19, 20, 21]

/** The tunnels that natplan can compare, by peer; a peer that lacks something is a finding and its lines stay unread. */
export function parseVpn(
  root: ConfigNode,
  dialect: VyattaDialect,
): { readonly tunnels: readonly ParsedTunnel[]; readonly findings: readonly Finding[] } {
  const vpn = root.at(...dialect.vpnRoot)
  if (!vpn) return { tunnels: [], findings: [] }
  const tunnels: ParsedTunnel[] = []
  const findings: Finding[] = []
  for (const [key, node] of vpn.at('site-to-site', 'peer')?.entries() ?? []) {
    if (node.at('disable')) {
      node.markAllRead()
      continue
    }
    const { tunnel, lacks } = tunnelOf({ key, node, vpn, dialect })
    if (tunnel) tunnels.push(tunnel)
    else {
      node.markAllUnread()
      const message = `the peer ${key} cannot be compared: ${lacks}`
      findings.push(findingOf('CONFIG_TUNNEL_INCOMPLETE', inConfig(node.line), { message }))
    }
  }
  markShared(vpn)
  return { tunnels: tunnels.sort((a, b) => (a.peer < b.peer ? -1 : a.peer > b.peer ? 1 : 0)), findings }
}

/** Settings that say nothing about a tunnel. Keys are never read, and never reported either. */
function markShared(vpn: ConfigNode): void {
  for (const path of [
    ['interface'],
    ['ipsec-interfaces'],
    ['authentication'],
    ['auto-firewall-nat-exclude'],
    ['logging'],
  ]) {
    vpn.at(...path)?.markAllRead()
  }
}

interface Written {
  readonly key: string
  readonly node: ConfigNode
  readonly vpn: ConfigNode
  readonly dialect: VyattaDialect
}

interface Outcome {
  readonly tunnel?: ParsedTunnel
  readonly lacks?: string
}

function tunnelOf({ key, node, vpn, dialect }: Written): Outcome {
  node.value('description')
  node.value('authentication', 'mode')
  node.at('authentication', 'pre-shared-secret')?.markAllRead()
  const local = Address.tryParse(node.value('local-address') ?? '')
  const remote = Address.tryParse((dialect.peerKey === 'name' ? node.value('remote-address') : key) ?? '')
  if (!local || !remote) return { lacks: 'its local and remote address must both be written' }
  const groups = groupNames(node)
  const ike = groups.ike && ikeOf(vpn.at('ike-group', groups.ike), dialect)
  const esp = groups.esp && espOf(vpn.at('esp-group', groups.esp), ike || undefined)
  if (!groups.ike || !groups.esp || !ike || !esp)
    return { lacks: 'its IKE and ESP groups must have one known proposal' }
  const start = startOf(node, dialect)
  const selectors = selectorsOf(node)
  if (!start) return { lacks: 'its connection-type is not known' }
  if (selectors.length === 0) return { lacks: 'it has no pair of local and remote prefix' }
  const localIdentity = node.value('authentication', dialect.identityLeaf)
  const remoteIdentity = node.value('authentication', 'remote-id')
  return {
    tunnel: {
      peer: peerName(key, groups.ike),
      local: { address: local, identity: localIdentity ?? local.toString() },
      remote: { address: remote, identity: remoteIdentity ?? remote.toString() },
      ike,
      esp,
      start,
      forceNatTraversal: forceNatTraversal(node, dialect),
      selectors,
    },
  }
}

/** natplan's own peers are called by their group; others as the device calls them. */
function peerName(key: string, group: string): string {
  return group.startsWith(ownPrefix) ? group.slice(ownPrefix.length) : key
}

/** The ESP group stands at the peer or at each of its tunnels; natplan compares peers that use one. */
function groupNames(node: ConfigNode): { readonly ike: string | undefined; readonly esp: string | undefined } {
  const names = new Set<string>()
  for (const [, tunnel] of node.at('tunnel')?.entries() ?? []) {
    const name = tunnel.value('esp-group')
    if (name !== undefined) names.add(name)
  }
  const shared = node.value('default-esp-group')
  if (names.size === 0 && shared !== undefined) names.add(shared)
  return { ike: node.value('ike-group'), esp: names.size === 1 ? [...names][0] : undefined }
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
function selectorsOf(node: ConfigNode): Selector[] {
  const selectors = [...(node.at('tunnel')?.entries() ?? [])].flatMap(([text, tunnel]) => {
    if (tunnel.at('disable')) {
      tunnel.markAllRead()
      return []
    }
    const local = Prefix.tryParse(tunnel.peek('local', 'prefix') ?? '')
    const remote = Prefix.tryParse(tunnel.peek('remote', 'prefix') ?? '')
    if (!local || !remote || !/^\d{1,9}$/.test(text)) return []
    tunnel.value('local', 'prefix')
    tunnel.value('remote', 'prefix')
    const selector = { number: Number(text), local, remote, interface: tunnel.value('uses') }
    for (const leaf of ['allow-nat-networks', 'allow-public-networks']) {
      if (tunnel.peek(leaf) === 'disable') tunnel.value(leaf)
    }
    if (!tunnel.hasUnread) return [selector]
    tunnel.markAllUnread()
    return []
  })
  return selectors.sort((a, b) => a.number - b.number)
}

/** What a device takes for what a group leaves out: seconds of the schemas, `aes128`, `sha1` and DH 2. */
const unset = { ikeLifetime: 28_800, espLifetime: 3600, encryption: 'aes128', hash: 'sha1', dhGroup: 2 } as const

function ikeOf(group: ConfigNode | undefined, dialect: VyattaDialect): IkeSettings | undefined {
  const proposal = firstProposal(group)
  if (!group || !proposal) return undefined
  const algorithms = algorithmsOf(proposal)
  const dhGroup = dhGroupOf(proposal.value('dh-group'))
  if (!algorithms?.hash || !dhGroup) return undefined
  return {
    version: versionOf(group, dialect),
    encryption: algorithms.encryption,
    hash: algorithms.hash,
    dhGroup,
    lifetime: secondsOf(group, 'lifetime', unset.ikeLifetime),
    deadPeer: deadPeerOf(group, dialect),
  }
}

function versionOf(group: ConfigNode, { ikeVersion, ikeVersionUnset }: VyattaDialect): 1 | 2 {
  if (!ikeVersion) return ikeVersionUnset
  const word = group.peek(ikeVersion.leaf)
  if (word === undefined) return ikeVersionUnset
  const version = ([1, 2] as const).find((one) => ikeVersion.words[one] === word)
  if (version !== undefined) group.value(ikeVersion.leaf)
  return version ?? 2
}

/** A number of seconds; any other text stays unread. */
function secondsOf(node: ConfigNode, leaf: string, otherwise: number): number {
  const text = node.peek(leaf)
  if (text === undefined || !/^\d{1,9}$/.test(text)) return otherwise
  node.value(leaf)
  return Number(text)
}

/** Without the node nobody asks a silent peer: an interval of 0. */
function deadPeerOf(group: ConfigNode, { deadPeerTrap }: VyattaDialect): IkeSettings['deadPeer'] {
  const node = group.at('dead-peer-detection')
  if (!node) return { action: 'clear', interval: 0, timeout: 0 }
  const word = node.value('action')
  return {
    action: word === 'restart' ? 'restart' : word === deadPeerTrap ? 'trap' : 'clear',
    interval: secondsOf(node, 'interval', 30),
    timeout: secondsOf(node, 'timeout', 120),
  }
}

function espOf(group: ConfigNode | undefined, ike: IkeSettings | undefined): EspSettings | undefined {
  const proposal = firstProposal(group)
  const algorithms = proposal && algorithmsOf(proposal)
  if (!group || !algorithms || !ike) return undefined
  if (group.peek('mode') === 'tunnel') group.value('mode')
  if (group.peek('compression') === 'disable') group.value('compression')
  const isGcm = algorithms.encryption.includes('gcm')
  const pfs = pfsOf(group.value('pfs'), ike.dhGroup)
  if ((!isGcm && !algorithms.hash) || !pfs) return undefined
  return {
    encryption: algorithms.encryption,
    hash: isGcm ? undefined : algorithms.hash,
    dhGroup: pfs === 'none' ? undefined : pfs,
    lifetime: secondsOf(group, 'lifetime', unset.espLifetime),
  }
}

/** `undefined` for a group that natplan does not know. */
function pfsOf(word: string | undefined, ofIke: DhGroup): DhGroup | 'none' | undefined {
  if (word === 'disable') return 'none'
  return word === undefined || word === 'enable' ? ofIke : dhGroupOf(word.replace(/^dh-group/, ''))
}

/** The first proposal by number, as devices offer it first; further ones stay unread. */
function firstProposal(group: ConfigNode | undefined): ConfigNode | undefined {
  const proposals = [...(group?.at('proposal')?.entries() ?? [])]
  return proposals.sort(([a], [b]) => Number(a) - Number(b))[0]?.[1]
}

function algorithmsOf(
  proposal: ConfigNode,
): { readonly encryption: Encryption; readonly hash: Hash | undefined } | undefined {
  const word = proposal.value('encryption') ?? unset.encryption
  const encryption = encryptionWords.find((known) => known === word)
  const hash = hashOf(proposal.value('hash') ?? unset.hash)
  return encryption && { encryption, hash }
}

/** All spellings of the family: `sha256`, `sha2_256`. */
function hashOf(word: string): Hash | undefined {
  return (['md5', 'sha1', 'sha256', 'sha384', 'sha512'] as const).find((hash) => hash === word.replace('sha2_', 'sha'))
}

function dhGroupOf(word: string | undefined): DhGroup | undefined {
  const number = Number(word ?? unset.dhGroup)
  return dhGroups.find((group) => group === number)
}
