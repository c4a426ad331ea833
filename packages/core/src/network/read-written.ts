import type * as z from 'zod/mini'
import { bounded, type Finding, findingOf, type Path, type Place, type Remark } from '../finding.ts'
import { limits } from '../limits.ts'
import { cut, quoted } from '../quoted.ts'
import { wordTable } from '../word-table.ts'
import { fits } from './fits.ts'
import type { Form } from './form.ts'
import { nearest } from './names.ts'
import { keyOf, type Partly, Unread } from './partly.ts'
import { alternatives, inside, shapeOf } from './schema-types.ts'

/** The outcome of reading a document: the value when its shape is right, and everything that is wrong with it. */
export interface Reading<T> {
  readonly value: T | undefined
  readonly findings: readonly Finding[]
}

type Issue = z.core.$ZodIssue
type Source = Place['source']

/** Checks the shape of a parsed document against its schema; every problem becomes a finding at its path. */
export function readWritten<T>(schema: z.ZodMiniType<T>, data: unknown, source: Source): Reading<T> {
  const { value, findings } = readPartly({ schema: () => schema }, data, source)
  return { value: findings.length === 0 ? (value as T) : undefined, findings: bounded(findings) }
}

/** What of a document has the right shape, and everything that is wrong with the rest. */
export interface ShapeReading<T> {
  /** Without what is wrong; a mistyped key counts as the one that was probably meant. */
  readonly value: Partly<T>
  readonly findings: readonly Finding[]
  readonly unread: Unread
  /** Where a place of `value` is in the document. */
  readonly asWritten: (path: Path) => Path
}

/** What a document must be like. A document that has the form needs no schema. */
export interface Wanted<T> {
  readonly schema: () => z.ZodMiniType<T>
  readonly form?: Form
}

/**
 * Reads what can be read: what is wrong is left out, and the rest is looked at again until nothing more is wrong. What follows from
 * something that was left out, now or before (`unread`), is not said.
 */
export function readPartly<T>(
  wanted: Wanted<T>,
  data: unknown,
  source: Source,
  unread = new Unread(),
): ShapeReading<T> {
  const findings: Finding[] = []
  const renamed = new Map<string, string>()
  const asWritten = (path: Path) => path.map((step, at) => renamed.get(keyOf(path.slice(0, at + 1))) ?? step)
  if (wanted.form && fits(wanted.form, data)) return { value: data as Partly<T>, findings, unread, asWritten }
  const schema = wanted.schema()
  let rest = data
  for (;;) {
    const result = schema.safeParse(rest)
    if (result.success) return { value: result.data as Partly<T>, findings, unread, asWritten }
    const context = { schema, data: rest, source, base: [] }
    const problems = newProblems(
      result.error.issues.flatMap((issue) => problemsOf(issue, context)),
      { unread, renamed },
    )
    if (problems.length === 0) return { value: (rest ?? {}) as Partly<T>, findings, unread, asWritten }
    findings.push(...problems.flatMap(({ finding }) => finding ?? []))
    rest = without(rest, problems)
    for (const { path, meant, unclear = [], isNote } of problems) {
      if (isNote) continue
      if (meant !== undefined) renamed.set(keyOf([...path.slice(0, -1), meant]), String(path.at(-1)))
      else for (const one of [path, ...unclear]) unread.add(one)
    }
  }
}

/** Something that is not as the schema wants it. */
interface Problem {
  /** What is wrong, or missing. */
  readonly path: Path
  /** `undefined` for what only follows from another one. */
  readonly finding: Finding | undefined
  /** The key that a mistyped one was probably meant to be. */
  readonly meant?: string
  /** What an unknown key may stand for. */
  readonly unclear?: readonly Path[]
  /** Somebody's own note, which is left out and misses nowhere. */
  readonly isNote?: boolean
}

/**
 * Those that do not follow from what is known: a key is not missing that was mistyped or stood beside what was left out, nor is what was
 * taken for another wrong.
 */
function newProblems(
  problems: readonly Problem[],
  { unread, renamed }: { readonly unread: Unread; readonly renamed: ReadonlyMap<string, string> },
): Problem[] {
  const meant = new Set<string>()
  const isMeant = (path: Path) => meant.has(keyOf(path))
  const once = problems.map((problem) => withOneMeaning(problem, meant))
  return once
    .filter(({ path }) => !unread.covers(path) && !isMeant(path))
    .filter(({ path, finding }) => finding?.code !== 'KEY_MISSING' || !unread.touches(path.slice(0, -1)))
    .map(({ path, finding, unclear = [], ...rest }) => ({
      path,
      finding: renamed.has(keyOf(path)) ? undefined : finding,
      unclear: unclear.filter((one) => !isMeant(one)),
      ...rest,
    }))
}

