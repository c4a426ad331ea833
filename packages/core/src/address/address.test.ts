import { describe, expect, it } from 'vitest'
import { Address } from './address.ts'
import type { Bits } from './bits.ts'

describe('Address', () => {
  it.each([
    ['10.0.1.5', 4, '10.0.1.5', 'IPv4'],
    ['2001:DB8:0:0::1', 6, '2001:db8::1', 'IPv6 in another form than the canonical one'],
    ['::ffff:10.0.0.1', 6, '::ffff:a00:1', 'an IPv4-mapped address stays IPv6'],
  ])('reads %s as IPv%d %s: %s', (text, family, canonical) => {
    const address = Address.parse(text)
    expect(address.family).toBe(family)
    expect(String(address)).toBe(canonical)
    expect(JSON.stringify({ address })).toBe(`{"address":"${canonical}"}`)
  })

  it.each(['', '10.0.1', '10.0.1.5/32', '010.0.0.1', 'fe80::1%eth0', 'example.org', ' 10.0.0.1'])(
    'refuses %j with a code and a hint',
    (text) => {
      expect(Address.tryParse(text)).toBeUndefined()
      const error = { code: 'ADDRESS_INVALID', hint: expect.any(String) }
      expect(() => Address.parse(text)).toThrow(expect.objectContaining(error))
    },
  )

  it('is equal by value, not across families', () => {
    expect(Address.parse('0.0.0.1').equals(Address.fromBits(1))).toBe(true)
    expect(Address.parse('0.0.0.1').equals(Address.parse('0.0.0.2'))).toBe(false)
    expect(Address.parse('0.0.0.1').equals(Address.parse('::1'))).toBe(false)
  })

  it('cannot be changed', () => {
    const address = Address.parse('10.0.0.1')
    expect(() => Object.assign(address, { bits: 0 })).toThrow(TypeError)
  })

  it.each<[Bits, string]>([
    [-1, 'below the first address'],
    [2 ** 32, 'behind the last IPv4 address'],
    [0.5, 'not whole'],
    [Number.NaN, 'no number'],
    [Number.POSITIVE_INFINITY, 'no end'],
    [-1n, 'below the first IPv6 address'],
    [1n << 128n, 'behind the last IPv6 address'],
  ])('takes no bits such as %d: %s', (bits) => {
    expect(() => Address.fromBits(bits)).toThrow(RangeError)
  })
})
