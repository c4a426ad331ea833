import { forPeople, isPlanText } from '@natplan/app'
import { NatplanError } from '@natplan/core'
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
  for (const { index, 0: found } of text.matchAll(/preSharedKey["']?[ \t]*:/g)) {
    const rest = text.slice(index + found.length)
    const isSource = /^\s*(?:#.*\s*)*(?:\{\s*)?(?:["']?(?:env|file)["']?[ \t]*:|\*|\}|$)/.test(rest)
    const [, inBraces = ''] = /^\s*\{([^}]*)/.exec(rest) ?? []
    const isOnly = [...inBraces.matchAll(/(?:^|,)\s*["']?(\w+)["']?\s*:/g)].every(
      ([, key]) => key === 'env' || key === 'file',
    )
    if (!isSource || !isOnly) return text.slice(0, index).split('\n').length
  }
  return undefined
}
