import type { Family } from '../address/bits.ts'
import { knownOf } from '../address/named-address.ts'
import { Prefix } from '../address/prefix.ts'
import { type Finding, findingOf, inPlan } from '../finding.ts'
import type { Gateway } from '../network/network.ts'
import { abilities } from './abilities.ts'
import type { Connection } from './connections.ts'
import type { Clamp, GatewayRoute, VirtualInterface } from './gateway-policy.ts'
import { segmentSize } from './mtu.ts'
import type { NumberedSubnetPair } from './subnet-pairs.ts'

/** The interface that NAT rules name, and the virtual one behind the selectors where the platform has one. */
export function natInterface({ platform, outside, virtualInterface }: Gateway): {
  readonly nat: string
  readonly interface: string | undefined
} {
  if (!abilities[platform].virtualInterface) return { nat: outside.interface, interface: undefined }
  return { nat: virtualInterface.name, interface: virtualInterface.name }
}

export function virtualInterfacesOf({ platform, virtualInterface }: Gateway): VirtualInterface[] {
  return abilities[platform].virtualInterface ? [virtualInterface] : []
}

/**
 * Routes to the virtual interface. IPSec puts a kernel route of the remote prefix's own length towards the outside, which wins
 * over a static one of that length; so each prefix gets two routes that are one bit longer. A single address cannot be halved.
 */
export function routesOf(
  gateway: Gateway,
  pairs: readonly NumberedSubnetPair[],
): { readonly routes: readonly GatewayRoute[]; readonly findings: readonly Finding[] } {
  const { interface: target } = natInterface(gateway)
  if (target === undefined) return { routes: [], findings: [] }
  const remotes = new Map(
    pairs.map(({ peer, remote }) => [remote.visible.toString(), { peer, prefix: remote.visible }]),
  )
  const routes = [...remotes.values()]
    .flatMap(({ prefix }) => halvesOf(prefix))
    .sort(Prefix.compare)
    .map((prefix) => ({ prefix, interface: target }))
  const single = [...remotes.values()].filter(({ prefix }) => halvesOf(prefix).length === 1)
  return {
    routes,
    findings: single.map(({ peer, prefix }) =>
      findingOf('ROUTE_SINGLE_ADDRESS', inPlan(gateway.path), {
        message: `${prefix} of ${peer} is a single address: its route to ${target} is as long as the one that IPSec makes`,
        hint: `list a /30 or larger at ${peer}, or look at "show ip route" when the tunnel is up`,
      }),
    ),
  }
}

function halvesOf(prefix: Prefix): Prefix[] {
  const isSingle = prefix.bits === prefix.lastBits
  if (isSingle) return [prefix]
  return [Prefix.fromBits(prefix.bits, prefix.length + 1), Prefix.fromBits(prefix.lastBits, prefix.length + 1)]
}

/** Both ends have addresses of one family; where neither is known, the larger header is counted. */
function outerFamily(one: Gateway, other: Gateway): Family {
  const [known] = knownOf([other.outside.publicAddress, one.outside.publicAddress, one.outside.address])
  return known?.family ?? 6
}

/** One segment size for the whole gateway: the smallest that any of its tunnels needs. */
export function clampsOf(
  gateway: Gateway,
  connections: readonly Connection[],
  pairs: readonly NumberedSubnetPair[],
): { readonly clamps: readonly Clamp[]; readonly findings: readonly Finding[] } {
  if (connections.length === 0) return { clamps: [], findings: [] }
  const inner = pairs.some(({ local }) => local.visible.family === 6) ? 6 : 4
  const sizes = connections.map(({ peer, algorithms, settings }) => {
    const mtu = Math.min(gateway.outside.mtu, peer.gateway.outside.mtu)
    const outer = outerFamily(gateway, peer.gateway)
    return segmentSize({ ...algorithms.esp, lifetime: settings.espLifetime }, { mtu, outer, inner })
  })
  const mss = Math.min(...sizes)
  const targets = clampTargets(gateway)
  if (targets.length > 0) return { clamps: targets.map((target) => ({ interface: target, mss })), findings: [] }
  return {
    clamps: [],
    findings: [
      findingOf('MSS_BY_HAND', inPlan(gateway.path), {
        message: `${gateway.platform} cannot limit the TCP segment size to ${mss} on an interface: large transfers may stall`,
        hint: `limit the segment size to ${mss} at the other end of the tunnel or on the hosts`,
      }),
    ],
  }
}

function clampTargets({ platform, outside, inside, virtualInterface }: Gateway): (string | undefined)[] {
  switch (abilities[platform].clamp) {
    case 'sides':
      return [...new Set([outside.interface, ...(inside ? [inside.interface] : [])])].sort()
    case 'virtual':
      return [virtualInterface.name]
    case 'everywhere':
      return [undefined]
    case 'none':
      return []
  }
}
