import { visible } from '@natplan/templates'
import type { PrefixInput } from '../prefixes/read-prefixes.ts'
import { openRows, spaceNames } from '../prefixes/spaces.ts'
import type { InputDocument } from '../results/schemas/inputs.ts'
import { count } from '../text/count.ts'

/** So many JSON paths are named. */
const namedPaths = 5

/** How an input was read: its format, and what was chosen in it. */
export function readAs({ format, column, paths }: PrefixInput): string {
  if (column !== undefined) return `csv, column ${column}`
  if (paths === undefined) return format === 'extract' ? 'any text' : format
  const named = [...paths].toSorted((a, b) => b[1] - a[1]).slice(0, namedPaths)
  const left = paths.size - named.length
  const list = named.map(([path, values]) => `${visible(path)} (${values})`).join(', ')
  return `${format}${list === '' ? '' : `, ${list}`}${left > 0 ? ` and ${count(left, 'path')} more` : ''}`
}

/** What was not taken from an input, or taken in another sense than it is written in, though nothing is wrong with it. */
export function notesOn(input: PrefixInput): string[] {
  const {
    counts,
    otherPaths,
    notes: ofRecords,
    leftOut,
    ignored = 0,
    containers = 0,
    spaces,
    apart,
    textNotes = [],
  } = input
  const openNotes = openNote(apart?.key ?? spaces?.key, { open: openIn(input), size: input.table.size })
  const others = [...(otherPaths ?? [])].toSorted((a, b) => b[1] - a[1])
  const values = others.reduce((sum, [, number]) => sum + number, 0)
  return [
    ...textNotes,
    ...note(counts.hosts, (number) => `${count(number, 'address')} without a length taken as one host each`),
    ...note(counts.masked, (number) => `host bits dropped from ${count(number, 'prefix')}`),
    ...note(counts.empty, (number) => `${count(number, 'empty cell')} skipped`),
    ...note(
      values,
      (number) => `${count(number, 'prefix')} at ${visible(others[0]?.[0] ?? '')} not read: --path reads them`,
    ),
    ...note(ofRecords?.repeated ?? 0, (number) => `${count(number, 'prefix')} mentioned again in the same record`),
    ...note(
      ofRecords?.contained ?? 0,
      (number) =>
        `${count(number, 'prefix')} inside another of the same record, which stands for them: --leaf reads them`,
    ),
    ...note(
      ofRecords?.unused ?? 0,
      (number) => `${count(number, 'prefix')} no longer in use, or a container, left out`,
    ),
    ...note(ofRecords?.others ?? 0, (number) => `${count(number, 'row')} of other kinds left out`),
    ...note(ignored, (number) => `${count(number, 'prefix')} ignored`),
    ...note(containers, (number) => `${count(number, 'prefix')} around others of the input left out`),
    ...note(counts.defaults, (number) => `${count(number, 'default route')} left out`),
    ...note(leftOut?.addresses ?? 0, (number) => `${count(number, 'address')} without a length or mask left out`),
    ...note(
      (leftOut?.special ?? 0) + (ofRecords?.special ?? 0),
      (number) => `${count(number, 'default or special-purpose route')} left out`,
    ),
    ...note(leftOut?.rules ?? 0, (number) => `${count(number, 'prefix')} of rules and groups left out`),
    ...note(leftOut?.headings ?? 0, (number) => `${count(number, 'heading')} left out`),
    ...openNotes,
    ...note(
      apart?.others ?? 0,
      (number) => `${count(number, 'prefix')} of another ${visible(apart?.key ?? '', 60)} left out`,
    ),
  ]
}

/** How many prefixes may be in any space, where spaces are kept apart. */
function openIn(input: PrefixInput): number {
  return input.apart?.open ?? (input.spaces ? openRows(input) : 0)
}

function openNote(key: string | undefined, { open, size }: { readonly open: number; readonly size: number }): string[] {
  if (key === undefined || open === 0) return []
  if (open === size) return [`${visible(key, 60)} not known: all of it counts in each`]
  return [`${count(open, 'prefix')} whose ${visible(key, 60)} is not known: in each`]
}

function note(number: number, text: (number: number) => string): string[] {
  return number > 0 ? [text(number)] : []
}

/** The same for programs. */
export function inputDocument(input: PrefixInput): InputDocument {
  const { name, table, format, column, paths, otherPaths, notes, leftOut, counts, spaces, apart, textNotes } = input
  const open = openIn(input)
  return {
    file: name,
    format,
    ...(column === undefined ? {} : { column }),
    ...(paths ? { paths: pathsDocument(paths) } : {}),
    ...(otherPaths && otherPaths.size > 0 ? { otherPaths: pathsDocument(otherPaths) } : {}),
    ...(notes && notes.repeated > 0 ? { repeated: notes.repeated } : {}),
    ...(notes && notes.contained > 0 ? { contained: notes.contained } : {}),
    ...(notes && notes.unused > 0 ? { unused: notes.unused } : {}),
    ...(notes && notes.others > 0 ? { others: notes.others } : {}),
    ...(counts.defaults > 0 ? { defaults: counts.defaults } : {}),
    ...(spaces ? { spaces: spaceNames([input]).length } : {}),
    ...(apart && apart.others > 0 ? { apart: apart.others } : {}),
    ...(open > 0 ? { open } : {}),
    ...(textNotes && textNotes.length > 0 ? { notes: [...textNotes] } : {}),
    prefixes: table.size,
    badLines: counts.bad,
    empty: counts.empty,
    hosts: counts.hosts,
    masked: counts.masked,
    ...(leftOut ? { leftOut: { ...leftOut } } : {}),
  }
}

function pathsDocument(paths: ReadonlyMap<string, number>): { path: string; values: number }[] {
  return [...paths].map(([path, values]) => ({ path, values }))
}

/** Lines for standard error, for outputs that have no room for them. */
export function inputReport(inputs: readonly PrefixInput[]): string[] {
  return inputs.map((input) => {
    const notes = notesOn(input).map((text) => `; ${text}`)
    const prefixes = count(input.table.size, 'prefix')
    return `${input.name}: ${prefixes} (${readAs(input)})${notes.join('')}`
  })
}
