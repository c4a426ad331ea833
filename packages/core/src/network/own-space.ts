import type { Prefix } from '../address/prefix.ts'
import { PrefixSet } from '../address/prefix-set.ts'
import { privateRangeOf } from '../address/special-purpose.ts'

/** Reports whether translated prefixes may lie there: in private space, or in public space of the planner's own. */
export function isUsableFor(prefix: Prefix, own: readonly Prefix[]): boolean {
  return privateRangeOf(prefix) !== undefined || (own.length > 0 && PrefixSet.of(own).contains(prefix))
}
