import { formatMarkdown, formatTables, type Result } from '@natplan/app'
import { print } from '../terminal/streams.ts'
import { standardOutput } from '../terminal/terminal.ts'
import { escapedText } from './escaped-text.ts'
import type { Format } from './formats.ts'
import { yamlText } from './yaml-text.ts'

/** Prints a result, and nothing else, to standard output. */
export function printResult(result: Result, format: Format): void {
  print(formatResult(result, format))
}

export function formatResult({ tables, document }: Result, format: Format): string {
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
  if (format === 'json') return `${jsonText(document, 2)}\n`
  return yamlText(document)
}

/** JSON in which every character can be seen. */
export function jsonText(document: unknown, indent?: number): string {
  return escapedText(JSON.stringify(document, null, indent))
}
