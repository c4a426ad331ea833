import { stringify } from 'yaml'
import { escapedText, unseen } from './escaped-text.ts'

/** YAML in which every character can be seen, and no line begins a command of a program that reads logs. */
export function yamlText(document: unknown): string {
  const yaml = stringify(document, yamlOptions)
  return unseen.test(yaml) || yaml.includes('\t') || /^\s*::[a-z]/im.test(yaml)
    ? escapedText(stringify(document, { ...yamlOptions, ...quotedLines }))
    : yaml
}

/** Every text between quotes and on one line. */
const quotedLines = {
  defaultStringType: 'QUOTE_DOUBLE',
  doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
} as const

const yamlOptions = { lineWidth: 0, aliasDuplicateObjects: false } as const
