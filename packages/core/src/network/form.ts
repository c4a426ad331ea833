import type * as z from 'zod/mini'
import { definitionOf } from './schema-types.ts'

/**
 * What a schema asks for, as plain data: a value that has the form is one that the schema takes, unchanged. Reading a form back costs nothing, so
 * that the command needs its schemas only for what is wrong.
 */
export type Form = Kind & Bounds

type Kind =
  | { readonly is: 'anything' | 'flag' | 'text' | 'whole' }
  | { readonly is: 'word'; readonly of: readonly unknown[] }
  | { readonly is: 'list'; readonly of: Form }
  /** A mapping with keys of its own; those that `must` names are there. */
  | { readonly is: 'keys'; readonly of: Readonly<Record<string, Form>>; readonly must: readonly string[] }
  | { readonly is: 'mapping'; readonly keys: Form; readonly of: Form }
  | { readonly is: 'either'; readonly of: readonly Form[] }

/** Of a number itself, of the length of a text or a list. */
interface Bounds {
  readonly from?: number
  readonly to?: number
  /** Regular expressions that a text matches. */
  readonly shapes?: readonly string[]
}

/** The form that a schema asks for; fails where it asks for what no form can say. */
export function formOf(type: z.core.$ZodType): Form {
  const checks = (definitionOf(type).checks ?? []).map((check) => check._zod.def as unknown as Check)
  const shapes = checks.flatMap(({ pattern }) => (pattern ? [pattern.source] : []))
  return Object.assign(kindOf(type), ...checks.map(boundOf), shapes.length > 0 ? { shapes } : {})
}

function kindOf(type: z.core.$ZodType): Kind {
  const { type: kind, shape, options, element, keyType, valueType, entries, values, format } = definitionOf(type)
  if (kind === 'unknown') return { is: 'anything' }
  if (kind === 'boolean') return { is: 'flag' }
  if (kind === 'string') return { is: 'text' }
  if (format === 'safeint') return { is: 'whole' }
  if (values) return { is: 'word', of: values }
  if (entries) return { is: 'word', of: Object.values(entries) }
  if (element) return { is: 'list', of: formOf(element) }
  if (options) return { is: 'either', of: options.map(formOf) }
  if (keyType && valueType) return { is: 'mapping', keys: formOf(keyType), of: formOf(valueType) }
  if (shape) return keysOf(shape)
  throw new Error(`no form can say ${kind}`)
}

function keysOf(shape: Readonly<Record<string, z.core.$ZodType>>): Kind {
  const keys = Object.entries(shape).map(([key, type]) => ({ key, type, inner: definitionOf(type).innerType }))
  return {
    is: 'keys',
    of: Object.fromEntries(keys.map(({ key, type, inner }) => [key, formOf(inner ?? type)])),
    must: keys.flatMap(({ key, inner }) => (inner ? [] : [key])),
  }
}

/** What a schema says beside its type. */
type Check = {
  readonly check: string
  readonly pattern?: RegExp
  readonly minimum?: number
  readonly length?: number
  readonly value?: number
  readonly inclusive?: boolean
}

function boundOf({ check, pattern, minimum, length, value, inclusive }: Check): Bounds {
  if (check === 'describe' || check === 'meta' || pattern?.flags === '') return {}
  if (check === 'min_length' && minimum !== undefined) return { from: minimum }
  if (length !== undefined) return { from: length, to: length }
  if (value !== undefined && inclusive) return check === 'less_than' ? { to: value } : { from: value }
  throw new Error(`no form can say ${check}`)
}
