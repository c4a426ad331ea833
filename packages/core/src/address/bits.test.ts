import { IPv6 } from 'ip-num'
import { describe, expect, it } from 'vitest'
import { type Bits, firstOf, formatBits, formatIpv6, lastOf, offsetBy, parseIpv4, parseIpv6, sizeOf } from './bits.ts'

describe('parseIpv4', () => {
  it.each([
    ['0.0.0.0', 0, 'the lowest address'],
    ['255.255.255.255', 2 ** 32 - 1, 'the highest address, beyond what signed 32-bit operators hold'],
    ['128.0.0.0', 2 ** 31, 'the sign bit alone'],
    ['10.0.1.5', 0x0a000105, 'an address as people write it'],
    ['1.20.255.100', 0x0114ff64, 'octets of one, two and three digits'],
  ])('reads %s as %d: %s', (text, bits) => {
    expect(parseIpv4(text)).toBe(bits)
    expect(formatBits(bits)).toBe(text)
  })

  it.each([
    ['', 'nothing'],
    ['1', 'a number alone'],
    ['1.2.3', 'the three-part form, 1.2.0.3 to inet_aton'],
    ['1.2.3.4.5', 'five parts'],
    ['1.2.3.', 'an empty last part'],
    ['.1.2.3', 'an empty first part'],
    ['1..2.3', 'an empty part between'],
    ['300.1.1.1', '44.1.1.1 to a reader that wraps'],
    ['1.1.1.256', 'one more than an octet holds'],
    ['1.1.1.99999999999999999999', 'more digits than a number holds'],
    ['010.0.0.1', 'octal 8.0.0.1 to some readers, 10.0.0.1 to others'],
    ['10.0.0.00', 'a zero with a leading zero'],
    ['0x0a.0.0.1', 'hexadecimal'],
    ['1e1.0.0.1', 'an exponent'],
    ['+1.0.0.1', 'a plus sign'],
    ['-1.0.0.1', 'a minus sign'],
    [' 10.0.0.0', 'a leading blank'],
    ['10.0.0.0 ', 'a trailing blank'],
    ['10.0.0.0\n', 'a trailing newline'],
    ['10.0. 0.0', 'a blank between'],
    ['١٠.٠.٠.٠', 'Arabic digits'],
    ['１０.0.0.0', 'full-width digits'],
    ['10,0,0,0', 'commas'],
    ['::1', 'the other family'],
  ])('refuses %j: %s', (text) => {
    expect(parseIpv4(text)).toBeUndefined()
  })
})

describe('parseIpv6', () => {
  it.each([
    ['::', 0n, 'all zeros'],
    ['ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', (1n << 128n) - 1n, 'the highest address'],
    ['1:2:3:4:5:6:7::', 0x1_0002_0003_0004_0005_0006_0007_0000n, 'one zero group as ::, which RFC 4291 allows'],
    ['::2:3:4:5:6:7:8', 0x2_0003_0004_0005_0006_0007_0008n, 'one zero group as :: in front'],
    ['2001:DB8::A', 0x2001_0db8_0000_0000_0000_0000_0000_000an, 'upper case'],
    ['::ffff:192.0.2.1', 0xffff_c000_0201n, 'an IPv4 tail, RFC 4291 section 2.2'],
    ['1:2:3:4:5:6:255.255.255.255', 0x1_0002_0003_0004_0005_0006_ffff_ffffn, 'an IPv4 tail without ::'],
  ])('reads %s: %s', (text, bits) => {
    expect(parseIpv6(text)).toBe(bits)
  })

  it.each([
    ['', 'nothing'],
    [':', 'half of ::'],
    [':::', 'three colons'],
    ['1::2::3', 'two gaps'],
    ['1:2:3:4:5:6:7', 'seven groups'],
    ['1:2:3:4:5:6:7:8:9', 'nine groups'],
    ['1:2:3:4:5:6:7:8::', 'a gap of no group'],
    ['1:2:3:4::5:6:7:8', 'a gap of no group between'],
    [':1:2:3:4:5:6:7', 'one leading colon'],
    ['1:2:3:4:5:6:7:', 'one trailing colon'],
    ['12345::', 'a group of five digits'],
    ['g::', 'a letter that is no digit'],
    ['-1::', 'a sign'],
    ['fe80::1%eth0', 'a zone, which ip-num accepts'],
    ['::%', 'an empty zone'],
    ['[::1]', 'brackets, as in a URL'],
    ['1.2.3.4::', 'an IPv4 part in front'],
    ['::1.2.3.4:5', 'an IPv4 part between'],
    ['::1.2.3', 'an IPv4 tail of three parts'],
    ['::01.2.3.4', 'an IPv4 tail with a leading zero'],
    ['1:2:3:4:5:6:7:1.2.3.4', 'an IPv4 tail that counts as two groups, nine in all'],
    [' ::1', 'a leading blank'],
    ['::1 ', 'a trailing blank'],
    ['::١', 'an Arabic digit'],
    ['1.2.3.4', 'the other family'],
  ])('refuses %j: %s', (text) => {
    expect(parseIpv6(text)).toBeUndefined()
  })

  it('agrees with ip-num on every short sequence of tokens and every number of groups', () => {
    const texts = [...sequencesOf(['1', '0', ':', '::', '1.2.3.4', 'ffff', '00a0', 'F', '12345', 'g', ' ', '/'], 4)]
    texts.push(...groupedTexts([]), ...groupedTexts(['1.2.3.4']))
    const accepted = texts.filter((text) => parseIpv6(text) !== undefined)
    expect(accepted.length).toBeGreaterThan(200)
    expect(texts.filter((text) => parseIpv6(text) !== readByIpNum(text))).toEqual([])
  })
})

