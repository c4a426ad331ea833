import { describe, expect, it } from 'vitest'
import { Prefix } from '../address/prefix.ts'
import type { SiteName } from '../network/names.ts'
import type { Subnet } from '../network/network.ts'
import { Allocator, allocationOrder, poolExhausted } from './allocate.ts'

const prefix = Prefix.parse

function allocatorOf(pools: readonly string[], taken: readonly string[] = []): Allocator {
  return new Allocator(pools.map(prefix), taken.map(prefix))
}

function subnet(site: string, text: string): Subnet {
  const path = ['sites', site, 'subnets', 0]
  return {
    site: site as SiteName,
    prefix: prefix(text),
    name: undefined,
    translate: 'auto',
    translateTo: undefined,
    hideBehind: undefined,
    forwards: [],
    free: [],
    path,
  }
}

describe('Allocator', () => {
  it.each([
    [['192.168.0.0/16'], [], ['10.0.1.0/24'], ['192.168.1.0/24'], 'the place that keeps the low bits'],
    [
      ['192.168.0.0/16'],
      [],
      ['10.0.1.0/24', '10.0.1.0/27'],
      ['192.168.1.0/24', '192.168.2.0/27'],
      'the acceptance case',
    ],
    [
      ['192.168.0.0/16'],
      [],
      ['10.0.1.0/24', '10.0.1.0/24'],
      ['192.168.1.0/24', '192.168.2.0/24'],
      'upwards from there',
    ],
    [['192.168.0.0/16'], ['192.168.128.0/17'], ['10.0.200.0/24'], ['192.168.0.0/24'], 'round to the start'],
    [
      ['192.168.0.0/24', '172.16.0.0/24'],
      [],
      ['10.0.0.0/24', '10.0.0.0/24'],
      ['192.168.0.0/24', '172.16.0.0/24'],
      'the next pool',
    ],
    [['192.168.0.0/24', '172.16.0.0/16'], [], ['10.0.0.0/16'], ['172.16.0.0/16'], 'a pool too small is skipped'],
    [
      ['192.168.0.0/24'],
      ['192.168.0.32/32'],
      ['10.0.0.32/27'],
      ['192.168.0.0/27'],
      'any free block when none keeps the octet',
    ],
    [
      ['192.168.0.0/23'],
      ['192.168.0.32/32', '192.168.1.32/32'],
      ['10.0.0.32/27'],
      ['192.168.0.0/27'],
      'the lowest of them',
    ],
    [
      ['192.168.0.0/24', '192.168.0.0/23'],
      [],
      ['10.0.0.0/24', '10.0.0.0/24'],
      ['192.168.0.0/24', '192.168.1.0/24'],
      'pools may overlap',
    ],
    [['192.168.0.0/24'], ['fd00::/8'], ['10.0.0.0/24'], ['192.168.0.0/24'], 'IPv6 takes no IPv4 space'],
    [
      ['192.168.0.0/30'],
      [],
      ['10.0.0.3/32', '10.0.0.3/32', '10.0.0.3/32', '10.0.0.3/32'],
      ['192.168.0.3/32', '192.168.0.0/32', '192.168.0.1/32', '192.168.0.2/32'],
      'the last digit, then any',
    ],
  ])('gives from %j without %j for %j: %j (%s)', (pools, taken, reals, expected) => {
    const allocator = allocatorOf(pools, taken)
    expect(reals.map((real) => String(allocator.allocate(prefix(real))))).toEqual(expected)
  })

  it.each([
    [['192.168.0.0/24'], ['192.168.0.200/32'], '10.0.0.0/24', 'one address of the only block is taken'],
    [['192.168.0.0/25'], [], '10.0.0.0/24', 'the pool is smaller'],
    [[], [], '10.0.0.0/32', 'there is no pool'],
  ])('gives nothing from %j without %j for %s: %s', (pools, taken, real) => {
    expect(allocatorOf(pools, taken).allocate(prefix(real))).toBeUndefined()
  })

  it('gives nothing twice', () => {
    const allocator = allocatorOf(['192.168.0.0/22'])
    const given = Array.from({ length: 128 }, (_, index) =>
      String(allocator.allocate(prefix(`10.0.0.${(index % 32) * 8}/29`))),
    )
    expect(new Set(given).size).toBe(128)
    expect(allocator.allocate(prefix('10.0.0.0/32'))).toBeUndefined()
    expect(allocator.remaining()).toEqual({ addresses: 0n, largest: undefined })
  })

  it('gives nothing twice of a pool with thousands of blocks', () => {
    const allocator = allocatorOf(['172.16.0.0/12'])
    const given = Array.from({ length: 4096 }, () => String(allocator.allocate(prefix('10.0.1.0/24'))))
    expect(new Set(given).size).toBe(4096)
    expect(allocator.allocate(prefix('10.0.1.0/24'))).toBeUndefined()
  })

  it('knows what is left, counting space in two pools once', () => {
    const allocator = allocatorOf(
      ['192.168.0.0/24', '192.168.0.0/25', '172.16.0.0/30'],
      ['192.168.0.0/26', '10.0.0.0/8'],
    )
    const { addresses, largest } = allocator.remaining()
    expect([addresses, String(largest)]).toEqual([196n, '192.168.0.128/25'])
  })

  it.each([
    [['192.168.0.0/24'], ['10.0.0.0/9'], 16, '10.128.0.0/9', 'the largest private block without anything taken'],
    [['192.168.0.0/24'], ['10.0.0.0/8', '172.16.0.0/12', '100.64.0.0/10'], 16, '198.18.0.0/15', 'of all kinds'],
    [['192.168.0.0/24'], ['10.0.0.0/8', '100.64.0.0/10'], 10, 'undefined', 'none is large enough'],
  ])('beside %j without %j suggests for a /%d %s: %s', (pools, taken, length, expected) => {
    expect(String(allocatorOf(pools, taken).poolThatWouldDo(length))).toBe(expected)
  })
})

