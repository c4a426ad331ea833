import type { Family } from '../address/bits.ts'
import { Prefix } from '../address/prefix.ts'
import type { PrefixTable } from './prefix-table.ts'

/** Where `up` has no enclosing prefix. */
export const outermost = 0xffffffff

/**
 * The prefixes of one family of several tables, sorted by address, then the larger block first, then by table and row; equal ones
 * stand together as a run.
 */
export interface SortedPrefixes {
  /** The row of each: rows of the second table are counted on behind those of the first, and so on. */
  readonly ids: Uint32Array
  /**
   * For the first of a run, the position of the first of the run that encloses it most closely, or `outermost`; for the rest of a run
   * its own position.
   */
  readonly up: Uint32Array
}

/** Where each table's rows begin when they are counted on, and behind the last one where they end. */
export function offsetsOf(tables: readonly PrefixTable[]): Uint32Array {
  const offsets = new Uint32Array(tables.length + 1)
  for (const [index, table] of tables.entries()) offsets[index + 1] = (offsets[index] as number) + table.size
  return offsets
}

export function sortPrefixes(tables: readonly PrefixTable[], family: Family): SortedPrefixes {
  const offsets = offsetsOf(tables)
  const found: { id: number; prefix: Prefix }[] = []
  for (const [side, table] of tables.entries()) {
    for (let row = 0; row < table.size; row++) {
      const prefix = table.prefixAt(row)
      if (prefix.family === family) found.push({ id: (offsets[side] as number) + row, prefix })
    }
  }
  found.sort((a, b) => Prefix.compare(a.prefix, b.prefix) || a.id - b.id)
  const up = new Uint32Array(found.length)
  const enclosing: number[] = []
  for (const [position, { prefix }] of found.entries()) {
    while (enclosing.length > 0 && !found[enclosing.at(-1) as number]?.prefix.contains(prefix)) enclosing.pop()
    const top = enclosing.at(-1)
    if (top !== undefined && found[top]?.prefix.equals(prefix)) up[position] = position
    else {
      up[position] = top ?? outermost
      enclosing.push(position)
    }
  }
  return { ids: Uint32Array.from(found, ({ id }) => id), up }
}
