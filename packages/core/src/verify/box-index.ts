import type { Bits } from '../address/bits.ts'
import { type Box, meet } from '../match/box.ts'
import type { Range } from '../match/range.ts'

interface Filed<T> {
  readonly box: Box
  readonly value: T
}

const kinds = ['number', 'bigint'] as const
type Kind = (typeof kinds)[number]

/**
 * Values filed under boxes, by the ranges that bound their addresses. A look-up costs log n and what it finds, also where many boxes lie
 * abreast on one side.
 */
export class BoxIndex<T> {
  readonly #families: readonly { readonly kind: Kind; readonly top: Region<T> }[]

  constructor(filed: Iterable<Filed<T>>) {
    const all = [...filed]
    this.#families = kinds.flatMap((kind) => {
      const areas = all.flatMap((value) => areaOf(value, kind) ?? [])
      return areas.length > 0 ? [{ kind, top: regionOf(areas) }] : []
    })
  }

  /** The values whose box shares a packet with a box, each with its own box. */
  meeting(box: Box): Filed<T>[] {
    const found: Filed<T>[] = []
    this.#someNear(box, (filed) => {
      found.push(filed)
      return false
    })
    return found
  }

  /** Reports whether some value's box shares a packet with a box. */
  meets(box: Box): boolean {
    return this.#someNear(box, () => true)
  }

  #someNear(box: Box, holds: (filed: Filed<T>) => boolean): boolean {
    return this.#families.some(({ kind, top }) => {
      const bounds = boundsOf(box, kind)
      return bounds !== undefined && someWithin(top, { ...bounds, box }, holds)
    })
  }
}

/** Addresses of one family: those of two cannot be compared. */
interface Bounds {
  readonly source: Range
  readonly destination: Range
}

interface Area<T> extends Bounds {
  readonly filed: Filed<T>
}

/** Areas that lie near each other, and the smallest bounds around them. */
interface Region<T> extends Bounds {
  readonly areas: readonly Area<T>[]
  readonly parts: readonly Region<T>[]
}

const mostAreas = 8

/** Halves the areas along the side on which they differ most: cutting along one where all are alike would tell none of them apart. */
function regionOf<T>(areas: readonly Area<T>[]): Region<T> {
  if (areas.length <= mostAreas) return { ...around(areas), areas, parts: [] }
  const side = distinct(areas, 'source') >= distinct(areas, 'destination') ? 'source' : 'destination'
  const sorted = areas.toSorted((a, b) => compare(a[side].first, b[side].first))
  const middle = sorted.length >> 1
  const parts = [sorted.slice(0, middle), sorted.slice(middle)].map((half) => regionOf(half))
  return { ...around(parts), areas: [], parts }
}

function distinct(areas: readonly Bounds[], side: keyof Bounds): number {
  return new Set(areas.map((area) => area[side].first)).size
}

interface Looked extends Bounds {
  readonly box: Box
}

function someWithin<T>(region: Region<T>, looked: Looked, holds: (filed: Filed<T>) => boolean): boolean {
  if (!areMeeting(region, looked)) return false
  return (
    region.areas.some((area) => areMeeting(area, looked) && meet(area.filed.box, looked.box) && holds(area.filed)) ||
    region.parts.some((part) => someWithin(part, looked, holds))
  )
}

function areaOf<T>(filed: Filed<T>, kind: Kind): Area<T> | undefined {
  const bounds = boundsOf(filed.box, kind)
  return bounds && { ...bounds, filed }
}

function boundsOf({ source, destination }: Box, kind: Kind): Bounds | undefined {
  const [from, to] = [source.boundsOf(kind), destination.boundsOf(kind)]
  return from && to && { source: from, destination: to }
}

function around(all: readonly Bounds[]): Bounds {
  return all.reduce((one, other) => ({
    source: joined(one.source, other.source),
    destination: joined(one.destination, other.destination),
  }))
}

function joined(one: Range, other: Range): Range {
  const { first } = one.first < other.first ? one : other
  const { last } = one.last > other.last ? one : other
  return { first, last }
}

function areMeeting(one: Bounds, other: Bounds): boolean {
  return shares(one.source, other.source) && shares(one.destination, other.destination)
}

function shares(one: Range, other: Range): boolean {
  return one.first <= other.last && other.first <= one.last
}

function compare(a: Bits, b: Bits): number {
  return a < b ? -1 : a > b ? 1 : 0
}
