import type { Code } from '../codes.ts'
import { type Finding, findingOf, type Place } from '../finding.ts'
import { type Disposition, dispositions } from '../trace/disposition.ts'
import type { FlowClass } from '../trace/explore-flows.ts'
import type { World } from '../trace/world.ts'
import type { IntendedFlow } from './intended-flows.ts'
import { replayOf } from './replay.ts'
import { rangeText } from './shown.ts'
import { placeAt } from './subject.ts'

/** Packets that go one way, and not the way that they should. */
export interface FailingFlow {
  readonly flow: IntendedFlow
  readonly found: FlowClass
  /** The group of nodes that was asked about, where it has a name. */
  readonly nodes: string | undefined
}

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

/** Reports whether packets do not arrive as they should; where the other gateway is not known, nobody can tell. */
export function isFailing({ trace: { disposition } }: FlowClass): boolean {
  return !dispositions[disposition].isGood && disposition !== 'peer-unknown'
}

/** One finding for each way to fail between two sites, with one packet that shows it. */
export function flowFindings(
  failing: readonly FailingFlow[],
  { world, planFile }: { readonly world: World; readonly planFile: string | undefined },
): Finding[] {
  const groups = new Map<string, FailingFlow[]>()
  for (const one of failing) {
    const key = `${one.flow.from.name} ${one.flow.peer} ${one.found.trace.disposition}`
    const group = groups.get(key)
    if (group) group.push(one)
    else groups.set(key, [one])
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    const code = first && flowCodes[first.found.trace.disposition]
    if (!first || !code) return []
    const { flow, found } = first
    const ranges = [...new Set(group.map(({ found: { box } }) => textOf(box)))]
    const others = ranges.length > 1 ? ` (and ${ranges.length - 1} more)` : ''
    const { advice, reason } = found.trace
    const replay = replayOf(first, { world, planFile })
    return findingOf(code, placeOf(first, world), {
      message: `${flow.from.name} to ${flow.peer}, ${ranges[0]}${others}: ${reason}`,
      hint: `${advice ? `${advice}; ` : ''}${replay}`,
    })
  })
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
