import * as z from 'zod/mini'

/** What a field means, for the JSON Schema and the reference. */
export const about = z.describe

export const prefixText = z.string().check(about('An address block such as 10.0.1.0/24, host bits zero.'))
export const addressText = z.string().check(about('An IP address such as 203.0.113.10.'))

/** A text of a form that messages describe in words: "expected WORDS, found ...". */
export function shaped(pattern: RegExp, words: string) {
  const check = z.regex(pattern, { error: words })
  shapes.set(check, { pattern, words })
  return check
}

interface Shape {
  readonly pattern: RegExp
  readonly words: string
}

const shapes = new WeakMap<object, Shape>()

/** The form that a check asks for. */
export function shapeOfText(check: object): Shape | undefined {
  return shapes.get(check)
}
