import type { SteeringRule } from '../device/device.ts'
import { takes } from '../match/takes.ts'
import { interfaceNamed, mainTable } from '../world/next-hop.ts'
import { type RouteEntry, type Routing, routingOf } from '../world/routing.ts'
import { everything } from './everything.ts'
import { endingNowhere, endingOfUnknownRoute } from './explain-ending.ts'
import { type Passing, passageOf } from './passing.ts'
import { canComeUp } from './tunnel-link.ts'

/** Where a gateway sends a packet: rules that steer come first, then what the IKE daemon put before the main table, then a table. */
export function chooseRoute(passing: Passing): void {
  passing.doubts.addUnread(passing.site, 'routes')
  const route = routeFor(passing)
  passing.route = route
  if (route.doubt) passing.doubts.add(passing.site.name, route.doubt)
  passing.steps.push({
    kind: 'route',
    to: route.to === 'main' ? 'unknown' : route.to,
    prefix: route.prefix.length === 0 ? undefined : route.prefix,
    interface: route.interface,
  })
  if (route.to === 'nowhere') passing.ending = endingNowhere(passing)
  if (route.to === 'unknown') passing.ending = endingOfUnknownRoute(passing)
}

function routeFor(passing: Passing): RouteEntry {
  const { site, packet } = passing
  const { tables, installed } = routingOf(site)
  const steered = steeredTo(passing)
  const found = steered === undefined ? undefined : tables.get(steered)?.of(packet.destination)
  if (found) return found
  const before = installed && installedFor(passing, installed)
  if (before && before.to !== 'main') return before
  const own = interfaceNamed(site.device, passing.in.name)?.table ?? mainTable
  const entry = tables.get(own)?.of(packet.destination)
  return entry ?? nowhereFor(passing)
}

/** A tunnel that cannot come up has no route, unless packets are trapped for it. */
function installedFor(
  { packet, tunnels, site }: Passing,
  { up, trapped }: NonNullable<Routing['installed']>,
): RouteEntry | undefined {
  const entry = tunnels.isUp ? up.of(packet.destination) : undefined
  const isThere = entry && (!entry.tunnel || canComeUp(tunnels, site, entry.tunnel))
  return isThere ? entry : trapped.of(packet.destination)
}

/** A table of its own that has no route leads nowhere. */
function nowhereFor({ packet }: Passing): RouteEntry {
  const prefix = everything[typeof packet.destination.value === 'number' ? 4 : 6]
  return { prefix, to: 'nowhere', interface: undefined, line: undefined }
}

/** The table that a rule chooses for the packet; `undefined` for the usual one. */
function steeredTo(passing: Passing): string | undefined {
  for (const rule of passing.site.device.steering) {
    const answer = asks(passing, rule)
    if (answer === 'no') continue
    const isCertain = answer === 'yes' && !rule.doubt && rule.to.kind === 'table'
    if (isCertain && rule.to.kind === 'table') return rule.to.table
    const what = rule.match.unknown ?? 'a rule that chooses the way of packets'
    passing.doubts.add(passing.site.name, rule.doubt ?? { line: rule.line, what })
  }
  return undefined
}

function asks(passing: Passing, { match, asked }: SteeringRule) {
  const packet = asked === 'before-translation' ? passing.arrival.packet : passing.packet
  return takes(match, packet, passageOf(passing))
}
