import { describe, expect, it } from 'vitest'
import { Prefix } from '../address/prefix.ts'
import { findOverlaps } from './find-overlaps.ts'
import { flagByBits } from './flag-by-bits.ts'
import { flagBySweep } from './flag-by-sweep.ts'
import { PrefixTable } from './prefix-table.ts'
import { offsetsOf, sortPrefixes } from './sort-prefixes.ts'

/** A generator of whole numbers below a limit, the same for the same seed. */
function numbers(seed: number): (limit: number) => number {
  let state = seed
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
}

/** Single addresses and small blocks of a few /16, sparse enough that many meet nothing, and some large blocks around them. */
function randomSides(count: number, size: number, seed: number): PrefixTable[] {
  const below = numbers(seed)
  return Array.from({ length: count }, (_, side) => {
    const table = new PrefixTable()
    for (let row = 0; row < size; row++) {
      const isLarge = below(size / 4) === 0
      const length = isLarge ? 18 + below(8) : 29 + below(4)
      const first = (0x0a000000 + below(3) * 2 ** 17 + below(2 ** 16)) & (0xffffffff << (32 - length))
      table.addIpv4(first, length, row)
      if (row % 1000 === side) table.add(Prefix.parse('fd00::/8'), row)
    }
    return table
  })
}

function bothWays(sides: readonly PrefixTable[]): [boolean, Uint8Array, Uint8Array] {
  const offsets = offsetsOf(sides)
  const [byBits, bySweep] = [new Uint8Array(offsets.at(-1) ?? 0), new Uint8Array(offsets.at(-1) ?? 0)]
  const isDone = flagByBits(sides, byBits)
  flagBySweep(sortPrefixes(sides, 4), { offsets, between: true, within: false }, bySweep)
  return [isDone, byBits, bySweep]
}

describe('flagByBits', () => {
  it('is not asked when no pair counts', () => {
    const sides = randomSides(2, 7000, 1)
    expect(findOverlaps(sides, { between: false }).flagged).toEqual([0, 0])
  })

  it.each([
    [2, 7000, 1],
    [2, 9000, 2],
    [3, 8000, 3],
    [5, 7000, 4],
  ])('flags what the sweep flags, for %d sides of %d', (count, size, seed) => {
    const [isDone, byBits, bySweep] = bothWays(randomSides(count, size, seed))
    expect(isDone).toBe(true)
    expect(bySweep.some((flag) => flag === 1)).toBe(true)
    expect(bySweep.filter((flag) => flag === 0).length).toBeGreaterThan(size / 100)
    expect(Buffer.from(byBits).equals(Buffer.from(bySweep))).toBe(true)
  })

  it.each([
    ['0.0.0.0/0', true],
    ['10.0.0.0/15', true],
    ['10.0.0.0/16', true],
    ['10.0.0.0/17', true],
    ['10.0.0.7/32', true],
    ['10.0.1.0/24', false],
    ['10.0.255.255/32', false],
    ['10.1.0.0/16', false],
    ['255.255.255.255/32', false],
  ])('knows whether %s meets thousands of copies of 10.0.0.0/29: %s', (text, expected) => {
    const copies = new PrefixTable()
    for (let row = 0; row < 10_000; row++) copies.addIpv4(0x0a000000, 29, row)
    const other = new PrefixTable()
    other.add(Prefix.parse(text), 1)
    const [isDone, byBits] = bothWays([copies, other])
    expect([isDone, byBits[0] === 1, byBits.at(-1) === 1]).toEqual([true, expected, expected])
  })

  it('leaves a few prefixes, or many that lie far apart, to the sweep', () => {
    const [few, far] = [new PrefixTable(), new PrefixTable()]
    few.addIpv4(0, 32, 1)
    for (let row = 0; row < 20_000; row++) far.addIpv4(row * 2 ** 16, 32, row)
    expect(flagByBits([few, few], new Uint8Array(2))).toBe(false)
    expect(flagByBits([far, far], new Uint8Array(40_000))).toBe(false)
  })
})