it('allocates the largest first, then by site, then by address', () => {
  const sorted = [
    subnet('z', '10.0.0.0/16'),
    subnet('B', '10.9.0.0/24'),
    subnet('a', '10.0.9.0/24'),
    subnet('a', '10.0.10.0/24'),
    subnet('b', '10.0.0.0/24'),
    subnet('a', '10.0.0.0/32'),
  ]
  const shuffled = [3, 5, 0, 4, 1, 2].flatMap((index) => sorted[index] ?? [])
  expect(shuffled.sort(allocationOrder)).toEqual(sorted)
})

describe('poolExhausted', () => {
  const unplaced = (count: number) => Array.from({ length: count }, (_, index) => subnet(`s${index}`, '10.0.0.0/24'))

  it('is silent when everything found room', () => {
    expect(poolExhausted([], allocatorOf([]), [])).toEqual([])
  })

  it.each([
    [
      ['192.168.0.0/25'],
      [],
      1,
      'no /24 is free in 192.168.0.0/25 for 10.0.0.0/24 of s0: 128 addresses are free, the largest free block is 192.168.0.0/25',
      'add 10.0.0.0/8 to pools',
    ],
    [
      ['192.168.0.0/25'],
      ['192.168.0.0/16', '10.0.0.0/8'],
      3,
      'no /24 is free in 192.168.0.0/25 for 10.0.0.0/24 of s0 and 2 more: nothing is free',
      'add 100.64.0.0/10 to pools',
    ],
    [
      [],
      [],
      1,
      'no /24 is free in an empty list of pools for 10.0.0.0/24 of s0: nothing is free',
      'add 10.0.0.0/8 to pools',
    ],
    [
      [],
      ['0.0.0.0/0'],
      1,
      'no /24 is free in an empty list of pools for 10.0.0.0/24 of s0: nothing is free',
      'no private block of that size is free anywhere: list the smaller subnets that really take part',
    ],
  ])('in %j without %j for %d: %s, hint: %s', (pools, taken, count, message, hint) => {
    const findings = poolExhausted(unplaced(count), allocatorOf(pools, taken), pools.map(prefix))
    expect(findings).toMatchObject([{ code: 'POOL_EXHAUSTED', severity: 'error', message, hint }])
  })

  it('names at most ten subnets, and suggests a pool that has room for the first', () => {
    const pools = ['192.168.0.0/25']
    const [finding] = poolExhausted(unplaced(1000), allocatorOf(pools), pools.map(prefix))
    expect(finding?.related?.length).toBe(9)
    expect(finding?.place.path).toEqual(['sites', 's0', 'subnets', 0])
    const suggested = finding?.hint?.match(/add (\S+) to pools/)?.[1] ?? ''
    expect(allocatorOf([suggested]).allocate(prefix('10.0.0.0/24'))).toBeDefined()
  })
})
