import { findOverlaps, type Prefix, PrefixTable } from '@natplan/core'
import type { PrefixInput } from './read-prefixes.ts'

/** An input without some prefixes, wherever they stand in it; how many rows that were is in `ignored`. */
export function withoutPrefixes(input: PrefixInput, prefixes: readonly Prefix[]): PrefixInput {
  const texts = new Set(prefixes.map(String))
  const chosen = chosenRows(input, (row) => !texts.has(String(input.table.prefixAt(row))))
  return { ...chosen, ignored: (input.ignored ?? 0) + input.table.size - chosen.table.size }
}

/** An input without the prefixes that contain others of it: containers and summaries. */
export function leavesOf(input: PrefixInput): PrefixInput {
  const containers = new Set<string>()
  findOverlaps([input.table], { within: true, between: false }).forEachGroup(({ prefix, inside }) => {
    if (inside.some((number) => number > 0)) containers.add(String(prefix))
    return true
  })
  const chosen = chosenRows(input, (row) => !containers.has(String(input.table.prefixAt(row))))
  return { ...chosen, containers: input.table.size - chosen.table.size }
}

function chosenRows(input: PrefixInput, isWanted: (row: number) => boolean): PrefixInput {
  const { table, labels } = input
  const chosen = new PrefixTable()
  const names = new Map<number, string>()
  for (let row = 0; row < table.size; row++) {
    if (!isWanted(row)) continue
    const label = labels?.get(row)
    if (label !== undefined) names.set(chosen.size, label)
    chosen.add(table.prefixAt(row), table.lineAt(row))
  }
  return { ...input, table: chosen, ...(labels ? { labels: names } : {}) }
}
