import type { OverlapGroup, OverlapPair, TableRow } from '@natplan/core'
import { visible } from '@natplan/templates'
import type { PrefixInput } from '../prefixes/read-prefixes.ts'
import { spaceText } from '../prefixes/space-key.ts'
import { count, grouped } from '../text/count.ts'
import type { ComparedSpace, Comparison, FoundOverlaps } from './found-overlaps.ts'
import { notesOn, readAs } from './input-report.ts'
import type { Table } from './table.ts'

/** Up to so many pairs are listed one by one; of more, the largest groups are. */
const mostPairs = 100
const mostGroups = 50

/** The result for people: how each input was read, how many pairs there are, and the pairs or, of many, groups of them. */
export function overlapTables(
  comparison: Comparison,
  found: FoundOverlaps,
  { isSummary }: { readonly isSummary: boolean },
): Table[] {
  const tables = [inputTable(found), countTable(found)]
  if (isSummary || found.total === 0) return tables
  return [...tables, found.total <= mostPairs ? pairTable(comparison) : groupTable(comparison)]
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

/** The title of a first column for the space, where spaces are kept apart. */
function spaceTitle({ by }: Pick<Comparison, 'by'>): string[] {
  return by === undefined ? [] : [visible(by, 60).toUpperCase()]
}

function spaceCell({ by }: Pick<Comparison, 'by'>, space: string | undefined): string[] {
  return by === undefined ? [] : [visible(spaceText(space, by), 60)]
}

function countTable(found: FoundOverlaps): Table {
  const { inputs, counts, total } = found
  const name = (side: number) => inputs[side]?.name ?? ''
  return {
    title: total === 0 ? 'Overlaps' : `Overlaps (${count(total, 'pair')})`,
    columns: [...spaceTitle(found), 'BETWEEN', 'AND', 'EQUAL', 'CONTAINS', 'LIES INSIDE'],
    rows: counts.map(({ space, left, right, equal, contains, inside }) => [
      ...spaceCell(found, space),
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

function pairTable(comparison: Comparison): Table {
  const rows = [...comparison.spaces()].flatMap((one) =>
    pairRows(one).map((row) => [...spaceCell(comparison, one.space), ...row]),
  )
  const columns = [...spaceTitle(comparison), 'PREFIX', 'WHERE', '', 'OTHER', 'WHERE']
  return { title: 'Pairs', columns, rows, empty: 'none' }
}

function pairRows({ inputs, overlaps }: ComparedSpace): string[][] {
  const cells = ({ side, row }: TableRow) => {
    const input = inputs[side] as PrefixInput
    const label = input.labels?.get(row)
    const place = `${input.name}:${input.table.lineAt(row)}`
    return [String(input.table.prefixAt(row)), label === undefined ? place : `${place} (${visible(label, 60)})`]
  }
  return [...overlaps.pairs()].map(({ left, right, relation }) => [
    ...cells(left),
    relationTexts[relation],
    ...cells(right),
  ])
}

interface SpaceGroup extends OverlapGroup {
  readonly row: readonly string[]
}

function groupTable(comparison: Comparison): Table {
  const { groups, left } = largestGroups(comparison)
  return {
    title: 'Largest groups',
    columns: [...spaceTitle(comparison), 'PREFIX', 'PAIRS', 'WRITTEN IN', 'CONTAINS'],
    rows: groups.map(({ row }) => [...row]),
    empty: 'none',
    footer: `${left > 0 ? `... and ${count(left, 'group')} more; ` : ''}--output csv, json or ndjson lists every pair`,
  }
}

/** Those with the most pairs, sorted by space and address; only as many are kept as are shown. */
function largestGroups(comparison: Comparison): { readonly groups: readonly SpaceGroup[]; readonly left: number } {
  let kept: SpaceGroup[] = []
  let met = 0
  for (const { space, inputs, overlaps } of comparison.spaces()) {
    let ofSpace: OverlapGroup[] = []
    const trim = () => {
      ofSpace = ofSpace.sort((a, b) => b.pairs - a.pairs).slice(0, mostGroups)
    }
    overlaps.forEachGroup((group) => {
      met++
      ofSpace.push(group)
      if (ofSpace.length === 20 * mostGroups) trim()
      return true
    })
    trim()
    const rows = ofSpace.map((group) => ({
      ...group,
      row: [...spaceCell(comparison, space), ...groupRow(group, inputs)],
    }))
    kept = [...kept, ...rows].sort((a, b) => b.pairs - a.pairs).slice(0, mostGroups)
  }
  return { groups: kept, left: met - kept.length }
}

function groupRow(group: OverlapGroup, inputs: readonly PrefixInput[]): string[] {
  return [String(group.prefix), grouped(group.pairs), writtenIn(group, inputs), containsText(group, inputs)]
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
