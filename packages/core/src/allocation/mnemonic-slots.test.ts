import { describe, expect, it } from 'vitest'
import { Prefix } from '../address/prefix.ts'
import { FreeSpace } from './free-space.ts'
import { MnemonicSlots } from './mnemonic-slots.ts'

function blockOf(text: string) {
  const { bits, length } = Prefix.parse(text)
  return { first: Number(bits), length }
}

/** Takes one block after the other until there is none, and says which. */
function searchFor(real: string, pool: string, taken: readonly string[] = []): string[] {
  const space = new FreeSpace()
  for (const { first, length } of taken.map(blockOf)) space.take(first, length)
  const { first, length } = blockOf(real)
  const slots = new MnemonicSlots(blockOf(pool), { first, length })
  const found: string[] = []
  for (let at = slots.find(first, space); at !== undefined; at = slots.find(first, space)) {
    found.push(String(Prefix.fromBits(at, length)))
    space.take(at, length)
  }
  return found
}

describe('MnemonicSlots', () => {
  it.each([
    [
      '10.0.1.0/24',
      '192.168.0.0/22',
      [],
      ['192.168.1.0/24', '192.168.2.0/24', '192.168.3.0/24', '192.168.0.0/24'],
      'the low bits, upwards, once round',
    ],
    [
      '10.0.6.0/24',
      '192.168.0.0/22',
      [],
      ['192.168.2.0/24', '192.168.3.0/24', '192.168.0.0/24', '192.168.1.0/24'],
      'low bits beyond the pool wrap',
    ],
    [
      '10.0.1.32/27',
      '192.168.0.0/22',
      [],
      ['192.168.1.32/27', '192.168.2.32/27', '192.168.3.32/27', '192.168.0.32/27'],
      'longer than /24: steps of 256, the last octet stays',
    ],
    [
      '10.0.2.0/23',
      '192.168.0.0/21',
      [],
      ['192.168.2.0/23', '192.168.4.0/23', '192.168.6.0/23', '192.168.0.0/23'],
      'shorter than /24: steps of its own size',
    ],
    [
      '10.0.1.0/24',
      '192.168.0.0/22',
      ['192.168.2.7/32'],
      ['192.168.1.0/24', '192.168.3.0/24', '192.168.0.0/24'],
      'a place is skipped when one address is taken',
    ],
    ['10.0.3.0/24', '192.168.0.0/22', ['192.168.0.0/22'], [], 'nothing is free'],
    ['10.0.1.32/27', '192.168.0.0/25', [], ['192.168.0.32/27'], 'a pool below 256 addresses has one place'],
    ['10.0.1.224/27', '192.168.0.0/25', [], ['192.168.0.96/27'], 'and keeps the bits that it can'],
    ['10.0.1.0/24', '192.168.5.0/24', [], ['192.168.5.0/24'], 'a pool of the same size'],
    ['10.255.255.255/32', '192.168.0.0/23', [], ['192.168.1.255/32', '192.168.0.255/32'], 'one address'],
  ])('for %s in %s without %j looks at %j: %s', (real, pool, taken, expected) => {
    expect(searchFor(real, pool, taken)).toEqual(expected)
  })

  it('finds the same place again as long as nobody takes it', () => {
    const space = new FreeSpace()
    space.take(blockOf('192.168.0.0/23').first, 23)
    const slots = new MnemonicSlots(blockOf('192.168.0.0/16'), blockOf('10.0.0.0/24'))
    const found = [1, 2, 3].map(() => slots.find(blockOf('10.0.0.0/24').first, space))
    expect(new Set(found)).toEqual(new Set([blockOf('192.168.2.0/24').first]))
  })

  it('starts from its own place for each real prefix that shares the places', () => {
    const pool = blockOf('192.168.0.0/22')
    const [one, other] = [blockOf('10.0.1.0/24'), blockOf('10.0.2.0/24')]
    expect(MnemonicSlots.keyOf(pool, one)).toBe(MnemonicSlots.keyOf(pool, other))
    const space = new FreeSpace()
    const slots = new MnemonicSlots(pool, one)
    const take = (real: { first: number }) => {
      const first = slots.find(real.first, space)
      if (first !== undefined) space.take(first, 24)
      return first === undefined ? undefined : String(Prefix.fromBits(first, 24))
    }
    expect([one, one, other, other, one].map(take)).toEqual([
      '192.168.1.0/24',
      '192.168.2.0/24',
      '192.168.3.0/24',
      '192.168.0.0/24',
      undefined,
    ])
  })

  it.each([
    ['10.0.1.0/24', '10.0.2.0/24', true, 'whole /24s keep no digit behind the step'],
    ['10.0.1.32/27', '10.7.7.32/27', true, 'the same last octet'],
    ['10.0.1.32/27', '10.0.1.64/27', false, 'another last octet'],
    ['10.0.1.32/27', '10.0.1.32/28', false, 'another length'],
  ])('shares places between %s and %s: %s (%s)', (one, other, expected) => {
    const pool = blockOf('192.168.0.0/16')
    const keys = [one, other].map((text) => MnemonicSlots.keyOf(pool, blockOf(text)))
    expect(keys[0] === keys[1]).toBe(expected)
  })
})
