import type { PrefixInput } from '@natplan/app'
import { type OverlapPair, type WalkedRow, writeNumber } from '@natplan/core'

/** The texts around the parts of a pair: prefix, file and line of the left, the relation, and the same of the right. */
export interface PairShape {
  readonly begin: string
  readonly beforePrefix: string
  /** Between the prefix and the line, with the name of the file. */
  readonly aroundFile: (name: string) => string
  readonly behindLine: string
  readonly aroundRelation: (relation: OverlapPair['relation']) => string
  readonly end: string
}

/** The longest prefix and two line numbers, generously. */
const partsLength = 2 * 43 + 2 * 16

/** Writes pairs as bytes, without a text of each in between: there may be many millions. */
export class PairEncoder {
  /** No pair is longer, in bytes. */
  readonly longest: number
  readonly #tables: readonly PrefixInput['table'][]
  readonly #begin: Uint8Array
  readonly #beforePrefix: Uint8Array
  readonly #aroundFile: readonly Uint8Array[]
  readonly #behindLine: Uint8Array
  readonly #relations: Readonly<Record<OverlapPair['relation'], Uint8Array>>
  readonly #end: Uint8Array

  constructor(shape: PairShape, inputs: readonly PrefixInput[]) {
    const { aroundRelation } = shape
    this.#tables = inputs.map(({ table }) => table)
    this.#begin = Buffer.from(shape.begin)
    this.#beforePrefix = Buffer.from(shape.beforePrefix)
    this.#aroundFile = inputs.map(({ name }) => Buffer.from(shape.aroundFile(name)))
    this.#behindLine = Buffer.from(shape.behindLine)
    this.#relations = {
      equal: Buffer.from(aroundRelation('equal')),
      contains: Buffer.from(aroundRelation('contains')),
      inside: Buffer.from(aroundRelation('inside')),
    }
    this.#end = Buffer.from(shape.end)
    const longestFile = Math.max(0, ...this.#aroundFile.map((bytes) => bytes.length))
    const texts = [this.#begin, this.#end, ...Object.values(this.#relations)].map((bytes) => bytes.length)
    const sides = 2 * (this.#beforePrefix.length + longestFile + this.#behindLine.length)
    this.longest = partsLength + sides + texts.reduce((sum, length) => sum + length, 0)
  }

  /** Returns where the pair ends. */
  encode({ left, right, relation }: OverlapPair<WalkedRow>, bytes: Uint8Array, start: number): number {
    let at = put(this.#begin, bytes, start)
    at = this.#side(left, bytes, at)
    at = put(this.#relations[relation], bytes, at)
    at = this.#side(right, bytes, at)
    return put(this.#end, bytes, at)
  }

  #side(end: WalkedRow, bytes: Uint8Array, start: number): number {
    const { side, row } = end
    const table = this.#tables[side] as PrefixInput['table']
    let at = put(this.#beforePrefix, bytes, start)
    at = end.writeText(bytes, at)
    at = put(this.#aroundFile[side] as Uint8Array, bytes, at)
    at = writeNumber(bytes, at, table.lineAt(row))
    return put(this.#behindLine, bytes, at)
  }
}

/** A loop is faster than `set` for texts this short. */
function put(text: Uint8Array, bytes: Uint8Array, at: number): number {
  for (let index = 0; index < text.length; index++) bytes[at + index] = text[index] as number
  return at + text.length
}
