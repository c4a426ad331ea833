import type { PacketMatch } from '@natplan/core'
import type { Verdict } from './chain.ts'
import { meet } from './meet.ts'
import { type Asked, type Field, matchOf } from './nft-fields.ts'
import type { Token } from './nft-tokens.ts'
import type { Element } from './nft-values.ts'

/** One thing that can become of a packet. */
export interface Way {
  readonly match: PacketMatch
  readonly verdict: Verdict
}

/** A rule that looks up more than this is not followed. */
export const mostWays = 5000

/** One way for each member of a map; `undefined` when one is not understood. */
export function waysOf(
  fields: readonly Field[],
  elements: readonly Element[],
  verdictFor: (value: readonly Token[]) => Verdict | undefined,
): Way[] | undefined {
  if (elements.length > mostWays) return undefined
  const ways: Way[] = []
  // `*` is for what no other member has.
  const [others, rest] = [false, true].map((isRest) => elements.filter(({ key }) => key.includes('*') === isRest))
  for (const { key, value } of [...(others ?? []), ...(rest ?? [])]) {
    const match = key.length === fields.length ? matchOfParts(fields, key) : undefined
    const verdict = verdictFor(value)
    if (match === undefined || !verdict) return undefined
    if (match !== 'never') ways.push({ match, verdict })
  }
  return ways
}

function matchOfParts(fields: readonly Field[], key: readonly string[]): PacketMatch | 'never' | undefined {
  let all: PacketMatch = {}
  for (const [index, field] of fields.entries()) {
    const asked: Asked = { operator: '==', values: [key[index] ?? ''] }
    const match = key[index] === '*' ? {} : matchOf(field, asked)
    if (!match) return undefined
    const met = meet(all, match)
    if (!met) return 'never'
    if (!met.isExact) return undefined
    all = met.match
  }
  return all
}
