import { outermost } from '../address/outermost.ts'
import type { Prefix } from '../address/prefix.ts'
import { IntervalIndex } from '../match/interval-index.ts'
import { rangeOf } from '../match/range-set.ts'
import type { WorldSite } from '../world/world.ts'
import { carriedBy } from './tunnel-rules.ts'

/** What a site sees of its peers. */
export function remotesOf(site: WorldSite): Prefix[] {
  return outermost(carriedBy(site).map(({ child }) => child.remote))
}

/** Values by prefix, IPv4 only: nodes have no other routes, and virtual interfaces translate nothing else. */
export function indexed<T extends { readonly prefix: Prefix }>(values: readonly T[]): IntervalIndex<T> {
  const ipv4 = values.filter(({ prefix }) => prefix.family === 4)
  return new IntervalIndex(ipv4.map((value) => ({ range: rangeOf(value.prefix), value })))
}
