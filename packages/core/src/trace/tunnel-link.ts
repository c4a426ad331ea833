import type { DeviceTunnel, TunnelChild } from '../device/device.ts'
import { Candidates } from '../match/candidates.ts'
import { answerTo, type Packet } from '../match/packet.ts'
import { rangeOf } from '../match/range-set.ts'
import { takes } from '../match/takes.ts'
import type { Tracked } from '../match/tracked.ts'
import type { PeerEnd } from '../world/ends.ts'
import { type NegotiationFault, negotiationFaults } from '../world/negotiation.ts'
import { routeLack } from '../world/own-ways.ts'
import { peersOf } from '../world/peers.ts'
import type { World, WorldSite } from '../world/world.ts'
import { type Crossing, matchOfChild } from './gateway-tables.ts'
import {
  type Block,
  blockAdvice,
  blockText,
  canBegin,
  dropOf,
  espArrives,
  isKeptDown,
  type Reach,
} from './outer-packets.ts'
import type { DoubtAt, Drop, Ending } from './step.ts'

/** Why a tunnel does not carry a packet. */
export interface Failure {
  readonly disposition: 'tunnel-down' | 'tunnel-fails' | 'ike-blocked' | 'selector-refused'
  readonly reason: string
  readonly advice: string
  readonly drop?: Drop
}

/** What becomes of a packet that a child takes. `maybe`: something that is not known decides; `to`: where it then arrives. */
export type Link =
  | { readonly kind: 'up'; readonly to: Arriving; readonly maybe?: DoubtAt | undefined }
  | { readonly kind: 'down'; readonly failure: Failure }
  | { readonly kind: 'ends'; readonly ending: Ending; readonly maybe?: DoubtAt | undefined }

/** The far end, and which of its children takes the packet. */
export interface Arriving {
  readonly site: WorldSite
  readonly crossing: Crossing
}

/** What a walk knows of tunnels. */
export interface TunnelState {
  readonly world: World
  /** Whether tunnels that can come up are taken to be up. */
  readonly isUp: boolean
  /** Tunnels that a packet of this walk went through: their answers need nobody to begin. */
  readonly broughtUp: ReadonlySet<object>
}

export function linkOf(state: TunnelState, site: WorldSite, crossing: Crossing, packet: Packet): Link {
  const { tunnel } = crossing
  const here = { site, tunnel }
  const { ends: peers, doubt } = peersOf(state.world, here)
  const taking = peers.flatMap((end) => {
    const child = receivingChild(end, crossing, packet)
    return child ? [{ end, child }] : []
  })
  const [taken] = taking
  const there = taken?.end ?? peers[0]
  if (!there) return unknownPeer(site, crossing, doubt && { site: doubt.site, doubt })
  const failure = failureOf(state, here, there, crossing.child)
  if (failure) return { kind: 'down', failure }
  if (!taken) {
    const open = peers.find((end) => end.tunnel.doubt !== undefined)
    return open ? notKnown(site, open) : { kind: 'down', failure: refused(site, crossing, there) }
  }
  const to = { site: there.site, crossing: { tunnel: there.tunnel, child: taken.child } }
  const ends = taking.map(({ end }) => end)
  const sent = espArrives(here, there, state.broughtUp.has(tunnel) ? 'established' : 'new')
  const begun = comesUp(state, here, there, crossing.child)
  const maybe = doubtAbout(here, there, ends) ?? begun.doubts[0] ?? sent.doubts[0]
  if (sent.block) return { kind: 'ends', ending: endingOfEsp(sent.block), maybe }
  return { kind: 'up', to, maybe }
}

function endingOfEsp(block: Block): Ending {
  return {
    disposition: 'esp-blocked',
    reason: blockText(block),
    advice: blockAdvice(block),
    drop: dropOf(block),
    inClear: false,
  }
}

