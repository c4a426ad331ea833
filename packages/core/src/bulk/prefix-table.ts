import type { Family } from '../address/bits.ts'
import { Prefix } from '../address/prefix.ts'
import { newParts, type PrefixFault, readPrefix } from './read-prefix.ts'
import { writeIpv4Prefix } from './write-prefix.ts'

/** The columns of one stretch of rows. */
export interface Chunk {
  /** The first address of an IPv4 prefix, signed, since that is what the engine calculates with; for IPv6 the row of its four words in the wide chunks. */
  readonly networks: Int32Array
  /** The prefix length of IPv4; for IPv6 the length and `ipv6Mark`. */
  readonly lengths: Uint8Array
  /** Of the first row. */
  readonly firstLine: number
  /** Absent as long as every row stands on the line behind the one before, as in most texts. */
  lines: Uint32Array | undefined
}

/** Rows of a chunk that are filled from outside, the first of them at `next` and on `line`. */
export interface OpenRows extends Pick<Chunk, 'networks' | 'lengths'> {
  readonly line: number
  next: number
}

export const chunkBits = 14
export const chunkSize = 1 << chunkBits
export const chunkMask = chunkSize - 1
/** Added to the length of an IPv6 prefix, so that one byte tells the family too. */
export const ipv6Mark = 64

export interface PrefixTableOptions {
  /** What to do with bits behind the length: `fault` (the default) refuses the text, `drop` sets them to zero. */
  readonly hostBits?: 'fault' | 'drop'
}

function newChunk(firstLine: number): Chunk {
  return { networks: new Int32Array(chunkSize), lengths: new Uint8Array(chunkSize), firstLine, lines: undefined }
}

/**
 * Prefixes of both families with the line that each stood on, in order of addition: columns of numbers instead of objects, for
 * millions of them. A row takes 5 bytes, one of IPv6 21, and 4 more where rows do not stand on one line after the other. Columns grow by
 * chunks of 16,384 rows, so nothing is ever copied.
 */
export class PrefixTable {
  /** Only the first `size` rows count. */
  readonly chunks: Chunk[] = []
  /** Four words for each IPv6 prefix. */
  readonly wideChunks: Uint32Array[] = []
  readonly #dropsHostBits: boolean
  readonly #parts = newParts()
  #last = emptyChunk
  #size = 0
  /** How many rows there are in all chunks, filled or not. */
  #room = 0
  #ipv6Size = 0

  constructor({ hostBits = 'fault' }: PrefixTableOptions = {}) {
    this.#dropsHostBits = hostBits === 'drop'
  }

  /** How many prefixes the table holds. */
  get size(): number {
    return this.#size
  }

  /** How many of them are of one family. */
  sizeOf(family: Family): number {
    return family === 6 ? this.#ipv6Size : this.#size - this.#ipv6Size
  }

