import { describe, expect, it } from 'vitest'
import { Address } from './address.ts'
import { Prefix, type Relation } from './prefix.ts'

const prefix = Prefix.parse
const address = Address.parse

/** All prefixes inside 10.0.0.0/29: small enough to compare every pair address by address. */
const tinyUniverse = [29, 30, 31, 32].flatMap((length) =>
  Array.from({ length: 2 ** (length - 29) }, (_, index) =>
    Prefix.fromBits(Number(address('10.0.0.0').bits) + index * 2 ** (32 - length), length),
  ),
)

describe('Prefix.parse', () => {
  it.each([
    ['0.0.0.0/0', 'all of IPv4'],
    ['128.0.0.0/1', 'the half behind the sign bit'],
    ['10.0.1.0/27', 'a subnet'],
    ['255.255.255.255/32', 'the last address'],
    ['::/0', 'all of IPv6'],
    ['fd00::/8', 'an IPv6 prefix'],
    ['2001:db8::1/128', 'one IPv6 address'],
  ])('reads %s and writes the same: %s', (text) => {
    expect(String(prefix(text))).toBe(text)
    expect(JSON.stringify([prefix(text)])).toBe(`["${text}"]`)
  })

  it.each([
    ['300.1.1.1/24', 'PREFIX_INVALID', 'an octet too large, 44.1.1.0 to a peer'],
    ['300.0.0.0/8', 'PREFIX_INVALID', 'beyond 2^32 to a peer'],
    [' 10.0.0.0/24', 'PREFIX_INVALID', 'a leading blank, 202.0.0.0 to a peer'],
    ['1.2.3/24', 'PREFIX_INVALID', 'three parts, 0.1.2.0 to a peer'],
    ['١٠.٠.٠.٠/24', 'PREFIX_INVALID', 'Arabic digits, 26.0.0.0 to a peer'],
    ['010.0.0.1/32', 'PREFIX_INVALID', 'octal to a peer'],
    ['/24', 'PREFIX_INVALID', 'a length alone'],
    ['', 'PREFIX_INVALID', 'nothing'],
    ['10.0.0.0 /24', 'PREFIX_INVALID', 'a blank before the slash'],
    ['fe80::%eth0/64', 'PREFIX_INVALID', 'a zone'],
    ['cloud', 'PREFIX_INVALID', 'a word'],
    ['10.0.0.0', 'PREFIX_LENGTH_MISSING', 'an address alone'],
    ['2001:db8::', 'PREFIX_LENGTH_MISSING', 'an IPv6 address alone'],
    ['10.0.0.0/33', 'PREFIX_LENGTH_INVALID', 'a length too great, /32 to a peer'],
    ['10.0.0.0/-1', 'PREFIX_LENGTH_INVALID', 'a negative length, a range below zero to a peer'],
    ['10.0.0.0/', 'PREFIX_LENGTH_INVALID', 'an empty length'],
    ['10.0.0.0/08', 'PREFIX_LENGTH_INVALID', 'a leading zero in the length'],
    ['10.0.0.0/+8', 'PREFIX_LENGTH_INVALID', 'a sign in the length'],
    ['10.0.0.0/8 ', 'PREFIX_LENGTH_INVALID', 'a trailing blank'],
    ['10.0.0.0/8\n', 'PREFIX_LENGTH_INVALID', 'a trailing newline'],
    ['10.0.0.0/2٤', 'PREFIX_LENGTH_INVALID', 'an Arabic digit in the length'],
    ['10.0.0.0/1e1', 'PREFIX_LENGTH_INVALID', 'an exponent'],
    ['10.0.0.0/8.0', 'PREFIX_LENGTH_INVALID', 'a fraction'],
    ['10.0.0.0/255.0.0.0', 'PREFIX_LENGTH_INVALID', 'a netmask'],
    ['10.0.0.0/8/8', 'PREFIX_LENGTH_INVALID', 'two lengths'],
    ['::/129', 'PREFIX_LENGTH_INVALID', 'a length too great for IPv6'],
    ['10.0.1.5/27', 'PREFIX_HOST_BITS', 'host bits'],
    ['0.0.0.1/0', 'PREFIX_HOST_BITS', 'host bits behind no network bits'],
    ['255.255.255.255/31', 'PREFIX_HOST_BITS', 'the last bit alone'],
    ['fd00::1/64', 'PREFIX_HOST_BITS', 'host bits in IPv6'],
  ])('refuses %j with %s: %s', (text, code) => {
    expect(() => prefix(text)).toThrow(expect.objectContaining({ code, hint: expect.any(String) }))
    expect(Prefix.tryParse(text)).toBeUndefined()
  })

  it.each([
    ['10.0.1.0/255.255.255.0', 'write 10.0.1.0/24'],
    ['10.0.1.5/255.255.255.224', 'write 10.0.1.0/27'],
    ['10.0.1.0/255.0.255.0', 'the length behind the slash is a number from 0 to 32'],
    ['10.0.1.5/27', 'write 10.0.1.0/27'],
    ['10.0.1.255/25', 'write 10.0.1.128/25'],
    ['2001:db8::1/32', 'write 2001:db8::/32'],
  ])('carries the corrected prefix of %s', (text, hint) => {
    expect(() => prefix(text)).toThrow(expect.objectContaining({ hint }))
  })

  it('names the length of one address in the hint when the length is missing', () => {
    const withHint = (part: string) => expect.objectContaining({ hint: expect.stringContaining(part) })
    expect(() => prefix('10.0.1.5')).toThrow(withHint('10.0.1.5/32'))
    expect(() => prefix('fd00::1')).toThrow(withHint('fd00::1/128'))
  })
})

