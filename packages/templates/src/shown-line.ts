import { limits } from './limits.ts'
import { secretStart } from './secret-words.ts'

const longest = limits.shownLetters.most

/** A line of somebody's text for people: without secrets, in visible characters, and not longer than a few screen lines. */
export function shownLine(line: string): string {
  return visible(withoutSecrets(line.slice(0, 10 * longest)), longest)
}

/** All that could move a cursor, hide or turn around other text: controls, formats, line ends, halves of characters. */
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

/** A text with every character visible (a tab is a blank), and cut where it is longer. */
export function visible(text: string, longestShown = Number.POSITIVE_INFINITY): string {
  const printable = text.replace(invisible, (character) =>
    character === '\t' ? ' ' : `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  )
  return printable.length > longestShown ? `${printable.slice(0, longestShown - 3)}...` : printable
}

const hidden = '[hidden]'

/** What stands under `authentication` is shown where it is known to tell no secret. */
const authentication = /(?:^|\s)["']?authentication["']?\s+(?=[^\s{])/i
const shownAuthentication =
  /^["']?(?:mode|id|local-id|eap-id|client-mode|server-mode|certificate|ca-certificate|remote-id|use-x509-id|x509|psk|shared|public-keys|md5|pap|chap|local-users|radius|server|type|protocols?|pre-shared-secret|pre-share|rsa-key-name|rsa["']?\s+["']?(?:local-key|remote-key|rsa-key-name)|(?:[\w-]+-)?(?:secret|password|passphrase))\b/i

/** In front of the key of a state of the kernel, as `ip xfrm` has it: `enc cbc(aes) 0x…`. */
const stateKey = /(?:^|\s)(?:enc|aead|auth|auth-trunc)\s+["']?[\w(),-]+["']?\s+(?=\S)/

const credentials = /(:\/\/[^\s/:@]*:)[^\s/@]+@/g
const hexadecimal = /0x\w{17,}/g
const keyBlob = /(?<![\w+/])(?=[A-Za-z0-9+/]*[a-z])(?=[A-Za-z0-9+/]*[A-Z])(?=[A-Za-z0-9+/]*\d)[A-Za-z0-9+/]{40,}={0,2}/g

/**
 * A line of a configuration without the secrets in it: what follows a word that announces one is not shown, up to the end of the line,
 * whatever it is. `authentication mode rsa` and the like announce none.
 */
export function withoutSecrets(line: string): string {
  const end = Math.min(secretStart(line), authenticationStart(line), stateKeyStart(line))
  const shown = end < line.length ? `${line.slice(0, end)}${hidden}` : line
  return shown.replace(credentials, `$1${hidden}@`).replace(keyBlob, hidden).replace(hexadecimal, hidden)
}

/** A line of settings of which nothing else is known: what stands behind `=`, or in quotes, may be a secret. */
export function hiddenSetting(text: string): string {
  const at = text.search(/["=]/)
  return at < 0 ? text : `${text.slice(0, at).trim()} ${text[at] === '=' ? '= ' : ''}${hidden}`.trim()
}

function stateKeyStart(line: string): number {
  const match = stateKey.exec(line)
  return match ? match.index + match[0].length : line.length
}

function authenticationStart(line: string): number {
  const match = authentication.exec(line)
  const end = match ? match.index + match[0].length : line.length
  return shownAuthentication.test(line.slice(end)) ? line.length : end
}
