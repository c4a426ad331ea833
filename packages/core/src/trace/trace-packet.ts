import { Address } from '../address/address.ts'
import type { Bits } from '../address/bits.ts'
import type { Platform } from '../network/written.ts'
import { rangeOf } from './condition.ts'
import { crossTunnel } from './cross-tunnel.ts'
import { type Arrival, type DataPath, type EarlyCrossing, type Exit, linuxPath, virtualPath } from './data-path.ts'
import { endingNowhere, endingOfGood, endingOutside } from './endings.ts'
import type { Ending, Hop, Step, Trace, Way } from './hop.ts'
import { type HostVisit, leaveHost, reachHost } from './host.ts'
import { answers, type Connection, natByConnection, natByRules } from './nat.ts'
import { answerTo, endsOf, type Packet } from './packet.ts'
import type { NodeGroup, TracedSite, World } from './world.ts'

export interface TraceOptions {
  /** Whether tunnels that can come up are taken to be up. */
  readonly tunnels?: 'up' | 'down'
  /** The group of nodes that sends or receives; the first one unless named. */
  readonly nodes?: string | undefined
}

/** More gateways than any way needs: site, hub, hub, site. */
const maxGateways = 8

const dataPaths: Readonly<Partial<Record<Platform, DataPath>>> = { 'vyatta-5600': virtualPath }

/**
 * Follows a packet from a host of a site to where it ends, and its answer back. The packet is narrowed to the values that go the same
 * way. Costs one pass over the rules of each gateway that it meets for the first time; the answer asks no rules.
 */
export function traceFlow(world: World, from: TracedSite, packet: Packet, options: TraceOptions = {}): Trace {
  const walk = new Walk(world, options)
  const there = walk.send(from, packet, 'there')
  if (there.ending) return walk.end(there)
  const back = walk.send(there.site, answerTo(there.packet), 'back')
  if (back.ending) return walk.end(back)
  return walk.end({ ...back, ending: endingOfGood(walk.connections) })
}

/** Where a packet is after it was sent: at a host of `site`, or at its end. */
interface Sent {
  readonly site: TracedSite
  readonly way: Way
  readonly packet: Packet
  readonly ending?: Ending
}

class Walk {
  readonly connections: Connection[] = []
  readonly #hops: Hop[] = []
  readonly #world: World
  readonly #options: TraceOptions

  constructor(world: World, options: TraceOptions) {
    this.#world = world
    this.#options = options
  }

  end({ ending, way, site }: Sent): Trace {
    if (!ending) throw new Error('the packet is still on its way')
    return { ...ending, way, site: site.name, hops: this.#hops }
  }

  /** From a host through the gateways to another host. */
  send(from: TracedSite, packet: Packet, way: Way): Sent {
    const group = this.#groupAt(from, packet.source)
    const gatewayAddress = this.#masqueradedAs(from, packet)
    const left = this.#atHost(leaveHost, { site: from, packet, way, group, gatewayAddress })
    if (left.ending) return left
    let arrival: Arrival = { site: from, packet: left.packet, from: 'inside' }
    for (let passed = 0; passed < maxGateways; passed++) {
      const exit = this.#pass(arrival, way)
      const next = this.#follow(arrival, exit, way)
      if (next.kind === 'sent') return next.sent
      arrival = next.arrival
    }
    const reason = `the packet passed ${maxGateways} gateways and is at ${arrival.site.name} again`
    const advice = 'look for selectors that send the packet back to where it came from'
    return {
      site: arrival.site,
      way,
      packet: arrival.packet,
      ending: { disposition: 'loops', reason, advice, inClear: false },
    }
  }

  /** One gateway: a first packet meets the rules, an answer the memory of what passed. */
  #pass(arrival: Arrival, way: Way): Exit {
    const { site, packet } = arrival
    const known = this.connections.findLast((one) => one.site === site.name && answers(one, packet))
    const nat = known ? natByConnection(known) : natByRules(site)
    if (arrival.from !== 'inside') nat.steps.push({ kind: 'decrypt', ...namesOf(arrival.from) })
    const exit = (dataPaths[site.gateway.platform] ?? linuxPath)(arrival, nat)
    if (!known) {
      this.connections.push({ site: site.name, before: packet, after: exit.packet, isShared: nat.isShared })
    }
    const leaves = exit.kind === 'inside' || exit.kind === 'tunnel'
    if (exit.kind === 'tunnel') nat.steps.push({ kind: 'encrypt', ...namesOf(exit) })
    this.#hop({ way, site, at: 'gateway', steps: nat.steps }, packet, leaves ? exit.packet : undefined)
    return exit
  }

  #follow(arrival: Arrival, exit: Exit, way: Way) {
    const { site } = arrival
    const { packet } = exit
    const ends = (ending: Ending) => ({ kind: 'sent' as const, sent: { site, way, packet, ending } })
    const held = 'early' in exit && exit.early ? this.#heldEarly(site, exit.early) : undefined
    if (held) return ends(held)
    switch (exit.kind) {
      case 'nowhere':
        return ends(endingNowhere(arrival, packet))
      case 'outside':
        return ends(endingOutside({ arrival, exit, way, steps: this.#hops.at(-1)?.steps ?? [] }))
      case 'inside':
        return { kind: 'sent' as const, sent: this.#deliver(arrival, packet, way) }
      case 'tunnel': {
        const crossed = crossTunnel(this.#world, { site, crossing: exit, packet }, this.#options.tunnels !== 'down')
        if (crossed.kind === 'ends') return ends(crossed.ending)
        return { kind: 'next' as const, arrival: { site: crossed.site, packet, from: crossed.crossing } }
      }
    }
  }

  #heldEarly(site: TracedSite, { packet, crossing }: EarlyCrossing): Ending | undefined {
    const crossed = crossTunnel(this.#world, { site, crossing, packet }, this.#options.tunnels !== 'down')
    return crossed.kind === 'ends' && !crossed.ending.inClear ? crossed.ending : undefined
  }

  #deliver({ site, from }: Arrival, packet: Packet, way: Way): Sent {
    if (from !== 'inside') {
      return this.#atHost(reachHost, { site, packet, way, group: this.#groupAt(site, packet.destination) })
    }
    const reason = `${Address.fromBits(packet.destination.value)} lies behind the gateway of ${site.name} itself`
    const advice = 'call the far host by the address that this site sees (natplan explain ADDRESS)'
    return { site, way, packet, ending: { disposition: 'stays-local', reason, advice, inClear: false } }
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
    hop: { way: Way; site: TracedSite; at: Hop['at']; steps: readonly Step[] },
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
  #masqueradedAs({ name, subnets }: TracedSite, answer: Packet): Bits | undefined {
    const known = this.connections.findLast((one) => one.site === name && answers(one, answer))
    if (!known?.isShared || known.before.source.value === known.after.source.value) return undefined
    const { value } = known.after.source
    return subnets.some((prefix) => known.after.source.peek(rangeOf(prefix))) ? value : undefined
  }

  /** The nodes that an address of a site belongs to. */
  #groupAt(site: TracedSite, address: Packet['source']): NodeGroup | undefined {
    const { nodes } = this.#options
    const group = site.nodes.find(({ name }) => nodes === undefined || name === nodes)
    const own = [...site.subnets, ...(group?.podSubnets ?? [])]
    return own.some((prefix) => address.peek(rangeOf(prefix)) && address.isIn(rangeOf(prefix))) ? group : undefined
  }
}

function namesOf({ tunnel, selector }: Extract<Exit, { kind: 'tunnel' }> | Exclude<Arrival['from'], 'inside'>) {
  return { tunnel: tunnel.peer, selector }
}
