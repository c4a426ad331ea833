import { Address, dispositions, type Hop, protocolNumber, type Trace, tracePacket, type World } from '@natplan/core'
import type { LabPacket, PacketFate } from '../../../packages/cli/src/lab/packets.ts'
import { listenPort } from '../../../packages/cli/src/lab/watch.ts'

/** A machine that sends and receives, and the addresses that it has. */
export interface Seated {
  readonly name: string
  readonly site: string
  readonly addresses: readonly string[]
}

/** What a trace says of a packet and the kernel does otherwise; empty where they agree. */
export function difference(
  world: World,
  machines: readonly Seated[],
  packet: LabPacket,
  fate: PacketFate | undefined,
): string[] {
  const site = machines.find(({ name }) => name === packet.from)?.site ?? ''
  const from = world.sites.get(site)
  if (!from) throw new Error(`there is no site ${site}`)
  const { protocol, source, destination, port = listenPort } = packet
  const trace = tracePacket(world, from, {
    source: Address.parse(source),
    destination: Address.parse(destination),
    protocol: protocolNumber(protocol) ?? 0,
    ...(protocol === 'icmp' ? {} : { sourcePort: 10_000, destinationPort: port }),
  })
  const expected = fateOf(trace, machines)
  const differing = (Object.keys(expected) as (keyof PacketFate)[]).filter((key) => expected[key] !== fate?.[key])
  if (differing.length === 0) return []
  const list = differing.map((key) => `${key} is ${fate?.[key]}, not ${expected[key]}`).join(', ')
  const called = protocol === 'icmp' ? destination : `${destination}:${port}`
  return [
    `${protocol} ${site} ${source} → ${called} (${trace.disposition}, ${trace.way}, ${trace.site}: ${trace.reason}): ${list}`,
  ]
}

/** What a trace says that will be seen. A host that nobody has does not answer. */
function fateOf(trace: Trace, machines: readonly Seated[]): PacketFate {
  const { disposition, way, inClear, hops } = trace
  const taken = hops.find((hop) => hop.way === 'there' && hop.steps.some(({ kind }) => kind === 'deliver'))
  const receiver = taken && ownerOf(taken, machines)
  const isLost = taken !== undefined && receiver === undefined
  const answered = receiver !== undefined && (dispositions[disposition].isGood || arriving.includes(disposition))
  const last = hops.at(-1)
  const filtered = disposition === 'reverse-path-filter' && !isLost
  return {
    receivedAt: receiver,
    sourceSeen: receiver === undefined ? undefined : String(taken?.arrives.source),
    destinationSeen: receiver === undefined ? undefined : String(taken?.arrives.destination),
    answered,
    sourceOfAnswerSeen: answered || (filtered && way === 'back') ? String(last?.arrives.source) : undefined,
    leftUnencrypted: inClear && way === 'there',
    answerLeftUnencrypted: inClear && way === 'back' && !isLost,
    rpFilterDropAt: filtered ? machines.find(({ site }) => site === trace.site)?.name : undefined,
  }
}

const arriving: readonly Trace['disposition'][] = ['translated-twice', 'not-one-to-one']

function ownerOf({ site, arrives }: Hop, machines: readonly Seated[]): string | undefined {
  const address = String(arrives.destination)
  return machines.find((machine) => machine.site === site && machine.addresses.includes(address))?.name
}
