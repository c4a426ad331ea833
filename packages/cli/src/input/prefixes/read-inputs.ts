import { fstatSync, statSync } from 'node:fs'
import {
  type BadLine,
  BadLines,
  forPeople,
  type InputFindings,
  isPlanText,
  leavesOf,
  type PrefixInput,
  parseSpaceKey,
  type ReadingOptions,
  type Refused,
  readPrefixes,
  type SpaceKey,
  spaceNames,
  TableCells,
  utf8,
  withoutPrefixes,
} from '@natplan/app'
import { NatplanError, nearest, Prefix, PrefixTable } from '@natplan/core'
import { visible } from '@natplan/templates'
import { nameOf, standardInput } from '../../files/standard-input.ts'
import { openSink, type TextSink } from '../../files/text-sink.ts'
import { startProgress } from '../../terminal/progress.ts'
import { type InputBytes, openInput } from './input-bytes.ts'

/** How the inputs of a command are read, and where what is wrong with them goes. */
export interface InputsOptions extends ReadingOptions {
  readonly strict?: boolean | undefined
  readonly badLines?: string | undefined
  /** Prefixes that are left out wherever they stand. */
  readonly ignore?: readonly string[] | undefined
  /** Of workbooks. */
  readonly sheet?: string | undefined
}

export interface ReadInputs {
  readonly inputs: readonly PrefixInput[]
  readonly findings: readonly InputFindings[]
}

export interface InputNames {
  readonly files: readonly string[]
  /** Prefixes that stand on the command line; they make one input. */
  readonly prefixes: readonly string[]
}

/** What else listens to bad lines: an output that lists them, which may have to be waited for. */
interface BadLineListener {
  add(bad: BadLine): void
  flush(): Promise<void> | void
}

/** What a command knows and wants beside the names of its inputs. */
export interface Surroundings {
  readonly listener?: BadLineListener
  /** The first file, where it was opened to see what it is. */
  readonly opened?: InputBytes
}

/**
 * Reads every input, one behind the other.
 * @throws NatplanError USAGE, FILE_UNWRITABLE, and what `openInput` and `readPrefixes` throw
 */
export async function readInputs(
  names: InputNames,
  options: InputsOptions,
  { listener, opened }: Surroundings = {},
): Promise<ReadInputs> {
  refuseRepeated(names.files)
  const badLines = new BadLines()
  const file = options.badLines === undefined ? undefined : openSink(options.badLines)
  const onBad = (refused: Refused) => {
    badLines.add(refused)
    if (!listener && !file) return
    const bad = refused.tell()
    listener?.add(bad)
    file?.write(`${forPeople(`${bad.file}:${bad.line}: ${bad.text}: ${bad.message}`)}\n`)
  }
  try {
    const inputs = names.prefixes.length > 0 ? [readArguments(names.prefixes, options, onBad)] : []
    for (const [index, path] of names.files.entries()) {
      const input = index === 0 && opened ? opened : await openInput(path, options.sheet)
      if (!isFormatGiven(options)) refusePlan(input)
      inputs.push(await readOne(input, options, { onBad, listener, file }))
    }
    refuseUnused(inputs, options)
    if (options.sheet !== undefined && inputs.every(({ textNotes }) => !textNotes)) throw noWorkbook()
    const wanted = inputs.map((input) => wantedOf(input, options))
    await file?.finish()
    const isStrict = options.strict ?? false
    return { inputs: wanted, findings: inputs.map((input) => badLines.findingsOf(input, { isStrict })) }
  } catch (error) {
    file?.abandon()
    throw error
  }
}

function wantedOf(input: PrefixInput, { ignore = [], leaf = false }: InputsOptions): PrefixInput {
  const ignored = ignore.flatMap((text) => text.split(',')).map((text) => Prefix.parse(text))
  const without = ignored.length > 0 ? withoutPrefixes(input, ignored) : input
  return leaf ? leavesOf(without) : without
}

interface BadLineOutputs {
  readonly onBad: (refused: Refused) => void
  readonly listener: BadLineListener | undefined
  readonly file: TextSink | undefined
}

