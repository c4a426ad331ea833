import { NatplanError, Prefix, type PrefixTable, readIpv4Lines } from '@natplan/core'
import { utf8 } from './bytes.ts'
import { Labels } from './labels.ts'
import type { PlainLines } from './list-reader.ts'
import { type LoosePrefix, readLoosely, readSeveral } from './loose-prefix.ts'
import { type Cells, type Problem, shownText } from './reader.ts'
import type { RowSpaces } from './spaces.ts'

/** What to do with an address that has bits behind the length, as in 10.0.1.5/24: refuse it, or take its network. */
export type HostBits = 'refuse' | 'mask'

/** What is to be said of a text that was not taken. */
export interface BadLine extends Problem {
  readonly file: string
  readonly line: number
  readonly text: string
}

/** A text that was not taken. Most are counted and no more, so that what is to be said of one is found out for who asks. */
export interface Refused {
  readonly file: string
  readonly tell: () => BadLine
}

export interface CellsOptions {
  readonly file: string
  readonly hostBits: HostBits
  readonly onBad: (refused: Refused) => void
  /** 0.0.0.0/0 and ::/0 are routes, as in exports, and no networks that somebody wrote down. */
  readonly leavesDefaults?: boolean
  /** What keeps prefixes apart, where anything does. */
  readonly spaces?: RowSpaces | undefined
}

const slash = 47
const zero = 48

/** Files what a reader finds in a table, and passes on what is no prefix. */
export class TableCells implements Cells, PlainLines {
  /** Rows and values that held nothing. */
  empty = 0
  /** Addresses without a length, taken as one host each. */
  hosts = 0
  /** Addresses of which the network was taken. */
  masked = 0
  bad = 0
  /** Default routes, which use no space. */
  defaults = 0
  /** What prefixes are called, by the numbers of their rows. */
  readonly labels = new Labels()
  readonly #table: PrefixTable
  readonly #options: CellsOptions

  constructor(table: PrefixTable, options: CellsOptions) {
    this.#table = table
    this.#options = options
  }

  take(bytes: Uint8Array, start: number, end: number, line: number, label?: string | Uint8Array): void {
    if (this.#options.leavesDefaults && bytes[end - 1] === zero && bytes[end - 2] === slash) {
      this.defaults++
      return
    }
    const from = this.#table.size
    this.#takeText(bytes, start, end, line)
    if (label !== undefined) this.labels.set({ from, to: this.#table.size }, label)
    this.#options.spaces?.file({ from, to: this.#table.size })
  }

  #takeText(bytes: Uint8Array, start: number, end: number, line: number): void {
    if (this.#table.addText(bytes, start, end, line) === undefined) {
      if (!hasSlash(bytes, start, end)) this.hosts++
      return
    }
    const text = utf8(bytes.subarray(start, end))
    const loose = readLoosely(text)
    const found = loose ? [loose] : readSeveral(text)
    if (found && (this.#options.hostBits === 'mask' || found.every(({ hadHostBits }) => !hadHostBits))) {
      for (const prefix of found) this.#add(prefix, line)
    } else {
      const withHostBits = found?.find(({ hadHostBits }) => hadHostBits)
      this.#refuse(line, () => ({ text: shownText(text), ...problemOf(withHostBits, text) }))
    }
  }

  enter(space: string | undefined): void {
    this.#options.spaces?.enter(space)
  }

  get size(): number {
    return this.#table.size
  }

  takeLines(bytes: Uint8Array, start: number, line: number): number {
    return readIpv4Lines(bytes, { start, end: bytes.length, line }, this.#table)
  }

  refuse(line: number, text: string, problem: Problem): void {
    this.#refuse(line, () => ({ text, ...problem }))
  }

  #refuse(line: number, tell: () => Omit<BadLine, 'file' | 'line'>): void {
    this.bad++
    const { file, onBad } = this.#options
    onBad({ file, tell: () => ({ file, line, ...tell() }) })
  }

  pass(): void {
    this.empty++
  }

  #add({ prefix, hadHostBits }: LoosePrefix, line: number): void {
    if (hadHostBits) this.masked++
    this.#table.add(prefix, line)
  }
}

function hasSlash(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = end - 1; at >= start; at--) if (bytes[at] === slash) return true
  return false
}

function problemOf(withHostBits: LoosePrefix | undefined, text: string): Problem {
  if (withHostBits) {
    const message = `host bits are set, the network is ${withHostBits.prefix}`
    return { message, hint: '--host-bits mask takes the network of such an address' }
  }
  try {
    Prefix.parse(text)
  } catch (error) {
    if (error instanceof NatplanError && error.code === 'PREFIX_LENGTH_INVALID')
      return { message: 'the length is not valid' }
  }
  return { message: 'not a prefix' }
}
