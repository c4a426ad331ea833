import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { natplan, root } from '../support/command.ts'
import type { Manifest } from './lint.ts'

/** The examples with a cluster. */
export const clusterExamples = ['acceptance', 'cluster-ranges', 'node-pools'] as const

export function planFile(example: string): string {
  return join(root, 'examples', example, 'natplan.yaml')
}

/** What the command prints for an example; throws when it fails. */
export function printed(example: string, ...options: readonly string[]): string {
  const { status, stdout, stderr } = natplan(['kubernetes', planFile(example), ...options])
  if (status !== 0) throw new Error(stderr)
  return stdout
}

/** Reads a multi-document text as a YAML reader of that version does. */
export function readAll(text: string, version: '1.1' | '1.2' = '1.2'): Manifest[] {
  const documents = parseAllDocuments(text, { version })
  return [...documents].map((document) => {
    if (document.errors.length > 0 || document.warnings.length > 0) {
      throw new Error([...document.errors, ...document.warnings].join('\n'))
    }
    return document.toJS() as Manifest
  })
}
