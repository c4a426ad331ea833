import type { Address } from '../address/address.ts'
import { Prefix } from '../address/prefix.ts'
import { rangeOf } from './condition.ts'
import type { Disposition } from './disposition.ts'
import { callNameOf, sitesWith } from './find-site.ts'
import type { Trace } from './hop.ts'
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
  const trace = traceFlow(world, from, packetIn(box, at, protocol), options)
  const name = misses(trace) ? callNames(world, from, destination) : undefined
  return name === undefined ? trace : { ...trace, advice: name }
}

/** How packets end that were sent to the wrong address. */
const missing: readonly Disposition[] = [
  'stays-local',
  'default-route',
  'leaves-unencrypted',
  'no-selector',
  'no-route',
]

function misses({ disposition, way, hops }: Trace): boolean {
  return way === 'there' && missing.includes(disposition) && hops.every(({ site }) => site === hops[0]?.site)
}

/** The most frequent slip: a host of a peer is called by its real address. */
function callNames(world: World, from: TracedSite, real: Address): string | undefined {
  const names = sitesWith(world, real).flatMap((site) => {
    const name = site === from ? undefined : callNameOf(world, from, { site, real })
    return name && !name.equals(real) ? [`${from.name} calls ${real} of ${site.name} by ${name}`] : []
  })
  return names.length > 0 ? names.slice(0, 3).join('; ') : undefined
}
