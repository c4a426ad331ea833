import { NatplanError } from '@natplan/core'
import { limits } from '../limits.ts'
import { utf8 } from '../prefixes/bytes.ts'
import type { TextPieces } from '../prefixes/text-pieces.ts'

/** A JSON value that stands by itself. */
export interface JsonElement {
  readonly value: unknown
  /** The line that it begins in. */
  readonly line: number
  /** The key of the list that it is an element of; that of a list that is the whole document is ''. `undefined`: it is a document. */
  readonly list: string | undefined
}

/**
 * The values of JSON documents, one behind the other, piece by piece: each object in a document that is a list, and in the lists that have
 * one of these keys in a document that is an object; then the document itself, in which a 0 stands for each of those. Memory is bounded by the
 * largest of them.
 * @throws NatplanError JSON_SYNTAX, INPUT_TOO_LARGE
 */
export async function* jsonElements(text: TextPieces, lists: readonly string[]): AsyncGenerator<JsonElement> {
  const cutter = new Cutter(text.name, lists)
  for await (const chunk of text.chunks) yield* cutter.read(chunk)
  cutter.end()
}

const [tab, lineFeed, carriageReturn, blank, quote, backslash, zero] = [9, 10, 13, 32, 34, 92, 48]
const [openList, closeList, openObject, closeObject] = [91, 93, 123, 125]

/** Cuts bytes where elements begin and end. What is cut out is parsed, so brackets are counted here and judged there. */
class Cutter {
  readonly #name: string
  readonly #lists: readonly string[]
  readonly #document = new Bytes()
  readonly #element = new Bytes()
  #depth = 0
  #line = 1
  #documentLine = 1
  #elementLine = 1
  #isInString = false
  #isEscaped = false
  #isInElement = false
  /** The list whose elements are cut out, and how deep they stand. */
  #list: { readonly key: string; readonly depth: number } | undefined

  constructor(name: string, lists: readonly string[]) {
    this.#name = name
    this.#lists = lists
  }

  *read(bytes: Uint8Array): Generator<JsonElement> {
    let from = 0
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at] as number
      if (byte === lineFeed) this.#line++
      else if (this.#isInString) this.#inString(byte)
      else if (byte === quote) this.#isInString = true
      else if (byte === openObject && this.#depth === this.#list?.depth) {
        this.#keep(bytes, from, at)
        this.#beginElement()
        from = at
      } else if (byte === openList || byte === openObject) {
        this.#keep(bytes, from, at)
        from = at
        this.#open(byte)
      } else if (byte === closeList || byte === closeObject) {
        this.#depth--
        const isEnd = this.#isInElement ? this.#depth === this.#list?.depth : this.#depth <= 0
        if (!this.#isInElement && this.#list && this.#depth < this.#list.depth) this.#list = undefined
        if (!isEnd) continue
        this.#keep(bytes, from, at + 1)
        from = at + 1
        yield this.#isInElement ? this.#endElement() : this.#endDocument()
      }
    }
    this.#keep(bytes, from, bytes.length)
  }

  end(): void {
    if (this.#depth > 0 || this.#isInString) throw this.#broken(this.#line, 'the text ends in the middle of a value')
    if (!this.#document.isBlank)
      throw this.#broken(this.#line, 'there is something that is neither an object nor a list')
  }

  #inString(byte: number): void {
    if (this.#isEscaped) this.#isEscaped = false
    else if (byte === backslash) this.#isEscaped = true
    else if (byte === quote) this.#isInString = false
  }

  #open(byte: number): void {
    if (this.#depth === 0) this.#documentLine = this.#line
    const key = byte === openList && !this.#isInElement ? this.#listKey() : undefined
    this.#depth++
    if (key !== undefined) this.#list = { key, depth: this.#depth }
  }

  /** The key of a list that begins now, if its elements are cut out. */
  #listKey(): string | undefined {
    if (this.#depth === 0) return ''
    if (this.#depth > 1) return undefined
    const key = /"([^"\\]*)"\s*:\s*$/.exec(utf8(this.#document.tail(longestKey)))?.[1]
    return key !== undefined && this.#lists.includes(key) ? key : undefined
  }

  #beginElement(): void {
    this.#document.push(zero)
    this.#isInElement = true
    this.#elementLine = this.#line
    this.#depth++
  }

  #endElement(): JsonElement {
    this.#isInElement = false
    return { ...this.#parsed(this.#element, this.#elementLine), list: this.#list?.key }
  }

  #endDocument(): JsonElement {
    this.#depth = 0
    return { ...this.#parsed(this.#document, this.#documentLine), list: undefined }
  }

  #keep(bytes: Uint8Array, from: number, to: number): void {
    const kept = this.#isInElement ? this.#element : this.#document
    kept.add(bytes, from, to)
    const { most } = limits.elementBytes
    if (kept.length <= most) return
    const line = this.#isInElement ? this.#elementLine : this.#documentLine
    throw new NatplanError(
      'INPUT_TOO_LARGE',
      `${this.#name}:${line}: a value has more than ${most / 1024 / 1024} MiB`,
      {
        hint: 'natplan reads lists of any length, of values of that size; is this the right file?',
      },
    )
  }

  #parsed(kept: Bytes, line: number): { readonly value: unknown; readonly line: number } {
    const text = utf8(kept.all)
    kept.clear()
    try {
      return { value: JSON.parse(text), line }
    } catch {
      // What the parser says quotes the text, with what is secret in it.
      throw this.#broken(line, 'the value that begins there is not valid JSON')
    }
  }

  #broken(line: number, message: string): NatplanError {
    return new NatplanError('JSON_SYNTAX', `${this.#name}:${line}: ${message}`, {
      hint: 'save the output of the command again, as a whole and with nothing else in the file',
    })
  }
}

const longestKey = 128

/** Bytes that are collected; the room for them grows by doubling and is used again. */
class Bytes {
  #room = new Uint8Array(4096)
  length = 0

  get all(): Uint8Array {
    return this.#room.subarray(0, this.length)
  }

  get isBlank(): boolean {
    return this.all.every((byte) => byte === blank || byte === lineFeed || byte === carriageReturn || byte === tab)
  }

  tail(length: number): Uint8Array {
    return this.#room.subarray(Math.max(0, this.length - length), this.length)
  }

  add(bytes: Uint8Array, from: number, to: number): void {
    this.#reserve(this.length + to - from)
    this.#room.set(bytes.subarray(from, to), this.length)
    this.length += to - from
  }

  push(byte: number): void {
    this.#reserve(this.length + 1)
    this.#room[this.length++] = byte
  }

  clear(): void {
    this.length = 0
  }

  #reserve(length: number): void {
    if (length <= this.#room.length) return
    const larger = new Uint8Array(Math.max(length, this.#room.length * 2))
    larger.set(this.all)
    this.#room = larger
  }
}
