import { Prefix } from '@natplan/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Allocator } from '../../packages/core/src/allocation/allocate.ts'
import { FreeSpace } from '../../packages/core/src/allocation/free-space.ts'
import { MnemonicSlots } from '../../packages/core/src/allocation/mnemonic-slots.ts'
import { addressesOf, meet, searchOrder, textOf, union } from './oracle.ts'
import { blockIn } from './universe.ts'

interface Block {
  readonly first: number
  readonly length: number
}

function blockOf(prefix: string): Block {
  return { first: addressesOf(`${prefix.split('/')[0]}/32`)[0] ?? 0, length: Number(prefix.split('/')[1]) }
}

/** All aligned blocks inside one, of its own length and longer. */
function blocksInside(outer: Block): Block[] {
  const blocks: Block[] = []
  for (let length = outer.length; length <= 32; length++) {
    const size = 2 ** (32 - length)
    for (let at = 0; at < 2 ** (32 - outer.length); at += size) blocks.push({ first: outer.first + at, length })
  }
  return blocks
}

describe('FreeSpace', () => {
  const window = fc.constantFrom('0.0.0.0/27', '10.0.0.32/27', '127.255.255.224/27', '255.255.255.224/27')
  const windowAndTaken = window.chain((outer) =>
    fc.tuple(fc.constant(outer), fc.array(blockIn(outer), { maxLength: 8 })),
  )

  it('is free where a bitmap is, and finds the lowest free block that the bitmap has', () => {
    fc.assert(
      fc.property(windowAndTaken, ([outer, prefixes]) => {
        const space = new FreeSpace()
        const taken = union(prefixes)
        for (const { first, length } of prefixes.map(blockOf)) space.take(first, length)
        const blocks = blocksInside(blockOf(outer))
        const isFree = ({ first, length }: Block) => !meet(addressesOf(textOf(first, length)), taken)
        expect(blocks.filter((block) => space.isFree(block.first, block.length) !== isFree(block))).toEqual([])
        for (const pool of blocks) {
          const inside = blocksInside(pool).filter(isFree)
          for (let length = pool.length; length <= 32; length++) {
            const expected = inside.find((block) => block.length === length)
            expect(space.lowestFree(pool, length)).toBe(expected?.first)
          }
        }
      }),
    )
  })

  it('is free where no interval of hundreds that are scattered over all space is', () => {
    const anywhere = fc.tuple(fc.nat(2 ** 32 - 1), fc.integer({ min: 8, max: 32 })).map(([address, length]): Block => {
      return { first: address - (address % 2 ** (32 - length)), length }
    })
    const many = fc.array(anywhere, { minLength: 200, maxLength: 400, size: 'max' })
    const endOf = ({ first, length }: Block) => first + 2 ** (32 - length)
    fc.assert(
      fc.property(many, many, (taken, asked) => {
        const space = new FreeSpace()
        for (const { first, length } of taken) space.take(first, length)
        const isFree = (block: Block) =>
          !taken.some((other) => block.first < endOf(other) && other.first < endOf(block))
        expect(
          [...asked, ...taken].filter((block) => space.isFree(block.first, block.length) !== isFree(block)),
        ).toEqual([])
      }),
      { numRuns: 20 },
    )
  })
})

/** A pool with what is taken in it, and real prefixes that fit into it. */
const pooled = fc
  .constantFrom(
    '192.168.0.0/22',
    '192.168.4.0/22',
    '192.168.0.0/23',
    '192.168.1.0/24',
    '192.168.0.64/26',
    '172.16.0.0/21',
  )
  .chain((pool) =>
    fc.record({
      pool: fc.constant(pool),
      taken: fc.array(blockIn(pool), { maxLength: 6 }),
      reals: fc.array(blockIn('10.0.0.0/21'), { minLength: 1, maxLength: 30, size: 'max' }),
    }),
  )

describe('MnemonicSlots', () => {
  it('finds the first place of the documented order that a bitmap has free', () => {
    fc.assert(
      fc.property(pooled, ({ pool, taken, reals }) => {
        const space = new FreeSpace()
        const used = union(taken)
        const slots = new Map<number, MnemonicSlots>()
        for (const { first, length } of taken.map(blockOf)) space.take(first, length)
        for (const real of reals.filter((prefix) => blockOf(prefix).length >= blockOf(pool).length)) {
          const block = blockOf(real)
          const key = MnemonicSlots.keyOf(blockOf(pool), block)
          const shared = slots.get(key) ?? new MnemonicSlots(blockOf(pool), block)
          slots.set(key, shared)
          const expected = mnemonicOrder(pool, real).find((place) => !meet(addressesOf(place), used))
          const found = shared.find(block.first, space)
          expect(found === undefined ? undefined : textOf(found, block.length)).toBe(expected)
          if (expected === undefined) continue
          space.take(blockOf(expected).first, block.length)
          for (const address of addressesOf(expected)) used.add(address)
        }
      }),
      { numRuns: 100 },
    )
  })
})

/** The documented order without the blocks that are taken when nothing mnemonic is left. */
function mnemonicOrder(pool: string, real: string): string[] {
  const { length } = blockOf(real)
  const step = Math.max(256, 2 ** (32 - length))
  const places = Math.max(1, addressesOf(pool).length / step)
  return searchOrder(pool, real).slice(0, places)
}

describe('Allocator', () => {
  it('gives the first free block of the documented order, and none only when no pool has one', () => {
    fc.assert(
      fc.property(fc.array(pooled, { minLength: 1, maxLength: 3 }), (given) => {
        const pools = given.map(({ pool }) => pool)
        const taken = given.flatMap((one) => one.taken)
        const used = union(taken)
        const allocator = new Allocator(pools.map(Prefix.parse), taken.map(Prefix.parse))
        for (const real of given.flatMap(({ reals }) => reals)) {
          const order = pools.flatMap((pool) => searchOrder(pool, real))
          const expected = order.find((block) => !meet(addressesOf(block), used))
          expect(allocator.allocate(Prefix.parse(real))?.toString()).toBe(expected)
          for (const address of expected ? addressesOf(expected) : []) used.add(address)
        }
        const left = new Set([...union(pools)].filter((address) => !used.has(address)))
        expect(allocator.remaining().addresses).toBe(BigInt(left.size))
      }),
      { numRuns: 50 },
    )
  })
})
