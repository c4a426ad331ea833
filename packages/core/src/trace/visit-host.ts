import { Address } from '../address/address.ts'
import type { Bits } from '../address/bits.ts'
import type { Prefix } from '../address/prefix.ts'
import { LongestPrefix } from '../match/longest-prefix.ts'
import type { Packet } from '../match/packet.ts'
import { RangeSet, rangeOf } from '../match/range-set.ts'
import { Tracked } from '../match/tracked.ts'
import { seenByHosts } from '../world/far-maps.ts'
import { insideNetworks } from '../world/find-sides.ts'
import { beyondSummaries } from '../world/summaries.ts'
import type { NodeGroup, NodeRoute, WorldSite } from '../world/world.ts'
import { askNeighbours } from './ask-neighbours.ts'
import type { Doubts } from './doubts.ts'
import type { Ending, Step, Way } from './step.ts'

/** A host of a site sends or receives; a node does with the routes of its group. */
export interface HostVisit {
  readonly site: WorldSite
  readonly packet: Packet
  readonly way: Way
  readonly doubts: Doubts
  /** `undefined` for plain hosts. */
  readonly group: NodeGroup | undefined
  /** An inside address of the gateway: what masquerade put in place of the sender. */
  readonly gatewayAddress?: Bits | undefined
}

export interface HostResult {
  readonly steps: readonly Step[]
  readonly packet: Packet
  readonly ending?: Ending
}

/** A host sends a packet: what its own routes make of it. */
export function leaveHost(visit: HostVisit): HostResult {
  const { site, packet, group, gatewayAddress } = visit
  if (gatewayAddress !== undefined && packet.destination.value === gatewayAddress) return { steps: [], packet }
  if (!group || typeof packet.destination.value !== 'number') return leavePlainHost(visit)
  const route = nodeRouteOf(visit, group, packet.destination)
  const steps: Step[] = route ? [{ kind: 'route', to: route.to, prefix: route.prefix }] : []
  switch (route?.to) {
    case undefined:
      return { steps, packet, ending: noRoute(visit) }
    case 'public':
      return { steps, packet, ending: byDefaultRoute(visit) }
    case 'link':
    case 'cluster':
      return { steps, packet, ending: staysLocal(visit, route.prefix) }
    case 'gateway':
      return isPod(group, packet) ? masqueraded(site, packet, steps) : { steps, packet }
  }
}

/** IPv6 packets of nodes are taken to reach the gateway too: natplan keeps no IPv6 routes on nodes. */
function leavePlainHost(visit: HostVisit): HostResult {
  const { site, packet } = visit
  const holds = (prefix: Prefix) => packet.source.peek(rangeOf(prefix))
  const neighbours = site.subnets.find(holds) ?? connectedNetworks(site).find(holds)
  if (neighbours) {
    packet.source.isIn(rangeOf(neighbours))
    if (packet.destination.isIn(rangeOf(neighbours)) && !packet.destination.isMember(withoutNeighbours(site))) {
      return leaveAmongNeighbours(visit, neighbours)
    }
  }
  return { steps: [{ kind: 'route', to: 'gateway', prefix: undefined }], packet }
}

/** What a plan says to be free lies in the hosts' own network, whatever shows of that. */
function withoutNeighbours(site: WorldSite): RangeSet {
  const beyond = beyondSummaries(site)
  return beyond.isEmpty || !site.free ? beyond : beyond.subtract(RangeSet.ofPrefixes(site.free))
}

/** The host asks for the address by ARP: a neighbour answers, or the gateway for somebody else. */
function leaveAmongNeighbours(visit: HostVisit, prefix: Prefix): HostResult {
  const { site, packet, doubts } = visit
  const answer = askNeighbours(site, packet)
  if (answer?.kind === 'unanswered') {
    return { steps: [{ kind: 'route', to: 'link', prefix }], packet, ending: unanswered(visit, answer.why) }
  }
  if (!answer) return { steps: [{ kind: 'route', to: 'link', prefix }], packet, ending: staysLocal(visit, prefix) }
  if (answer.kind === 'unknown') doubts.add(site.name, { line: undefined, what: answer.what }, 'filters')
  const at = answer.kind === 'answered' ? answer.at : undefined
  return { steps: [{ kind: 'route', to: 'proxied', prefix, ...(at ? { at } : {}) }], packet }
}

const connected = new WeakMap<WorldSite, readonly Prefix[]>()

/** Networks that no tunnel is for have hosts as well, and what those send to each other no gateway sees. */
function connectedNetworks(site: WorldSite): readonly Prefix[] {
  const known = connected.get(site)
  if (known) return known
  const shown = insideNetworks(site.device, site.sides.uplinks).filter(({ isConnected }) => isConnected)
  const networks = shown.map(({ prefix }) => prefix)
  connected.set(site, networks)
  return networks
}

