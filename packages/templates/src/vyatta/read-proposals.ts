import { type DeviceTunnel, type EspOffer, type IkeOffer, wordTable } from '@natplan/core'
import type { ConfigNode } from './config-tree.ts'
import type { VyattaDialect } from './dialect.ts'
import { readLeaf } from './read-leaf.ts'

/** What a device takes for what a group leaves out: seconds of the schemas, `aes128`, `sha1` and DH 2. */
const unset = { ikeLifetime: 28_800, espLifetime: 3600, encryption: 'aes128', hash: 'sha1', dhGroup: 2 } as const

/** What an IKE group says; all offers that are wholly known, by number. */
export interface IkeGroupRead extends Pick<DeviceTunnel, 'versions' | 'deadPeer' | 'mobike'> {
  readonly offers: readonly IkeOffer[]
  readonly isWhole: boolean
  readonly lifetime: number
  /** Of the very first proposal: what `pfs enable` means. */
  readonly dhGroup: number | undefined
  /** Something that both ends must have alike and that is not compared. */
  readonly lacks: string | undefined
}

export interface EspGroupRead {
  readonly offers: readonly EspOffer[]
  readonly isWhole: boolean
  readonly lifetime: number
  /** `transport`: carries the packets of the two gateways only. */
  readonly mode: 'tunnel' | 'transport'
}

export function ikeGroupOf(group: ConfigNode | undefined, dialect: VyattaDialect): IkeGroupRead {
  group?.markRead()
  const { offers, isWhole } = offersOf(group, ikeOfferOf)
  const versions = versionsOf(group, dialect)
  const isAggressive = readLeaf(group, 'mode') === 'aggressive' && !versions.includes(2)
  const isStaying = group?.at('disable-mobike') !== undefined || group?.peek('mobike') === 'disable'
  markAll(group, ['close-action', 'ikev2-reauth', 'mobike', 'disable-mobike', 'description', 'dead-peer-detection'])
  return {
    ...(isStaying ? { mobike: false } : {}),
    versions,
    offers,
    isWhole,
    lifetime: secondsOf(group, 'lifetime', unset.ikeLifetime),
    deadPeer: deadPeerOf(group, dialect),
    dhGroup: dhGroupOf(inOrder(group)[0]?.peek('dh-group')),
    lacks: isAggressive ? 'it uses the aggressive mode of IKEv1, which is not compared' : undefined,
  }
}

export function espGroupOf(
  group: ConfigNode | undefined,
  { ike, dialect }: { readonly ike: IkeGroupRead; readonly dialect: VyattaDialect },
): EspGroupRead {
  group?.markRead()
  const pfs = pfsOf(group?.peek('pfs'), ike.dhGroup)
  if (pfs !== undefined) readLeaf(group, 'pfs')
  const dhGroup = pfs === 'none' ? undefined : pfs
  const { offers, isWhole } = offersOf(group, (proposal) => espOfferOf(proposal, dhGroup, dialect))
  const mode = readLeaf(group, 'mode') === 'transport' ? 'transport' : 'tunnel'
  markAll(group, ['life-bytes', 'life-packets', 'disable-rekey', 'description', 'compression'])
  const lifetime = secondsOf(group, 'lifetime', unset.espLifetime)
  return pfs === undefined ? { offers: [], isWhole: false, lifetime, mode } : { offers, isWhole, lifetime, mode }
}

/** When keys are renewed and what happens after a tunnel ended says nothing about what it carries. */
function markAll(group: ConfigNode | undefined, leaves: readonly string[]): void {
  for (const leaf of leaves) group?.at(leaf)?.markAllRead()
}

/**
 * By number, as devices offer them; one that is not wholly known stays unread. A group without proposals, and
 * one of the 5600 that is not strict, offers what nobody knows.
 */
function offersOf<Offer>(
  group: ConfigNode | undefined,
  read: (proposal: ConfigNode) => Offer | undefined,
): { readonly offers: readonly Offer[]; readonly isWhole: boolean } {
  const written = inOrder(group)
  const hasMore = group?.flag('disable-strict-mode') ?? false
  const offers = written.flatMap((node) => {
    node.markRead()
    const offer = read(node)
    if (offer && !node.hasUnread) return [offer]
    node.markAllUnread()
    return []
  })
  return { offers, isWhole: !hasMore && offers.length > 0 && offers.length === written.length }
}

function inOrder(group: ConfigNode | undefined): ConfigNode[] {
  const proposals = group?.children('proposal') ?? []
  return proposals.toSorted(([a], [b]) => Number(a) - Number(b)).map(([, node]) => node)
}

/** With a cipher that brings its own integrity the hash is that of the PRF. */
function ikeOfferOf(proposal: ConfigNode): IkeOffer | undefined {
  const encryption = encryptionOf(proposal)
  const hash = hashOf(proposal)
  const dhGroup = dhGroupOf(readLeaf(proposal, 'dh-group'))
  const prf = proposal
    .value('prf')
    ?.replace(/^prf/, '')
    .replace(/^sha2_/, 'sha')
  if (!encryption || hash === undefined || !dhGroup) return undefined
  return { encryption, hash: integrityOf(encryption, hash), prf: prf ?? integrityOf(undefined, hash), dhGroup }
}

