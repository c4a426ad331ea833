import type { PacketMatch, PlacedClamp, Unread } from '@natplan/core'
import type { Budget } from './budget.ts'
import type { ChainTable } from './chain.ts'
import type { BaseChain } from './filter-lists.ts'
import { type FlatRule, flatten } from './flatten-chain.ts'
import { leadingTo, reachedChains } from './reached-chains.ts'

export type FoundClamp = PlacedClamp & { readonly match: PacketMatch }

/** Lines that change addresses outside of NAT, or keep packets from being tracked. */
export function rewritingLines({ table, chain, base: { hook } }: BaseChain): Unread[] {
  if (hook === 'output' || hook === 'input') return []
  return reachedChains(chain, table).flatMap(({ rules }) =>
    rules.flatMap(({ effect, line, text }): Unread[] =>
      effect?.kind === 'rewrite' ? [{ line, text, touches: 'nat', isPlaced: false }] : [],
    ),
  )
}

/** The limits of segments that packets can meet in a table. */
export function clampsOf(table: ChainTable, budget: Budget): FoundClamp[] {
  const clamping = leadingTo(table, ({ effect }) => effect?.kind === 'clamp')
  return [...clamping.chains.values()].flatMap((chain) =>
    chain.base ? flatten(chain, clamping, budget).flatMap(clampsAt) : [],
  )
}

function clampsAt({ effect, match, line }: FlatRule): FoundClamp[] {
  if (effect?.kind !== 'clamp') return []
  const names = [match.in, match.out].flatMap((one) => (one && !one.negated ? one.names : []))
  const isEverywhere = match.in === undefined && match.out === undefined
  return (isEverywhere ? [undefined] : names).flatMap((name) =>
    name?.endsWith('*') || name?.endsWith('+') ? [] : [{ interface: name, mss: effect.mss, line, match }],
  )
}
