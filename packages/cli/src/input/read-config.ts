import { type Device, type Finding, findingOf, inConfig, NatplanError, type Platform } from '@natplan/core'
import { type NotUnderstood, type ReadDevice, refusalOf, type Secret, shownLine } from '@natplan/templates'
import { type Document, positionOf } from './documents.ts'
import { nameOf, readText } from './read-text.ts'

/** The configuration of one gateway, as it was read. */
export interface ReadConfig {
  readonly text: string
  readonly device: Device
  /** The pre-shared keys that it shows, by tunnel. */
  readonly keys: ReadonlyMap<string, Secret>
  readonly document: Document
  /** What is wrong with the text itself. */
  readonly findings: readonly Finding[]
}

/**
 * Reads a file that holds a configuration as a whole; `platform` is the one that it is said to be of.
 * @throws NatplanError USAGE for any other text, and those of `readText`
 */
export function readConfigText(path: string, platform?: Platform): string {
  const text = readText(path)
  const refusal = refusalOf(text, platform)
  if (refusal) throw new NatplanError('USAGE', `${nameOf(path)} ${refusal.why}`, { hint: refusal.hint })
  return text
}

/** Reads a text that was taken from a file. */
export function readConfig(text: string, path: string, read: (text: string) => ReadDevice): ReadConfig {
  const document = linesOf(path)
  const { device, keys, findings } = read(text)
  return { text, device: inFile(device, document), keys, document, findings }
}

/** A device that knows its file, with its lines as they may be shown. */
export function inFile(device: Device, { name }: Document): Device {
  const unread = device.unread.map((one) => ({ ...one, text: shownLine(one.text) }))
  return { ...device, file: name, unread }
}

/** A text in which only lines count. */
export function linesOf(path: string): Document {
  return {
    name: nameOf(path),
    locate: positionOf,
  }
}

/** So many lines that are not understood are shown; the rest is counted. */
const shownLines = 5

/** One finding for all lines that are not understood; secrets in them are not shown. */
export function strangeLines(
  code: 'NODE_ROUTES_NOT_UNDERSTOOD',
  lines: readonly NotUnderstood[],
  { hint }: { readonly hint: string },
): Finding[] {
  const [first] = lines
  if (!first) return []
  const place = ({ line }: NotUnderstood) => ({ ...inConfig(line), column: 1 })
  const count = lines.length === 1 ? 'a line is' : `${lines.length} lines are`
  return [
    findingOf(code, place(first), {
      message: `${count} not understood`,
      hint,
      related: lines.slice(0, shownLines).map((line) => ({ place: place(line), message: shownLine(line.text) })),
    }),
  ]
}
