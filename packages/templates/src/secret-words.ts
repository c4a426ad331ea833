/** Parts of words that announce a secret: `pre-shared-secret`, `wpa_passphrase`, `PrivateKey`. */
const secretPart = /^(?:secrets?|passwords?|passwd|passphrase|psk|keys?|community|credentials?)$/
/** Last parts of such words. */
const secretEnd = /^(?:pass|pin|token|(?:private|pre|shared|preshared|api|auth|secret|access|md5|wep)keys?)$/
/** Last parts of words that name, count or choose something: `key-exchange`, `secret-type`, `password-authentication`. */
const namingEnd =
  /^(?:name|type|size|file|id|length|exchange|group|interval|lifetime|list|map|mode|bucket|authentication|number|time|tries)$/
/** Keys that everybody may see. */
const openKeys = /(?:^|-)(?:local|remote|public|host|trusted)-keys?$/

/** Words behind which stands what somebody named or chose: a group may be called `secret`. */
const naming = /^(?:peer|name|zone|group|user|username|mode|type|public-keys|comment)$/
/** A word behind which somebody writes what he likes. */
const prose = /^(?:description|remark)$/

/** Words that hold named keys, and what may stand behind such a name or in such a list. */
const keyList = /^(?:psk|keys)$/
const ofListedKey = /^(?:id|dhcp-interface|secret|secret-type)$/
const rsaKey = /^(?:local-key|rsa-key-name)$/

/** `192.0.2.1 : PSK "…"`, as ipsec.secrets(5) has it. */
const listedSecrets = [
  /(?:^|\s):\s*(?:PSK|RSA|ECDSA|P12|BLISS|PKCS8|EAP|NTLM|XAUTH|PIN|PRIV)\s+/i,
  /:\s*(?:PSK|P12|EAP|NTLM|XAUTH)\s+/,
]

/** Where the first secret of a line begins, or the line's length: behind a word that announces one, up to the end, whatever it is. */
export function secretStart(line: string): number {
  const listed = listedSecrets.flatMap((pattern) => {
    const match = pattern.exec(line)
    return match ? match.index + match[0].length : []
  })
  return Math.min(...listed, announcedStart(wordsOf(line), line))
}

interface Word {
  readonly text: string
  readonly start: number
  readonly end: number
}

function wordsOf(line: string): Word[] {
  return [...line.matchAll(/[\p{L}\p{N}_.@%/-]+/gu)].map(({ 0: text, index }) => ({
    text,
    start: index,
    end: index + text.length,
  }))
}

/** Goes from word to word and steps over names and values, which may look like anything. */
function announcedStart(words: readonly Word[], line: string): number {
  let from = 0
  for (const [index, word] of words.entries()) {
    if (word.start < from) continue
    const rest = line.slice(word.end)
    const [next, third] = [words[index + 1], words[index + 2]]
    if (/^['"]?\s/.test(rest) && prose.test(word.text)) return line.length
    const value = valueStart(word, rest)
    if (announces(word.text) && value !== undefined) {
      if (!isList(word.text, { next, third, behindName: line.slice(next?.end) })) {
        if (!isShownValue(word.text, words[index - 1]?.text, line.slice(value))) return value
      } else if (keyList.test(word.text)) from = next?.end ?? from
    } else if (isAssigned(rest)) from = word.end + endOfValue(rest)
    else if (names(word.text, next?.text) && /^['"]?\s/.test(rest)) from = next?.end ?? from
  }
  return line.length
}

function partsOf(word: string): string[] {
  return word.split(/[-_./]+|(?<=[a-z])(?=[A-Z])/).map((part) => part.toLowerCase())
}

function announces(word: string): boolean {
  const parts = partsOf(word)
  const last = parts.at(-1) ?? ''
  if (word.toLowerCase() === 'shared') return true
  if (openKeys.test(word) || (parts.length > 1 && namingEnd.test(last))) return false
  return secretEnd.test(last) || parts.some((part) => secretPart.test(part))
}

/** `group` may be that of `group address-group NAME`, and `comment` that of `-m comment --comment NAME`. */
function names(word: string, next: string | undefined): boolean {
  if ((word === 'group' || word === 'comment') && /^(?:--comment|.+-group)$/.test(next ?? '')) return false
  return naming.test(word.replace(/^-+/, '')) || namingEnd.test(/-([^-]+)$/.exec(word)?.[1] ?? '')
}

/** Where what a word announces begins; `undefined` when nothing does, or a block with words of its own. */
function valueStart(word: Word, rest: string): number | undefined {
  const between = /^["']?(?:\s*[=:]\s*|\s+|$)/.exec(rest)?.[0]
  if (between === undefined || /^["']?\s*(?:[{[](?=["'\s]|$)|$)/.test(rest.slice(between.length))) return undefined
  return word.end + between.length
}

interface Following {
  readonly next: Word | undefined
  readonly third: Word | undefined
  readonly behindName: string
}

/** Reports whether a word holds keys that have names: `psk NAME secret …`, `psk NAME {`. */
function isList(word: string, { next, third, behindName }: Following): boolean {
  if (word === 'rsa-keys') return next !== undefined && rsaKey.test(next.text)
  if (!keyList.test(word) || !next) return false
  return (third !== undefined && ofListedKey.test(third.text)) || /^["']?\s*:?\s*\{/.test(behindName)
}

/** Communities of BGP, which are numbers, and keys of GRE tunnels, which everybody on the way sees. */
function isShownValue(word: string, before: string | undefined, value: string): boolean {
  if (word === 'community') return /^["']?(?:\d+:\d+|community-list|no-export|no-advertise)\b/.test(value)
  return word === 'key' && before === 'ip' && /^["']?\d+["']?\s*$/.test(value)
}

/** A name with `=` behind it, or one of JSON: what follows is a value, not a word that announces something. */
function isAssigned(rest: string): boolean {
  return /^["']?\s*=/.test(rest) || /^["']\s*:\s*["']/.test(rest)
}

/** Behind the value of such a name. */
function endOfValue(rest: string): number {
  return /^["']?\s*[=:]\s*(?:"[^"]*"|'[^']*'|[^\s"',;}]*)/.exec(rest)?.[0].length ?? 0
}
