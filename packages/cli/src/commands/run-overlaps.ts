import { statSync } from 'node:fs'
import { isPlanText, utf8 } from '@natplan/app'
import { NatplanError } from '@natplan/core'
import { standardInput } from '../files/standard-input.ts'
import type { InputOptions } from '../input/load-network.ts'
import { type InputBytes, openInput } from '../input/prefixes/input-bytes.ts'
import { isFormatGiven } from '../input/prefixes/read-inputs.ts'
import { isRowFormat } from '../output/formats.ts'
import type { Status } from '../terminal/status.ts'
import { oneFile } from './one-file.ts'
import { type ComparingOptions, overlapsOfInputs } from './overlaps-of-inputs.ts'
import { sortItems } from './sort-items.ts'

export interface OverlapsOptions extends InputOptions, ComparingOptions {
  readonly items?: readonly string[] | undefined
}

/** A plan file alone is a plan; all other files hold prefixes. */
export async function runOverlaps(options: OverlapsOptions): Promise<Status> {
  const { files, prefixes } = sortItems(options.items ?? [])
  const isPlan = files.length + prefixes.length === 0 || options.file !== undefined || (options.site ?? []).length > 0
  if (isPlan) return inPlan({ ...options, file: oneFile(options.items?.[0], options.file) })
  if (files.length === 0 && !wantsInputs(options)) {
    return (await import('./overlaps-of-plan.ts')).overlapsAmongPrefixes(prefixes, options)
  }
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

function givenInputOption(options: OverlapsOptions): string | undefined {
  const keys = Object.keys(inputOnly) as (keyof typeof inputOnly)[]
  const given = keys.find((key) => options[key] !== undefined)
  return given && inputOnly[given]
}

/** What reads plans is loaded for plans alone. */
async function inPlan(options: OverlapsOptions, text?: string): Promise<Status> {
  const given = givenInputOption(options)
  if (given) throw new NatplanError('USAGE', `${given} is for files of prefixes, but this is a plan`)
  if ((options.items ?? []).length > 1) {
    throw new NatplanError('USAGE', 'a plan cannot be compared with other inputs', { hint: 'leave -f and --site out' })
  }
  return (await import('./overlaps-of-plan.ts')).overlapsInPlan(options, text)
}
