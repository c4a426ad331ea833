import { expect, it } from 'vitest'
import { piecesOf } from './streams.ts'

it.each(['', 'a', 'abcdefgh', '😀', 'a😀b', '😀😀😀😀😀', 'ab😀', 'é↔ü😀é'])(
  '%j is in pieces what it is as a whole',
  (text) => {
    for (const length of [1, 2, 3, 4, 100]) {
      const pieces = [...piecesOf(text, length)]
      expect(Buffer.concat(pieces.map((piece) => Buffer.from(piece))).toString()).toBe(text)
      for (const piece of pieces) expect(piece.length).toBeLessThanOrEqual(length + 1)
    }
  },
)
