import { type Finding, findingOf, type GatewayPolicy, NatplanError } from '@natplan/core'
import { type NotUnderstood, type Parsed, platformModule } from '@natplan/templates'
import type { Document } from './documents.ts'
import { nameOf, readText } from './read-text.ts'

/** The running configuration of one gateway. */
export interface RunningConfig {
  readonly text: string
  readonly parsed: Parsed
  readonly document: Document
  /** What is wrong with the text itself. */
  readonly findings: readonly Finding[]
}

/** So many lines that are not understood are shown; the rest is counted. */
const shownLines = 5

/**
 * Which file holds the running configuration of which site: `SITE=FILE`, or `FILE` alone when one site is meant anyway.
 * @throws NatplanError USAGE
 */
export function existingFiles(options: readonly string[], site: string | undefined): Map<string, string> {
  return new Map(
    options.map((option) => {
      const at = option.indexOf('=')
      if (at > 0) return [option.slice(0, at), option.slice(at + 1)] as const
      if (site !== undefined) return [site, option] as const
      throw new NatplanError('USAGE', `--existing ${option} does not say of which site`, {
        hint: 'write --existing SITE=FILE, or name one site with --site',
      })
    }),
  )
}

/** Reads the running configuration of a gateway in its platform's language. */
export function readExisting({ site, platform }: GatewayPolicy, path: string): RunningConfig {
  const parse = platformModule(platform)?.parse
  if (!parse) throw new NatplanError('USAGE', `natplan cannot read configuration of ${platform} back (${site})`)
  const text = readText(path)
  refuseOther(text, path)
  const parsed = parse(text)
  const document: Document = {
    name: nameOf(path),
    locate: ({ line, column }) => (line === undefined ? undefined : { line, column: column ?? 1 }),
  }
  return { text, parsed, document, findings: [...parsed.findings, ...notUnderstood(parsed.notUnderstood)] }
}

function notUnderstood(lines: readonly NotUnderstood[]): Finding[] {
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
