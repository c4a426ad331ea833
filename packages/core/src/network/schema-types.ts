import type * as z from 'zod/mini'

/** What a type of the schema is made of. */
type Definition = {
  readonly type: string
  readonly innerType?: z.core.$ZodType
  readonly options?: readonly z.core.$ZodType[]
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>
  readonly keyType?: z.core.$ZodRecordKey
  readonly valueType?: z.core.$ZodType
  readonly element?: z.core.$ZodType
  readonly checks?: readonly z.core.$ZodCheck<never>[]
  /** Of a literal, of an enumeration, and of a number that is whole. */
  readonly values?: readonly unknown[]
  readonly entries?: Readonly<Record<string, string | number>>
  readonly format?: string
}

export function definitionOf(type: z.core.$ZodType): Definition {
  return type._zod.def as Definition
}

/** The types that a value may have, without what only says that it may be left out. */
export function alternatives(type: z.core.$ZodType): z.core.$ZodType[] {
  const { innerType, options } = definitionOf(type)
  if (innerType) return alternatives(innerType)
  return options ? options.flatMap(alternatives) : [type]
}

export function shapeOf(type: z.core.$ZodType): Readonly<Record<string, z.core.$ZodType>> {
  return definitionOf(type).shape ?? {}
}

/** The types of what stands under a key, or in a list. */
export function inside(type: z.core.$ZodType, step: string | number): z.core.$ZodType[] {
  const { valueType, element } = definitionOf(type)
  const shape = shapeOf(type)
  const found = (Object.hasOwn(shape, step) ? shape[step] : undefined) ?? valueType ?? element
  return found ? [found] : []
}
