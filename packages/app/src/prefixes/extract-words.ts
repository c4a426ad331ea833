import { Address, lengthOfNetmask, lengthOfWildcard, Prefix, specialPurposeRanges } from '@natplan/core'

/** What stands between a word and the one before it on its line. */
export type Gap = 'blank' | 'sign'

/** What was seen and not taken, by what it is. */
export interface LeftOut {
  /** Addresses that have no length or mask, such as next hops. */
  addresses: number
  /** Default routes, loopback, link-local and multicast space, which every router has. */
  special: number
  /** Lines such as `10.0.0.0/8 is variably subnetted`, which only announce routes. */
  headings: number
  /** In rules and named groups of a router, which say what is meant by packets and not what is in use. */
  rules: number
}

export interface Found {
  prefix(prefix: Prefix, line: number): void
  wrong(text: string, line: number): void
}

interface Bare {
  readonly address: Address
  readonly line: number
}

/** A prefix that is glued to something else; behind two slashes it is the address of a web page. */
const prefixInside = /(?<![/0-9.])([0-9]+\.){3}[0-9]+\/[0-9]/

/** So many words of a line say whether it is a rule. */
const mostOpening = 5

/**
 * How lines and blocks begin that say which packets or routes are meant: groups, prefix lists, access lists, filters (VyOS, EdgeOS, Junos, IOS,
 * ASA, RouterOS, nft).
 */
const ruleOpenings =
  /(?:^|^(?:set|delete) |^no )(?:firewall|group|network-group|address-group|address-mask-group|policy|prefix-list6?|policy-options|access-list6?|ip(?:v6)? prefix-list|ip(?:v6)? access-list|object-group|network-object|object network|permit|deny|seq [0-9]+ (?:permit|deny)|route-map|[0-9]+ (?:permit|deny)|security address-book|table (?:ip6?|inet|bridge|netdev) \S+|add (?:list|address)=)\b/

/** What old `ifconfig` has between an address and its mask; that of BusyBox prints 0.0.0.0 where nobody set one. */
const broadcast = /^Bcast:/

/** Words between an address and its mask. */
const maskWords = new Set(['netmask', 'mask'])

/**
 * Puts the words of a router's output together to prefixes: `10.0.1.5/24`, an address with a mask behind it, with a wildcard mask where
 * that is clear, or with the length that a heading of `show ip route` gives. Host bits are dropped: an interface's address stands for
 * its network.
 */
export class WordPrefixes {
  readonly leftOut: LeftOut = { addresses: 0, special: 0, headings: 0, rules: 0 }
  readonly #found: Found
  /** Addresses side by side that may get a mask. */
  #bare: Bare[] = []
  /** A prefix that may still turn out to be a heading, and the words behind it. */
  #held: { readonly prefix: Prefix; readonly line: number; words: number } | undefined
  /** The length that a heading gives to the routes below. */
  #inherited: number | undefined
  #isFirstAddress = true
  #before = ''

  constructor(found: Found) {
    this.#found = found
  }

  /** The words of the line so far, as long as they may say that it is a rule. */
  #opening: string[] = []
  /** For each brace that is open, whether what stands in it are rules. */
  readonly #blocks: boolean[] = []
  #isRule = false
  /** Below the heading of BSD's `netstat -rn`, in which `10.0/16` and `10.1.1` are networks. */
  #isShortened = false

  /** Reports whether plain words matter now; most of a text can be passed over quickly. */
  get wantsWords(): boolean {
    return this.#held !== undefined || this.#bare.length > 0 || this.#opening.length < mostOpening
  }

  word(text: string): void {
    const lower = text.toLowerCase()
    this.#before = lower
    this.#open(lower)
    if (this.#held) this.#behindHeld(lower)
    if (!maskWords.has(lower)) this.#flushBare()
  }

  /** A word that was passed over. */
  pass(): void {
    this.#before = ''
  }

  /** A brace, in which configurations put what belongs together. */
  brace(isOpening: boolean): void {
    if (isOpening) this.#blocks.push(this.#isRule)
    else this.#blocks.pop()
    this.#startLine()
  }

  /** The first word of a line, with digits and fewer than three dots. */
  short(text: string, line: number): void {
    const [, octets = '', , length] = /^([0-9]{1,3}(\.[0-9]{1,3}){0,2})(?:\/([0-9]{1,2}))?$/.exec(text) ?? []
    if (this.#isShortened && this.#opening.length === 0 && octets !== '') {
      const parts = octets.split('.')
      const address = Address.tryParse([...parts, '0', '0', '0'].slice(0, 4).join('.'))
      const bits = length === undefined ? 8 * parts.length : Number(length)
      if (address && bits <= 32) this.#hold(Prefix.fromBits(address.bits, bits), line)
    }
    this.word(text)
  }

  /** A word with three dots or two colons. */
  candidate(text: string, line: number, gap: Gap): void {
    this.#release()
    if (broadcast.test(text)) {
      this.leftOut.addresses++
      return
    }
    const bare = withoutLabel(text)
    const slash = bare.indexOf('/')
    if (slash >= 0) this.#withLength(bare, slash, line)
    else this.#withoutLength(bare, line, gap)
    this.#before = ''
  }

  lineEnd(): void {
    this.#release()
    this.#flushBare()
    this.#isFirstAddress = true
    this.#before = ''
    this.#startLine()
  }

  #startLine(): void {
    this.#opening = []
    this.#isRule = this.#blocks.includes(true)
  }

