import type { Prefix } from '../address/prefix.ts'
import type { Device, DeviceTunnel, TunnelChild } from '../device/device.ts'
import type { About } from '../finding.ts'
import { IntervalIndex } from '../match/interval-index.ts'
import type { FlowBox } from '../match/packet.ts'
import { rangeOf } from '../match/range-set.ts'
import type { FlowClass } from '../trace/flow-classes.ts'
import type { PeerEnd } from '../world/ends.ts'
import { negotiationFaults } from '../world/negotiation.ts'
import type { World, WorldSite } from '../world/world.ts'
import type { IntendedFlow } from './intended-flows.ts'
import { networksShown } from './networks-shown.ts'
import { rangeText } from './shown.ts'
import type { Subject } from './subject.ts'
import type { LonelyEnd, TunnelPair } from './tunnel-pairs.ts'
import type { Verdict } from './verdict.ts'

/** `fault`: something certainly does not work; `unknown`: something was not compared, not understood or not finished. */
export type ProofResult = 'proven' | 'fault' | 'unknown'

type Counts = readonly [number, number]

/** What was shown about the tunnels of two sites. */
export interface TunnelProof {
  /** The second is what the first calls its peer, where the other end is not known. */
  readonly sites: readonly [string, string]
  readonly hasBothEnds: boolean
  /** The site that forwards what the two send to each other, which have no tunnel of their own. */
  readonly over?: string
  /** Address ranges of which every packet and its answer arrives: sent by the first site, and by the second. */
  readonly delivered: Counts
  /** Address ranges of which some packets do not. */
  readonly failing: Counts
  /** Address ranges of which nobody can tell. */
  readonly unknown: Counts
  /** Only one of the two opens connections, as it was meant. */
  readonly isOneWay: boolean
  /** Ports that lead to hosts of the first site, and of the second one, which hide otherwise. */
  readonly forwarded: Counts
  /** `not compared`: the ends do not use keys, but certificates or public keys. */
  readonly keys: 'equal' | 'different' | 'unknown' | 'not compared'
  /** Lines of both configurations that the proof leaves out. */
  readonly leftOut: number
  readonly result: ProofResult
  /** Every address arrives in every direction that is meant, and nothing that is not known could change that. */
  readonly isProven: boolean
}

type Ranges = readonly [Set<string>, Set<string>]

interface Row {
  readonly sites: readonly [string, string]
  readonly hasBothEnds: boolean
  readonly over?: string
  readonly leftOut: number
  keys: TunnelProof['keys']
  /** One of the two only hands on there, so that they have nothing to send to each other. */
  isBetweenOthers: boolean
  /** Whether packets are meant that way. */
  readonly asked: [boolean, boolean]
  isAtFault: boolean
  /** Something beside the packets is not known. */
  isDoubtful: boolean
  readonly delivered: Ranges
  readonly failing: Ranges
  readonly unknown: Ranges
  readonly hidden: [boolean, boolean]
  /** Ports that lead to hosts, by who calls them. */
  readonly forwarded: Ranges
}

/** Collects what becomes of all flows, by pair of sites. */
export class ProofTable {
  readonly #rows = new Map<string, Row>()
  /** Rows by a site and what it calls a tunnel. */
  readonly #called = new Map<string, Row>()

  constructor({ world, pairs, lonely, flows }: Pick<Subject, 'world' | 'pairs' | 'lonely' | 'flows'>) {
    for (const pair of pairs) this.#addPair(pair)
    for (const end of lonely) this.#addLonely(end)
    for (const flow of flows) {
      if (flow.over !== undefined) this.#addTransit(flow, world, flow.over)
      const row = this.#rowFor(flow)
      if (row) row.asked[directionOf(row, flow.from)] = true
    }
  }

