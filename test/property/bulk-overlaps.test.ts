import { findOverlaps, type OverlapQuestion, Prefix, PrefixTable, type TableOverlaps } from '@natplan/core'
import fc from 'fast-check'
import { expect, it } from 'vitest'

/*
 * Everything lies in 10.0.0.0/28 or fd00::/124, or around them, so that every relation is common; a prefix is known by the set of
 * those 16 addresses that it holds, and by its length where it holds all of them.
 */

interface Block {
  readonly family: 4 | 6
  /** Bits behind those of the universe: 0 for all 16 addresses, 4 for one. */
  readonly depth: number
  readonly index: number
  /** Around the universe: by how many bits larger. */
  readonly larger: number
}

const block: fc.Arbitrary<Block> = fc
  .record({
    family: fc.constantFrom(4 as const, 6 as const),
    depth: fc.nat(4),
    place: fc.nat(15),
    larger: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constantFrom(1, 4, 12, 28) }),
  })
  .map(({ family, depth, place, larger }) => ({ family, depth, index: place >> (4 - depth), larger }))

const sides = fc.array(fc.array(block, { maxLength: 12 }), { minLength: 1, maxLength: 4 })

const questions: fc.Arbitrary<OverlapQuestion> = fc.constantFrom(
  {},
  { between: true, within: false },
  { between: false, within: true },
  { between: true, within: true },
)

function prefixOf({ family, depth, index, larger }: Block): Prefix {
  const length = (family === 4 ? 28 : 124) + (larger > 0 ? -larger : depth)
  if (family === 4) return Prefix.fromBits(0x0a000000 + index * 2 ** (4 - depth), length)
  return Prefix.fromBits((0xfdn << 120n) + BigInt(index * 2 ** (4 - depth)), length)
}

function tableOf(blocks: readonly Block[]): PrefixTable {
  const table = new PrefixTable()
  for (const [row, one] of blocks.entries()) table.add(prefixOf(one), row + 1)
  return table
}

/** From so many prefixes on WebAssembly compares those of IPv4. */
const many = 4096

/** Adds addresses that overlap nothing. */
function pad(table: PrefixTable | undefined): void {
  for (let row = 0; row < many; row++) table?.addIpv4(0xac100000 + row, 32, row + 1)
}

/** The addresses of the universe that a block holds, as a pattern of bits. */
function patternOf({ depth, index, larger }: Block): number {
  if (larger > 0) return 0xffff
  const size = 2 ** (4 - depth)
  return (2 ** size - 1) << (index * size)
}

type Relation = 'equal' | 'contains' | 'inside'

function relationOf(one: Block, other: Block): Relation | undefined {
  if (one.family !== other.family || (patternOf(one) & patternOf(other)) === 0) return undefined
  const [size, otherSize] = [one, other].map(({ depth, larger }) => (larger > 0 ? larger : -depth)) as [number, number]
  if (size === otherSize) return 'equal'
  return size > otherSize ? 'contains' : 'inside'
}

/** Every pair that counts, by comparing every two; of two of one side the larger one, else the first, is on the left. */
function compareAll(given: readonly (readonly Block[])[], { between, within }: OverlapQuestion): string[] {
  const pairs: string[] = []
  const wants = { between: between ?? given.length > 1, within: within ?? given.length === 1 }
  const all = given.flatMap((blocks, side) => blocks.map((one, row) => ({ side, row, one })))
  for (const [index, left] of all.entries()) {
    for (const right of all.slice(index + 1)) {
      const relation = relationOf(left.one, right.one)
      if (!relation || !(left.side === right.side ? wants.within : wants.between)) continue
      const isTurned = left.side === right.side && relation === 'inside'
      const ends = isTurned ? [right, left] : [left, right]
      pairs.push(`${ends.map(({ side, row }) => `${side}.${row}`).join(` ${isTurned ? 'contains' : relation} `)}`)
    }
  }
  return pairs.sort()
}

function count<T>(items: readonly T[], isOne: (item: T) => boolean): number {
  return items.filter(isOne).length
}

