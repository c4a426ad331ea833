import { Address } from '../address/address.ts'
import { type Bits, offsetBy } from '../address/bits.ts'
import type { Prefix } from '../address/prefix.ts'
import type { Range } from '../match/range.ts'
import type { Tracked } from '../match/tracked.ts'
import { rangeOf } from './condition.ts'
import type { Trace } from './hop.ts'
import { type FlowBox, type PacketField, packetFields, packetIn } from './packet.ts'
import { type TraceOptions, traceFlow } from './trace-packet.ts'
import { without } from './without.ts'
import type { TracedSite, World } from './world.ts'

/** All packets that go one way through the same rules, with one of them followed. */
export interface FlowClass {
  readonly box: FlowBox
  readonly protocol: string
  /** The packet that `trace` follows; ports only where rules ask for them. */
  readonly example: { readonly source: Address; readonly destination: Address; readonly destinationPort: number }
  readonly trace: Trace
}

/** Which packets are asked about. */
export interface Flows {
  readonly from: TracedSite
  readonly source: Prefix
  readonly destination: Prefix
}

/**
 * Divides all packets from one prefix to another into classes that go the same way, so that what holds for each example holds for
 * every address, protocol and port: nothing is sampled. The boxes of a protocol are apart and together hold everything. Costs one
 * trace for each class.
 */
export function* exploreFlows(world: World, flows: Flows, options: TraceOptions = {}): Generator<FlowClass> {
  for (const { protocol, ports } of protocolsOf(world)) {
    const open: FlowBox[] = [
      {
        source: rangeOf(flows.source),
        destination: rangeOf(flows.destination),
        sourcePort: ports,
        destinationPort: ports,
      },
    ]
    for (let box = open.pop(); box; box = open.pop()) {
      const at = mapFields((field) => typicalOf(box[field]))
      const packet = packetIn(box, at, protocol)
      const trace = traceFlow(world, flows.from, packet, options)
      const alike = mapFields((field) => packet[field].room ?? box[field])
      yield { box: alike, protocol, example: exampleAt(packet), trace }
      open.push(...without(packetFields, box, alike))
    }
  }
}

function mapFields<T>(make: (field: PacketField) => T): Readonly<Record<PacketField, T>> {
  return {
    source: make('source'),
    destination: make('destination'),
    sourcePort: make('sourcePort'),
    destinationPort: make('destinationPort'),
  }
}

function exampleAt(packet: Readonly<Record<PacketField, Tracked>>): FlowClass['example'] {
  return {
    source: Address.fromBits(packet.source.value),
    destination: Address.fromBits(packet.destination.value),
    destinationPort: Number(packet.destinationPort.value),
  }
}

/** An address that looks like one of a host: the fifth, where there are so many. */
function typicalOf({ first, last }: Range): Bits {
  const fifth = offsetBy(first, 5)
  return fifth <= last ? fifth : last
}

interface AskedProtocol {
  readonly protocol: string
  readonly ports: Range
}

const asked = new WeakMap<World, readonly AskedProtocol[]>()

/** One protocol for all that no rule names, and each that some rule does. */
function protocolsOf(world: World): readonly AskedProtocol[] {
  const known = asked.get(world)
  if (known) return known
  const rules = [...world.sites.values()].flatMap(({ gateway }) => gateway.policy.nat)
  const named = rules.flatMap(({ protocol }) => protocol?.replace('!', '').split('_') ?? [])
  const withPorts = rules.some(({ ports }) => ports !== undefined)
  const protocols = new Set(['any', ...named.filter((name) => name !== 'all'), ...(withPorts ? ['tcp', 'udp'] : [])])
  const made = [...protocols].map((protocol) => ({
    protocol,
    ports: withPorts && (protocol === 'tcp' || protocol === 'udp') ? anyPort : noPort,
  }))
  asked.set(world, made)
  return made
}

const anyPort: Range = { first: 0, last: 65_535 }
const noPort: Range = { first: 0, last: 0 }
