import type { Relation } from '../address/prefix.ts'
import type { IdPair } from './pair-walk.ts'

/** One prefix of a side: the table's position among the sides, and the row in it. */
export interface TableRow {
  readonly side: number
  readonly row: number
}

/** Two prefixes that share addresses. */
export interface OverlapPair {
  /** Of the side that was given first; of two prefixes of one side the larger one, or the one added first. */
  readonly left: TableRow
  readonly right: TableRow
  /** How `left` lies to `right`. */
  readonly relation: Exclude<Relation, 'apart'>
}

/** What is called with pairs; the same object every time, so copy what you keep. It returns whether to go on. */
export type PairVisitor = (pair: OverlapPair) => boolean

/** From outer and inner to left and right. */
export function turnedFor(visit: PairVisitor, offsets: Uint32Array): (pair: IdPair) => boolean {
  const left = { side: 0, row: 0 }
  const right = { side: 0, row: 0 }
  const pair: { -readonly [Key in keyof OverlapPair]: OverlapPair[Key] } = { left, right, relation: 'equal' }
  return ({ outer, outerSide, inner, innerSide, isEqual }) => {
    const isTurned = outerSide > innerSide
    const outerEnd = isTurned ? right : left
    const innerEnd = isTurned ? left : right
    outerEnd.side = outerSide
    outerEnd.row = outer - (offsets[outerSide] as number)
    innerEnd.side = innerSide
    innerEnd.row = inner - (offsets[innerSide] as number)
    pair.relation = isEqual ? 'equal' : isTurned ? 'inside' : 'contains'
    return visit(pair)
  }
}
