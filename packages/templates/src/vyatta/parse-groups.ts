import type { DhGroup, Encryption, EspProposal, EspSettings, Hash, IkeProposal, IkeSettings } from '@natplan/core'
import type { ConfigNode } from './config-tree.ts'
import { encryptionWords, type VyattaDialect } from './dialect.ts'

const dhGroups: readonly DhGroup[] = [2, 5, 14, 15, 16, 17, 18, 19, 20, 21]

/** What a device takes for what a group leaves out: seconds of the schemas, `aes128`, `sha1` and DH 2. */
const unset = { ikeLifetime: 28_800, espLifetime: 3600, encryption: 'aes128', hash: 'sha1', dhGroup: 2 } as const

/** A group of settings: its first known proposal as the settings of a policy, and all that are known. */
export interface Group<Settings, Proposal> {
  readonly settings: Settings
  readonly proposals: readonly Proposal[]
  /** No proposal was left out. */
  readonly isWhole: boolean
}

export type IkeGroup = Group<IkeSettings, IkeProposal> & {
  /** Of the very first proposal: what `pfs enable` means. */
  readonly dhGroup: DhGroup | undefined
}

export function ikeGroupOf(group: ConfigNode | undefined, dialect: VyattaDialect): IkeGroup | undefined {
  if (!group) return undefined
  const { proposals, isWhole } = proposalsOf(group, ikeProposalOf)
  const [first] = proposals
  if (!first) return undefined
  if (group.peek('mode') === 'main') group.value('mode')
  markHarmless(group, ['close-action', 'ikev2-reauth', 'mobike', 'disable-mobike'])
  const settings = {
    version: versionOf(group, dialect),
    ...first,
    lifetime: secondsOf(group, 'lifetime', unset.ikeLifetime),
    deadPeer: deadPeerOf(group, dialect),
  }
  return { settings, proposals, isWhole, dhGroup: dhGroupOf(inOrder(group)[0]?.peek('dh-group')) }
}

/** `undefined` also for transport mode, which carries no prefixes. */
export function espGroupOf(
  group: ConfigNode | undefined,
  ike: IkeGroup | undefined,
): Group<EspSettings, EspProposal> | undefined {
  if (!group || !ike || (group.peek('mode') ?? 'tunnel') !== 'tunnel') return undefined
  const pfs = pfsOf(group.peek('pfs'), ike.dhGroup)
  if (!pfs) return undefined
  const dhGroup = pfs === 'none' ? undefined : pfs
  const { proposals, isWhole } = proposalsOf(group, (proposal) => espProposalOf(proposal, dhGroup))
  const [first] = proposals
  if (!first) return undefined
  group.value('mode')
  group.value('pfs')
  if (group.peek('compression') === 'disable') group.value('compression')
  markHarmless(group, ['life-bytes', 'life-packets'])
  return { settings: { ...first, lifetime: secondsOf(group, 'lifetime', unset.espLifetime) }, proposals, isWhole }
}

/** When keys are renewed and what happens after a tunnel ended says nothing about what it carries. */
function markHarmless(group: ConfigNode, leaves: readonly string[]): void {
  for (const leaf of leaves) group.at(leaf)?.markAllRead()
}

/** By number, as devices offer them; one that is not wholly known stays unread. */
function proposalsOf<Proposal>(
  group: ConfigNode,
  read: (proposal: ConfigNode) => Proposal | undefined,
): { readonly proposals: readonly Proposal[]; readonly isWhole: boolean } {
  const written = inOrder(group)
  const proposals = written.flatMap((node) => {
    const proposal = read(node)
    if (proposal && !node.hasUnread) return [proposal]
    node.markAllUnread()
    return []
  })
  return { proposals, isWhole: proposals.length === written.length }
}

function inOrder(group: ConfigNode): ConfigNode[] {
  const proposals = [...(group.at('proposal')?.entries() ?? [])]
  return proposals.sort(([a], [b]) => Number(a) - Number(b)).map(([, node]) => node)
}

/** With a PRF of its own a proposal is known only where that is the one that belongs to the hash. */
function ikeProposalOf(proposal: ConfigNode): IkeProposal | undefined {
  const algorithms = algorithmsOf(proposal)
  const dhGroup = dhGroupOf(proposal.value('dh-group'))
  if (!algorithms?.hash || !dhGroup) return undefined
  if (proposal.peek('prf') === `prf${algorithms.hash}`) proposal.value('prf')
  return { encryption: algorithms.encryption, hash: algorithms.hash, dhGroup }
}

function espProposalOf(proposal: ConfigNode, dhGroup: DhGroup | undefined): EspProposal | undefined {
  const algorithms = algorithmsOf(proposal)
  if (!algorithms) return undefined
  const isGcm = algorithms.encryption.includes('gcm')
  if (!isGcm && !algorithms.hash) return undefined
  return { encryption: algorithms.encryption, hash: isGcm ? undefined : algorithms.hash, dhGroup }
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

/** `undefined` for a group that natplan does not know. */
function pfsOf(word: string | undefined, ofIke: DhGroup | undefined): DhGroup | 'none' | undefined {
  if (word === 'disable') return 'none'
  return word === undefined || word === 'enable' ? ofIke : dhGroupOf(word.replace(/^dh-group/, ''))
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
