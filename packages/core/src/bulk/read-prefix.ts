/** What is wrong with the text of a prefix, in the words of `codes.ts`. */
export type PrefixFault = 'PREFIX_INVALID' | 'PREFIX_LENGTH_INVALID' | 'PREFIX_HOST_BITS'

/** Some of the bytes of an array, `end` not included. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** Where a reading ends up. */
export interface PrefixParts {
  isIpv4: boolean
  /** The first address without host bits: four words of an IPv6 address, or the first of them for IPv4. */
  readonly words: Uint32Array
  length: number
  hadHostBits: boolean
}

export function newParts(): PrefixParts {
  return { isIpv4: true, words: new Uint32Array(4), length: 0, hadHostBits: false }
}

const slash = 0x2f
const colon = 0x3a
const dot = 0x2e
/** No address of either family is longer: six groups and four octets of three digits. */
const longestAddress = 45

/**
 * Reads one prefix or address in ASCII bytes into `parts`: the same language as `Prefix.parse` and `Address.parse`; an
 * address alone is the block that holds only it. Host bits are dropped, and told of in `parts`.
 */
export function readPrefix(bytes: Uint8Array, { start, end }: Span, parts: PrefixParts): PrefixFault | undefined {
  let addressEnd = start
  let isIpv4 = true
  while (addressEnd < end && bytes[addressEnd] !== slash) {
    if (bytes[addressEnd] === colon) isIpv4 = false
    addressEnd++
  }
  if (addressEnd - start > longestAddress) return 'PREFIX_INVALID'
  const address = { start, end: addressEnd }
  if (isIpv4) {
    const bits = readIpv4(bytes, address)
    if (bits < 0) return 'PREFIX_INVALID'
    parts.words[0] = bits
  } else if (!readIpv6(bytes, address, parts.words)) return 'PREFIX_INVALID'
  const width = isIpv4 ? 32 : 128
  const length = addressEnd === end ? width : readLength(bytes, { start: addressEnd + 1, end })
  if (length < 0 || length > width) return 'PREFIX_LENGTH_INVALID'
  parts.isIpv4 = isIpv4
  parts.length = length
  parts.hadHostBits = clearHostBits(parts.words, length, width / 32)
  return undefined
}

/** Four decimal octets without leading zeros as an unsigned number; -1 for anything else. */
function readIpv4(bytes: Uint8Array, { start, end }: Span): number {
  let bits = 0
  let octet = -1
  let dots = 0
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number
    const digit = byte - 48
    if (digit >= 0 && digit <= 9) {
      if (octet === 0) return -1
      octet = octet < 0 ? digit : octet * 10 + digit
      if (octet > 255) return -1
    } else if (byte === dot && octet >= 0 && dots < 3) {
      bits = (bits << 8) | octet
      octet = -1
      dots++
    } else {
      return -1
    }
  }
  return dots === 3 && octet >= 0 ? ((bits << 8) | octet) >>> 0 : -1
}

/** The groups of one address as they are met. */
const groups = new Uint16Array(8)

/** The text forms of RFC 4291 section 2.2, an embedded IPv4 tail included. */
function readIpv6(bytes: Uint8Array, { start, end }: Span, words: Uint32Array): boolean {
  let count = 0
  let gap = -1
  let at = start
  // Each turn starts where a group, or the second colon of `::`, may stand.
  if (bytes[at] === colon && bytes[at + 1] === colon && at + 1 < end) {
    gap = 0
    at += 2
  }
  while (at < end) {
    if (count === 8) return false
    const groupEnd = endOfGroup(bytes, { start: at, end })
    if (groupEnd < end && bytes[groupEnd] === dot) {
      const tail = count <= 6 ? readIpv4(bytes, { start: at, end }) : -1
      if (tail < 0) return false
      groups[count++] = tail >>> 16
      groups[count++] = tail
      break
    }
    const value = readGroup(bytes, { start: at, end: groupEnd })
    if (value < 0) return false
    groups[count++] = value
    at = groupEnd
    if (at === end) break
    if (bytes[at++] !== colon || at === end) return false
    if (bytes[at] === colon) {
      if (gap >= 0) return false
      gap = count
      at++
    }
  }
  if (gap < 0 ? count !== 8 : count > 7) return false
  spreadGroups(words, count, gap)
  return true
}

function endOfGroup(bytes: Uint8Array, { start, end }: Span): number {
  let at = start
  while (at < end && bytes[at] !== colon && bytes[at] !== dot) at++
  return at
}

/** One to four hexadecimal digits; -1 for anything else. */
function readGroup(bytes: Uint8Array, { start, end }: Span): number {
  if (start === end || end - start > 4) return -1
  let value = 0
  for (let at = start; at < end; at++) {
    const digit = hexDigit(bytes[at] as number)
    if (digit < 0) return -1
    value = (value << 4) | digit
  }
  return value
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const lower = byte | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x61 + 10 : -1
}

/** The groups behind `gap` move to the end; those between are zero. */
function spreadGroups(words: Uint32Array, count: number, gap: number): void {
  const before = gap < 0 ? count : gap
  words.fill(0)
  for (let group = 0; group < count; group++) {
    const place = group < before ? group : group + 8 - count
    words[place >>> 1] = (words[place >>> 1] as number) | ((groups[group] as number) << (place & 1 ? 0 : 16))
  }
}

/** Up to three decimal digits without leading zeros; -1 for anything else. */
function readLength(bytes: Uint8Array, { start, end }: Span): number {
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
  for (let word = length >>> 5; word < count; word++) {
    const kept = Math.max(length - 32 * word, 0)
    const host = kept === 0 ? 0xffffffff : 0xffffffff >>> kept
    if (((words[word] as number) & host) === 0) continue
    words[word] = (words[word] as number) & ~host
    found = true
  }
  return found
}
