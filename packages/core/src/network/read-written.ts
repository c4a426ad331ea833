import * as z from 'zod/mini'
import { bounded, type Finding, findingOf, type Path, type Place, type Remark } from '../finding.ts'
import { limits } from '../limits.ts'
import { cut, quoted } from '../quoted.ts'
import { wordTable } from '../word-table.ts'
import { nearest } from './names.ts'

/** The outcome of reading a document: the value when its shape is right, and everything that is wrong with it. */
export interface Reading<T> {
  readonly value: T | undefined
  readonly findings: readonly Finding[]
}

type Issue = z.core.$ZodIssue
type Source = Place['source']

/** Checks the shape of a parsed document against its schema; every problem becomes a finding at its path. */
export function readWritten<T>(schema: z.ZodMiniType<T>, data: unknown, source: Source): Reading<T> {
  const result = z.safeParse(schema, data)
  if (result.success) return { value: result.data, findings: [] }
  const findings = result.error.issues.flatMap((issue) => findingsOf(issue, { schema, data, source, base: [] }))
  return { value: undefined, findings: bounded(findings) }
}

interface Context {
  readonly schema: z.ZodMiniType<unknown>
  readonly data: unknown
  readonly source: Source
  readonly base: Path
}

function findingsOf(issue: Issue, context: Context): Finding[] {
  const path: Path = [...context.base, ...(issue.path as (string | number)[])]
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(key, path, context))
  if (issue.code === 'invalid_union') {
    const chosen = nearestAlternative(issue.errors)
    if (chosen) return chosen.flatMap((inner) => findingsOf(inner, { ...context, base: path }))
  }
  const found = valueAt(context.data, path)
  if (found === undefined && path.length > 0) return [missingKey(path, context.source)]
  return [wrongValue(issue, found, path, context.source)]
}

/** What is wrong with the alternative that was probably meant: one of the right kind, with the least wrong. */
function nearestAlternative(alternatives: readonly Issue[][]): Issue[] | undefined {
  const ofThisKind = alternatives.filter(
    (issues) => !issues.some((inner) => inner.path.length === 0 && isAboutKind(inner)),
  )
  return ofThisKind.sort((a, b) => a.length - b.length)[0]
}

function isAboutKind(issue: Issue): boolean {
  return issue.code === 'invalid_type' || issue.code === 'invalid_value'
}

function unknownKey(key: string, path: Path, { schema, source }: Context): Finding {
  const known = knownKeys(schema, path)
  const near = nearest(key, known)
  return findingOf(
    'KEY_UNKNOWN',
    { source, path: [...path, key], isKey: true },
    {
      message: `unknown key ${quoted(key)}`,
      hint: near ? `did you mean ${near}?` : `known here: ${known.join(', ')}`,
    },
  )
}

function missingKey(path: Path, source: Source): Finding {
  const key = path.at(-1)
  return findingOf('KEY_MISSING', { source, path: path.slice(0, -1) }, { message: `the key ${key} is missing` })
}

function wrongValue(issue: Issue, found: unknown, path: Path, source: Source): Finding {
  const place = { source, path }
  if (path.length === 1 && path[0] === 'version') {
    return findingOf('VERSION_UNSUPPORTED', place, {
      message: `version ${shown(found)} is not known`,
      hint: 'write version: 1',
    })
  }
  return findingOf('VALUE_WRONG', place, path.includes(secretKey) ? secretRemark(issue) : remarkOn(issue, found))
}

/** Somebody may have written the key itself here, and messages end up in logs. */
const secretKey = 'preSharedKey'

function secretRemark(issue: Issue): Remark {
  const hint = 'name an environment variable (env) or a file (file) that holds the key'
  return { message: `expected ${expectation(issue)}`, hint }
}

function remarkOn(issue: Issue, found: unknown): Remark {
  const message = `expected ${expectation(issue)}, found ${shown(found)}`
  if (issue.code === 'invalid_type' && issue.expected === 'string' && typeof found === 'number') {
    return { message, hint: `write it in quotes: "${found}"` }
  }
  const words = issue.code === 'invalid_value' ? issue.values.map(String) : []
  const near = typeof found === 'string' ? nearest(found, words) : undefined
  return near ? { message, hint: `did you mean ${near}?` } : { message }
}

const kinds: Record<string, string> = wordTable({
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
})

function expectation(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return kinds[issue.expected] ?? issue.expected
    case 'invalid_value':
      return `one of ${issue.values.map(String).join(', ')}`
    case 'invalid_union':
      return [...new Set(issue.errors.flat().filter(isAboutKind).map(expectation))].join(' or ')
    case 'too_small':
      return `at least ${issue.minimum}${unitOf(issue.origin)}`
    case 'too_big':
      return `at most ${issue.maximum}${unitOf(issue.origin)}`
    case 'invalid_format':
      return issue.message
    default:
      return 'another value'
  }
}

function unitOf(origin: string): string {
  if (origin === 'array') return ' entries'
  return origin === 'string' ? ' characters' : ''
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return 'nothing'
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (typeof value === 'object') return 'a mapping'
  return typeof value === 'string' ? quoted(value) : cut(JSON.stringify(value), limits.quotedLetters.most)
}

function valueAt(data: unknown, path: Path): unknown {
  let value = data
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = (value as Record<string | number, unknown>)[step]
  }
  return value
}

/** The keys that the schema knows for the mapping at a path. */
function knownKeys(schema: z.ZodMiniType<unknown>, path: Path): string[] {
  let reached = [schema as z.core.$ZodType]
  for (const step of path) reached = reached.flatMap(alternatives).flatMap((type) => inside(type, step))
  return reached.flatMap(alternatives).flatMap((type) => Object.keys(shapeOf(type)))
}

type Definition = {
  readonly innerType?: z.core.$ZodType
  readonly options?: readonly z.core.$ZodType[]
  readonly shape?: Record<string, z.core.$ZodType>
  readonly valueType?: z.core.$ZodType
  readonly element?: z.core.$ZodType
}

function definitionOf(type: z.core.$ZodType): Definition {
  return type._zod.def as Definition
}

function alternatives(type: z.core.$ZodType): z.core.$ZodType[] {
  const { innerType, options } = definitionOf(type)
  if (innerType) return alternatives(innerType)
  return options ? options.flatMap(alternatives) : [type]
}

function shapeOf(type: z.core.$ZodType): Record<string, z.core.$ZodType> {
  return definitionOf(type).shape ?? {}
}

function inside(type: z.core.$ZodType, step: string | number): z.core.$ZodType[] {
  const { valueType, element } = definitionOf(type)
  const shape = shapeOf(type)
  const found = (Object.hasOwn(shape, step) ? shape[step] : undefined) ?? valueType ?? element
  return found ? [found] : []
}
