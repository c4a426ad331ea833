import { statSync } from 'node:fs'
import { type Documents, findingToDocument, isPlanText, overlapsToDocument, overlapTable, utf8 } from '@natplan/app'
import { type Finding, hasErrors, NatplanError, type Overlap, overlapsAmong, overlapsIn, Prefix } from '@natplan/core'
import { standardInput } from '../files/standard-input.ts'
import { type InputOptions, loadNetwork } from '../input/load-network.ts'
import { type InputBytes, openInput } from '../input/prefixes/input-bytes.ts'
import { isFormatGiven } from '../input/prefixes/read-inputs.ts'
import type { AnyFormat, Format } from '../output/formats.ts'
import { printResult } from '../output/print-result.ts'
import { reportFindings } from '../output/report-findings.ts'
import { type Status, status } from '../terminal/status.ts'
import { type ComparingOptions, overlapsOfInputs } from './overlaps-of-inputs.ts'
import { oneFile } from './run-plan.ts'
import { sortItems } from './sort-items.ts'

export interface OverlapsOptions extends InputOptions, ComparingOptions {
  readonly items?: readonly string[] | undefined
}

interface Found {
  readonly overlaps: readonly Overlap[]
  readonly findings: readonly Finding[]
  readonly documents: Documents
}

/** A plan file alone is a plan; all other files hold prefixes. */
export async function runOverlaps(options: OverlapsOptions): Promise<Status> {
  const { files, prefixes } = sortItems(options.items ?? [])
  const isPlan = files.length + prefixes.length === 0 || options.file !== undefined || (options.site ?? []).length > 0
  if (isPlan) return inPlan({ ...options, file: oneFile(options.items?.[0], options.file) })
  if (files.length === 0 && !wantsInputs(options)) return amongPrefixes(prefixes, options)
  const [first] = files
  const isInput = files.length + prefixes.length > 1 || isFormatGiven(options)
  if (first === undefined || isInput) return overlapsOfInputs({ files, prefixes }, options)
  const opened = await openInput(first, options.sheet)
  if (!isPlanText({ name: first, text: utf8(opened.head) })) {
    return overlapsOfInputs({ files, prefixes }, options, opened)
  }
  return inPlan({ ...options, file: first }, await textOf(opened, first))
}

/** A file is read once more by the reader of plan files, which says more about it; a pipe can be read only once. */
async function textOf(opened: InputBytes, path: string): Promise<string | undefined> {
  if (path !== standardInput && statSync(path, { throwIfNoEntry: false })?.isFile()) {
    opened.close()
    return undefined
  }
  const pieces: Uint8Array[] = []
  for await (const piece of opened.chunks) pieces.push(piece)
  return Buffer.concat(pieces).toString('utf8')
}

/** Options that only files of prefixes have, as they are written. */
const inputOnly = {
  format: '--format',
  column: '--column',
  path: '--path',
  extract: '--extract',
  hostBits: '--host-bits',
  strict: '--strict',
  badLines: '--bad-lines',
  leaf: '--leaf',
  ignore: '--ignore',
  by: '--by',
  sheet: '--sheet',
  between: '--between',
  within: '--within',
  summary: '--summary',
  flagged: '--flagged',
  out: '--out',
} as const satisfies Partial<Record<keyof OverlapsOptions, string>>

function wantsInputs(options: OverlapsOptions): boolean {
  return isRowFormat(options.output) || givenInputOption(options) !== undefined
}

function isRowFormat(output: AnyFormat): output is Exclude<AnyFormat, Format> {
  return output === 'csv' || output === 'ndjson'
}

function givenInputOption(options: OverlapsOptions): string | undefined {
  const keys = Object.keys(inputOnly) as (keyof typeof inputOnly)[]
  const given = keys.find((key) => options[key] !== undefined)
  return given && inputOnly[given]
}

function inPlan(options: OverlapsOptions, text?: string): Status {
  const given = givenInputOption(options)
  if (given) throw new NatplanError('USAGE', `${given} is for files of prefixes, but this is a plan`)
  if ((options.items ?? []).length > 1) {
    throw new NatplanError('USAGE', 'a plan cannot be compared with other inputs', { hint: 'leave -f and --site out' })
  }
  const { network, findings, documents } = loadNetwork(options, text)
  return printOverlaps({ overlaps: network ? overlapsIn(network) : [], findings, documents }, options, { places: true })
}

function amongPrefixes(items: readonly string[], options: OverlapsOptions): Status {
  const overlaps = overlapsAmong(items.map((item) => Prefix.parse(item)))
  return printOverlaps({ overlaps, findings: [], documents: {} }, options, { places: false })
}

function printOverlaps(
  { overlaps, findings, documents }: Found,
  { output }: OverlapsOptions,
  { places }: { readonly places: boolean },
): Status {
  if (isRowFormat(output)) {
    throw new NatplanError('USAGE', `the overlaps of a plan are not printed as ${output}`, { hint: '--output json' })
  }
  if (!hasErrors(findings)) {
    const document = () =>
      overlapsToDocument(
        overlaps,
        findings.map((finding) => findingToDocument(finding, documents)),
      )
    printResult({ tables: () => [overlapTable(overlaps, { places })], document }, output)
  }
  reportFindings([{ findings, documents }])
  return hasErrors(findings) ? status.findings : status.good
}
