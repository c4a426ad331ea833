import type { SortedPrefixes } from './sorted-prefixes.ts'
import { type PairChoice, Sweep } from './sweep.ts'

/** Sets the flag of every row that overlaps one that counts: O(n). */
export function flagBySweep(
  sorted: SortedPrefixes,
  { offsets, between, within }: PairChoice & { readonly offsets: Uint32Array },
  flags: Uint8Array,
): void {
  const { ids } = sorted
  new Sweep(sorted, offsets).run((sweep) => {
    const { start, end, metInAll, metBefore, openInAll, open } = sweep
    const overlapped = metInAll - metBefore + openInAll + end - start
    for (let at = start; at < end; ) {
      const side = sweep.sideAt(at)
      const next = sweep.endOfSide(side, at, end)
      const ofSide = sweep.inside(side) + (open[side] as number) + next - at
      if ((within && ofSide > 1) || (between && overlapped > ofSide)) {
        for (let position = at; position < next; position++) flags[ids[position] as number] = 1
      }
      at = next
    }
    return true
  })
}
