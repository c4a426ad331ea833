import * as z from 'zod/mini'
import { definitionOf } from './schema-types.ts'
import { shaped, shapeOfText } from './written-texts.ts'

type Shape = Readonly<Record<string, z.core.$ZodType>>
type Opened<Keys extends Shape> = z.ZodMiniObject<
  { readonly [Key in keyof Keys]: z.ZodMiniOptional<z.ZodMiniNullable<Keys[Key]>> },
  z.core.$strict
>

/**
 * The same mapping with nothing that must be there, at any depth: a key without a value is one that takes no default. Lists, and what has several
 * forms, stay whole. A text may hold names of others in braces instead of having its form, which is looked at when they are filled in.
 */
export function opened<Keys extends Shape>(type: z.ZodMiniObject<Keys, z.core.$strict>): Opened<Keys> {
  return z.strictObject(openedKeys(type)) as unknown as Opened<Keys>
}

function openedKeys(type: z.core.$ZodType): Record<string, z.ZodMiniType> {
  const { shape = {} } = definitionOf(type)
  return Object.fromEntries(
    Object.entries(shape).map(([key, value]) => [key, z.optional(z.nullable(openedType(withoutOptional(value))))]),
  )
}

function withoutOptional(type: z.core.$ZodType): z.core.$ZodType {
  const { innerType } = definitionOf(type)
  return innerType ? withoutOptional(innerType) : type
}

function openedType(type: z.core.$ZodType): z.core.$ZodType {
  const { type: kind, keyType, valueType } = definitionOf(type)
  if (kind === 'object') return described(z.strictObject(openedKeys(type)), type)
  if (kind === 'record' && keyType && valueType) return described(z.record(keyType, openedType(valueType)), type)
  return withNames(type)
}

/** The same, whole, with names in braces. */
function withNames(type: z.core.$ZodType): z.core.$ZodType {
  const { type: kind, options = [], shape = {}, keyType, valueType, innerType, checks = [] } = definitionOf(type)
  if (kind === 'optional' && innerType) return z.optional(withNames(innerType))
  if (kind === 'union') return described(z.union(options.map(withNames)), type)
  if (kind === 'object') {
    const keys = Object.entries(shape).map(([key, value]) => [key, withNames(value)])
    return described(z.strictObject(Object.fromEntries(keys)), type)
  }
  if (kind === 'record' && keyType && valueType) return described(z.record(keyType, withNames(valueType)), type)
  const form = checks.map(shapeOfText).find((one) => one !== undefined)
  if (kind !== 'string' || !form) return type
  return described(z.string().check(shaped(new RegExp(`${form.pattern.source}|\\{[A-Za-z]+\\}`), form.words)), type)
}

function described(type: z.ZodMiniType, like: z.core.$ZodType): z.ZodMiniType {
  const meta = z.globalRegistry.get(like)
  return meta ? type.check(z.meta(meta)) : type
}
