import type { Doubt, RuleList } from '../device/device.ts'
import type { Stage } from '../device/stages.ts'
import { endsOf, type Packet } from '../match/packet.ts'
import { askSet, asksState, type Decider, type Outcome, type Verdict } from './ask-set.ts'
import { isChanged } from './connection.ts'
import { endingDropped } from './explain-ending.ts'
import { type Passing, passageOf } from './passing.ts'
import { keepAccepted, type Session, sparingSession } from './sessions.ts'

/** Asks the filters of a stage: each list must let the packet pass. */
export function askFilters(passing: Passing, stage: Extract<Stage, { kind: 'filters' }>): void {
  passing.doubts.addUnread(passing.site, 'filters')
  for (const list of passing.tables.filters) {
    if (isOfStage(list, stage) && isOfFamily(list, passing.packet)) askFilter(passing, list)
    if (passing.ending) return
  }
}

function isOfStage({ hook, priority }: RuleList, stage: Extract<Stage, { kind: 'filters' }>): boolean {
  const { from, below } = stage
  return hook === stage.hook && (from === undefined || priority >= from) && (below === undefined || priority < below)
}

export function isOfFamily({ family }: RuleList, { destination }: Packet): boolean {
  return family === undefined || (typeof destination.value === 'number') === (family === 4)
}

/** The first packet of a connection must pass, and so must those that follow it on the same way, unless they belong to a session by then. */
function askFilter(passing: Passing, list: RuleList): void {
  const { packet } = passing
  const sparing = sparingSession(passing, list)
  if (sparing && !sparing.doubt) return
  const made = ask(passing, list, packet, sparing?.doubt)
  const isFollowed = packet.state === 'new' && asksState(list) && (!made || made.doubt !== undefined)
  if (!passing.ending && isFollowed) ask(passing, list, { ...packet, state: 'established' }, made?.doubt)
}

/** `isAsked`: why the list may not be asked. */
function ask(passing: Passing, list: RuleList, packet: Packet, isAsked: Doubt | undefined): Session | undefined {
  const passage = { ...passageOf(passing), translated: translatedIn(passing, packet) }
  const outcome = askSet(list, packet, passage)
  const { dropping, accepting } = verdictsOf(outcome)
  const { answers, doubts } = outcome
  if (dropping && (accepting || isAsked)) {
    for (const doubt of isAsked ? [isAsked] : doubts) passing.doubts.add(passing.site.name, doubt, 'filters')
    return accepting && keepAccepted(passing, list, outcome)
  }
  const isLater = packet.state !== passing.packet.state
  if (dropping) {
    push(passing, list, dropping, { verdict: answers.has('drop') ? 'drop' : 'reject', isLater })
    passing.ending = endingDropped(passing, { list, ...dropping, isLater })
    return undefined
  }
  if (accepting?.rule && !isLater) push(passing, list, accepting, { verdict: 'accept', isLater })
  return keepAccepted(passing, list, outcome)
}

/** Who drops the packet, and who lets it pass: both where nobody knows. */
export function verdictsOf({ answers }: Outcome): Readonly<Partial<Record<'dropping' | 'accepting', Decider>>> {
  const dropping = answers.get('drop') ?? answers.get('reject')
  const accepting = answers.get('accept') ?? answers.get('return')
  return { ...(dropping ? { dropping } : {}), ...(accepting ? { accepting } : {}) }
}

function push(
  { steps, packet }: Passing,
  list: RuleList,
  { set, rule }: Decider,
  how: { readonly verdict: Verdict; readonly isLater: boolean },
): void {
  steps.push({ kind: 'filter', ...how, list, set, rule, sees: endsOf(packet) })
}

/** What the gateway changed of the connection; of its first packet, the source is changed behind the last filter that could ask. */
function translatedIn(
  { known, steps }: Passing,
  { state }: Packet,
): Partial<Record<'source' | 'destination', boolean>> {
  if (known) return { source: isChanged(known, 'source'), destination: isChanged(known, 'destination') }
  const changed = (side: 'source' | 'destination') =>
    steps.some((step) => step.kind === 'translate' && step.side === side)
  const destination = changed('destination')
  return state === 'new' || changed('source') ? { source: changed('source'), destination } : { destination }
}
