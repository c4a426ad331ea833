import type { Code } from '../codes.ts'
import type { Written } from '../device/device.ts'
import type { About, Finding } from '../finding.ts'
import type { Disposition } from '../trace/disposition.ts'
import { fallbackPlace } from '../trace/explain-ending.ts'
import type { FlowClass } from '../trace/flow-classes.ts'
import type { DoubtAt, Hop, Step } from '../trace/step.ts'
import type { World, WorldSite } from '../world/world.ts'
import { filtersAt } from './checks/unread.ts'
import type { FailingFlow } from './failing-flow.ts'
import { groupedBy } from './grouped-by.ts'
import { aboutPeer, peerText } from './intended-flows.ts'
import { type Replay, replayOf } from './replay.ts'
import { servicesText } from './services.ts'
import { childText, rangeText } from './shown.ts'
import { doubtKey, doubtText, findingAt } from './subject.ts'
import { goesAstray, otherHostOf } from './verdict.ts'

/** What keeps a tunnel from coming up, peers that are not known, and what is not understood, are findings of their own. */
const flowCodes = {
  delivered: undefined,
  'translated-twice': 'FLOW_TRANSLATED_TWICE',
  'not-one-to-one': 'FLOW_NOT_ONE_TO_ONE',
  'another-host': 'FLOW_ANOTHER_HOST',
  'stays-local': 'FLOW_STAYS_LOCAL',
  'nobody-answers': 'FLOW_UNANSWERED',
  'default-route': 'FLOW_DEFAULT_ROUTE',
  'reverse-path-filter': 'FLOW_REVERSE_PATH',
  'no-route': 'FLOW_NO_ROUTE',
  'no-selector': 'FLOW_NO_SELECTOR',
  'leaves-unencrypted': 'FLOW_UNENCRYPTED',
  'selector-refused': 'FLOW_REFUSED',
  'tunnel-fails': undefined,
  'ike-blocked': 'FLOW_IKE_BLOCKED',
  'esp-blocked': 'FLOW_ESP_BLOCKED',
  'tunnel-down': 'FLOW_TUNNEL_DOWN',
  'peer-unknown': undefined,
  'not-translated': 'FLOW_NOT_TRANSLATED',
  filtered: 'FLOW_FILTERED',
  loops: 'FLOW_LOOPS',
  unknown: undefined,
} as const satisfies Record<Disposition, Code | undefined>

/** All codes of packets that do not arrive, or not as who they are, or of which nobody knows. */
export const flowFindingCodes: readonly Code[] = [
  'FLOW_WRONG_PEER',
  ...Object.values<Code | undefined>(flowCodes).flatMap((code) => code ?? []),
  'FLOW_PARTLY_FILTERED',
  'NAT_HIDES_PEERS',
  'FLOW_NOT_KNOWN',
  'FAILOVER_UNSAFE',
  'PROOF_BOUNDED',
]

/** What packets are at fault for; `undefined` for those of which other findings tell. */
function codeOf(failing: FailingFlow, world: World): Code | undefined {
  if (otherHostOf(failing)) return 'FLOW_ANOTHER_HOST'
  return goesAstray(failing, world) ? 'FLOW_WRONG_PEER' : flowCodes[failing.found.trace.disposition]
}

interface Followed {
  readonly world: World
  readonly replay: Replay
  /** What arrives of some protocols or ports only. */
  readonly partly: readonly FailingFlow[]
}

