import { latin1, latin1Bytes, utf8 } from './bytes.ts'
import { element, formatJsonPath, isAt, type JsonStep } from './json-path.ts'
import { isTold, JsonRecords, type Mentioned } from './json-records.ts'
import { type JsonEvents, type JsonProblem, JsonScanner } from './json-scanner.ts'
import { type Cells, longestCell, type Problem, type Reader, type RecordNotes, shownBytes, tooLong } from './reader.ts'
import { saysSpace } from './space-key.ts'

/** Keys whose values are networks in the output of cloud command lines and in exports: CidrBlock, addressPrefixes, ipCidrRange, ... */
const sayingKey = /cidr|prefix|subnet|network|range|block|destination|dst|address_?space/i

export interface JsonOptions {
  readonly paths: readonly (readonly JsonStep[])[]
  readonly isByLine: boolean
  /** Of networks inside one another the smaller ones are read, not the larger one. */
  readonly keepsLeaves?: boolean
  /** The key whose values keep prefixes apart. */
  readonly by?: string | undefined
}

/** So many paths are counted apart; the rest together. */
const mostPaths = 50
const otherPaths = '(other paths)'

/**
 * Prefixes out of JSON: the values at the given paths, else every string that is a prefix under a key that says so. In the second
 * case address and length may stand under two keys; a prefix that an object mentions again, itself or in what is inside it, counts once, and so
 * does one inside another of its record: clouds list the first block of a network again among all its blocks, and subnets inside of it.
 * With `lines`, every line is a document, and a broken one leaves the others readable.
 */
export class JsonReader implements Reader {
  readonly used = new Map<string, number>()
  readonly unused = new Map<string, number>()
  hasContent = false
  readonly notes: RecordNotes = { repeated: 0, contained: 0, unused: 0, special: 0, others: 0 }
  readonly #cells: Cells
  readonly #paths: readonly (readonly JsonStep[])[]
  readonly #scanner: JsonScanner
  readonly #isByLine: boolean
  readonly #records: JsonRecords
  readonly #by: string | undefined
  #line = 1
  #lastPlace: readonly JsonStep[] = []
  #lastPath = formatJsonPath([])

