import { describe, expect, it } from 'vitest'
import { Prefix } from '../address/prefix.ts'
import { countPairs, type PairCount, PairCounts } from './count-pairs.ts'
import { findOverlaps, type OverlapWalk } from './find-overlaps.ts'
import { type OverlapMachine, overlapMachine } from './overlap-machine.ts'
import { type OverlapPair, turnedFor } from './overlap-pair.ts'
import { type PairTexts, shapeBytes, WalkedTexts } from './pair-texts.ts'
import { PairWalk } from './pair-walk.ts'
import { PrefixTable } from './prefix-table.ts'
import { offsetsOf, sortPrefixes } from './sort-prefixes.ts'
import type { SortedPrefixes } from './sorted-prefixes.ts'
import type { PairChoice } from './sweep.ts'

/** A generator of whole numbers below a limit, the same for the same seed. */
function numbers(seed: number): (limit: number) => number {
  let state = seed
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
}

/** How prefixes lie: a random length, and a number of bits of which all are inside. */
interface Shape {
  readonly lengthOf: (below: (limit: number) => number) => number
  readonly within: Prefix
}

const shapes = {
  /** Stretches of some thousand, in a few /16. */
  near: {
    lengthOf: (below) => (below(2000) === 0 ? 16 + below(10) : 29 + below(4)),
    within: Prefix.parse('10.0.0.0/14'),
  },
  /** Short stretches, and prefixes around all. */
  far: { lengthOf: (below) => (below(1000) === 0 ? below(16) : 16 + below(17)), within: Prefix.parse('0.0.0.0/0') },
  /** Mostly copies. */
  equal: { lengthOf: (below) => 24 + below(9), within: Prefix.parse('255.255.255.240/28') },
  /** Of all lengths, in each other. */
  nested: { lengthOf: (below) => below(33), within: Prefix.parse('255.255.255.255/32') },
} satisfies Record<string, Shape>

function randomSides(sizes: readonly number[], { lengthOf, within }: Shape, seed: number): PrefixTable[] {
  const below = numbers(seed)
  return sizes.map((size) => {
    const table = new PrefixTable()
    for (let row = 0; row < size; row++) {
      const length = lengthOf(below)
      const first = Number(within.bits) + below(2 ** (32 - within.length))
      table.addIpv4(length === 0 ? 0 : first & (0xffffffff << (32 - length)), length, row)
      if (row % 1000 === 0) table.add(Prefix.parse('fd00::/8'), row)
    }
    return table
  })
}

/** So many of each prefix. */
function copiesOf(...copies: readonly (readonly [string, number])[]): PrefixTable {
  const table = new PrefixTable()
  for (const [text, count] of copies) for (let copy = 0; copy < count; copy++) table.add(Prefix.parse(text), table.size)
  return table
}

/** Adds addresses that lie one after the other. */
function withAddresses(table: PrefixTable, count: number, first = 0xac100000): PrefixTable {
  for (let row = 0; row < count; row++) table.addIpv4(first + row, 32, row)
  return table
}

/** All prefixes around 0.0.0.0, at each of three sides, and addresses in the largest of them. */
function chains(): PrefixTable[] {
  const chain = Array.from({ length: 33 }, (_, length) => [`0.0.0.0/${length}`, 1] as const)
  return [withAddresses(copiesOf(...chain), 4096), copiesOf(...chain), copiesOf(...chain)]
}

/** Addresses, and an end of a prefix with so many inside. */
function endingWith(inside: number): PrefixTable[] {
  const size = 2 ** 14 - 1
  return [withAddresses(new PrefixTable(), size), withAddresses(copiesOf(['255.0.0.0/8', 1]), inside, 0xff000000)]
}

interface Compared {
  readonly flags: Uint8Array
  readonly pairs: readonly PairCount[]
  readonly sorted: SortedPrefixes
}

function bySweep(sides: readonly PrefixTable[], choice: PairChoice): Compared {
  const offsets = offsetsOf(sides)
  const flags = new Uint8Array(offsets.at(-1) ?? 0)
  const counts = new PairCounts(sides.length)
  const sorted = sortPrefixes(sides, 4)
  countPairs(sorted, { ...choice, offsets }, { counts, flags })
  return { flags, pairs: counts.list(choice), sorted }
}

function machineOf(sides: readonly PrefixTable[]): OverlapMachine {
  const machine = overlapMachine(sides, { offsets: offsetsOf(sides) })
  if (!machine) throw new Error('there is no machine')
  return machine
}

