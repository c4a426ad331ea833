/** Longer lines are cut; what is left tells which line it is. */
const longest = 200

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

/** Behind these words stands a secret; not behind `key-exchange`, `secret-type`, `rsa-key-name`, and not behind names of public keys. */
const secretWord =
  /(?<=^|[\s"'{(,$])["']?((?:[\w-]*-)?(?:secret|passwords?|passwd|passphrase|psk|pin|keys?|token|community)(?:-[^\s"'=:]+)?)["']?(?:\s*[=:]\s*|\s+)/gi

/** Words that look like those and name something. */
const namingWord =
  /^(?:.*-(?:name|type|size|file|id|length|exchange|group|interval|lifetime)|(?:local|remote|public|host|trusted)-keys?)$/i

/** What may stand behind the name of a list of keys, or of an authentication, and is no secret. */
const shownBehind: readonly (readonly [RegExp, RegExp])[] = [
  [/^psk$/i, /^\S+\s+["']?(?:id|dhcp-interface|secret|secret-type)\b/i],
  [/^community$/i, /^["']?\d+:\d+/],
]

/** In front of what somebody named or described: a group may be called `secret`. */
const naming =
  /(?:^|\s)["']?(?:description|peer|ike-group|esp-group|name|zone|group|user|username)["']?\s+["']?$|\sdescription["']?\s/i

/** What stands under `authentication` is shown where it is known to tell no secret. */
const authentication = /(?:^|\s)["']?authentication["']?\s+(?=[^\s{])/i
const shownAuthentication =
  /^["']?(?:mode|id|local-id|eap-id|client-mode|server-mode|certificate|ca-certificate|remote-id|use-x509-id|x509|psk|local-users|radius|server|type|protocols?|pre-shared-secret|pre-share|rsa-key-name|rsa["']?\s+["']?(?:local-key|remote-key|rsa-key-name)|(?:[\w-]+-)?(?:secret|password|passphrase))\b/i

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

function secretStart(line: string): number {
  for (const match of line.matchAll(secretWord)) {
    const [all, word = ''] = match
    const end = match.index + all.length
    const rest = line.slice(end)
    const isName = naming.test(line.slice(0, match.index))
    const isShown = isName || shownBehind.some(([of, behind]) => of.test(word) && behind.test(rest))
    if (!isShown && !namingWord.test(word) && !/^[{[]?$/.test(rest)) return end
  }
  return line.length
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
