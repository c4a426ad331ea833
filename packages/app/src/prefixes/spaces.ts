import { PrefixTable } from '@natplan/core'
import type { PrefixInput } from './read-prefixes.ts'
import { type SpaceKey, spaceNamed } from './space-key.ts'

/** To which space the rows of a table belong; those that nothing was said of belong to the one without a name. */
export class RowSpaces {
  /** What keeps them apart. */
  readonly key: string
  readonly #names: string[] = []
  readonly #numbers = new Map<string, number>()
  /** One more than the place among the names; 0 for none. */
  #rows = new Uint32Array(256)
  #current = 0
  /** The input has a place that says it, whether it is filled or not. */
  isSaid = false

  constructor(key: string) {
    this.key = key
  }

  /** What is read from here on belongs to the space that a text names; `undefined` where no place says it. */
  enter(text: string | undefined): void {
    if (text !== undefined) this.isSaid = true
    const name = text === undefined ? undefined : spaceNamed(text, this.key)
    this.#current = name === undefined ? 0 : (this.#numbers.get(name) ?? this.#number(name))
  }

  /** Files rows in the current space. */
  file({ from, to }: { readonly from: number; readonly to: number }): void {
    if (this.#current === 0) return
    if (to > this.#rows.length) {
      const larger = new Uint32Array(2 * to)
      larger.set(this.#rows)
      this.#rows = larger
    }
    this.#rows.fill(this.#current, from, to)
  }

  at(row: number): string | undefined {
    return this.#names[(this.#rows[row] ?? 0) - 1]
  }

  #number(name: string): number {
    this.#names.push(name)
    this.#numbers.set(name, this.#names.length)
    return this.#names.length
  }
}

/** Prefixes of all inputs that may collide with each other. */
export interface PrefixSpace {
  /** `undefined` for what names none, and where nothing keeps prefixes apart. */
  readonly name: string | undefined
  /** Made when they are asked for, each time anew: there may be thousands of spaces. */
  inputs(): readonly PrefixInput[]
}

/** The spaces of inputs, by name, the one without a name first; one of everything without a key. */
export function spacesOf(inputs: readonly PrefixInput[], key: Partial<SpaceKey> | undefined): readonly PrefixSpace[] {
  if (!key) return [{ name: undefined, inputs: () => inputs }]
  const byName = new Map<string | undefined, number[][]>()
  for (const [side, input] of inputs.entries()) {
    for (let row = 0; row < input.table.size; row++) {
      const name = input.spaces?.at(row)
      const rows = byName.get(name) ?? inputs.map(() => [])
      if (rows.every(({ length }) => length === 0)) byName.set(name, rows)
      rows[side]?.push(row)
    }
  }
  return [...byName]
    .filter(([name]) => key.only === undefined || (name ?? '') === key.only)
    .toSorted(([a = ''], [b = '']) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, rows]) => ({ name, inputs: () => inputs.map((input, side) => withRows(input, rows[side] ?? [])) }))
}

/**
 * What of an input is in use in one space. Where the input says no space at all, everything may be: space that looks free by mistake
 * costs a collision.
 */
export function inSpace(input: PrefixInput, { key, only = '' }: SpaceKey): PrefixInput {
  const { spaces, ...bare } = input
  if (!spaces?.isSaid) return { ...bare, apart: { key, others: 0, isUnsaid: true } }
  const rows: number[] = []
  for (let row = 0; row < input.table.size; row++) if ((spaces.at(row) ?? '') === only) rows.push(row)
  return { ...withRows(bare, rows), apart: { key, others: input.table.size - rows.length, isUnsaid: false } }
}

/** The names of all spaces in inputs, without the one that has none. */
export function spaceNames(inputs: readonly PrefixInput[]): readonly string[] {
  const names = new Set<string>()
  for (const { spaces, table } of inputs) {
    if (!spaces) continue
    for (let row = 0; row < table.size; row++) names.add(spaces.at(row) ?? '')
  }
  names.delete('')
  return [...names].sort()
}

/** An input with some of its rows, in their order. */
export function withRows(input: PrefixInput, rows: readonly number[]): PrefixInput {
  const { table, labels, spaces } = input
  const chosen = new PrefixTable()
  for (const row of rows) chosen.add(table.prefixAt(row), table.lineAt(row))
  return {
    ...input,
    table: chosen,
    ...(labels ? { labels: { get: (row) => labels.get(rows[row] ?? -1) } } : {}),
    ...(spaces ? { spaces: { key: spaces.key, isSaid: spaces.isSaid, at: (row) => spaces.at(rows[row] ?? -1) } } : {}),
  }
}
