import type { Address } from '../address/address.ts'
import { distance } from '../address/bits.ts'
import { prefixOf } from '../match/prefix-of.ts'
import { dispositions } from '../trace/disposition.ts'
import type { FlowClass } from '../trace/flow-classes.ts'
import type { Hop, Step } from '../trace/step.ts'
import type { World } from '../world/world.ts'
import { type IntendedFlow, siteOfPeer } from './intended-flows.ts'
import { hidingPeers, manyToOneOf } from './many-to-one.ts'

/** What became of packets that are meant to arrive. */
export type Verdict = 'arrives' | 'fails' | 'unknown'

/** A class of packets and what it was meant for. */
export interface FollowedFlow {
  readonly flow: IntendedFlow
  readonly found: FlowClass
}

/** Where the other gateway is not known, nobody can tell; where many hosts are hidden on purpose, one way is all that is meant. */
export function verdictOf(followed: FollowedFlow, world: World): Verdict {
  const { disposition } = followed.found.trace
  if (disposition === 'unknown') return 'unknown'
  if (otherHostOf(followed)) return 'fails'
  if (goesAstray(followed, world)) return 'fails'
  if (disposition === 'peer-unknown') return 'unknown'
  if (disposition === 'not-one-to-one') return isHiddenOnPurpose(followed, world) ? 'arrives' : 'fails'
  return dispositions[disposition].isGood ? 'arrives' : 'fails'
}

/**
 * Reports whether packets for a site that is known go into a tunnel to another one; from there on they may be handed further, and those that
 * are to be handed on must come to the site that they are for.
 */
export function goesAstray({ flow, found: { trace } }: FollowedFlow, world: World): boolean {
  const peer = siteOfPeer(flow.peer, world)
  if (!peer || trace.disposition === 'unknown') return false
  const next = trace.hops.find(({ way, site }) => way === 'there' && site !== flow.from.name)
  if (trace.disposition === 'peer-unknown') return next === undefined || trace.way === 'back'
  if (next === undefined || flow.over === undefined) return next !== undefined && next.site !== peer.name
  return next.site !== flow.over || (trace.disposition === 'delivered' && !isPassed(trace, peer.name))
}

function isPassed({ hops }: FlowClass['trace'], name: string): boolean {
  return hops.some(({ way, site }) => way === 'there' && site === name)
}

/** Where packets come to another host than the one that is called, or to another port there. */
export function otherHostOf({ flow, found }: FollowedFlow): string | undefined {
  const { service, hosts, destination } = flow
  const { trace, example } = found
  if (!dispositions[trace.disposition].isGood) return undefined
  const there = trace.hops.filter(({ way }) => way === 'there')
  const host = there.at(-1)?.arrives.destination
  if (service) return otherPortOf(service, there, host)
  if (!hosts || !host) return undefined
  const meant = hosts.at(distance(destination.bits, example.destination.bits))
  return host.equals(meant) ? undefined : `${example.destination} leads to ${host}, not to ${meant}`
}

function otherPortOf(
  service: NonNullable<IntendedFlow['service']>,
  there: readonly Hop[],
  host: Address | undefined,
): string | undefined {
  const rule = there.flatMap(({ steps }) => steps.filter(isDestinationChange)).at(-1)?.rule
  const ports = rule && 'ports' in rule.action ? rule.action.ports : undefined
  const port = ports?.first ?? service.destinationPort.first
  const isRight = host?.equals(service.to) && port === service.toPort
  return isRight ? undefined : `leads to port ${port} of ${host}, not to port ${service.toPort} of ${service.to}`
}

/** Every rule that changed the source gives few addresses to many hosts because a tunnel asks for that, or masks them for the hosts at the end. */
function isHiddenOnPurpose({ found }: FollowedFlow, { sites }: World): boolean {
  const mask = maskAtEnd(found)
  const changes = found.trace.hops
    .filter(({ way }) => way === 'there')
    .flatMap(({ site, steps }) => steps.filter(isSourceChange).map((step) => ({ site: sites.get(site), step })))
    .filter(({ step }) => !isOntoItself(step))
  const isMeant = ({ site, step }: (typeof changes)[number]) =>
    step === mask?.step ||
    (site !== undefined && (manyToOneOf(site).has(step.rule) || hidingPeers(site).has(step.rule)))
  return changes.length > 0 && changes.every(isMeant)
}

/** A gateway that exempts by a map of a prefix to itself. */
function isOntoItself({ rule: { action, match } }: Change): boolean {
  return action.kind === 'map' && (prefixOf(match.source)?.equals(action.to) ?? false)
}

/** Where the last gateway gives its own address to what came out of a tunnel: hosts answer to it, so that nothing is lost but who called. */
export function maskAtEnd({ trace }: FlowClass): { readonly site: string; readonly step: Change } | undefined {
  const passes = trace.hops.filter(({ way, at }) => way === 'there' && at === 'gateway')
  const from = passes.findLastIndex(({ steps }) => steps.some(({ kind }) => kind === 'decrypt'))
  const last = passes[from]
  if (!last) return undefined
  const steps = passes.slice(from).flatMap((pass) => pass.steps)
  if (steps.some(({ kind }) => kind === 'encrypt')) return undefined
  const step = steps.filter(isSourceChange).find(({ rule }) => rule.action.kind === 'masquerade')
  return step && { site: last.site, step }
}

type Change = Extract<Step, { readonly kind: 'translate' }>

function isDestinationChange(step: Step): step is Change {
  return step.kind === 'translate' && step.side === 'destination'
}

function isSourceChange(step: Step): step is Change {
  return step.kind === 'translate' && step.side === 'source'
}
