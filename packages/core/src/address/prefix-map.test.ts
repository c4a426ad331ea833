import { describe, expect, it } from 'vitest'
import { Prefix } from './prefix.ts'
import { PrefixMap } from './prefix-map.ts'

const texts = ['10.0.0.0/8', '10.0.0.0/9', '0.0.0.0/0', '255.255.255.255/32', '192.0.2.0/24', '::/0', '2001:db8::/32']

describe('PrefixMap', () => {
  const map = new PrefixMap<string>()
  for (const text of texts) map.set(Prefix.parse(text), text)

  it.each(texts)('finds what was put in for %s by another prefix of that text', (text) => {
    expect(map.get(Prefix.parse(text))).toBe(text)
  })

  it.each(['10.0.0.0/10', '10.128.0.0/9', '0.0.0.0/1', '::/1', '2001:db9::/32'])('has nothing for %s', (text) => {
    expect(map.get(Prefix.parse(text))).toBeUndefined()
  })

  it('keeps the last value', () => {
    const one = new PrefixMap<number>()
    for (const value of [1, 2]) one.set(Prefix.parse('10.0.0.0/8'), value)
    expect(one.get(Prefix.parse('10.0.0.0/8'))).toBe(2)
  })
})
