import type { Prefix } from '../address/prefix.ts'
import type { GatewayPolicy, GatewayRoute, TunnelPolicy } from './gateway-policy.ts'

/** A tunnel of which another one carries the same prefixes, and the interface of the main table that its routes lead to. */
export interface TakeOver {
  readonly tunnel: TunnelPolicy
  readonly interface: string
  readonly routes: readonly GatewayRoute[]
}

/** The tunnels of which one takes over when another is down. */
export function takeOversOf({ tunnels, interfaces, routes }: GatewayPolicy): TakeOver[] {
  const main = routes.filter(({ vrf, to }) => vrf === undefined && to.kind !== 'nowhere')
  const all = tunnels.flatMap((tunnel): TakeOver[] => {
    const entry = interfaces.find(({ peer, vrf }) => peer === tunnel.peer && vrf === undefined)
    const own = main.filter(({ to }) => to.kind !== 'nowhere' && to.interface === entry?.name)
    return entry && tunnel.through?.kind === 'route' ? [{ tunnel, interface: entry.name, routes: own }] : []
  })
  return all.filter((one) =>
    all.some((other) => other !== one && other.routes.some(({ prefix }) => has(one.routes, prefix))),
  )
}

function has(routes: readonly GatewayRoute[], prefix: Prefix): boolean {
  return routes.some((route) => route.prefix.equals(prefix))
}
