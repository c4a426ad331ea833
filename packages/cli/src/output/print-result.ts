import { formatMarkdown, type Result, tableTexts } from '@natplan/app'
import { printPieces } from '../terminal/streams.ts'
import { standardOutput } from '../terminal/terminal.ts'
import { escapedText } from './escaped-text.ts'
import type { Format } from './formats.ts'
import { yamlText } from './yaml-text.ts'

/** Prints a result, and nothing else, to standard output. */
export function printResult(result: Result, format: Format): void {
  printPieces(piecesOf(result, format))
}

export function formatResult(result: Result, format: Format): string {
  return [...piecesOf(result, format)].join('')
}

function piecesOf({ tables, document }: Result, format: Format): Iterable<string> {
  switch (format) {
    case 'json':
    case 'yaml':
      return [formatData(document(), format)]
    case 'markdown':
      return [formatMarkdown(tables())]
    case 'table':
      return tableTexts(tables(), standardOutput)
  }
}

export function formatData(document: unknown, format: 'json' | 'yaml'): string {
  if (format === 'json') return `${jsonText(document, 2)}\n`
  return yamlText(document)
}

/** JSON in which every character can be seen. */
export function jsonText(document: unknown, indent?: number): string {
  return escapedText(JSON.stringify(document, null, indent))
}
