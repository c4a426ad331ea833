import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../support/command.ts'

/** A block of TypeScript in a page, which stands for itself. */
export interface LibraryExample {
  /** The page and the line where it begins. */
  readonly place: string
  readonly code: string
  /** What it prints: the texts behind `// →`. */
  readonly prints: readonly string[]
}

export function libraryExamples(page: string): LibraryExample[] {
  const text = readFileSync(join(root, page), 'utf8')
  return [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map(({ index, 1: code = '' }) => ({
    place: `${page}:${text.slice(0, index).split('\n').length}`,
    code,
    prints: [...code.matchAll(/\/\/ → (.*)$/gm)].map(([, printed = '']) => printed),
  }))
}
