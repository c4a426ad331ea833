import type { Family } from '../address/bits.ts'
import { limits } from '../limits.ts'
import { type PacketField, type PacketMatch, packetFields } from './packet-match.ts'
import { protocolsWithPorts } from './protocols.ts'
import type { Range } from './range.ts'
import { RangeSet } from './range-set.ts'

/**
 * All packets whose fields are members of sets: the unit in which treatment is compared, so that no address is left out. Sets rather than
 * ranges, so that a negated rule is one box and not many.
 */
export type Box = Readonly<Record<PacketField, RangeSet>>

const everyNumber: Range = { first: 0, last: 2 ** 32 - 1 }
const everyProtocol = RangeSet.of([{ first: 0, last: 255 }])
const everyPort = RangeSet.of([{ first: 0, last: 65_535 }])
const withPorts = RangeSet.ofValues(protocolsWithPorts)

export function everyAddress(family: Family): Range {
  return family === 4 ? everyNumber : { first: 0n, last: (1n << 128n) - 1n }
}

const every: Readonly<Record<Family, RangeSet>> = {
  4: RangeSet.of([everyAddress(4)]),
  6: RangeSet.of([everyAddress(6)]),
}

/** A box of all protocols and ports. */
export function boxOf(source: RangeSet, destination: RangeSet): Box {
  return { source, destination, protocol: everyProtocol, sourcePort: everyPort, destinationPort: everyPort }
}

/** The packets of a family that a match takes as far as their numbers go; interfaces, states and what is not known are not in it. */
export function boxOfMatch(match: PacketMatch, family: Family): Box {
  const asksPorts = match.sourcePort !== undefined || match.destinationPort !== undefined
  const protocol = match.protocol ?? everyProtocol
  return {
    source: (match.source ?? every[family]).intersect(every[family]),
    destination: (match.destination ?? every[family]).intersect(every[family]),
    protocol: asksPorts ? protocol.intersect(withPorts) : protocol,
    sourcePort: match.sourcePort ?? everyPort,
    destinationPort: match.destinationPort ?? everyPort,
  }
}

export function isEmptyBox(box: Box): boolean {
  return packetFields.some((field) => box[field].isEmpty)
}

/** Reports whether two boxes share a packet. */
export function meet(a: Box, b: Box): boolean {
  return packetFields.every((field) => a[field] === b[field] || a[field].overlaps(b[field]))
}

/** What two boxes share; `undefined` for nothing. */
export function intersect(a: Box, b: Box): Box | undefined {
  if (!meet(a, b)) return undefined
  const shared: { -readonly [Field in PacketField]?: RangeSet } = {}
  for (const field of packetFields) {
    shared[field] = a[field] === b[field] ? a[field] : a[field].intersect(b[field])
  }
  return shared as Box
}

/** Reports whether every packet of the other box is in this one. */
export function covers(box: Box, other: Box): boolean {
  return packetFields.every((field) => box[field].includes(other[field]))
}

/**
 * What is left of a box without another: at most one piece for each field, which do not meet.
 *
 *     ┌────┬─────┬────┐
 *     │    ├─────┤    │   field by field: what lies outside is kept,
 *     │    │hole │    │   what is abreast is cut along the next field
 *     │    ├─────┤    │
 *     └────┴─────┴────┘
 */
export function subtract(box: Box, minus: Box): Box[] {
  const shared = intersect(box, minus)
  if (!shared) return [box]
  const pieces: Box[] = []
  let left = box
  for (const field of packetFields) {
    const outside = left[field] === shared[field] ? RangeSet.empty : left[field].subtract(shared[field])
    if (!outside.isEmpty) pieces.push({ ...left, [field]: outside })
    left = { ...left, [field]: shared[field] }
  }
  return pieces
}

export const mostPieces = limits.pieces.most

const mostSubtractions = limits.subtractions.most

/** What is left to spend on boxes; when nothing is, answers are not known. */
export class Effort {
  #left: number

  constructor(subtractions = mostSubtractions) {
    this.#left = subtractions
  }

  /** Takes a part away and reports whether it was there. */
  spend(subtractions: number): boolean {
    this.#left -= subtractions
    return this.#left >= 0
  }
}

/**
 * What is left of a box without all of some others; `undefined` (not known) when that is more than `mostPieces`, or takes more effort than
 * there is.
 */
export function subtractAll(box: Box, minus: Iterable<Box>, effort: Effort = new Effort()): Box[] | undefined {
  let left = [box]
  for (const hole of minus) {
    if (left.length === 0) break
    if (!effort.spend(left.length)) return undefined
    left = left.flatMap((piece) => subtract(piece, hole))
    if (left.length > mostPieces) return undefined
  }
  return left
}

/** Like `subtractAll` for several boxes, which may meet. */
export function subtractFromAll(boxes: readonly Box[], minus: readonly Box[], effort: Effort): Box[] | undefined {
  const pieces: Box[] = []
  for (const box of boxes) {
    const left = subtractAll(box, minus, effort)
    if (!left || pieces.length + left.length > mostPieces) return undefined
    pieces.push(...left)
  }
  return pieces
}