  constructor(cells: Cells, options: JsonOptions) {
    this.#cells = cells
    this.#paths = options.paths
    this.#isByLine = options.isByLine
    this.#by = options.by
    const events: JsonEvents = {
      string: (text, line, isCut) => {
        this.hasContent = true
        if (options.paths.length > 0) this.#wanted(text, line, isCut)
        else this.#guessed(text, line)
      },
      other: this.#other.bind(this),
      close: (depth) => this.#records.close(depth, this.#recordDepth(depth)),
    }
    const { notes } = this
    this.#records = new JsonRecords(
      {
        take: this.#take.bind(this),
        repeated: () => notes.repeated++,
        contained: () => notes.contained++,
        unused: () => notes.unused++,
        special: () => notes.special++,
        late: (line) => {
          cells.enter?.('')
          cells.refuse(line, '', lateSpace)
        },
      },
      { keepsLeaves: options.keepsLeaves ?? false, by: options.by },
    )
    this.#scanner = new JsonScanner(events)
  }

  /** What is wrong with the document; nothing behind it was read. */
  get problem(): JsonProblem | undefined {
    return this.#isByLine ? undefined : this.#scanner.problem
  }

  read(bytes: Uint8Array): void {
    let start = 0
    for (let end = this.#lineEnd(bytes, 0); end >= 0; end = this.#lineEnd(bytes, start)) {
      this.#scanner.read(bytes.subarray(start, end))
      this.#endLine()
      start = end + 1
    }
    this.#scanner.read(bytes.subarray(start))
  }

  end(): void {
    if (this.#isByLine) this.#endLine()
    else this.#scanner.end()
    this.#records.settle()
  }

  #lineEnd(bytes: Uint8Array, from: number): number {
    return this.#isByLine ? bytes.indexOf(10, from) : -1
  }

  #endLine(): void {
    this.#scanner.end()
    const { problem } = this.#scanner
    if (problem)
      this.#cells.refuse(this.#line, '', { message: `the line is not JSON from some point on: ${problem.message}` })
    this.#scanner.restart(++this.#line)
    this.#records.close(0, 0)
  }

  #wanted(text: Uint8Array, line: number, isCut: boolean): void {
    if (!this.#isWanted()) return
    count(this.used, this.#path())
    if (isCut || text.length > longestCell) this.#cells.refuse(line, shownBytes(text), tooLong)
    else if (text.length === 0) this.#cells.pass()
    else this.#cells.take(text, 0, text.length, line)
  }

  #isWanted(): boolean {
    const { place, depth } = this.#scanner
    return this.#paths.some((path) => isAt(path, place, depth))
  }

  #other(line: number, word: string): void {
    this.hasContent = true
    if (this.#paths.length === 0) this.#told(word, line)
    else if (!this.#isWanted()) return
    else if (word === 'null') this.#cells.pass()
    else this.#cells.refuse(line, '', { message: `the value at ${this.#path()} is not a string` })
  }

  #guessed(text: Uint8Array, line: number): void {
    if (mayBePrefix(text)) {
      const written = latin1(text).trim()
      const isPrefix = prefixForm.test(written)
      if (isPrefix || prefixesForm.test(written)) {
        this.#mentioned(written, line, isPrefix)
        return
      }
    }
    this.#told(utf8(text), line)
  }

  #mentioned(text: string, line: number, isPrefix: boolean): void {
    const path = this.#path()
    const key = this.#key()
    const isSaid = key === undefined || sayingKey.test(key)
    if (isSaid) this.#records.prefix(text, { keys: this.#keys(), path, line })
    else if (isPrefix) count(this.unused, path)
  }

  /** What an object says of its networks beside them. */
  #told(text: string, line: number): void {
    const key = this.#key()
    if (key === undefined) return
    const isSpace = this.#by !== undefined && saysSpace(key, this.#by)
    if (!isSpace && (text === 'null' || !isTold(key))) return
    this.#records.value(text, { keys: this.#keys(), key, path: this.#path(), line })
  }

  #take({ text, path, line, label, space }: Mentioned): void {
    count(this.used, path)
    if (this.#by !== undefined) this.#cells.enter?.(space)
    const bytes = latin1Bytes(text)
    this.#cells.take(bytes, 0, bytes.length, line, label)
  }

  /** How many steps lead to the record around what ends: an element of the outermost list; 0 outside of any. */
  #recordDepth(depth: number): number {
    const first = this.#scanner.place.indexOf(element)
    return first >= 0 && first < depth ? first + 1 : depth
  }

  /** The steps to the object that the value belongs to. */
  #keys(): (string | undefined)[] {
    return this.#scanner.place.slice(0, this.#objectDepth()).map((step) => (step === element ? undefined : step))
  }

  /** The nearest key above the value; `undefined` for a list of texts. */
  #key(): string | undefined {
    const { place, depth } = this.#scanner
    const step = depth === 0 ? undefined : place[this.#objectDepth()]
    return step === element ? undefined : step
  }

  /** How many steps lead to the object that the value belongs to, whatever lists are between; 0 for a list of texts. */
  #objectDepth(): number {
    const { place, depth } = this.#scanner
    for (let at = depth - 1; at > 0; at--) if (place[at] !== element) return at
    return 0
  }

  /** Most values stand where the one before stood, so the text of the last place is kept. */
  #path(): string {
    const { place, depth } = this.#scanner
    let isSame = this.#lastPlace.length === depth
    for (let at = 0; isSame && at < depth; at++) isSame = this.#lastPlace[at] === place[at]
    if (!isSame) {
      this.#lastPlace = place.slice(0, depth)
      this.#lastPath = formatJsonPath(this.#lastPlace)
    }
    return this.#lastPath
  }
}

const lateSpace: Problem = {
  message: 'what keeps these prefixes apart from others stands behind them, and was not taken',
  hint: 'put it into each of their objects, or before their list (jq does that)',
}

function count(counts: Map<string, number>, path: string): void {
  const key = counts.has(path) || counts.size < mostPaths ? path : otherPaths
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

/** An address with a length or a mask, right or wrong in its numbers. */
const prefixForm =
  /^(([0-9]{1,3}\.){3}[0-9]{1,3}([/ ]([0-9]{1,3}\.){3}[0-9]{1,3}|\/[0-9]{1,3})|[0-9a-f:]*:[0-9a-f:.]*\/[0-9]{1,3})$/i

/** How several prefixes in one text begin, a range, or a slip such as 10.0.1/24. */
const prefixesForm = /^[0-9]{1,3}(\.[0-9]{1,3}){1,3}(\/|[-\s,;|]+[0-9])/

/** A quick look before the close one: most strings of an export are something else. */
function mayBePrefix(text: Uint8Array): boolean {
  if (text.length < 4 || text.length > longestCell) return false
  const first = text[0] as number
  const isDigit = first >= 48 && first <= 57
  const isAddress = isDigit || first === 58 || first === 32 || text.includes(58)
  return isAddress && (text.includes(47) || text.includes(32) || text.includes(44) || text.includes(45))
}
