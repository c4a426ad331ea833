import type { Relation } from '../address/prefix.ts'
import type { IdPair } from './pair-walk.ts'
import type { PrefixTable } from './prefix-table.ts'
import type { SortedPrefixes } from './sorted-prefixes.ts'
import { writeIpv4Prefix } from './write-prefix.ts'

/** One prefix of a side: the table's position among the sides, and the row in it. */
export interface TableRow {
  readonly side: number
  readonly row: number
}

/** A row that is known where it stands among the sorted prefixes. */
export interface WalkedRow extends TableRow {
  /** Writes the prefix as `PrefixTable.writeText` does, without looking for it in the table. */
  writeText(bytes: Uint8Array, at: number): number
}

/** Two prefixes that share addresses. */
export interface OverlapPair<Row extends TableRow = TableRow> {
  /** Of the side that was given first; of two prefixes of one side the larger one, or the one added first. */
  readonly left: Row
  readonly right: Row
  /** How `left` lies to `right`. */
  readonly relation: Exclude<Relation, 'apart'>
}

/** What is called with pairs; the same object every time, so copy what you keep. It returns whether to go on. */
export type PairVisitor = (pair: OverlapPair<WalkedRow>) => boolean

class PairEnd implements WalkedRow {
  side = 0
  row = 0
  position = 0
  readonly #sorted: SortedPrefixes
  readonly #sides: readonly PrefixTable[]

  constructor(sorted: SortedPrefixes, sides: readonly PrefixTable[]) {
    this.#sorted = sorted
    this.#sides = sides
  }

  writeText(bytes: Uint8Array, at: number): number {
    const { networks, lengths } = this.#sorted
    const network = networks[this.position]
    if (network === undefined) return (this.#sides[this.side] as PrefixTable).writeText(this.row, bytes, at)
    return writeIpv4Prefix(bytes, at, { network, length: lengths[this.position] as number })
  }
}

/** From outer and inner to left and right. */
export function turnedFor(
  visit: PairVisitor,
  {
    sorted,
    sides,
    offsets,
  }: { readonly sorted: SortedPrefixes; readonly sides: readonly PrefixTable[]; readonly offsets: Uint32Array },
): (pair: IdPair) => boolean {
  const left = new PairEnd(sorted, sides)
  const right = new PairEnd(sorted, sides)
  const pair: { -readonly [Key in keyof OverlapPair<WalkedRow>]: OverlapPair<WalkedRow>[Key] } = {
    left,
    right,
    relation: 'equal',
  }
  return ({ outer, outerSide, outerPosition, inner, innerSide, innerPosition, isEqual }) => {
    const isTurned = outerSide > innerSide
    const outerEnd = isTurned ? right : left
    const innerEnd = isTurned ? left : right
    outerEnd.side = outerSide
    outerEnd.row = outer - (offsets[outerSide] as number)
    outerEnd.position = outerPosition
    innerEnd.side = innerSide
    innerEnd.row = inner - (offsets[innerSide] as number)
    innerEnd.position = innerPosition
    pair.relation = isEqual ? 'equal' : isTurned ? 'inside' : 'contains'
    return visit(pair)
  }
}
