import { Address, Prefix, PrefixSet } from '@natplan/core'
import { describe, expect, it } from 'vitest'

/** A few neighbouring addresses; bit n of a pattern stands for the nth. */
interface Universe {
  readonly where: string
  readonly first: number | bigint
}

const universes: Universe[] = [
  { where: 'at the start of IPv4', first: 0 },
  { where: 'across the sign bit', first: 2 ** 31 - 6 },
  { where: 'at the end of IPv4', first: 2 ** 32 - 12 },
  { where: 'at the end of IPv6', first: (1n << 128n) - 12n },
]

function addressAt({ first }: Universe, offset: number): Address {
  return Address.fromBits(typeof first === 'number' ? first + offset : first + BigInt(offset))
}

function setOf(universe: Universe, pattern: number): PrefixSet {
  return PrefixSet.of(offsetsIn(pattern).map((offset) => Prefix.of(addressAt(universe, offset))))
}

function offsetsIn(pattern: number): number[] {
  return Array.from({ length: 12 }, (_, offset) => offset).filter((offset) => (pattern >> offset) & 1)
}

/** Which of the universe's addresses the set has, asked one by one. */
function patternOf(universe: Universe, set: PrefixSet, length = 12): number {
  let pattern = 0
  for (let offset = 0; offset < length; offset++) if (set.contains(addressAt(universe, offset))) pattern |= 1 << offset
  return pattern
}

/** All aligned blocks that lie in the universe, each with its pattern. */
function blocksOf(universe: Universe): { prefix: Prefix; pattern: number }[] {
  const width = typeof universe.first === 'number' ? 32 : 128
  const blocks: { prefix: Prefix; pattern: number }[] = []
  for (let size = 1, length = width; size <= 8; size *= 2, length--) {
    for (let offset = 0; offset + size <= 12; offset++) {
      const prefix = Prefix.fromBits(addressAt(universe, offset).bits, length)
      if (!prefix.first.equals(addressAt(universe, offset))) continue
      blocks.push({ prefix, pattern: ((1 << size) - 1) << offset })
    }
  }
  return blocks
}

describe.each(universes)('every set of twelve addresses $where', (universe) => {
  const blocks = blocksOf(universe)
  const family = typeof universe.first === 'number' ? 4 : 6
  const isAll = (pattern: number, part: number) => (pattern & part) === part
  const everySet = Array.from({ length: 2 ** 12 }, (_, pattern) => ({ pattern, set: setOf(universe, pattern) }))

  it('has the addresses that it was made of, and counts them', () => {
    const wrong = everySet.filter(
      ({ pattern, set }) =>
        patternOf(universe, set) !== pattern ||
        set.count(family) !== BigInt(offsetsIn(pattern).length) ||
        set.isEmpty !== (pattern === 0),
    )
    expect(wrong).toEqual([])
  })

  it('is made of the fewest prefixes, which make the same set again', () => {
    const wrong = everySet.filter(({ pattern, set }) => {
      const inside = blocks.filter((block) => isAll(pattern, block.pattern))
      const largest = inside.filter(
        (one) => !inside.some((other) => other !== one && isAll(other.pattern, one.pattern)),
      )
      const expected = largest.map(({ prefix }) => prefix).sort(Prefix.compare)
      return String(set) !== expected.join(' ') || !PrefixSet.of(set.prefixes()).equals(set)
    })
    expect(wrong).toEqual([])
  })

  it('contains and overlaps the blocks that it should', () => {
    const wrong = everySet.flatMap(({ pattern, set }) =>
      blocks.filter(
        (block) =>
          set.contains(block.prefix) !== isAll(pattern, block.pattern) ||
          set.overlaps(block.prefix) !== ((pattern & block.pattern) !== 0),
      ),
    )
    expect(wrong).toEqual([])
  })

  it('lists its blocks of each length, and the largest', () => {
    const lengths = [...new Set(blocks.map(({ prefix }) => prefix.length))].sort((a, b) => a - b)
    const wrong = everySet.filter(({ pattern, set }) => {
      const inside = blocks.filter((block) => isAll(pattern, block.pattern)).map(({ prefix }) => prefix)
      const byLength = lengths.map((length) => inside.filter((prefix) => prefix.length === length))
      const found = lengths.map((length) => [...set.blocks(family, length)])
      const [largest] = byLength.flat()
      return String(found) !== String(byLength) || String(set.largestBlock(family)) !== String(largest)
    })
    expect(wrong).toEqual([])
  })
})

describe.each(universes)('every two sets of six addresses $where', (universe) => {
  const everySet = Array.from({ length: 2 ** 6 }, (_, pattern) => ({ pattern, set: setOf(universe, pattern) }))

  it('have the union and the difference of their addresses', () => {
    const isRight = (made: PrefixSet, pattern: number) =>
      patternOf(universe, made, 6) === pattern &&
      made.isEmpty === (pattern === 0) &&
      String(made) === String(everySet[pattern]?.set)
    const wrong = everySet.flatMap((one) =>
      everySet.filter(
        (other) =>
          !isRight(one.set.union(other.set), one.pattern | other.pattern) ||
          !isRight(one.set.subtract(other.set), one.pattern & ~other.pattern),
      ),
    )
    expect(wrong).toEqual([])
  })

  it('are equal only when they are the same', () => {
    const equal = everySet.flatMap((one) =>
      everySet.filter((other) => one.set.equals(other.set)).map(() => one.pattern),
    )
    expect(equal).toEqual(everySet.map(({ pattern }) => pattern))
  })
})
