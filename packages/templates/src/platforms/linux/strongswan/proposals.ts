import { type EspOffer, type IkeOffer, wordTable } from '@natplan/core'
import { limits } from '../../../limits.ts'

/** Diffie-Hellman groups by strongSwan's words (IANA registry numbers). */
const groups: ReadonlyMap<string, number> = new Map([
  ['modp768', 1],
  ['modp1024', 2],
  ['modp1536', 5],
  ['modp2048', 14],
  ['modp3072', 15],
  ['modp4096', 16],
  ['modp6144', 17],
  ['modp8192', 18],
  ['ecp256', 19],
  ['ecp384', 20],
  ['ecp521', 21],
  ['modp1024s160', 22],
  ['modp2048s224', 23],
  ['modp2048s256', 24],
  ['ecp192', 25],
  ['ecp224', 26],
  ['ecp224bp', 27],
  ['ecp256bp', 28],
  ['ecp384bp', 29],
  ['ecp512bp', 30],
  ['curve25519', 31],
  ['x25519', 31],
  ['curve448', 32],
  ['x448', 32],
  ['mlkem512', 35],
  ['mlkem768', 36],
  ['mlkem1024', 37],
])

const hashes: ReadonlyMap<string, string> = new Map([
  ['md5', 'md5'],
  ['sha', 'sha1'],
  ['sha1', 'sha1'],
  ['sha256', 'sha256'],
  ['sha2_256', 'sha256'],
  ['sha384', 'sha384'],
  ['sha2_384', 'sha384'],
  ['sha512', 'sha512'],
  ['sha2_512', 'sha512'],
  ['aesxcbc', 'aesxcbc'],
  ['aescmac', 'aescmac'],
  ['sha256_96', 'sha256_96'],
  ['sha2_256_96', 'sha256_96'],
  ['sha1_160', 'sha1_160'],
  ['md5_128', 'md5_128'],
])

/** Lengths of what proves integrity are written in bytes or in bits. */
const tagBits: Readonly<Record<string, number>> = wordTable({
  '8': 64,
  '64': 64,
  '12': 96,
  '96': 96,
  '16': 128,
  '128': 128,
  '': 128,
})

/** A cipher by its common name; `undefined` for a word that is none. */
function cipherOf(word: string): string | undefined {
  const [, family = '', size = '128', kind, tag = ''] =
    /^(aes|camellia)(128|192|256)?(?:(gcm|ccm|ctr|gmac)(\d*))?$/.exec(word) ?? []
  if (family !== '') {
    if (kind === undefined) return `${family}${size}`
    if (kind === 'ctr' || kind === 'gmac') return tag === '' ? `${family}${size}${kind}` : undefined
    const bits = tagBits[tag]
    return bits === undefined ? undefined : `${family}${size}${kind}${bits}`
  }
  if (word === 'chacha20poly1305' || word === 'chacha20poly1305compat') return 'chacha20poly1305'
  if (word === 'null' || word === 'des' || word === '3des' || word === 'cast128') return word
  const [, name, bits = '128'] = /^(blowfish|serpent|twofish)(128|192|256)?$/.exec(word) ?? []
  return name && `${name}${bits}`
}

/** Ciphers that bring their own integrity. */
function isAead(cipher: string): boolean {
  return /gcm|ccm|gmac|chacha/.test(cipher)
}

interface Words {
  readonly ciphers: string[]
  readonly hashes: string[]
  readonly prfs: string[]
  /** `undefined` for `none`. */
  readonly groups: (number | undefined)[]
  readonly sequences: boolean[]
  /** A word was not known. */
  isStrange: boolean
}

