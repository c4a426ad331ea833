import { limits } from './limits.ts'
import { hidden } from './line-tokens.ts'
import { secretRanges, type TextRange } from './secret-ranges.ts'
import { visible } from './visible.ts'

const longest = limits.shownLetters.most

/** A line of somebody's text for people: without secrets, in visible characters, and not longer than a few screen lines. */
export function shownLine(line: string, longestShown = longest): string {
  return visible(withoutSecrets(line.slice(0, 10 * longest)), longestShown)
}

/** Up to the last `@` of what may be the name of a server: passwords have some, too. */
const credentials = /(:\/\/[^\s/:@"']*:)[^\s/"']+@/g
const hexadecimal = /0x\w{17,}/gi
const encoded = /0s[A-Za-z0-9+/]{16,}={0,2}/g
const keyBlob = /(?<![\w+/.~-])(?=[A-Za-z0-9+]*[a-z])[A-Za-z0-9+][A-Za-z0-9+/]{39,}={0,2}/g

/** A line of a configuration without the secrets in it: what follows a word that announces one, and what looks like a key wherever it stands. */
export function withoutSecrets(line: string): string {
  const shown = withoutRanges(line, secretRanges(line)).replace(credentials, `$1${hidden}@`)
  return withoutKeys(shown).replace(hexadecimal, hidden).replace(encoded, hidden)
}

/** What most lines do not have: a word as long as a key. */
const longWord = /[A-Za-z0-9+/]{40}/

function withoutKeys(line: string): string {
  return longWord.test(line) ? line.replace(keyBlob, blobOf) : line
}

/** A line of settings of which nothing else is known: what stands behind `=`, or in quotes, may be a secret. */
export function hiddenSetting(text: string): string {
  const at = text.search(/["=]/)
  return at < 0 ? text : `${text.slice(0, at).trim()} ${text[at] === '=' ? '= ' : ''}${hidden}`.trim()
}

function withoutRanges(line: string, ranges: readonly TextRange[]): string {
  let shown = ''
  let at = 0
  for (const { start, end } of ranges) {
    if (start < at) continue
    shown += `${line.slice(at, start)}${hidden}`
    at = end
  }
  return shown + line.slice(at)
}

/** Public keys are known by the word in front; a text of a key has capitals, small letters and digits. */
function blobOf(blob: string, at: number, line: string): string {
  const isMixed = /[A-Z]/.test(blob) && /[a-z]/.test(blob) && /\d/.test(blob)
  const isPublic = /public[-_ ]?key\W{0,4}$/i.test(line.slice(Math.max(0, at - 24), at))
  return isMixed && !isPublic ? hidden : blob
}
