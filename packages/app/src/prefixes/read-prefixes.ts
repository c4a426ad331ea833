import { NatplanError, PrefixTable } from '@natplan/core'
import { limits } from '../limits.ts'
import { utf8 } from './bytes.ts'
import { csvBegin, type Sample } from './csv-begin.ts'
import { CsvReader } from './csv-reader.ts'
import { isByKind } from './csv-records.ts'
import { csvShapeOf } from './csv-shape.ts'
import { ExtractReader } from './extract-reader.ts'
import type { LeftOut } from './extract-words.ts'
import { formatOf, type InputFormat } from './input-format.ts'
import { parseJsonPath } from './json-path.ts'
import { JsonReader } from './json-reader.ts'
import { ListReader } from './list-reader.ts'
import type { Reader, RecordNotes } from './reader.ts'
import { isVrf, parseSpaceKey, spaceColumns } from './space-key.ts'
import { RowSpaces } from './spaces.ts'
import { type HostBits, type Refused, TableCells } from './table-cells.ts'
import type { TextPieces } from './text-pieces.ts'
import { VrfLines } from './vrf-lines.ts'

/** How inputs are read; what is left out is found out from each input. */
export interface ReadingOptions {
  readonly format?: InputFormat | undefined
  /** Of each table the first of these that it has. */
  readonly column?: readonly string[] | undefined
  readonly path?: readonly string[] | undefined
  readonly extract?: boolean | undefined
  readonly hostBits?: HostBits | undefined
  /** Of networks inside one another only the smallest are read. */
  readonly leaf?: boolean | undefined
  /** What keeps prefixes apart: `vrf`, the name of a column or key; `vrf=blue` for one of them alone. */
  readonly by?: string | undefined
}

/** One side of a comparison: the prefixes of an input, and how they were read. */
export interface PrefixInput {
  readonly name: string
  readonly table: PrefixTable
  readonly format: InputFormat | 'arguments'
  /** The column or columns that were read. */
  readonly column?: string
  /** The JSON paths that were read, and those that looked like prefixes and were not, with numbers of values. */
  readonly paths?: ReadonlyMap<string, number>
  readonly otherPaths?: ReadonlyMap<string, number>
  /** What was not taken because of what its records say. */
  readonly notes?: RecordNotes
  /** What is in the file and not in the text that was read. */
  readonly textNotes?: readonly string[]
  /** What prefixes are called, by the numbers of their rows. */
  readonly labels?: { get(row: number): string | undefined }
  /** To which space the rows belong, where spaces are kept apart. */
  readonly spaces?: InputSpaces
  /** How many are left out as of other spaces, and how many count since they may be of any. */
  readonly apart?: { readonly key: string; readonly others: number; readonly open: number }
  /** Left out because the command line says so, and because others lie inside them. */
  readonly ignored?: number
  readonly containers?: number
  /** There was something to read: more than blanks, comments and the names of columns. */
  readonly hasContent: boolean
  readonly leftOut?: LeftOut
  readonly counts: InputCounts
}

interface InputSpaces {
  readonly key: string
  /** The input has a place that says it, whether it is filled or not. */
  readonly isSaid: boolean
  at(row: number): string | undefined
}

interface InputCounts {
  readonly hosts: number
  readonly masked: number
  readonly empty: number
  readonly bad: number
  /** Default routes of exports. */
  readonly defaults: number
}

/** Where a reading reports to while it goes on. */
export interface ReadingEvents {
  onBad(refused: Refused): void
  /** Called between two pieces of the input, which waits for it. */
  onPiece(): Promise<void> | void
}

/**
 * Reads the prefixes of one input. Memory: what a table takes, and one piece of the input.
 * @throws NatplanError COLUMN_UNCLEAR, JSON_SYNTAX, USAGE and what the pieces throw
 */
