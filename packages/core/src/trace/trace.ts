import type { Address } from '../address/address.ts'
import { Prefix } from '../address/prefix.ts'
import type { Trace } from './hop.ts'
import { rangeOf } from './match-rule.ts'
import { packetIn } from './packet.ts'
import { type TraceOptions, traceFlow } from './trace-packet.ts'
import type { TracedSite, World } from './world.ts'

/** One packet as a person names it. */
export interface PacketRequest {
  readonly source: Address
  /** As the source's site calls it. */
  readonly destination: Address
  /** Lower case: `icmp`, `tcp`, `udp`, or another name or number that rules use. */
  readonly protocol: string
  readonly sourcePort?: number
  readonly destinationPort?: number
}

/** What becomes of one packet that a host of a site sends, and of its answer. Source and destination of different families never meet. */
export function tracePacket(world: World, from: TracedSite, request: PacketRequest, options: TraceOptions = {}): Trace {
  const { source, destination, protocol, sourcePort = 40_000, destinationPort = 443 } = request
  const at = { source: source.bits, destination: destination.bits, sourcePort, destinationPort }
  const port = (number: number) => ({ first: number, last: number })
  const box = {
    source: rangeOf(Prefix.of(source)),
    destination: rangeOf(Prefix.of(destination)),
    sourcePort: port(sourcePort),
    destinationPort: port(destinationPort),
  }
  return traceFlow(world, from, packetIn(box, at, protocol), options)
}
