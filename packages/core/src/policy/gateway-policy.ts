import type { Address } from '../address/address.ts'
import type { NamedAddress } from '../address/named-address.ts'
import type { Prefix } from '../address/prefix.ts'
import type { SiteName } from '../network/names.ts'
import type { CertificateNames, DeadPeer, FirewallSet, Start } from '../network/network.ts'
import type { Platform } from '../network/platforms.ts'

/** Everything one gateway must do, free of any vendor: whoever renders it has no choice left. */
export interface GatewayPolicy {
  readonly site: SiteName
  readonly platform: Platform
  readonly outside: {
    readonly interface: string
    readonly address: NamedAddress
    /** What peers send to, where a NAT in front of the gateway has another address; missing where it is the same. */
    readonly publicAddress?: NamedAddress
  }
  readonly inside: { readonly interface: string } | undefined
  /** By peer. */
  readonly tunnels: readonly TunnelPolicy[]
  /** Peers that bring the tunnel up when they are configured and do not try again, so that this gateway should be first; missing for none. */
  readonly peersThatTryOnce?: readonly SiteName[]
  /** By direction (source first), then number: the order in which the gateway tries them. */
  readonly nat: readonly NatRule[]
  /** Virtual interfaces that the platform needs behind the tunnels. */
  readonly interfaces: readonly VirtualInterface[]
  /** Routing tables beside the main one. */
  readonly vrfs: readonly Vrf[]
  /** Static routes that the platform needs so that packets for the peers reach the tunnel; sorted. */
  readonly routes: readonly GatewayRoute[]
  /** Addresses of peers that hosts of this site take for neighbours, so that the gateway must answer ARP for them; missing for none. */
  readonly proxied?: readonly ProxiedAddress[]
  /**
   * What only the peers call this site's subnets; sorted. No packet for it leaves: a route to nowhere, or a guard, takes what no destination
   * rule took.
   */
  readonly discards: readonly Prefix[]
  /** Where the TCP maximum segment size is set, so that what passes fits through every tunnel; by interface. */
  readonly clamps: readonly Clamp[]
  /** Sets of the gateway's own firewall that get rules for the tunnels; missing for none. */
  readonly firewall?: readonly FirewallSet[]
}

/**
 * `feature`: NAT is done there for packets of policy-based tunnels (vfp); `tunnel`: leads into the tunnel that is bound to it (VTI, XFRM);
 * `cable`: what goes in comes out of the one that it joins (veth).
 */
export interface VirtualInterface {
  readonly kind: 'feature' | 'tunnel' | 'cable'
  readonly name: string
  /** A single address is a network of its own. */
  readonly address: InterfaceAddress | undefined
  /** The tunnel that it is for; missing where it is for all. */
  readonly peer?: SiteName
  /** The VRF that it belongs to, unless that is the main table. */
  readonly vrf?: string
  /** The other end of a cable. */
  readonly joins?: string
}

export interface InterfaceAddress {
  readonly address: Address
  readonly network: Prefix
}

/** An address that the gateway answers ARP for on an interface. */
export interface ProxiedAddress {
  readonly address: Address
  readonly interface: string
}

/** A routing table of its own. */
export interface Vrf {
  readonly name: string
  readonly table: number
}

export interface Clamp {
  /** `undefined` for all interfaces at once. */
  readonly interface: string | undefined
  /** Bytes. */
  readonly mss: number
}

/** The IPsec connection to one peer. */
export interface TunnelPolicy {
  /** The peer's name, with that of an uplink where there are several tunnels to it: names on the device are made of it. */
  readonly peer: SiteName
  /** The site at the other end. */
  readonly site: SiteName
  /** The interface of the outside by which its packets leave. */
  readonly interface: string
  readonly local: TunnelEnd
  readonly remote: TunnelEnd
  readonly ike: IkeSettings
  readonly esp: EspSettings
  /** How both gateways prove who they are. */
  readonly authentication: TunnelAuthentication
  /**
   * Who brings the tunnel up. `trap`: a packet that matches a selector does, and none leaves unencrypted before; `initiate`: the
   * gateway by itself at once; `respond`: only the peer.
   */
  readonly start: Start
  /** The same for the gateway at the other end; missing where it is not known. */
  readonly peerStart?: Start
  /** Its packets go in UDP 4500 and never as ESP: a NAT lies between the gateways, or they are told to; missing where nothing says so. */
  readonly inUdp?: true
  /** Encapsulate in UDP 4500 even when no NAT is detected between the gateways. */
  readonly forceNatTraversal: boolean
  /** In translated terms on both ends, by number. */
  readonly selectors: readonly Selector[]
  /** The virtual interface in front of it, where it has one. */
  readonly through: TunnelInterface | undefined
}

