import { parseIpv6 } from '../address/bits.ts'

/** What is wrong with the text of a prefix, in the words of `codes.ts`. */
export type PrefixFault = 'PREFIX_INVALID' | 'PREFIX_LENGTH_INVALID' | 'PREFIX_HOST_BITS'

/** Where a reading ends up: the four words of an IPv6 address, or the first of them for IPv4, and the length. */
export interface PrefixParts {
  isIpv4: boolean
  readonly words: Uint32Array
  length: number
  /** The prefix without its host bits is in `words` either way; this tells that there were some. */
  hadHostBits: boolean
}

export function newParts(): PrefixParts {
  return { isIpv4: true, words: new Uint32Array(4), length: 0, hadHostBits: false }
}

const slash = 0x2f
const colon = 0x3a
const dot = 0x2e
/** No address of either family is longer: eight groups of which the last two are four octets of three digits. */
const longestAddress = 45

/**
 * Reads one prefix or address in ASCII bytes into `parts`: the same language as `Prefix.parse` and `Address.parse`; an
 * address alone is the block that holds only it. Host bits are dropped, and told of in `parts`.
 */
export function readPrefix(
  bytes: Uint8Array,
  { start, end }: { readonly start: number; readonly end: number },
  parts: PrefixParts,
): PrefixFault | undefined {
  let addressEnd = start
  let isIpv4 = true
  while (addressEnd < end && bytes[addressEnd] !== slash) {
    if (bytes[addressEnd] === colon) isIpv4 = false
    addressEnd++
  }
  if (addressEnd - start > longestAddress) return 'PREFIX_INVALID'
  parts.isIpv4 = isIpv4
  const isAddress = isIpv4
    ? readIpv4(bytes, { start, end: addressEnd }, parts)
    : readIpv6(bytes, { start, end: addressEnd }, parts)
  if (!isAddress) return 'PREFIX_INVALID'
  const width = isIpv4 ? 32 : 128
  const length = addressEnd === end ? width : readLength(bytes, addressEnd + 1, end)
  if (length < 0 || length > width) return 'PREFIX_LENGTH_INVALID'
  parts.length = length
  parts.hadHostBits = clearHostBits(parts.words, length, width / 32)
  return undefined
}

function readIpv4(
  bytes: Uint8Array,
  { start, end }: { readonly start: number; readonly end: number },
  parts: PrefixParts,
): boolean {
  let bits = 0
  let octet = -1
  let dots = 0
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number
    const digit = byte - 48
    if (digit >= 0 && digit <= 9) {
      if (octet === 0) return false
      octet = octet < 0 ? digit : octet * 10 + digit
      if (octet > 255) return false
    } else if (byte === dot && octet >= 0 && dots < 3) {
      bits = (bits << 8) | octet
      octet = -1
      dots++
    } else {
      return false
    }
  }
  parts.words[0] = (bits << 8) | octet
  return dots === 3 && octet >= 0
}

function readIpv6(
  bytes: Uint8Array,
  { start, end }: { readonly start: number; readonly end: number },
  parts: PrefixParts,
): boolean {
  const bits = parseIpv6(String.fromCharCode(...bytes.subarray(start, end)))
  if (bits === undefined) return false
  for (let word = 0; word < 4; word++) parts.words[word] = Number((bits >> BigInt(96 - 32 * word)) & 0xffffffffn)
  return true
}

/** Up to three decimal digits without leading zeros; -1 for anything else. */
function readLength(bytes: Uint8Array, start: number, end: number): number {
  if (end === start || end - start > 3 || (bytes[start] === 48 && end - start > 1)) return -1
  let length = 0
  for (let at = start; at < end; at++) {
    const digit = (bytes[at] as number) - 48
    if (digit < 0 || digit > 9) return -1
    length = length * 10 + digit
  }
  return length
}

/** Reports whether there were bits behind the length; they are zero afterwards. */
function clearHostBits(words: Uint32Array, length: number, count: number): boolean {
  let found = false
  for (let word = 0; word < count; word++) {
    const kept = Math.min(Math.max(length - 32 * word, 0), 32)
    const host = kept === 32 ? 0 : 0xffffffff >>> kept
    if (((words[word] as number) & host) === 0) continue
    words[word] = (words[word] as number) & ~host
    found = true
  }
  return found
}
