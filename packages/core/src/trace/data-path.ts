import type { Prefix } from '../address/prefix.ts'
import type { Selector } from '../policy/gateway-policy.ts'
import type { Crossing } from './crossing.ts'
import type { RouteTarget } from './hop.ts'
import { crossingOf, type Passage } from './match-rule.ts'
import type { Nat } from './nat.ts'
import type { Packet } from './packet.ts'
import { byLength, longestMatch } from './route.ts'
import type { TracedSite } from './world.ts'

/** A packet at a gateway: from its own hosts, or out of a tunnel. */
export interface Arrival {
  readonly site: TracedSite
  readonly packet: Packet
  readonly from: 'inside' | Crossing
}

/** Where a packet leaves a gateway. */
export type Exit =
  | { readonly kind: 'inside'; readonly packet: Packet }
  | ({ readonly kind: 'tunnel'; readonly packet: Packet; readonly early?: EarlyCrossing | undefined } & Crossing)
  /** Towards the internet without a selector. `isHeld`: the platform drops it there. */
  | {
      readonly kind: 'outside'
      readonly packet: Packet
      readonly isHeld: boolean
      readonly early?: EarlyCrossing | undefined
    }
  | { readonly kind: 'nowhere'; readonly packet: Packet }

/**
 * A selector that takes a packet before source NAT. The kernel looks for one when it forwards, and again after NAT: while the first
 * one's tunnel is down its trap holds the packet, whatever NAT would have made of it.
 */
export interface EarlyCrossing {
  readonly packet: Packet
  readonly crossing: Crossing
}

/** The order in which a platform routes, translates and looks for a selector. */
export type DataPath = (arrival: Arrival, nat: Nat) => Exit

/**
 * Linux: destination NAT, then routing, then source NAT, then the selectors, which so meet translated addresses. Packets out of a
 * tunnel come in on the outside interface. Measured with Linux 6.1.
 */
export const linuxPath: DataPath = ({ site, packet: arriving, from }, nat) => {
  const { inside, outside } = passagesOf(site)
  const packet = nat.translate('destination', arriving, from === 'inside' ? inside : outside)
  const target = routeOf(site, packet, nat)
  if (target === 'nowhere') return { kind: 'nowhere', packet }
  if (target === 'inside') return { kind: 'inside', packet: nat.translate('source', packet, inside) }
  const leaving = nat.translate('source', packet, outside)
  const crossing = crossingOf(site.gateway.policy, leaving)
  const early = leaving.source === packet.source ? undefined : earlyCrossing(site, packet, crossing)
  if (crossing) return { kind: 'tunnel', packet: leaving, early, ...crossing }
  return { kind: 'outside', packet: leaving, isHeld: isGuarded(site, leaving), early }
}

function earlyCrossing({ gateway }: TracedSite, packet: Packet, late: Crossing | undefined): EarlyCrossing | undefined {
  const crossing = crossingOf(gateway.policy, packet)
  return crossing && crossing.selector !== late?.selector ? { packet, crossing } : undefined
}

/**
 * Vyatta 5600: what comes out of a tunnel comes in on the virtual interface of its selector, and what is routed to that interface meets
 * its NAT rules before the selectors; there is nothing after the rules of a real interface.
 */
export const virtualPath: DataPath = ({ site, packet: arriving, from }, nat) => {
  const { inside, outside } = passagesOf(site)
  const entry = from === 'inside' ? inside : virtualPassage(from.selector, outside)
  const packet = nat.translate('destination', arriving, entry)
  const untranslated = crossingOf(site.gateway.policy, packet)
  if (untranslated?.selector.interface !== undefined) {
    nat.steps.push({ kind: 'route', to: 'virtual', prefix: untranslated.selector.remote })
    return throughVirtual(site, packet, { nat, name: untranslated.selector.interface })
  }
  if (untranslated) return { kind: 'tunnel', packet, ...untranslated }
  const virtual = virtualRouteOf(site, packet)
  if (virtual !== undefined) {
    nat.steps.push({ kind: 'route', to: 'virtual', prefix: virtual.prefix })
    return throughVirtual(site, packet, { nat, name: virtual.interface })
  }
  const target = routeOf(site, packet, nat)
  if (target === 'nowhere') return { kind: 'nowhere', packet }
  if (target === 'inside') return { kind: 'inside', packet: nat.translate('source', packet, inside) }
  return { kind: 'outside', packet: nat.translate('source', packet, outside), isHeld: false }
}

function throughVirtual(
  site: TracedSite,
  packet: Packet,
  { nat, name }: { readonly nat: Nat; readonly name: string },
): Exit {
  const leaving = nat.translate('source', packet, { at: 'virtual', interface: name, not: undefined })
  const crossing = crossingOf(site.gateway.policy, leaving)
  if (crossing) return { kind: 'tunnel', packet: leaving, ...crossing }
  return { kind: 'outside', packet: leaving, isHeld: true }
}

function virtualPassage({ interface: name }: Selector, outside: Passage): Passage {
  return name === undefined ? outside : { at: 'virtual', interface: name, not: undefined }
}

function passagesOf({ gateway }: TracedSite): { readonly inside: Passage; readonly outside: Passage } {
  const outside = gateway.outside.interface
  const inside = gateway.inside.interface
  return {
    inside: { at: 'inside', interface: inside, not: outside },
    outside: { at: 'outside', interface: outside, not: inside },
  }
}

interface GatewayRouteEntry {
  readonly prefix: Prefix
  readonly to: Extract<RouteTarget, 'inside' | 'outside' | 'nowhere'>
}

const routeTables = new WeakMap<TracedSite, readonly GatewayRouteEntry[]>()

/** Own networks and static routes; everything else leaves on the outside. */
function routeOf(site: TracedSite, { destination }: Packet, { steps }: Nat): GatewayRouteEntry['to'] {
  let table = routeTables.get(site)
  if (!table) {
    const own = [...site.subnets, ...site.otherNetworks].map((prefix) => ({ prefix, to: 'inside' as const }))
    table = [...own, ...site.gateway.staticRoutes].sort(byLength)
    routeTables.set(site, table)
  }
  const route = longestMatch(table, destination)
  steps.push({ kind: 'route', to: route?.to ?? 'outside', prefix: route?.prefix })
  return route?.to ?? 'outside'
}

const virtualTables = new WeakMap<TracedSite, readonly VirtualRoute[]>()

interface VirtualRoute {
  readonly prefix: Prefix
  /** `undefined`: the route towards the outside that IPSec makes for each remote prefix. It wins over one of equal length. */
  readonly interface: string | undefined
}

function virtualRouteOf(
  site: TracedSite,
  { destination }: Packet,
): { readonly prefix: Prefix; readonly interface: string } | undefined {
  let table = virtualTables.get(site)
  if (!table) {
    const { tunnels, routes } = site.gateway.policy
    const made = tunnels.flatMap(({ selectors }) =>
      selectors.map(({ remote }) => ({ prefix: remote, interface: undefined })),
    )
    table = [...made, ...routes].sort(byLength)
    virtualTables.set(site, table)
  }
  const route = longestMatch(table, destination)
  return route?.interface === undefined ? undefined : { prefix: route.prefix, interface: route.interface }
}

/** The ruleset that natplan writes on Linux drops what would leave for a prefix of a peer in clear. */
function isGuarded({ gateway }: TracedSite, packet: Packet): boolean {
  if (gateway.platform !== 'linux') return false
  return gateway.policy.tunnels.some(({ selectors }) =>
    selectors.some(({ remote }) => packet.destination.isIn({ first: remote.bits, last: remote.lastBits })),
  )
}
