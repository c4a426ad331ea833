import type { Address } from '../address/address.ts'
import type { Prefix } from '../address/prefix.ts'
import type { Platform } from '../network/written.ts'
import type { EspProposal, IkeProposal, ParsedPolicy } from '../policy/parsed-policy.ts'

/**
 * What trace and verify look at: gateways as they are configured, and what stands behind them. It comes from a plan or from
 * configurations that anybody wrote; a packet does not know the difference.
 */
export interface World {
  /** By name. */
  readonly sites: ReadonlyMap<string, TracedSite>
}

export interface TracedSite {
  readonly name: string
  readonly gateway: ConfiguredGateway
  /** The real prefixes whose hosts talk through the tunnels. */
  readonly subnets: readonly Prefix[]
  /** Other space behind the gateway. */
  readonly otherNetworks: readonly Prefix[]
  /** Groups of nodes whose routing is known; hosts of other sites have a default route to the gateway. */
  readonly nodes: readonly NodeGroup[]
}

export interface ConfiguredGateway {
  readonly platform: Platform
  readonly policy: ParsedPolicy
  readonly outside: {
    /** `undefined` when the configuration does not tell: then every rule that names an interface is taken to mean it. */
    readonly interface: string | undefined
    /** The address of the gateway itself and, behind a NAT, the one that peers send to. */
    readonly addresses: readonly Address[]
  }
  readonly inside: { readonly interface: string | undefined }
  /** Static routes beside those of the policy; the longest prefix wins, and everything else leaves on the outside. */
  readonly staticRoutes: readonly StaticRoute[]
  /** All offers of each tunnel, by its name; a tunnel that is missing has those of its policy only. */
  readonly proposals: ReadonlyMap<string, Proposals>
  /** A digest of each tunnel's pre-shared key, by its name, made with one secret salt for all gateways; missing: not known. */
  readonly keyDigests: ReadonlyMap<string, string>
  /** Where the configuration comes from; `undefined` when natplan derived it itself. */
  readonly written: WrittenConfig | undefined
}

export interface Proposals {
  readonly ike: readonly IkeProposal[]
  readonly esp: readonly EspProposal[]
}

export interface StaticRoute {
  readonly prefix: Prefix
  readonly to: 'inside' | 'outside' | 'nowhere'
}

export interface WrittenConfig {
  readonly file: string
  /** The line, counted from 1, of the very rules, tunnels, selectors and routes of the policy. */
  readonly lines: ReadonlyMap<object, number>
}

/** Worker nodes with one set of routes. */
export interface NodeGroup {
  readonly name: string | undefined
  /** The longest prefix wins; what none covers cannot be sent. */
  readonly routes: readonly NodeRoute[]
  readonly podSubnets: readonly Prefix[]
  /** Whether pods leave with the address of their node. */
  readonly podEgress: 'masquerade' | 'routed'
  /** Reverse-path filtering on the private interface (RFC 3704): strict, loose, or none. */
  readonly reversePath: 'strict' | 'loose' | 'off'
}

export interface NodeRoute {
  readonly prefix: Prefix
  /** `link`: neighbours on the private interface; `gateway`: the private gateway; `cluster`: pods and services. */
  readonly to: 'link' | 'gateway' | 'public' | 'cluster'
  /** The route agent keeps this one. */
  readonly isManaged?: boolean
}