export async function readPrefixes(
  input: TextPieces,
  options: ReadingOptions,
  events: ReadingEvents,
): Promise<PrefixInput> {
  const begin = isLinedByReturns(input.head) ? withNewlines(input.head) : input.head
  const sample: Sample = { name: input.name, text: utf8(begin), isCut: input.isCut }
  const by = options.by === undefined ? undefined : parseSpaceKey(options.by).key
  const format = formatFor(sample, options, by)
  const table = new PrefixTable()
  const hostBits = options.hostBits ?? 'refuse'
  const leavesDefaults = format === 'csv' || format === 'json' || format === 'ndjson'
  const spaces = by === undefined ? undefined : new RowSpaces(by)
  const onBad = (refused: Refused) => events.onBad(refused)
  const cells = new TableCells(table, { file: input.name, hostBits, leavesDefaults, onBad, spaces })
  const { reader, about } = readerFor(format, sample, { cells, options, by })
  const hasBareReturns = isLinedByReturns(input.head)
  for await (const piece of input.chunks) {
    reader.read(hasBareReturns ? withNewlines(piece) : piece)
    if (table.size > limits.prefixes.most) throw tooManyPrefixes(input.name)
    if (reader instanceof JsonReader && reader.problem) break
    await events.onPiece()
  }
  reader.end()
  refuseBrokenJson(reader, input.name)
  const { hosts, masked, empty, bad, defaults, labels } = cells
  const counts = { hosts, masked, empty, bad, defaults }
  const { hasContent } = reader
  return {
    name: input.name,
    table,
    format,
    ...about(),
    ...(labels.isEmpty ? {} : { labels }),
    ...(spaces ? { spaces } : {}),
    ...(input.notes ? { textNotes: input.notes } : {}),
    hasContent,
    counts,
  }
}

/** Old spreadsheets end lines with a carriage return alone. */
function isLinedByReturns(head: Uint8Array): boolean {
  return head.includes(carriageReturn) && !head.includes(newline)
}

const newline = 10
const carriageReturn = 13

function withNewlines(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte) => (byte === carriageReturn ? newline : byte))
}

/** `--extract` is for texts: what keeps prefixes apart in a table or in JSON would be lost in one. */
function formatFor(sample: Sample, { extract, format }: ReadingOptions, by: string | undefined): InputFormat {
  if (!extract) return format ?? formatOf(sample)
  if (by === undefined) return 'extract'
  const seen = formatOf(sample)
  const isTable = seen === 'csv' && (isByKind(sample.text) || spaceColumns(csvBegin(sample).names, by).length > 0)
  return isTable || seen === 'json' || seen === 'ndjson' ? seen : 'extract'
}

interface Chosen {
  readonly reader: Reader
  /** What to say about the reading, when it is done. */
  readonly about: () => Partial<PrefixInput>
}

function readerFor(
  format: InputFormat,
  sample: Sample,
  {
    cells,
    options,
    by,
  }: { readonly cells: TableCells; readonly options: ReadingOptions; readonly by: string | undefined },
): Chosen {
  switch (format) {
    case 'list':
      return { reader: new ListReader(cells, cells), about: () => ({}) }
    case 'csv': {
      const { column, ...shape } = csvShapeOf(sample, options.column ?? [], by)
      const reader = new CsvReader(cells, shape)
      return { reader, about: () => ({ column, notes: { repeated: 0, contained: 0, special: 0, ...reader.notes } }) }
    }
    case 'json':
    case 'ndjson': {
      const paths = (options.path ?? []).map(parseJsonPath)
      const isByLine = format === 'ndjson'
      const reader = new JsonReader(cells, { paths, isByLine, keepsLeaves: options.leaf ?? false, by })
      return { reader, about: () => ({ paths: reader.used, otherPaths: reader.unused, notes: reader.notes }) }
    }
    case 'extract': {
      const vrfs = by !== undefined && isVrf(by) ? new VrfLines() : undefined
      const reader = new ExtractReader(cells, vrfs)
      return { reader, about: () => ({ leftOut: reader.leftOut }) }
    }
  }
}

function tooManyPrefixes(name: string): NatplanError {
  return new NatplanError('INPUT_TOO_LARGE', `${name} holds more than ${limits.prefixes.most} prefixes`, {
    hint: 'leave out what is there twice (sort -u), or compare it in parts',
  })
}

function refuseBrokenJson(reader: Reader, name: string): void {
  const problem = reader instanceof JsonReader ? reader.problem : undefined
  if (!problem) return
  throw new NatplanError('JSON_SYNTAX', `${name}:${problem.line} is not valid JSON: ${problem.message}`, {
    hint: 'nothing of it is used; --extract finds prefixes in any text, --format ndjson reads line by line',
  })
}
