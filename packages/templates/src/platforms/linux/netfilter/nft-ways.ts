import type { PacketMatch } from '@natplan/core'
import type { Verdict } from './chain.ts'
import { meet, mostWays } from './meet.ts'
import { type Field, matchOf } from './nft-fields.ts'
import type { Token } from './nft-tokens.ts'
import type { Element } from './nft-values.ts'

/** One thing that can become of a packet. */
export interface Way {
  readonly match: PacketMatch
  readonly verdict: Verdict
}

/**
 * The ways through a map, or into a set of several fields at once; members that differ in one field only are one way. `undefined` when a
 * member is not understood, or when there are too many to follow.
 */
export function waysOf(
  fields: readonly Field[],
  elements: readonly Element[],
  verdictFor: (value: readonly Token[]) => Verdict | undefined,
): Way[] | undefined {
  if (elements.some(({ key }) => key.length !== fields.length)) return undefined
  const axis = mostDistinct(fields, elements)
  const isOther = ({ key }: Element) => key.includes('*')
  const rest = elements.filter((one) => !isOther(one))
  const groups = [...groupsOf(rest, axis), ...groupsOf(elements.filter(isOther), axis)]
  if (groups.length > mostWays) return undefined
  const ways: Way[] = []
  for (const { keys, value } of groups) {
    const match = matchOfParts(fields, keys)
    const verdict = verdictFor(value)
    if (match === undefined || !verdict) return undefined
    const others = keys.some(([key]) => key === '*') ? withoutMembers(match, fields, ways, rest) : match
    if (match !== 'never' && others !== 'never') ways.push({ match: others, verdict })
  }
  return ways
}

/** The position of the field whose values differ most: members are joined along it. */
function mostDistinct(fields: readonly Field[], elements: readonly Element[]): number {
  if (fields.length === 1) return 0
  const counts = fields.map((_, at) => new Set(elements.map(({ key }) => key[at])).size)
  return counts.indexOf(Math.max(...counts))
}

/** Members that have all but one field and the value in common. */
interface Group {
  readonly keys: string[][]
  readonly value: readonly Token[]
}

function groupsOf(elements: readonly Element[], axis: number): Group[] {
  const groups = new Map<string, Group>()
  for (const { key, value } of elements) {
    const own = key.map((part, at) => (at === axis && part !== '*' ? '' : part))
    const name = JSON.stringify([own, value.map(({ text }) => text)])
    const group = groups.get(name)
    if (group) group.keys[axis]?.push(key[axis] ?? '')
    else groups.set(name, { keys: key.map((part) => [part]), value })
  }
  return [...groups.values()]
}

/** `*` is for what no other member has. Where packets come back from what another member says, they must not be taken a second time. */
function withoutMembers(
  match: PacketMatch | 'never',
  fields: readonly Field[],
  ways: readonly Way[],
  members: readonly Element[],
): PacketMatch | 'never' {
  const comesBack = ways.some(({ verdict: { kind } }) => kind === 'jump' || kind === 'continue')
  if (match === 'never' || !comesBack) return match
  const [field, ...more] = fields
  const values = members.map(({ key }) => key[0] ?? '')
  const others = field && more.length === 0 ? matchOf(field, { operator: '!=', values }) : undefined
  return (others && meet(match, others)) ?? { ...match, unknown: 'what no other member of a map has' }
}

function matchOfParts(
  fields: readonly Field[],
  keys: readonly (readonly string[])[],
): PacketMatch | 'never' | undefined {
  let all: PacketMatch = {}
  for (const [index, field] of fields.entries()) {
    const values = keys[index] ?? []
    const match = values.includes('*') ? {} : matchOf(field, { operator: '==', values })
    if (!match) return undefined
    const met = meet(all, match)
    if (!met) return 'never'
    all = met
  }
  return all
}