function byMachine(
  sides: readonly PrefixTable[],
  choice: PairChoice,
  machine = machineOf(sides),
): Compared & { readonly flagged: number[] } {
  const flags = new Uint8Array(offsetsOf(sides).at(-1) ?? 0)
  const alone = new Uint8Array(flags.length)
  const counts = new PairCounts(sides.length)
  const flagged = machine.sweep(choice, flags, counts)
  expect([machine.sweep(choice, alone), bytesOf(alone).equals(flags)]).toEqual([flagged, true])
  return { flags, flagged, pairs: counts.list(choice), sorted: machine.sorted() }
}

/** Arrays are compared as bytes: that is much faster. */
function bytesOf({ buffer, byteOffset, byteLength }: Uint8Array | Uint32Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength)
}

/** The machine walks and writes before it sweeps, with what stays of pairs in its memory. */
function expectSame(sides: readonly PrefixTable[], choice: PairChoice): void {
  const machine = machineOf(sides)
  const shape = shapeBytes({
    start: '',
    beforeLine: sides.map((_, side) => ` ${side} `),
    between: { equal: ' = ', contains: ' > ', inside: ' < ' },
    end: ',',
  })
  const walked = walkOf(sides, choice)
  const texts = machine.texts(choice, { sides, shape })
  expect(firstPairs(machine.walk(choice), 700)).toEqual(firstPairs(walkOf(sides, choice), 333))
  expect(texts && firstTexts(texts)).toBe(firstTexts(new WalkedTexts((visit) => walked.run(visit), sides, shape)))

  const [expected, found] = [bySweep(sides, choice), byMachine(sides, choice, machine)]
  expect(found.pairs).toEqual(expected.pairs)
  expect(bytesOf(found.flags).equals(expected.flags)).toBe(true)
  const offsets = offsetsOf(sides)
  expect(found.flagged).toEqual(
    sides.map((_, side) => found.flags.subarray(offsets[side], offsets[side + 1]).filter(Boolean).length),
  )
  for (const column of ['ids', 'depths'] as const)
    expect(bytesOf(found.sorted[column]).equals(bytesOf(expected.sorted[column]))).toBe(true)
}

/** The first pairs of a walk that is stopped now and then, as texts. */
function firstPairs(walk: OverlapWalk, step: number): string[] {
  const pairs: string[] = []
  const visit = ({ left, right, relation }: OverlapPair) =>
    pairs.push(`${left.side}.${left.row} ${relation} ${right.side}.${right.row}`) % step !== 0
  while (pairs.length < 5000 && !walk.run(visit));
  return pairs.slice(0, 5000)
}

function firstTexts(texts: PairTexts): string {
  const bytes = new Uint8Array(10_000)
  const pieces: string[] = []
  while (texts.written < 5000 && !texts.isDone)
    pieces.push(Buffer.from(bytes.subarray(0, texts.write(bytes, 0, Math.min(333, 5000 - texts.written)))).toString())
  return pieces.join('')
}

function walkOf(sides: readonly PrefixTable[], choice: PairChoice): OverlapWalk {
  const offsets = offsetsOf(sides)
  const sorted = sortPrefixes(sides, 4)
  const walk = new PairWalk(sorted, offsets, choice)
  return { run: (visit) => walk.run(turnedFor(visit, offsets)) }
}

const choices: readonly PairChoice[] = [
  { between: true, within: false },
  { between: false, within: true },
  { between: true, within: true },
]

