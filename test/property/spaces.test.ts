import { Prefix, PrefixTable } from '@natplan/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PrefixInput } from '../../packages/app/src/prefixes/read-prefixes.ts'
import { RowSpaces } from '../../packages/app/src/prefixes/spaces.ts'
import { compareInputs, countOverlaps } from '../../packages/app/src/tables/found-overlaps.ts'

interface Row {
  readonly prefix: Prefix
  readonly space: string
}

const key = { key: 'tenant', only: undefined }
const noCounts = { hosts: 0, masked: 0, empty: 0, bad: 0, defaults: 0 }

function inputOf(name: string, rows: readonly Row[]): PrefixInput {
  const table = new PrefixTable()
  const spaces = new RowSpaces('tenant')
  for (const [index, { prefix, space }] of rows.entries()) {
    table.add(prefix, index + 1)
    spaces.enter(space)
    spaces.file({ from: index, to: index + 1 })
  }
  return { name, table, spaces, format: 'csv', hasContent: true, counts: noCounts }
}

const row = fc
  .record({ bits: fc.nat(15), length: fc.integer({ min: 28, max: 32 }), space: fc.constantFrom('', 'a', 'b', 'c') })
  .map(({ bits, length, space }) => ({ prefix: Prefix.fromBits(0x0a000000 + bits, length), space }))
const rows = fc.array(row, { maxLength: 10 })

describe('inputs whose spaces are kept apart', () => {
  it('have the pairs that they have at all, as far as both ends are in one space', () => {
    fc.assert(
      fc.property(rows, rows, fc.boolean(), (left, right, within) => {
        const all = [left, right]
        const inputs = [inputOf('left', left), inputOf('right', right)]
        const lineOf = (of: readonly PrefixInput[], end: { side: number; row: number }) =>
          `${end.side}:${of[end.side]?.table.lineAt(end.row)}`
        const pairsOf = (by: typeof key | undefined) =>
          [...compareInputs(inputs, { between: true, within }, by).spaces()].flatMap(
            ({ space, inputs: of, overlaps }) =>
              [...overlaps.pairs()].map((pair) => ({
                text: `${lineOf(of, pair.left)} ${pair.relation} ${lineOf(of, pair.right)}`,
                space,
                spaces: [pair.left, pair.right].map((end) => all[end.side]?.[end.row]?.space),
              })),
          )
        const together = pairsOf(undefined).filter(({ spaces: [one, other] }) => one === other)
        const apart = pairsOf(key)
        expect(apart.map(({ text, space = '' }) => `${text} ${space}`).sort()).toEqual(
          together.map(({ text, spaces: [space] }) => `${text} ${space}`).sort(),
        )
        const found = countOverlaps(compareInputs(inputs, { between: true, within }, key))
        expect(found.total).toBe(apart.length)
        const flagged = new Set(apart.flatMap(({ text }) => text.split(' ').filter((word) => word.includes(':'))))
        expect(found.overlapping().reduce((sum, number) => sum + number, 0)).toBe(flagged.size)
      }),
    )
  })
})
