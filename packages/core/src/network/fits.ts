import type { Form } from './form.ts'

/**
 * Reports whether a value has a form. What is said to fit, the schema of the form takes as it is; what is not may still be right, such as a mapping
 * that is no plain object.
 */
export function fits(form: Form, value: unknown): boolean {
  switch (form.is) {
    case 'anything':
      return value !== undefined
    case 'flag':
      return typeof value === 'boolean'
    case 'text':
      return typeof value === 'string' && isBetween(value.length, form) && hasShapes(value, form.shapes)
    case 'whole':
      return Number.isSafeInteger(value) && isBetween(value as number, form)
    case 'word':
      return form.of.includes(value)
    case 'list':
      return Array.isArray(value) && isBetween(value.length, form) && allFit(form.of, value)
    case 'keys':
      return isPlain(value) && hasKeys(value, form)
    case 'mapping':
      return isPlain(value) && Object.keys(value).every((key) => hasEntry(value, key, form))
    case 'either':
      return form.of.some((one) => fits(one, value))
  }
}

function isBetween(size: number, { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY }: Form): boolean {
  return from <= size && size <= to
}

function allFit(form: Form, values: readonly unknown[]): boolean {
  // Not `every`, which passes holes by.
  for (let index = 0; index < values.length; index++) if (!fits(form, values[index])) return false
  return true
}

type Mapping = Readonly<Record<string, unknown>>

function isPlain(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}

function hasKeys(value: Mapping, { of, must }: Extract<Form, { is: 'keys' }>): boolean {
  const isKnown = (key: string) => Object.hasOwn(of, key) && fits(of[key] as Form, value[key])
  return Object.keys(value).every(isKnown) && must.every((key) => Object.hasOwn(value, key))
}

/** Schemas leave out what would be another prototype. */
function hasEntry(value: Mapping, key: string, { keys, of }: Extract<Form, { is: 'mapping' }>): boolean {
  return key !== '__proto__' && fits(keys, key) && fits(of, value[key])
}

const patterns = new Map<string, RegExp>()

function hasShapes(value: string, shapes: readonly string[] = []): boolean {
  return shapes.every((shape) => {
    const pattern = patterns.get(shape) ?? new RegExp(shape)
    patterns.set(shape, pattern)
    return pattern.test(value)
  })
}
