import type { Doubt } from '../device/device.ts'
import { interfaceNamed } from '../device/next-hop.ts'
import type { Stage } from '../device/stages.ts'
import type { Packet } from '../match/packet.ts'
import type { PassedInterface } from '../match/takes.ts'
import { askArrivals } from './ask-arrivals.ts'
import { askFilters } from './ask-filters.ts'
import { askChildrenBehind, askSelectors } from './ask-selectors.ts'
import { chooseRoute } from './choose-route.ts'
import { answers, type Connection, repeats } from './connection.ts'
import type { Doubts } from './doubts.ts'
import { insideEntry, isNowhere, keepsMark, tunnelEntry } from './entries.ts'
import { endingAtFarEnd, endingOutside } from './explain-ending.ts'
import { tablesOf } from './gateway-tables.ts'
import { type Arrival, isJoint, type Passing, tunnelOf } from './passing.ts'
import { translatePacket } from './translate-packet.ts'
import type { TunnelState } from './tunnel-link.ts'

/** What a walk remembers while a packet passes one gateway after the other. */
export interface Memory {
  readonly connections: Connection[]
  /** Those whose answer has passed: a gateway that was passed twice undoes the last pass first. */
  readonly undone: Set<Connection>
  readonly tunnels: TunnelState
  readonly doubts: Doubts
}

/** Takes a packet through all stages of a gateway; it ends there, goes into a tunnel, or on to the hosts inside. */
export function passGateway(arrival: Arrival, { connections, undone, tunnels, doubts }: Memory): Passing {
  const { site, from } = arrival
  doubts.addUnread(site, 'anything')
  const entry = entryOf(arrival)
  const { zone, answerZone } = interfaceNamed(site.device, entry.name) ?? {}
  const all = connections.filter((one) => one.site === site.name && answers(one, arrival.packet))
  const answered = all.filter((one) => one.answerZone === answerZone)
  if (answered.length === 0 && all.length > 0) doubts.add(site.name, otherZone(entry))
  const known = answered.findLast((one) => !undone.has(one)) ?? answered.at(-1)
  if (known) undone.add(known)
  const crossing = tunnelOf(arrival)
  const isDecrypted = crossing !== undefined && keepsMark(site, crossing.child)
  const packet: Packet = { ...arrival.packet, state: known ? 'established' : 'new', isDecrypted }
  const repeated =
    isJoint(from) && !known
      ? connections.find((one) => one.site === site.name && one.zone === zone && repeats(one, packet))
      : undefined
  const passing: Passing = {
    arrival: { ...arrival, packet },
    site,
    tables: tablesOf(site),
    tunnels,
    doubts,
    known,
    repeated,
    in: entry,
    steps: crossing ? [{ kind: 'decrypt', tunnel: crossing.tunnel.name, child: crossing.child }] : [],
    shared: {},
    sessions: [],
    packet,
    route: undefined,
    crossing: undefined,
    missed: undefined,
    asked: undefined,
    ending: undefined,
  }
  for (const stage of site.device.order) {
    if (!passing.ending) doStage(passing, stage)
  }
  finish(passing)
  if (!known && !repeated) {
    const { shared, sessions } = passing
    connections.push({ site: site.name, zone, answerZone, before: packet, after: passing.packet, shared, sessions })
  }
  return passing
}

/** What answers a connection of another zone is none of a new one either. */
function otherZone({ name = 'an interface' }: PassedInterface): Doubt {
  return {
    line: undefined,
    what: `what becomes of answers that come in by ${name}, in another zone of connection tracking`,
  }
}

function entryOf({ site, from, packet }: Arrival): PassedInterface {
  if (from === 'inside') return insideEntry(site, packet)
  return isJoint(from) ? { name: from.interface, isNot: [] } : tunnelEntry(site, from)
}

function doStage(passing: Passing, stage: Stage): void {
  // A packet that a tunnel took before it was routed meets nothing more.
  if (passing.crossing && !passing.route && passing.asked === undefined) return
  if ('isAtInterface' in stage && isNowhere(passing.in)) return
  if (stage.kind === 'filters') askFilters(passing, stage)
  if (stage.kind === 'translate') translatePacket(passing, stage.side)
  if (stage.kind === 'route' && !passing.route) chooseRoute(passing)
  if (stage.kind === 'arrivals') askArrivals(passing, stage.of)
  if (stage.kind === 'selectors') askSelectors(passing, stage.how)
}

/** Where a packet that went through all stages leaves. */
function finish(passing: Passing): void {
  if (passing.ending) return
  if (!passing.crossing && passing.route?.to === 'virtual') askChildrenBehind(passing)
  const { crossing, route } = passing
  if (passing.ending) return
  if (crossing) {
    passing.steps.push({ kind: 'encrypt', tunnel: crossing.crossing.tunnel.name, child: crossing.crossing.child })
    if ('disposition' in crossing.to) passing.ending = crossing.to
    return
  }
  if (route?.to === 'outside') passing.ending = endingOutside(passing)
  if (route?.to === 'far') passing.ending = endingAtFarEnd(passing)
}
