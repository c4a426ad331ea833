import { offsetBy } from '../address/bits.ts'
import type { Range } from '../match/range.ts'

/**
 * The rest of a box without a smaller one inside it: at most two pieces for each axis, which do not meet.
 *
 *     ┌────┬─────┬────┐
 *     │    ├─────┤    │   axis by axis: what lies before and behind is kept,
 *     │    │hole │    │   what is abreast is cut along the next axis
 *     │    ├─────┤    │
 *     └────┴─────┴────┘
 */
export function without<Axis extends string>(
  axes: readonly Axis[],
  box: Readonly<Record<Axis, Range>>,
  hole: Readonly<Record<Axis, Range>>,
): Readonly<Record<Axis, Range>>[] {
  const pieces: Readonly<Record<Axis, Range>>[] = []
  let left = box
  for (const axis of axes) {
    const { first, last } = left[axis]
    const { first: low, last: high } = hole[axis]
    if (first < low) pieces.push({ ...left, [axis]: { first, last: offsetBy(low, -1) } })
    if (last > high) pieces.push({ ...left, [axis]: { first: offsetBy(high, 1), last } })
    left = { ...left, [axis]: hole[axis] }
  }
  return pieces
}
