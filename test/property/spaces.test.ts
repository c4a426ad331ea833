import { Prefix, PrefixTable } from '@natplan/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PrefixInput } from '../../packages/app/src/prefixes/read-prefixes.ts'
import type { SpaceKey } from '../../packages/app/src/prefixes/space-key.ts'
import { inSpace, RowSpaces } from '../../packages/app/src/prefixes/spaces.ts'
import { compareInputs, countOverlaps } from '../../packages/app/src/tables/found-overlaps.ts'

interface Row {
  readonly prefix: Prefix
  /** `undefined` where nothing says it. */
  readonly space: string | undefined
}

const key: SpaceKey = { key: 'tenant', only: undefined }
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
  .record({
    bits: fc.nat(15),
    length: fc.integer({ min: 28, max: 32 }),
    space: fc.constantFrom('', 'a', 'b', 'c', undefined),
  })
  .map(({ bits, length, space }) => ({ prefix: Prefix.fromBits(0x0a000000 + bits, length), space }))
const rows = fc.array(row, { maxLength: 10 })

describe('inputs whose spaces are kept apart', () => {
  it('have the pairs that they have at all, but those whose ends are known to be in different spaces', () => {
    fc.assert(
      fc.property(rows, rows, fc.boolean(), (left, right, within) => {
        const all = [left, right]
        const inputs = [inputOf('left', left), inputOf('right', right)]
        const lineOf = (of: readonly PrefixInput[], end: { side: number; row: number }) =>
          `${end.side}:${of[end.side]?.table.lineAt(end.row)}`
        const pairsOf = (by: SpaceKey | undefined) =>
          [...compareInputs(inputs, { between: true, within }, by).spaces()].flatMap(
            ({ space, inputs: of, overlaps }) =>
              [...overlaps.pairs()].map((pair) => ({
                text: `${lineOf(of, pair.left)} ${pair.relation} ${lineOf(of, pair.right)}`,
                space,
                spaces: [pair.left, pair.right].map((end) => all[end.side]?.[end.row]?.space),
              })),
          )
        const mayCollide = pairsOf(undefined).filter(
          ({ spaces: [one, other] }) => one === other || one === undefined || other === undefined,
        )
        const apart = pairsOf(key)
        const texts = (pairs: readonly { readonly text: string }[]) =>
          [...new Set(pairs.map(({ text }) => text))].sort()
        expect(texts(apart)).toEqual(texts(mayCollide))
        const expected = mayCollide.map(({ text, spaces: [one, other] }) => `${text} ${one ?? other ?? '(not known)'}`)
        const open = new Set(
          mayCollide.filter(({ spaces }) => spaces.every((space) => space === undefined)).map(({ text }) => text),
        )
        const listed = apart.filter(({ text, space }) => !open.has(text) || space === '(not known)')
        expect(listed.map(({ text, space = '' }) => `${text} ${space}`).sort()).toEqual(expected.sort())
        const found = countOverlaps(compareInputs(inputs, { between: true, within }, key))
        expect(found.total).toBe(apart.length)
        const flagged = new Set(apart.flatMap(({ text }) => text.split(' ').filter((word) => word.includes(':'))))
        expect(found.overlapping().reduce((sum, number) => sum + number, 0)).toBe(flagged.size)
        for (const only of ['', 'a']) {
          const ofOne = pairsOf({ key: 'tenant', only })
          const isIn = (space: string | undefined) => space === undefined || space === only
          expect(texts(ofOne)).toEqual(texts(mayCollide.filter(({ spaces }) => spaces.every(isIn))))
        }
      }),
    )
  })

  it('use in each space what is not known to be in another one', () => {
    fc.assert(
      fc.property(rows, fc.constantFrom('', 'a', 'd'), (some, only) => {
        const input = inSpace(inputOf('some', some), { key: 'tenant', only })
        const lines = Array.from({ length: input.table.size }, (_, row) => input.table.lineAt(row))
        const used = some.flatMap(({ space }, index) => (space === undefined || space === only ? [index + 1] : []))
        expect(lines).toEqual(used)
        expect(input.apart?.others).toBe(some.length - used.length)
      }),
    )
  })
})
