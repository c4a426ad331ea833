import type { Packet } from '../match/packet.ts'
import type { Passage, PassedInterface } from '../match/takes.ts'
import type { RouteEntry } from '../world/routing.ts'
import type { WorldSite } from '../world/world.ts'
import type { Connection } from './connection.ts'
import type { Doubts } from './doubts.ts'
import type { Crossing, GatewayTables } from './gateway-tables.ts'
import type { Session } from './sessions.ts'
import type { Ending, Side, Step, Way } from './step.ts'
import type { Arriving, Failure, TunnelState } from './tunnel-link.ts'

/** A packet at a gateway: from its own hosts, out of a tunnel, or out of another interface of the gateway itself. */
export interface Arrival {
  readonly site: WorldSite
  readonly packet: Packet
  readonly from: Bringer | Joint
  readonly way: Way
}

/** What brings packets to a gateway. */
export type Bringer = 'inside' | Crossing

/** The packet left by one interface of a pair and comes in by the other: a pass of its own. */
export interface Joint {
  readonly interface: string
  /** What brought it to the gateway at first. */
  readonly brought: Bringer
}

export function isJoint(from: Arrival['from']): from is Joint {
  return from !== 'inside' && 'interface' in from
}

/** What brought a packet to its gateway, however often it passed that since. */
export function bringerOf({ from }: Pick<Arrival, 'from'>): Bringer {
  return isJoint(from) ? from.brought : from
}

/** The tunnel that a packet comes out of. */
export function tunnelOf({ from }: Pick<Arrival, 'from'>): Crossing | undefined {
  return from === 'inside' || isJoint(from) ? undefined : from
}

/** A packet on its way through one gateway: what the stages so far made of it. */
export interface Passing {
  readonly arrival: Arrival
  readonly site: WorldSite
  readonly tables: GatewayTables
  readonly tunnels: TunnelState
  readonly doubts: Doubts
  /** What the gateway remembers of the packet that this one answers. */
  readonly known: Connection | undefined
  /** What it remembers of the very packet, which passed before and was not changed: no rule of NAT is asked again. */
  readonly repeated: Connection | undefined
  readonly in: PassedInterface
  readonly steps: Step[]
  readonly shared: Partial<Record<Side, Extract<Step, { kind: 'translate' }>>>
  /** Those that the packet made here. */
  readonly sessions: Session[]
  packet: Packet
  route: RouteEntry | undefined
  /** The tunnel that takes the packet, as things stand. */
  crossing: Entered | undefined
  /** A child that would take the packet, but whose policy is not there. */
  missed: Missed | undefined
  /** The packet as it was when the children were asked. */
  asked: Packet | undefined
  ending: Ending | undefined
}

/** A child without a policy, and why its tunnel is not there. */
export interface Missed {
  readonly crossing: Crossing
  readonly failure: Failure
}

/** A packet in a tunnel: where it comes out, or why nobody can tell. */
interface Entered {
  readonly crossing: Crossing
  readonly to: Arriving | Ending
}

export function passageOf(passing: Passing): Passage {
  const { route, site } = passing
  return { in: passing.in, out: route && leavingBy(route, site), isEncrypting: passing.crossing !== undefined }
}

/** The interface that a route leads to, or which it is certainly not. */
function leavingBy({ to, interface: name }: RouteEntry, site: WorldSite): PassedInterface {
  if (name !== undefined) return { name, isNot: [] }
  return { name: undefined, isNot: to === 'outside' ? notOutside(site) : notInside(site) }
}

function notOutside({ sides, device }: WorldSite): readonly string[] {
  const others = device.interfaces.filter(({ kind }) => kind !== 'physical').map(({ name }) => name)
  return sides.inside === undefined ? others : [...others, sides.inside]
}

/** Names of interfaces that hosts of a site are certainly not behind. */
export function notInside({ sides, device }: WorldSite): readonly string[] {
  return [...sides.uplinks, ...device.interfaces.filter(({ kind }) => kind !== 'physical').map(({ name }) => name)]
}
