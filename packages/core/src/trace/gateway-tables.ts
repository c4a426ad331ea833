import type { DeviceRule, DeviceTunnel, Doubt, RuleList, TunnelChild } from '../device/device.ts'
import { Candidates } from '../match/candidates.ts'
import type { PacketMatch } from '../match/packet-match.ts'
import { RangeSet, rangeOf } from '../match/range-set.ts'
import type { WorldSite } from '../world/world.ts'

/** A child of a tunnel, as one gateway has it. */
export interface Crossing {
  readonly tunnel: DeviceTunnel
  readonly child: TunnelChild
}

/** A list of rules that can be asked quickly. */
export interface AskedList {
  readonly list: RuleList
  readonly rules: Candidates<DeviceRule>
}

/** What a gateway asks of packets, made once. */
export interface GatewayTables {
  readonly source: readonly AskedList[]
  readonly destination: readonly AskedList[]
  readonly filters: readonly RuleList[]
  /** What was not understood of tunnels. */
  readonly doubts: readonly Doubt[]
  /** The children that every packet is asked about. */
  readonly policies: Candidates<Crossing>
  /** The same children as they see packets that come in. */
  readonly arrivals: Candidates<Crossing>
  /** Those behind each interface that packets are routed into. */
  readonly behind: ReadonlyMap<string, Candidates<Crossing>>
}

const known = new WeakMap<WorldSite, GatewayTables>()

export function tablesOf(site: WorldSite): GatewayTables {
  const made = known.get(site)
  if (made) return made
  const tables = makeTables(site)
  known.set(site, tables)
  return tables
}

function makeTables({ device }: WorldSite): GatewayTables {
  const lists = (kind: RuleList['kind']) => device.lists.filter((list) => list.kind === kind).sort(byPriority)
  const crossings = device.tunnels.flatMap((tunnel) => tunnel.children.map((child) => ({ tunnel, child })))
  const unbound = crossings.filter(({ child }) => child.through?.kind !== 'route')
  const routed = crossings.filter(({ child }) => child.through?.kind === 'route')
  const names = new Set(routed.flatMap(({ child }) => child.through?.interface ?? []))
  const behind = (name: string) => routed.filter(({ child }) => child.through?.interface === name)
  return {
    source: lists('source-nat').map(askedList),
    destination: lists('destination-nat').map(askedList),
    filters: lists('filter'),
    doubts: device.tunnels.flatMap(({ doubt }) => doubt ?? []),
    policies: candidatesOf(unbound, matchOfChild),
    arrivals: candidatesOf(unbound, matchOfArrivals),
    behind: new Map([...names].map((name) => [name, candidatesOf(behind(name), matchOfChild)])),
  }
}

function byPriority(a: RuleList, b: RuleList): number {
  return a.priority - b.priority
}

function askedList(list: RuleList): AskedList {
  return { list, rules: new Candidates(list.rules.map((rule) => ({ item: rule, match: rule.match }))) }
}

function candidatesOf(
  crossings: readonly Crossing[],
  matchOf: (child: TunnelChild) => PacketMatch,
): Candidates<Crossing> {
  const sorted = [...crossings].sort(byPrecedence)
  return new Candidates(sorted.map((crossing) => ({ item: crossing, match: matchOf(crossing.child) })))
}

/** The order in which the kernel asks: by priority; of equal ones what passes comes first and what is dropped last, then the longer prefixes. */
function byPrecedence({ child: a }: Crossing, { child: b }: Crossing): number {
  const [one, other] = [a.priority ?? usual, b.priority ?? usual]
  if (one !== other) return one - other
  const kinds = precedence[a.kind] - precedence[b.kind]
  return kinds || b.local.length + b.remote.length - a.local.length - a.remote.length
}

const precedence = { pass: 0, protect: 1, drop: 2 } as const satisfies Record<TunnelChild['kind'], number>

/** Where the daemon gives priorities itself; what people write is lower and asked first. */
const usual = 2 ** 32

const matches = new WeakMap<TunnelChild, PacketMatch>()

/** What a child takes of the packets that its gateway sends. */
export function matchOfChild(child: TunnelChild): PacketMatch {
  const known = matches.get(child)
  if (known) return known
  const match = {
    ...child.only,
    source: RangeSet.of([rangeOf(child.local)]),
    destination: RangeSet.of([rangeOf(child.remote)]),
  }
  matches.set(child, match)
  return match
}

/** What a child takes for packets of its peer. */
function matchOfArrivals(child: TunnelChild): PacketMatch {
  const {
    source: destination,
    destination: source,
    sourcePort: destinationPort,
    destinationPort: sourcePort,
    ...match
  } = matchOfChild(child)
  const ports = { ...(sourcePort ? { sourcePort } : {}), ...(destinationPort ? { destinationPort } : {}) }
  return { ...match, ...ports, ...(source ? { source } : {}), ...(destination ? { destination } : {}) }
}
