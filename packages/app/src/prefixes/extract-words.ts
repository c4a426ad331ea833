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

/** Words between an address and its mask. */
const maskWords = new Set(['netmask', 'mask'])

/**
 * Puts the words of a router's output together to prefixes: `10.0.1.5/24`, an address with a mask behind it, with a wildcard mask where
 * that is clear, or with the length that a heading of `show ip route` gives. Host bits are dropped: an interface's address stands for
 * its network.
 */
export class WordPrefixes {
  readonly leftOut: LeftOut = { addresses: 0, special: 0, headings: 0 }
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

  /** Reports whether plain words matter now; most of a text can be passed over quickly. */
  get wantsWords(): boolean {
    return this.#held !== undefined || this.#bare.length > 0
  }

  word(text: string): void {
    const lower = text.toLowerCase()
    this.#before = lower
    if (this.#held) this.#behindHeld(lower)
    if (!maskWords.has(lower)) this.#flushBare()
  }

  /** A word that was passed over. */
  pass(): void {
    this.#before = ''
  }

  /** A word with three dots or two colons. */
  candidate(text: string, line: number, gap: Gap): void {
    this.#release()
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
    if (isEverywhere(held.prefix)) this.leftOut.special++
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

function isEverywhere(prefix: Prefix): boolean {
  return prefix.length === 0 || specialPurposeRanges.some((range) => range.prefix.contains(prefix))
}
