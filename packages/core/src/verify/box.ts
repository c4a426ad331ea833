import type { Range } from '../match/range.ts'
import { without } from '../trace/without.ts'

/** All packets whose fields lie in ranges: the unit in which treatment is compared, so that no address is left out. */
export interface Box {
  readonly source: Range
  readonly destination: Range
  readonly protocol: Range
  readonly sourcePort: Range
  readonly destinationPort: Range
}

const axes = ['source', 'destination', 'protocol', 'sourcePort', 'destinationPort'] as const

/** Protocol numbers of the IANA registry. */
export const everyProtocol: Range = { first: 0, last: 255 }
export const everyPort: Range = { first: 0, last: 65_535 }

/** A box of all protocols and ports. */
export function boxOf(source: Range, destination: Range): Box {
  return { source, destination, protocol: everyProtocol, sourcePort: everyPort, destinationPort: everyPort }
}

/** What two ranges share; `undefined` for nothing. Ranges of different families share nothing. */
export function sharedRange(a: Range, b: Range): Range | undefined {
  if (typeof a.first !== typeof b.first) return undefined
  const { first } = a.first > b.first ? a : b
  const { last } = a.last < b.last ? a : b
  return first <= last ? { first, last } : undefined
}

/** What two boxes share; `undefined` for nothing. */
export function intersect(a: Box, b: Box): Box | undefined {
  const shared: { -readonly [Axis in keyof Box]?: Range } = {}
  for (const axis of axes) {
    const range = sharedRange(a[axis], b[axis])
    if (!range) return undefined
    shared[axis] = range
  }
  return shared as Box
}

/** Reports whether every packet of the other box is in this one. */
export function covers(box: Box, other: Box): boolean {
  return axes.every(
    (axis) =>
      typeof box[axis].first === typeof other[axis].first &&
      box[axis].first <= other[axis].first &&
      box[axis].last >= other[axis].last,
  )
}

/** What is left of a box without another: pieces that do not meet. */
export function subtract(box: Box, minus: Box): Box[] {
  const shared = intersect(box, minus)
  return shared ? without(axes, box, shared) : [box]
}

/** What is left of a box without all of some others. */
export function subtractAll(box: Box, minus: Iterable<Box>): Box[] {
  let left = [box]
  for (const hole of minus) {
    if (left.length === 0) break
    left = left.flatMap((piece) => subtract(piece, hole))
  }
  return left
}
