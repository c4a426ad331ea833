import type { Assembly } from './assembly.ts'
import { WalkState } from './machine-walk.ts'
import type { PairTexts, ShapeBytes } from './pair-texts.ts'
import { chunkSize, type PrefixTable } from './prefix-table.ts'
import type { PairChoice } from './sweep.ts'

/** So many bytes are written at a time, or what one pair takes. */
const pieceSize = 65_536
/** So many bytes behind a text are read, and so many behind what is written are spoiled. */
const slack = 16
/** Of a shape, before what is said of each side, and of each side. */
const headSize = 40
const sideSize = 16

export interface WrittenPairs {
  readonly sides: readonly PrefixTable[]
  readonly shape: ShapeBytes
}

/** Pairs of IPv4 as texts, found and written with WebAssembly. */
export class MachineTexts implements PairTexts {
  readonly longest: number
  written = 0
  isDone = false
  readonly #assembly: Assembly
  readonly #choice: PairChoice
  readonly #state: WalkState
  /** Where the shape is. */
  readonly #shape: number
  readonly #piece: number
  readonly #pieceSize: number

  constructor(
    assembly: Assembly,
    choice: PairChoice,
    { longest, places }: { readonly longest: number; readonly places: Places },
  ) {
    this.longest = longest
    this.#assembly = assembly
    this.#choice = choice
    this.#state = new WalkState(assembly)
    this.#shape = places.shape
    this.#piece = places.piece
    this.#pieceSize = places.pieceSize
  }

  write(bytes: Uint8Array, at: number, most = Number.POSITIVE_INFINITY): number {
    const last = this.written + most
    let end = at
    while (!this.isDone && this.written < last && bytes.length - end >= this.longest) {
      end = this.#writePiece(bytes, end, Math.min(last - this.written, 0xffffffff))
    }
    return end
  }

  /** Room for a pair is there. */
  #writePiece(bytes: Uint8Array, at: number, limit: number): number {
    const size = Math.min(bytes.length - at, this.#pieceSize)
    const stop = this.#piece + size - this.longest + 1
    const { between, within } = this.#choice
    const end = this.#state.during(() =>
      this.#assembly.writePairs(this.#shape, this.#piece, stop, limit, between, within),
    )
    const count = this.#assembly.written.value >>> 0
    const length = (end >>> 0) - this.#piece
    bytes.set(new Uint8Array(this.#assembly.memory.buffer, this.#piece, length), at)
    this.written += count
    this.isDone = count < limit && length <= size - this.longest
    return at + length
  }
}

interface Places {
  readonly shape: number
  readonly piece: number
  readonly pieceSize: number
}

/** Undefined where there is not enough memory. */
export function machineTexts(
  assembly: Assembly,
  choice: PairChoice,
  { sides, shape }: WrittenPairs,
): MachineTexts | undefined {
  const { start, end, between, beforeLine, longest } = shape
  const texts = [start, end, between.equal, between.contains, between.inside, ...beforeLine]
  const lines = sides.map((side) => (linesFollow(side) ? 0 : 4 * side.size))
  const sum = (sizes: readonly number[]) => sizes.reduce((total, size) => total + size, 0)
  const shapeSize = headSize + sideSize * sides.length
  const size = shapeSize + sum(lines) + sum(texts.map(({ length }) => length)) + slack
  const pieceSizeHere = Math.max(pieceSize, longest)
  const at = assembly.reserve(size + pieceSizeHere + slack) >>> 0
  if (at === 0) return undefined

  assembly.makeDigits()
  const { buffer } = assembly.memory
  const numbers = new Uint32Array(buffer, at, shapeSize / 4)
  let next = at + shapeSize
  for (const [side, table] of sides.entries()) {
    const places = (headSize + sideSize * side) / 4
    numbers[places + 3] = table.size > 0 ? table.lineAt(0) : 0
    if (lines[side] === 0) continue
    numbers[places + 2] = next
    copyLines(table, new Uint32Array(buffer, next, table.size))
    next += lines[side] as number
  }
  for (const [index, text] of texts.entries()) {
    const place = index < headSize / 8 ? 2 * index : (headSize + sideSize * (index - headSize / 8)) / 4
    numbers[place] = next
    numbers[place + 1] = text.length
    new Uint8Array(buffer, next, text.length).set(text)
    next += text.length
  }
  return new MachineTexts(assembly, choice, {
    longest,
    places: { shape: at, piece: at + size, pieceSize: pieceSizeHere },
  })
}

/** Whether each row stands on the line after the one before. */
function linesFollow({ chunks }: PrefixTable): boolean {
  return chunks.every(
    ({ lines, firstLine }, index) =>
      lines === undefined && firstLine === (chunks[0]?.firstLine ?? 0) + index * chunkSize,
  )
}

function copyLines({ chunks, size }: PrefixTable, to: Uint32Array): void {
  for (const [index, { lines, firstLine }] of chunks.entries()) {
    const first = index * chunkSize
    const count = Math.min(size - first, chunkSize)
    if (lines) to.set(lines.subarray(0, count), first)
    else for (let row = 0; row < count; row++) to[first + row] = firstLine + row
  }
}
