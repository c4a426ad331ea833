import { describe, expect, it } from 'vitest'
import { Address } from './address.ts'
import { Prefix } from './prefix.ts'
import { PrefixSet } from './prefix-set.ts'

function set(...texts: string[]): PrefixSet {
  return PrefixSet.of(texts.map((text) => Prefix.parse(text)))
}

const prefix = Prefix.parse

describe('PrefixSet', () => {
  it.each([
    [[], '', 'nothing'],
    [['10.0.0.0/24', '10.0.0.0/24'], '10.0.0.0/24', 'twice the same'],
    [['10.0.0.0/25', '10.0.0.128/25'], '10.0.0.0/24', 'two halves touch and join'],
    [['10.0.0.128/25', '10.0.1.0/25'], '10.0.0.128/25 10.0.1.0/25', 'neighbours that are not halves of one block'],
    [['10.0.0.0/8', '10.1.0.0/16'], '10.0.0.0/8', 'one inside the other'],
    [['10.0.1.0/24', '10.0.0.0/24', '10.0.0.5/32'], '10.0.0.0/23', 'out of order'],
    [['0.0.0.0/1', '128.0.0.0/1'], '0.0.0.0/0', 'the whole family'],
    [['::/1', '8000::/1', '10.0.0.0/8'], '10.0.0.0/8 ::/0', 'both families, IPv4 first'],
  ])('keeps %j as %j: %s', (texts, expected) => {
    expect(String(set(...texts))).toBe(expected)
    expect(JSON.stringify(set(...texts))).toBe(JSON.stringify(expected === '' ? [] : expected.split(' ')))
  })

  it.each([
    [['10.0.0.0/24'], ['10.0.0.0/26'], '10.0.0.64/26 10.0.0.128/25', 'the start'],
    [['10.0.0.0/24'], ['10.0.0.192/26'], '10.0.0.0/25 10.0.0.128/26', 'the end'],
    [['10.0.0.0/30'], ['10.0.0.1/32'], '10.0.0.0/32 10.0.0.2/31', 'a hole'],
    [['10.0.0.0/24'], ['10.0.0.0/8'], '', 'more than all of it'],
    [['10.0.0.0/24'], ['11.0.0.0/24'], '10.0.0.0/24', 'something else'],
    [['10.0.0.0/25', '10.0.1.0/25'], ['10.0.0.64/26', '10.0.1.0/26'], '10.0.0.0/26 10.0.1.64/26', 'a part of each'],
    [['::/0'], ['0.0.0.0/0'], '::/0', 'the other family'],
    [['fd00::/127'], ['fd00::1/128'], 'fd00::/128', 'IPv6'],
  ])('%j without %j is %j: %s', (from, minus, expected) => {
    expect(String(set(...from).subtract(set(...minus)))).toBe(expected)
  })

  it('loses the first and the last address of a family', () => {
    const middle = set('0.0.0.0/0').subtract(set('0.0.0.0/32', '255.255.255.255/32'))
    expect(middle.count(4)).toBe(2n ** 32n - 2n)
    expect([middle.contains(Address.fromBits(0)), middle.contains(Address.fromBits(1))]).toEqual([false, true])
    expect(middle.contains(Address.parse('255.255.255.255'))).toBe(false)
  })

  it('joins sets of both families', () => {
    const union = set('10.0.0.0/25', 'fd00::/65').union(set('10.0.0.128/25', 'fd00:0:0:0:8000::/65'))
    expect(union.equals(set('10.0.0.0/24', 'fd00::/64'))).toBe(true)
    expect(union.equals(set('10.0.0.0/24'))).toBe(false)
  })

  it.each([
    ['10.0.0.0', true, 'the first address'],
    ['10.0.1.255', true, 'the last address'],
    ['10.0.2.0', false, 'one behind'],
    ['9.255.255.255', false, 'one before'],
    ['::', false, 'the other family'],
  ])('of 10.0.0.0/23 contains %s: %s (%s)', (text, expected) => {
    expect(set('10.0.0.0/24', '10.0.1.0/24').contains(Address.parse(text))).toBe(expected)
  })

  it.each([
    ['10.0.0.128/25', true, true, 'inside one part'],
    ['10.0.0.0/23', true, true, 'over two parts that touch'],
    ['10.0.0.0/22', false, true, 'larger than the set'],
    ['10.0.2.0/24', false, false, 'the next block'],
    ['0.0.0.0/0', false, true, 'everything'],
    ['::/0', false, false, 'the other family'],
  ])('of 10.0.0.0/24 and 10.0.1.0/24 contains %s: %s, overlaps it: %s (%s)', (text, contains, overlaps) => {
    const both = set('10.0.0.0/24', '10.0.1.0/24')
    expect([both.contains(prefix(text)), both.overlaps(prefix(text))]).toEqual([contains, overlaps])
  })

  it('counts addresses past what a number holds', () => {
    const all = set('0.0.0.0/0', '::/0')
    expect([all.count(4), all.count(6)]).toEqual([2n ** 32n, 2n ** 128n])
    expect([PrefixSet.empty.count(4), PrefixSet.empty.isEmpty, all.isEmpty]).toEqual([0n, true, false])
  })

  it('gives what of a pool is free', () => {
    const used = set('192.168.0.0/24', '192.168.255.0/24', '10.0.0.0/8')
    expect(used.complementIn(prefix('192.168.254.0/23')).prefixes().map(String)).toEqual(['192.168.254.0/24'])
    expect(used.complementIn(prefix('10.0.0.0/24')).isEmpty).toBe(true)
  })

  it('lists aligned blocks lowest first, also at both ends of a family', () => {
    const blocks = (of: PrefixSet, family: 4 | 6, length: number) => [...of.blocks(family, length)].map(String)
    const free = set('10.0.0.64/26', '10.0.0.128/25', '10.0.2.0/24')
    expect(blocks(free, 4, 25)).toEqual(['10.0.0.128/25', '10.0.2.0/25', '10.0.2.128/25'])
    expect(blocks(free, 4, 23)).toEqual([])
    expect(blocks(set('0.0.0.0/0'), 4, 1)).toEqual(['0.0.0.0/1', '128.0.0.0/1'])
    expect(blocks(set('255.255.255.254/31'), 4, 32)).toEqual(['255.255.255.254/32', '255.255.255.255/32'])
    expect(blocks(set('ffff::/16'), 6, 17)).toEqual(['ffff::/17', 'ffff:8000::/17'])
  })

  it('finds the first of four billion blocks without listing them', () => {
    const [first] = set('0.0.0.0/0').blocks(4, 32)
    expect(String(first)).toBe('0.0.0.0/32')
  })

  it.each([
    [['10.0.0.64/26', '10.0.1.0/24', '10.0.3.0/24'], '10.0.1.0/24', 'the lowest of the largest'],
    [['10.0.0.64/26', '10.0.0.128/26'], '10.0.0.64/26', 'parts that touch without making a larger aligned block'],
    [['10.0.1.0/24', '10.0.2.0/24', '10.0.3.0/24'], '10.0.2.0/23', 'a block that two parts make together'],
  ])('has in %j the largest block %s: %s', (texts, expected) => {
    expect(String(set(...texts).largestBlock(4))).toBe(expected)
    expect(set(...texts).largestBlock(6)).toBeUndefined()
  })

  it('does not change when others are made from it', () => {
    const before = set('10.0.0.0/24')
    before.union(set('10.0.1.0/24'))
    before.subtract(set('10.0.0.0/25'))
    expect(String(before)).toBe('10.0.0.0/24')
  })
})