/** One finding for each way to fail between two sites, with one packet that shows it. */
export function flowFindings(failing: readonly FailingFlow[], { world, replay, partly }: Followed): Finding[] {
  const groups = bothWaysAtOnce(groupedBy(failing, (one) => `${pairText(one)}: ${codeOf(one, world) ?? ''}`))
  const passing = groupedBy(partly, pairText)
  return groups.flatMap((group) => {
    const [first] = group
    const ofAll = first && codeOf(first, world)
    if (!first || !ofAll) return []
    const some = ofAll === 'FLOW_FILTERED' ? besides(group, passing.get(pairText(first)) ?? []) : undefined
    const code = some === undefined ? ofAll : 'FLOW_PARTLY_FILTERED'
    const { flow, found } = first
    const ranges = [...new Set(group.map(({ found: { box } }) => textOf(box)))]
    const others = ranges.length > 1 ? ` (and ${ranges.length - 1} more)` : ''
    const { advice, reason } = found.trace
    const hints = [advice, replayOf(first, replay)].filter((part) => part !== undefined && part !== '')
    const { drop } = found.trace
    const site = world.sites.get(drop?.site ?? found.trace.site) ?? flow.from
    const { at, about } = drop ? { at: drop.rule ?? fallbackPlace(drop.set), about: {} } : lastThing(found, site)
    return findingAt(code, {
      site,
      at,
      about: {
        ...(site === flow.from ? aboutPeer(flow.peer) : { peer: flow.from.name }),
        ...about,
        range: textOf(found.box),
      },
      message: `${[...new Set(group.map(pairText))].join(' and ')}, ${ranges[0]}${others}: ${some ?? ''}${otherHostOf(first) ?? (goesAstray(first, world) ? strayText(found) : reason)}`,
      ...(hints.length > 0 ? { hint: hints.join('; ') } : {}),
    })
  })
}

/** A filter that keeps the gateways from each other stands in the way of both directions: that is said once. */
function bothWaysAtOnce(groups: ReadonlyMap<string, readonly FailingFlow[]>): (readonly FailingFlow[])[] {
  const merged = groupedBy([...groups], ([key, [first]]) => {
    const drop = first?.found.trace.drop
    if (!first || drop?.packets.kind !== 'outer') return key
    const { site, set, rule, packets } = drop
    const sites = [first.flow.from.name, peerText(first.flow.peer)].sort()
    return [first.found.trace.disposition, ...sites, site, set.name, rule?.line, packets.way, packets.port].join(' ')
  })
  return [...merged.values()].map((group) => group.flatMap(([, flows]) => flows))
}

function pairText({ flow }: FailingFlow): string {
  return `${flow.from.name} to ${peerText(flow.peer)}`
}

/** What passes of the same addresses, or what does not, whichever is said sooner. */
function besides(failing: readonly FailingFlow[], partly: readonly FailingFlow[]): string | undefined {
  const lost = new Set(failing.map(({ found: { box } }) => textOf(box)))
  const passing = partly.filter(({ found: { box } }) => lost.has(textOf(box)))
  if (passing.length === 0) return undefined
  const [passes, fails] = [passing, failing].map((flows) => servicesText(flows.map(({ found }) => found.box)))
  if (passes === undefined || fails === undefined) return undefined
  return passes.length <= fails.length ? `only ${passes} can pass: ` : `${fails} cannot pass: `
}

/** One finding for each thing that is not known, with the packets that it may concern, but for what others tell (by `doubtKey`). */
export function doubtFindings(unknown: readonly FailingFlow[], world: World, told: ReadonlySet<string>): Finding[] {
  const doubted = unknown.filter(({ found }) => {
    const doubt = firstDoubt(found)
    return found.trace.disposition === 'unknown' && !(doubt && told.has(doubtKey(doubt)))
  })
  const groups = groupedBy(doubted, ({ found }) => JSON.stringify(firstDoubt(found)))
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    if (!first) return []
    const { flow, found } = first
    const doubt = firstDoubt(found)
    const site = world.sites.get(doubt?.site ?? found.trace.site) ?? flow.from
    const pairs = new Set(group.map(({ flow: { from, peer } }) => `${from.name} to ${peerText(peer)}`))
    const others = pairs.size > 1 ? ` (and ${pairs.size - 1} more ${pairs.size === 2 ? 'pair' : 'pairs'} of sites)` : ''
    const because = doubt ? doubtText(doubt.doubt, site) : found.trace.reason
    const filters = doubt && filtersAt(site, doubt.doubt)
    return findingAt('FLOW_NOT_KNOWN', {
      site,
      at: doubt?.doubt,
      about: { ...(site === flow.from ? aboutPeer(flow.peer) : { peer: flow.from.name }), range: textOf(found.box) },
      message: `what becomes of packets from ${flow.from.name} to ${peerText(flow.peer)}, ${textOf(found.box)}${others} is not known: ${because}${filters ? ', a filter that natplan does not follow yet' : ''}`,
      hint: hintAbout(doubt, found, site),
      ...filters,
    })
  })
}

