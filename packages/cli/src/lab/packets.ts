import type { Lab } from './lab.ts'
import type { Question, Reply } from './probe-program.ts'
import { type Counts, isMarked, listenPort, type SeenPacket, type Sight } from './watch.ts'

/** One packet that a machine sends, and its answer if there is one. */
export interface LabPacket {
  /** A machine of the lab. */
  readonly from: string
  /** An address that the machine gets if it has not got it. */
  readonly source: string
  readonly destination: string
  readonly protocol: 'icmp' | 'tcp' | 'udp'
  /** The port that is called, if not the one that every host listens on. */
  readonly port?: number
}

/** What happened to a packet and its answer. */
export interface PacketFate {
  /** The machine that took the packet for its own, and the addresses that it saw. */
  readonly receivedAt: string | undefined
  readonly sourceSeen: string | undefined
  readonly destinationSeen: string | undefined
  /** Whether the sender took the answer for one. */
  readonly answered: boolean
  /** The source of the answer as it came in at the sender, taken or not. */
  readonly sourceOfAnswerSeen: string | undefined
  /** Whether the internet saw it as it was, as opposed to inside a packet of the tunnel. */
  readonly leftUnencrypted: boolean
  readonly answerLeftUnencrypted: boolean
  /** The machine whose reverse-path filter dropped the packet or its answer. */
  readonly rpFilterDropAt: string | undefined
}

interface SentPacket {
  readonly packet: LabPacket
  readonly reply: Reply
  /** What it is known by on its way. */
  readonly mark: number
}

/** How many are under way at once. */
const together = 64

/**
 * Sends packets and reports what happened to each. Each is repeated until it is answered or `timeout` milliseconds have passed. What
 * the lab had seen before is forgotten.
 */
export async function sendPackets(
  lab: Lab,
  packets: readonly LabPacket[],
  { timeout }: { readonly timeout: number },
): Promise<PacketFate[]> {
  await addSources(lab, packets)
  await lab.listen()
  const before = await lab.forget()
  const sent: SentPacket[] = []
  for (let start = 0; start < packets.length; start += together) {
    const batch = packets.slice(start, start + together)
    sent.push(...(await Promise.all(batch.map((packet) => sendOne(lab, packet, timeout)))))
  }
  const after = await lab.seeAll()
  return sent.map((one) => fateOf(one, { before, after }))
}

async function addSources(lab: Lab, packets: readonly LabPacket[]): Promise<void> {
  const wanted = new Map<string, Set<string>>()
  for (const { from, source } of packets) wanted.set(from, (wanted.get(from) ?? new Set()).add(source))
  await Promise.all([...wanted].map(([machine, addresses]) => lab.addAddresses(machine, [...addresses])))
}

async function sendOne(lab: Lab, packet: LabPacket, timeout: number): Promise<SentPacket> {
  const mark = packet.protocol === 'icmp' ? lab.nextSize() : lab.nextPort()
  const reply = await lab.probe(packet.from).ask(questionFor(packet, { mark, timeout }))
  return { packet, reply, mark: packet.protocol === 'icmp' ? mark + echoHeaders : mark }
}

/** Bytes of an IPv4 and an ICMP header. */
const echoHeaders = 28

function questionFor(
  { source, destination: to, protocol, port = listenPort }: LabPacket,
  { mark, timeout }: { readonly mark: number; readonly timeout: number },
): Question {
  if (protocol === 'icmp') return { kind: 'icmp', source, to, size: mark, timeout }
  return { kind: protocol, source, sourcePort: mark, to, port, timeout }
}

interface Sights {
  readonly before: ReadonlyMap<string, Counts>
  readonly after: ReadonlyMap<string, Sight>
}

function fateOf({ packet, reply, mark }: SentPacket, { before, after }: Sights): PacketFate {
  const known = { protocol: packet.protocol, mark }
  const isRequest = (seen: SeenPacket) => isMarked(seen, known, false)
  const isAnswer = (seen: SeenPacket) => isMarked(seen, known, true)
  const [receivedAt, received] = find(after, (sight) => sight.received.find(isRequest))
  const answer = after.get(packet.from)?.routed.find(isAnswer)
  const clear = [...after.values()].flatMap((sight) => sight.clear)
  const [rpFilterDropAt] = find(after, (sight, machine) => {
    const dropped = sight.reversePathDrops > (before.get(machine)?.reversePathDrops ?? 0)
    const passed = [...sight.received, ...sight.forwarded]
    const stuck = (is: (seen: SeenPacket) => boolean) => sight.routed.some(is) && !passed.some(is)
    return dropped && (stuck(isRequest) || stuck(isAnswer)) ? true : undefined
  })
  return {
    receivedAt,
    sourceSeen: received?.source,
    destinationSeen: received?.destination,
    answered: reply.answered,
    sourceOfAnswerSeen: answer?.source,
    leftUnencrypted: clear.some(isRequest),
    answerLeftUnencrypted: clear.some(isAnswer),
    rpFilterDropAt,
  }
}

function find<Value>(
  sights: ReadonlyMap<string, Sight>,
  look: (sight: Sight, machine: string) => Value | undefined,
): readonly [string, Value] | readonly [undefined, undefined] {
  for (const [machine, sight] of sights) {
    const found = look(sight, machine)
    if (found !== undefined) return [machine, found]
  }
  return [undefined, undefined]
}
