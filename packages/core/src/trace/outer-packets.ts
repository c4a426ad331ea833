import type { Address } from '../address/address.ts'
import { type NamedAddress, textOf } from '../address/named-address.ts'
import { isInternal, privateRanges, specialPurposeRanges } from '../address/special-purpose.ts'
import type { Device, Doubt, RuleList, TunnelChild } from '../device/device.ts'
import { prefixesInto } from '../device/next-hop.ts'
import { ownHooks } from '../device/stages.ts'
import { everyAddress } from '../match/box.ts'
import type { Packet } from '../match/packet.ts'
import type { ConnectionState } from '../match/packet-match.ts'
import { esp, udp } from '../match/protocols.ts'
import type { Range } from '../match/range.ts'
import { RangeSet, rangeOf } from '../match/range-set.ts'
import { type PassedInterface, takes, takesName } from '../match/takes.ts'
import { Tracked } from '../match/tracked.ts'
import { ByEnds } from '../world/by-ends.ts'
import { type Answer, knownAddresses, type PeerEnd } from '../world/ends.ts'
import { seenByHosts } from '../world/far-maps.ts'
import { natBetween } from '../world/nat-between.ts'
import type { WorldSite } from '../world/world.ts'
import { isOfFamily, verdictsOf } from './ask-filters.ts'
import { askSet, asksState, type Decider, deciderName } from './ask-set.ts'
import { outsideOf } from './entries.ts'
import { fallbackPlace, placeOf } from './explain-ending.ts'
import { tablesOf } from './gateway-tables.ts'
import { type Session, sessionOf } from './sessions.ts'
import type { DoubtAt, Drop } from './step.ts'

/** Whether packets of one gateway get to the other. */
export interface Reach {
  readonly answer: Answer
  /** Who drops them, where the answer is no. */
  readonly block?: Block
  /** Why nobody knows, where it is maybe. */
  readonly doubts: readonly DoubtAt[]
}

export interface Block extends Decider {
  readonly end: PeerEnd
  readonly way: 'in' | 'out'
  /** `undefined`: ESP as such. */
  readonly port: number | undefined
  readonly list: RuleList
  /** Only packets that answer are let through. */
  readonly isFirstOnly: boolean
}

const open: Reach = { answer: 'yes', doubts: [] }

/** Whether an end can begin: its first packet gets to the other end, and the answer back. */
export function canBegin(from: PeerEnd, to: PeerEnd): Reach {
  return memo(from, to, 'begin', () =>
    together(
      ikePorts(from, to).map(({ port, isCertain }) => {
        return weakened(
          together([reach(from, to, { port, state: 'new' }), reach(to, from, { port, state: 'established' })]),
          isCertain,
          { site: from.site.name, doubt: { line: from.tunnel.line, what: `whether IKE goes on at UDP ${port}` } },
        )
      }),
    ),
  )
}

/** Whether packets of the tunnel get from one end to the other; `established`: where some have come the other way before. */
export function espArrives(from: PeerEnd, to: PeerEnd, state: 'new' | 'established'): Reach {
  return memo(from, to, state, () => {
    const behind = natBetween(from, to)
    const plain = reach(from, to, { port: undefined, state })
    if (behind === 'no') return plain
    // IKE keeps that connection alive, so that its packets go both ways whoever sends first (RFC 3948, section 4).
    const wrapped = reach(from, to, { port: 4500, state: 'established' })
    if (behind === 'yes' || plain.answer === wrapped.answer) return wrapped
    const what = `whether a NAT lies between ${from.site.name} and ${to.site.name}`
    const doubt = { site: from.site.name, doubt: { line: from.tunnel.line, what } }
    return { answer: 'maybe', doubts: [doubt, ...plain.doubts, ...wrapped.doubts] }
  })
}

/**
 * IKE begins at port 500 and goes on at 4500 behind a NAT, and where the end that begins offers to move (MOBIKE, RFC 4555): strongSwan does
 * so before it knows whether its peer can (ike_natd.c).
 */
function ikePorts(from: PeerEnd, to: PeerEnd): { readonly port: number; readonly isCertain: boolean }[] {
  const behind = natBetween(from, to)
  const isNew = from.tunnel.versions.includes(2) && to.tunnel.versions.includes(2)
  const canMove = isNew && from.tunnel.mobike !== false
  const first = { port: 500, isCertain: true }
  return behind === 'no' && !canMove ? [first] : [first, { port: 4500, isCertain: behind === 'yes' }]
}

