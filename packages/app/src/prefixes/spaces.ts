import { findOverlaps, PrefixTable } from '@natplan/core'
import type { PrefixInput } from './read-prefixes.ts'
import { notKnown, type SpaceKey, spaceNamed } from './space-key.ts'

/** To which space the rows of a table belong: one with a name, the one without (`undefined`), or `notKnown`. */
export class RowSpaces {
  /** What keeps them apart. */
  readonly key: string
  readonly #names: (string | undefined)[] = [notKnown]
  readonly #numbers = new Map<string | undefined, number>([[notKnown, 0]])
  /** The place among the names. */
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
    const name = text === undefined ? notKnown : spaceNamed(text, this.key)
    this.#current = this.#numbers.get(name) ?? this.#number(name)
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
    return this.#names[this.#rows[row] ?? 0]
  }

  #number(name: string | undefined): number {
    this.#numbers.set(name, this.#names.length)
    return this.#names.push(name) - 1
  }
}

/** Prefixes of all inputs that may collide with each other. */
export interface PrefixSpace {
  /** `undefined` for the space without a name, and where nothing keeps prefixes apart. */
  readonly name: string | undefined
  /** For each input which of its rows; all without them. */
  readonly rows?: InputRows
  /** Made when they are asked for, each time anew: there may be thousands of spaces. */
  inputs(): readonly PrefixInput[]
}

/** For each input the numbers of some of its rows. */
type InputRows = readonly (readonly number[])[]

/**
 * The spaces of inputs, by name, the one without a name first; one of everything without a key. What is not known to be in one space may
 * collide in each: it makes one of its own, and is in every other one in which it meets anything.
 */
export function spacesOf(inputs: readonly PrefixInput[], key: Partial<SpaceKey> | undefined): readonly PrefixSpace[] {
  if (!key) return [{ name: undefined, inputs: () => inputs }]
  const known = rowsBySpace(inputs)
  const open = known.get(notKnown) ?? inputs.map(() => [])
  if (key.only !== undefined) {
    const name = key.only === '' ? undefined : key.only
    return [spaceWith(inputs, name, [known.get(name) ?? [], open])]
  }
  const met = meetings(inputs, open)
  return [...known]
    .toSorted(([a = ''], [b = '']) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, rows]) => spaceWith(inputs, name, [rows, met.get(name) ?? []]))
}

function spaceWith(
  inputs: readonly PrefixInput[],
  name: string | undefined,
  [some, others]: readonly [InputRows, InputRows],
): PrefixSpace {
  const rows = inputs.map((_, side) => [...(some[side] ?? []), ...(others[side] ?? [])].sort((a, b) => a - b))
  return { name, rows, inputs: () => inputs.map((input, side) => withRows(input, rows[side] ?? [])) }
}

/** The rows of inputs by the space that they say. */
export function rowsBySpace(inputs: readonly PrefixInput[]): ReadonlyMap<string | undefined, InputRows> {
  const byName = new Map<string | undefined, number[][]>()
  for (const [side, input] of inputs.entries()) {
    for (let row = 0; row < input.table.size; row++) {
      const name = spaceAt(input, row)
      const rows = byName.get(name) ?? inputs.map(() => [])
      if (rows.every(({ length }) => length === 0)) byName.set(name, rows)
      rows[side]?.push(row)
    }
  }
  return byName
}

/** The space of a row, which is not known where nothing was asked for. */
export function spaceAt({ spaces }: PrefixInput, row: number): string | undefined {
  return spaces ? spaces.at(row) : notKnown
}

/** Which of the open rows meet anything in each space. */
function meetings(inputs: readonly PrefixInput[], open: InputRows): ReadonlyMap<string | undefined, InputRows> {
  const ends = open.flatMap((rows, side) => rows.map((row) => ({ side, row })))
  if (ends.length === 0) return new Map()
  const [opens, knowns, names] = [new PrefixTable(), new PrefixTable(), [] as (string | undefined)[]]
  for (const input of inputs) {
    for (let row = 0; row < input.table.size; row++) {
      const name = spaceAt(input, row)
      if (name !== notKnown) names.push(name)
      const table = name === notKnown ? opens : knowns
      table.add(input.table.prefixAt(row), 0)
    }
  }
  const met = new Map<string | undefined, Set<number>[]>()
  findOverlaps([opens, knowns], { between: true, within: false }).forEachPair(({ left, right }) => {
    const [one, other] = left.side === 0 ? [left, right] : [right, left]
    const end = ends[one.row]
    const name = names[other.row]
    const rows = met.get(name) ?? inputs.map(() => new Set<number>())
    met.set(name, rows)
    if (end) rows[end.side]?.add(end.row)
    return true
  })
  return new Map([...met].map(([name, rows]) => [name, rows.map((set) => [...set])]))
}

/** What of an input is in use in one space: space that looks free by mistake costs a collision, so what is not known counts. */
export function inSpace(input: PrefixInput, { key, only = '' }: SpaceKey): PrefixInput {
  const { spaces: _, ...bare } = input
  const rows: number[] = []
  let open = 0
  for (let row = 0; row < input.table.size; row++) {
    const name = spaceAt(input, row)
    if (name === notKnown) open++
    if (name === notKnown || (name ?? '') === only) rows.push(row)
  }
  return { ...withRows(bare, rows), apart: { key, others: input.table.size - rows.length, open } }
}

/** How many prefixes of an input are not known to be in one space. */
export function openRows(input: PrefixInput): number {
  let open = 0
  for (let row = 0; row < input.table.size; row++) if (spaceAt(input, row) === notKnown) open++
  return open
}

/** The names of all spaces in inputs, without the one that has none. */
export function spaceNames(inputs: readonly PrefixInput[]): readonly string[] {
  const names = new Set<string>()
  for (const { spaces, table } of inputs) {
    if (!spaces) continue
    for (let row = 0; row < table.size; row++) names.add(spaces.at(row) ?? '')
  }
  names.delete('')
  names.delete(notKnown)
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