/** Filters that are not followed are told once: with the packets that they may drop, where there are some. */
export function withoutTold(findings: readonly Finding[], doubted: readonly Finding[], { sites }: World): Finding[] {
  const told = doubted.flatMap(({ about }) => {
    const site = sites.get(about?.site ?? '')
    return site && filtersAt(site, about ?? {}) ? [site.name] : []
  })
  return findings.filter(({ code, about }) => code !== 'FILTER_NOT_FOLLOWED' || !told.includes(about?.site ?? ''))
}

/** What is written nowhere may stand in the rest of a configuration. */
function hintAbout(doubt: DoubtAt | undefined, { trace }: FlowClass, { name, device: { file } }: WorldSite): string {
  if (!doubt || trace.hops.length === 0) return trace.advice
  if (doubt.doubt.line !== undefined || file === undefined) return `look at what it does to these packets at ${name}`
  return `give the whole configuration of ${name}, or the routes that it shows (--routes ${name}=FILE)`
}

function firstDoubt({ trace }: FlowClass): DoubtAt | undefined {
  return trace.doubts[0]
}

function strayText({ trace: { disposition, hops, way: last } }: FlowClass): string {
  const isUnknown = disposition === 'peer-unknown'
  const steps = hops.filter((hop) => hop.way === (isUnknown ? last : 'there')).flatMap((hop) => hop.steps)
  const taken = steps.filter(({ kind }) => kind === 'encrypt')
  const step = isUnknown ? taken.at(-1) : taken[0]
  const tunnel = step && 'tunnel' in step ? ` ${step.tunnel}` : ''
  const where = isUnknown ? ', whose other end is not known' : ''
  return `another tunnel${tunnel} takes the packets${where}`
}

function textOf({ source, destination }: FlowClass['box']): string {
  return `${rangeText(source)} → ${rangeText(destination)}`
}

interface Thing {
  readonly at: Partial<Written> | undefined
  readonly about: About
}

/** The route that leads astray, or the last rule, list or selector that had a hand in it, at the gateway where the way ends. */
function lastThing({ trace }: FlowClass, site: WorldSite): Thing {
  const hops = trace.hops.filter((hop) => hop.site === site.name)
  const steps = hops.flatMap((hop) => hop.steps)
  const isWay = trace.disposition === 'stays-local' || trace.disposition === 'no-route'
  const route = isWay ? steps.findLast(({ kind }) => kind === 'route') : undefined
  if (route?.kind === 'route' && route.at) return { at: route.at, about: {} }
  return steps.map(thingOf).findLast((one) => one !== undefined) ?? meantThing(site, hops.at(-1))
}

/** The selector that is there for a packet, where nothing was done to it. */
function meantThing({ device }: WorldSite, hop: Hop | undefined): Thing {
  if (!hop) return { at: undefined, about: {} }
  const { source, destination } = hop.arrives
  const [child] = device.tunnels
    .flatMap(({ children }) => children)
    .filter(({ kind, remote }) => kind === 'protect' && remote.contains(destination))
    .sort(
      (a, b) =>
        Number(b.local.contains(source)) - Number(a.local.contains(source)) || b.remote.length - a.remote.length,
    )
  return child ? { at: child, about: { selector: childText(child) } } : { at: undefined, about: {} }
}

function thingOf(step: Step): Thing | undefined {
  if ('child' in step) return { at: step.child, about: { selector: childText(step.child) } }
  if (!('rule' in step)) return undefined
  return { at: step.rule ?? step.list, about: {} }
}