describe('Prefix', () => {
  it.each<[string, string, Relation, string]>([
    ['10.0.1.0/24', '10.0.1.0/24', 'equal', 'the same'],
    ['10.0.1.0/27', '10.0.1.0/24', 'inside', 'the same first address, smaller'],
    ['10.0.1.32/27', '10.0.1.0/24', 'inside', 'another first address'],
    ['10.0.1.0/24', '10.0.1.255/32', 'contains', 'one address at the end'],
    ['10.0.1.0/24', '10.0.2.0/24', 'apart', 'neighbours'],
    ['0.0.0.0/0', '255.255.255.255/32', 'contains', 'everything contains the last address'],
    ['0.0.0.0/0', '::/0', 'apart', 'the families never meet'],
    ['::/96', '0.0.0.0/0', 'apart', 'not even where IPv6 embeds IPv4'],
  ])('%s is to %s: %s (%s)', (one, other, relation) => {
    const reverse: Record<Relation, Relation> = {
      equal: 'equal',
      inside: 'contains',
      contains: 'inside',
      apart: 'apart',
    }
    expect(prefix(one).relationTo(prefix(other))).toBe(relation)
    expect(prefix(other).relationTo(prefix(one))).toBe(reverse[relation])
    expect(prefix(one).overlaps(prefix(other))).toBe(relation !== 'apart')
    expect(prefix(one).contains(prefix(other))).toBe(relation === 'equal' || relation === 'contains')
  })

  it('has the relation that comparing address by address finds, for every pair in a tiny universe', () => {
    for (const one of tinyUniverse) {
      for (const other of tinyUniverse) {
        const ours = new Set(addressesOf(one))
        const theirs = addressesOf(other)
        const shared = theirs.filter((bits) => ours.has(bits)).length
        const expected =
          shared === 0 ? 'apart' : shared < theirs.length ? 'inside' : shared < ours.size ? 'contains' : 'equal'
        expect([String(one), String(other), one.relationTo(other)]).toEqual([String(one), String(other), expected])
      }
    }
  })

  it.each([
    ['10.0.1.0/24', '10.0.1.0', true, 'the first address'],
    ['10.0.1.0/24', '10.0.1.255', true, 'the last address'],
    ['10.0.1.0/24', '10.0.0.255', false, 'one below'],
    ['10.0.1.0/24', '10.0.2.0', false, 'one above'],
    ['0.0.0.0/0', '::', false, 'the other family'],
    ['fd00::/64', 'fd00::ffff', true, 'IPv6'],
  ])('%s contains %s: %s (%s)', (block, text, expected) => {
    expect(prefix(block).contains(address(text))).toBe(expected)
  })

  it.each([
    ['10.0.1.0/27', '10.0.1.0', '10.0.1.31', 32],
    ['0.0.0.0/0', '0.0.0.0', '255.255.255.255', 2 ** 32],
    ['10.0.0.7/32', '10.0.0.7', '10.0.0.7', 1],
    ['fd00::/126', 'fd00::', 'fd00::3', 4n],
    ['::/0', '::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 1n << 128n],
  ])('%s runs from %s to %s', (text, first, last, size) => {
    expect(String(prefix(text).first)).toBe(first)
    expect(String(prefix(text).last)).toBe(last)
    expect(prefix(text).size).toBe(size)
  })

  it('counts addresses from the first one and refuses those outside', () => {
    expect(String(prefix('192.168.1.0/24').at(77))).toBe('192.168.1.77')
    expect(String(prefix('fd00::/64').at(16n))).toBe('fd00::10')
    expect(String(prefix('10.0.0.0/8').at(16n))).toBe('10.0.0.16')
    for (const distance of [256, -1, 0.5]) expect(() => prefix('192.168.1.0/24').at(distance)).toThrow(RangeError)
    expect(() => prefix('255.255.255.255/32').at(1)).toThrow(RangeError)
    expect(() => prefix('0.0.0.0/32').at(-1)).toThrow(RangeError)
  })

  it('is a half of its parent, up to the whole family', () => {
    expect(String(prefix('10.0.1.0/24').parent())).toBe('10.0.0.0/23')
    expect(String(prefix('10.0.0.0/24').parent())).toBe('10.0.0.0/23')
    expect(String(prefix('8000::/1').parent())).toBe('::/0')
    expect(prefix('0.0.0.0/0').parent()).toBeUndefined()
  })

  it('sorts by family, then first address, then the larger block first', () => {
    const sorted = ['9.0.0.0/8', '10.0.0.0/8', '10.0.0.0/24', '10.0.0.0/32', '10.0.1.0/24', '::/0', '::/1', 'fd00::/8']
    const shuffled = [5, 2, 7, 0, 4, 6, 1, 3].map((index) => prefix(sorted[index] ?? ''))
    expect(shuffled.sort(Prefix.compare).map(String)).toEqual(sorted)
  })

  it('drops host bits when it is made from bits', () => {
    expect(String(Prefix.fromBits(0x0a000105, 27))).toBe('10.0.1.0/27')
    expect(String(Prefix.fromBits(5n, 126))).toBe('::4/126')
    expect(String(Prefix.of(address('10.0.0.9')))).toBe('10.0.0.9/32')
    expect(String(Prefix.of(address('::9')))).toBe('::9/128')
  })

  it.each([
    [0, 33],
    [0, -1],
    [0, 0.5],
    [0n, 129],
    [2 ** 32, 8],
  ])('is not made from %d/%d', (bits, length) => {
    expect(() => Prefix.fromBits(bits, length)).toThrow(RangeError)
  })

  it('cannot be changed', () => {
    expect(() => Object.assign(prefix('10.0.0.0/8'), { length: 9 })).toThrow(TypeError)
  })
})

function addressesOf(block: Prefix): number[] {
  return Array.from({ length: Number(block.size) }, (_, index) => Number(block.bits) + index)
}
