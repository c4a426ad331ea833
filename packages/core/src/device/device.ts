import type { Address } from '../address/address.ts'
import type { NamedAddress } from '../address/named-address.ts'
import type { Prefix } from '../address/prefix.ts'
import type { PacketMatch } from '../match/packet-match.ts'
import type { DeadPeer, Start } from '../network/network.ts'
import type { Platform } from '../network/platforms.ts'
import type { Clamp, PortRange } from '../policy/gateway-policy.ts'
import type { Hook, Stage } from './stages.ts'

/**
 * One gateway as it is configured, free of any vendor: what decides about a packet there, and what of it was not understood. Each thing has
 * the line (counted from 1) of the file where it begins; without one it was not written but concluded or made by the platform.
 */
export interface Device {
  readonly platform: Platform
  /** Where it was read; `undefined` when natplan derived it itself. */
  readonly file: string | undefined
  /** What happens to a packet, in order. */
  readonly order: readonly Stage[]
  readonly interfaces: readonly DeviceInterface[]
  /** The routes that are written, of all tables; connected ones follow from `interfaces`. */
  readonly routes: readonly DeviceRoute[]
  /** Families of packets for which `routes` has all of the main table, as the running device shows it: where it has none, there is no way. */
  readonly wholeTables?: readonly (4 | 6)[]
  /** Rules that choose a routing table for some packets, in the order in which they are asked; what none takes goes by the main table. */
  readonly steering: readonly SteeringRule[]
  /** What is not known of how packets in VRFs are routed. */
  readonly vrfDoubts?: {
    /** Why packets may not come across a pair of interfaces of which one is in a VRF. */
    readonly pairs?: Doubt
    /** Why what a VRF has no route for may have a way all the same. */
    readonly rest?: Doubt
  }
  /** By hook, then priority: the order in which the device asks them. */
  readonly lists: readonly RuleList[]
  /** By name. */
  readonly tunnels: readonly DeviceTunnel[]
  /**
   * When the IKE daemon makes a route for the remote prefix of a child: `own-address`: in a table that is asked before the main one, where
   * the device has an address inside the local prefix (strongSwan's `install_routes`, table 220); `always`: in the main table, where it
   * wins over a static one of equal length (Vyatta 5600).
   */
  readonly installsRoutes: 'own-address' | 'always' | 'never'
  /** Why it may be `never` all the same: the daemon has settings that were not given. */
  readonly installDoubt?: Doubt
  readonly clamps: readonly PlacedClamp[]
  /** For whom it answers ARP beside itself; missing where nothing is known of that. */
  readonly proxyArp?: ProxyArp
  /** All numbers of NAT rules, also of those that are switched off. */
  readonly usedNumbers: readonly { readonly direction: 'source' | 'destination'; readonly number: number }[]
  /** Names and numbers that only one thing can have, beside those of what stands above. */
  readonly claims?: readonly Claim[]
  /** Every line that was not understood and may touch packets, by line. */
  readonly unread: readonly Unread[]
}

/** Where a thing begins in the device's file. */
export interface Written {
  readonly line: number | undefined
  /** Another file, for what the running device shows of itself. */
  readonly file?: string
}

/**
 * `name`: of an interface; `table`: a routing table; `zone`: connections that are tracked apart; `if-id`: what joins an XFRM interface and
 * its policies; `priority`: of a rule that chooses a routing table; `group`: algorithms, or a key, that tunnels refer to.
 */
export interface Claim extends Written {
  readonly kind: 'name' | 'table' | 'zone' | 'if-id' | 'priority' | 'group'
  readonly value: string
  /** Who has it, as people call it. */
  readonly by: string
}

export interface ProxyArp {
  readonly entries: readonly ProxyArpEntry[]
  /** There are no others on interfaces that the device shows. */
  readonly isWhole: boolean
}

/** It answers on `interface`, and that it routes by another one. */
export interface ProxyArpEntry extends Written {
  /** `undefined` for all. */
  readonly interface: string | undefined
  /** `undefined` for every address. */
  readonly address: Address | undefined
}

/** What a line that was not understood could touch. */
export type Touch = 'nat' | 'filters' | 'routes' | 'tunnels' | 'anything'

export interface Unread {
  readonly line: number
  /** Without secrets. */
  readonly text: string
  readonly touches: Touch
  /** A rule, route or tunnel of the device stands for it and has the doubt; others make every walk through the device doubtful. */
  readonly isPlaced: boolean
  /** The routing table that it brings routes into, which the running device can show. */
  readonly fills?: string
  /** As in `Written`. */
  readonly file?: string
}

/** Why an answer is not known. */
export interface Doubt extends Written {
  /** The line itself without secrets, or what it is about. */
  readonly what: string
}

/** `physical`: has neighbours; `virtual`: leads into the tunnels that are bound to it; `far`: its far end is not known (GRE, WireGuard, …). */
export type InterfaceKind = 'physical' | 'loopback' | 'virtual' | 'far'

