import { describe, expect, it } from 'vitest'
import { nearest, parseSiteName } from './names.ts'

describe('parseSiteName', () => {
  it.each([
    ['a', 'one letter'],
    ['Branch_office-7', 'every kind of character'],
    ['a234567890123456789012345678901', '31 characters'],
    ['constructor', 'a name that every object has'],
  ])('takes %s: %s', (text) => {
    expect(parseSiteName(text)).toBe(text)
  })

  it.each([
    ['', 'nothing'],
    ['7th', 'a digit first'],
    ['-a', 'a dash first, an option to commands'],
    ['__proto__', 'an underscore first'],
    ['a2345678901234567890123456789012', '32 characters'],
    ['a b', 'a blank'],
    ['a.b', 'a dot'],
    ['a\n', 'a newline at the end'],
    ['zürich', 'a letter beyond ASCII'],
    ['a$(reboot)', 'what a shell would run'],
  ])('refuses %j: %s', (text) => {
    expect(() => parseSiteName(text)).toThrow(expect.objectContaining({ code: 'SITE_NAME_INVALID' }))
  })
})

describe('nearest', () => {
  it.each<[string, string[], string | undefined, string]>([
    ['subnet', ['subnets', 'reserved'], 'subnets', 'a letter missing'],
    ['sunbets', ['subnets', 'reserved'], 'subnets', 'two letters swapped count as two'],
    ['SUBNETS', ['subnets'], 'subnets', 'case is ignored'],
    ['podsubnet', ['podSubnets', 'serviceSubnets'], 'podSubnets', 'case and a letter'],
    ['kubernets', ['gateway', 'kubernetes'], 'kubernetes', 'the nearer one'],
    ['frankfurt1', ['frankfurt2', 'frankfurt3'], 'frankfurt2', 'the first of equally near ones'],
    ['cloud', ['onpremise'], undefined, 'nothing near'],
    ['x', [], undefined, 'no candidates'],
    ['', ['subnets'], undefined, 'no word'],
  ])('to %j among %j is %s: %s', (word, candidates, expected) => {
    expect(nearest(word, candidates)).toBe(expected)
  })
})