describe('OverlapMachine', () => {
  it.each<[keyof typeof shapes, readonly number[]]>([
    ['near', [7000, 7000]],
    ['near', [20_000, 3]],
    ['near', [3000, 2000, 0, 4000, 1]],
    ['far', [20_000, 20_000]],
    ['far', [100, 5000, 3000]],
    ['equal', [5000]],
    ['equal', [2000, 1000, 3000]],
  ])('finds of %s prefixes, %j of them, what the sweep finds', (name, sizes) => {
    for (const [seed, choice] of choices.entries()) expectSame(randomSides(sizes, shapes[name], seed), choice)
  })

  it.each<[string, PrefixTable[]]>([
    ['a dozen sides', randomSides(new Array<number>(12).fill(400), shapes.equal, 7)],
    ['more sides than seven bits tell apart', randomSides(new Array<number>(129).fill(40), shapes.equal, 8)],
    ['as many sides as there may be', randomSides(new Array<number>(256).fill(20), shapes.nested, 9)],
    [
      'as many rows as there may be',
      [withAddresses(new PrefixTable(), 2 ** 18), ...randomSides(new Array<number>(255).fill(1), shapes.far, 10)],
    ],
    ['prefixes of all lengths in each other', chains()],
    ['one prefix behind a whole stretch', endingWith(1)],
    ['two prefixes behind a whole stretch', endingWith(2)],
    ['fifteen prefixes behind a whole stretch', endingWith(15)],
    [
      'prefixes in many of a lower side and of a higher one',
      [copiesOf(['10.0.0.0/8', 300]), withAddresses(copiesOf(['10.1.0.0/16', 50]), 4096), copiesOf(['10.0.0.0/8', 3])],
    ],
  ])('finds what the sweep finds: %s', (_, sides) => {
    for (const choice of choices) expectSame(sides, choice)
  })

  it('counts more pairs than 32 bits hold', () => {
    const sides = [copiesOf(['0.0.0.0/0', 100_000]), copiesOf(['0.0.0.0/0', 100_000], ['10.0.0.1/32', 90_000])]
    expect(byMachine(sides, { between: true, within: true }).pairs).toEqual([
      { left: 0, right: 0, equal: 4_999_950_000, contains: 0, inside: 0 },
      { left: 0, right: 1, equal: 10_000_000_000, contains: 9_000_000_000, inside: 0 },
      { left: 1, right: 1, equal: 4_999_950_000 + 4_049_955_000, contains: 9_000_000_000, inside: 0 },
    ])
  })

  it.each(Object.keys(shapes) as (keyof typeof shapes)[])('walks through the pairs of %s prefixes', (name) => {
    for (const [seed, choice] of choices.entries()) {
      const sides = randomSides([3000, 1000, 2000], shapes[name], seed)
      const machine = machineOf(sides)
      const expected = firstPairs(walkOf(sides, choice), 7)
      expect(expected.length).toBeGreaterThan(100)
      for (const step of [1, 13, 1000]) expect(firstPairs(machine.walk(choice), step)).toEqual(expected)
    }
  })

  it('goes on with a walk beside which there was one that is slower, and a sweep', () => {
    const sides = chains()
    const overlaps = findOverlaps(sides)
    const expected: string[] = []
    overlaps.forEachPair(({ left, right, relation }) => expected.push(`${left.row} ${relation} ${right.row}`) > 0)
    const walks = [700, 333].map((pace) => ({ pace, walk: overlaps.walkPairs(), pairs: [] as string[] }))
    for (let turn = 0; turn < 20; turn++) {
      overlaps.countPairs()
      for (const { pace, walk, pairs } of walks)
        walk.run(({ left, right, relation }) => pairs.push(`${left.row} ${relation} ${right.row}`) % pace !== 0)
    }
    for (const { pace, pairs } of walks) expect(pairs).toEqual(expected.slice(0, 20 * pace))
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
    const { flags } = byMachine([copies, other], { between: true, within: false })
    expect([flags[0] === 1, flags.at(-1) === 1]).toEqual([expected, expected])
  })

  it('is not made for few prefixes, for many sides, or for a side with more rows than it can tell apart', () => {
    const few = randomSides([4000, 10], shapes.far, 1)
    const many = randomSides(new Array<number>(257).fill(100), shapes.far, 2)
    const long = [
      withAddresses(new PrefixTable(), 2 ** 18 + 1),
      ...randomSides(new Array<number>(128).fill(1), shapes.near, 3),
    ]
    for (const sides of [few, many, long]) expect(overlapMachine(sides, { offsets: offsetsOf(sides) })).toBe(undefined)
  })

  it('leaves its prefixes to a walk that others are asked beside', () => {
    const sides = randomSides([4000, 4000], shapes.near, 4)
    const overlaps = findOverlaps(sides)
    let pairs = 0
    overlaps.forEachPair(({ relation }) => {
      if (++pairs === 10) expect(overlaps.countPairs()).toEqual(findOverlaps(sides).countPairs())
      return relation !== undefined
    })
    const [count] = overlaps.countPairs()
    expect((count?.equal ?? 0) + (count?.contains ?? 0) + (count?.inside ?? 0)).toBe(pairs)
  })

  it('counts flags of both families', () => {
    const sides = randomSides([5000, 4000], shapes.far, 5)
    const { flags, flagged } = findOverlaps(sides)
    expect(flagged).toEqual(flags.map((ofSide) => ofSide.filter(Boolean).length))
    expect(flags[1]?.[1]).toBe(1)
  })
})
