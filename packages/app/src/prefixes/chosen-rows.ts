import { findOverlaps, type Prefix } from '@natplan/core'
import type { PrefixInput } from './read-prefixes.ts'
import { rowsBySpace, spaceAt, withRows } from './spaces.ts'

/** An input without some prefixes, wherever they stand in it; how many rows that were is in `ignored`. */
export function withoutPrefixes(input: PrefixInput, prefixes: readonly Prefix[]): PrefixInput {
  const texts = new Set(prefixes.map(String))
  const chosen = chosenRows(input, (row) => !texts.has(String(input.table.prefixAt(row))))
  return { ...chosen, ignored: (input.ignored ?? 0) + input.table.size - chosen.table.size }
}

/** An input without the prefixes that contain others of it: containers and summaries. */
export function leavesOf(input: PrefixInput): PrefixInput {
  const containers = new Map<string | undefined, Set<string>>()
  for (const [name, [rows = []]] of rowsBySpace([input])) containers.set(name, containersIn(withRows(input, rows)))
  const isContainer = (row: number) =>
    containers.get(spaceAt(input, row))?.has(String(input.table.prefixAt(row))) === true
  const chosen = chosenRows(input, (row) => !isContainer(row))
  return { ...chosen, containers: input.table.size - chosen.table.size }
}

function containersIn({ table }: PrefixInput): Set<string> {
  const containers = new Set<string>()
  findOverlaps([table], { within: true, between: false }).forEachGroup(({ prefix, inside }) => {
    if (inside.some((number) => number > 0)) containers.add(String(prefix))
    return true
  })
  return containers
}

function chosenRows(input: PrefixInput, isWanted: (row: number) => boolean): PrefixInput {
  const rows: number[] = []
  for (let row = 0; row < input.table.size; row++) if (isWanted(row)) rows.push(row)
  return withRows(input, rows)
}
