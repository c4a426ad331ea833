import type { Address } from '../address/address.ts'
import { Prefix } from '../address/prefix.ts'
import { packetIn } from '../match/packet.ts'
import { usualPorts } from '../match/protocols.ts'
import type { Range } from '../match/range.ts'
import { rangeOf } from '../match/range-set.ts'
import { callNameOf, sitesWith } from '../world/find-site.ts'
import type { World, WorldSite } from '../world/world.ts'
import type { Disposition } from './disposition.ts'
import type { Trace } from './step.ts'
import { type TraceOptions, traceFlow } from './walk.ts'

/** One packet as a person names it. */
export interface PacketRequest {
  readonly source: Address
  /** As the source's site calls it. */
  readonly destination: Address
  /** The IANA number. */
  readonly protocol: number
  /** `usualPorts`, unless given. */
  readonly sourcePort?: number
  readonly destinationPort?: number
}

/** What becomes of one packet that a host of a site sends, and of its answer. Source and destination of different families never meet. */
export function tracePacket(world: World, from: WorldSite, request: PacketRequest, options: TraceOptions = {}): Trace {
  const { source, destination, protocol } = request
  const { sourcePort = usualPorts.source, destinationPort = usualPorts.destination } = request
  const at = { source: source.bits, destination: destination.bits, protocol, sourcePort, destinationPort }
  const box = {
    source: rangeOf(Prefix.of(source)),
    destination: rangeOf(Prefix.of(destination)),
    protocol: only(protocol),
    sourcePort: only(sourcePort),
    destinationPort: only(destinationPort),
  }
  const trace = traceFlow(world, from, packetIn(box, at), options)
  const name = misses(trace) ? callNames(world, from, destination) : undefined
  return name === undefined ? trace : { ...trace, advice: name }
}

function only(value: number): Range {
  return { first: value, last: value }
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
function callNames(world: World, from: WorldSite, real: Address): string | undefined {
  const names = sitesWith(world, real).flatMap((site) => {
    const name = site === from ? undefined : callNameOf(world, from, { site, real })
    return name && !name.equals(real) ? [`${from.name} calls ${real} of ${site.name} by ${name}`] : []
  })
  return names.length > 0 ? names.slice(0, 3).join('; ') : undefined
}
