import { expect, it } from 'vitest'
import { Prefix } from '../address/prefix.ts'
import { PrefixTable } from './prefix-table.ts'
import { sortPrefixes } from './sort-prefixes.ts'
import { sameAsBefore } from './sorted-prefixes.ts'

function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** Over all of both families, with nests, copies and the prefixes at both ends. */
function randomPrefix(random: () => number): Prefix {
  const [length, spread] = [random(), random()]
  const part = () => BigInt(Math.floor(random() * 2 ** 32))
  if (random() < 0.01) return Prefix.fromBits(random() < 0.5 ? 0 : 0xffffffff, Math.floor(length * 33))
  if (random() < 0.01) return Prefix.fromBits(random() < 0.5 ? 0n : 2n ** 128n - 1n, Math.floor(length * 129))
  if (random() < 0.5) {
    return Prefix.fromBits(Math.floor(random() * 2 ** (spread < 0.5 ? 32 : 8)), Math.floor(length * 33))
  }
  const bits = spread < 0.5 ? (part() << 96n) | (part() << 64n) | (part() << 32n) | part() : part() & 0xffn
  return Prefix.fromBits(bits, Math.floor(length * 129))
}

it.each([1, 2, 3])('sorts as Prefix.compare does, then by table and row, with depths (seed %d)', (seed) => {
  const random = randomFrom(seed)
  const sizes = [20_000, 0, 17_000, 1]
  const all = sizes.map((size) => Array.from({ length: size }, () => randomPrefix(random)))
  const tables = all.map((prefixes) => {
    const table = new PrefixTable()
    for (const [row, prefix] of prefixes.entries()) table.add(prefix, row)
    return table
  })
  const flat = all.flat()
  for (const family of [4, 6] as const) {
    const expected = [...flat.entries()]
      .filter(([, prefix]) => prefix.family === family)
      .sort(([a, one], [b, other]) => Prefix.compare(one, other) || a - b)
    const { ids, depths } = sortPrefixes(tables, family)
    expect([...ids]).toEqual(expected.map(([id]) => id))
    expect([...depths]).toEqual(depthsOf(expected.map(([, prefix]) => prefix)))
  }
})

function depthsOf(sorted: readonly Prefix[]): number[] {
  const open: Prefix[] = []
  return sorted.map((prefix) => {
    while (open.length > 0 && !open.at(-1)?.contains(prefix)) open.pop()
    if (open.at(-1)?.equals(prefix)) return sameAsBefore
    return open.push(prefix) - 1
  })
}

it('sorts nothing', () => {
  expect(sortPrefixes([], 4).ids).toHaveLength(0)
  expect(sortPrefixes([new PrefixTable()], 6).ids).toHaveLength(0)
})
