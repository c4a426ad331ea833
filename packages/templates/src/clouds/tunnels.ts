import {
  textOf as addressText,
  cableOf,
  type GatewayPolicy,
  type NatRule,
  Prefix,
  type TunnelPolicy,
} from '@natplan/core'

/** A tunnel with what a cloud's objects are made of. */
export interface CloudTunnel {
  readonly tunnel: TunnelPolicy
  /** The peer's name as a part of names: letters, digits and dashes. */
  readonly label: string
  /** The environment variable and the Terraform variable that hold the key. */
  readonly keyVariable: string
  readonly terraformKey: string
  /** It takes whatever is routed to it. */
  readonly takesAll: boolean
  /** What its packets call the peer's subnets: where routes lead. */
  readonly remotes: readonly Prefix[]
  /** Rules for the site's own subnets, and those for the peer's; each prefix once. */
  readonly egress: readonly Mapping[]
  readonly ingress: readonly Mapping[]
}

/** `internal`: the name on the side where the subnet is. */
export interface Mapping {
  readonly internal: Prefix
  readonly external: Prefix
}

export function cloudTunnels(policy: GatewayPolicy): CloudTunnel[] {
  const { nat } = policy
  return policy.tunnels.map((tunnel) => {
    const { peer, selectors, through } = tunnel
    const cable = cableOf(policy, tunnel)
    return {
      tunnel,
      label: labelOf(peer),
      keyVariable: `NATPLAN_KEY_${labelOf(peer).replaceAll('-', '_').toUpperCase()}`,
      terraformKey: `key_${labelOf(peer).replaceAll('-', '_')}`,
      takesAll: through?.kind === 'route' && through.takes === 'any',
      remotes: unique(selectors.map(({ remote }) => remote)),
      egress: mappingsOf(nat, cable?.near.name ?? through?.interface),
      ingress: mappingsOf(nat, cable?.far.name),
    }
  })
}

/** Tunnels that are one object of a cloud: both lead to one address of the peer. */
export interface CloudConnection {
  readonly first: CloudTunnel
  readonly tunnels: readonly CloudTunnel[]
}

/** In the order of the plan; an object has the name of its first tunnel. */
export function cloudConnections(tunnels: readonly CloudTunnel[]): CloudConnection[] {
  const connections = new Map<string, CloudConnection>()
  for (const one of tunnels) {
    const key = `${one.tunnel.site} ${addressText(one.tunnel.remote.address)}`
    const { first = one, tunnels: before = [] } = connections.get(key) ?? {}
    connections.set(key, { first, tunnels: [...before, one] })
  }
  return [...connections.values()]
}

/** Names of objects in every cloud may have small letters, digits and dashes. */
function labelOf(peer: string): string {
  return peer.toLowerCase().replaceAll('_', '-')
}

function mappingsOf(nat: readonly NatRule[], place: string | undefined): Mapping[] {
  const all = nat.flatMap(({ direction, interface: at, source, action }) => {
    if (direction !== 'source' || action.kind !== 'map' || !source || at === undefined || at !== place) return []
    return [{ internal: source, external: action.to }]
  })
  return [...new Map(all.map((one) => [`${one.internal} ${one.external}`, one])).values()].sort((a, b) =>
    Prefix.compare(a.internal, b.internal),
  )
}

function unique(prefixes: readonly Prefix[]): Prefix[] {
  return [...new Map(prefixes.map((one) => [one.toString(), one])).values()].sort(Prefix.compare)
}

/** A prefix as a part of a name: `10-0-1-0-24`. */
export function prefixLabel(prefix: Prefix): string {
  return prefix.toString().replaceAll(/[./:]/g, '-')
}

/** An identifier of Terraform, which has underscores. */
export function identifier(...parts: readonly string[]): string {
  return parts.join('_').replaceAll('-', '_')
}
