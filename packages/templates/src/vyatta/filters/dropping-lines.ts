import type { NotUnderstood } from '../../platform.ts'
import type { ConfigNode } from '../config-tree.ts'
import { entriesInForce, inForce } from './in-force.ts'

/** Where sets that are not followed are found, and how their words are taken. */
export interface SetLines {
  readonly find: (name: string) => ConfigNode | undefined
  /** What becomes of a packet that no rule takes, where the set does not say. */
  readonly unset: 'accept' | 'drop'
}

/** Actions after which a packet goes on as it was; one that is not tracked would not be translated. */
const passing = ['accept', 'return', 'continue', 'modify', 'offload', 'jump', 'log']

/** The lines of a set and of those that it jumps to that could drop a packet; none for one that accepts whatever comes. */
export function droppingLines(set: ConfigNode, reading: SetLines): NotUnderstood[] {
  return below(set, reading, new Set())
}

function below(set: ConfigNode, reading: SetLines, seen: Set<ConfigNode>): NotUnderstood[] {
  if (seen.has(set) || !inForce(set)) return []
  seen.add(set)
  const rules = entriesInForce(set.at('rule'))
  return [...defaultOf(set, reading, seen), ...rules.flatMap((rule) => ruleLines(rule, reading, seen))]
}

function defaultOf(set: ConfigNode, reading: SetLines, seen: Set<ConfigNode>): NotUnderstood[] {
  const word = set.peek('default-action')
  if (word === undefined) return reading.unset === 'drop' ? [unsetDefault(set)] : []
  if (word === 'jump') return jumpTo(set, 'default-jump-target', reading, seen)
  return passing.includes(word) ? [] : (set.at('default-action')?.lines() ?? [])
}

/** A set that does not say what becomes of the rest drops it. */
function unsetDefault(set: ConfigNode): NotUnderstood {
  const [first] = set.lines()
  return {
    line: set.line ?? first?.line ?? 1,
    text: `${first?.text ?? 'an empty set'} (and no default-action: the set drops what none of its rules takes)`,
  }
}

function ruleLines(rule: ConfigNode, reading: SetLines, seen: Set<ConfigNode>): NotUnderstood[] {
  const word = rule.peek('action')
  const action = rule.at('action')
  if (word === 'jump') return jumpTo(rule, 'jump-target', reading, seen)
  if (word !== undefined && !passing.includes(word)) return action?.lines() ?? []
  return []
}

function jumpTo(from: ConfigNode, leaf: string, reading: SetLines, seen: Set<ConfigNode>): NotUnderstood[] {
  const target = reading.find(from.peek(leaf) ?? '')
  return target ? below(target, { ...reading, unset: 'drop' }, seen) : (from.at(leaf)?.lines() ?? [])
}
