import type { SortedPrefixes } from './sorted-prefixes.ts'
import { Sweep, type SweepScope } from './sweep.ts'

/** Sets the flag of every row that overlaps one that counts: O(n). */
export function flagBySweep(sorted: SortedPrefixes, scope: SweepScope, flags: Uint8Array): void {
  const flagRun = runFlagger(sorted, scope, flags)
  new Sweep(sorted, scope.offsets).run((sweep) => {
    flagRun(sweep)
    return true
  })
}

/** What sets the flags of the run that a sweep is closing. */
export function runFlagger(
  { ids }: SortedPrefixes,
  { between, within }: SweepScope,
  flags: Uint8Array,
): (sweep: Sweep) => void {
  return (sweep) => {
    const { start, end, metInAll, metBefore, openInAll, open } = sweep
    const overlapped = metInAll - metBefore + openInAll + end - start
    if (overlapped === 1) return
    for (let at = start; at < end; ) {
      const side = sweep.sideAt(at)
      const next = sweep.endOfSide(side, at, end)
      const ofSide = sweep.inside(side) + (open[side] as number) + next - at
      if ((within && ofSide > 1) || (between && overlapped > ofSide)) {
        for (let position = at; position < next; position++) flags[ids[position] as number] = 1
      }
      at = next
    }
  }
}
