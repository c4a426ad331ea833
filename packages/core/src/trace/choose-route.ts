import { Prefix } from '../address/prefix.ts'
import type { SteeringRule } from '../device/device.ts'
import { connectedNetworks, interfaceNamed, mainTable } from '../device/next-hop.ts'
import { RangeSet } from '../match/range-set.ts'
import { takes } from '../match/takes.ts'
import { type RouteEntry, type Routing, routingOf } from '../world/routing.ts'
import type { WorldSite } from '../world/world.ts'
import { everything } from './everything.ts'
import { endingAtGateway, endingNowhere, endingOfUnknownRoute } from './explain-ending.ts'
import { type Passing, passageOf } from './passing.ts'
import { canComeUp } from './tunnel-link.ts'

/** Where a gateway sends a packet: rules that steer come first, then what the IKE daemon put before the main table, then a table. */
export function chooseRoute(passing: Passing): void {
  passing.doubts.addUnread(passing.site, 'routes')
  const route = routeFor(passing)
  passing.route = route
  if (route.doubt) passing.doubts.add(passing.site.name, route.doubt)
  if (route.assumed) passing.doubts.add(passing.site.name, route.assumed, 'filters')
  passing.steps.push({
    kind: 'route',
    to: route.to === 'next-table' ? 'unknown' : route.to,
    prefix: route.prefix.length === 0 ? undefined : route.prefix,
    interface: route.interface,
    at: route.line === undefined ? undefined : route,
  })
  if (route.to === 'joined') addPairDoubts(passing)
  if (route.to === 'nowhere') passing.ending = endingNowhere(passing)
  if (route.to === 'unknown') passing.ending = endingOfUnknownRoute(passing)
  if (route.to === 'outside' && passing.packet.destination.isMember(outsideAddresses(passing.site))) {
    passing.ending = endingAtGateway(passing)
  }
}

/** A mark stays on a packet that goes across a pair, so that rules behind it choose by it again. */
function addPairDoubts(passing: Passing): void {
  const { device } = passing.site
  const near = interfaceNamed(device, passing.route?.interface)
  const isOfVrf = [near, interfaceNamed(device, near?.joins)].some((one) => one?.vrf !== undefined)
  if (isOfVrf && device.vrfDoubts?.pairs) passing.doubts.add(passing.site.name, device.vrfDoubts.pairs)
  const rule = device.steering.find((one) => one.asked === 'before-translation' && asks(passing, one) !== 'no')
  if (!rule) return
  const what = `which way packets with a mark go behind ${passing.route?.interface}`
  passing.doubts.add(passing.site.name, { line: rule.line, what })
}

const outsideSets = new WeakMap<WorldSite, RangeSet>()

/** The addresses of a gateway's own that packets are not routed to: it takes them itself. */
function outsideAddresses(site: WorldSite): RangeSet {
  const known = outsideSets.get(site)
  if (known) return known
  const own = connectedNetworks(site.device).filter(({ interface: { name } }) => site.sides.uplinks.includes(name))
  const made = RangeSet.ofPrefixes(own.map(({ address }) => Prefix.of(address)))
  outsideSets.set(site, made)
  return made
}

function routeFor(passing: Passing): RouteEntry {
  const { site, packet } = passing
  const { tables, installed, perhaps } = routingOf(site)
  const steered = steeredRoute(passing)
  if (steered) return steered
  const before = installed && installedFor(passing, installed)
  const own = interfaceNamed(site.device, passing.in.name)?.table ?? mainTable
  if (before && before.to !== 'next-table') {
    const { installDoubt } = site.device
    if (!installDoubt) return before
    const without = tables.get(own)?.of(packet.destination) ?? nowhereFor(passing)
    if (without.to === 'nowhere') passing.doubts.add(site.name, installDoubt, 'filters')
    return before
  }
  const entry = tables.get(own)?.of(packet.destination)
  const other = before || entry?.to === 'outside' ? undefined : perhaps?.of(packet.destination)
  if (other) passing.doubts.add(site.name, other.doubt)
  if (entry && entry.to !== 'next-table') return entry
  const rest = own === mainTable ? undefined : site.device.vrfDoubts?.rest
  if (rest) passing.doubts.add(site.name, rest)
  return nowhereFor(passing)
}

/** A tunnel that cannot come up has no route, and one that can for what its peer agrees to; where packets are trapped for it there is one for all. */
function installedFor(
  { packet, tunnels, site }: Passing,
  { up, trapped }: NonNullable<Routing['installed']>,
): RouteEntry | undefined {
  const entry = tunnels.isUp ? up.of(packet.destination) : undefined
  const isThere = entry && (!entry.madeFor || canComeUp(tunnels, site, entry.madeFor, packet.destination))
  return isThere ? entry : trapped.of(packet.destination)
}

/** A table of its own that has no route leads nowhere. */
function nowhereFor({ packet }: Passing): RouteEntry {
  const prefix = everything[typeof packet.destination.value === 'number' ? 4 : 6]
  return { prefix, to: 'nowhere', interface: undefined, line: undefined }
}

/** Of the rules that take the packet the first whose table has a route for it decides; a packet is marked once only. */
function steeredRoute(passing: Passing): RouteEntry | undefined {
  const { site, packet } = passing
  let isMarked = false
  for (const rule of site.device.steering) {
    const isMark = rule.asked === 'before-translation'
    const answer = isMark && isMarked ? 'no' : asks(passing, rule)
    if (answer === 'no') continue
    if (answer === 'yes' && !rule.doubt && rule.to.kind === 'table') {
      isMarked ||= isMark
      const entry = routingOf(site).tables.get(rule.to.table)?.of(packet.destination)
      if (entry && entry.to !== 'next-table') return entry
      continue
    }
    const what = rule.match.unknown ?? 'a rule that chooses the way of packets'
    passing.doubts.add(site.name, rule.doubt ?? { line: rule.line, what })
  }
  return undefined
}

function asks(passing: Passing, { match, asked }: SteeringRule) {
  const packet = asked === 'before-translation' ? passing.arrival.packet : passing.packet
  return takes(match, packet, passageOf(passing))
}
