import { Address } from '../address/address.ts'
import type { Bits } from '../address/bits.ts'
import { interfaceNamed } from '../device/next-hop.ts'
import { answerTo, endsOf, type Packet } from '../match/packet.ts'
import { rangeOf } from '../match/range-set.ts'
import type { RouteEntry } from '../world/routing.ts'
import type { NodeGroup, World, WorldSite } from '../world/world.ts'
import { answers, type Connection, isChanged } from './connection.ts'
import { Doubts } from './doubts.ts'
import { withDoubts } from './explain-doubts.ts'
import { endingOfGood, placeOf } from './explain-ending.ts'
import { passGateway } from './pass-gateway.ts'
import { type Arrival, bringerOf, type Joint, type Passing } from './passing.ts'
import type { Ending, Hop, Step, Trace, Way } from './step.ts'
import { type HostVisit, leaveHost, reachHost } from './visit-host.ts'

export interface TraceOptions {
  /** Whether tunnels that can come up are taken to be up. */
  readonly tunnels?: 'up' | 'down'
  /** The group of nodes that sends or receives; the first one unless named. */
  readonly nodes?: string | undefined
}

/** More passes than any way needs: site, hub, hub, site, each twice or three times where it is joined to itself. */
const maxPasses = 16

/**
 * Follows a packet from a host of a site to where it ends, and its answer back. The packet is narrowed to the values that go the same
 * way. Costs one pass over the rules of each gateway that it meets for the first time; the answer asks no rules.
 */
export function traceFlow(world: World, from: WorldSite, packet: Packet, options: TraceOptions = {}): Trace {
  const walk = new Walk(world, options)
  const there = walk.send(from, packet, 'there')
  if (there.ending) return walk.end(there)
  const back = walk.send(there.site, answerTo(there.packet), 'back')
  if (back.ending) return walk.end(back)
  return walk.end({ ...back, ending: endingOfGood(walk.connections, (name) => world.sites.get(name)) })
}

/** Where a packet is after it was sent: at a host of `site`, or at its end. */
interface Sent {
  readonly site: WorldSite
  readonly way: Way
  readonly packet: Packet
  readonly ending?: Ending
}

class Walk {
  readonly connections: Connection[] = []
  readonly #doubts = new Doubts()
  readonly #undone = new Set<Connection>()
  readonly #broughtUp = new Set<object>()
  readonly #hops: Hop[] = []
  readonly #world: World
  readonly #options: TraceOptions

  constructor(world: World, options: TraceOptions) {
    this.#world = world
    this.#options = options
  }

