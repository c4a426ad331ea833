import type { Place } from '@natplan/core'
import { limits } from '../limits.ts'
import type { Position } from './documents.ts'

/** What everybody reads alike: no tabs, no letters of other scripts, no line ends of other systems. */
const printable = /^[\n -~]*$/
const idle = /^ *(?:#.*)?$/
const start = /^( *)(- +)?/
/** A key and its colon; two prefixes may be one. */
const keyed = /([\w./:-]+(?: [\w./:-]+)?|"[A-Za-z]+"):(?= |$)/y
const flowKeyed = /([A-Za-z][\w./-]*|"[A-Za-z]+"): +/y
const rest = /(?: +#.*| *)$/y
const literal = / +\|$/y
const indentation = /^ */
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
 * quotes as it is, with lists and mappings below each other or in brackets on one line, texts as a block, and comments. `undefined` for every other
 * text, which is the YAML reader's; this one is ten times as fast, and a lock can be long.
 */
export function readPlain(text: string, spots?: Spots): Mapping | undefined {
  if (!printable.test(text)) return undefined
  const reading = new PlainReading(spots)
  return text.split('\n').every((line) => reading.takes(line)) ? reading.whole : undefined
}

/** Where a key and its value, or a thing of a list, begin. */
interface Spot {
  readonly key?: Position
  value?: Position
}

/** Where everything stands in a text, for who asks. */
export class Spots {
  readonly #known = new Map<object, Map<string | number, Spot>>()
  #whole: object | undefined

  add(holder: object, step: string | number, spot: Spot): void {
    const known = this.#known.get(holder)
    if (known) known.set(step, spot)
    else this.#known.set(holder, new Map([[step, spot]]))
    this.#whole ??= holder
  }

  /** The value of what was noted without one begins below. */
  addValue(holder: object, step: string | number, value: Position): void {
    const spot = this.#known.get(holder)?.get(step)
    if (spot) spot.value = value
  }

  /** The position of a path: of its key or value, or of the nearest thing around it that is written in the text. */
  of({ path, isKey }: Pick<Place, 'path' | 'isKey'>): Position | undefined {
    let holder: unknown = this.#whole
    let found = this.#spotsIn(holder)?.values().next().value?.key
    for (const [index, step] of path.entries()) {
      const spot = this.#spotsIn(holder)?.get(Array.isArray(holder) ? step : String(step))
      if (!spot) return found
      found = (isKey && index === path.length - 1 ? spot.key : spot.value) ?? found
      holder = (holder as Record<string | number, unknown>)[step]
    }
    return found
  }

  #spotsIn(holder: unknown): ReadonlyMap<string | number, Spot> | undefined {
    return typeof holder === 'object' && holder !== null ? this.#known.get(holder) : undefined
  }
}

interface Level {
  readonly indent: number
  readonly value: Mapping | unknown[]
}

/** A text of several lines, as long as it goes on. */
class Block {
  readonly #holder: Mapping
  readonly #key: string
  readonly #above: number
  #indent: number | undefined
  #blank = 0

  /** It is a value of `holder`, whose keys begin at `above`. */
  constructor(holder: Mapping, key: string, above: number) {
    this.#holder = holder
    this.#key = key
    this.#above = above
  }

  /** Reports whether the line belongs to it. */
  takes(line: string): boolean {
    const indent = indentation.exec(line)?.[0].length ?? 0
    if (this.#indent === undefined) {
      if (indent <= this.#above || indent === line.length) return false
      this.#indent = indent
      this.#holder[this.#key] = ''
    }
    if (line.length <= this.#indent && indent === line.length) {
      this.#blank++
      return true
    }
    if (indent < this.#indent) return false
    this.#holder[this.#key] += `${'\n'.repeat(this.#blank)}${line.slice(this.#indent)}\n`
    this.#blank = 0
    return true
  }

  get isEmpty(): boolean {
    return this.#indent === undefined
  }
}

class PlainReading {
  readonly #spots: Spots | undefined
  #line = 0
  readonly #root: Mapping = {}
  /** The mappings and lists that the last line is in. */
  readonly #levels: Level[] = [{ indent: 0, value: this.#root }]
  /** What has no value yet: what is below the next line says whether it is a list or a mapping. */
  #open: { readonly holder: Mapping; readonly key: string; readonly indent: number } | undefined
  #block: Block | undefined

  constructor(spots: Spots | undefined) {
    this.#spots = spots
  }

  get whole(): Mapping | undefined {
    return this.#open || this.#block?.isEmpty || Object.keys(this.#root).length === 0 ? undefined : this.#root
  }

  /** Reports whether the line was understood. */
  takes(line: string): boolean {
    this.#line++
    if (this.#block) {
      if (this.#block.takes(line)) return true
      if (this.#block.isEmpty) return false
      this.#block = undefined
    }
    if (idle.test(line)) return true
    const [, before = '', dash] = start.exec(line) ?? []
    if (!this.#enters(before.length, dash !== undefined)) return false
    const { value } = this.#levels.at(-1) ?? {}
    if (!Array.isArray(value)) return value !== undefined && this.#puts(value, line, before.length)
    const column = before.length + (dash?.length ?? 0)
    keyed.lastIndex = column
    if (!keyed.test(line)) return this.#adds(value, line, column)
    const below = {}
    this.#spots?.add(value, value.length, { value: this.#at(column) })
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
      this.#spots?.addValue(holder, key, this.#at(indent))
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

  #at(index: number): Position {
    return { line: this.#line, column: index + 1 }
  }

  #adds(list: unknown[], line: string, at: number): boolean {
    this.#spots?.add(list, list.length, { value: this.#at(at) })
    const value = this.#valueFrom(line, at)
    list.push(value)
    return value !== undefined
  }

  #puts(holder: Mapping, line: string, at: number): boolean {
    keyed.lastIndex = at
    const key = keyOf(keyed.exec(line)?.[1] ?? '')
    if (key === undefined || Object.hasOwn(holder, key)) return false
    const behind = keyed.lastIndex
    const isOpen = isEnd(line, behind)
    this.#spots?.add(holder, key, { key: this.#at(at), ...(isOpen ? {} : { value: this.#at(skipped(line, behind)) }) })
    if (isOpen) {
      this.#open = { holder, key, indent: at }
      holder[key] = null
      return true
    }
    literal.lastIndex = behind
    if (literal.test(line)) {
      this.#block = new Block(holder, key, at)
      holder[key] = null
      return true
    }
    const value = this.#valueFrom(line, behind)
    holder[key] = value
    return value !== undefined
  }

  /** The value that is the rest of a line; `undefined` where it is none that is understood. */
  #valueFrom(line: string, at: number): unknown {
    const spots = this.#spots
    const add: AddSpot | undefined =
      spots &&
      ((holder, step, { key, value }) =>
        spots.add(holder, step, { ...(key === undefined ? {} : { key: this.#at(key) }), value: this.#at(value) }))
    const reader = new ValueReader(line, at, add)
    const value = reader.value(this.#levels.length)
    return isEnd(line, reader.at) ? value : undefined
  }
}

/** Takes where something begins, by the index in its line. */
type AddSpot = (holder: object, step: string | number, spot: { readonly key?: number; readonly value: number }) => void

function isEnd(line: string, at: number): boolean {
  rest.lastIndex = at
  return rest.test(line)
}

function skipped(line: string, at: number): number {
  blanks.lastIndex = at
  blanks.test(line)
  return blanks.lastIndex
}

class ValueReader {
  readonly #line: string
  readonly #add: AddSpot | undefined
  at: number

  constructor(line: string, at: number, add: AddSpot | undefined) {
    this.#line = line
    this.#add = add
    this.at = at
    this.#skip(blanks)
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
      this.#skip(blanks)
      this.#add?.(list, list.length, { value: this.at })
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
      const start = this.at
      const key = keyOf(this.#skip(flowKeyed)?.[1] ?? '')
      if (key !== undefined) this.#add?.(mapping, key, { key: start, value: this.at })
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
