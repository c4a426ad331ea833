import type { Code } from '../codes.ts'
import { type Finding, findingOf, type Place } from '../finding.ts'
import { type Disposition, dispositions } from '../trace/disposition.ts'
import type { FlowClass } from '../trace/explore-flows.ts'
import type { TracedSite, World } from '../trace/world.ts'
import type { FailingFlow } from './failing-flow.ts'
import type { IntendedFlow } from './intended-flows.ts'
import { type ReplayOptions, replayOf } from './replay.ts'
import { rangeText } from './shown.ts'
import { placeAt, type Subject } from './subject.ts'

/** What keeps a tunnel from coming up, and peers that are not known, are findings of checks. */
const flowCodes = {
  delivered: undefined,
  'translated-twice': 'FLOW_TRANSLATED_TWICE',
  'not-one-to-one': 'FLOW_NOT_ONE_TO_ONE',
  'stays-local': 'FLOW_STAYS_LOCAL',
  'default-route': 'FLOW_DEFAULT_ROUTE',
  'reverse-path-filter': 'FLOW_REVERSE_PATH',
  'no-route': 'FLOW_NO_ROUTE',
  'no-selector': 'FLOW_NO_SELECTOR',
  'leaves-unencrypted': 'FLOW_UNENCRYPTED',
  'selector-refused': 'FLOW_REFUSED',
  'tunnel-fails': undefined,
  'tunnel-down': 'FLOW_TUNNEL_DOWN',
  'peer-unknown': undefined,
  'not-translated': 'FLOW_NOT_TRANSLATED',
  loops: 'FLOW_LOOPS',
} as const satisfies Record<Disposition, Code | undefined>

/** All codes of packets that do not arrive. */
export const flowFindingCodes: readonly Code[] = [
  'FLOW_WRONG_PEER',
  ...Object.values<Code | undefined>(flowCodes).flatMap((code) => code ?? []),
]

/** What packets are at fault for; `undefined` for those that arrive where they should, or of which other findings tell. */
function codeOf({ flow, found }: Pick<FailingFlow, 'flow' | 'found'>, world: World): Code | undefined {
  return goesAstray({ flow, found }, world) ? 'FLOW_WRONG_PEER' : flowCodes[found.trace.disposition]
}

/** Reports whether packets for a site that is known go into a tunnel to another one; from there on they may be handed further. */
function goesAstray({ flow, found: { trace } }: Pick<FailingFlow, 'flow' | 'found'>, { sites }: World): boolean {
  if (!sites.has(flow.peer)) return false
  const next = trace.hops.find(({ way, site }) => way === 'there' && site !== flow.from.name)
  if (trace.disposition === 'peer-unknown') return next === undefined || trace.way === 'back'
  return next !== undefined && next.site !== flow.peer
}

/** Reports whether packets do not arrive as they should; where the other gateway is not known, nobody can tell. */
export function isFailing(flow: IntendedFlow, found: FlowClass, world: World): boolean {
  const { disposition } = found.trace
  if (goesAstray({ flow, found }, world)) return true
  return !dispositions[disposition].isGood && disposition !== 'peer-unknown'
}

/** One finding for each way to fail between two sites, with one packet that shows it. */
export function flowFindings(
  failing: readonly FailingFlow[],
  { world, replay, unreadOf }: ReplayOptions & Pick<Subject, 'unreadOf'>,
): Finding[] {
  const groups = new Map<string, FailingFlow[]>()
  for (const one of failing) {
    const key = `${one.flow.from.name} ${one.flow.peer} ${codeOf(one, world) ?? ''}`
    const group = groups.get(key)
    if (group) group.push(one)
    else groups.set(key, [one])
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    const code = first && codeOf(first, world)
    if (!first || !code) return []
    const { flow, found } = first
    const ranges = [...new Set(group.map(({ found: { box } }) => textOf(box)))]
    const others = ranges.length > 1 ? ` (and ${ranges.length - 1} more)` : ''
    const { advice, reason } = found.trace
    const command = replayOf(first, { world, replay })
    const doubt = doubtAt(world.sites.get(found.trace.site), unreadOf)
    return findingOf(code, placeOf(first, world), {
      message: `${flow.from.name} to ${flow.peer}, ${ranges[0]}${others}: ${goesAstray(first, world) ? strayText(found) : reason}`,
      hint: [...(advice ? [advice] : []), ...doubt, command].join('; '),
    })
  })
}

/** What natplan did not understand at the gateway where the way ends may be the very rule that is missed. */
function doubtAt(site: TracedSite | undefined, unreadOf: Subject['unreadOf']): string[] {
  const count = site ? unreadOf(site).length : 0
  if (!site || count === 0) return []
  return [
    `unless ${count === 1 ? 'the line' : `one of the ${count} lines`} of ${site.name} that natplan does not understand does it`,
  ]
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

/** The last rule or selector that had a hand in it, at the gateway where the way ends. */
function placeOf({ flow, found: { trace } }: FailingFlow, world: World): Place {
  const site = world.sites.get(trace.site) ?? flow.from
  const steps = trace.hops.filter((hop) => hop.site === site.name).flatMap((hop) => hop.steps)
  const thing = steps
    .map((step) => ('rule' in step ? step.rule : 'selector' in step ? step.selector : undefined))
    .findLast((one) => one !== undefined)
  return placeAt(site, thing)
}
