import { describe, expect, it } from 'vitest'
import { FreeSpace } from './free-space.ts'

interface Block {
  readonly first: number
  readonly length: number
}

function block(text: string): Block {
  const [address = '', length] = text.split('/')
  return { first: address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0), length: Number(length) }
}

function spaceWithout(...texts: string[]): FreeSpace {
  const space = new FreeSpace()
  for (const { first, length } of texts.map(block)) space.take(first, length)
  return space
}

function isFree(space: FreeSpace, text: string): boolean {
  const { first, length } = block(text)
  return space.isFree(first, length)
}

describe('FreeSpace', () => {
  it.each([
    [[], '0.0.0.0/0', true, 'nothing is taken'],
    [[], '255.255.255.255/32', true, 'nothing is taken, at the very end'],
    [['10.0.0.0/24'], '10.0.0.0/24', false, 'the block itself'],
    [['10.0.0.0/24'], '10.0.0.77/32', false, 'inside what is taken'],
    [['10.0.0.0/24'], '10.0.0.0/8', false, 'around what is taken'],
    [['10.0.0.0/24'], '0.0.0.0/0', false, 'around everything'],
    [['10.0.0.0/24'], '10.0.1.0/24', true, 'the neighbour'],
    [['10.0.0.0/25'], '10.0.0.128/25', true, 'the other half'],
    [['10.0.0.0/25', '10.0.0.128/25'], '10.0.0.0/24', false, 'both halves'],
    [['10.0.0.5/32', '10.0.0.0/24'], '10.0.0.200/32', false, 'a block taken over one address of it'],
    [['10.0.0.0/24', '10.0.0.5/32'], '10.0.0.200/32', false, 'one address of a block that is taken'],
    [['0.0.0.0/0'], '10.0.0.0/24', false, 'everything is taken'],
    [['128.0.0.0/1'], '127.255.255.255/32', true, 'below the sign bit'],
    [['128.0.0.0/1'], '128.0.0.0/32', false, 'behind the sign bit'],
    [['255.255.255.255/32'], '255.255.255.254/32', true, 'beside the last address'],
  ])('without %j: %s is free: %s (%s)', (taken, text, expected) => {
    expect(isFree(spaceWithout(...taken), text)).toBe(expected)
  })

  it.each<[string[], string, number, string | undefined, string]>([
    [[], '192.168.0.0/16', 24, '192.168.0.0/24', 'nothing is taken'],
    [['192.168.0.0/24'], '192.168.0.0/16', 24, '192.168.1.0/24', 'the first is taken'],
    [['192.168.0.5/32'], '192.168.0.0/16', 24, '192.168.1.0/24', 'an address of the first is taken'],
    [['192.168.0.5/32'], '192.168.0.0/16', 30, '192.168.0.0/30', 'there is room before it'],
    [['192.168.0.0/17'], '192.168.0.0/16', 24, '192.168.128.0/24', 'half is taken'],
    [['192.168.0.0/17', '192.168.128.0/17'], '192.168.0.0/16', 24, undefined, 'both halves are taken'],
    [['192.0.0.0/8'], '192.168.0.0/16', 32, undefined, 'more than the pool is taken'],
    [['192.168.1.0/24'], '192.168.0.0/16', 16, undefined, 'the whole pool is asked for'],
    [['192.169.0.0/16'], '192.168.0.0/16', 16, '192.168.0.0/16', 'what is taken is outside'],
    [[], '0.0.0.0/0', 0, '0.0.0.0/0', 'everything is free'],
    [['10.0.0.0/32'], '0.0.0.0/0', 0, undefined, 'everything but an address is free'],
    [['240.0.0.0/5'], '240.0.0.0/4', 32, '248.0.0.0/32', 'behind the sign bit'],
  ])('without %j the lowest in %s of length %d is %s: %s', (taken, pool, length, expected) => {
    const found = spaceWithout(...taken).lowestFree(block(pool), length)
    expect(found).toBe(expected && block(expected).first)
  })

  it('keeps count beyond the room that it begins with', () => {
    const space = new FreeSpace()
    const pool = block('192.168.0.0/18')
    for (let count = 0; count < 2 ** 14; count++) {
      const first = space.lowestFree(pool, 32)
      expect(first).toBe(pool.first + count)
      if (first !== undefined) space.take(first, 32)
    }
    expect(space.lowestFree(pool, 32)).toBeUndefined()
    expect(space.isFree(pool.first + 2 ** 14, 18)).toBe(true)
  })
})