  #open(word: string): void {
    if (this.#opening.length >= mostOpening) return
    this.#opening.push(word)
    const opening = this.#opening.join(' ')
    if (opening === 'destination gateway') this.#isShortened = true
    this.#isRule ||= ruleOpenings.test(opening)
  }

  #withLength(text: string, slash: number, line: number): void {
    this.#flushBare()
    const address = Address.tryParse(text.slice(0, slash))
    const lengthText = text.slice(slash + 1)
    const length = /^[0-9]{1,3}$/.test(lengthText) ? Number(lengthText) : lengthOfNetmask(lengthText)
    this.#isFirstAddress = false
    if (address && length !== undefined && length <= (address.family === 4 ? 32 : 128)) {
      this.#inherited = undefined
      this.#hold(Prefix.fromBits(address.bits, length), line)
    } else if ((address && /^[0-9]/.test(lengthText)) || prefixInside.test(text)) {
      this.#found.wrong(text, line)
    }
  }

  #withoutLength(text: string, line: number, gap: Gap): void {
    const address = Address.tryParse(text)
    if (!address || this.#bare.length > 2) this.#flushBare()
    if (!address || this.#takeMask(text, gap)) return
    const isFirst = this.#isFirstAddress
    this.#isFirstAddress = false
    const prefix = this.#before === 'host' ? Prefix.of(address) : isFirst ? this.#inheriting(address) : undefined
    if (prefix) this.#hold(prefix, line)
    else this.#bare.push({ address, line })
  }

  /** The network of an address with the length that a heading gave, where the address has no host bits. */
  #inheriting(address: Address): Prefix | undefined {
    if (this.#inherited === undefined || address.family !== 4) return undefined
    const prefix = Prefix.fromBits(address.bits, this.#inherited)
    return prefix.bits === address.bits ? prefix : undefined
  }

  /** Takes an address as the mask of one before it, where it can be nothing else. */
  #takeMask(text: string, gap: Gap): boolean {
    const owner = this.#ownerOf(text, gap)
    if (!owner) return false
    this.leftOut.addresses += this.#bare.length - 1
    this.#bare = []
    this.#hold(owner.prefix, owner.line)
    return true
  }

  /** In `route -n` the gateway stands between network and mask; then the network has no host bits, and is meant. */
  #ownerOf(text: string, gap: Gap): { readonly prefix: Prefix; readonly line: number } | undefined {
    const length = lengthOfNetmask(text)
    const candidates = this.#bare.filter(({ address }) => address.family === 4)
    const last = candidates.at(-1)
    const first = candidates[0]
    if (!first || !last) return undefined
    if (length !== undefined && (length > 0 || first.address.bits === 0)) {
      const fits = length > 0 ? Prefix.fromBits(first.address.bits, length).bits === first.address.bits : true
      const owner = fits ? first : last
      return { prefix: Prefix.fromBits(owner.address.bits, length), line: owner.line }
    }
    const wild = lengthOfWildcard(text)
    if (wild === undefined || wild === 32 || wild === 0 || gap !== 'blank') return undefined
    const prefix = Prefix.fromBits(last.address.bits, wild)
    return prefix.bits === last.address.bits ? { prefix, line: last.line } : undefined
  }

  #behindHeld(word: string): void {
    const held = this.#held
    if (!held) return
    if (held.words === 0 && word === 'is') held.words = 1
    else if (held.words === 1 && (word === 'variably' || word === 'subnetted')) {
      this.leftOut.headings++
      this.#inherited = word === 'subnetted' ? held.prefix.length : undefined
      this.#held = undefined
    } else this.#release()
  }

  #hold(prefix: Prefix, line: number): void {
    this.#release()
    this.#held = { prefix, line, words: 0 }
  }

  #release(): void {
    const held = this.#held
    if (!held) return
    this.#held = undefined
    if (this.#isRule) this.leftOut.rules++
    else if (isEverywhere(held.prefix)) this.leftOut.special++
    else this.#found.prefix(held.prefix, held.line)
  }

  #flushBare(): void {
    this.leftOut.addresses += this.#bare.length
    this.#bare = []
  }
}

/** Without a label such as `cidr:` in front and punctuation behind. */
function withoutLabel(text: string): string {
  const label = /^[A-Za-z_][\w-]*:(?=[0-9]+\.)|^[\w-]*[G-Zg-z_][\w-]*:/.exec(text)
  return text.slice(label?.[0].length ?? 0).replace(/[.:/_-]+$/, (end) => (end === '::' ? end : ''))
}

export function isEverywhere(prefix: Prefix): boolean {
  return prefix.length === 0 || specialPurposeRanges.some((range) => range.prefix.contains(prefix))
}
