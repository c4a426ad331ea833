import { describe, expect, it } from 'vitest'
import { Prefix } from './prefix.ts'
import { privateRangeOf, specialPurposeOf } from './special-purpose.ts'

describe('privateRangeOf', () => {
  it.each<[string, string | undefined, string]>([
    ['10.255.0.0/16', 'RFC 1918', 'inside 10.0.0.0/8'],
    ['172.31.255.0/24', 'RFC 1918', 'the end of 172.16.0.0/12'],
    ['172.32.0.0/16', undefined, 'just behind it: public'],
    ['172.0.0.0/8', undefined, 'private in part only'],
    ['192.168.0.0/16', 'RFC 1918', 'all of a block'],
    ['192.0.0.0/8', undefined, 'more than a block'],
    ['100.64.0.0/10', 'RFC 6598', 'shared address space'],
    ['100.0.1.0/24', undefined, 'before shared address space: public'],
    ['198.19.255.0/24', 'RFC 2544', 'the end of the benchmarking block'],
    ['fd00::/8', undefined, 'IPv6 is not translated, so no private block is known'],
  ])('%s: %s (%s)', (text, source) => {
    expect(privateRangeOf(Prefix.parse(text))?.source).toBe(source)
  })
})

describe('specialPurposeOf', () => {
  it.each<[string, string | undefined, string]>([
    ['127.0.0.1/32', '127.0.0.0/8', 'one address of a block'],
    ['169.254.0.0/16', '169.254.0.0/16', 'all of a block'],
    ['0.0.0.0/0', '0.0.0.0/8', 'what contains blocks meets the first of them'],
    ['240.0.0.0/8', '240.0.0.0/4', 'reserved space'],
    ['255.255.255.255/32', '240.0.0.0/4', 'broadcast is part of reserved space'],
    ['fe80::/64', 'fe80::/10', 'IPv6 link-local'],
    ['::1/128', '::1/128', 'IPv6 loopback'],
    ['10.0.0.0/8', undefined, 'private space is usable'],
    ['100.64.0.0/10', undefined, 'shared space is usable'],
    ['203.0.113.0/24', undefined, 'space that a site may have'],
    ['fd00::/8', undefined, 'unique local addresses are usable'],
  ])('%s meets %s: %s', (text, range) => {
    expect(specialPurposeOf(Prefix.parse(text))?.prefix.toString()).toBe(range)
  })
})
