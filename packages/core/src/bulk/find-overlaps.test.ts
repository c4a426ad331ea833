import { describe, expect, it } from 'vitest'
import { Prefix } from '../address/prefix.ts'
import { findOverlaps, type OverlapQuestion } from './find-overlaps.ts'
import { PrefixTable } from './prefix-table.ts'

function tableOf(...texts: string[]): PrefixTable {
  const table = new PrefixTable()
  for (const [index, text] of texts.entries()) table.add(Prefix.parse(text), index + 1)
  return table
}

function pairsOf(sides: PrefixTable[], question?: OverlapQuestion): string[] {
  const pairs: string[] = []
  findOverlaps(sides, question).forEachPair(({ left, right, relation }) => {
    pairs.push(`${sides[left.side]?.prefixAt(left.row)} ${relation} ${sides[right.side]?.prefixAt(right.row)}`)
    return true
  })
  return pairs
}

describe('findOverlaps', () => {
  it.each<[string[], string[], string[], string]>([
    [['10.0.0.0/8'], ['10.1.0.0/16'], ['10.0.0.0/8 contains 10.1.0.0/16'], 'the left one is larger'],
    [['10.1.0.0/16'], ['10.0.0.0/8'], ['10.1.0.0/16 inside 10.0.0.0/8'], 'the right one is larger'],
    [['10.1.0.0/16'], ['10.1.0.0/16'], ['10.1.0.0/16 equal 10.1.0.0/16'], 'both are the same'],
    [['10.1.0.0/16'], ['10.2.0.0/16'], [], 'neighbours'],
    [['0.0.0.0/0'], ['::/0'], [], 'different families'],
    [['10.0.0.0/8', '10.1.0.0/16'], [], [], 'only within one side'],
    [['fd00::/8'], ['fd00:1::/32'], ['fd00::/8 contains fd00:1::/32'], 'IPv6'],
  ])('of %j and %j are %j: %s', (left, right, expected) => {
    expect(pairsOf([tableOf(...left), tableOf(...right)])).toEqual(expected)
  })

  it('flags and counts', () => {
    const found = findOverlaps([tableOf('10.0.0.0/8', '11.0.0.0/8', '10.1.0.0/16'), tableOf('10.1.0.0/24')])
    expect(found.flags.map((flags) => [...flags])).toEqual([[1, 0, 1], [1]])
    expect(found.flagged).toEqual([2, 1])
    expect(found.countPairs()).toEqual([{ left: 0, right: 1, equal: 0, contains: 2, inside: 0 }])
  })
})
