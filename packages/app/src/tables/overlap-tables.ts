import type { OverlapGroup, OverlapPair, TableOverlaps, TableRow } from '@natplan/core'
import { visible } from '@natplan/templates'
import type { PrefixInput } from '../prefixes/read-prefixes.ts'
import { count, grouped } from '../text/count.ts'
import type { FoundOverlaps } from './found-overlaps.ts'
import { notesOn, readAs } from './input-report.ts'
import type { Table } from './table.ts'

/** Up to so many pairs are listed one by one; of more, the largest groups are. */
const mostPairs = 100
const mostGroups = 50

/** The result for people: how each input was read, how many pairs there are, and the pairs or, of many, groups of them. */
export function overlapTables(
  overlaps: TableOverlaps,
  found: FoundOverlaps,
  { isSummary }: { readonly isSummary: boolean },
): Table[] {
  const tables = [inputTable(found), countTable(found)]
  if (isSummary || found.total === 0) return tables
  return [...tables, found.total <= mostPairs ? pairTable(overlaps, found) : groupTable(overlaps, found)]
}

export function inputTable({ inputs, overlapping }: Pick<FoundOverlaps, 'inputs' | 'overlapping'>): Table {
  const numbers = overlapping()
  const hasNotes = inputs.some((input) => notesOn(input).length > 0)
  return {
    title: 'Inputs',
    columns: ['FILE', 'PREFIXES', 'OVERLAPPING', 'READ AS', ...(hasNotes ? ['NOTE'] : [])],
    rows: inputs.map((input, index) => [
      input.name,
      grouped(input.table.size),
      grouped(numbers[index] ?? 0),
      readAs(input),
      ...(hasNotes ? [notesOn(input).join('; ')] : []),
    ]),
    empty: 'none',
  }
}

function countTable({ inputs, counts, total }: FoundOverlaps): Table {
  const name = (side: number) => inputs[side]?.name ?? ''
  return {
    title: total === 0 ? 'Overlaps' : `Overlaps (${count(total, 'pair')})`,
    columns: ['BETWEEN', 'AND', 'EQUAL', 'CONTAINS', 'LIES INSIDE'],
    rows: counts.map(({ left, right, equal, contains, inside }) => [
      name(left),
      left === right ? 'itself' : name(right),
      grouped(equal),
      grouped(contains),
      grouped(inside),
    ]),
    empty: 'none',
  }
}

const relationTexts = {
  equal: 'is the same as',
  contains: 'contains',
  inside: 'lies inside',
} satisfies Record<OverlapPair['relation'], string>

function pairTable(overlaps: TableOverlaps, { inputs }: FoundOverlaps): Table {
  const cells = ({ side, row }: TableRow) => {
    const input = inputs[side] as PrefixInput
    const label = input.labels?.get(row)
    const place = `${input.name}:${input.table.lineAt(row)}`
    return [String(input.table.prefixAt(row)), label === undefined ? place : `${place} (${visible(label, 60)})`]
  }
  const rows = [...overlaps.pairs()].map(({ left, right, relation }) => [
    ...cells(left),
    relationTexts[relation],
    ...cells(right),
  ])
  return { title: 'Pairs', columns: ['PREFIX', 'WHERE', '', 'OTHER', 'WHERE'], rows, empty: 'none' }
}

function groupTable(overlaps: TableOverlaps, { inputs }: FoundOverlaps): Table {
  const { groups, left } = largestGroups(overlaps)
  return {
    title: 'Largest groups',
    columns: ['PREFIX', 'PAIRS', 'WRITTEN IN', 'CONTAINS'],
    rows: groups.map((group) => [
      String(group.prefix),
      grouped(group.pairs),
      writtenIn(group, inputs),
      containsText(group, inputs),
    ]),
    empty: 'none',
    footer: `${left > 0 ? `... and ${count(left, 'group')} more; ` : ''}--output csv, json or ndjson lists every pair`,
  }
}

/** Those with the most pairs, sorted by address; only as many are kept as are shown. */
function largestGroups(overlaps: TableOverlaps): { readonly groups: readonly OverlapGroup[]; readonly left: number } {
  let kept: OverlapGroup[] = []
  let met = 0
  const trim = () => {
    kept = kept.sort((a, b) => b.pairs - a.pairs).slice(0, mostGroups)
  }
  overlaps.forEachGroup((group) => {
    met++
    kept.push(group)
    if (kept.length === 20 * mostGroups) trim()
    return true
  })
  trim()
  return { groups: kept, left: met - kept.length }
}

function writtenIn({ equal }: OverlapGroup, inputs: readonly PrefixInput[]): string {
  const places = equal.flatMap(({ count: times, first }, side) => {
    const input = inputs[side]
    if (times === 0 || !input) return []
    return `${input.name}:${input.table.lineAt(first)}${times > 1 ? ` and ${grouped(times - 1)} more` : ''}`
  })
  return places.join(', ')
}

function containsText({ inside }: OverlapGroup, inputs: readonly PrefixInput[]): string {
  const texts = inside.flatMap((number, side) => (number > 0 ? `${grouped(number)} of ${inputs[side]?.name}` : []))
  return texts.length > 0 ? texts.join(', ') : 'nothing smaller'
}
