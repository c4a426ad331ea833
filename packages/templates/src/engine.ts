import { NatplanError } from '@natplan/core'
import Handlebars from 'handlebars'
import { bareMark, blockHelpers, checkTemplate, markBareValues, valueHelper } from './template-check.ts'

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

const environments = {
  command: environment('command'),
  router: environment('router'),
  document: environment('document'),
}

const compiled: Record<Dialect, Map<string, Template>> = {
  command: new Map(),
  router: new Map(),
  document: new Map(),
}

/**
 * The template of a text. Each value is checked on the way out, and every name must be in the view.
 * @throws NatplanError TEMPLATE_WRONG for a text that breaks the rules; the template itself throws VALUE_UNSAFE for a value that
 * the dialect does not take, without showing it, and TEMPLATE_WRONG for a name that the view does not have
 */
export function compile(text: string, dialect: Dialect = 'command'): Template {
  const known = compiled[dialect].get(text)
  if (known) return known
  const program = checkTemplate(text)
  if (dialect !== 'command') markBareValues(program, bare[dialect].quote)
  const template = environments[dialect].compile<object>(program, {
    strict: true,
    noEscape: true,
    knownHelpersOnly: true,
    knownHelpers: { [valueHelper]: true },
  })
  const guardedTemplate: Template = (view) => {
    try {
      return template(guarded(view))
    } catch (error) {
      if (error instanceof TypeError) throw partOfNothing(error)
      throw error
    }
  }
  compiled[dialect].set(text, guardedTemplate)
  return guardedTemplate
}

function environment(dialect: Dialect): typeof Handlebars {
  const created = Handlebars.create()
  for (const name of Object.keys(created.helpers)) if (!isKept(name)) created.unregisterHelper(name)
  created.registerHelper(valueHelper, (value: unknown, options: Handlebars.HelperOptions) =>
    checked(value, options.hash[bareMark] === true && dialect !== 'command' ? bare[dialect].allowed : allowed[dialect]),
  )
  return created
}

/** Handlebars calls the first two itself for names that are not known; both then throw. */
function isKept(name: string): boolean {
  return ['helperMissing', 'blockHelperMissing', ...blockHelpers].includes(name)
}

function checked(value: unknown, pattern: RegExp): string {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return String(value)
  if (typeof value === 'string' && pattern.test(value)) return value
  const what = typeof value === 'string' ? 'a text with characters that are not safe there' : `a ${typeof value}`
  throw new NatplanError('VALUE_UNSAFE', `a value is ${what}`)
}

/**
 * A view that throws on a key it does not have: Handlebars' strict mode lets a misspelt `{{#if typo}}` vanish. Keys that are there
 * with `undefined` are fine.
 */
function guarded<T extends object>(view: T): T {
  return new Proxy(view, {
    get(target, key, receiver) {
      if (typeof key === 'string' && !Object.hasOwn(target, key)) throw unknownKey(key)
      const value: unknown = Reflect.get(target, key, receiver)
      return typeof value === 'object' && value !== null ? guarded(value) : value
    },
  })
}

function partOfNothing(cause: TypeError): NatplanError {
  return new NatplanError('TEMPLATE_WRONG', 'the template asks for a part of a value that is not there', { cause })
}

function unknownKey(key: string): NatplanError {
  return new NatplanError('TEMPLATE_WRONG', `the template asks for ${key}, which its view does not have`)
}
