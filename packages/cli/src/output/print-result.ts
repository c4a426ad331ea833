import { formatMarkdown, formatTables, type Result } from '@natplan/app'
import { stringify } from 'yaml'
import { print } from '../terminal/streams.ts'
import { standardOutput } from '../terminal/terminal.ts'
import type { Format } from './formats.ts'

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
  const yaml = stringify(document, yamlOptions)
  return unseen.test(yaml) || yaml.includes('\t') || /^\s*::[a-z]/im.test(yaml)
    ? escapedText(stringify(document, { ...yamlOptions, ...quotedLines }))
    : yaml
}

/** JSON in which every character can be seen. */
export function jsonText(document: unknown, indent?: number): string {
  return escapedText(JSON.stringify(document, null, indent))
}

/** Every text between quotes and on one line. */
const quotedLines = {
  defaultStringType: 'QUOTE_DOUBLE',
  doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
} as const

const yamlOptions = { lineWidth: 0, aliasDuplicateObjects: false } as const

/**
 * Controls above the blank, what turns text around or hides it, and what begins a command where a log is read by Azure Pipelines: JSON and
 * quoted YAML take them escaped too.
 */
const unseen = /[\u007f-\u009f\p{Cf}\u2028\u2029]|(?<=#)#(?=[a-z]*\[)/iu

function escapedText(text: string): string {
  return text.replace(new RegExp(unseen, 'giu'), (character) =>
    Array.from({ length: character.length }, (_, index) => `\\u${hexOf(character.charCodeAt(index))}`).join(''),
  )
}

function hexOf(unit: number): string {
  return unit.toString(16).padStart(4, '0')
}
