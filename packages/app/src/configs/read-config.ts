import { type Device, type Finding, findingOf, inConfig, NatplanError, type Platform } from '@natplan/core'
import { type NotUnderstood, type ReadDevice, refusalOf, type Secret, shownLine } from '@natplan/templates'
import { type Document, type NamedText, positionOf } from '../text/documents.ts'

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
 * Refuses what is no configuration as a whole; `platform` is the one that it is said to be of.
 * @throws NatplanError USAGE
 */
export function requireConfig({ name, text }: NamedText, platform?: Platform): void {
  const refusal = refusalOf(text, platform)
  if (refusal) throw new NatplanError('USAGE', `${name} ${refusal.why}`, { hint: refusal.hint })
}

export function readConfig({ name, text }: NamedText, read: (text: string) => ReadDevice): ReadConfig {
  const document = linesOf(name)
  const { device, keys, findings } = read(text)
  return { text, device: inFile(device, document), keys, document, findings }
}

/** A device that knows its file, with its lines as they may be shown. */
export function inFile(device: Device, { name }: Document): Device {
  const unread = device.unread.map((one) => ({ ...one, text: shownLine(one.text) }))
  return { ...device, file: name, unread }
}

/** A text in which only lines count. */
export function linesOf(name: string): Document {
  return { name, locate: positionOf }
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
