import { describe, expect, it } from 'vitest'
import { Prefix } from '../address/prefix.ts'
import { PrefixSet } from '../address/prefix-set.ts'
import { FreeSpace } from '../allocation/free-space.ts'
import { PoolSpace } from './pool-space.ts'
import { PrefixTable } from './prefix-table.ts'

function prefixes(...texts: string[]): Prefix[] {
  return texts.map((text) => Prefix.parse(text))
}

function tableOf(used: readonly Prefix[]): PrefixTable {
  const table = new PrefixTable()
  for (const prefix of used) table.add(prefix, 1)
  return table
}

function spaceOf(pools: readonly string[], used: readonly string[]): PoolSpace {
  return new PoolSpace(prefixes(...pools), [tableOf(prefixes(...used))])
}

describe('PoolSpace', () => {
  it.each<[string[], string[], number, string[], string]>([
    [['10.0.0.0/30'], [], 32, ['10.0.0.0/32', '10.0.0.1/32', '10.0.0.2/32'], 'nothing is used: the lowest come first'],
    [['10.0.0.0/24'], ['10.0.0.0/25', '10.0.0.128/26'], 26, ['10.0.0.192/26'], 'what is left'],
    [['10.0.0.0/24'], ['10.0.0.7/32'], 24, [], 'an address of the only one is used'],
    [['10.0.0.0/24'], ['10.0.0.0/8'], 32, [], 'more than the pool is used'],
    [['10.0.1.0/24', '10.0.0.0/24'], [], 24, ['10.0.1.0/24', '10.0.0.0/24'], 'the order of the pools counts'],
    [['10.0.1.0/24', '10.0.0.0/23'], [], 24, ['10.0.1.0/24', '10.0.0.0/24'], 'a pool inside another one'],
    [['10.0.0.0/23', '10.0.1.0/24'], [], 24, ['10.0.0.0/24', '10.0.1.0/24'], 'a pool inside one before it'],
    [['10.0.0.0/24'], [], 23, [], 'larger than the pool'],
    [['255.255.255.254/31'], ['fd00::/8'], 32, ['255.255.255.254/32', '255.255.255.255/32'], 'the end of the family'],
    [['0.0.0.0/0'], [], 0, ['0.0.0.0/0'], 'everything'],
  ])('has in %j beside %j the free /%d %j: %s', (pools, used, length, expected) => {
    expect(spaceOf(pools, used).freeBlocks(length, 3).map(String)).toEqual(expected)
  })

  it('lists the largest free blocks, largest first, then lowest', () => {
    const space = spaceOf(['192.168.0.0/16', '10.0.0.0/24', '10.0.0.128/25'], ['192.168.0.0/17', '10.0.0.64/26'])
    expect(space.largest(3).map(String)).toEqual(['192.168.128.0/17', '10.0.0.128/25', '10.0.0.0/26'])
    expect(space.largest(1).map(String)).toEqual(['192.168.128.0/17'])
  })

  it('tells how much of each pool is in use', () => {
    const used = ['10.0.0.0/25', '10.0.0.0/25', '10.0.0.7/32', '10.0.0.192/26']
    expect(spaceOf(['10.0.0.0/24', '192.168.0.0/16', '10.0.0.0/26'], used).utilisation()).toEqual([
      { pool: Prefix.parse('10.0.0.0/24'), used: 192n, free: 64n, largest: Prefix.parse('10.0.0.128/26') },
      { pool: Prefix.parse('192.168.0.0/16'), used: 0n, free: 65536n, largest: Prefix.parse('192.168.0.0/16') },
      { pool: Prefix.parse('10.0.0.0/26'), used: 64n, free: 0n, largest: undefined },
    ])
  })

  it('gives what the allocator gives, and what sets of addresses say', () => {
    const used = Array.from({ length: 5000 }, (_, index) => {
      const mixed = Math.imul(index + 1, 0x9e3779b1) >>> 0
      return Prefix.fromBits(0x0a000000 + (mixed >>> 8), 22 + (mixed % 11))
    })
    const pools = prefixes('10.0.0.0/10', '10.128.0.0/9')
    const space = new PoolSpace(pools, [tableOf(used)])
    const free = PrefixSet.of(pools).subtract(PrefixSet.of(used))
    for (const length of [20, 22, 24]) {
      expect(space.freeBlocks(length, 1000).map(String)).toEqual(allocated(pools, used, length).map(String))
      expect(space.freeBlocks(length, 1e9)).toHaveLength([...free.blocks(4, length)].length)
    }
    const sorted = free.prefixes().sort((a, b) => a.length - b.length || Prefix.compare(a, b))
    expect(space.largest(50).map(String)).toEqual(sorted.slice(0, 50).map(String))
    expect(space.utilisation().reduce((sum, use) => sum + use.free, 0n)).toBe(free.count(4))
  })

  it('is the same as sets of addresses say, where few addresses are and prefixes lie in each other', () => {
    for (let seed = 1; seed <= 500; seed++) {
      const random = numbersFrom(seed)
      const block = () => {
        const length = 27 + random(6)
        return Prefix.fromBits(0xfffffff0 - 16 + random(32), length)
      }
      const used = Array.from({ length: random(6) }, block)
      const pool = block()
      const space = new PoolSpace([pool], [tableOf(used.slice(0, 2)), tableOf(used.slice(2))])
      const free = PrefixSet.of([pool]).subtract(PrefixSet.of(used))
      const length = 27 + random(6)
      expect(space.freeBlocks(length, 99).map(String), `${pool} without ${used}`).toEqual(
        [...free.blocks(4, length)].map(String),
      )
      expect(space.utilisation()[0]?.free).toBe(free.count(4))
    }
  })

  it('is the same for so many that they are sorted first', () => {
    const used = Array.from({ length: 2 ** 16 }, (_, index) => {
      const mixed = Math.imul(index + 1, 0x9e3779b1) >>> 0
      return Prefix.fromBits(0x0a000000 + (mixed >>> 8), 26 + (mixed % 7))
    })
    const tables = [tableOf(used.slice(0, 40_000)), tableOf(prefixes('::/0')), tableOf(used.slice(40_000))]
    const free = PrefixSet.of(prefixes('10.0.0.0/8')).subtract(PrefixSet.of(used))
    const [use] = new PoolSpace(prefixes('10.0.0.0/8'), tables).utilisation()
    expect([use?.free, use?.largest?.toString()]).toEqual([free.count(4), free.largestBlock(4)?.toString()])
  })

  it('has IPv6 beside IPv4', () => {
    const space = spaceOf(['fd00::/8', '10.0.0.0/30'], ['fd00::/64', 'fd00:0:0:1::1/128', '10.0.0.0/31', 'fe80::/10'])
    expect(space.freeBlocks(64, 2).map(String)).toEqual(['fd00:0:0:2::/64', 'fd00:0:0:3::/64'])
    expect(space.freeBlocks(31, 3).map(String)).toEqual(['fd00:2::/31', 'fd00:4::/31', 'fd00:6::/31'])
    expect(space.largest(1).map(String)).toEqual(['10.0.0.2/31', 'fd80::/9'])
    expect(space.utilisation()).toEqual([
      {
        pool: Prefix.parse('fd00::/8'),
        used: 2n ** 64n + 1n,
        free: 2n ** 120n - 2n ** 64n - 1n,
        largest: Prefix.parse('fd80::/9'),
      },
      { pool: Prefix.parse('10.0.0.0/30'), used: 2n, free: 2n, largest: Prefix.parse('10.0.0.2/31') },
    ])
  })

  it('has all of IPv6, and its last address', () => {
    expect(spaceOf(['::/0'], []).freeBlocks(0, 2).map(String)).toEqual(['::/0'])
    const last = 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'
    expect(
      spaceOf([`${last.slice(0, -1)}e/127`], [`${last.slice(0, -1)}e/128`])
        .freeBlocks(128, 2)
        .map(String),
    ).toEqual([`${last}/128`])
  })
})

/** Numbers from 0 on below a bound, the same ones for a seed. */
function numbersFrom(seed: number): (bound: number) => number {
  let state = seed
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return (state >>> 8) % bound
  }
}

/** One block after the other is found and taken. */
function allocated(pools: readonly Prefix[], used: readonly Prefix[], length: number): Prefix[] {
  const space = new FreeSpace()
  for (const prefix of used) space.take(Number(prefix.bits), prefix.length)
  const given: Prefix[] = []
  for (const pool of pools) {
    while (given.length < 1000) {
      const first = space.lowestFree({ first: Number(pool.bits), length: pool.length }, length)
      if (first === undefined) break
      space.take(first, length)
      given.push(Prefix.fromBits(first, length))
    }
  }
  return given
}
