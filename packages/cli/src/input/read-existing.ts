import { type Finding, findingOf, type GatewayPolicy, NatplanError, type SiteName } from '@natplan/core'
import { type NotUnderstood, type Parsed, platformModule, type Shares } from '@natplan/templates'
import type { Document } from './documents.ts'
import { nameOf, readText } from './read-text.ts'
import { markStandardInput } from './standard-input.ts'

/** The running configuration of one gateway. */
export interface RunningConfig {
  readonly site: SiteName
  readonly text: string
  readonly parsed: Parsed
  /** The same in two: natplan's own, and what others made. */
  readonly shares: Shares
  readonly document: Document
}

/** So many lines that are not understood are shown; the rest is counted. */
const shownLines = 5

/**
 * Which file holds the running configuration of which site: `SITE=FILE`, or `FILE` alone when one site is meant anyway; `-` is standard
 * input. `option` is what the command line calls them.
 * @throws NatplanError USAGE
 */
export function existingFiles(
  texts: readonly string[],
  { site, option = '' }: { readonly site: string | undefined; readonly option?: string },
): Map<string, string> {
  const files = new Map<string, string>()
  for (const text of texts) {
    const at = text.indexOf('=')
    const of = at > 0 ? text.slice(0, at) : site
    if (of === undefined) {
      throw new NatplanError('USAGE', `${option}${nameOf(text)} does not say of which site`, {
        hint: `write ${option}SITE=FILE, or name one site with --site`,
      })
    }
    if (files.has(of)) throw new NatplanError('USAGE', `two running configurations of ${of} are named`)
    const [file = ''] = markStandardInput([at > 0 ? text.slice(at + 1) : text])
    files.set(of, file)
  }
  return files
}

/** Reads the running configuration of a gateway in its platform's language. */
export function readRunning(policy: GatewayPolicy, path: string): RunningConfig {
  const { site, platform } = policy
  const { parse, compare } = platformModule(platform) ?? {}
  if (!parse || !compare)
    throw new NatplanError('USAGE', `natplan cannot read configuration of ${platform} back (${site})`)
  const text = readText(path)
  refuseOther(text, path)
  const parsed = parse(text)
  const document: Document = {
    name: nameOf(path),
    locate: ({ line, column }) => (line === undefined ? undefined : { line, column: column ?? 1 }),
  }
  return { site, text, parsed, shares: compare.split(text, policy), document }
}

/** What is wrong with the text itself. */
export function findingsIn({ findings, notUnderstood: lines }: Parsed): Finding[] {
  return [...findings, ...unreadLines(lines)]
}

function unreadLines(lines: readonly NotUnderstood[]): Finding[] {
  const [first] = lines
  if (!first) return []
  const place = ({ line }: NotUnderstood) => ({ source: 'config' as const, path: [], line, column: 1 })
  const count = lines.length === 1 ? 'a line is' : `${lines.length} lines are`
  return [
    findingOf('CONFIG_NOT_UNDERSTOOD', place(first), {
      message: `${count} not understood`,
      hint: 'check by hand that they do not contradict the plan',
      related: lines.slice(0, shownLines).map((line) => ({ place: place(line), message: withoutSecrets(line.text) })),
    }),
  ]
}

/** A file that is no configuration, or ends in the middle of one, would look like a gateway without rules. */
function refuseOther(text: string, path: string): void {
  if (/^\s*set\s/m.test(text) || /^\s*(table|connections)\s/m.test(text)) return
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
function withoutSecrets(line: string): string {
  return line.replace(/((?:secret|password|passphrase|psk|key|authentication)\S*\s+).*$/i, '$1[hidden]')
}
