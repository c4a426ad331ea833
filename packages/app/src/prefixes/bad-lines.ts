import { type Finding, findingOf, inInput } from '@natplan/core'
import type { Document } from '../text/documents.ts'
import type { PrefixInput } from './read-prefixes.ts'
import type { BadLine, Refused } from './table-cells.ts'

/** So many bad lines of an input are shown; the rest is counted. */
const shownLines = 10

/** What is to be said about one input, and what its places point into. */
export interface InputFindings {
  readonly document: Document
  readonly findings: readonly Finding[]
}

/** Keeps the first bad lines of every input. */
export class BadLines {
  readonly #first = new Map<string, BadLine[]>()

  add({ file, tell }: Refused): void {
    const lines = this.#first.get(file) ?? []
    if (lines.length === 0) this.#first.set(file, lines)
    if (lines.length < shownLines) lines.push(tell())
  }

  findingsOf(input: PrefixInput, { isStrict }: { readonly isStrict: boolean }): InputFindings {
    const findings: Finding[] = []
    const [first, ...rest] = this.#first.get(input.name) ?? []
    const isError = isStrict || isNothingRead(input)
    if (first) findings.push(linesBad(input, [first, ...rest], isError))
    if (input.table.size === 0 && input.counts.bad === 0) findings.push(nothingIn(input, isError))
    return { document: documentOf(input.name), findings }
  }
}

/** A text with something in it, none of which was a network: what is free beside it, or overlaps it, is not known. */
function isNothingRead({ table, hasContent, counts, notes, leftOut }: PrefixInput): boolean {
  const known = counts.defaults + (notes?.special ?? 0) + (notes?.unused ?? 0) + (leftOut?.special ?? 0)
  return hasContent && table.size === 0 && known === 0
}

function documentOf(name: string): Document {
  return { name, locate: ({ line }) => (line === undefined ? undefined : { line, column: 1 }) }
}

function linesBad({ counts, table, format }: PrefixInput, shown: readonly BadLine[], isError: boolean): Finding {
  const [first] = shown
  const noun = { list: 'line', csv: 'cell', json: 'value', ndjson: 'value', extract: 'text', arguments: 'argument' }[
    format
  ]
  const total = `${counts.bad} ${noun}${counts.bad === 1 ? ' is not a prefix and was' : 's are not prefixes and were'} left out`
  const hints = [...new Set(shown.flatMap(({ hint }) => hint ?? []))]
  const seemsOther = format === 'list' && counts.bad > table.size && shown.some((one) => one.hint === undefined)
  const hint = seemsOther ? '--extract finds prefixes in any text; --column reads a table' : hints[0]
  const finding = findingOf('LINES_BAD', inInput(first?.line), {
    message: `${total}, ${table.size} ${table.size === 1 ? 'was' : 'were'} read`,
    ...(hint === undefined ? {} : { hint }),
    related: [
      ...shown.map(({ line, text, message }) => ({
        place: inInput(line),
        message: text === '' ? message : `${text}: ${message}`,
      })),
    ],
  })
  return isError ? { ...finding, severity: 'error' } : finding
}

function nothingIn({ otherPaths }: PrefixInput, isError: boolean): Finding {
  const [other] = [...(otherPaths ?? [])].toSorted((a, b) => b[1] - a[1])
  const finding = findingOf('PREFIXES_NONE', inInput(), {
    message: 'no prefix was found',
    hint: other
      ? `--path '${other[0]}' reads the values there`
      : '--format, --column, --path and --extract say how to read it',
  })
  return isError ? { ...finding, severity: 'error' } : finding
}
