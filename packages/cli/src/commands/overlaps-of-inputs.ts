import {
  type ComparedSpace,
  type Comparison,
  compareInputs,
  count,
  countOverlaps,
  type FindingDocument,
  type FoundOverlaps,
  findingToDocument,
  formatTables,
  type InputFindings,
  inputReport,
  inputTable,
  overlappingIn,
  overlapTables,
  type PrefixInput,
  parseSpaceKey,
  type Terminal,
} from '@natplan/app'
import { findingOf, hasErrors, inInput, NatplanError, type PrefixTable, writeNumber } from '@natplan/core'
import { refuseSameFile } from '../files/same-file.ts'
import { openSink, type TextSink } from '../files/text-sink.ts'
import type { InputBytes } from '../input/prefixes/input-bytes.ts'
import { type InputNames, type InputsOptions, type ReadInputs, readInputs } from '../input/prefixes/read-inputs.ts'
import type { AnyFormat } from '../output/formats.ts'
import { csvCell, csvWriter, jsonWriter, ndjsonWriter, type PairWriter } from '../output/overlap-pairs.ts'
import { reportFindings } from '../output/report-findings.ts'
import { startProgress } from '../terminal/progress.ts'
import { type Status, status } from '../terminal/status.ts'
import { say } from '../terminal/streams.ts'
import { standardOutput } from '../terminal/terminal.ts'

/** What is compared, and how it is printed. */
export interface ComparingOptions extends InputsOptions {
  readonly output: AnyFormat
  readonly between?: boolean | undefined
  readonly within?: boolean | undefined
  readonly summary?: boolean | undefined
  readonly flagged?: boolean | undefined
  readonly limit: number
  readonly out?: string | undefined
}

/** Compares files of prefixes; the result is written while it is found. */
export async function overlapsOfInputs(
  names: InputNames,
  options: ComparingOptions,
  opened?: InputBytes,
): Promise<Status> {
  checkOptions(options)
  const { out, badLines } = options
  refuseSameFile(
    [
      { option: '--out', path: out },
      { option: '--bad-lines', path: badLines },
    ],
    names.files,
  )
  const sink = openSink(options.out)
  try {
    const writer = options.flagged ? undefined : writerFor(options, sink)
    // What is refused as a whole in the end prints no result, so nothing of it may be written before.
    const listener = writer && !options.strict ? { add: writer.bad, flush: () => flushFull(sink) } : undefined
    const read = await readInputs(names, options, { ...(listener ? { listener } : {}), ...(opened ? { opened } : {}) })
    if (read.findings.some(({ findings }) => hasErrors(findings))) {
      sink.abandon()
      report(read.findings)
      return status.findings
    }
    const cut = await write(read, options, { sink, writer })
    await sink.finish()
    if (options.output === 'csv') say(...inputReport(read.inputs))
    report([...read.findings, ...cut])
    return status.good
  } catch (error) {
    sink.abandon()
    throw error
  }
}

function checkOptions({ output, limit, between, within, flagged, summary }: ComparingOptions): void {
  if (flagged && (summary || (output !== 'table' && output !== 'csv'))) {
    throw new NatplanError('USAGE', '--flagged is printed as table or csv, without --summary')
  }
  if (output === 'yaml' || output === 'markdown') {
    throw new NatplanError('USAGE', `overlaps of files are not printed as ${output}`, {
      hint: '--output table, csv, json or ndjson',
    })
  }
  if (!Number.isInteger(limit) || limit < 0) throw new NatplanError('USAGE', '--limit is a whole number')
  if (between === false || within === false) {
    throw new NatplanError('USAGE', '--within and --between are given or left out, nothing else')
  }
}

/** Undefined for tables, which are made when all is known. */
function writerFor(
  { output, summary: isSummary = false, by }: ComparingOptions,
  sink: TextSink,
): PairWriter | undefined {
  const how = { isSummary, by: by === undefined ? undefined : parseSpaceKey(by).key }
  if (output === 'json') return jsonWriter(sink, how)
  if (output === 'ndjson') return ndjsonWriter(sink)
  return output === 'csv' ? csvWriter(sink, how) : undefined
}

async function flushFull(sink: TextSink): Promise<void> {
  if (sink.isFull) await sink.flush()
}

interface Output {
  readonly sink: TextSink
  readonly writer: PairWriter | undefined
}

