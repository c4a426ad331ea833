import type { DeviceRule, Doubt, RuleSet } from '@natplan/core'
import type { ConfigNode } from '../config-tree.ts'
import { readLeaf } from '../read-leaf.ts'
import { dataplaneRules } from './dataplane/rules.ts'
import { type FilterRule, filterRules, type RuleReading } from './filter-rule.ts'

/** What a set does with the packets that no rule of it takes: in its own words, or by rules behind all others. */
interface Rest {
  readonly fallback: RuleSet['fallback']
  readonly fallbackLine?: number
  readonly rules: readonly DeviceRule[]
}

/** Reads a set of filter rules as a whole. */
export function readSet(set: ConfigNode, { name, path }: SetName, reading: RuleReading): RuleSet {
  for (const [word, node] of set.children()) {
    if (!setWords.includes(word)) reading.unread.add(node.lines(), { touches: 'filters', isPlaced: false })
  }
  const { rules: last, ...rest } = restOf(set, name, reading)
  const read = reading.filter === 'npf' ? dataplaneRules : filterRules
  const rules = numberedRules(set, reading).flatMap((rule) => read(rule, name, reading))
  const written = path && { written: { path, numbers: numbersOf(set) } }
  return { name, line: set.line, rules: [...rules, ...last], ...rest, ...written }
}

/** What a set is called, and how commands name it where rules can be put into it. */
export interface SetName {
  readonly name: string
  readonly path?: readonly string[]
}

/** Those of rules that are switched off as well. */
function numbersOf(set: ConfigNode): number[] {
  return set.children('rule').flatMap(([text]) => (/^\d{1,9}$/.test(text) ? [Number(text)] : []))
}

/** Words of a set, with those that say nothing of packets; a policy route has its interfaces. */
const setWords =
  'rule default-action default-jump-target default-log enable-default-log description log interface disable'.split(' ')

/** In the order in which they are asked. */
function numberedRules(set: ConfigNode, { unread }: RuleReading): FilterRule[] {
  const rules: FilterRule[] = []
  for (const [text, node] of set.children('rule')) {
    if (/^\d{1,9}$/.test(text)) rules.push({ number: Number(text), node })
    else unread.add(node.lines(), { touches: 'filters', isPlaced: false })
  }
  return rules.sort((a, b) => a.number - b.number)
}

export function restOf(set: ConfigNode, name: string, reading: RuleReading): Rest {
  const { accept, unset, end } = reading.kind
  const word = readLeaf(set, 'default-action')
  const line = set.at('default-action')?.line
  const said = { ...(line === undefined ? {} : { fallbackLine: line }), rules: [] }
  if (word === undefined) return { fallback: unset, rules: [] }
  if (word === 'accept') return { fallback: accept, ...said }
  if (word === 'drop' || word === 'reject') return { fallback: word, ...said }
  if (word === 'return' || word === 'continue') return { fallback: end, ...said }
  const target = word === 'jump' ? readLeaf(set, 'default-jump-target') : undefined
  const to = target === undefined ? undefined : reading.call(target)
  const jump = { number: undefined, match: {}, description: undefined, line }
  if (to) return { fallback: end, rules: [{ ...jump, action: { kind: 'jump', to, isFinal: false } }] }
  return { fallback: end, rules: [{ ...jump, action: { kind: 'unknown' }, doubt: doubtOfRest(set, name, reading) }] }
}

function doubtOfRest(set: ConfigNode, name: string, { unread }: RuleReading): Doubt {
  const lines = ['default-action', 'default-jump-target'].flatMap((leaf) => set.at(leaf)?.lines() ?? [])
  const doubt = unread.add(lines, { touches: 'filters', isPlaced: true })
  return doubt ?? { line: set.line, what: `what ${name} does with the rest` }
}