/** One packet of what two gateways send to each other: IKE (RFC 7296), and packets of a tunnel as such or in UDP (RFC 3948). */
interface Sent {
  /** `undefined`: ESP as such. */
  readonly port: number | undefined
  readonly state: ConnectionState
}

/** Out of one gateway and into the other. */
function reach(from: PeerEnd, to: PeerEnd, sent: Sent): Reach {
  return together([pass(from, to, 'out', sent), pass(to, from, 'in', sent)])
}

function pass(end: PeerEnd, other: PeerEnd, way: 'in' | 'out', sent: Sent): Reach {
  const all = farRanges(end, other).map((far) => passWith(end, other, way, { ...sent, far }))
  const [first, ...more] = all
  if (!first || more.every(({ answer }) => answer === first.answer)) return first ?? open
  const what = `the address of ${other.site.name}`
  return { answer: 'maybe', doubts: [{ site: end.site.name, doubt: { line: end.tunnel.line, what } }] }
}

function passWith(end: PeerEnd, other: PeerEnd, way: 'in' | 'out', sent: Sent & { readonly far: Range }): Reach {
  const { site } = end
  const { [way]: hooks, maybeOfEsp } = ownHooks(site.device.order)
  const { filters, destination } = tablesOf(site)
  const isRedirected = sent.state === 'new' && destination.length > 0 && hooks.includes('prerouting')
  if (!isRedirected && !filters.some(({ hook }) => hooks.includes(hook))) return open
  const unknown = new Set<string>()
  const packet = packetOf(end, other, way, { ...sent, whenAsked: (what) => unknown.add(what) })
  const outside = outsideOf(site, end.tunnel)
  const passage = {
    in: way === 'in' ? outside : undefined,
    out: way === 'out' ? outside : undefined,
    isEncrypting: false,
    translated: { source: false, destination: false },
  }
  const at = { end, way, port: sent.port }
  const states = sent.state === 'new' ? (['new', 'established'] as const) : ([sent.state] as const)
  const kept = way === 'in' && sent.state === 'established' ? sessionOfAnswered(site, packet, outside) : undefined
  const found: Reach[] = hooks.flatMap((hook) => [
    ...filters
      .filter((list) => list.hook === hook && isOfFamily(list, packet))
      .flatMap((list) => {
        const sparing = list.sparesSessions?.includes('in') ? kept : undefined
        if (sparing && !sparing.doubt) return []
        const isAsked = sparing?.doubt ?? (sent.port === undefined && maybeOfEsp?.includes(hook) ? ofEsp : undefined)
        return states
          .filter((state) => state === sent.state || asksState(list))
          .map((state) => askList(list, { ...packet, state }, passage, { ...at, isAsked }))
      }),
    ...(hook === 'prerouting' && sent.state === 'new' ? [redirected(packet, passage, at)] : []),
  ])
  const all = together(found)
  if (unknown.size === 0 || all.answer === 'maybe') return all
  const doubts = [...unknown].map((what) => ({ site: site.name, doubt: { line: end.tunnel.line, what } }))
  return { answer: 'maybe', doubts }
}

const ofEsp: Doubt = { line: undefined, what: 'whether filters for the gateway itself apply to ESP' }

type At = Pick<Block, 'end' | 'way' | 'port'>
type Asked = Parameters<typeof askSet>[2]

/** The session of what a gateway sent, of which nothing is dropped where it leaves: what answers it belongs to that. */
function sessionOfAnswered(
  site: WorldSite,
  answer: Packet,
  outside: PassedInterface,
): Omit<Session, 'interface'> | undefined {
  const { source, destination, sourcePort, destinationPort } = answer
  const sent: Packet = {
    ...answer,
    source: destination,
    destination: source,
    sourcePort: destinationPort,
    destinationPort: sourcePort,
    state: 'new',
  }
  const passage = {
    in: undefined,
    out: outside,
    isEncrypting: false,
    translated: { source: false, destination: false },
  }
  const found = tablesOf(site)
    .filters.filter(({ hook }) => hook === 'postrouting' || hook === 'output')
    .filter((list) => list.sparesSessions && isOfFamily(list, sent))
    .flatMap((list) => sessionOf(list, askSet(list, sent, passage)) ?? [])
  return found.find(({ doubt }) => doubt === undefined) ?? found[0]
}

