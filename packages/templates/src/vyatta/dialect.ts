import type { Encryption, Hash, Platform, Start } from '@natplan/core'

/** The words in which members of the Vyatta family differ; natplan's own meaning is the key. */
export interface VyattaDialect {
  readonly platform: Exclude<Platform, 'linux' | 'generic'>
  readonly vpnRoot: readonly string[]
  readonly natRoot: readonly string[]
  /** One list of NAT rules with a type each, or one list for each direction. */
  readonly natLists: 'one' | 'two'
  /** Under `outbound-interface` and `inbound-interface`. */
  readonly natInterfacePath: readonly string[]
  /** What a peer is called by in the tree. */
  readonly peerKey: 'name' | 'address'
  readonly identityLeaf: 'local-id' | 'id'
  readonly ikeVersion: { readonly leaf: string; readonly words: Readonly<Record<1 | 2, string>> } | undefined
  /** What a device takes when the version is not said. */
  readonly ikeVersionUnset: 1 | 2
  readonly starts: Readonly<Partial<Record<Start, string>>>
  readonly deadPeerTrap: 'trap' | 'hold'
  readonly hashes: Readonly<Record<Hash, string>>
  /** What stands as ESP hash with GCM. */
  readonly gcmHash: string | undefined
  readonly forceNatTraversal: { readonly leaf: string; readonly value: string | undefined } | undefined
  /** A tunnel may have several local and remote prefixes, so setting one leaves the others. */
  readonly manyPrefixes: boolean
  /** The plain form of a single address in NAT rules, instead of /32. */
  readonly plainAddresses: boolean
  /** Where the segment size of an interface stands. */
  readonly clamp: 'interface' | 'firewall-options' | 'virtual' | 'mss-clamp' | undefined
}

/** `aes256gcm128` and the rest are the family's own words. */
export const encryptionWords: readonly Encryption[] = [
  'aes256gcm128',
  'aes128gcm128',
  'aes256',
  'aes192',
  'aes128',
  '3des',
]

export const plainHashes = {
  md5: 'md5',
  sha1: 'sha1',
  sha256: 'sha256',
  sha384: 'sha384',
  sha512: 'sha512',
} as const satisfies Record<Hash, string>

/** Names of everything that natplan makes on a device: groups, and peers where they have names. */
export const ownPrefix = 'natplan-'

export { ownDescription } from '@natplan/core'

/** The kinds of VyOS interfaces by what their names begin with. */
const interfaceKinds: readonly (readonly [RegExp, string])[] = [
  [/^eth\d+$/, 'ethernet'],
  [/^bond\d+$/, 'bonding'],
  [/^br\d+$/, 'bridge'],
  [/^pppoe\d+$/, 'pppoe'],
  [/^wwan\d+$/, 'wwan'],
  [/^wlan\d+$/, 'wireless'],
  [/^dum\d+$/, 'dummy'],
  [/^vti\d+$/, 'vti'],
  [/^tun\d+$/, 'tunnel'],
  [/^vxlan\d+$/, 'vxlan'],
]

/** Where an interface stands in the tree. */
export interface InterfacePlace {
  readonly kind: string
  readonly name: string
  readonly vif: string | undefined
}

/** `ethernet`, `eth1`, vif `100` for `eth1.100`; `undefined` for a kind that is not known. */
export function interfacePlace(text: string): InterfacePlace | undefined {
  const [name = '', vif, ...rest] = text.split('.')
  const kind = interfaceKinds.find(([pattern]) => pattern.test(name))?.[1]
  const isKnown = kind !== undefined && rest.length === 0 && (vif === undefined || /^\d+$/.test(vif))
  return isKnown ? { kind, name, vif } : undefined
}
