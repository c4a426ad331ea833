import { cableOf } from './cables.ts'
import type { GatewayPolicy, GatewayRoute, TunnelPolicy } from './gateway-policy.ts'

/**
 * A tunnel of which another one carries the same prefixes, and the interface that its routes lead to: the tunnel's own, or the cable before it,
 * where another tunnel has none or another cable.
 */
export interface TakeOver {
  readonly tunnel: TunnelPolicy
  readonly interface: string
  readonly routes: readonly GatewayRoute[]
}

/** The tunnels of which one takes over when another is down. */
export function takeOversOf(policy: GatewayPolicy): TakeOver[] {
  const all = policy.tunnels.map((tunnel) => ({ tunnel, ways: waysOf(policy, tunnel) }))
  return all.flatMap(({ tunnel, ways }) => {
    const others = all.flatMap((one) => (one.tunnel === tunnel ? [] : one.ways))
    const competing = ways.find((way) => others.some((other) => other.interface !== way.interface && meet(way, other)))
    return competing ? [{ tunnel, ...competing }] : []
  })
}

type Way = Omit<TakeOver, 'tunnel'>

/** What leads into a tunnel: routes to its interface, and those to the cable before it. */
function waysOf(policy: GatewayPolicy, tunnel: TunnelPolicy): Way[] {
  const { through } = tunnel
  if (through?.kind !== 'route') return []
  return [through.interface, cableOf(policy, tunnel)?.near.name].flatMap((name) => {
    const routes = policy.routes.filter(({ to }) => to.kind !== 'nowhere' && to.interface === name)
    return name === undefined ? [] : [{ interface: name, routes }]
  })
}

function meet(one: Way, other: Way): boolean {
  return one.routes.some(({ prefix, vrf }) =>
    other.routes.some((route) => route.vrf === vrf && route.prefix.equals(prefix)),
  )
}
