import { forPeople, isPlanText } from '@natplan/app'
import { NatplanError } from '@natplan/core'
import { type Document, isAlias, isMap, isScalar, parseAllDocuments, visit } from 'yaml'
import { refuseLinkOut } from '../files/link-out.ts'
import { nameOf, standardInput } from '../files/standard-input.ts'
import { readText } from './read-text.ts'

/** What a plan file holds at the moment, or why that is not known. */
export type LiveText = { readonly name: string } & ({ readonly text: string } | { readonly problem: string })

/**
 * A plan file that is read each time it is asked for.
 * @throws NatplanError USAGE, and what reading it throws now
 */
export function livePlan(path: string): () => LiveText {
  if (path === standardInput) {
    throw new NatplanError('USAGE', 'standard input cannot be followed', { hint: 'name the plan file' })
  }
  const name = forPeople(nameOf(path))
  readPlan(path)
  return () => {
    try {
      return { name, text: readPlan(path) }
    } catch (error) {
      if (!(error instanceof NatplanError)) throw error
      return { name, problem: forPeople(error.message) }
    }
  }
}

function readPlan(path: string): string {
  refuseLinkOut(path)
  const text = readText(path)
  if (!isPlanText({ name: path, text })) throw new NatplanError('USAGE', `${nameOf(path)} is no plan file`)
  const line = lineOfKey(text)
  if (line === undefined) return text
  throw new NatplanError('USAGE', `line ${line} of ${nameOf(path)} may hold a key, so it is not shown`, {
    hint: 'write preSharedKey: { env: NATPLAN_NAME } or { file: PATH }',
  })
}

/** Where a key stands in place of the variable or file that holds it; while it is typed, nothing is there yet. */
function lineOfKey(text: string): number | undefined {
  let at: number | undefined
  for (const document of parseAllDocuments(text, { logLevel: 'silent' })) {
    visit(document as Document, {
      Pair: (_, { key, value }) => {
        if (!isScalar(key) || key.value !== 'preSharedKey' || isSource(value)) return undefined
        at ??= key.range?.[0] ?? 0
        return visit.BREAK
      },
    })
  }
  return at === undefined ? undefined : text.slice(0, at).split('\n').length
}

function isSource(value: unknown): boolean {
  if (isMap(value))
    return value.items.every(({ key }) => isScalar(key) && (key.value === 'env' || key.value === 'file'))
  return value === null || isAlias(value) || (isScalar(value) && value.value === null)
}
