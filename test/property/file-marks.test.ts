import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { bears, markOf } from '../../packages/cli/src/output/file-marks.ts'

const text = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\n', 'é'), maxLength: 20 })
const key = fc.string({ unit: fc.constantFrom('K', '1'), minLength: 1, maxLength: 6 })

it('a mark knows a text again with any keys in the places of its own, and says nothing of them', () => {
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 4 }), key, key, text, (parts, one, other, edited) => {
      const [first, second] = [parts.join(one), parts.join(other)]
      const mark = markOf(first, [one])
      expect(bears(Buffer.from(first), mark)).toBe(true)
      expect(bears(Buffer.from(second), mark)).toBe(true)
      expect(markOf(second, [other])).toEqual(mark)
      if (parts.length === 1) expect(bears(Buffer.from(edited), mark)).toBe(edited === first)
    }),
  )
})
