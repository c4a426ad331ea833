/**
 * What was packed with LZMA, in its oldest form of file: a byte of settings, the size of the window, the length, then one range-coded stream.
 * Browsers unpack nothing that is as small: the worker of the page would be a fifth larger with what they know. The names are those of the LZMA specification.
 */
export function unpackLzma(packed: Uint8Array): Uint8Array<ArrayBuffer> {
  const settings = packed[0] ?? 0
  const view = new DataView(packed.buffer, packed.byteOffset)
  const output = new Uint8Array(view.getUint32(5, true))
  const literals = settings % 9
  const [lp, pb] = [Math.floor(settings / 9) % 5, Math.floor(settings / 45)]
  new Unpacking(new RangeDecoder(packed.subarray(13)), output, { lc: literals, lp, pb }).run()
  return output
}

/** Decides bit by bit by how often each was the one or the other before. */
class RangeDecoder {
  readonly #bytes: Uint8Array
  #at = 5
  #range = 0xffffffff
  #code: number

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#code = new DataView(bytes.buffer, bytes.byteOffset).getUint32(1)
  }

  bit(probabilities: Uint16Array, index: number): number {
    const probability = probabilities[index] ?? 0
    const bound = (this.#range >>> 11) * probability
    let bit = 0
    if (this.#code < bound) {
      this.#range = bound
      probabilities[index] = probability + ((2048 - probability) >>> 5)
    } else {
      this.#range -= bound
      this.#code -= bound
      probabilities[index] = probability - (probability >>> 5)
      bit = 1
    }
    this.#fill()
    return bit
  }

  /** Bits that are as often the one as the other. */
  directBits(count: number): number {
    let result = 0
    for (let left = count; left > 0; left--) {
      this.#range >>>= 1
      const isOne = this.#code >= this.#range
      if (isOne) this.#code -= this.#range
      result = result * 2 + (isOne ? 1 : 0)
      this.#fill()
    }
    return result
  }

  #fill(): void {
    if (this.#range >= 0x1000000) return
    this.#range = (this.#range * 256) >>> 0
    this.#code = ((this.#code << 8) | (this.#bytes[this.#at++] ?? 0)) >>> 0
  }

  /** A number whose bits depend on those before them. */
  tree(probabilities: Uint16Array, bits: number, from = 0): number {
    let node = 1
    for (let left = bits; left > 0; left--) node = (node << 1) | this.bit(probabilities, from + node)
    return node - (1 << bits)
  }

  /** The same with the lowest bit first. */
  reverseTree(probabilities: Uint16Array, bits: number, from: number): number {
    let [node, result] = [1, 0]
    for (let at = 0; at < bits; at++) {
      const bit = this.bit(probabilities, from + node)
      node = (node << 1) | bit
      result |= bit << at
    }
    return result
  }
}

function even(length: number): Uint16Array {
  return new Uint16Array(length).fill(1024)
}

/** How long a repetition is: short, middle, long. */
class Lengths {
  readonly #choice = even(2)
  readonly #low = even(16 << 3)
  readonly #middle = even(16 << 3)
  readonly #high = even(256)