/** `feature` as in `VirtualInterface`; `route`: the tunnel takes what is routed there, of all packets or those of its selectors only. */
export type TunnelInterface =
  | { readonly kind: 'feature'; readonly interface: string }
  | { readonly kind: 'route'; readonly interface: string; readonly takes: 'any' | 'narrow' }

export type TunnelAuthentication =
  | { readonly kind: 'key' }
  | { readonly kind: 'certificate'; readonly names: CertificateNames }

export interface TunnelEnd {
  /** The address of the outer packets; `any` for a peer that nobody can call. */
  readonly address: NamedAddress
  /** The IKE identity; the address as text unless set. */
  readonly identity: string
}

/** One pair of prefixes that the tunnel carries. */
export interface Selector {
  /** Out of the lock; the NAT rules of the same pair have it too, but for what some platforms add for source rules. */
  readonly number: number
  /** Those of other rules for what looks the same in the tunnel: further subnets that hide behind `local`, and forwards to their hosts. */
  readonly also?: readonly number[]
  readonly local: Prefix
  readonly remote: Prefix
  /** What hosts of the site call the remote prefix, where this gateway translates for the peer as well. */
  readonly visible?: Prefix
  /** Whose prefixes the two are, where one of them is of a site beyond the ends of the tunnel; `undefined`: of several. */
  readonly between?: { readonly local: SiteName | undefined; readonly remote: SiteName | undefined }
}

/** The algorithms of one proposal, by natplan's own names; a platform folder maps them to the device's words. */
export type Encryption = 'aes128' | 'aes192' | 'aes256' | 'aes128gcm128' | 'aes256gcm128' | '3des'
export type Hash = 'md5' | 'sha1' | 'sha256' | 'sha384' | 'sha512'
/** Diffie-Hellman group numbers of the IANA registry. */
export type DhGroup = 2 | 5 | 14 | 15 | 16 | 17 | 18 | 19 | 20 | 21

export interface IkeSettings {
  readonly version: 1 | 2
  readonly encryption: Encryption
  /** Integrity and PRF; with GCM the PRF alone. */
  readonly hash: Hash
  readonly dhGroup: DhGroup
  /** Seconds. */
  readonly lifetime: number
  readonly deadPeer: DeadPeer
}

export interface EspSettings {
  readonly encryption: Encryption
  /** `undefined` with GCM, which brings its own integrity. */
  readonly hash: Hash | undefined
  /** Perfect forward secrecy; `undefined` for none. */
  readonly dhGroup: DhGroup | undefined
  /** Seconds. */
  readonly lifetime: number
}

/** One NAT rule; a packet takes the first that matches. */
export interface NatRule {
  readonly direction: 'source' | 'destination'
  readonly number: number
  /** Outgoing for source rules, incoming for destination rules; `undefined` for any. */
  readonly interface: string | undefined
  /** `undefined` for any address. */
  readonly source: Prefix | undefined
  readonly destination: Prefix | undefined
  /** The packets of one port alone; missing for all. */
  readonly service?: Service
  readonly action: NatAction
  readonly description: string | undefined
}

interface Service {
  readonly protocol: 'tcp' | 'udp'
  /** The destination's. */
  readonly port: number
}

/** Port numbers, both ends included. */
export interface PortRange {
  readonly first: number
  readonly last: number
}

/** `ports`: the ports of the translated side, where a rule names some. */
export type NatAction =
  /** Host bits are kept when match and target have the same length. */
  | { readonly kind: 'map'; readonly to: Prefix; readonly ports?: PortRange }
  /** The packet passes untouched and no further rule is tried. */
  | { readonly kind: 'exempt' }
  | { readonly kind: 'masquerade'; readonly ports?: PortRange }
  /** A pool of addresses, not one to one. */
  | { readonly kind: 'pool'; readonly first: Address; readonly last: Address; readonly ports?: PortRange }

export interface GatewayRoute {
  readonly prefix: Prefix
  /** To a virtual interface, to the other end of a cable, or nowhere. */
  readonly to:
    | { readonly kind: 'interface'; readonly interface: string }
    | { readonly kind: 'via'; readonly address: Address; readonly interface: string }
    | { readonly kind: 'nowhere' }
  /** The VRF in whose table it stands, unless that is the main one. */
  readonly vrf?: string
  /** Of several for one prefix the lowest is in use. */
  readonly distance: number
}
