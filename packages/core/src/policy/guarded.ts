import type { Prefix } from '../address/prefix.ts'
import { cableOf } from './cables.ts'
import type { GatewayPolicy, TunnelPolicy } from './gateway-policy.ts'

/** What guards hold back, where a gateway has them, and the ways that they leave alone. */
export interface Guarded {
  /** What hosts here call the peers' subnets: packets for them leave encrypted only, and packets from them come in so. */
  readonly peers: readonly Prefix[]
  /** By these they may leave and come in: the inside, where the outside is not behind it too, and what leads into tunnels or out of them. */
  readonly spared: readonly string[]
  /** By these packets for what only the peers call this site go to where that is translated. */
  readonly towardsNat: readonly string[]
}

/** No gateway's address lies among the peers': core translates a subnet that holds its own gateway's. So guards never meet the tunnels' own packets. */
export function guardedBy(policy: GatewayPolicy): Guarded {
  const { tunnels, interfaces, vrfs, outside, inside } = policy
  const own = inside && inside.interface !== outside.interface ? [inside.interface] : []
  const virtual = interfaces.filter(({ kind }) => kind !== 'feature').map(({ name }) => name)
  return {
    peers: tunnels.flatMap((tunnel) => calledHere(policy, tunnel)),
    spared: [...own, ...virtual, ...vrfs.map(({ name }) => name)],
    towardsNat: interfaces.filter(({ kind, vrf }) => kind === 'cable' && vrf !== undefined).map(({ name }) => name),
  }
}

/** Where a cable leads to the tunnel, the selectors have names that are known behind it only. */
function calledHere(policy: GatewayPolicy, tunnel: TunnelPolicy): Prefix[] {
  const cable = cableOf(policy, tunnel)
  if (!cable) return tunnel.selectors.map(({ remote }) => remote)
  const { near } = cable
  return policy.routes.flatMap(({ prefix, to }) => (to.kind === 'via' && to.interface === near.name ? [prefix] : []))
}
