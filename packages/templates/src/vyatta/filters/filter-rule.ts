import type { ConnectionState, DeviceRule, Doubt, PacketMatch, RuleAction, RuleSet } from '@natplan/core'
import type { ConfigNode } from '../config-tree.ts'
import { readLeaf } from '../read-leaf.ts'
import { firstLineOf, type UnreadLines } from '../unread-lines.ts'
import { type FilterMatchReading, filterMatches } from './filter-match.ts'
import { inForce } from './in-force.ts'
import type { SetKind } from './set-kind.ts'

export interface RuleReading extends FilterMatchReading {
  readonly kind: SetKind
  readonly unread: UnreadLines
  /** The set of that name; `undefined` where it is not there, or calls itself. */
  readonly call: (name: string) => RuleSet | undefined
  /** Protocols of which rules that name one keep state, though they do not say so (5600). */
  readonly stateful?: readonly number[]
}

/** A rule as it is written. */
export interface FilterRule {
  readonly number: number
  readonly node: ConfigNode
}

/**
 * What a rule does, as one rule or several; none where it touches no packet. A word that is not known can only narrow it, so the rule keeps
 * its action and may take a packet or not.
 */
export function filterRules({ number, node }: FilterRule, set: string, reading: RuleReading): DeviceRule[] {
  if (!inForce(node)) return []
  const description = readLeaf(node, 'description')
  for (const words of silentWords) node.at(...words)?.markAllRead()
  for (const holder of holders) node.at(...holder)?.markRead()
  const matches = filterMatches(node, reading)
  const doing = actionOf({ number, node }, set, reading)
  if (matches.length === 0 || !doing) return []
  const { action, doubt, states } = doing
  const unknown = unknownWords(node)
  reading.unread.add(node.unread(), { touches: 'filters', isPlaced: true })
  return matches.map((match) => ({
    number,
    description,
    match: narrowed(match, unknown, states),
    action,
    line: node.line,
    ...(doubt ? { doubt } : {}),
  }))
}

/** Words that decide nothing about a packet. */
const silentWords: readonly (readonly string[])[] = [
  ...['log', 'log-options', 'log-level', 'comment', 'add-address-to-group', 'statistic', 'tcp-mss'].map((word) => [
    word,
  ]),
  ...['set', 'modify'].flatMap((leaf) =>
    ['dscp', 'mark', 'tcp-mss', 'ttl', 'hop-limit', 'connection-mark', 'connmark'].map((word) => [leaf, word]),
  ),
]

/** Nodes that hold others and say nothing by being there. */
export const holders: readonly (readonly string[])[] = [
  [],
  ['source'],
  ['destination'],
  ['source', 'group'],
  ['destination', 'group'],
  ['set'],
  ['modify'],
]

/** The words that are still not understood, with that of the side where they stand. */
export function unknownWords(rule: ConfigNode): string[] {
  return rule.children().flatMap(([word, node]) => {
    if (!node.hasUnread) return []
    if (word !== 'source' && word !== 'destination') return [word]
    return node.children().flatMap(([below, leaf]) => (leaf.hasUnread ? [`${word} ${below}`] : []))
  })
}

export function narrowed(
  match: PacketMatch,
  words: readonly string[],
  states: readonly ConnectionState[] | undefined,
): PacketMatch {
  const unknown = [...(match.unknown === undefined ? [] : [match.unknown]), ...words]
  return {
    ...match,
    ...(states ? { states } : {}),
    ...(unknown.length > 0 ? { unknown: unknown.join(', ') } : {}),
  }
}

interface Doing {
  readonly action: RuleAction
  readonly doubt?: Doubt
  /** Those that the action itself asks for. */
  readonly states?: readonly ConnectionState[]
}

/** `undefined`: the packet goes on to the next rule. */
function actionOf(rule: FilterRule, set: string, reading: RuleReading): Doing | undefined {
  const { node } = rule
  const word = node.peek('action')
  if (reading.kind.steers && (word === undefined || word === 'modify')) return steered(node)
  const known = word === undefined ? undefined : plainAction(word, reading.kind)
  if (known) {
    readLeaf(node, 'action')
    return { action: known }
  }
  if (word === 'jump') return jumpOf(rule, set, reading)
  if (word === 'continue' || word === 'offload') {
    node.markAllRead()
    return undefined
  }
  if (word === 'notrack') return untracked(node, reading)
  for (const leaf of ['queue', 'queue-options', 'synproxy']) node.at(leaf)?.markAllRead()
  const states = word === 'synproxy' ? ({ states: ['invalid', 'untracked'] } as const) : {}
  return { action: { kind: 'unknown' }, doubt: doubtOf(rule, set, reading), ...states }
}

function plainAction(word: string, { accept, end }: SetKind): RuleAction | undefined {
  if (word === 'accept') return { kind: accept }
  if (word === 'return') return { kind: end }
  return word === 'drop' || word === 'reject' ? { kind: word } : undefined
}

/** A rule that chooses a table ends its set; one that changes something else of a packet does not. */
function steered(rule: ConfigNode): Doing | undefined {
  const isChosen = [rule, rule.at('set'), rule.at('modify')].some((node) =>
    ['table', 'vrf', 'routing-instance', 'lb-group'].some((leaf) => node?.at(leaf)),
  )
  for (const leaf of ['action', 'table', 'set', 'modify']) rule.at(leaf)?.markAllRead()
  return isChosen ? { action: { kind: 'return' } } : undefined
}

function jumpOf(rule: FilterRule, set: string, reading: RuleReading): Doing {
  const { node } = rule
  const to = reading.call(node.peek('jump-target') ?? '')
  if (!to) return { action: { kind: 'unknown' }, doubt: doubtOf(rule, set, reading, 'jump-target') }
  for (const leaf of ['action', 'jump-target']) readLeaf(node, leaf)
  return { action: { kind: 'jump', to, isFinal: false } }
}

/** What is not tracked is not translated. */
function untracked(rule: ConfigNode, { unread }: RuleReading): undefined {
  unread.add(rule.at('action')?.lines() ?? [], { touches: 'nat', isPlaced: false })
  rule.markAllRead()
}

/** What becomes of a packet that the rule takes is not known, because of a leaf of it. */
function doubtOf({ number, node }: FilterRule, set: string, { unread }: RuleReading, leaf = 'action'): Doubt {
  const written = node.at(leaf)?.lines() ?? []
  const first = firstLineOf(node)
  const lines = written.length > 0 ? written : first ? [first] : []
  const doubt = unread.add(lines, { touches: 'filters', isPlaced: true })
  node.at('action')?.markAllRead()
  node.at(leaf)?.markAllRead()
  return written.length > 0 && doubt
    ? doubt
    : { line: node.line, what: `rule ${number} of ${set}, which has no ${leaf}` }
}
