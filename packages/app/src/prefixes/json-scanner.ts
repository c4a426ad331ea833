import { latin1, utf8, utf8Bytes } from './bytes.ts'
import { element, type JsonStep } from './json-path.ts'

/** What a scanner meets on its way. The place is valid during the call only: its first `depth` steps count. */
export interface JsonEvents {
  /** A string: its text, cut when it is longer than any prefix; `isCut` tells so. */
  string(text: Uint8Array, line: number, isCut: boolean): void
  /** A number, true, false or null, as it is written. */
  other(line: number, word: string): void
  /** An object or an array ends; so many steps lead to it. */
  close(depth: number): void
}

export interface JsonProblem {
  readonly line: number
  readonly message: string
}

/** Deeper than any export; keeps an attack from filling the memory. */
const deepest = 1000
const longestString = 1024

const quote = 34
const backslash = 92

type State = 'value' | 'first value' | 'key' | 'first key' | 'colon' | 'behind value' | 'string' | 'word'

/**
 * Reads JSON values, one behind the other, piece by piece. Only the current place and the current string are kept, so a document
 * may have any size.
 */
export class JsonScanner {
  /** Where the current value is. */
  readonly place: JsonStep[] = []
  depth = 0
  readonly #events: JsonEvents
  readonly #text = new Uint8Array(longestString)
  #length = 0
  #isCut = false
  #isEscaped = false
  #hasEscapes = false
  #isKey = false
  #state: State = 'value'
  #line = 1
  #startLine = 1
  problem: JsonProblem | undefined

  constructor(events: JsonEvents) {
    this.#events = events
  }

  read(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length && !this.problem; at++) {
      const byte = bytes[at] as number
      if (this.#state === 'string') this.#inString(byte)
      else if (this.#state === 'word' && isWordByte(byte)) this.#keep(byte)
      else {
        if (this.#state === 'word') this.#endWord()
        if (byte === 10) this.#line++
        else if (byte !== 32 && byte !== 13 && byte !== 9 && !this.problem) this.#token(byte)
      }
    }
  }

  /** After the last piece, or at the end of a line that is a document of its own. */
  end(): void {
    if (this.#state === 'word' && !this.problem) this.#endWord()
    const isComplete = this.depth === 0 && (this.#state === 'behind value' || this.#state === 'value')
    if (!this.problem && !isComplete) this.#fail('the text ends in the middle of a value')
  }

  /** Begins a new document at a line. */
  restart(line: number): void {
    this.problem = undefined
    this.depth = 0
    this.#state = 'value'
    this.#line = line
  }

  #token(byte: number): void {
    const char = String.fromCharCode(byte)
    if (this.#state === 'behind value') this.#behindValue(byte, char)
    else if (this.#state === 'colon') this.#colon(char)
    else if (this.#state === 'key' || this.#state === 'first key') this.#key(char)
    else this.#value(byte, char)
  }

  #colon(char: string): void {
    if (char === ':') this.#state = 'value'
    else this.#fail('a colon is missing')
  }

  #key(char: string): void {
    if (char === '"') this.#beginString(true)
    else if (char === '}' && this.#state === 'first key') this.#close(char)
    else this.#fail('a key in double quotes is missing')
  }

  #value(byte: number, char: string): void {
    if (char === '"') this.#beginString(false)
    else if (char === '{') this.#open('first key', '')
    else if (char === '[') this.#open('first value', element)
    else if (char === ']' && this.#state === 'first value') this.#close(char)
    else if (isWordByte(byte)) {
      this.#begin()
      this.#state = 'word'
      this.#keep(byte)
    } else this.#fail(`${JSON.stringify(char)} is where a value should be`)
  }

  #behindValue(byte: number, char: string): void {
    const step = this.place[this.depth - 1]
    if (this.depth === 0) {
      this.#state = 'value'
      this.#value(byte, char)
    } else if (char === ',') {
      this.#state = step === element ? 'value' : 'key'
    } else if (char === (step === element ? ']' : '}')) {
      this.#close(char)
    } else {
      this.#fail('a comma or the closing bracket is missing')
    }
  }

  #open(state: State, step: JsonStep): void {
    if (this.depth === deepest) this.#fail(`it is nested deeper than ${deepest} levels`)
    else {
      this.place[this.depth++] = step
      this.#state = state
    }
  }

  #close(char: string): void {
    const isArray = this.place[this.depth - 1] === element
    if (isArray !== (char === ']')) this.#fail('brackets do not match')
    else {
      this.depth--
      this.#events.close(this.depth)
      this.#state = 'behind value'
    }
  }

  #begin(): void {
    this.#length = 0
    this.#isCut = false
    this.#hasEscapes = false
    this.#startLine = this.#line
  }

  #beginString(isKey: boolean): void {
    this.#begin()
    this.#isKey = isKey
    this.#isEscaped = false
    this.#state = 'string'
  }

  #keep(byte: number): void {
    if (this.#length < longestString) this.#text[this.#length++] = byte
    else this.#isCut = true
  }

  #inString(byte: number): void {
    if (byte === 10) this.#fail('a string is not closed on its line')
    else if (byte === quote && !this.#isEscaped) this.#endString()
    else {
      this.#isEscaped = byte === backslash && !this.#isEscaped
      if (byte === backslash) this.#hasEscapes = true
      this.#keep(byte)
    }
  }

  #endString(): void {
    if (this.#isKey) {
      this.#state = 'colon'
      const key = this.#hasEscapes ? utf8(this.#decoded()) : utf8(this.#text.subarray(0, this.#length))
      this.place[this.depth - 1] = key
    } else {
      this.#state = 'behind value'
      const text = this.#hasEscapes ? this.#decoded() : this.#text.subarray(0, this.#length)
      this.#events.string(text, this.#startLine, this.#isCut)
    }
  }

  #decoded(): Uint8Array {
    const bytes = this.#text.slice(0, this.#length)
    try {
      return utf8Bytes(JSON.parse(`"${utf8(bytes).replace(/\p{Cc}/gu, ' ')}"`) as string)
    } catch {
      // A string that was cut may end inside an escape.
      return bytes
    }
  }

  #endWord(): void {
    const word = latin1(this.#text.subarray(0, this.#length))
    this.#state = 'behind value'
    const isKnown = word === 'true' || word === 'false' || word === 'null' || /^-?[0-9]/.test(word)
    if (isKnown) this.#events.other(this.#startLine, word)
    else this.#fail('there is a word that JSON does not have')
  }

  #fail(message: string): void {
    this.problem ??= { line: this.#line, message }
  }
}

/** The characters of numbers, true, false and null. */
function isWordByte(byte: number): boolean {
  return (
    (byte >= 48 && byte <= 57) ||
    (byte >= 97 && byte <= 122) ||
    byte === 43 ||
    byte === 45 ||
    byte === 46 ||
    byte === 69
  )
}