  /**
   * Reads one prefix or address from ASCII bytes, `end` not included, and adds it: the same language as `Prefix.parse` and
   * `Address.parse`, without blanks around it; an address is a /32 or /128. Returns what is wrong, and then adds nothing.
   */
  addText(bytes: Uint8Array, start: number, end: number, line: number): PrefixFault | undefined {
    const parts = this.#parts
    const fault = readPrefix(bytes, { start, end }, parts)
    if (fault) return fault
    if (parts.hadHostBits && !this.#dropsHostBits) return 'PREFIX_HOST_BITS'
    if (parts.isIpv4) this.addIpv4(parts.words[0] as number, parts.length, line)
    else this.#addIpv6(parts.words, parts.length, line)
    return undefined
  }

  add(prefix: Prefix, line: number): void {
    if (typeof prefix.bits === 'number') this.addIpv4(prefix.bits, prefix.length, line)
    else this.#addIpv6(wordsOf(prefix.bits), prefix.length, line)
  }

  /** Adds an IPv4 prefix that is known to be one: its first 32 bits, signed or unsigned, without host bits. */
  addIpv4(network: number, length: number, line: number): void {
    if (this.#size === this.#room) this.#startChunk(line)
    const row = this.#size & chunkMask
    const chunk = this.#last
    chunk.networks[row] = network
    chunk.lengths[row] = length
    if (chunk.lines !== undefined) chunk.lines[row] = line
    else if (line !== chunk.firstLine + row) chunk.lines = listLines(chunk.firstLine, row, line)
    this.#size++
  }

  /** The rest of the last chunk, to be filled with IPv4 prefixes that stand on one line after the other from that one on. */
  openRows(line: number): OpenRows {
    if (this.#size === this.#room) this.#startChunk(line)
    const next = this.#size & chunkMask
    const { networks, lengths } = this.#last
    return { networks, lengths, line, next }
  }

  /** Adds the rows that were filled: those before `next`. */
  closeRows({ line, next }: OpenRows): void {
    const chunk = this.#last
    const first = this.#size & chunkMask
    if (next === first) return
    if (chunk.lines === undefined && line !== chunk.firstLine + first)
      chunk.lines = listLines(chunk.firstLine, first, line)
    for (let row = first; chunk.lines && row < next; row++) chunk.lines[row] = line + row - first
    this.#size += next - first
  }

  /** The rows that there are now, without those that are added later. They are not copied, so nothing may be added to it. */
  snapshot(): PrefixTable {
    const taken = new PrefixTable()
    taken.chunks.push(...this.chunks)
    taken.wideChunks.push(...this.wideChunks)
    taken.#size = this.#size
    taken.#ipv6Size = this.#ipv6Size
    return taken
  }

  prefixAt(row: number): Prefix {
    const { networks, lengths } = this.#chunkOf(row)
    const network = networks[row & chunkMask] as number
    const length = lengths[row & chunkMask] as number
    if (length < ipv6Mark) return Prefix.fromBits(network >>> 0, length)
    let bits = 0n
    for (let word = 0; word < 4; word++) bits = (bits << 32n) | BigInt(wordOf(this.wideChunks, network, word))
    return Prefix.fromBits(bits, length - ipv6Mark)
  }

  /** The line that was given when the prefix was added. */
  lineAt(row: number): number {
    const { firstLine, lines } = this.#chunkOf(row)
    return lines ? (lines[row & chunkMask] as number) : firstLine + (row & chunkMask)
  }

  /** Writes the prefix as ASCII, as `prefixAt(row).toString()` gives it; returns where it ends. Up to 45 bytes are written or spoiled. */
  writeText(row: number, bytes: Uint8Array, at: number): number {
    const { networks, lengths } = this.#chunkOf(row)
    const length = lengths[row & chunkMask] as number
    if (length < ipv6Mark) return writeIpv4Prefix(bytes, at, { network: networks[row & chunkMask] as number, length })
    const text = this.prefixAt(row).toString()
    for (let index = 0; index < text.length; index++) bytes[at + index] = text.charCodeAt(index)
    return at + text.length
  }

  #chunkOf(row: number): Chunk {
    if (!Number.isInteger(row) || row < 0 || row >= this.#size) {
      throw new RangeError(`a table of ${this.#size} prefixes has no row ${row}`)
    }
    return this.chunks[row >>> chunkBits] as Chunk
  }

  #startChunk(line: number): void {
    this.#last = newChunk(line)
    this.chunks.push(this.#last)
    this.#room += chunkSize
  }

  #addIpv6(words: Uint32Array, length: number, line: number): void {
    const row = this.#ipv6Size & chunkMask
    if (row === 0) this.wideChunks.push(new Uint32Array(4 * chunkSize))
    this.wideChunks[this.#ipv6Size >>> chunkBits]?.set(words, 4 * row)
    this.addIpv4(this.#ipv6Size, length + ipv6Mark, line)
    this.#ipv6Size++
  }
}

const emptyChunk: Chunk = { networks: new Int32Array(0), lengths: new Uint8Array(0), firstLine: 0, lines: undefined }

/** The lines of rows that stood one after the other up to `row`, which stands on `line`. */
function listLines(firstLine: number, row: number, line: number): Uint32Array {
  const lines = new Uint32Array(chunkSize)
  for (let before = 0; before < row; before++) lines[before] = firstLine + before
  lines[row] = line
  return lines
}

/** One of the four words of an IPv6 prefix. */
export function wordOf(wideChunks: readonly Uint32Array[], wideRow: number, word: number): number {
  const chunk = wideChunks[wideRow >>> chunkBits] as Uint32Array
  return chunk[4 * (wideRow & chunkMask) + word] as number
}

function wordsOf(bits: bigint): Uint32Array {
  return Uint32Array.from([96n, 64n, 32n, 0n], (shift) => Number((bits >> shift) & 0xffffffffn))
}
