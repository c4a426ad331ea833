import type { Prefix } from '../address/prefix.ts'
import { PrefixSet } from '../address/prefix-set.ts'
import type { Device, NextHop, SteeringRule, Written } from '../device/device.ts'
import { interfaceOfRoute } from '../device/next-hop.ts'
import { canMeet } from '../match/meets.ts'
import type { GatewayPolicy } from './gateway-policy.ts'
import type { Unfulfilled } from './unfulfilled.ts'
import { type WantedPackets, wantedPackets } from './wanted-packets.ts'

/** Where packets for a prefix go: a written route or a connected network. */
interface Way extends Written {
  readonly kind: 'route-elsewhere' | 'network'
  readonly prefix: Prefix
  /** Of ways for one prefix the lowest counts; 0 for a connected network. */
  readonly distance: number
  /** The name of the interface; `undefined`: not known, or none. */
  readonly through: string | undefined
  /** What the route says; `undefined` for a connected network. */
  readonly to: NextHop | undefined
  readonly isDoubtful: boolean
}

/** A pair of a policy whose packets are to be routed to where they are translated. */
interface RoutedPair {
  readonly site: string
  readonly peer: string
  readonly local: Prefix
  readonly remote: Prefix
}

/** The routes, connected networks and rules for tables that take packets for peers elsewhere than to where they are translated. */
export function divertingRoutes(device: Device, policy: GatewayPolicy): Unfulfilled[] {
  const { site, outside, inside, interfaces, tunnels } = policy
  const wanted = new Set([outside.interface, ...interfaces.map(({ name }) => name)])
  const pairs = tunnels
    .flatMap(({ peer, selectors }) =>
      selectors.map(({ local, remote, visible = remote }) => ({ site, peer, local, remote: visible })),
    )
    .filter(({ local }) => !isRoutedByTunnel(device, local))
  const home = device.interfaces.find(({ name }) => name === inside?.interface)?.table ?? 'main'
  const steered = steeredPackets(device, policy)
  const tables = new Set(
    steered.flatMap(({ rule: { to } }) => (to.kind === 'table' && to.table !== home ? [to.table] : [])),
  )
  const isOther = (way: Way) => (way.through === undefined || !wanted.has(way.through)) && !isOwn(way, policy)
  return [
    ...diverted(waysOf(device, home), pairs, isOther).map(unfulfilled),
    ...[...tables].flatMap((table) => diverted(waysOf(device, table), pairs, isOther).map(unfulfilled)),
    ...steered.filter(({ rule }) => rule.to.kind === 'unknown' || rule.doubt).map((one) => mayBeSteered(one, site)),
  ]
}

/** strongSwan then puts the remote prefix into a table that is asked before the main one. */
function isRoutedByTunnel({ installsRoutes, interfaces }: Device, local: Prefix): boolean {
  return (
    installsRoutes === 'own-address' &&
    interfaces.some(({ addresses }) => addresses.some((one) => one.kind === 'known' && local.contains(one.address)))
  )
}

/** The next hop of a route of the policy is the far end of a cable. */
function isOwn({ prefix, to }: Way, { routes }: GatewayPolicy): boolean {
  return routes.some(
    (route) =>
      route.to.kind === 'via' &&
      to?.kind === 'via' &&
      route.to.address.equals(to.address) &&
      route.prefix.equals(prefix),
  )
}

interface Diverted {
  readonly way: Way
  readonly pair: RoutedPair
}

/**
 * The longest prefix decides, so a route diverts what no longer one has. One that is wider than what a peer is seen as counts only where its
 * interface is known: a default route whose next hop nobody knows is taken to lead outside.
 */
function diverted(ways: readonly Way[], pairs: readonly RoutedPair[], isOther: (way: Way) => boolean): Diverted[] {
  return ways.filter(isOther).flatMap((way) => {
    const pair = pairs.find(
      ({ remote }) =>
        way.prefix.overlaps(remote) &&
        (way.through !== undefined || remote.contains(way.prefix)) &&
        !isBeaten(way, remote, ways),
    )
    return pair ? [{ way, pair }] : []
  })
}

/** Reports whether a nearer route for the same prefix, or longer ones, take all that a way has of a prefix. */
function isBeaten({ prefix, distance }: Way, remote: Prefix, ways: readonly Way[]): boolean {
  if (ways.some((one) => one.prefix.equals(prefix) && one.distance < distance && !one.isDoubtful)) return true
  const part = prefix.contains(remote) ? remote : prefix
  const longer = ways.filter((one) => one.prefix.length > prefix.length && one.prefix.overlaps(part))
  return PrefixSet.of([part]).subtract(PrefixSet.of(longer.map((one) => one.prefix))).isEmpty
}

function waysOf(device: Device, table: string): Way[] {
  const { interfaces, routes } = device
  const connected = interfaces
    .filter((one) => one.kind !== 'virtual' && one.table === table)
    .flatMap(({ name, addresses }) =>
      addresses.flatMap((one): Way[] =>
        one.kind === 'known' && one.network.bits !== one.network.lastBits
          ? [
              {
                kind: 'network',
                prefix: one.network,
                distance: 0,
                through: name,
                to: undefined,
                isDoubtful: false,
                line: one.line,
              },
            ]
          : [],
      ),
    )
  const written = routes
    .filter((route) => route.table === table)
    .map(({ prefix, distance, to, line, doubt }): Way => {
      const through = interfaceOfRoute(device, { to, table })
      return { kind: 'route-elsewhere', prefix, distance, through, to, isDoubtful: doubt !== undefined, line }
    })
  return [...connected, ...written]
}

function unfulfilled({ way, pair }: Diverted): Unfulfilled {
  const { kind, prefix, through, to, line, isDoubtful } = way
  const { site, peer, remote } = pair
  const from = `but it is ${remote} of ${peer} from now on`
  const what =
    to === undefined
      ? `${site} has ${prefix} on ${through} itself, ${from}`
      : `${site} routes ${prefix} to ${targetText(to)}, ${from}`
  const hint =
    to === undefined
      ? `list ${prefix} as reserved at ${site}, so that no peer is seen as it`
      : 'remove the route, or avoid the prefix in the plan'
  return { kind, what, hint, isCertain: !isDoubtful, line }
}

function targetText(to: NextHop): string {
  return to.kind === 'via' ? String(to.address) : to.kind === 'interface' ? to.interface : 'nowhere'
}

interface Steered {
  readonly rule: SteeringRule
  readonly packets: WantedPackets
}

/** The rules for routing tables that may take packets on their way to a peer. */
function steeredPackets({ steering }: Device, policy: GatewayPolicy): Steered[] {
  if (steering.length === 0) return []
  const leaving = wantedPackets(policy).filter(({ way, side }) => way === 'leaving' && side === 'destination')
  return steering.flatMap((rule) => {
    const packets = leaving.find(({ match }) => canMeet(rule.match, match))
    return packets ? [{ rule, packets }] : []
  })
}

function mayBeSteered({ rule, packets }: Steered, site: string): Unfulfilled {
  const what = `a rule of ${site} may send packets to ${packets.peer} another way than its routes say`
  const hint = 'leave out what peers are seen as in that rule'
  return { kind: 'route-elsewhere', what, hint, isCertain: false, line: rule.line }
}
