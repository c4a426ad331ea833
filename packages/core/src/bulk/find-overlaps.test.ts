import { describe, expect, it } from 'vitest'
import { Prefix } from '../address/prefix.ts'
import { findOverlaps, type OverlapQuestion, type TableOverlaps } from './find-overlaps.ts'
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

/** Adds prefixes that lie one after the other, each of them equal to or inside that of another side. */
function addRows(table: PrefixTable, count: number, { family, length }: { family: 4 | 6; length: number }): void {
  for (let added = 0; added < count; added++) {
    const place = table.size * 256
    const prefix =
      family === 4
        ? Prefix.fromBits(0x0a000000 + place, length)
        : Prefix.fromBits((0xfdn << 120n) + BigInt(place), length + 96)
    table.add(prefix, table.size + 1)
  }
}

const questions: readonly ((overlaps: TableOverlaps) => unknown)[] = [
  ({ flagged }) => flagged,
  ({ flags }) => flags.map((ofSide) => [...ofSide]),
  (overlaps) => overlaps.countPairs(),
  (overlaps) => [...overlaps.pairs()],
  (overlaps) => {
    const shape = { start: '', beforeLine: [' ', ' '], between: { equal: '=', contains: '>', inside: '<' }, end: '\n' }
    const bytes = new Uint8Array(1_000_000)
    return Buffer.from(bytes.subarray(0, overlaps.pairTexts(shape).write(bytes, 0))).toString()
  },
  (overlaps) => {
    const groups: string[] = []
    overlaps.forEachGroup(({ prefix, pairs }) => groups.push(`${prefix} ${pairs}`) > 0)
    return groups
  },
]

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

  it.each<[4 | 6, number]>([
    [4, 10],
    [4, 5000],
    [6, 10],
    [6, 5000],
  ])('compares the rows that were there when it was asked, whatever is asked first: IPv%d, %d rows', (family, size) => {
    const lengths = [24, 26]
    const sides = lengths.map(() => new PrefixTable())
    const add = (count: number) => {
      for (const [side, table] of sides.entries()) addRows(table, count, { family, length: lengths[side] ?? 0 })
    }
    add(size)
    const expected = questions.map((ask) => ask(findOverlaps(sides)))
    const order = [...questions.keys()]
    // Groups take the sorted prefixes out of WebAssembly, so that all others are answered without it.
    const asked = [...order.map((first) => [first]), [...order, ...order], [...order.toReversed(), ...order]]
    for (const [overlaps, numbers] of asked.map((numbers) => [findOverlaps(sides), numbers] as const)) {
      for (const number of numbers) {
        add(3)
        expect(questions[number]?.(overlaps)).toEqual(expected[number])
      }
    }
  })
})
