import type { Stage } from '../device/stages.ts'
import { takes } from '../match/takes.ts'
import { endingDropped } from './explain-ending.ts'
import type { AskedList } from './gateway-tables.ts'
import { type Passing, passageOf } from './passing.ts'

/** Asks the filters of a stage: each list must let the packet pass. */
export function askFilters(passing: Passing, stage: Extract<Stage, { kind: 'filters' }>): void {
  passing.doubts.addUnread(passing.site, 'filters')
  for (const asked of passing.tables.filters) {
    if (isOfStage(asked, stage)) askFilter(passing, asked)
    if (passing.ending) return
  }
}

function isOfStage({ list }: AskedList, { hook, from, below }: Extract<Stage, { kind: 'filters' }>): boolean {
  return (
    list.hook === hook &&
    (from === undefined || list.priority >= from) &&
    (below === undefined || list.priority < below)
  )
}

function askFilter(passing: Passing, { list, rules }: AskedList): void {
  const passage = passageOf(passing)
  for (const { item: rule, match } of rules.of(passing.packet)) {
    const answer = takes(match, passing.packet, passage)
    if (answer === 'no') continue
    const { action, doubt, line } = rule
    if (answer === 'maybe' || doubt || action.kind === 'unknown') {
      const what = doubt ?? { line, what: match.unknown ?? `a rule of ${list.name}` }
      passing.doubts.add(passing.site.name, what, 'filters')
      continue
    }
    if (action.kind === 'drop' || action.kind === 'reject') drop(passing, list, rule)
    return
  }
  if (list.fallback === 'drop') drop(passing, list, undefined)
}

function drop(passing: Passing, list: AskedList['list'], rule: AskedList['list']['rules'][number] | undefined): void {
  passing.steps.push({ kind: 'drop', list, rule })
  passing.ending = endingDropped(passing, list, rule)
}
