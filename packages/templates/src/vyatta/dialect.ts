import type { Hash, Platform, Start } from '@natplan/core'

/** Every other platform has a language of its own, or none. */
type FamilyPlatform = Exclude<Platform, 'linux' | 'azure' | 'aws' | 'gcp' | 'generic'>

/** The words in which members of the Vyatta family differ; natplan's own meaning is the key. */
export interface VyattaDialect {
  readonly platform: FamilyPlatform
  readonly vpnRoot: readonly string[]
  readonly natRoot: readonly string[]
  /** One list of NAT rules with a type each, or one list for each direction. */
  readonly natLists: 'one' | 'two'
  /** The word for every interface there; `undefined` where a rule names none for that. */
  readonly anyInterface: string | undefined
  /** What a peer is called by in the tree. */
  readonly peerKey: 'name' | 'address'
  readonly ikeVersion: { readonly leaf: string; readonly words: Readonly<Record<1 | 2, string>> } | undefined
  /** What a device takes when the version is not said. */
  readonly ikeVersionUnset: 1 | 2
  readonly starts: Readonly<Partial<Record<Start, string>>>
  readonly deadPeerTrap: 'trap' | 'hold'
  /** How a gateway calls again that its peer hung up; `undefined` where it cannot be told to. */
  readonly reopens: 'start' | 'restart' | undefined
  readonly hashes: Readonly<Record<Hash, string>>
  /** What stands as ESP hash with GCM. */
  readonly gcmHash: string | undefined
  /** A tunnel may have several local and remote prefixes, so setting one leaves the others. */
  readonly manyPrefixes: boolean
  /** The plain form of a single address in NAT rules, instead of /32. */
  readonly plainAddresses: boolean
  /** Where the MSS clamp of an interface stands. */
  readonly clamp: 'interface' | 'firewall-options' | 'virtual' | 'mss-clamp' | undefined
}

export const plainHashes = {
  md5: 'md5',
  sha1: 'sha1',
  sha256: 'sha256',
  sha384: 'sha384',
  sha512: 'sha512',
} as const satisfies Record<Hash, string>

/** A kind of VyOS interfaces: what its names begin with, and what the device knows below it. */
interface InterfaceKind {
  readonly pattern: RegExp
  readonly kind: string
  readonly vlans?: true
  readonly segmentSize?: false
}

/** By the schemas of vyos-1x 1.4 and 1.5. */
const interfaceKinds: readonly InterfaceKind[] = [
  { pattern: /^eth\d+$/, kind: 'ethernet', vlans: true },
  { pattern: /^bond\d+$/, kind: 'bonding', vlans: true },
  { pattern: /^br\d+$/, kind: 'bridge', vlans: true },
  { pattern: /^peth\d+$/, kind: 'pseudo-ethernet', vlans: true },
  { pattern: /^wlan\d+$/, kind: 'wireless', vlans: true },
  { pattern: /^pppoe\d+$/, kind: 'pppoe' },
  { pattern: /^wwan\d+$/, kind: 'wwan' },
  { pattern: /^vti\d+$/, kind: 'vti' },
  { pattern: /^tun\d+$/, kind: 'tunnel' },
  { pattern: /^vxlan\d+$/, kind: 'vxlan' },
  { pattern: /^wg\d+$/, kind: 'wireguard' },
  { pattern: /^vtun\d+$/, kind: 'openvpn' },
  { pattern: /^gnv\d+$/, kind: 'geneve' },
  { pattern: /^macsec\d+$/, kind: 'macsec' },
  { pattern: /^l2tpeth\d+$/, kind: 'l2tpv3' },
  { pattern: /^dum\d+$/, kind: 'dummy', segmentSize: false },
  { pattern: /^veth\d+$/, kind: 'virtual-ethernet', vlans: true, segmentSize: false },
  { pattern: /^lo$/, kind: 'loopback', segmentSize: false },
]

/** Where an interface stands in the tree. */
export interface InterfacePlace {
  readonly kind: string
  readonly name: string
  readonly vif: string | undefined
}

export interface KnownInterface {
  readonly place: InterfacePlace
  /** Whether the device knows `ip adjust-mss` there. */
  readonly takesSegmentSize: boolean
}

/** `ethernet`, `eth1`, vif `100` for `eth1.100`; `undefined` for a kind that is not known, and for VLANs where a kind has none. */
export function knownInterface(text: string): KnownInterface | undefined {
  const [name = '', vif, ...rest] = text.split('.')
  const found = interfaceKinds.find(({ pattern }) => pattern.test(name))
  const isThere = rest.length === 0 && (vif === undefined || (found?.vlans === true && /^\d+$/.test(vif)))
  if (!found || !isThere) return undefined
  return { place: { kind: found.kind, name, vif }, takesSegmentSize: found.segmentSize ?? true }
}