/** Of two keys that were meant to be the same one, the first is taken for it. */
function withOneMeaning(problem: Problem, meant: Set<string>): Problem {
  const { meant: name, ...rest } = problem
  if (name === undefined) return problem
  const key = keyOf([...problem.path.slice(0, -1), name])
  if (meant.has(key)) return rest
  meant.add(key)
  return problem
}

interface Edit {
  readonly path: Path
  readonly meant?: string
}

/** A copy of a document without some of its parts, or with other keys for them; lists keep their length. */
function without(value: unknown, edits: readonly Edit[], depth = 0): unknown {
  if (edits.length === 0) return value
  if (edits.some(({ path, meant }) => path.length === depth && meant === undefined)) return undefined
  const bySteps = new Map<string | number | undefined, Edit[]>()
  for (const edit of edits) {
    const known = bySteps.get(edit.path[depth])
    if (known) known.push(edit)
    else bySteps.set(edit.path[depth], [edit])
  }
  const child = (step: string | number, inner: unknown) => without(inner, bySteps.get(step) ?? [], depth + 1)
  if (Array.isArray(value)) return value.map((item, index) => child(index, item))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => {
      const renaming = bySteps.get(key)?.find(({ path, meant }) => path.length === depth + 1 && meant !== undefined)
      if (renaming?.meant !== undefined) return [[renaming.meant, inner]]
      const left = child(key, inner)
      return left === undefined ? [] : [[key, left]]
    }),
  )
}

interface Context {
  readonly schema: z.ZodMiniType<unknown>
  readonly data: unknown
  readonly source: Source
  readonly base: Path
}

function problemsOf(issue: Issue, context: Context): Problem[] {
  const path: Path = [...context.base, ...(issue.path as (string | number)[])]
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(key, path, context))
  if (issue.code === 'invalid_union') {
    const chosen = nearestAlternative(issue.errors)
    if (chosen) return chosen.flatMap((inner) => problemsOf(inner, { ...context, base: path }))
  }
  const found = valueAt(context.data, path)
  const finding =
    found === undefined && path.length > 0
      ? missingKey(path, context.source)
      : wrongValue(issue, found, path, context.source)
  return [{ path, finding }]
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

/** A key of people themselves, in a plan: for anchors, and for what natplan does not ask. */
const ownKey = /^x-/

function unknownKey(key: string, path: Path, { schema, source, data }: Context): Problem {
  if (source === 'plan' && ownKey.test(key)) return { path: [...path, key], finding: undefined, isNote: true }
  const known = knownKeys(schema, path)
  const near = nearest(key, known)
  const place = { source, path: [...path, key], isKey: true }
  const remark = {
    message: `unknown key ${quoted(key)}`,
    hint: near ? `did you mean ${near}?` : `known here: ${known.join(', ')}`,
  }
  // A word that is like none of the known keys may be the secret itself.
  const hint = secretHint(path)
  const finding =
    hint !== undefined && near === undefined
      ? findingOf('KEY_UNKNOWN', { source, path }, { message: 'unknown key', hint })
      : findingOf('KEY_UNKNOWN', place, remark)
  const isFree = (one: string) => valueAt(data, [...path, one]) === undefined
  if (near !== undefined && isFree(near)) return { path: place.path, finding, meant: near }
  const unclear = near === undefined ? known.filter(isFree) : []
  return { path: place.path, finding, unclear: unclear.map((one) => [...path, one]) }
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
  const hint = secretHint(path)
  const message = `expected ${expectation(issue)}`
  return findingOf('VALUE_WRONG', place, hint === undefined ? remarkOn(issue, found) : { message, hint })
}

/** Somebody may have written a secret itself here, and messages end up in logs. */
const secretHints: Readonly<Record<string, string>> = wordTable({
  preSharedKey: 'name an environment variable (env) or a file (file) that holds the key',
  authentication: 'name the certificate and its authority as the device calls them; they stay there',
})

function secretHint(path: Path): string | undefined {
  return path.map((step) => secretHints[step]).find((hint) => hint !== undefined)
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