/** Where GCM has a word for its hash, it takes no other, and other ciphers do not take it (vyatta-security-vpn-ipsec-v1.yang). */
function espOfferOf(
  proposal: ConfigNode,
  dhGroup: number | undefined,
  { gcmHash }: VyattaDialect,
): EspOffer | undefined {
  const encryption = encryptionOf(proposal)
  const hash = hashOf(proposal)
  if (!encryption || hash === undefined) return undefined
  if (gcmHash !== undefined && isAead(encryption) !== (hash === gcmHash)) return undefined
  return { encryption, hash: integrityOf(encryption, hash), dhGroup, extendedSequence: undefined }
}

function integrityOf(encryption: string | undefined, hash: string): string | undefined {
  return hash === 'null' || (encryption !== undefined && isAead(encryption)) ? undefined : hash
}

function isAead(encryption: string): boolean {
  return /gcm|ccm|chacha|gmac/.test(encryption)
}

/** All that strongSwan takes (its keyword table): block ciphers with a key length and perhaps a mode. */
const ciphers =
  /^(3des|des|null|cast128|chacha20poly1305|(aes|camellia|blowfish|serpent|twofish)(128|192|256)?(ctr|gmac|(gcm|ccm)(64|96|128|8|12|16)?)?)$/

function encryptionOf(proposal: ConfigNode): string | undefined {
  const word = proposal.peek('encryption') ?? unset.encryption
  if (!ciphers.test(word)) return undefined
  readLeaf(proposal, 'encryption')
  return commonCipher(word)
}

/** `aes128gcm16` names the bytes of the check value, `aes128gcm128` its bits; without a length of the key it is 128. */
function commonCipher(word: string): string {
  const [, cipher, length = '128', mode, check] = /^(aes|camellia)(\d{3})?(gcm|ccm)?(\d+)?$/.exec(word) ?? []
  if (cipher === undefined) return word
  if (mode === undefined) return `${cipher}${length}`
  const bits = check === undefined ? 128 : Number(check) <= 16 ? Number(check) * 8 : Number(check)
  return `${cipher}${length}${mode}${bits}`
}

/** All that strongSwan takes (its keyword table). */
const hashes = /^(null|md5(_128)?|sha1(_160)?|sha(256|384|512)(_96)?|aesxcbc|aescmac|aes(128|192|256)gmac)$/

/** All spellings of the family: `sha256`, `sha2_256`. */
function hashOf(proposal: ConfigNode): string | undefined {
  const word = (proposal.peek('hash') ?? unset.hash).replace(/^sha2_/, 'sha')
  if (!hashes.test(word)) return undefined
  readLeaf(proposal, 'hash')
  return word
}

/** The groups of the IANA registry; 31 is Curve25519 (RFC 8031). */
function dhGroupOf(word: string | undefined): number | undefined {
  if (word === 'curve25519' || word === 'x25519') return 31
  const number = Number(word ?? unset.dhGroup)
  return Number.isInteger(number) && number >= 1 && number <= 36 ? number : undefined
}

/** `undefined` for a group that natplan does not know. */
function pfsOf(word: string | undefined, ofIke: number | undefined): number | 'none' | undefined {
  if (word === 'disable') return 'none'
  return word === undefined || word === 'enable' ? ofIke : dhGroupOf(word.replace(/^dh-group/, ''))
}

/** What the words for a version stand for; of several the highest is tried first. */
const versionWords: Readonly<Record<string, readonly (1 | 2)[]>> = wordTable({
  ikev1: [1],
  '1': [1],
  ikev2: [2],
  '2': [2],
  '2+1': [2, 1],
  auto: [2, 1],
})

/** A word that is not known could be either. */
function versionsOf(group: ConfigNode | undefined, dialect: VyattaDialect): readonly (1 | 2)[] {
  const leaf = dialect.ikeVersion?.leaf ?? 'key-exchange'
  const word = group?.peek(leaf)
  if (word === undefined) return dialect.peerKey === 'name' ? [2, 1] : [dialect.ikeVersionUnset]
  const versions = versionWords[word]
  if (versions) readLeaf(group, leaf)
  return versions ?? [2, 1]
}

/** A number of seconds; any other text stays unread. */
function secondsOf(node: ConfigNode | undefined, leaf: string, otherwise: number): number {
  const text = node?.peek(leaf)
  if (text === undefined || !/^\d{1,9}$/.test(text)) return otherwise
  readLeaf(node, leaf)
  return Number(text)
}

/** Without the node nobody asks a silent peer: an interval of 0. The 5600 holds back its packets unless told otherwise. */
function deadPeerOf(
  group: ConfigNode | undefined,
  { deadPeerTrap, platform }: VyattaDialect,
): DeviceTunnel['deadPeer'] {
  const node = group?.at('dead-peer-detection')
  if (!node) return { action: 'clear', interval: 0, timeout: 0 }
  const word = readLeaf(node, 'action') ?? (platform === 'vyatta-5600' ? deadPeerTrap : undefined)
  return {
    action: word === 'restart' ? 'restart' : word === deadPeerTrap ? 'trap' : 'clear',
    interval: secondsOf(node, 'interval', 30),
    timeout: secondsOf(node, 'timeout', 120),
  }
}