  #addPair({ here, there }: TunnelPair): void {
    const row = this.#rowOf([here.site, there.site])
    for (const { site, tunnel } of [here, there]) this.#called.set(calledKey(site.name, tunnel.name), row)
    if (onlyHandsOn(here, there) || onlyHandsOn(there, here)) row.isBetweenOthers = true
    const faults = negotiationFaults(here, there)
    if (faults.some(({ isCertain }) => isCertain)) row.isAtFault = true
    const isOpen = [here, there].some(({ tunnel }) => tunnel.doubt !== undefined)
    if (isOpen || faults.some(({ isCertain }) => !isCertain)) row.isDoubtful = true
    const ends = [here.tunnel, there.tunnel]
    if (faults.some(({ kind, isCertain }) => kind === 'key' && isCertain)) row.keys = 'different'
    else if (row.keys !== 'unknown') return
    else if (ends.every(({ keyDigest }) => keyDigest !== undefined)) row.keys = 'equal'
    else if (ends.some(({ authentication }) => authentication === 'certificate' || authentication === 'public-key'))
      row.keys = 'not compared'
  }

  #addTransit({ from, peer }: IntendedFlow, { sites }: World, over: string): void {
    const ends = [from.name, 'site' in peer ? peer.site : peer.tunnel].sort()
    const [one = '', other = ''] = ends
    if (this.#rows.has(keyOf(one, other))) return
    const passed = [...ends, over].flatMap((name) => sites.get(name) ?? [])
    const hasBothEnds = passed.length === ends.length + 1
    this.#rows.set(keyOf(one, other), { ...emptyRow([one, other], passed, hasBothEnds), over })
  }

  /** What is wrong with one of the tunnels of the two, or not known of it, concerns what passes both. */
  #withLegs(row: Row): Row {
    const { over, sites } = row
    if (over === undefined) return row
    const legs = sites.map((end) => this.#rows.get(keyOf(end, over)))
    const all = legs.map((leg) => leg?.keys ?? 'unknown')
    const [first = 'unknown'] = all
    return {
      ...row,
      isAtFault: row.isAtFault || legs.some((leg) => leg?.isAtFault),
      isDoubtful: row.isDoubtful || legs.some((leg) => !leg || leg.isDoubtful || !leg.hasBothEnds),
      keys: all.includes('different') ? 'different' : all.every((one) => one === first) ? first : 'unknown',
    }
  }

  #addLonely({ site, tunnel }: LonelyEnd): void {
    const key = calledKey(site.name, tunnel.name)
    const row = this.#rows.get(key) ?? emptyRow([site.name, tunnel.name], [site], false)
    this.#rows.set(key, row)
    this.#called.set(key, row)
  }

  #rowFor({ from, peer }: Pick<IntendedFlow, 'from' | 'peer'>): Row | undefined {
    return this.#rows.get('site' in peer ? keyOf(from.name, peer.site) : calledKey(from.name, peer.tunnel))
  }

  #rowOf([one, other]: readonly [WorldSite, WorldSite]): Row {
    const key = keyOf(one.name, other.name)
    const known = this.#rows.get(key)
    if (known) return known
    const names: Row['sites'] = one.name < other.name ? [one.name, other.name] : [other.name, one.name]
    const row = emptyRow(names, [one, other], true)
    this.#rows.set(key, row)
    return row
  }

  /** Notes how one class of packets went. */
  count(flow: IntendedFlow, { box }: Pick<FlowClass, 'box'>, verdict: Verdict): void {
    const row = this.#rowFor(flow)
    if (!row) return
    const arrived = flow.service ? row.forwarded : row.delivered
    const ranges = { arrives: arrived, fails: row.failing, unknown: row.unknown }[verdict]
    ranges[directionOf(row, flow.from)].add(keyOfBox(flow, box))
  }

  /** Notes that something is wrong with a tunnel, whatever becomes of its packets. */
  blame({ site, peer, tunnel }: About): void {
    if (site === undefined) return
    const row =
      tunnel === undefined ? this.#rows.get(keyOf(site, peer ?? '')) : this.#called.get(calledKey(site, tunnel))
    if (row) row.isAtFault = true
  }

  /** Notes packets that nobody means to send. */
  hide(flow: IntendedFlow): void {
    const row = this.#rowFor(flow)
    if (row) row.hidden[directionOf(row, flow.from)] = true
  }

  /** Notes that packets were not followed. */
  leave(flow: IntendedFlow): void {
    const row = this.#rowFor(flow)
    if (row) row.isDoubtful = true
  }

  proofs(): TunnelProof[] {
    const sorted = [...this.#rows].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    return sorted.map(([, row]) => proofOf(this.#withLegs(row)))
  }
}

function proofOf(row: Row): TunnelProof {
  const { sites, hasBothEnds, over, keys, leftOut } = row
  // A range of which one protocol fails is not one that arrives.
  const delivered = counted((at) => difference(row.delivered[at], row.failing[at], row.unknown[at]))
  const unknown = counted((at) => difference(row.unknown[at], row.failing[at]))
  const failing: Counts = [row.failing[0].size, row.failing[1].size]
  const isOpen = (at: 0 | 1) => !row.hidden[at] && (row.asked[at] || !row.isBetweenOthers)
  const isMeant = (at: 0 | 1) => delivered[at] > 0 || unknown[at] > 0 || failing[at] > 0 || isOpen(at)
  const forwarded: Counts = [row.forwarded[1].size, row.forwarded[0].size]
  const result = resultOf(row, { delivered, failing, unknown, isMeant })
  const isOneWay = isMeant(0) !== isMeant(1) && !row.isBetweenOthers
  return {
    sites,
    hasBothEnds,
    ...(over === undefined ? {} : { over }),
    delivered,
    failing,
    unknown,
    isOneWay,
    forwarded,
    keys,
    leftOut,
    result,
    isProven: result === 'proven',
  }
}