  read(coder: RangeDecoder, place: number): number {
    if (coder.bit(this.#choice, 0) === 0) return coder.tree(this.#low, 3, place << 3)
    if (coder.bit(this.#choice, 1) === 0) return 8 + coder.tree(this.#middle, 3, place << 3)
    return 16 + coder.tree(this.#high, 8)
  }
}

interface Settings {
  readonly lc: number
  readonly lp: number
  readonly pb: number
}

class Unpacking {
  readonly #coder: RangeDecoder
  readonly #output: Uint8Array
  readonly #settings: Settings
  readonly #literal: Uint16Array
  readonly #isMatch = even(192)
  readonly #isRep = even(12)
  readonly #isRepG0 = even(12)
  readonly #isRepG1 = even(12)
  readonly #isRepG2 = even(12)
  readonly #isRep0Long = even(192)
  readonly #slots = even(256)
  readonly #near = even(128)
  readonly #align = even(16)
  readonly #lengths = new Lengths()
  readonly #repLengths = new Lengths()
  /** How far back the last four repetitions began, the last one first. */
  #reps = [0, 0, 0, 0]
  #state = 0
  #at = 0

  constructor(coder: RangeDecoder, output: Uint8Array, settings: Settings) {
    this.#coder = coder
    this.#output = output
    this.#settings = settings
    this.#literal = even(0x300 << (settings.lc + settings.lp))
  }

  run(): void {
    while (this.#at < this.#output.length) {
      const place = this.#at & ((1 << this.#settings.pb) - 1)
      if (this.#coder.bit(this.#isMatch, (this.#state << 4) + place) === 0) this.#readLiteral()
      else this.#copy(this.#readRepetition(place))
    }
  }

  #back(distance: number): number {
    return this.#output[this.#at - distance - 1] ?? 0
  }

  #readLiteral(): void {
    const { lc, lp } = this.#settings
    const before = this.#at > 0 ? this.#back(0) : 0
    const from = 0x300 * (((this.#at & ((1 << lp) - 1)) << lc) + (before >> (8 - lc)))
    let symbol = 1
    if (this.#state >= 7) {
      let match = this.#back(this.#reps[0] ?? 0)
      while (symbol < 0x100) {
        const matchBit = (match >> 7) & 1
        match <<= 1
        const bit = this.#coder.bit(this.#literal, from + ((1 + matchBit) << 8) + symbol)
        symbol = (symbol << 1) | bit
        if (matchBit !== bit) break
      }
    }
    while (symbol < 0x100) symbol = (symbol << 1) | this.#coder.bit(this.#literal, from + symbol)
    this.#output[this.#at++] = symbol
    this.#state = this.#state < 4 ? 0 : this.#state < 10 ? this.#state - 3 : this.#state - 6
  }

  /** How many bytes are repeated; from where stands first in the list then. */
  #readRepetition(place: number): number {
    const isLiteralBefore = this.#state < 7
    if (this.#coder.bit(this.#isRep, this.#state) === 0) {
      const length = 2 + this.#lengths.read(this.#coder, place)
      this.#state = isLiteralBefore ? 7 : 10
      this.#reps = [this.#readDistance(length), ...this.#reps.slice(0, 3)]
      return length
    }
    const which = this.#readRep(place)
    if (which === undefined) {
      this.#state = isLiteralBefore ? 9 : 11
      return 1
    }
    const chosen = this.#reps[which] ?? 0
    this.#reps = [chosen, ...this.#reps.filter((_, index) => index !== which)]
    const length = 2 + this.#repLengths.read(this.#coder, place)
    this.#state = isLiteralBefore ? 8 : 11
    return length
  }

  /** Which of the last four; `undefined` for one byte of the last one. */
  #readRep(place: number): number | undefined {
    const coder = this.#coder
    if (coder.bit(this.#isRepG0, this.#state) === 0) {
      return coder.bit(this.#isRep0Long, (this.#state << 4) + place) === 0 ? undefined : 0
    }
    if (coder.bit(this.#isRepG1, this.#state) === 0) return 1
    return coder.bit(this.#isRepG2, this.#state) === 0 ? 2 : 3
  }

  #readDistance(length: number): number {
    const slot = this.#coder.tree(this.#slots, 6, Math.min(length - 2, 3) << 6)
    if (slot < 4) return slot
    const bits = (slot >> 1) - 1
    const high = (2 | (slot & 1)) * 2 ** bits
    if (slot < 14) return high + this.#coder.reverseTree(this.#near, bits, high - slot)
    return high + this.#coder.directBits(bits - 4) * 16 + this.#coder.reverseTree(this.#align, 4, 0)
  }

  #copy(length: number): void {
    const distance = this.#reps[0] ?? 0
    for (let left = length; left > 0 && this.#at < this.#output.length; left--) {
      this.#output[this.#at] = this.#back(distance)
      this.#at++
    }
  }
}