async function write(
  { inputs, findings }: ReadInputs,
  options: ComparingOptions,
  { sink, writer }: Output,
): Promise<InputFindings[]> {
  const { between, within, summary: isSummary = false } = options
  const chosen =
    between === undefined && within === undefined ? {} : { between: between ?? false, within: within ?? false }
  const key = options.by === undefined ? undefined : parseSpaceKey(options.by)
  const comparison = compareInputs(inputs, chosen, key)
  if (options.flagged) {
    await writeFlagged(comparison, { sink, options })
    return []
  }
  let found: FoundOverlaps | undefined
  const counted = () => (found ??= countOverlaps(comparison))
  if (!writer) {
    sink.write(formatTables(overlapTables(comparison, counted(), { isSummary }), terminalFor(options)))
    return []
  }
  writer.found(counted)
  const listed = isSummary ? 0 : await writePairs(comparison, options.limit, { sink, writer })
  const mayBeCut = !isSummary && listed === options.limit
  const cut = mayBeCut && counted().total > listed ? [cutFindings(listed, counted().total)] : []
  writer.end(listed, [...findings, ...cut].flatMap(documentsOf))
  return cut
}

/** A file is as wide as it must be. */
function terminalFor({ out }: ComparingOptions): Terminal {
  return out === undefined ? standardOutput : { ...standardOutput, width: Number.POSITIVE_INFINITY }
}

/** Which prefixes overlap any other, and not which: pairs need not be sorted out for that. */
async function writeFlagged(
  comparison: Comparison,
  { sink, options }: { readonly sink: TextSink; readonly options: ComparingOptions },
): Promise<void> {
  if (options.output === 'table') {
    const { inputs } = comparison
    sink.write(
      formatTables([inputTable({ inputs, overlapping: () => overlappingIn(comparison) })], terminalFor(options)),
    )
    return
  }
  const { by } = comparison
  sink.write(`prefix,file,line${by === undefined ? '' : `,${csvCell(by)}`}\n`)
  for (const compared of comparison.spaces())
    await writeFlags(compared, by === undefined ? '' : `,${csvCell(compared.space ?? '')}`, sink)
}

async function writeFlags({ inputs, overlaps }: ComparedSpace, cell: string, sink: TextSink): Promise<void> {
  for (const [side, flags] of overlaps.flags.entries()) {
    const { table, name } = inputs[side] as PrefixInput
    const around = { file: Buffer.from(`,${csvCell(name)},`), end: Buffer.from(`${cell}\n`) }
    const longest = longestRow(around)
    for (let row = flags.indexOf(1); row >= 0; ) {
      sink.fill(longest, (bytes, start) => {
        let at = start
        for (; row >= 0 && at + longest <= bytes.length; row = flags.indexOf(1, row + 1))
          at = writeRow({ table, row }, around, { bytes, at })
        return at
      })
      if (sink.isFull) await sink.flush()
    }
  }
}

interface AroundRow {
  readonly file: Buffer
  readonly end: Buffer
}

/** A prefix and a line number, generously, and what is around them. */
function longestRow({ file, end }: AroundRow): number {
  return 64 + file.length + end.length
}

/** Without a text of each in between: there may be millions. */
function writeRow(
  { table, row }: { readonly table: PrefixTable; readonly row: number },
  { file, end }: AroundRow,
  { bytes, at }: { readonly bytes: Uint8Array; readonly at: number },
): number {
  const behindPrefix = table.writeText(row, bytes, at)
  bytes.set(file, behindPrefix)
  const behindLine = writeNumber(bytes, behindPrefix + file.length, table.lineAt(row))
  bytes.set(end, behindLine)
  return behindLine + end.length
}

async function writePairs(
  comparison: Comparison,
  limit: number,
  { sink, writer }: { readonly sink: TextSink; readonly writer: PairWriter },
): Promise<number> {
  const progress = startProgress()
  let listed = 0
  try {
    for (const compared of comparison.spaces()) {
      const texts = compared.overlaps.pairTexts(writer.shapeFor(compared))
      const before = listed
      while (listed < limit && !texts.isDone) {
        writer.pairs(texts, limit - listed)
        listed = before + texts.written
        if (sink.isFull) await sink.flush()
        progress.show(() => `writing: ${count(listed, 'pair')}`)
      }
    }
  } finally {
    progress.end()
  }
  return listed
}

function cutFindings(listed: number, total: number): InputFindings {
  const finding = findingOf('PAIRS_CUT', inInput(), {
    message: `${count(listed, 'pair')} of ${count(total, 'pair')} ${listed === 1 ? 'is' : 'are'} written`,
    hint: '--summary counts them; --limit sets how many are written',
  })
  return { document: { name: 'natplan', locate: () => undefined }, findings: [finding] }
}

function documentsOf({ document, findings }: InputFindings): FindingDocument[] {
  return findings.map((finding) => findingToDocument(finding, { input: document }))
}

function report(all: readonly InputFindings[]): void {
  reportFindings(all.map(({ document, findings }) => ({ findings, documents: { input: document } })))
}