function askList(
  list: RuleList,
  packet: Packet,
  passage: Asked,
  { isAsked, ...block }: At & { readonly isAsked: Doubt | undefined },
): Reach {
  const outcome = askSet(list, packet, passage)
  const { dropping, accepting } = verdictsOf(outcome)
  if (!dropping) return open
  if (isAsked) return { answer: 'maybe', doubts: [{ site: block.end.site.name, doubt: isAsked }] }
  if (!accepting) {
    const later = { ...packet, state: 'established' } as const
    const isFirstOnly = packet.state === 'new' && !verdictsOf(askSet(list, later, passage)).dropping
    return { answer: 'no', block: { ...block, list, ...dropping, isFirstOnly }, doubts: [] }
  }
  return { answer: 'maybe', doubts: outcome.doubts.map((doubt) => ({ site: block.end.site.name, doubt })) }
}

/** A rule that hands what is for the gateway itself on to a host (a port forward). */
function redirected(packet: Packet, passage: Asked, at: At): Reach {
  for (const { list, rules } of tablesOf(at.end.site).destination) {
    for (const { item: rule, match } of rules.of(packet)) {
      const answer = takes(match, packet, passage)
      if (answer === 'no') continue
      if (answer === 'maybe' || rule.doubt || rule.action.kind === 'unknown') {
        const doubt: Doubt = rule.doubt ?? { line: rule.line, what: `a rule of ${list.name}` }
        return { answer: 'maybe', doubts: [{ site: at.end.site.name, doubt }] }
      }
      if (rule.action.kind !== 'map' && rule.action.kind !== 'pool') break
      return { answer: 'no', block: { ...at, list, set: list, rule, isFirstOnly: false }, doubts: [] }
    }
  }
  return open
}

/**
 * Where the peer may be for this end: at the address that it names, or at its own where no NAT changes that. Of one that is not known, two
 * things are: to a gateway on the internet nobody comes from a private address, and no gateway is one of the hosts that tunnels join.
 */
function farRanges(end: PeerEnd, other: PeerEnd): readonly Range[] {
  const address = farAddress(end, other)
  if (address) return [{ first: address.bits, last: address.bits }]
  const isOnInternet = knownAddresses(end.site).some((own) => own.family === 4 && !isInternal(own))
  const space = isOnInternet ? publicSpace : allSpace
  const { ranges } = space.subtract(hostsOf(end.site))
  return ranges.length === 0 || ranges.length > mostRanges ? space.ranges : ranges
}

/** Each is asked about by itself. */
const mostRanges = 64

function hostsOf({ device }: WorldSite): RangeSet {
  const children = device.tunnels.flatMap((tunnel) => tunnel.children).filter(({ kind }) => kind === 'protect')
  const joined = [...children, ...seenByHosts(device)].map((child) => joinedBy(device, child))
  return joined.reduce((all, one) => all.union(one), RangeSet.empty)
}

/** A child that takes everything joins what is routed into its interface with what rules make there. */
function joinedBy(device: Device, { local, remote, through }: TunnelChild): RangeSet {
  const on = through?.kind === 'route' ? through.interface : undefined
  const far = remote.length === 0 && on !== undefined ? prefixesInto(device, on) : [remote]
  const near = local.length === 0 && on !== undefined ? madeOn(device, on) : RangeSet.empty
  const written = [local, ...far].filter(({ family, length }) => family === 4 && length > 0)
  return RangeSet.ofPrefixes(written).union(near)
}

function madeOn({ lists }: Device, name: string): RangeSet {
  const rules = lists.filter(({ kind }) => kind === 'source-nat').flatMap((list) => list.rules)
  const made = rules.flatMap(({ action, match: { out } }) => {
    if (!out || !takesName(out, name)) return []
    if (action.kind === 'map') return action.to.family === 4 ? [rangeOf(action.to)] : []
    return action.kind === 'pool' && action.first.family === 4
      ? [{ first: action.first.bits, last: action.last.bits }]
      : []
  })
  return RangeSet.of(made)
}

const allSpace = RangeSet.of([everyAddress(4)])
const publicSpace = allSpace.subtract(
  RangeSet.ofPrefixes([...privateRanges, ...specialPurposeRanges].map(({ prefix }) => prefix)),
)

interface Sending extends Sent {
  readonly far: Range
  readonly whenAsked: (what: string) => void
}