export interface DeviceInterface extends Written {
  readonly name: string
  readonly kind: InterfaceKind
  readonly addresses: readonly InterfaceAddress[]
  /** The routing table that it belongs to: `main`, or that of a VRF. */
  readonly table: string
  /** Whether packets that come out of it still count as having come encrypted; without it, what is usual on the platform. */
  readonly keepsMark?: boolean
  /** The name of its VRF, where it has one. */
  readonly vrf?: string
  /** The interface of this device that packets come in by when they leave by this one (the other end of a veth pair). */
  readonly joins?: string
  /** Where connections that begin with packets which come in by it are tracked apart from others. */
  readonly zone?: string
  /** Where answers come in by interfaces of the same zone only, or are not known. */
  readonly answerZone?: string
}

export type InterfaceAddress =
  | ({ readonly kind: 'known'; readonly address: Address; readonly network: Prefix } & Written)
  /** By DHCP, PPPoE and the like: not known. */
  | ({ readonly kind: 'dynamic' } & Written)

export interface DeviceRoute extends Written {
  readonly table: string
  readonly prefix: Prefix
  readonly to: NextHop
  /** Of several routes for one prefix the lowest is in use; several with the same share the packets. */
  readonly distance: number
  /** Something about it that was not understood. */
  readonly doubt?: Doubt
}

export type NextHop =
  /** `interface`: where the configuration names it; otherwise the one in whose network the address lies. */
  | { readonly kind: 'via'; readonly address: Address; readonly interface: string | undefined }
  /** Neighbours on the interface, or what a virtual interface takes. */
  | { readonly kind: 'interface'; readonly interface: string }
  | { readonly kind: 'nowhere' }
  /** Not by this table: the rules after the one that led to it are asked. */
  | { readonly kind: 'next-table' }

export interface SteeringRule extends Written {
  readonly match: PacketMatch
  /** With which addresses: those on the wire, or those after destination NAT. */
  readonly asked: 'before-translation' | 'at-routing'
  /** `unknown`: another way than the main table says, which was not followed. */
  readonly to: { readonly kind: 'table'; readonly table: string } | { readonly kind: 'unknown' }
  readonly doubt?: Doubt
}

/** Rules that are asked one after the other: the first that takes a packet and does not let it go on decides. */
export interface RuleSet extends Written {
  /** As people call it: `source`, `WAN_IN`, `table ip nat chain POSTROUTING`. */
  readonly name: string
  readonly rules: readonly DeviceRule[]
  /** What becomes of a packet in a filter that no rule decides; `return`: the rules behind the call of the set are asked. */
  readonly fallback: 'accept' | 'drop' | 'reject' | 'return'
  /** Where the fallback is written, unless that is `line`. */
  readonly fallbackLine?: number
  /** Where rules can be put into it. */
  readonly written?: WrittenSet
  /** What lets packets pass where no rule can, in an imperative. */
  readonly remedy?: string
}

/** How the device's configuration names a set of rules. */
export interface WrittenSet {
  readonly path: readonly string[]
  /** The numbers that are taken, also by rules that are switched off; empty where rules have none. */
  readonly numbers: readonly number[]
  /** Of a set that is not there yet: the words behind which its name makes the device ask it. */
  readonly binding?: readonly string[]
  /** What else must be set for that binding, as whole lines. */
  readonly needs?: readonly (readonly string[])[]
}

/** A set that packets meet by themselves. What comes back out of it is accepted. */
export interface RuleList extends RuleSet {
  readonly hook: Hook
  /** Only packets of this family meet it; `undefined` for both. */
  readonly family?: 4 | 6
  /** Lower is asked first; of equal ones the first in `lists`. */
  readonly priority: number
  /**
   * Of all lists of one translation the first that translates decides, and a rule that exempts ends its own list only; of filters
   * each is asked.
   */
  readonly kind: 'source-nat' | 'destination-nat' | 'filter'
  /**
   * Where a session is one of an interface: a filter is not asked of what belongs to a session of the interface that the packet comes in by,
   * or leaves by.
   */
  readonly sparesSessions?: readonly ('in' | 'out')[]
}

export interface DeviceRule extends Written {
  /** `undefined` where the platform has no numbers. A rule for a group of addresses may come several times with one number. */
  readonly number: number | undefined
  readonly match: PacketMatch
  readonly action: RuleAction
  readonly description: string | undefined
  /** Something of it was not understood: whether it takes a packet that meets `match`, and what it does, is not known. */
  readonly doubt?: Doubt
  /**
   * What it accepts or translates makes a session of the interface where it is asked, to which packets of both ways belong, or answers
   * alone; otherwise the device keeps none, or one that no filter spares.
   */
  readonly makesSession?: 'both-ways' | 'answers'
}

