import { NatplanError } from '@natplan/core'
import type { BlockHelper, TemplatePiece, TemplatePieces } from './template.ts'

/**
 * Which texts a value may hold in one kind of template. `command`: inside a line of a command or configuration language: printable
 * ASCII without quotes, `$`, backslash, backquote and `?`, which opens the help of an interactive session. `router`: the same
 * between single quotes; outside of them one word without any sign of a shell. `document`: prose for people in Markdown: anything printable
 * on one line that ends no code and no cell; outside of backquotes nothing that is mark-up or becomes a link.
 */
export type Dialect = 'command' | 'router' | 'document'

const printable = /^[\x20\x21\x23\x25\x26\x28-\x3e\x40-\x5b\x5d-\x5f\x61-\x7e]+$/

const allowed: Record<Dialect, RegExp> = {
  command: printable,
  router: printable,
  document: /^[^\p{C}\p{Zl}\p{Zp}<>`|]+$/u,
}

/** The quotes of a dialect, and what a value may hold that stands outside of them. */
const bare = {
  router: { quote: "'", allowed: /^[A-Za-z0-9@:][A-Za-z0-9@:._/+-]*$/ },
  document: { quote: '`', allowed: /^(?!.*(?::\/\/|www\.|@\w))[^\p{C}\p{Zl}\p{Zp}<>`|[\]*\\&]+$/u },
} as const

/** Prints a view: strings, numbers, booleans, lists and views in views, all formatted and ordered already. */
export type Template = (view: object) => string

/**
 * What prints a template. Each value is checked on the way out, and every name must be in the view. Nothing is compiled to code, so that
 * it runs where code from texts is forbidden.
 * @throws NatplanError when it prints: VALUE_UNSAFE for a value that the dialect does not take, without showing it, and TEMPLATE_WRONG for a
 * name that the view does not have
 */
export function templateOf(pieces: TemplatePieces, dialect: Dialect = 'command'): Template {
  const known = printers[dialect].get(pieces)
  const printer = known ?? new Reading(dialect).printer(pieces)
  printers[dialect].set(pieces, printer)
  return (view) => printer([view])
}

/** Prints what stands around it: the item of the innermost list first, the view last. */
type Printer = (around: Around) => string
type Around = readonly unknown[]

const printers: Record<Dialect, WeakMap<TemplatePieces, Printer>> = {
  command: new WeakMap(),
  router: new WeakMap(),
  document: new WeakMap(),
}

/** Goes through a template once, in the order of its text, and knows whether the place it has reached is between quotes. */
class Reading {
  readonly #dialect: Dialect
  #isQuoted = false

  constructor(dialect: Dialect) {
    this.#dialect = dialect
  }

  printer(pieces: TemplatePieces): Printer {
    const printers = pieces.map((piece) => this.#ofPiece(piece))
    return (around) => printers.map((print) => print(around)).join('')
  }

  #ofPiece(piece: TemplatePiece): Printer {
    if (typeof piece === 'string') return this.#text(piece)
    if (piece[0] === 'v') return this.#value(piece[1])
    const [helper, name, shown, otherwise = []] = piece
    return block(helper, valueAt(name), { shown: this.printer(shown), otherwise: this.printer(otherwise) })
  }

  #text(text: string): Printer {
    if (this.#dialect !== 'command') this.#isQuoted = isQuotedBehind(text, bare[this.#dialect].quote, this.#isQuoted)
    return () => text
  }

  #value(name: string): Printer {
    const dialect = this.#dialect
    const pattern = dialect === 'command' || this.#isQuoted ? allowed[dialect] : bare[dialect].allowed
    const value = valueAt(name)
    return (around) => checked(value(around), pattern)
  }
}

/** Quotes do not reach over the end of a line. */
function isQuotedBehind(text: string, quote: string, isQuotedBefore: boolean): boolean {
  const line = text.slice(text.lastIndexOf('\n') + 1)
  const quotes = line.split(quote).length - 1
  const isQuotedAtStart = line.length === text.length && isQuotedBefore
  return quotes % 2 === 1 ? !isQuotedAtStart : isQuotedAtStart
}

interface Branches {
  readonly shown: Printer
  readonly otherwise: Printer
}

function block(helper: BlockHelper, value: (around: Around) => unknown, { shown, otherwise }: Branches): Printer {
  if (helper === 'if') return (around) => (isThere(value(around)) ? shown : otherwise)(around)
  if (helper === 'unless') return (around) => (isThere(value(around)) ? otherwise : shown)(around)
  return (around) => {
    const items = itemsOf(value(around))
    return items.length === 0 ? otherwise(around) : items.map((item) => shown([item, ...around])).join('')
  }
}

/** An empty list is nothing, as in Handlebars. */
function isThere(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value)
}

function itemsOf(value: unknown): readonly unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value) : []
}

/** What a name stands for; one that is there with `undefined` is fine. */
function valueAt(name: string): (around: Around) => unknown {
  const steps = name.split('/')
  const depth = steps.length - 1
  const keys = (steps[depth] ?? '').split('.').filter((key) => key !== '')
  return (around) => {
    if (depth >= around.length) throw partOfNothing()
    return keys.reduce(partOf, around[depth])
  }
}

function partOf(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null) throw partOfNothing()
  if (!Object.hasOwn(value, key)) throw unknownKey(key)
  return Reflect.get(value, key)
}

function checked(value: unknown, pattern: RegExp): string {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return String(value)
  if (typeof value === 'string' && pattern.test(value)) return value
  const what = typeof value === 'string' ? 'a text with characters that are not safe there' : `a ${typeof value}`
  throw new NatplanError('VALUE_UNSAFE', `a value is ${what}`)
}

function partOfNothing(): NatplanError {
  return new NatplanError('TEMPLATE_WRONG', 'the template asks for a part of a value that is not there')
}

function unknownKey(key: string): NatplanError {
  return new NatplanError('TEMPLATE_WRONG', `the template asks for ${key}, which its view does not have`)
}