/** What a gateway sends to its peer or gets from it, with the addresses that it has there. */
function packetOf(
  end: PeerEnd,
  other: PeerEnd,
  way: 'in' | 'out',
  { port, state, far: range, whenAsked }: Sending,
): Packet {
  const address = ownAddress(end)
  const ownRange = address ? { first: address.bits, last: address.bits } : everyAddress(4)
  const own = field(ownRange, `the address of ${end.site.name}`, whenAsked)
  const far = field(range, `the address of ${other.site.name}`, whenAsked)
  const [source, destination] = way === 'in' ? [far, own] : [own, far]
  const isMoved = natBetween(end, other) !== 'no'
  const farPort =
    isMoved && port !== undefined
      ? Tracked.anyOf({ first: 0, last: 65_535 }, port, () => whenAsked(`the port that a NAT gives ${other.site.name}`))
      : Tracked.fixed(port ?? 0)
  const ownPort = Tracked.fixed(port ?? 0)
  return {
    source,
    destination,
    protocol: Tracked.fixed(port === undefined ? esp : udp),
    sourcePort: way === 'in' ? farPort : ownPort,
    destinationPort: way === 'in' ? ownPort : farPort,
    icmpType: 0,
    state,
    isDecrypted: false,
  }
}

function field({ first, last }: Range, what: string, whenAsked: (what: string) => void): Tracked {
  return first === last ? Tracked.fixed(first) : Tracked.anyOf({ first, last }, first, () => whenAsked(what))
}

function ownAddress({ tunnel: { local } }: PeerEnd): Address | undefined {
  return known(local.address)
}

function farAddress({ tunnel: { remote } }: PeerEnd, other: PeerEnd): Address | undefined {
  return known(remote.address) ?? known(other.tunnel.local.address)
}

function known(address: NamedAddress): Address | undefined {
  return address.kind === 'known' ? address.address : undefined
}

/** All of several must hold. */
function together(all: readonly Reach[]): Reach {
  const blocked = all.find(({ answer }) => answer === 'no')
  if (blocked) return blocked
  const doubts = all.flatMap((one) => one.doubts)
  return doubts.length > 0 || all.some(({ answer }) => answer === 'maybe') ? { answer: 'maybe', doubts } : open
}

/** What nobody knows to be needed keeps nothing from working for certain. */
function weakened(found: Reach, isCertain: boolean, doubt: DoubtAt): Reach {
  if (isCertain || found.answer === 'yes') return found
  return { answer: 'maybe', doubts: [doubt, ...found.doubts] }
}

const reached = new ByEnds<Map<string, Reach>>()

function memo(from: PeerEnd, to: PeerEnd, key: string, make: () => Reach): Reach {
  const byKey = reached.of(from, to, () => new Map())
  const made = byKey.get(key) ?? make()
  byKey.set(key, made)
  return made
}

function nameOf(port: Block['port']): string {
  return port === undefined ? 'ESP' : `UDP ${port}`
}

/** Whether no end can begin, as far as the gateways' filters go. */
export function isKeptDown(one: PeerEnd, other: PeerEnd): boolean {
  return [canBegin(one, other), canBegin(other, one)].every(({ answer }) => answer === 'no')
}

/** What to do about a gateway that drops packets of its peer. */
export function blockAdvice({ end: { site, tunnel }, way, port, set, isFirstOnly }: Block): string {
  const peer = `${way === 'in' ? 'from' : 'to'} ${textOf(tunnel.remote.address)}`
  const first = isFirstOnly ? ', also those that answer nothing' : ''
  return `accept ${nameOf(port)} ${peer} in ${set.name} of ${site.name}${first}`
}

/** The same for whoever writes what would let them pass. */
export function dropOf({ end, list, set, rule, way, port }: Block): Drop {
  const packets = {
    kind: 'outer',
    protocol: port === undefined ? esp : udp,
    port,
    way,
    own: ownAddress(end),
    // A peer that may be anywhere is let in from anywhere.
    peer: known(end.tunnel.remote.address),
  } as const
  return { site: end.site.name, list, set, rule, packets }
}

/** Which packets a gateway drops, and where. */
export function blockText({ end, way, port, set, rule, isFirstOnly }: Block): string {
  const { site, tunnel } = end
  const at = rule ?? fallbackPlace(set)
  const peer = textOf(tunnel.remote.address)
  const ends = way === 'in' ? `from ${peer}` : `to ${peer}`
  const verb = rule && rule.action.kind !== 'drop' && rule.action.kind !== 'reject' ? 'sends on' : 'drops'
  return `${deciderName({ set, rule })} of ${site.name} ${verb} ${nameOf(port)} ${ends}${isFirstOnly ? ', unless it answers what went out' : ''}${placeOf(site, at.line, at.file)}`
}