describe('formatIpv6', () => {
  it.each([
    ['2001:0db8::0001', '2001:db8::1', 'section 4.1: no leading zeros'],
    ['2001:db8:0:0:0:0:2:1', '2001:db8::2:1', 'section 4.2.1: as short as possible'],
    ['2001:db8::0:1', '2001:db8::1', 'section 4.2.1: the whole run'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1', 'section 4.2.2: one group alone is not shortened'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1', 'section 4.2.3: the longest run'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1', 'section 4.2.3: the first of two that are equally long'],
    ['2001:DB8:AAAA::', '2001:db8:aaaa::', 'section 4.3: lower case'],
    ['::', '::', 'nothing but zeros'],
    ['0:0:0:0:0:0:0:1', '::1', 'a run at the start'],
    ['1:0:0:0:0:0:0:0', '1::', 'a run at the end'],
    ['::ffff:192.0.2.1', '::ffff:c000:201', 'an IPv4 tail becomes hexadecimal, so that a text has no second form'],
  ])('writes %s as %s: RFC 5952 %s', (text, canonical) => {
    expect(formatIpv6(parseIpv6(text) ?? -1n)).toBe(canonical)
  })

  it('shortens the longest run in every pattern of zero groups, and ip-num reads the same address', () => {
    for (let pattern = 0; pattern < 256; pattern++) {
      const groups = Array.from({ length: 8 }, (_, index) => ((pattern >> index) & 1 ? 'a0' : '0'))
      const bits = BigInt(`0x${groups.map((group) => group.padStart(4, '0')).join('')}`)
      const text = formatIpv6(bits)
      expect(new IPv6(text).getValue()).toBe(bits)
      expect(text).toBe(shortened(groups))
    }
  })
})

describe('the packed form', () => {
  it.each<[Bits, number, Bits, Bits, string]>([
    [0xffffffff, 0, 0, 0xffffffff, 'everything'],
    [0xffffffff, 1, 0x80000000, 0xffffffff, 'the upper half, past the sign bit'],
    [0x0a000105, 24, 0x0a000100, 0x0a0001ff, 'a network'],
    [0x0a000105, 32, 0x0a000105, 0x0a000105, 'one address'],
    [(1n << 128n) - 1n, 0, 0n, (1n << 128n) - 1n, 'everything'],
    [(1n << 128n) - 1n, 1, 1n << 127n, (1n << 128n) - 1n, 'the upper half'],
    [5n, 126, 4n, 7n, 'four addresses'],
    [5n, 128, 5n, 5n, 'one address'],
  ])('%d/%d runs from %d to %d: %s', (bits, length, first, last) => {
    const family = typeof bits === 'number' ? 4 : 6
    expect(firstOf(bits, length)).toBe(first)
    expect(lastOf(first, length)).toBe(last)
    expect(BigInt(sizeOf(family, length))).toBe(BigInt(last) - BigInt(first) + 1n)
  })

  it('adds a distance of either kind, downwards too', () => {
    expect(offsetBy(10, -3n)).toBe(7)
    expect(offsetBy(10n, -3)).toBe(7n)
  })
})

/** All texts of one to `most` tokens. */
function* sequencesOf(tokens: readonly string[], most: number): Generator<string> {
  if (most === 0) return
  for (const token of tokens) {
    yield token
    for (const rest of sequencesOf(tokens, most - 1)) yield token + rest
  }
}

/** Up to nine groups and then the tail, without a gap and with one at every place. */
function* groupedTexts(tail: readonly string[]): Generator<string> {
  for (let count = 0; count <= 9; count++) {
    const groups = [...Array.from({ length: count }, (_, index) => String(index + 1)), ...tail]
    yield groups.join(':')
    for (let gap = 0; gap <= groups.length; gap++) {
      yield `${groups.slice(0, gap).join(':')}::${groups.slice(gap).join(':')}`
    }
  }
}

function readByIpNum(text: string): bigint | undefined {
  try {
    return new IPv6(text).getValue()
  } catch {
    return undefined
  }
}

/** The slow twin: tries the places for `::` from the longest run to the shortest, in each length from the left. */
function shortened(groups: readonly string[]): string {
  for (let length = 8; length >= 2; length--) {
    for (let start = 0; start + length <= 8; start++) {
      if (groups.slice(start, start + length).some((group) => group !== '0')) continue
      return `${groups.slice(0, start).join(':')}::${groups.slice(start + length).join(':')}`
    }
  }
  return groups.join(':')
}
