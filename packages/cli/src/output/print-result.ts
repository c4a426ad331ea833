import { stringify } from 'yaml'
import type { Format } from '../commands/command.ts'
import { formatMarkdown, formatTables, type Table } from './table.ts'
import { standardOutput } from './terminal.ts'

/** A result in both shapes: for people and for programs. Each is made only when it is printed. */
export interface Result {
  readonly tables: () => readonly Table[]
  readonly document: () => unknown
}

/** Prints a result, and nothing else, to standard output. */
export function printResult(result: Result, format: Format): void {
  process.stdout.write(formatResult(result, format))
}

function formatResult({ tables, document }: Result, format: Format): string {
  switch (format) {
    case 'json':
    case 'yaml':
      return formatData(document(), format)
    case 'markdown':
      return formatMarkdown(tables())
    case 'table':
      return formatTables(tables(), standardOutput)
  }
}

export function formatData(document: unknown, format: 'json' | 'yaml'): string {
  if (format === 'json') return `${escapedJson(JSON.stringify(document, null, 2))}\n`
  return stringify(document, { lineWidth: 0, aliasDuplicateObjects: false })
}

/** JSON escapes the controls below a blank only; others turn text around on a terminal too. */
function escapedJson(json: string): string {
  return json.replace(/[\u007f-\u009f\p{Cf}\u2028\u2029]/gu, (character) =>
    Array.from({ length: character.length }, (_, index) => `\\u${hexOf(character.charCodeAt(index))}`).join(''),
  )
}

function hexOf(unit: number): string {
  return unit.toString(16).padStart(4, '0')
}