function resultOf(
  row: Row,
  counts: Pick<TunnelProof, 'delivered' | 'failing' | 'unknown'> & { readonly isMeant: (at: 0 | 1) => boolean },
): ProofResult {
  const { delivered, failing, unknown, isMeant } = counts
  if (row.isAtFault || failing.some((count) => count > 0)) return 'fault'
  const meant = ([0, 1] as const).filter(isMeant)
  const isCalled = meant.length > 0 || row.isBetweenOthers || row.forwarded.some(({ size }) => size > 0)
  const arrives = isCalled && meant.every((at) => delivered[at] > 0)
  const isKnown = row.hasBothEnds && !row.isDoubtful && unknown.every((count) => count === 0)
  return isKnown && arrives ? 'proven' : 'unknown'
}

/** A port that leads to a host is one thing, whoever calls it; else a range is one whatever parts of it went. */
function keyOfBox({ service }: IntendedFlow, { source, destination }: FlowBox): string {
  if (service) return `${rangeText(destination)} ${service.protocol.first} ${service.destinationPort.first}`
  return `${rangeText(source)} ${rangeText(destination)}`
}

function counted(count: (at: 0 | 1) => number): Counts {
  return [count(0), count(1)]
}

function difference(ranges: ReadonlySet<string>, ...others: readonly ReadonlySet<string>[]): number {
  return [...ranges].filter((range) => !others.some((other) => other.has(range))).length
}

/** All that its tunnel carries goes on through others of its tunnels, or comes from there. */
function onlyHandsOn({ site, tunnel }: PeerEnd, to: PeerEnd): boolean {
  const bringing = bringingIn(site.device)
  const isBrought = ({ local, remote }: TunnelChild) =>
    bringing.meeting(rangeOf(local)).some(({ by, child }) => {
      if (by === tunnel) return false
      return local.length === 0 ? hasNone(site, local) : child.remote.contains(local) && child.local.contains(remote)
    })
  const used = tunnel.children
    .filter(({ kind }) => kind === 'protect')
    .filter(({ local }) => local.length > 0 || !hasNone(to.site, local))
  return used.length > 0 && used.every(isBrought)
}

/** Nothing behind a gateway is of the family of a prefix. */
function hasNone(site: WorldSite, { family }: Prefix): boolean {
  const own = [...site.subnets, ...site.otherNetworks]
  return networksShown(site) !== undefined && own.length > 0 && own.every((prefix) => prefix.family !== family)
}

interface Bringing {
  readonly by: DeviceTunnel
  readonly child: TunnelChild
}

const bringing = new WeakMap<Device, IntervalIndex<Bringing>>()

/** What the tunnels of a device bring, by where it comes from. */
function bringingIn(device: Device): IntervalIndex<Bringing> {
  const found = bringing.get(device)
  if (found) return found
  const all = device.tunnels.flatMap((by) => by.children.map((child) => ({ by, child })))
  const made = new IntervalIndex(all.map((value) => ({ range: rangeOf(value.child.remote), value })))
  bringing.set(device, made)
  return made
}

function emptyRow(sites: Row['sites'], passed: readonly WorldSite[], hasBothEnds: boolean): Row {
  const empty = (): Ranges => [new Set<string>(), new Set<string>()]
  const unread = passed.flatMap(({ device }) => device.unread)
  return {
    sites,
    hasBothEnds,
    leftOut: unread.length,
    keys: 'unknown',
    isBetweenOthers: false,
    asked: [false, false],
    isAtFault: false,
    // A line that stands for nothing in the device may do anything to the packets; others are met on the way.
    isDoubtful: unread.some(({ isPlaced }) => !isPlaced),
    delivered: empty(),
    failing: empty(),
    unknown: empty(),
    hidden: [false, false],
    forwarded: [new Set<string>(), new Set<string>()],
  }
}

function directionOf({ sites }: Row, { name }: WorldSite): 0 | 1 {
  return name === sites[0] ? 0 : 1
}

/** Names of sites hold no blank, and a pair has one row whichever end is named first. */
function keyOf(one: string, other: string): string {
  return one < other ? `${one} ${other}` : `${other} ${one}`
}

/** A tunnel may be called like a site, so it is not in the place of one. */
function calledKey(site: string, tunnel: string): string {
  return `${site} by ${tunnel}`
}
