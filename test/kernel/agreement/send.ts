import { Address } from '@natplan/core'
import type { LabPacket } from '../../../packages/cli/src/lab/packets.ts'
import type { Question } from '../../../packages/cli/src/lab/probe-program.ts'
import { isMarked, listenPort, type SeenPacket, type Sight, see } from '../../../packages/cli/src/lab/watch.ts'
import type { Fabric } from './fabric.ts'
import { type Fate, internet } from './fate.ts'
import type { HostState } from './network.ts'

/** A fate, and where the packet was seen, for people who look into it. */
export interface Observed {
  readonly fate: Fate
  readonly path: readonly string[]
}

/** A machine with much to do answers late. Whom a neighbour does not answer never sends anything. */
function isDoubtful(
  observed: Observed | undefined,
  { from, destination }: LabPacket,
  hosts: readonly HostState[],
): boolean {
  if (!observed) return true
  const { path, fate } = observed
  const isNeighbour = hosts.some(
    ({ machine, prefix }) => machine === from && prefix.contains(Address.parse(destination)),
  )
  if (path.length === 0) return !isNeighbour
  if (fate.answered && !fate.goesOn) return true
  return (
    fate.reachedHost !== undefined && fate.reachedHost !== internet && !path.some((line) => line.startsWith('back '))
  )
}

interface Sent {
  readonly packet: LabPacket
  /** A port, or the size of an echo: no other packet of the run has it. */
  readonly mark: number
  readonly goesOn: boolean
}

/** Calls come from this port and those above it, each from its own. */
export const firstPort = 10_000
const lastPort = 32_000
const firstSize = 64
const lastSize = 1264

/** Milliseconds to wait for an answer: every tunnel that can come up is up by then. */
const timeout = 1000

/** The same for a machine that is busy with something else. */
const longTimeout = 4000

/** Sends packets over the network that is laid, and observes what becomes of them. */
export class Sender {
  readonly #fabric: Fabric
  #port = firstPort
  #size = firstSize
  /** How many packets the reverse-path filter of each machine had dropped. */
  #drops: ReadonlyMap<string, number> = new Map()

  constructor(fabric: Fabric) {
    this.#fabric = fabric
  }

  /** Packets that were sent before have ports below this. */
  get nextPort(): number {
    return this.#port + 1
  }

