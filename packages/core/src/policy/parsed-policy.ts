import type { EspSettings, GatewayPolicy, IkeSettings, TunnelPolicy } from './gateway-policy.ts'

/** A tunnel as a configuration shows it; the name need not be that of a site. */
export type ParsedTunnel = Omit<TunnelPolicy, 'peer'> & { readonly peer: string }

/** The part of a policy that a configuration shows. `parse(render(policy))` gives that part of the policy. */
export type ParsedPolicy = Pick<GatewayPolicy, 'nat' | 'interfaces' | 'routes' | 'clamps'> & {
  /** By name. */
  readonly tunnels: readonly ParsedTunnel[]
}

/** One offer of algorithms for the connection between the gateways. */
export type IkeProposal = Pick<IkeSettings, 'encryption' | 'hash' | 'dhGroup'>

/** One offer of algorithms for the packets themselves. */
export type EspProposal = Pick<EspSettings, 'encryption' | 'hash' | 'dhGroup'>