/** Whether an end that begins by itself, or with this packet, gets through the filters of both. */
function comesUp({ broughtUp }: TunnelState, here: PeerEnd, there: PeerEnd, child: TunnelChild): Reach {
  if (broughtUp.has(here.tunnel)) return { answer: 'yes', doubts: [] }
  const tries = [
    ...(begins(here, child.start) ? [canBegin(here, there)] : []),
    ...(waits(there) ? [] : [canBegin(there, here)]),
  ]
  const best = tries.find(({ answer }) => answer === 'yes') ?? tries.find(({ answer }) => answer === 'maybe')
  return best ?? tries[0] ?? { answer: 'yes', doubts: [] }
}

/** What could keep the tunnel from coming up, or lead it elsewhere, if it were known. */
function doubtAbout(here: PeerEnd, there: PeerEnd, ends: readonly PeerEnd[]): DoubtAt | undefined {
  const { site, tunnel } = here
  const fault = negotiationFaults(here, there).find(({ isCertain, isDelayed }) => !isCertain && !isDelayed)
  if (fault) return { site: site.name, doubt: { line: tunnel.line, what: fault.message } }
  const names = [...new Set(ends.map((end) => end.site.name))]
  if (names.length < 2) return undefined
  const what = `which of ${names.join(' and ')} the tunnel ${tunnel.name} leads to`
  return { site: site.name, doubt: { line: tunnel.line, what } }
}

function failureOf(state: TunnelState, here: PeerEnd, there: PeerEnd, child: TunnelChild): Failure | undefined {
  const [one, other] = [here.site.name, there.site.name]
  if (!state.isUp) return down(one, `the tunnel of ${one} and ${other} is down`)
  const fault = [...negotiationFaults(here, there), ...unreachable(here), ...unreachable(there)].find(isPreventing)
  if (fault) {
    const reason = `the tunnel of ${one} and ${other} cannot come up: ${fault.message}`
    return { disposition: 'tunnel-fails', reason, advice: `make both ends agree at ${one} or ${other}` }
  }
  if (!begins(here, child.start) && waits(there) && !state.broughtUp.has(here.tunnel)) {
    const reason = `${one} only responds, and ${other} initiates with its first packet: until then there is no tunnel`
    return {
      disposition: 'tunnel-down',
      reason,
      advice: `let the tunnel of ${one} start with a trap or by itself`,
    }
  }
  const { block } = comesUp(state, here, there, child)
  return block && failureOfBlock(block, one, other)
}

function failureOfBlock(block: Block, one: string, other: string): Failure {
  const reason = `the tunnel of ${one} and ${other} does not come up: ${blockText(block)}`
  return { disposition: 'ike-blocked', reason, advice: blockAdvice(block), drop: dropOf(block) }
}

/** Reports whether nothing that is known keeps a tunnel from coming up for some packets of a child to an address. */
export function canComeUp(
  { world }: TunnelState,
  site: WorldSite,
  { tunnel, child }: Crossing,
  destination: Tracked,
): boolean {
  const here = { site, tunnel }
  const { ends, doubt } = peersOf(world, here)
  const [there] = ends
  if (!there) return doubt !== undefined || tunnel.remote.address.kind !== 'any'
  if ([...negotiationFaults(here, there), ...unreachable(here), ...unreachable(there)].some(isPreventing)) return false
  if (isKeptDown(here, there)) return false
  if (ends.some((end) => end.tunnel.doubt !== undefined)) return true
  const agreed = ends.flatMap((end) => end.tunnel.children).filter(({ remote }) => remote.overlaps(child.local))
  return agreed.some(({ kind, local }) => kind === 'protect' && destination.isIn(rangeOf(local)))
}

function isPreventing({ isCertain, isDelayed }: Pick<NegotiationFault, 'isCertain' | 'isDelayed'>): boolean {
  return isCertain && !isDelayed
}

function unreachable({ site, tunnel }: PeerEnd): Pick<NegotiationFault, 'message' | 'isCertain' | 'isDelayed'>[] {
  const message = routeLack(site, tunnel)
  return message === undefined ? [] : [{ message, isCertain: true }]
}

