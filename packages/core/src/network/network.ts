import type { Address } from '../address/address.ts'
import type { NamedAddress } from '../address/named-address.ts'
import type { Prefix } from '../address/prefix.ts'
import type { Path } from '../finding.ts'
import type { HostName, SiteName } from './names.ts'
import type { Platform } from './platforms.ts'

/** What the rules of translation work on: the plan file with every prefix parsed and every default filled in. */
export interface Network {
  /** IPv4 space that translated prefixes are drawn from, in order of preference. */
  readonly pools: readonly Prefix[]
  readonly avoid: readonly Prefix[]
  /** Public space that translated prefixes may lie in. */
  readonly own: readonly Prefix[]
  /** By name, sorted: the order in the file has no influence on a plan. */
  readonly sites: ReadonlyMap<SiteName, Site>
  /** `undefined` when the file lists none: then every pair of sites is taken as connected. */
  readonly tunnels: readonly Tunnel[] | undefined
  /** Pairs of sites without a tunnel of their own, each once. */
  readonly transits: readonly Transit[]
  /** In the order in which the lock follows them. */
  readonly moves: readonly Move[]
}

/** A site that has another name than the lock says. */
export interface Move {
  readonly from: SiteName
  readonly to: SiteName
  readonly path: Path
}

export interface Site {
  readonly name: SiteName
  readonly subnets: readonly Subnet[]
  /** Space in use that no tunnel reaches: reserved, pod and service ranges. */
  readonly reserved: readonly Reserved[]
  /** Those that the plan names, by name. */
  readonly hosts: readonly Host[]
  /** Which the site has of its own: hosts without a dot in their name are in it. */
  readonly domain: HostName | undefined
  readonly kubernetes: Kubernetes | undefined
  readonly gateway: Gateway | undefined
}

export interface Subnet {
  readonly site: SiteName
  readonly prefix: Prefix
  readonly name: string | undefined
  /** A subnet with a pin, or that hides, is translated always. */
  readonly translate: 'auto' | 'always' | 'never'
  /** The pin. */
  readonly translateTo: Prefix | undefined
  /** The few addresses that all of its hosts have towards the peers: only they open connections, but for `forwards`. */
  readonly hideBehind: Prefix | undefined
  readonly forwards: readonly Forward[]
  /** Parts of it that no host has: single hosts of other sites may be called by addresses there. */
  readonly free: readonly FreePart[]
  readonly path: Path
}

/** A host that has a name. */
export interface Host {
  readonly name: HostName
  readonly addresses: readonly Address[]
  readonly path: Path
}

export interface FreePart {
  readonly prefix: Prefix
  readonly path: Path
}

/** A port of the address that a subnet hides behind, and what it leads to. */
export interface Forward {
  readonly protocol: 'tcp' | 'udp'
  readonly port: number
  readonly to: Address
  readonly toPort: number
  readonly path: Path
}

export interface Reserved {
  readonly kind: 'reserved' | 'pods' | 'services'
  readonly prefix: Prefix
  readonly path: Path
}

/** The cluster of a site. */
export interface Kubernetes {
  /** Groups of nodes whose routes lead to the same gateway; a single one without a name when all nodes are alike. */
  readonly nodePools: readonly NodePool[]
  readonly podSubnets: readonly Prefix[]
  readonly serviceSubnets: readonly Prefix[]
  readonly podEgress: 'masquerade' | 'routed'
  readonly agent: AgentSettings
  readonly path: Path
}

export interface NodePool {
  readonly name: string | undefined
  /** The route of exactly this prefix names the private gateway, unless the gateway is given. */
  readonly privateNetwork: Prefix
  readonly gateway: Address | undefined
  readonly nodeSelector: Readonly<Record<string, string>>
  readonly tolerations: readonly Toleration[]
  readonly path: Path
}

/** How the route agent runs on the nodes. */
export interface AgentSettings {
  readonly namespace: string
  readonly image: string
  readonly priorityClassName: string | undefined
  /** Seconds. */
  readonly interval: number
  /** Nodes that a rollout may leave without a ready agent: a number, or a share such as `10%`. */
  readonly maxUnavailable: number | string
  readonly metric: number
  readonly resources: {
    readonly requests: Readonly<Record<string, string>>
    readonly limits: Readonly<Record<string, string>>
  }
}

/** As Kubernetes writes it. */
export interface Toleration {
  readonly key?: string
  readonly operator?: 'Equal' | 'Exists'
  readonly value?: string
  readonly effect?: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute'
  readonly tolerationSeconds?: number
}

