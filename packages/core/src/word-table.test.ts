import { expect, it } from 'vitest'
import { wordTable } from './word-table.ts'

it('answers to its own words alone', () => {
  const table = wordTable({ ikev1: 1 })
  expect(table['ikev1']).toBe(1)
  for (const word of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) expect(table[word]).toBeUndefined()
})
