import { describe, expect, it } from 'vitest'
import { FreeSpace } from './free-space.ts'

describe('FreeSpace', () => {
  it('keeps what was taken while its arrays grow', () => {
    const space = new FreeSpace()
    const blocks = Array.from({ length: 4096 }, (_, index) => 0x0a000000 + index * 4096)
    for (const first of blocks) {
      expect(space.isFree(first, 28)).toBe(true)
      space.take(first, 28)
      expect(space.isFree(first, 28)).toBe(false)
    }
    expect(blocks.every((first) => !space.isFree(first, 28))).toBe(true)
    expect(space.isFree(0x0a000010, 28)).toBe(true)
    expect(space.lowestFree({ first: 0x0a000000, length: 8 }, 28)).toBe(0x0a000010)
  })
})
