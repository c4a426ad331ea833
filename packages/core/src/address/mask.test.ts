import { describe, expect, it } from 'vitest'
import { formatBits } from './bits.ts'
import { lengthOfNetmask, lengthOfWildcard } from './mask.ts'

describe('masks', () => {
  it('stand for every prefix length', () => {
    for (let length = 0; length <= 32; length++) {
      const host = 2 ** (32 - length) - 1
      expect(lengthOfNetmask(formatBits(2 ** 32 - 1 - host))).toBe(length)
      expect(lengthOfWildcard(formatBits(host))).toBe(length)
    }
  })

  it.each(['255.0.255.0', '255.255.255.1', '255.255.255', '256.0.0.0', '0255.0.0.0', '24', ''])(
    'that are none stand for nothing: %j',
    (text) => {
      expect(lengthOfNetmask(text)).toBeUndefined()
    },
  )

  it('are told apart', () => {
    expect(lengthOfNetmask('0.0.0.255')).toBeUndefined()
    expect(lengthOfWildcard('255.255.255.0')).toBeUndefined()
  })
})
