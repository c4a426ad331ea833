import { hidden, type LineToken, lineTokens } from './line-tokens.ts'
import { announcing, isAbout, isAboutSecret, isKindOfKeys, keyed, partsOf, wordKind } from './secret-words.ts'

/** A part of a line, its end left out. */
export interface TextRange {
  readonly start: number
  readonly end: number
}

/** Lines are quoted in strings, which are quoted in others; nobody goes further. */
const deepest = 3

/**
 * Where the secrets of a line stand: what follows a word that announces one. A value in quotes ends with them where nothing is strange
 * about these; any other goes on to the end of the line, whatever follows.
 */
export function secretRanges(line: string, depth = 0): TextRange[] {
  return announcing.test(line) ? new Search(line, depth).run() : []
}

/** What of a secret the next line has: its value, a text of several lines, or the rest of a string; `undefined` for nothing. */
export function opensSecret(line: string): Opened | undefined {
  const search = new Search(line.trimEnd(), 0)
  search.run()
  return search.opened
}

type Opened = 'value' | 'text' | '"' | "'"

const label = /^[^\w"'\\]*([\w./-]*)/
const separators = new Set(['=', ':', '>'])
const ends = new Set([',', ';', '}', ']'])

/** What stands under `authentication` and is not the secret itself. */
const underAuthentication = new Set(
  (
    'mode id local-id eap-id client-mode server-mode certificate ca-certificate remote-id use-x509-id x509 psk local-users radius server ' +
    'type protocol protocols public-keys pre-share rsa-key-name local remote user users method group message-digest null none simple enable disable required ' +
    'optional timeout retries source-address algorithm key-chain key-id auth-type local-key remote-key'
  ).split(' '),
)
/** What a method is followed by where it is not the secret. */
const fields = new Set(['local-key', 'remote-key', 'rsa-key-name', 'key-id', 'key-chain'])

/** Under `authentication`, either a word behind which such words stand, or the secret. */
const methods = /^(?:rsa|md5|sha\d*|hmac.*|text|plain|plaintext)$/

const algorithms = /^(?:md5|sha[\d-]*|aes[\w-]*|3?des|hmac.*|cbc.*|rfc\d+.*)$/i

/** What says which communities of BGP a route has, and no community of SNMP. */
const routeCommunity =
  /^(?:\d+:\d+.*|none|internet|local-as|no-export|no-advertise|no-peer|additive|add|replace|delete|both|standard|extended|graceful-shutdown|blackhole|community-list|exact-match)$/i
const ofRoutes = new Set(['route-map', 'bgp', 'match'])

/** What names of keys are followed by: `psk NAME secret`, `keys id NAME key`. */
const named = /^(?:psk|keys|secrets)$/
const below = new Set(['id', 'dhcp-interface', 'secret', 'secret-type', 'key', 'version', 'env', 'file'])

class Search {
  readonly #line: string
  readonly #depth: number
  readonly #tokens: readonly LineToken[]
  readonly #hasBraces: boolean
  /** A quote does not close, so that nobody knows which ones belong together. */
  readonly #isBroken: boolean
  readonly #found: TextRange[] = []
  /** What goes on in the next line. */
  opened: Opened | undefined
  #at = 0
  /** Behind `description`, where words are only words. */
  #isProse = false
  #isOfRoutes = false
  /** A word in front may mean that the next one is a name. */
  #before = ''

  constructor(line: string, depth: number) {
    this.#line = line
    this.#depth = depth
    this.#tokens = lineTokens(line)
    this.#hasBraces = this.#tokens.some((token) => isSign(token, '{') || isSign(token, '}'))
    this.#isBroken = this.#tokens.some(({ kind, text }) => kind === 'open' || (kind === 'word' && /["']$/.test(text)))
  }

  run(): TextRange[] {
    while (this.#at < this.#tokens.length) this.#step(this.#tokens[this.#at] as LineToken)
    return this.#found
  }

  #step(token: LineToken): void {
    this.#at++
    if (token.kind === 'sign') {
      if (token.text === ':' && this.#isKindOfKeys()) this.#hideFrom(this.#tokens[this.#at + 1])
      if (token.text !== '=' && token.text !== ':') this.#before = ''
      return
    }
    const name = nameOf(token)
    if (name === undefined) this.#inside(token)
    else if (!this.#isValue()) this.#word(name, token)
    this.#before = name === undefined ? '' : partsOf(name).join('-')
  }

  #word(name: string, token: LineToken): void {
    const word = partsOf(name).join('-')
    if (ofRoutes.has(word)) this.#isOfRoutes = true
    const kind = wordKind(name)
    if (token.kind === 'word' && kind === 'secret' && this.#hideGlued(name, token)) return
    if (this.#isProse && !this.#isAssigned()) return
    if (kind === 'describing') this.#describe()
    else if (kind === 'naming') this.#passName(word)
    else if (word === 'authentication') this.#authentication()
    else if (keyed.has(word)) this.#keyed(word)
    else if (kind === 'secret' && !isOpenWord(this.#before, word)) this.#secret(word)
  }

  /** `secret:X` and `secret"X"` */
  #hideGlued(name: string, { text, start, end }: LineToken): boolean {
    const at = text.indexOf(name) + name.length
    if (at >= text.length || !/[:"']/.test(text[at] as string)) return false
    if (/community$/i.test(name) && routeCommunity.test(text.slice(at + 1))) return false
    this.#hide(start + at + 1, end)
    this.#hideRest()
    return true
  }

  /** In quotes to the end of these, else to the end of the line; where braces are, one word. */
  #describe(): void {
    this.#skipSeparators()
    const next = this.#tokens[this.#at]
    if (next?.kind === 'closed' || (this.#hasBraces && next?.kind === 'word')) this.#at++
    else if (!this.#hasBraces) this.#isProse = true
  }

  #passName(word: string): void {
    const isAssigned = this.#skipSeparators()
    const [next, value] = this.#tokens.slice(this.#at, this.#at + 2)
    const name = next && nameOf(next)
    if (next === undefined || next.kind === 'sign' || name === undefined) return
    if (this.#tokens[this.#at - 1]?.text === ':' && this.#isKindOfKeys()) {
      this.#hideFrom(value)
      return
    }
    const kind = wordKind(name)
    if (kind === 'naming' || kind === 'describing') return
    if (kind === 'secret' && looselyNaming.has(word)) return
    const isSetting = word !== 'define' && value !== undefined && isSign(value, '=')
    if (!isAssigned && isSetting && kind === 'secret') return
    this.#at++
  }

  #authentication(): void {
    const next = this.#tokens[this.#at]
    if (next !== undefined && this.#isGluedValue(next)) this.#hideFrom(next)
    if (next === undefined || next.kind === 'sign') return
    const name = nameOf(next)
    const word = name === undefined ? '' : partsOf(name).join('-')
    if (underAuthentication.has(word) || this.#isSecretName(next) || (name !== undefined && isAboutSecret(name))) return
    const behind = this.#tokens[this.#at + 1]
    const isField = behind && (this.#isSecretName(behind) || fields.has(nameOf(behind)?.toLowerCase() ?? ''))
    if (methods.test(word) && isField) this.#at++
    else this.#hideFrom(next)
  }

  #keyed(word: string): void {
    const [next, value] = this.#tokens.slice(this.#at, this.#at + 2)
    if (next !== undefined && this.#isGluedValue(next)) this.#hideFrom(next)
    if (next === undefined || next.kind === 'sign') return
    const name = nameOf(next)?.toLowerCase() ?? ''
    if (/^(?:type|mode|protocol)$/.test(name) || this.#isSecretName(next)) return
    if (value && value.kind !== 'sign') this.#hideFrom(value)
    else if (word.startsWith('priv') && !algorithms.test(name)) this.#hideFrom(next)
  }

  #secret(word: string): void {
    const isAssigned = this.#skipSeparators()
    const [next, second, third] = this.#tokens.slice(this.#at, this.#at + 3)
    if (next === undefined && isAssigned) this.opened = 'value'
    if (next === undefined || (word === 'pass' && !isAssigned)) return
    if (next.kind === 'sign') {
      this.#behindSign(next, isAssigned)
      return
    }
    const name = nameOf(next) ?? ''
    if (!isAssigned && this.#isShownBehind(word, name, [second, third])) return
    if (word.endsWith('community') && (this.#isOfRoutes || routeCommunity.test(next.text))) return
    if (word === 'shared' && /^(?:yes|no|true|false)$/i.test(name)) return
    if (word.endsWith('-file') && isPath(next.text)) return
    this.#hideValue(next, isAssigned)
  }

  /** What stands there is a name, or what the key is about. */
  #isShownBehind(word: string, name: string, [second, third]: readonly (LineToken | undefined)[]): boolean {
    const isKey = /(?:^|-)keys?$/.test(word)
    if (isKey && second !== undefined && (wordKind(name) === 'secret' || (isAbout(name) && isKnown(second))))
      return true
    const isGre = word === 'key' && /^(?:ip|gre)$/.test(this.#before) && /^\d{1,10}$/.test(name)
    if (isGre) return true
    const isNumbered = word === 'key' && /^\d{1,3}$/.test(name)
    if (!named.test(word) && !isNumbered) return false
    if (word !== 'psk' && second !== undefined && !ends.has(second.text) && below.has(name)) return true
    const isTag =
      second !== undefined &&
      ((third !== undefined && (isNumbered ? this.#isSecretName(second) : below.has(nameOf(second) ?? ''))) ||
        (isSign(second, '{') && /^\s\{(?:\s|$)/.test(this.#line.slice(second.start - 1, second.end + 1))))
    if (isTag) this.#at++
    return isTag
  }

  #behindSign(sign: LineToken, isAssigned: boolean): void {
    const [next, behind] = this.#tokens.slice(this.#at + 1, this.#at + 3)
    if (next === undefined) return
    if (sign.text === '{') {
      const name = nameOf(next) ?? ''
      const isSection = !isAssigned && (isBlank(this.#line[sign.end]) || (behind !== undefined && opens(behind)))
      const isKnown = below.has(name.toLowerCase()) || isAbout(name) || wordKind(name) === 'secret'
      if (!isSection && !isKnown && next.kind !== 'sign') this.#hideFrom(next)
    } else if (sign.text === '[' || sign.text === '<') this.#hideFrom(next)
    else if (!ends.has(sign.text) || (isAssigned ? this.#isGlued() : this.#isGluedValue(sign))) this.#hideFrom(sign)
  }

  /** Reports whether a value begins with a sign that stands behind a blank. */
  #isGluedValue({ kind, start }: LineToken): boolean {
    return kind === 'sign' && isBlank(this.#line[start - 1]) && this.#isGlued()
  }

  /** Reports whether signs without a blank between them begin a word. */
  #isGlued(): boolean {
    let at = this.#at
    let token = this.#tokens[at]
    while (token?.kind === 'sign') {
      const next: LineToken | undefined = this.#tokens[++at]
      if (next?.start !== token.end) return false
      token = next
    }
    return token !== undefined
  }

  #hideValue(value: LineToken, isAssigned: boolean): void {
    if (value.text === hidden) {
      this.#at++
      return
    }
    let last = value
    while (last.kind === 'closed' && !this.#isBroken) {
      this.#at++
      const next = this.#tokens[this.#at]
      if (next === undefined || this.#isStructure(next, isAssigned)) {
        this.#hide(value.start, last.end)
        return
      }
      if (next.kind !== 'closed') break
      last = next
    }
    this.#hideFrom(value)
  }

  /** Reports whether what follows a value in quotes is no more of it. */
  #isStructure(next: LineToken, isAssigned: boolean): boolean {
    if (next.kind === 'sign') return ends.has(next.text) || next.text === '<' || next.text === '&'
    if (next.kind !== 'word' || /["'\\]/.test(next.text)) return false
    const behind = this.#tokens[this.#at + 1]
    return !isAssigned || next.text === '#' || (behind !== undefined && opens(behind))
  }

  /** A line in a string, such as one of a list of commands. */
  #inside({ kind, text, start }: LineToken): void {
    if (this.#isProse || kind === 'word') return
    if (this.#depth < deepest) {
      for (const inner of secretRanges(text, this.#depth + 1)) {
        this.#hide(start + 1 + inner.start, start + 1 + inner.end)
      }
    } else this.#hide(start, start + text.length + 1)
  }

  /** Reports whether a word is the value of a setting, such as `authby=secret`, and the setting ends with it. */
  #isValue(): boolean {
    const sign = this.#tokens[this.#at - 2]
    const setting = this.#tokens[this.#at - 3]
    if (!sign || !setting || setting.kind === 'sign' || !(isSign(sign, '=') || isSign(sign, ':'))) return false
    const [next, behind] = this.#tokens.slice(this.#at, this.#at + 2)
    if (next === undefined || next.text === '#') return true
    if (next.kind === 'sign' && ends.has(next.text)) return !(isBlank(this.#line[next.start - 1]) && this.#isGlued())
    const isNextSetting = next.kind !== 'sign' && behind !== undefined && opens(behind)
    return isSign(sign, '=') && isNextSetting && (behind.text !== '{' || isBlank(this.#line[behind.start - 1]))
  }

  #isAssigned(): boolean {
    const next = this.#tokens[this.#at]
    return next !== undefined && (isSign(next, '=') || isSign(next, ':'))
  }

  #isKindOfKeys(): boolean {
    const next = this.#tokens[this.#at]
    return next?.kind === 'word' && isKindOfKeys(next.text)
  }

  #isSecretName(token: LineToken): boolean {
    const name = nameOf(token)
    return name !== undefined && wordKind(name) === 'secret'
  }

  #skipSeparators(): boolean {
    const from = this.#at
    while (this.#tokens[this.#at]?.kind === 'sign' && separators.has(this.#tokens[this.#at]?.text ?? '')) this.#at++
    return this.#at > from
  }

  #hide(start: number, end: number): void {
    if (end > start) this.#found.push({ start, end })
  }

  #hideFrom(token: LineToken | undefined): void {
    if (token === undefined) return
    this.#hide(token.start, this.#line.length)
    this.#at = this.#tokens.length
    this.opened = this.#openedBy(token)
  }

  #openedBy({ kind, text, start, end }: LineToken): Opened | undefined {
    const rest = this.#line.slice(start, start + 3)
    if (/^[|>][+-]?$/.test(rest)) return 'text'
    if (rest === '\\') return 'value'
    const quote = this.#line[start]
    const isOpen = kind === 'open' && end === this.#line.length && (quote === '"' || quote === "'")
    return isOpen && !text.replace(/\\./g, '').includes(quote) ? quote : undefined
  }

  #hideRest(): void {
    this.#hideFrom(this.#tokens[this.#at])
  }
}

/** Behind them stands a name, or else what the user has. */
const looselyNaming = new Set(['user', 'username', 'login'])

/** The name that a token may be: a word without what stands before and behind, a string that is one word; `undefined` for others. */
function nameOf({ kind, text }: LineToken): string | undefined {
  if (kind === 'sign') return undefined
  if (kind === 'word') return label.exec(text)?.[1]
  return /^[\w./-]+$/.test(text) ? text : undefined
}

function isSign(token: LineToken, text: string): boolean {
  return token.kind === 'sign' && token.text === text
}

function opens(token: LineToken): boolean {
  return isSign(token, '=') || isSign(token, ':') || isSign(token, '{')
}

/** `public key`, where the kind of key is a word of its own. */
function isOpenWord(before: string, word: string): boolean {
  return word === 'key' && /^(?:public|host|trusted)$/.test(before)
}

function isBlank(character: string | undefined): boolean {
  return character !== undefined && /\s/.test(character)
}

/** What is said of keys, and is none. */
function isKnown({ text }: LineToken): boolean {
  return /^(?:\d+|rsa|dsa|ecdsa|ed25519|x25519|ikev[12]|pem|der|pkcs\d+|none)$/i.test(text) || isPath(text)
}

function isPath(text: string): boolean {
  return /^(?:~|\.{0,2})\/[\w.@-]+(?:\/[\w.@-]+)*$|^[\w.-]+\.(?:key|pem|crt|der|p12|pfx|psk|txt|conf)$/.test(text)
}
