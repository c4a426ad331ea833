import { limits } from '../limits.ts'

/** What everybody reads alike: no tabs, no letters of other scripts, no line ends of other systems. */
const printable = /^[\n -~]*$/
const idle = /^ *(?:#.*)?$/
const start = /^( *)(- +)?/
/** A key and its colon; two prefixes may be one. */
const keyed = /([\w./:-]+(?: [\w./:-]+)?|"[A-Za-z]+"):(?= |$)/y
const flowKeyed = /([A-Za-z][\w./-]*|"[A-Za-z]+"): +/y
const rest = /(?: +#.*| *)$/y
const blanks = / */y
/** In quotes without anything that quotes change, or plain. */
const scalar = /"([^"\\]*)"|'([^']*)'|([\w./:@+-]+)/y

/** Also a path of a file. */
const word = /^(?:\.{0,2}\/)?[A-Za-z][\w./@+-]*$/
const meaningful = /^(?:null|true|false)$/i
const prefix = /^(?:[\d.]+|[\da-f:]+(?:\.\d+){0,3})\/\d+$/i
const address = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[\da-f]*:[\da-f]*:[\da-f:]*[\da-f])$/i
const number = /^(?:0|[1-9]\d{0,9})$/
/** YAML itself takes no longer keys than 1,024. */
const longestKey = 500

type Mapping = Record<string, unknown>

/**
 * The value of a text in the forms of YAML that a lock and most plans are written in: a mapping of plain words, numbers, addresses and what stands in
 * quotes as it is, with lists and mappings below each other or in brackets on one line, and comments. `undefined` for every other text, which is the
 * YAML reader's; this one is ten times as fast, and a lock can be long.
 */
export function readPlain(text: string): Mapping | undefined {
  if (!printable.test(text)) return undefined
  const reading = new PlainReading()
  return text.split('\n').every((line) => reading.takes(line)) ? reading.whole : undefined
}

interface Level {
  readonly indent: number
  readonly value: Mapping | unknown[]
}

class PlainReading {
  readonly #root: Mapping = {}
  /** The mappings and lists that the last line is in. */
  readonly #levels: Level[] = [{ indent: 0, value: this.#root }]
  /** What has no value yet: what is below the next line says whether it is a list or a mapping. */
  #open: { readonly holder: Mapping; readonly key: string; readonly indent: number } | undefined

  get whole(): Mapping | undefined {
    return this.#open || Object.keys(this.#root).length === 0 ? undefined : this.#root
  }

  /** Reports whether the line was understood. */
  takes(line: string): boolean {
    if (idle.test(line)) return true
    const [, before = '', dash] = start.exec(line) ?? []
    if (!this.#enters(before.length, dash !== undefined)) return false
    const { value } = this.#levels.at(-1) ?? {}
    if (!Array.isArray(value)) return value !== undefined && this.#puts(value, line, before.length)
    const column = before.length + (dash?.length ?? 0)
    keyed.lastIndex = column
    if (!keyed.test(line)) return this.#adds(value, line, column)
    const below = {}
    value.push(below)
    return this.#goesDown({ indent: column, value: below }) && this.#puts(below, line, column)
  }

  /** A list may stand as far to the left as the key that it belongs to. */
  #enters(indent: number, isItem: boolean): boolean {
    if (this.#open) {
      const { holder, key, indent: above } = this.#open
      if (indent < above || (indent === above && !isItem)) return false
      const value = isItem ? [] : {}
      holder[key] = value
      this.#open = undefined
      return this.#goesDown({ indent, value })
    }
    let level = this.#levels.at(-1)
    while (level && (level.indent > indent || (level.indent === indent && Array.isArray(level.value) && !isItem))) {
      this.#levels.pop()
      level = this.#levels.at(-1)
    }
    return level?.indent === indent && Array.isArray(level.value) === isItem
  }

  #goesDown(level: Level): boolean {
    return this.#levels.push(level) <= limits.documentDepth.most
  }

  #adds(list: unknown[], line: string, at: number): boolean {
    const value = valueFrom(line, at, this.#levels.length)
    list.push(value)
    return value !== undefined
  }

  #puts(holder: Mapping, line: string, at: number): boolean {
    keyed.lastIndex = at
    const key = keyOf(keyed.exec(line)?.[1] ?? '')
    if (key === undefined || Object.hasOwn(holder, key)) return false
    const behind = keyed.lastIndex
    if (isEnd(line, behind)) {
      this.#open = { holder, key, indent: at }
      holder[key] = null
      return true
    }
    const value = valueFrom(line, behind, this.#levels.length)
    holder[key] = value
    return value !== undefined
  }
}

function isEnd(line: string, at: number): boolean {
  rest.lastIndex = at
  return rest.test(line)
}

/** The value that is the rest of a line, below so many levels; `undefined` where it is none that is understood. */
function valueFrom(line: string, at: number, levels: number): unknown {
  const reader = new ValueReader(line, at)
  const value = reader.value(levels)
  return isEnd(line, reader.at) ? value : undefined
}

class ValueReader {
  readonly #line: string
  at: number

  constructor(line: string, at: number) {
    this.#line = line
    this.at = at
  }

  value(levels: number): unknown {
    if (levels > limits.documentDepth.most) return undefined
    if (this.#takes('[')) return this.#list(levels + 1)
    if (this.#takes('{')) return this.#mapping(levels + 1)
    const [, double, single, plain] = this.#skip(scalar) ?? []
    return double ?? single ?? (plain === undefined ? undefined : plainOf(plain))
  }

  #list(levels: number): unknown[] | undefined {
    const list: unknown[] = []
    if (this.#takes(']')) return list
    do {
      const value = this.value(levels)
      if (value === undefined) return undefined
      list.push(value)
    } while (this.#takes(','))
    return this.#takes(']') ? list : undefined
  }

  #mapping(levels: number): Mapping | undefined {
    const mapping: Mapping = {}
    if (this.#takes('}')) return mapping
    do {
      this.#skip(blanks)
      const key = keyOf(this.#skip(flowKeyed)?.[1] ?? '')
      const value = key === undefined || Object.hasOwn(mapping, key) ? undefined : this.value(levels)
      if (key === undefined || value === undefined) return undefined
      mapping[key] = value
    } while (this.#takes(','))
    return this.#takes('}') ? mapping : undefined
  }

  /** A sign and the blanks before it. */
  #takes(sign: string): boolean {
    this.#skip(blanks)
    if (this.#line[this.at] !== sign) return false
    this.at++
    return true
  }

  #skip(form: RegExp): RegExpExecArray | undefined {
    form.lastIndex = this.at
    const found = form.exec(this.#line)
    if (!found) return undefined
    this.at = form.lastIndex
    return found
  }
}

function keyOf(text: string): string | undefined {
  if (text.length > longestKey) return undefined
  const plain = text.split(' ').every((part) => prefix.test(part)) ? text : plainOf(text)
  return typeof plain === 'string' ? plain : undefined
}

function plainOf(text: string): unknown {
  if (text.startsWith('"')) return text.slice(1, -1)
  if (number.test(text)) return Number(text)
  if (word.test(text)) return meaningful.test(text) ? undefined : text
  return prefix.test(text) || address.test(text) ? text : undefined
}
