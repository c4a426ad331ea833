import type { Address } from '../address/address.ts'
import type { Prefix } from '../address/prefix.ts'
import type { Device, Doubt } from '../device/device.ts'

/**
 * What trace and verify look at: gateways as they are configured, and what stands behind them. It comes from a plan, from
 * configurations that anybody wrote, or from both; a packet does not know the difference.
 */
export interface World {
  /** By name. */
  readonly sites: ReadonlyMap<string, WorldSite>
}

export interface WorldSite {
  readonly name: string
  readonly device: Device
  /** The real prefixes whose hosts talk through the tunnels. */
  readonly subnets: readonly Prefix[]
  /** Parts of them that no host has, as a plan says; missing without one. */
  readonly free?: readonly Prefix[]
  /** Other space behind the gateway that the plan names or the device shows. */
  readonly otherNetworks: readonly Prefix[]
  /** What of them only routes tell of: a summary holds space that nobody has as well. */
  readonly routedNetworks?: readonly Prefix[]
  /** Addresses of the gateway itself and, behind a NAT, those that peers send to. */
  readonly addresses: readonly Address[]
  /** The name under which peers look its address up, where the plan says so. */
  readonly hostName?: string
  /** Those of them that were concluded from where peers send to, each with the private address that its tunnels start from. */
  readonly reachedAt?: readonly ReachedAddress[]
  /** Where the internet is and where the site's hosts are, concluded where the device does not show it. */
  readonly sides: Sides
  /** Groups of nodes whose routing is known; hosts of other sites have a default route to the gateway. */
  readonly nodes: readonly NodeGroup[]
}

export interface ReachedAddress {
  readonly own: Address
  /** What the NAT in front turns into `own`, if the peer is right. */
  readonly address: Address
}

/** Names of interfaces by what is behind them. */
export interface Sides {
  /** Those that default routes lead through and that tunnels start from; in the order of preference, backups last. */
  readonly uplinks: readonly string[]
  /** Where the subnets are, an uplink too where a gateway has but one; `undefined` when nothing tells: some interface that is no uplink. */
  readonly inside: string | undefined
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
  /** Only some of the packets go there. */
  readonly doubt?: Doubt
}
