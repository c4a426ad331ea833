import type { Argv } from 'yargs'
import { type Command, nameOf } from '../commands/command.ts'

/** A command with what its options and arguments are. */
export interface PlainLine {
  readonly command: Command
  readonly given: Readonly<Record<string, unknown>>
}

/** What an option or an argument is declared as. */
interface Declared {
  readonly type?: string
  readonly array?: boolean
  readonly nargs?: number
  readonly alias?: string
  readonly choices?: readonly string[]
  readonly default?: unknown
  readonly demandOption?: boolean
  readonly implies?: string
  readonly conflicts?: string
}

/** Takes the place of a parser that is told what a command takes. */
class Declarations {
  readonly options = new Map<string, Declared>()
  readonly arguments = new Map<string, Declared>()
  /** Those that exclude others, and those that they exclude. */
  readonly exclusive = new Set<string>()

  option(name: string, declared: Declared): this {
    this.options.set(name, declared)
    return this
  }

  positional(name: string, declared: Declared): this {
    this.arguments.set(name, declared)
    return this
  }

  conflicts(name: string, others: string | readonly string[]): this {
    for (const one of [name, ...[others].flat()]) this.exclusive.add(one)
    return this
  }

  example(): this {
    return this
  }

  epilogue(): this {
    return this
  }
}

/** Nothing in it means anything to a parser; `help` does. */
const word = /^(?!help$)[\w./][\w./:,=@+-]*$/
const written = /^(?:--([a-z][a-z-]*)(?:=(.*))?|-([a-z]))$/
const argument = /([<[])(\w+)(\.\.)?/g

/**
 * Reads a command line of the forms that most have: a command, its options with plain words as values, each once or as often as it may be, and plain
 * words as arguments. `undefined` for every other one, which is the parser's: also what is wrong, and whatever asks for help. The parser takes a tenth
 * of a start.
 */
export function readPlainly([name = '', ...words]: readonly string[], all: readonly Command[]): PlainLine | undefined {
  const command = all.find((one) => [one.name].flat().some((form) => nameOf(form) === name))
  if (!command) return undefined
  const reading = new Reading(command)
  const given = reading.takesAll(words) ? reading.given() : undefined
  return given && { command, given }
}

class Reading {
  readonly #declared = new Declarations()
  readonly #form: string
  readonly #values = new Map<string, unknown>()
  readonly #loose: string[] = []

  constructor({ name, options }: Command) {
    options(this.#declared as unknown as Argv)
    this.#form = [name].flat()[0] ?? ''
  }

  /** Reports whether all words are understood. */
  takesAll(words: readonly string[]): boolean {
    const left = [...words]
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      if (next.startsWith('-') ? !this.#takesOption(next, left) : !word.test(next)) return false
      if (!next.startsWith('-')) this.#loose.push(next)
    }
    return true
  }

  /** The value of an option may be the next word. */
  #takesOption(text: string, left: string[]): boolean {
    const [, long, behind, short] = written.exec(text) ?? []
    const name = long ?? this.#nameOf(short)
    const declared = this.#declared.options.get(name)
    if (declared === undefined || declared.implies || declared.conflicts) return false
    if (declared.type !== 'boolean') return this.#takesValue(name, declared, behind ?? left.shift())
    if (behind !== undefined || this.#values.has(name) || /^(true|false)$/.test(left[0] ?? '')) return false
    this.#values.set(name, true)
    return true
  }

  #nameOf(short: string | undefined): string {
    const found = [...this.#declared.options].find(([, { alias }]) => alias !== undefined && alias === short)
    return found?.[0] ?? ''
  }

  #takesValue(name: string, declared: Declared, value: string | undefined): boolean {
    if (value === undefined || !isValue(value, declared)) return false
    const known = this.#values.get(name)
    if (declared.array ? declared.nargs !== 1 : known !== undefined) return false
    if (Array.isArray(known)) known.push(value)
    else this.#values.set(name, declared.array ? [value] : value)
    return true
  }

  /** `undefined` where something is missing or too much. */
  given(): Record<string, unknown> | undefined {
    const excluding = [...this.#values.keys()].filter((name) => this.#declared.exclusive.has(name))
    if (excluding.length > 1 || !this.#takesArguments()) return undefined
    const given: Record<string, unknown> = {}
    for (const [name, declared] of this.#declared.options) {
      const value = this.#values.get(name) ?? declared.default
      if (declared.demandOption && value === undefined) return undefined
      given[name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())] = value
    }
    for (const name of this.#declared.arguments.keys()) given[name] = this.#values.get(name)
    return given
  }

  #takesArguments(): boolean {
    for (const [, bracket, name = '', isMany] of this.#form.matchAll(argument)) {
      const declared = this.#declared.arguments.get(name) ?? {}
      const values = this.#loose.splice(0, isMany ? this.#loose.length : 1)
      if (bracket === '<' && values.length === 0) return false
      if (!values.every((value) => isValue(value, declared))) return false
      this.#values.set(name, isMany ? values : values[0])
    }
    return this.#loose.length === 0
  }
}

function isValue(value: string, { type, choices }: Declared): boolean {
  return word.test(value) && (choices ? choices.includes(value) : type === 'string')
}
