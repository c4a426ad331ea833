/**
 * The one packed form of an address: an unsigned integer in network order, a `number` below 2^32 for IPv4 and a `bigint`
 * below 2^128 for IPv6. Within a family `<`, `>` and `===` compare addresses, so most code needs no case for the family.
 */
export type Bits = number | bigint

export type Family = 4 | 6

/** The number of bits of an address: 32 or 128. */
export function widthOf(family: Family): 32 | 128 {
  return family === 4 ? 32 : 128
}

export function familyOf(bits: Bits): Family {
  return typeof bits === 'number' ? 4 : 6
}

/** Reports whether a number is a whole one in the range of its family. */
export function isAddressBits(bits: Bits): boolean {
  if (typeof bits === 'bigint') return bits >= 0n && bits >> 128n === 0n
  return Number.isInteger(bits) && bits >= 0 && bits < 2 ** 32
}

/** How many IPv4 addresses a prefix of each length holds: asked all the time, and powers are slow. */
export function ipv4Size(length: number): number {
  return length === 0 ? 2 ** 32 : 0x80000000 >>> (length - 1)
}

/** How many addresses a prefix of this length holds, as bits of its family (2^32 and 2^128 themselves included). */
export function sizeOf(family: Family, length: number): Bits {
  return family === 4 ? ipv4Size(length) : 1n << BigInt(128 - length)
}

/** The address with all bits behind the prefix length set to zero. */
export function firstOf(bits: Bits, length: number): Bits {
  if (typeof bits === 'number') return length === 0 ? 0 : (bits & (-1 << (32 - length))) >>> 0
  const host = BigInt(128 - length)
  return (bits >> host) << host
}

/** The last address of the prefix that starts at `first`. */
export function lastOf(first: Bits, length: number): Bits {
  return typeof first === 'number' ? first + ipv4Size(length) - 1 : first + (1n << BigInt(128 - length)) - 1n
}

/** The sum of an address and a distance; the distance may be negative. The result is not checked against the family's end. */
export function offsetBy(bits: Bits, distance: Bits): Bits {
  return typeof bits === 'number' ? bits + Number(distance) : bits + BigInt(distance)
}

/** Reads four decimal octets without leading zeros; `undefined` for anything else. */
export function parseIpv4(text: string): number | undefined {
  let bits = 0
  let octet = -1
  let dots = 0
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 48
    if (digit >= 0 && digit <= 9) {
      if (octet === 0) return undefined
      octet = octet < 0 ? digit : octet * 10 + digit
      if (octet > 255) return undefined
    } else if (digit === -2 && octet >= 0 && dots < 3) {
      bits = bits * 256 + octet
      octet = -1
      dots++
    } else {
      return undefined
    }
  }
  return dots === 3 && octet >= 0 ? bits * 256 + octet : undefined
}

function formatIpv4(bits: number): string {
  return `${Math.floor(bits / 2 ** 24)}.${(bits >>> 16) & 255}.${(bits >>> 8) & 255}.${bits & 255}`
}

/** Reads the text forms of RFC 4291 section 2.2, an embedded IPv4 tail included; no zone, no blanks; `undefined` else. */
export function parseIpv6(text: string): bigint | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const [head, tail] = halves.map(parseGroups)
  if (head === undefined || (halves.length === 2 && tail === undefined)) return undefined
  const given = head.length + (tail?.length ?? 0)
  if (tail === undefined ? given !== 8 : given > 7) return undefined
  const groups = [...head, ...new Array<number>(8 - given).fill(0), ...(tail ?? [])]
  return groups.reduce((bits, group) => (bits << 16n) | BigInt(group), 0n)
}

/** The 16-bit groups of one side of `::`; an IPv4 tail counts as two. */
function parseGroups(text: string, side: number, sides: readonly string[]): number[] | undefined {
  if (text === '') return sides.length === 2 ? [] : undefined
  const parts = text.split(':')
  const groups: number[] = []
  for (const [index, part] of parts.entries()) {
    if (/^[0-9a-f]{1,4}$/i.test(part)) {
      groups.push(Number.parseInt(part, 16))
      continue
    }
    const isTail = index === parts.length - 1 && side === sides.length - 1
    const embedded = isTail ? parseIpv4(part) : undefined
    if (embedded === undefined) return undefined
    groups.push(embedded >>> 16, embedded & 0xffff)
  }
  return groups
}

/** The canonical text of RFC 5952: lower case, no leading zeros, the first longest run of two or more zero groups as `::`. */
export function formatIpv6(bits: bigint): string {
  const groups = Array.from({ length: 8 }, (_, i) => Number((bits >> BigInt(112 - 16 * i)) & 0xffffn))
  const run = longestZeroRun(groups)
  const hex = (part: number[]) => part.map((group) => group.toString(16)).join(':')
  if (run.length < 2) return hex(groups)
  return `${hex(groups.slice(0, run.start))}::${hex(groups.slice(run.start + run.length))}`
}

function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 }
  let start = 0
  for (const [index, group] of groups.entries()) {
    if (group !== 0) start = index + 1
    else if (index - start + 1 > best.length) best = { start, length: index - start + 1 }
  }
  return best
}

/** The canonical text of an address of either family. */
export function formatBits(bits: Bits): string {
  return typeof bits === 'number' ? formatIpv4(bits) : formatIpv6(bits)
}

/** What must be added to one address to get another of the same family. */
export function distance(from: Bits, to: Bits): Bits {
  return offsetBy(to, -from as Bits)
}
