import { describe, expect, it } from 'vitest'
import { tryParsePrefix } from './parse-match.ts'

describe('tryParsePrefix', () => {
  it.each([
    ['10.0.0.0/24', '10.0.0.0/24'],
    ['10.0.0.7/24', '10.0.0.0/24'],
    ['10.0.0.7', '10.0.0.7/32'],
    ['10.0.0.7/32', '10.0.0.7/32'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['2001:db8::1/33', '2001:db8::/33'],
    ['2001:db8::1/128', '2001:db8::1/128'],
  ])('%s is %s', (text, prefix) => {
    expect(tryParsePrefix(text)?.toString()).toBe(prefix)
  })

  it.each([
    ['10.0.0.0/33', 'one longer than IPv4 has'],
    ['10.0.0.0/128', 'the length of an IPv6 address'],
    ['2001:db8::/129', 'one longer than IPv6 has'],
    ['10.0.0.0/', 'no length'],
    ['10.0.0.0/+8', 'a sign'],
    ['10.0.0.0/24/24', 'two lengths'],
  ])('%s is none: %s', (text) => {
    expect(tryParsePrefix(text)).toBeUndefined()
  })
})