function down(site: string, reason: string): Failure {
  return { disposition: 'tunnel-down', reason, advice: `look at both gateways: is the tunnel of ${site} up?` }
}

/** Nobody begins towards an address that is not known. */
function begins({ tunnel }: PeerEnd, start: TunnelChild['start']): boolean {
  return start !== 'respond' && tunnel.remote.address.kind !== 'any'
}

/** An end that begins with a packet of its own, and not by itself. */
function waits({ tunnel }: PeerEnd): boolean {
  return tunnel.start === 'trap' || tunnel.start === 'respond' || tunnel.remote.address.kind === 'any'
}

/** Packets without a tunnel are held back by a trap, which needs an address to lead to. */
export function isTrapped({ tunnel, child }: Crossing): boolean | 'maybe' {
  if (child.start !== 'trap') return false
  const { kind } = tunnel.remote.address
  return kind === 'known' ? true : kind === 'any' ? false : 'maybe'
}

const nowhere = { in: undefined, out: undefined, isEncrypting: false }

const protecting = new WeakMap<DeviceTunnel, Candidates<TunnelChild>>()

function protectedBy(tunnel: DeviceTunnel): Candidates<TunnelChild> {
  const known = protecting.get(tunnel)
  if (known) return known
  const children = tunnel.children.filter(({ kind }) => kind === 'protect')
  const made = new Candidates(children.map((child) => ({ item: child, match: matchOfChild(child) })))
  protecting.set(tunnel, made)
  return made
}

/** IKEv2 narrows the selectors to what both ends have (RFC 7296, section 2.9); IKEv1 takes equal ones only. */
function receivingChild(
  { tunnel }: PeerEnd,
  { tunnel: from, child }: Crossing,
  packet: Packet,
): TunnelChild | undefined {
  const seenThere = answerTo(packet)
  const isExact = !(from.versions.includes(2) && tunnel.versions.includes(2))
  const taking = protectedBy(tunnel)
    .of(seenThere)
    .filter(({ match }) => takes(match, seenThere, nowhere) === 'yes')
    .map(({ item }) => item)
    .filter((one) => !isExact || (one.local.equals(child.remote) && one.remote.equals(child.local)))
  return taking.sort((a, b) => b.local.length + b.remote.length - a.local.length - a.remote.length)[0]
}

function refused(site: WorldSite, { child: { local, remote } }: Crossing, there: PeerEnd): Failure {
  const name = there.site.name
  return {
    disposition: 'selector-refused',
    reason: `no selector of ${name} takes what ${site.name} sends through its selector ${local} → ${remote}`,
    advice: `give the tunnel of ${name} the selector ${remote} → ${local}, or narrow that of ${site.name}`,
  }
}

/** The peer may have a selector for the packet among what was not understood. */
function notKnown(site: WorldSite, { site: { name }, tunnel }: PeerEnd): Link {
  const what = `what the tunnel ${tunnel.name} of ${name} carries`
  const ending: Ending = {
    disposition: 'unknown',
    reason: `${what} is not known, so that it may take what ${site.name} sends or not`,
    advice: `look at the tunnel ${tunnel.name} of ${name}`,
    inClear: false,
  }
  return { kind: 'ends', ending, maybe: { site: name, doubt: tunnel.doubt ?? { line: tunnel.line, what } } }
}

function unknownPeer(site: WorldSite, { tunnel }: Crossing, maybe: DoubtAt | undefined): Link {
  const { address } = tunnel.remote
  const to = address.kind === 'known' ? String(address.address) : address.kind === 'host' ? address.name : 'any address'
  const ending: Ending = {
    disposition: 'peer-unknown',
    reason: `the tunnel ${tunnel.name} of ${site.name} leads to ${to}, and no known gateway has a tunnel back`,
    advice: `give the configuration of ${address.kind === 'any' ? 'the other gateway' : to} as well, or add the tunnel there`,
    inClear: false,
  }
  return { kind: 'ends', ending, maybe }
}
