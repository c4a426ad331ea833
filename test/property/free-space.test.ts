import { PoolSpace, Prefix, PrefixTable } from '@natplan/core'
import fc from 'fast-check'
import { expect, it } from 'vitest'

/*
 * Everything lies in fd00::/124, so an address is known by its last four bits and the oracle looks at each of the sixteen.
 */

const base = 0xfd00n << 112n
const block = fc
  .record({ bits: fc.nat(15), length: fc.integer({ min: 0, max: 4 }) })
  .map(({ bits, length }) => Prefix.fromBits(base + BigInt(bits & ~((1 << (4 - length)) - 1)), 124 + length))
const blocks = fc.array(block, { maxLength: 6 })

/** The addresses of a block. */
function addressesOf(prefix: Prefix): number[] {
  const first = Number(BigInt(prefix.bits) - base)
  return Array.from({ length: Number(prefix.size) }, (_, index) => first + index)
}

/** Every aligned block of a length in the universe, the lowest first. */
function allOf(length: number): Prefix[] {
  const size = 2 ** (128 - length)
  return Array.from({ length: 16 / size }, (_, index) => Prefix.fromBits(base + BigInt(index * size), length))
}

it('free blocks of IPv6 are those of which no address is in use', () => {
  fc.assert(
    fc.property(
      fc.array(block, { minLength: 1, maxLength: 3 }),
      blocks,
      fc.integer({ min: 124, max: 128 }),
      (pools, used, length) => {
        const table = new PrefixTable()
        for (const prefix of used) table.add(prefix, 1)
        // What else is in use changes nothing.
        for (const other of ['10.0.0.0/8', 'fd00::1:0/112', 'fc00::/16']) table.add(Prefix.parse(other), 1)
        const taken = new Set(used.flatMap(addressesOf))
        const isFree = (prefix: Prefix) => addressesOf(prefix).every((address) => !taken.has(address))
        const space = new PoolSpace(pools, [table])
        const expected = pools.flatMap((pool) => allOf(length).filter((one) => pool.contains(one) && isFree(one)))
        expect(space.freeBlocks(length, 100).map(String)).toEqual([...new Set(expected.map(String))])
        for (const { pool, used: inUse, free, largest } of space.utilisation()) {
          const addresses = addressesOf(pool)
          expect([inUse, free].map(Number)).toEqual([
            addresses.filter((address) => taken.has(address)).length,
            addresses.filter((address) => !taken.has(address)).length,
          ])
          const largestOf = [124, 125, 126, 127, 128].flatMap((bits) =>
            allOf(bits).filter((one) => pool.contains(one) && isFree(one)),
          )
          expect(largest?.toString()).toBe(largestOf[0]?.toString())
        }
        const listed = space.largest(100)
        const free = new Set(pools.flatMap(addressesOf).filter((address) => !taken.has(address)))
        expect(listed.flatMap(addressesOf).sort((a, b) => a - b)).toEqual([...free].sort((a, b) => a - b))
        expect(listed.map(({ length: bits }) => bits)).toEqual(
          listed.map(({ length: bits }) => bits).sort((a, b) => a - b),
        )
      },
    ),
    { numRuns: 500 },
  )
})