it.each(['few', 'many'])('finds what comparing every two prefixes finds, of %s', (size) => {
  // What is around everything is around the others, too.
  const notEverything = sides.map((all) => all.map((blocks) => blocks.filter(({ larger }) => larger < 28)))
  const blocks = size === 'many' ? notEverything : sides
  fc.assert(
    fc.property(blocks, questions, fc.integer({ min: 1, max: 5 }), (given, question, step) => {
      const expected = compareAll(given, question)
      const tables = given.map(tableOf)
      if (size === 'many') pad(tables.at(-1))
      const overlaps = findOverlaps(tables, question)

      const pairs: string[] = []
      overlaps.forEachPair(
        ({ left, right, relation }) =>
          pairs.push(`${left.side}.${left.row} ${relation} ${right.side}.${right.row}`) > 0,
      )
      expect(pairs.toSorted()).toEqual(expected)

      const [walk, walked] = [overlaps.walkPairs(), [] as string[]]
      while (
        !walk.run(({ left, right, relation }) => {
          walked.push(`${left.side}.${left.row} ${relation} ${right.side}.${right.row}`)
          return walked.length % step !== 0
        })
      );
      expect(walked).toEqual(pairs)
      const listed = [...overlaps.pairs()].map(
        ({ left, right, relation }) => `${left.side}.${left.row} ${relation} ${right.side}.${right.row}`,
      )
      expect(listed).toEqual(pairs)
      expect(textsOf(overlaps, given, step)).toEqual(pairs.map((pair) => textOf(pair, given)))

      const met = new Set(expected.flatMap((pair) => pair.split(' ').filter((word) => word.includes('.'))))
      const flags = given.map((blocks, side) => blocks.map((_, row) => (met.has(`${side}.${row}`) ? 1 : 0)))
      const ofGiven = overlaps.flags.map((ofSide, side) => [...ofSide.subarray(0, given[side]?.length)])
      expect(ofGiven).toEqual(flags)
      expect(overlaps.flagged).toEqual(flags.map((ofSide) => count(ofSide, (flag) => flag === 1)))

      const counts = overlaps
        .countPairs()
        .flatMap(({ left, right, ...relations }) =>
          Object.entries(relations).flatMap(([relation, many]) =>
            new Array<string>(many).fill(`${left} ${relation} ${right}`),
          ),
        )
      expect(counts.sort()).toEqual(expected.map((pair) => pair.replace(/\.\d+/g, '')).sort())
    }),
    { numRuns: size === 'many' ? 100 : 500 },
  )
})

const shape = {
  start: '',
  beforeLine: [' in 0, ', ' in 1, ', ' in 2, ', ' in 3, '],
  between: { equal: ' equal ', contains: ' contains ', inside: ' inside ' },
  end: '\n',
}

/** The lines of all pairs, so many at a time. */
function textsOf(overlaps: TableOverlaps, given: readonly unknown[], atOnce: number): string[] {
  const texts = overlaps.pairTexts({ ...shape, beforeLine: shape.beforeLine.slice(0, given.length) })
  const bytes = new Uint8Array(1000)
  let text = ''
  while (!texts.isDone) text += new TextDecoder().decode(bytes.subarray(7, texts.write(bytes, 7, atOnce)))
  expect(text.split('\n').length - 1).toBe(texts.written)
  return text.split('\n').slice(0, -1)
}

/** What is written of a pair such as `0.1 contains 2.0`: sides and rows. */
function textOf(pair: string, given: readonly (readonly Block[])[]): string {
  return pair.replace(/(\d)\.(\d+)/g, (_, side: string, row: string) => {
    const one = given[Number(side)]?.[Number(row)] as Block
    return `${prefixOf(one)} in ${side}, ${Number(row) + 1}`
  })
}

it('groups all pairs by the outer prefix', () => {
  fc.assert(
    fc.property(sides, questions, (given, question) => {
      const tables = given.map(tableOf)
      const all = given.flatMap((blocks, side) => blocks.map((one) => ({ side, one })))
      let pairs = 0
      findOverlaps(tables, question).forEachGroup((group) => {
        pairs += group.pairs
        const ofGroup = all.find(({ one }) => prefixOf(one).equals(group.prefix))?.one as Block
        const related = (side: number, relation: Relation) =>
          count(all, (other) => other.side === side && relationOf(ofGroup, other.one) === relation)
        expect(group.pairs).toBeGreaterThan(0)
        expect(group.inside).toEqual(given.map((_, side) => related(side, 'contains')))
        expect(group.equal.map((ofSide) => ofSide.count)).toEqual(given.map((_, side) => related(side, 'equal')))
        for (const [side, { count, first }] of group.equal.entries()) {
          if (count > 0) expect(tables[side]?.prefixAt(first).equals(group.prefix)).toBe(true)
        }
        const around = new Set(
          all.filter(({ one }) => relationOf(ofGroup, one) === 'inside').map(({ one }) => prefixOf(one).toString()),
        )
        expect(group.depth).toBe(around.size)
        return true
      })
      expect(pairs).toBe(compareAll(given, question).length)
    }),
    { numRuns: 300 },
  )
})
