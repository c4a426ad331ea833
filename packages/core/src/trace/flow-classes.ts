import { Address } from '../address/address.ts'
import { type Bits, offsetBy } from '../address/bits.ts'
import type { Prefix } from '../address/prefix.ts'
import { limits } from '../limits.ts'
import { type FlowBox, type Packet, packetIn } from '../match/packet.ts'
import { type PacketField, packetFields } from '../match/packet-match.ts'
import { icmp, tcp, udp, usualPorts } from '../match/protocols.ts'
import type { Range } from '../match/range.ts'
import { rangeOf } from '../match/range-set.ts'
import type { World, WorldSite } from '../world/world.ts'
import type { Trace } from './step.ts'
import { type TraceOptions, traceFlow } from './walk.ts'

/** All packets that go one way through the same rules, but for which of several rules of a filter accepts them; one of them was followed. */
export interface FlowClass {
  readonly box: FlowBox
  /** The packet that was followed. */
  readonly example: {
    readonly source: Address
    readonly destination: Address
    readonly protocol: number
    readonly sourcePort: number
    readonly destinationPort: number
  }
  readonly trace: Trace
}

/** Which packets are asked about. */
export interface Flows {
  readonly from: WorldSite
  readonly source: Prefix
  readonly destination: Prefix
  /** One protocol and port; all, unless given. */
  readonly service?: Pick<FlowBox, 'protocol' | 'destinationPort'>
}

export interface ExploreOptions extends TraceOptions {
  /** What is left after so many classes is one more whose end is not known. */
  readonly mostClasses?: number
}

const mostClasses = limits.classesOfATrace.most

/**
 * Divides all packets from one prefix to another into classes that go the same way, so that what holds for each example holds for
 * every address, protocol and port: nothing is sampled. The boxes are apart and together hold everything. Costs one trace for each class.
 */
export function* exploreFlows(world: World, flows: Flows, options: ExploreOptions = {}): Generator<FlowClass> {
  const open: FlowBox[] = [wholeBox(flows)]
  const most = options.mostClasses ?? mostClasses
  for (let count = 0, box = open.pop(); box; count++, box = open.pop()) {
    const at = mapFields((field) => typical[field](box[field]))
    if (count >= most) {
      yield { box: wholeBox(flows), example: exampleAt(at), trace: tooMany(flows, most) }
      return
    }
    const packet = packetIn(box, at)
    const trace = traceFlow(world, flows.from, packet, options)
    const alike = roomOf(packet, box)
    yield { box: alike, example: exampleAt(at), trace }
    open.push(...without(box, alike))
  }
}

function wholeBox({ source, destination, service }: Flows): FlowBox {
  return {
    source: rangeOf(source),
    destination: rangeOf(destination),
    protocol: { first: 0, last: 255 },
    sourcePort: anyPort,
    destinationPort: anyPort,
    ...service,
  }
}

const anyPort: Range = { first: 0, last: 65_535 }

function mapFields<T>(make: (field: PacketField) => T): Readonly<Record<PacketField, T>> {
  return {
    source: make('source'),
    destination: make('destination'),
    protocol: make('protocol'),
    sourcePort: make('sourcePort'),
    destinationPort: make('destinationPort'),
  }
}

function roomOf(packet: Packet, box: FlowBox): FlowBox {
  return mapFields((field) => packet[field].room ?? box[field])
}

function exampleAt(at: Readonly<Record<PacketField, Bits>>): FlowClass['example'] {
  return {
    source: Address.fromBits(at.source),
    destination: Address.fromBits(at.destination),
    protocol: Number(at.protocol),
    sourcePort: Number(at.sourcePort),
    destinationPort: Number(at.destinationPort),
  }
}

/** Values of packets that people know: a host's address (the fifth, where there are so many), TCP, HTTPS. */
const typical: Readonly<Record<PacketField, (range: Range) => Bits>> = {
  source: typicalAddress,
  destination: typicalAddress,
  protocol: (range) => [tcp, udp, icmp].find((one) => range.first <= one && one <= range.last) ?? range.first,
  sourcePort: (range) => within(usualPorts.source, range),
  destinationPort: (range) => within(usualPorts.destination, range),
}

function typicalAddress({ first, last }: Range): Bits {
  const fifth = offsetBy(first, 5)
  return fifth <= last ? fifth : last
}

function within(value: number, { first, last }: Range): Bits {
  return first <= value && value <= last ? value : first
}

/**
 * The rest of a box without a smaller one inside it: at most two pieces for each field, which do not meet.
 *
 *     ┌────┬─────┬────┐
 *     │    ├─────┤    │   field by field: what lies before and behind is kept,
 *     │    │hole │    │   what is abreast is cut along the next field
 *     │    ├─────┤    │
 *     └────┴─────┴────┘
 */
function without(box: FlowBox, hole: FlowBox): FlowBox[] {
  const pieces: FlowBox[] = []
  let left = box
  for (const field of packetFields) {
    const { first, last } = left[field]
    const { first: low, last: high } = hole[field]
    if (first < low) pieces.push({ ...left, [field]: { first, last: offsetBy(low, -1) } })
    if (last > high) pieces.push({ ...left, [field]: { first: offsetBy(high, 1), last } })
    left = { ...left, [field]: hole[field] }
  }
  return pieces
}

function tooMany({ from, source, destination }: Flows, most: number): Trace {
  const what = `packets from ${source} to ${destination} go more than ${most} different ways`
  return {
    disposition: 'unknown',
    reason: `${what}, and natplan follows no more`,
    advice: `ask about smaller prefixes than ${source} and ${destination}`,
    inClear: false,
    way: 'there',
    site: from.name,
    hops: [],
    doubts: [{ site: from.name, doubt: { line: undefined, what } }],
  }
}
