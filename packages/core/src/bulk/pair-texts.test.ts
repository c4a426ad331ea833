import { describe, expect, it } from 'vitest'
import { Prefix } from '../address/prefix.ts'
import { findOverlaps, type OverlapQuestion } from './find-overlaps.ts'
import type { TableRow } from './overlap-pair.ts'
import type { PairShape } from './pair-texts.ts'
import { PrefixTable } from './prefix-table.ts'

const shape: PairShape = {
  start: '{',
  beforeLine: [' in öne, ', '', ` in ${'long'.repeat(20)}, `, ' in four, '],
  between: { equal: ' = ', contains: ' is around ', inside: ' is within what is there: ' },
  end: '}\n',
}

/** Where rows stand: on one line after the other from any first one on, or anywhere. */
const lines = {
  one: (row: number) => row + 1,
  late: (row: number) => row + 999_998,
  last: (row: number) => 4_294_957_295 + row,
  commented: (row: number) => row + 1 + Math.floor(row / 7),
  comment: (row: number) => (row < 17_000 ? row : row + 1),
} satisfies Record<string, (row: number) => number>

/** Prefixes with few or many inside, by row; the step makes sides different. */
function tableOf(size: number, step: number, lineOf: (row: number) => number, hasIpv6 = false): PrefixTable {
  const table = new PrefixTable()
  for (let row = 0; row < size; row++) {
    const place = (row * step) % 70_000
    const length = row % 500 === 0 ? 18 : 28 + (place % 5)
    const first = (0xffffffff - place * 16) & (0xffffffff << (32 - length))
    if (hasIpv6 && row % 50 === 0) table.add(Prefix.parse(`fd00::${(row % 7000).toString(16)}/128`), lineOf(row))
    else table.addIpv4(first, length, lineOf(row))
  }
  return table
}

function expectedOf(sides: readonly PrefixTable[], question: OverlapQuestion): string[] {
  const texts: string[] = []
  const textOf = ({ side, row }: TableRow) =>
    `${sides[side]?.prefixAt(row)}${shape.beforeLine[side]}${sides[side]?.lineAt(row)}`
  findOverlaps(sides, question).forEachPair(({ left, right, relation }) => {
    texts.push(`{${textOf(left)}${shape.between[relation]}${textOf(right)}}\n`)
    return true
  })
  return texts
}

const both = { between: true, within: true }

describe('pairTexts', () => {
  it.each<[string, PrefixTable[], OverlapQuestion]>([
    ['two sides', [tableOf(9000, 3, lines.one), tableOf(9000, 7, lines.late)], {}],
    [
      'each with itself',
      [tableOf(7000, 5, lines.last), tableOf(7000, 11, lines.one)],
      { within: true, between: false },
    ],
    ['few', [tableOf(1500, 5, lines.last), tableOf(1500, 11, lines.commented), tableOf(10, 1, lines.one)], both],
    ['lines with gaps', [tableOf(6000, 3, lines.commented), tableOf(20_000, 11, lines.comment)], both],
    [
      'both families, and a side without any',
      [
        tableOf(5000, 3, lines.one, true),
        new PrefixTable(),
        tableOf(5000, 3, lines.one),
        tableOf(100, 3, lines.one, true),
      ],
      {},
    ],
  ])('writes what forEachPair tells, piece by piece: %s', (_, sides, question) => {
    const expected = expectedOf(sides, question)
    expect(expected.length).toBeGreaterThan(1000)
    const overlaps = findOverlaps(sides, question)
    for (const [size, most] of [
      [3_000_000, undefined],
      [70_000, undefined],
      [5000, 13],
      [700, undefined],
    ] as const) {
      const texts = overlaps.pairTexts(shape)
      const bytes = new Uint8Array(size).fill(1)
      const pieces: string[] = []
      while (!texts.isDone) {
        const before = texts.written
        const end = texts.write(bytes, 3, most)
        expect(end).toBeLessThanOrEqual(size)
        pieces.push(Buffer.from(bytes.subarray(3, end)).toString())
        if (most !== undefined) expect(texts.written - before).toBeLessThanOrEqual(most)
      }
      expect(texts.written).toBe(expected.length)
      expect(pieces.join('') === expected.join('')).toBe(true)
      expect([...bytes.subarray(0, 3)]).toEqual([1, 1, 1])
      expect(texts.write(bytes, 3)).toBe(3)
    }
  })

  it.each([100, 5000])('of two sides with %d prefixes each writes nothing where not the longest has room', (size) => {
    const texts = findOverlaps([tableOf(size, 3, lines.one), tableOf(size, 7, lines.one)]).pairTexts(shape)
    const bytes = new Uint8Array(texts.longest - 1)
    expect([texts.write(bytes, 0), texts.write(new Uint8Array(texts.longest), 1), texts.written]).toEqual([0, 1, 0])
    expect(texts.write(new Uint8Array(2 * texts.longest), 0, 0)).toBe(0)
    expect([texts.isDone, texts.write(new Uint8Array(texts.longest), 0) > 0, texts.written]).toEqual([false, true, 1])
  })

  it('writes a pair that is longer than a piece', () => {
    const name = 'x'.repeat(100_000)
    const sides = [tableOf(5000, 3, lines.one), tableOf(10, 3, lines.one)]
    const texts = findOverlaps(sides).pairTexts({ ...shape, beforeLine: [name, 'y'] })
    const bytes = new Uint8Array(texts.longest + 5)
    const text = Buffer.from(bytes.subarray(5, texts.write(bytes, 5))).toString()
    expect(text).toMatch(/^\{255\.[0-9./]+x{100000}\d+ [^y]+y\d+\}\n$/)
  })

  it('goes on beside another walk', () => {
    const sides = [tableOf(5000, 3, lines.one), tableOf(5000, 7, lines.commented)]
    const overlaps = findOverlaps(sides)
    const expected = expectedOf(sides, {}).join('')
    const [one, other] = [overlaps.pairTexts(shape), overlaps.pairTexts({ ...shape, start: '[' })]
    const bytes = new Uint8Array(20_000)
    const met = ['', '']
    while (!one.isDone || !other.isDone) {
      met[0] += Buffer.from(bytes.subarray(0, one.write(bytes, 0, 50))).toString()
      overlaps.countPairs()
      met[1] += Buffer.from(bytes.subarray(0, other.write(bytes, 0))).toString()
    }
    expect(met[0] === expected).toBe(true)
    expect(met[1] === expected.replaceAll('{', '[')).toBe(true)
  })
})