export type RuleAction =
  /**
   * The first bits become those of the target, the rest is kept. Only where match and target have the same length is that one to one.
   * `ports`: those of the translated side.
   */
  | { readonly kind: 'map'; readonly to: Prefix; readonly ports?: PortRange }
  /** One of several addresses, not a fixed one. */
  | { readonly kind: 'pool'; readonly first: Address; readonly last: Address; readonly ports?: PortRange }
  /** The address of the interface that the packet leaves by. */
  | { readonly kind: 'masquerade'; readonly ports?: PortRange }
  /** This list does not translate the packet. */
  | { readonly kind: 'exempt' }
  /** What is accepted is not asked by the rest of its list. */
  | { readonly kind: 'accept' | 'drop' | 'reject' }
  /** Asks another set; `isFinal`: what comes back out of it leaves the set of this rule as well. Sets do not call themselves. */
  | { readonly kind: 'jump'; readonly to: RuleSet; readonly isFinal: boolean }
  /** Leaves the set: the rules behind its call are asked; what leaves a list is accepted by it. */
  | { readonly kind: 'return' }
  /** Could be any of them. */
  | { readonly kind: 'unknown' }

/** `other`: none of these (EAP, XAuth, several rounds). `unknown`: nothing is written, or everything is accepted. */
export type Authentication = 'key' | 'certificate' | 'public-key' | 'other' | 'unknown'

/** The IPsec connection to one peer, as it is configured. */
export interface DeviceTunnel extends Written {
  /** As the device calls it; natplan's own by the name of the peer. */
  readonly name: string
  readonly local: DeviceEnd
  readonly remote: DeviceEnd
  /** What it answers to; it begins with the highest. */
  readonly versions: readonly (1 | 2)[]
  readonly ike: readonly IkeOffer[]
  readonly esp: readonly EspOffer[]
  /** Some offer was left out because an algorithm is not known, so that offers that do not meet are not known to differ. */
  readonly isWhole: boolean
  /** Seconds. */
  readonly lifetimes: { readonly ike: number; readonly esp: number }
  readonly deadPeer: DeadPeer
  /** How it proves who it is. */
  readonly authentication: Authentication
  /** How the other end must, where that is another way. */
  readonly expects?: Authentication
  /** The certificate of this end and the authority of the other one's, as the device calls them. */
  readonly certificates?: { readonly certificate: string | undefined; readonly ca: string | undefined }
  /** A digest of the pre-shared key, made with one secret salt for all devices of a world; `undefined`: not known. */
  readonly keyDigest: string | undefined
  /** Why the daemon takes none of the pre-shared keys that are written, or which of them is not known. */
  readonly keyLack?: { readonly what: string; readonly isCertain: boolean }
  readonly start: Start
  readonly forceNatTraversal: boolean
  /** Whether it can move to another address (MOBIKE, RFC 4555), where that is known. */
  readonly mobike?: boolean
  readonly children: readonly TunnelChild[]
  /**
   * What its daemon runs as it goes down, where its virtual interface stays up: a script that takes the routes into an interface away, or one
   * of which that is not known.
   */
  readonly whenDown?: { readonly takesRoutesInto: string } | { readonly doubt: Doubt }
  /** Something of it was not understood, so that what it carries is not known. */
  readonly doubt?: Doubt
}

export interface DeviceEnd {
  readonly address: NamedAddress
  /** The IKE identity; `undefined`: the address, which is not known; `%any`: every identity is accepted. */
  readonly identity: string | undefined
}

/** Algorithms by their common names (`aes256`, `aes256gcm128`, `chacha20poly1305`; `sha256`; group 31 is curve25519). */
export interface IkeOffer {
  readonly encryption: string
  /** Integrity; `undefined` with ciphers that bring their own. */
  readonly hash: string | undefined
  /** `undefined`: that of the integrity. */
  readonly prf: string | undefined
  readonly dhGroup: number
}

export interface EspOffer {
  readonly encryption: string
  readonly hash: string | undefined
  /** Perfect forward secrecy; `undefined` for none. */
  readonly dhGroup: number | undefined
  /** Extended sequence numbers, where the configuration says so. */
  readonly extendedSequence: boolean | undefined
}

/** One pair of prefixes of a tunnel. */
export interface TunnelChild extends Written {
  readonly name: string
  /** As the device numbers it (`tunnel 1`). */
  readonly number: number | undefined
  /** `pass`: such packets leave as they are; `drop`: they do not. */
  readonly kind: 'protect' | 'pass' | 'drop'
  readonly local: Prefix
  readonly remote: Prefix
  /** Where it carries some protocol or ports only: seen from this device, for packets on their way out. */
  readonly only?: Pick<PacketMatch, 'protocol' | 'sourcePort' | 'destinationPort'>
  /**
   * The virtual interface in front of it: `route` (VTI, XFRM: only what is routed there is asked), `feature` (vfp: where NAT is done for
   * packets of a policy-based tunnel).
   */
  readonly through: { readonly kind: 'route' | 'feature'; readonly interface: string } | undefined
  /** The first in this order takes the packet; of equal ones the longer prefixes. Lower is asked first; `undefined`: the platform's own. */
  readonly priority: number | undefined
  readonly start: Start
}

export type PlacedClamp = Clamp & Written