  end({ ending, way, site }: Sent): Trace {
    if (!ending) throw new Error('the packet is still on its way')
    return { ...withDoubts(ending, this.#doubts, this.#world), way, site: site.name, hops: this.#hops }
  }

  /** From a host through the gateways to another host. */
  send(from: WorldSite, packet: Packet, way: Way): Sent {
    const group = this.#groupAt(from, packet.source)
    const gatewayAddress = this.#masqueradedAs(from, packet)
    const left = this.#atHost(leaveHost, { ...this.#visit(from, packet, way), group, gatewayAddress })
    if (left.ending) return left
    let arrival: Arrival = { site: from, packet: left.packet, from: 'inside', way }
    for (let passed = 0; passed < maxPasses; passed++) {
      const next = this.#follow(arrival)
      if (next.kind === 'sent') return next.sent
      arrival = next.arrival
    }
    const { site } = arrival
    const ending: Ending = {
      disposition: 'loops',
      reason: `the packet passed ${maxPasses} gateways and is at ${site.name} again`,
      advice: 'look for selectors that send the packet back to where it came from',
      inClear: false,
    }
    return { site, way, packet: arrival.packet, ending }
  }

  /** One gateway, and where the packet is then. */
  #follow(
    arrival: Arrival,
  ): { readonly kind: 'sent'; readonly sent: Sent } | { readonly kind: 'next'; readonly arrival: Arrival } {
    const { site, way } = arrival
    const passing = this.#pass(arrival)
    const { packet, crossing, ending } = passing
    if (ending) return { kind: 'sent', sent: { site, way, packet, ending } }
    const joint = crossing ? undefined : jointOf(passing)
    if (joint) return { kind: 'next', arrival: { site, packet, from: joint, way } }
    if (!crossing || 'disposition' in crossing.to) return { kind: 'sent', sent: this.#deliver(passing) }
    const { to } = crossing
    this.#broughtUp.add(crossing.crossing.tunnel).add(to.crossing.tunnel)
    return { kind: 'next', arrival: { site: to.site, packet, from: to.crossing, way } }
  }

  #pass(arrival: Arrival): Passing {
    const tunnels = { world: this.#world, isUp: this.#options.tunnels !== 'down', broughtUp: this.#broughtUp }
    const passing = passGateway(arrival, {
      connections: this.connections,
      undone: this.#undone,
      tunnels,
      doubts: this.#doubts,
    })
    const { site, way, packet } = arrival
    const leaves = passing.ending && !isUnknownPeer(passing) ? undefined : passing.packet
    this.#hop({ way, site, at: 'gateway', steps: passing.steps }, packet, leaves)
    return passing
  }

  #deliver({ arrival, site, packet, route }: Passing): Sent {
    const { way } = arrival
    if (bringerOf(arrival) !== 'inside') {
      const group = this.#groupAt(site, packet.destination)
      return this.#atHost(reachHost, { ...this.#visit(site, packet, way), group })
    }
    const where = route?.prefix.length
      ? ` in ${route.prefix}${onInterface(route.interface)}${placeOf(site, route.line, route.file)}`
      : ''
    const ending: Ending = {
      disposition: 'stays-local',
      reason: `${Address.fromBits(packet.destination.value)} lies behind the gateway of ${site.name} itself${where}`,
      advice: adviceForInside(site, packet, route),
      inClear: false,
    }
    return { site, way, packet, ending }
  }

  #visit(site: WorldSite, packet: Packet, way: Way): Omit<HostVisit, 'group'> {
    return { site, packet, way, doubts: this.#doubts }
  }

  #atHost(visitHost: typeof leaveHost, visit: HostVisit): Sent {
    const { site, packet, way, group } = visit
    const result = visitHost(visit)
    this.#hop(
      { way, site, at: group ? 'node' : 'host', steps: result.steps },
      packet,
      result.ending ? undefined : result.packet,
    )
    return { site, way, packet: result.packet, ...(result.ending ? { ending: result.ending } : {}) }
  }

  #hop(
    hop: { way: Way; site: WorldSite; at: Hop['at']; steps: readonly Step[] },
    packet: Packet,
    leaves?: Packet,
  ): void {
    const { way, site, at, steps } = hop
    this.#hops.push({
      way,
      site: site.name,
      at,
      arrives: endsOf(packet),
      leaves: leaves && endsOf(leaves),
      steps,
    })
  }

  /** The inside address that a site's gateway gave to the sender of what a packet answers. */
  #masqueradedAs({ name, subnets }: WorldSite, answer: Packet): Bits | undefined {
    const known = this.connections.findLast((one) => one.site === name && answers(one, answer))
    if (!known?.shared.source || !isChanged(known, 'source')) return undefined
    const { source } = known.after
    return subnets.some((prefix) => source.peek(rangeOf(prefix))) ? source.value : undefined
  }

  /** The nodes that an address of a site belongs to. */
  #groupAt(site: WorldSite, address: Packet['source']): NodeGroup | undefined {
    const { nodes } = this.#options
    const group = site.nodes.find(({ name }) => nodes === undefined || name === nodes)
    const own = [...site.subnets, ...(group?.podSubnets ?? [])]
    return own.some((prefix) => address.peek(rangeOf(prefix)) && address.isIn(rangeOf(prefix))) ? group : undefined
  }
}

/** The packet leaves by one interface of a pair, and comes in by the other. */
function jointOf({ arrival, route, site }: Passing): Joint | undefined {
  const far = route?.to === 'joined' ? interfaceNamed(site.device, route.interface)?.joins : undefined
  return far === undefined ? undefined : { interface: far, brought: bringerOf(arrival) }
}

/** The packet left into a tunnel, and where it comes out nobody knows. */
function isUnknownPeer({ crossing, ending }: Passing): boolean {
  return crossing !== undefined && crossing.to === ending
}

/** Where a tunnel carries the very address, the name is right and the route is not. */
function adviceForInside({ name, device }: WorldSite, { destination }: Packet, route: RouteEntry | undefined): string {
  const carried = device.tunnels
    .flatMap(({ children }) => children)
    .find(({ kind, remote }) => kind === 'protect' && destination.peek(rangeOf(remote)))
  const written = device.routes.find(({ prefix, line }) => line === route?.line && route?.prefix.equals(prefix))
  if (!carried || !written) return 'use the address by which this site sees the far host (natplan explain ADDRESS)'
  return carried.remote.contains(written.prefix)
    ? `remove the route for ${written.prefix} at ${name}: its tunnels lead there`
    : `add a route for ${carried.remote} to the outside at ${name}: that for ${written.prefix} leads its packets inside`
}

function onInterface(name: string | undefined): string {
  return name === undefined ? '' : ` on ${name}`
}
