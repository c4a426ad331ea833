import { latin1, latin1Bytes } from './bytes.ts'
import { type Gap, type LeftOut, WordPrefixes } from './extract-words.ts'
import { type Cells, type Reader, shownText } from './reader.ts'
import type { VrfLines } from './vrf-lines.ts'

/** Longer words are neither prefixes nor words that say something about one. */
const longestWord = 80
/** So much of a line is looked at for the VRF that it is about. */
const longestLine = 1024

/** Finds prefixes in any text. What is between two words, and how many of their characters are dots and colons, is all that is looked at first. */
export class ExtractReader implements Reader {
  readonly #words: WordPrefixes
  readonly #word = new Uint8Array(longestWord)
  #length = 0
  #dots = 0
  #colons = 0
  #gap: Gap = 'blank'
  #line = 1
  hasContent = false

  readonly #cells: Cells
  readonly #vrfs: VrfLines | undefined
  /** The line so far, while VRFs are followed: all of it says what its words belong to. */
  #held: number[] = []

  constructor(cells: Cells, vrfs?: VrfLines) {
    this.#cells = cells
    this.#vrfs = vrfs
    this.#words = new WordPrefixes({
      prefix: (prefix, line) => {
        const bytes = latin1Bytes(String(prefix))
        cells.take(bytes, 0, bytes.length, line)
      },
      wrong: (text, line) => cells.refuse(line, shownText(text), { message: 'not a prefix' }),
    })
  }

  get leftOut(): Readonly<LeftOut> {
    return this.#words.leftOut
  }

  read(bytes: Uint8Array): void {
    if (!this.#vrfs) {
      this.#readWords(bytes)
      return
    }
    for (const byte of bytes) {
      this.#held.push(byte)
      if (byte === 10) this.#readHeld()
    }
  }

  #readHeld(): void {
    const held = Uint8Array.from(this.#held)
    this.#held = []
    this.#cells.enter?.(this.#vrfs?.vrfOf(latin1(held.subarray(0, longestLine)).trimEnd()))
    this.#readWords(held)
  }

  #readWords(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (isWordByte(byte)) this.#keep(byte)
      else this.#separate(byte)
    }
  }

  end(): void {
    if (this.#held.length > 0) this.#readHeld()
    this.#endWord()
    this.#words.lineEnd()
  }

  #keep(byte: number): void {
    if (byte === 46) this.#dots++
    else if (byte === 58) this.#colons++
    if (this.#length < longestWord) this.#word[this.#length] = byte
    this.#length++
  }

  #separate(byte: number): void {
    this.#endWord()
    if (byte === 10) {
      this.#words.lineEnd()
      this.#gap = 'blank'
      this.#line++
    } else if (byte !== 32 && byte !== 9 && byte !== 13) {
      this.#gap = 'sign'
      if (byte === 123 || byte === 125) this.#words.brace(byte === 123)
    }
  }

  #endWord(): void {
    if (this.#length === 0) return
    this.hasContent = true
    const isCandidate = (this.#dots >= 3 || this.#colons >= 2) && this.#length <= longestWord
    if (isCandidate) this.#words.candidate(this.#text(), this.#line, this.#gap)
    else if (this.#isShort()) this.#words.short(this.#text(), this.#line)
    else if (this.#words.wantsWords || this.#length === 4) this.#words.word(this.#text())
    else this.#words.pass()
    this.#gap = 'blank'
    this.#length = 0
    this.#dots = 0
    this.#colons = 0
  }

  #isShort(): boolean {
    const first = this.#word[0] as number
    return first >= 48 && first <= 57 && this.#colons === 0 && this.#length <= 14
  }

  #text(): string {
    return latin1(this.#word.subarray(0, Math.min(this.#length, longestWord)))
  }
}

/** Letters, digits and what addresses are written with. */
function isWordByte(byte: number): boolean {
  return (byte >= 45 && byte <= 58) || (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122) || byte === 95
}