function wordsOf(text: string): Words {
  const words: Words = { ciphers: [], hashes: [], prfs: [], groups: [], sequences: [], isStrange: false }
  for (const word of text.toLowerCase().split('-').slice(0, 100)) {
    const cipher = cipherOf(word)
    const prf = word.startsWith('prf') ? hashes.get(word.slice(3)) : undefined
    const [hash, group] = [hashes.get(word), groups.get(word)]
    if (cipher !== undefined) words.ciphers.push(cipher)
    else if (hash !== undefined) words.hashes.push(hash)
    else if (prf !== undefined) words.prfs.push(prf)
    else if (group !== undefined) words.groups.push(group)
    else if (word === 'none' || word === 'modpnone') words.groups.push(undefined)
    else if (word === 'esn' || word === 'noesn') words.sequences.push(word === 'esn')
    else words.isStrange = true
  }
  return words
}

/** The offers of a list of proposals, as far as their words are known. */
export interface Offers<T> {
  readonly offers: readonly T[]
  readonly isWhole: boolean
}

const mostOffers = limits.offers.most

function offersIn<T>(
  list: string,
  { one, standard }: { one: (words: Words) => T[]; standard: readonly T[] },
): Offers<T> {
  const offers: T[] = []
  let isWhole = true
  for (const text of list.split(',')) {
    const proposal = text.trim().replace(/!$/, '')
    if (proposal === '') continue
    const words = wordsOf(proposal)
    const made = proposal === 'default' ? standard : words.isStrange ? [] : one(words)
    isWhole &&= proposal !== 'default' && made.length > 0 && offers.length + made.length <= mostOffers
    offers.push(...made.slice(0, Math.max(0, mostOffers - offers.length)))
  }
  return { offers, isWhole }
}

/** `aes256gcm16-prfsha384-x25519,aes256-sha256-modp2048`; what is left out stands for strongSwan's own. */
export function ikeOffers(list: string | undefined): Offers<IkeOffer> {
  return offersIn(list ?? 'default', { one: ikeOf, standard: standardIke })
}

export function espOffers(list: string | undefined): Offers<EspOffer> {
  return offersIn(list ?? 'default', { one: espOf, standard: standardEsp })
}

/** A hash that is named beside a cipher with integrity of its own is for the keys only. */
function ikeOf(words: Words): IkeOffer[] {
  const dhGroups = words.groups.filter((group) => group !== undefined)
  return words.ciphers.flatMap((encryption) => {
    const pairs = isAead(encryption)
      ? (words.prfs.length > 0 ? words.prfs : words.hashes).map((prf) => ({ hash: undefined, prf }))
      : words.hashes.flatMap((hash) => (words.prfs.length > 0 ? words.prfs : [hash]).map((prf) => ({ hash, prf })))
    return pairs.flatMap((pair) => dhGroups.map((dhGroup): IkeOffer => ({ encryption, ...pair, dhGroup })))
  })
}

function espOf(words: Words): EspOffer[] {
  const dhGroups = words.groups.length > 0 ? words.groups : [undefined]
  const sequences = words.sequences.length > 0 ? words.sequences : [undefined]
  return words.ciphers.flatMap((encryption) => {
    const used = isAead(encryption) ? [undefined] : words.hashes
    return used.flatMap((hash) =>
      dhGroups.flatMap((dhGroup) =>
        sequences.map((extendedSequence): EspOffer => ({ encryption, hash, dhGroup, extendedSequence })),
      ),
    )
  })
}

const sizes = ['128', '192', '256'] as const

/** The greater part of what strongSwan offers by itself (proposal.c); which of it there is depends on its plugins. */
const standardWords: Words = {
  ciphers: sizes.flatMap((size) => [`aes${size}`, `aes${size}gcm128`]),
  hashes: ['sha256', 'sha384', 'sha512'],
  prfs: [],
  groups: [31, 19, 20, 21, 15, 16, 18, 14],
  sequences: [],
  isStrange: false,
}

const standardIke: readonly IkeOffer[] = ikeOf(standardWords)
const standardEsp: readonly EspOffer[] = espOf({
  ...standardWords,
  hashes: [...standardWords.hashes, 'sha1'],
  groups: [],
})