  /** What becomes of each. One that arrived without anything coming back, or was not seen at all, is sent once more. */
  async send(packets: readonly LabPacket[]): Promise<Observed[]> {
    const first = await this.#sendAll(packets, timeout)
    const again = packets.filter((packet, index) => isDoubtful(first[index], packet, this.#fabric.network.hosts))
    if (again.length === 0) return first
    const second = await this.#sendAll(again, longTimeout)
    return packets.map((packet, index) => second[again.indexOf(packet)] ?? (first[index] as Observed))
  }

  /** All at once; each is known by its mark. */
  async #sendAll(packets: readonly LabPacket[], timeout: number): Promise<Observed[]> {
    const names = machinesOf(this.#fabric)
    const sent = await Promise.all(packets.map((packet) => this.#sendOne(packet, timeout)))
    const before = this.#drops
    const after = new Map(await all(names, (name) => see(this.#fabric.machine(name))))
    this.#drops = new Map([...before, ...[...after].map(([name, sight]) => [name, sight.reversePathDrops] as const)])
    return sent.map((one) => observed(one, { before, after }, this.#fabric.network.natBox?.outside))
  }

  async #sendOne(packet: LabPacket, timeout: number): Promise<Sent> {
    const { protocol, source, destination: to, from } = packet
    const mark = protocol === 'icmp' ? this.#nextSize() : this.#nextPort()
    const question: Question =
      protocol === 'icmp'
        ? { kind: 'icmp', source, to, size: mark, timeout, goesOn: true }
        : { kind: protocol, source, sourcePort: mark, to, port: listenPort, timeout, goesOn: true }
    const { goesOn = false } = await this.#fabric.probe(from).ask(question)
    return { packet, mark: protocol === 'icmp' ? mark + echoHeaders : mark, goesOn }
  }

  #nextPort(): number {
    this.#port = this.#port < lastPort ? this.#port + 1 : firstPort
    return this.#port
  }

  #nextSize(): number {
    this.#size = this.#size < lastSize ? this.#size + 1 : firstSize
    return this.#size
  }
}

/** Bytes of an IPv4 and an ICMP header. */
const echoHeaders = 28

function machinesOf({ network }: Fabric): string[] {
  const box = network.natBox ? ['nat-box'] : []
  return [
    internet,
    ...box,
    ...network.gateways.map(({ machine }) => machine),
    ...network.hosts.map(({ machine }) => machine),
  ]
}

async function all<T>(names: readonly string[], ask: (name: string) => Promise<T>): Promise<(readonly [string, T])[]> {
  return Promise.all(names.map(async (name) => [name, await ask(name)] as const))
}

interface Sights {
  readonly before: ReadonlyMap<string, number>
  readonly after: ReadonlyMap<string, Sight>
}

type Is = (seen: SeenPacket) => boolean

function observed({ packet, mark, goesOn }: Sent, { before, after }: Sights, boxed: string | undefined): Observed {
  const known = { protocol: packet.protocol, mark }
  const isRequest: Is = (seen) => isMarked(seen, known, false)
  const isAnswer: Is = (seen) => isMarked(seen, known, true)
  const reached = [...after].find(([name, { received }]) => isHost(name) && received.some(isRequest))
  const received = reached?.[1].received.find(isRequest)
  const rpDrop = [...after].find(([name, sight]) => {
    const dropped = sight.reversePathDrops > (before.get(name) ?? 0)
    return dropped && (isStuck(sight, isRequest) || isStuck(sight, isAnswer))
  })
  const own = after.get(packet.from)
  const takes: Is = (seen) => isAnswer(seen) && seen.source === packet.destination && seen.destination === packet.source
  const fate: Fate = {
    reachedHost: reached?.[0],
    seenSource: received?.source,
    seenDestination: received?.destination,
    answered: own?.received.some(takes) ?? false,
    goesOn,
    answerSeenAs: own?.routed.find(isAnswer)?.source,
    clearThere: clearOf(after, isRequest, boxed),
    clearBack: clearOf(after, isAnswer, boxed),
    rpDrop: rpDrop?.[0],
  }
  return { fate, path: pathOf(after, isRequest, isAnswer) }
}

function isHost(name: string): boolean {
  return name === internet || /-host/.test(name)
}

function isStuck({ routed, received, forwarded }: Sight, is: Is): boolean {
  return routed.some(is) && !received.some(is) && !forwarded.some(is)
}

/** Where the uplink ends: behind a box that translates, the internet sees what the box made of it. */
function clearOf(after: ReadonlyMap<string, Sight>, is: Is, boxed: string | undefined): string | undefined {
  const seen = ['nat-box', internet].flatMap((name) => after.get(name)?.clear.filter(is) ?? [])
  const own = seen.filter(({ source, destination }) => source !== boxed && destination !== boxed)
  const all = new Set(own.map(({ source, destination }) => `${source} > ${destination}`))
  return all.size === 0 ? undefined : [...all].sort().join(' and ')
}

function pathOf(after: ReadonlyMap<string, Sight>, isRequest: Is, isAnswer: Is): string[] {
  return [...after].flatMap(([name, { routed, received, forwarded }]) =>
    (
      [
        ['there', isRequest],
        ['back', isAnswer],
      ] as const
    ).flatMap(([way, is]) =>
      Object.entries({ routed, received, forwarded }).flatMap(([what, list]) =>
        list.filter(is).map(({ source, destination }) => `${way} ${name} ${what} ${source} > ${destination}`),
      ),
    ),
  )
}