/** Where tunnels end. */
export interface Outside {
  readonly interface: string
  /** What the interface has: known, or whatever it gets. */
  readonly address: NamedAddress
  /** What peers send to: `address` itself, the address of the NAT in front of it, or a host name; nothing where that changes. */
  readonly publicAddress: NamedAddress
  /** The path MTU towards the peers. */
  readonly mtu: number
}

export interface Uplink extends Outside {
  /** The router behind it, where the plan names it. */
  readonly nextHop: Address | undefined
  /** The IKE identity of the gateway there. */
  readonly identity: string
  readonly path: Path
}

export interface Gateway {
  readonly platform: Platform
  readonly outside: Outside
  /** Further ways to the internet, by name. */
  readonly uplinks: ReadonlyMap<string, Uplink>
  readonly inside: { readonly interface: string } | undefined
  /** The IKE identity. */
  readonly identity: string
  /** The virtual interface behind the tunnels, on platforms that have one. */
  readonly virtualInterface: { readonly name: string; readonly address: Prefix }
  readonly ruleBase: number
  /** The first number of the virtual interfaces that tunnels are bound to. */
  readonly interfaceBase: number
  /** Sets of its own firewall that get rules for the tunnels; `undefined` where the plan names none. */
  readonly firewall: readonly PlannedFilterSet[] | undefined
  readonly path: Path
}

/** Which packets of the tunnels a set of filters is for: of hosts, or of the gateways themselves. */
export const firewallRoles = ['fromPeers', 'toPeers', 'gatewayIn', 'gatewayOut'] as const
export type FirewallRole = (typeof firewallRoles)[number]

export interface FirewallSet {
  readonly role: FirewallRole
  /** In the words of the platform. */
  readonly name: string
  /** The number of its first rule, where rules have numbers. */
  readonly first: number
}

export interface PlannedFilterSet extends FirewallSet {
  /** Whether the plan file names the number. */
  readonly isNumbered: boolean
  readonly path: Path
}

export interface Tunnel {
  readonly sites: readonly [SiteName, SiteName]
  readonly preSharedKey: { readonly env: string } | { readonly file: string } | undefined
  /** The certificates of both ends, where they prove by such who they are; `undefined` with a key. */
  readonly certificates: ReadonlyMap<SiteName, CertificateNames> | undefined
  /** `undefined` for no wish: modern where both gateways can. */
  readonly proposal: 'modern' | 'compatible' | ExplicitProposal | undefined
  readonly settings: TunnelSettings
  readonly form: TunnelForm
  /** The site whose gateway does all translation; `undefined`: each does that of its own subnets. */
  readonly translateAt: SiteName | undefined
  /** The uplink that it uses, by site; `outside` at the others. */
  readonly uplinks: ReadonlyMap<SiteName, string>
  readonly path: Path
}

/** How packets get into a tunnel: by its selectors, or by routes to a virtual interface. */
export type TunnelForm =
  | { readonly mode: 'policy' }
  | {
      readonly mode: 'route'
      /** All packets that are routed there, or those of the visible prefixes only. */
      readonly takes: 'any' | 'narrow'
      /** The network of the two virtual interfaces. */
      readonly link: Prefix | undefined
    }

/** Two sites that talk over the gateway of a third one, to which both have a tunnel. */
export interface Transit {
  readonly sites: readonly [SiteName, SiteName]
  readonly through: SiteName
  readonly path: Path
}

/** What a device has that its gateway proves by who it is, and by what it knows its peer: names, never what they stand for. */
export interface CertificateNames {
  readonly certificate: string
  /** The authority that both ends trust. */
  readonly ca: string
}

/** How a tunnel behaves, beside its algorithms. */
export interface TunnelSettings {
  /** `undefined` for the newest that both gateways can. */
  readonly ikeVersion: 1 | 2 | undefined
  /** Seconds. */
  readonly ikeLifetime: number
  readonly espLifetime: number
  readonly deadPeer: DeadPeer
  readonly forceNatTraversal: boolean
  /** One for both gateways, or by site; a site that is not named does what fits. */
  readonly start: Start | ReadonlyMap<SiteName, Start> | undefined
}

export type Start = 'trap' | 'initiate' | 'respond'

export interface DeadPeer {
  readonly action: 'restart' | 'clear' | 'trap'
  /** Seconds. */
  readonly interval: number
  readonly timeout: number
}

export interface ExplicitProposal {
  readonly ike: { readonly encryption: string; readonly hash: string; readonly dhGroup: number }
  readonly esp: { readonly encryption: string; readonly hash: string | undefined; readonly dhGroup: number }
}