async function readOne(
  input: InputBytes,
  options: ReadingOptions,
  { onBad, listener, file }: BadLineOutputs,
): Promise<PrefixInput> {
  const progress = startProgress()
  input.reusePieces()
  try {
    return await readPrefixes(input, options, {
      onBad,
      onPiece: async () => {
        const { read, total } = input.progress
        progress.show(
          () =>
            `reading ${input.name}: ${total ? `${Math.floor((100 * read) / total)} %` : `${Math.floor(read / 2 ** 20)} MiB`}`,
        )
        if (file?.isFull) await file.flush()
        await listener?.flush()
      },
    })
  } finally {
    progress.end()
    input.close()
  }
}

/** Whoever says how a text is read means the prefixes in it, even when it looks like a plan. */
export function isFormatGiven({ format, extract = false }: ReadingOptions): boolean {
  return format !== undefined || extract
}

function refusePlan({ name, head }: InputBytes): void {
  if (!isPlanText({ name, text: utf8(head) })) return
  throw new NatplanError('USAGE', `${name} is a plan file, which cannot be compared with other inputs`, {
    hint: 'natplan overlaps PLAN alone shows what collides in it; natplan free -f PLAN shows what is free besides it',
  })
}

/** The position among the arguments stands for a line. */
function readArguments(
  prefixes: readonly string[],
  { hostBits = 'refuse' }: ReadingOptions,
  onBad: (refused: Refused) => void,
): PrefixInput {
  const name = 'command line'
  const table = new PrefixTable()
  const cells = new TableCells(table, { file: name, hostBits, onBad })
  for (const [index, text] of prefixes.entries()) {
    const bytes = Buffer.from(text)
    cells.take(bytes, 0, bytes.length, index + 1)
  }
  const { hosts, masked, empty, bad, defaults } = cells
  return { name, table, format: 'arguments', hasContent: true, counts: { hosts, masked, empty, bad, defaults } }
}

function refuseRepeated(files: readonly string[]): void {
  const seen = new Set<string>()
  for (const file of files) {
    const key = identityOf(file)
    if (seen.has(key)) {
      throw new NatplanError('USAGE', `${nameOf(file)} is given twice`, {
        hint: 'everything in it would collide with itself; --within shows what collides inside one input',
      })
    }
    seen.add(key)
  }
}

/** The same for whatever names lead to a file: links, `/dev/stdin`, standard input that was opened from it. */
function identityOf(path: string): string {
  try {
    const { dev, ino } = path === standardInput ? fstatSync(0, { bigint: true }) : statSync(path, { bigint: true })
    return `${dev} ${ino}`
  } catch {
    return path
  }
}

export function noWorkbook(): NatplanError {
  return new NatplanError('USAGE', '--sheet is given, but no input is a workbook')
}

/** An option that no input had a use for was meant for something that is not there. */
function refuseUnused(inputs: readonly PrefixInput[], { column, path, by }: ReadingOptions): void {
  if (by !== undefined) refuseUnknownSpace(inputs, parseSpaceKey(by), path !== undefined)
  if (column && !inputs.some((input) => input.column !== undefined)) {
    throw new NatplanError('USAGE', '--column is given, but no input is a table', { hint: '--format csv makes it one' })
  }
  if (path && !inputs.some((input) => input.paths)) {
    throw new NatplanError('USAGE', '--path is given, but no input is JSON', { hint: '--format json makes it one' })
  }
}

function namesHint(names: readonly string[]): string {
  if (names.length === 0) return 'no input says for certain where a prefix belongs: without --by everything is compared'
  const shown = names.slice(0, 10).map((name) => visible(name))
  return `there are ${shown.join(', ')}`
}

/** Nobody may be told that nothing collides because a word was misspelt. */
function refuseUnknownSpace(inputs: readonly PrefixInput[], { key, only }: SpaceKey, isByPath: boolean): void {
  if (isByPath)
    throw new NatplanError('USAGE', '--by cannot be used with --path, which reads values without their objects')
  const mayPrintVrfs = key.toLowerCase() === 'vrf' && inputs.some(({ format }) => format === 'extract')
  if (!mayPrintVrfs && !inputs.some(({ spaces }) => spaces?.isSaid)) {
    throw new NatplanError('USAGE', `--by ${visible(key)}: no input has such a column or key`, {
      hint: 'it is the name of a column of a table or of a key of JSON; vrf is known by its usual names, also in what routers print',
    })
  }
  const names = spaceNames(inputs)
  if (!only || names.includes(only)) return
  const near = nearest(only, names)
  throw new NatplanError('USAGE', `--by ${visible(key)}: no input has ${visible(only)}`, {
    hint: near ? `did you mean ${visible(near)}?` : namesHint(names),
  })
}
