import { maxDepth } from './config-tree.ts'

/** A value of JSON and the line on which it begins. Numbers and words such as `true` are texts. */
export type JsonNode = { readonly line: number } & (
  | { readonly kind: 'object'; readonly members: readonly { readonly name: string; readonly value: JsonNode }[] }
  | { readonly kind: 'list'; readonly items: readonly JsonNode[] }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'deep' }
)

/** Reads one JSON value, with the lines on which its parts stand. Time is linear in the text, and depth is bounded. */
export class JsonScanner {
  readonly #text: string
  #at: number
  #line: number

  constructor(text: string, start: number) {
    this.#text = text
    this.#at = start
    this.#line = text.slice(0, start).split('\n').length
  }

  /** Behind what was read. */
  get position(): { readonly at: number; readonly line: number } {
    return { at: this.#at, line: this.#line }
  }

  /** `undefined` for what is not JSON. */
  read(depth = 0): JsonNode | undefined {
    this.#skipBlanks()
    const line = this.#line
    const first = this.#text[this.#at]
    if (first === '{' || first === '[') {
      if (depth > maxDepth) return this.#skipNested() ? { kind: 'deep', line } : undefined
      return first === '{' ? this.#object(line, depth) : this.#list(line, depth)
    }
    if (first === '"') {
      const text = this.#string()
      return text === undefined ? undefined : { kind: 'text', text, line }
    }
    return this.#word(line)
  }

  #object(line: number, depth: number): JsonNode | undefined {
    const members: { name: string; value: JsonNode }[] = []
    const isGood = this.#each('}', () => {
      const name = this.#text[this.#at] === '"' ? this.#string() : undefined
      const value = name !== undefined && this.#takes(':') ? this.read(depth + 1) : undefined
      if (name === undefined || !value) return false
      members.push({ name, value })
      return true
    })
    return isGood ? { kind: 'object', members, line } : undefined
  }

  #list(line: number, depth: number): JsonNode | undefined {
    const items: JsonNode[] = []
    const isGood = this.#each(']', () => {
      const item = this.read(depth + 1)
      if (item) items.push(item)
      return item !== undefined
    })
    return isGood ? { kind: 'list', items, line } : undefined
  }

  /** The parts up to a closing bracket; a comma behind the last one does no harm. */
  #each(close: string, readPart: () => boolean): boolean {
    this.#at++
    while (!this.#takes(close)) {
      this.#skipBlanks()
      if (!readPart()) return false
      if (!this.#takes(',')) return this.#takes(close)
    }
    return true
  }

  #takes(sign: string): boolean {
    this.#skipBlanks()
    if (this.#text[this.#at] !== sign) return false
    this.#at++
    return true
  }

  #skipBlanks(): void {
    for (;;) {
      const character = this.#text[this.#at]
      if (character === '\n') this.#line++
      else if (character !== ' ' && character !== '\t' && character !== '\r') return
      this.#at++
    }
  }

  #string(): string | undefined {
    const end = this.#endOfString()
    if (end === undefined) return undefined
    const written = this.#text.slice(this.#at, end)
    this.#at = end
    try {
      return String(JSON.parse(written))
    } catch {
      return undefined
    }
  }

  /** Behind the closing quote; a string does not go over lines. */
  #endOfString(): number | undefined {
    for (let at = this.#at + 1; at < this.#text.length; at++) {
      const character = this.#text[at]
      if (character === '"') return at + 1
      if (character === '\n') return undefined
      if (character === '\\') at++
    }
    return undefined
  }

  #word(line: number): JsonNode | undefined {
    const found = /[\w.+-]{1,64}/y
    found.lastIndex = this.#at
    const text = found.exec(this.#text)?.[0]
    if (text === undefined) return undefined
    this.#at += text.length
    return text === 'null' ? { kind: 'nothing', line } : { kind: 'text', text, line }
  }

  #skipNested(): boolean {
    let depth = 0
    do {
      const character = this.#text[this.#at]
      if (character === undefined) return false
      if (character === '"') {
        const end = this.#endOfString()
        if (end === undefined) return false
        this.#at = end
        continue
      }
      if (character === '{' || character === '[') depth++
      else if (character === '}' || character === ']') depth--
      else if (character === '\n') this.#line++
      this.#at++
    } while (depth > 0)
    return true
  }
}