/** A host receives a packet: whether it takes it. */
export function reachHost(visit: HostVisit): HostResult {
  const { packet, group } = visit
  const steps: Step[] = [{ kind: 'deliver' }]
  if (!group || group.reversePath === 'off' || typeof packet.source.value !== 'number') return { steps, packet }
  const route = nodeRouteOf(visit, group, packet.source)
  const isPrivate = route?.to === 'gateway' || route?.to === 'link'
  if (isPrivate || (group.reversePath === 'loose' && route)) return { steps, packet }
  return { steps: [], packet, ending: filtered(visit, route) }
}

const tables = new WeakMap<NodeGroup, LongestPrefix<NodeRoute>>()

/** A route that was not understood in full makes the walk doubtful. */
function nodeRouteOf({ site, doubts }: HostVisit, group: NodeGroup, destination: Tracked): NodeRoute | undefined {
  const table = tables.get(group) ?? new LongestPrefix(group.routes)
  tables.set(group, table)
  const route = table.of(destination)
  if (route?.doubt) doubts.add(site.name, route.doubt)
  return route
}

function isPod({ podSubnets, podEgress }: NodeGroup, { source }: Packet): boolean {
  return (
    podSubnets.some((prefix) => source.peek(rangeOf(prefix)) && source.isIn(rangeOf(prefix))) &&
    podEgress === 'masquerade'
  )
}

function masqueraded({ subnets }: WorldSite, packet: Packet, steps: readonly Step[]): HostResult {
  const node = nodeAddress(subnets.find(({ family }) => family === 4))
  if (!node) return { steps, packet }
  const step: Step = { kind: 'masquerade', from: Address.fromBits(packet.source.value), to: node }
  return { steps: [...steps, step], packet: { ...packet, source: Tracked.fixed(node.bits) } }
}

/** Some node: which one has no influence on what happens. */
function nodeAddress(subnet: Prefix | undefined): Address | undefined {
  return subnet?.at(Math.min(5, Number(subnet.size) - 1))
}

function shown(field: Tracked): Address {
  return Address.fromBits(field.value)
}

const what: Readonly<Record<Way, string>> = { there: 'the packet', back: 'the answer' }

function noRoute({ site, packet, way }: HostVisit): Ending {
  return {
    disposition: 'no-route',
    reason: `the node of ${site.name} has no route for ${shown(packet.destination)}, so ${what[way]} cannot be sent`,
    advice: `let the route agent put the route there (natplan kubernetes --site ${site.name})`,
    inClear: false,
  }
}

function byDefaultRoute({ site, packet, way }: HostVisit): Ending {
  return {
    disposition: 'default-route',
    reason: `the node of ${site.name} has no private route for ${shown(packet.destination)}: ${what[way]} leaves through the public interface`,
    advice: `put a route for ${shown(packet.destination)} to the private gateway on the nodes (natplan kubernetes --site ${site.name})`,
    inClear: true,
  }
}

function staysLocal({ site, packet, way }: HostVisit, prefix: Prefix): Ending {
  const target = shown(packet.destination)
  return {
    disposition: 'stays-local',
    reason: `${target} lies in ${prefix} of ${site.name} itself, so ${what[way]} never reaches the gateway`,
    advice: way === 'there' ? adviceForLocal(site, target, prefix) : translateAdvice(site),
    inClear: false,
  }
}

function unanswered({ site, packet, way }: HostVisit, why: string): Ending {
  const target = shown(packet.destination)
  return {
    disposition: 'nobody-answers',
    reason: `${site.name} leads ${target} of its own network elsewhere, but ${what[way]} stays where it is: the host asks for ${target} by ARP, and ${why}`,
    advice: `let the gateway of ${site.name} answer ARP for ${target} (natplan explain FREE_SPACE_ARP), or give the hosts a route for it by the gateway`,
    inClear: false,
  }
}

function translateAdvice({ name }: WorldSite): string {
  return `translate the source on its way: ${name} must not see peers under addresses of its own`
}

/** Where a tunnel carries the very address, the name is right and what takes it away is wrong. */
function adviceForLocal({ name, device }: WorldSite, target: Address, prefix: Prefix): string {
  const isCarried = seenByHosts(device).some(({ remote }) => remote.contains(target))
  return isCarried
    ? `move ${prefix} of ${name} to other addresses: it hides the peer's ${target}`
    : `call the far host by its translated address (natplan explain ${target})`
}

function filtered({ site, packet, group }: HostVisit, route: NodeRoute | undefined): Ending {
  const source = shown(packet.source)
  const way = route
    ? `the route back to ${source} leaves through another interface`
    : `it has no route back to ${source}`
  return {
    disposition: 'reverse-path-filter',
    reason: `the node of ${site.name} drops it on arrival: ${way} (rp_filter ${group?.reversePath})`,
    advice: `put a route for ${source} to the private gateway on the nodes (natplan kubernetes --site ${site.name})`,
    inClear: false,
  }
}
