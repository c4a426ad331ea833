import { IPv4CidrRange, IPv6CidrRange } from 'ip-num'
import { describe, expect, it } from 'vitest'
import { fromIpNum, toIpNum } from './ip-num.ts'
import { Prefix } from './prefix.ts'

describe('ip-num ranges', () => {
  it.each([
    ['0.0.0.0/0', 'all of IPv4'],
    ['10.0.1.0/27', 'a subnet'],
    ['255.255.255.255/32', 'the last address'],
    ['::/0', 'all of IPv6'],
    ['2001:db8::/32', 'an IPv6 prefix'],
    ['ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128', 'the last IPv6 address'],
  ])('hold %s there and back: %s', (text) => {
    const prefix = Prefix.parse(text)
    const range = toIpNum(prefix)
    expect(range.getFirst().getValue()).toBe(BigInt(prefix.bits))
    expect(range.getLast().getValue()).toBe(BigInt(prefix.lastBits))
    expect(range.getSize()).toBe(BigInt(prefix.size))
    expect(fromIpNum(range).equals(prefix)).toBe(true)
  })

  it.each([
    [IPv4CidrRange.fromCidr('10.0.1.5/27'), '10.0.1.0/27'],
    [IPv6CidrRange.fromCidr('fd00::1/64'), 'fd00::/64'],
  ])('lose their host bits: row %#', (range, expected) => {
    expect(String(fromIpNum(range))).toBe(expected)
  })
})
