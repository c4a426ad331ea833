import { Prefix } from '../address/prefix.ts'
import { newParts, type PrefixFault, readPrefix } from './read-prefix.ts'

/** Rows of one stretch of a table. */
interface Chunk {
  /** The address of an IPv4 prefix; for IPv6 the position of its four words in the table's wide chunks. */
  readonly networks: Uint32Array
  /** The prefix length of IPv4; for IPv6 the length and `ipv6Mark`. */
  readonly lengths: Uint8Array
  readonly lines: Uint32Array
}

export const chunkBits = 14
export const chunkSize = 1 << chunkBits
export const chunkMask = chunkSize - 1
/** Added to the length of an IPv6 prefix, so that one byte holds the family too. */
export const ipv6Mark = 64

export interface PrefixTableOptions {
  /** What to do with bits behind the length: `fault` (the default) refuses the text, `drop` sets them to zero. */
  readonly hostBits?: 'fault' | 'drop'
}

/**
 * Prefixes of both families with the line that each stood on, in order of addition: columns of numbers instead of objects, for
 * millions of them. A row takes 9 bytes, one of IPv6 25; rows are only ever added. Columns grow by chunks, so nothing is copied.
 */
export class PrefixTable {
  /** The columns, for the sort; only the first `size` rows count. */
  readonly chunks: Chunk[] = []
  /** Four words for each IPv6 prefix. */
  readonly wideChunks: Uint32Array[] = []
  readonly #dropsHostBits: boolean
  readonly #parts = newParts()
  #size = 0
  #wideSize = 0

  constructor({ hostBits = 'fault' }: PrefixTableOptions = {}) {
    this.#dropsHostBits = hostBits === 'drop'
  }

  /** How many prefixes the table holds. */
  get size(): number {
    return this.#size
  }

  /** How many of them are IPv6. */
  get ipv6Size(): number {
    return this.#wideSize
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
    if (parts.isIpv4) this.#append(parts.words[0] as number, parts.length, line)
    else this.#appendIpv6(parts.words, parts.length, line)
    return undefined
  }

  add(prefix: Prefix, line: number): void {
    if (typeof prefix.bits === 'number') this.#append(prefix.bits, prefix.length, line)
    else this.#appendIpv6(wordsOf(prefix.bits), prefix.length, line)
  }

  prefixAt(index: number): Prefix {
    const { networks, lengths } = this.#chunkOf(index)
    const row = index & chunkMask
    const network = networks[row] as number
    const length = lengths[row] as number
    if (length < ipv6Mark) return Prefix.fromBits(network, length)
    const words = this.wideChunks[network >>> chunkBits] as Uint32Array
    const at = (network & chunkMask) * 4
    let bits = 0n
    for (let word = 0; word < 4; word++) bits = (bits << 32n) | BigInt(words[at + word] as number)
    return Prefix.fromBits(bits, length - ipv6Mark)
  }

  /** The line that was given when the prefix was added. */
  lineAt(index: number): number {
    return this.#chunkOf(index).lines[index & chunkMask] as number
  }

  #chunkOf(index: number): Chunk {
    if (!Number.isInteger(index) || index < 0 || index >= this.#size) {
      throw new RangeError(`a table of ${this.#size} prefixes has none at ${index}`)
    }
    return this.chunks[index >>> chunkBits] as Chunk
  }

  #append(network: number, length: number, line: number): void {
    const row = this.#size & chunkMask
    if (row === 0) this.chunks.push(newChunk())
    const { networks, lengths, lines } = this.chunks[this.#size >>> chunkBits] as Chunk
    networks[row] = network
    lengths[row] = length
    lines[row] = line
    this.#size++
  }

  #appendIpv6(words: Uint32Array, length: number, line: number): void {
    const row = this.#wideSize & chunkMask
    if (row === 0) this.wideChunks.push(new Uint32Array(4 * chunkSize))
    this.wideChunks[this.#wideSize >>> chunkBits]?.set(words, 4 * row)
    this.#append(this.#wideSize, length + ipv6Mark, line)
    this.#wideSize++
  }
}

function newChunk(): Chunk {
  return {
    networks: new Uint32Array(chunkSize),
    lengths: new Uint8Array(chunkSize),
    lines: new Uint32Array(chunkSize),
  }
}

function wordsOf(bits: bigint): Uint32Array {
  return Uint32Array.from([96n, 64n, 32n, 0n], (shift) => Number((bits >> shift) & 0xffffffffn))
}
