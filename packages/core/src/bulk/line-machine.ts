import { type Assembly, newAssembly } from './assembly.ts'
import { chunkSize, type OpenRows } from './prefix-table.ts'

/** `255.255.255.255/32` and CRLF: behind a place with that many bytes a line can be read without looking for the end. */
export const longestLine = 20
/** No more bytes are read at a time. */
export const largestPiece = 65_536

/** Some bytes before each line are looked at. */
const inputAt = 16
const networksAt = 2 * largestPiece
const lengthsAt = networksAt + 4 * chunkSize

/** Reads plain lines with WebAssembly, in whose memory bytes and rows must be: copying them takes next to nothing. */
class LineMachine {
  readonly #assembly: Assembly
  readonly #input: Uint8Array
  readonly #networks: Int32Array
  readonly #lengths: Uint8Array

  constructor(assembly: Assembly) {
    const { buffer } = assembly.memory
    this.#assembly = assembly
    this.#input = new Uint8Array(buffer, inputAt, largestPiece + longestLine)
    this.#networks = new Int32Array(buffer, networksAt, chunkSize)
    this.#lengths = new Uint8Array(buffer, lengthsAt, chunkSize)
  }

  /** Fills rows up to the end of their chunk or to the first line that is not plain, and returns where that one starts. */
  fillRows(
    rows: OpenRows,
    bytes: Uint8Array,
    { start, stop }: { readonly start: number; readonly stop: number },
  ): number {
    this.#input.set(bytes.subarray(start, stop + longestLine))
    const room = chunkSize - rows.next
    const end = this.#assembly.readLines(inputAt, inputAt + stop - start, networksAt, lengthsAt, room)
    const count = this.#assembly.rows.value
    rows.networks.set(this.#networks.subarray(0, count), rows.next)
    rows.lengths.set(this.#lengths.subarray(0, count), rows.next)
    rows.next += count
    return start + end - inputAt
  }
}

let machine: LineMachine | null | undefined

/** Made when it is asked for; undefined where there is no WebAssembly. */
export function lineMachine(): LineMachine | undefined {
  if (machine === undefined) {
    const assembly = newAssembly()
    machine = assembly ? new LineMachine(assembly) : null
  }
  return machine ?? undefined
}
