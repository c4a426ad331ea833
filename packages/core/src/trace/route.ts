import type { Prefix } from '../address/prefix.ts'
import type { Tracked } from '../match/tracked.ts'
import { rangeOf } from './condition.ts'

/** The route that holds the destination, of routes that are sorted longest prefix first. Narrows the destination. */
export function longestMatch<R extends { readonly prefix: Prefix }>(
  sorted: readonly R[],
  destination: Tracked,
): R | undefined {
  return sorted.find(({ prefix }) => destination.isIn(rangeOf(prefix)))
}

export function byLength(a: { readonly prefix: Prefix }, b: { readonly prefix: Prefix }): number {
  return b.prefix.length - a.prefix.length
}
