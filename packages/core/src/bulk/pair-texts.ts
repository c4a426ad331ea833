import type { OverlapPair, PairVisitor, TableRow } from './overlap-pair.ts'
import type { PrefixTable } from './prefix-table.ts'
import { writeNumber } from './write-prefix.ts'

/** The texts around the parts of a pair: `start`, prefix, `beforeLine`, line, `between`, and of the right prefix, `beforeLine`, line, `end`. */
export interface PairShape {
  readonly start: string
  /** For each side, between a prefix and its line: the name of a file, for example. */
  readonly beforeLine: readonly string[]
  /** Between left and right. */
  readonly between: Readonly<Record<OverlapPair['relation'], string>>
  readonly end: string
}

/** Pairs as UTF-8, for whoever writes many millions: no object and no string is made for each. */
export interface PairTexts {
  /** No pair is longer, in bytes. */
  readonly longest: number
  /** How many pairs were written up to now. */
  readonly written: number
  /** Whether none is left. */
  readonly isDone: boolean
  /**
   * Writes the pairs that follow, at most so many and as long as there is room for the longest, from a position on; returns where they
   * end. What is behind may be spoiled. Where there is not even room for one, nothing is written.
   */
  write(bytes: Uint8Array, at: number, most?: number): number
}

/** A shape in bytes. */
export interface ShapeBytes {
  readonly start: Uint8Array
  readonly beforeLine: readonly Uint8Array[]
  readonly between: Readonly<Record<OverlapPair['relation'], Uint8Array>>
  readonly end: Uint8Array
  readonly longest: number
}

/** What every machine has that runs this, and the language's own library does not tell of. */
declare const TextEncoder: { readonly prototype: object; new (): { encode(text: string): Uint8Array } }

/** The longest prefix and two line numbers, generously. */
const partsLength = 2 * 43 + 2 * 16

export function shapeBytes({ start, beforeLine, between, end }: PairShape): ShapeBytes {
  const encoder = new TextEncoder()
  const bytes = {
    start: encoder.encode(start),
    beforeLine: beforeLine.map((text) => encoder.encode(text)),
    between: {
      equal: encoder.encode(between.equal),
      contains: encoder.encode(between.contains),
      inside: encoder.encode(between.inside),
    },
    end: encoder.encode(end),
  }
  const longestOf = (texts: readonly Uint8Array[]) => texts.reduce((most, { length }) => Math.max(most, length), 0)
  const around = bytes.start.length + longestOf(Object.values(bytes.between)) + bytes.end.length
  return { ...bytes, longest: partsLength + around + 2 * longestOf(bytes.beforeLine) }
}

/** Writes the pairs that a walk comes to. */
export class WalkedTexts implements PairTexts {
  readonly longest: number
  written = 0
  isDone = false
  readonly #run: (visit: PairVisitor) => boolean
  readonly #sides: readonly PrefixTable[]
  readonly #shape: ShapeBytes

  constructor(run: (visit: PairVisitor) => boolean, sides: readonly PrefixTable[], shape: ShapeBytes) {
    this.longest = shape.longest
    this.#run = run
    this.#sides = sides
    this.#shape = shape
  }

  write(bytes: Uint8Array, at: number, most = Number.POSITIVE_INFINITY): number {
    const stop = bytes.length - this.longest
    const last = this.written + most
    let end = at
    if (end > stop || most < 1) return end
    const { start, between, end: behind } = this.#shape
    this.isDone = this.#run(({ left, right, relation }) => {
      end = put(start, bytes, end)
      end = this.#putRow(left, bytes, end)
      end = put(between[relation], bytes, end)
      end = this.#putRow(right, bytes, end)
      end = put(behind, bytes, end)
      this.written++
      return end <= stop && this.written < last
    })
    return end
  }

  #putRow({ side, row }: TableRow, bytes: Uint8Array, start: number): number {
    const table = this.#sides[side] as PrefixTable
    const at = table.writeText(row, bytes, start)
    return writeNumber(bytes, put(this.#shape.beforeLine[side] as Uint8Array, bytes, at), table.lineAt(row))
  }
}

/** A loop is faster than `set` for texts this short. */
function put(text: Uint8Array, bytes: Uint8Array, at: number): number {
  for (let index = 0; index < text.length; index++) bytes[at + index] = text[index] as number
  return at + text.length
}

/** Several, one after the other. */
export class JoinedTexts implements PairTexts {
  readonly #parts: readonly PairTexts[]

  constructor(parts: readonly PairTexts[]) {
    this.#parts = parts
  }

  get longest(): number {
    return Math.max(...this.#parts.map(({ longest }) => longest))
  }

  get written(): number {
    return this.#parts.reduce((sum, { written }) => sum + written, 0)
  }

  get isDone(): boolean {
    return this.#parts.every(({ isDone }) => isDone)
  }

  write(bytes: Uint8Array, at: number, most = Number.POSITIVE_INFINITY): number {
    const last = this.written + most
    let end = at
    for (const part of this.#parts) {
      if (!part.isDone) end = part.write(bytes, end, last - this.written)
      if (!part.isDone) break
    }
    return end
  }
}
