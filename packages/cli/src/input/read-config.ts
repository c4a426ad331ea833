import { type Finding, findingOf, inConfig, NatplanError } from '@natplan/core'
import type { NotUnderstood, Parsed } from '@natplan/templates'
import type { Document } from './documents.ts'
import { nameOf, readText } from './read-text.ts'

/** The configuration of one gateway, as it was read. */
export interface ReadConfig {
  readonly text: string
  readonly parsed: Parsed
  readonly document: Document
  /** What is wrong with the text itself. */
  readonly findings: readonly Finding[]
}

/**
 * Reads a file that holds a configuration as a whole.
 * @throws NatplanError USAGE for any other text, and those of `readText`
 */
export function readConfigText(path: string): string {
  const text = readText(path)
  refuseOther(text, path)
  return text
}

export function parseConfig(text: string, path: string, parse: (text: string) => Parsed): ReadConfig {
  const parsed = parse(text)
  return { text, parsed, document: linesOf(path), findings: findingsIn(parsed) }
}

/** What is wrong with a text itself. */
export function findingsIn({ findings, notUnderstood }: Pick<Parsed, 'findings' | 'notUnderstood'>): Finding[] {
  const hint = 'check by hand that they do not contradict the plan'
  return [...findings, ...strangeLines('CONFIG_NOT_UNDERSTOOD', notUnderstood, { hint })]
}

/** A text in which only lines count. */
export function linesOf(path: string): Document {
  return {
    name: nameOf(path),
    locate: ({ line, column }) => (line === undefined ? undefined : { line, column: column ?? 1 }),
  }
}

/** So many lines that are not understood are shown; the rest is counted. */
const shownLines = 5

/** One finding for all lines that are not understood; secrets in them are not shown. */
export function strangeLines(
  code: 'CONFIG_NOT_UNDERSTOOD' | 'NODE_ROUTES_NOT_UNDERSTOOD',
  lines: readonly NotUnderstood[],
  { hint }: { readonly hint: string },
): Finding[] {
  const [first] = lines
  if (!first) return []
  const place = ({ line }: NotUnderstood) => ({ ...inConfig(line), column: 1 })
  const count = lines.length === 1 ? 'a line is' : `${lines.length} lines are`
  return [
    findingOf(code, place(first), {
      message: `${count} not understood`,
      hint,
      related: lines.slice(0, shownLines).map((line) => ({ place: place(line), message: withoutSecrets(line.text) })),
    }),
  ]
}

/** A file that is no configuration, or ends in the middle of one, would look like a gateway without rules. */
function refuseOther(text: string, path: string): void {
  if (/^[ \t]*(set|table|connections|secrets)\s/m.test(text) || /^\*nat\r?$/m.test(text)) return
  const opened = text.match(/\{\s*$/gm)?.length ?? 0
  const closed = text.match(/^\s*\}/gm)?.length ?? 0
  if (opened > 0 && opened === closed) return
  const what =
    opened === 0 ? 'holds no configuration: no set line and no braces' : 'ends in the middle: a brace is not closed'
  throw new NatplanError('USAGE', `${nameOf(path)} ${what}`, {
    hint: 'save "show configuration commands" or config.boot of the gateway as a whole',
  })
}

/** What follows a word that announces a secret is not shown, whether it is one or not. */
export function withoutSecrets(line: string): string {
  return line.replace(/((?:secret|password|passphrase|psk|key|authentication)\S*\s+).*$/i, '$1[hidden]')
}
