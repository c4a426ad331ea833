import { createHash } from 'node:crypto'

/** Where a key stands in a text: the line, and how many bytes of that line come before and behind. */
type Gap = readonly [line: number, before: number, behind: number]

/**
 * By what natplan knows a file again: the digest of its text without keys. A digest of a key could be tried out offline by whoever reads the
 * list, and the list is meant for version control; so another key in the place of one is the only edit that goes unnoticed.
 */
export interface Mark {
  readonly digest: string
  readonly gaps: readonly Gap[]
}

/** The marks of each file, by its path: two while it is replaced, or until the next run when that was cut off. */
export type Marks = ReadonlyMap<string, readonly Mark[]>

export function markOf(text: string, keys: readonly string[]): Mark {
  const lines = linesOf(Buffer.from(text))
  // Of a thousand keys a file has one or two.
  const held = keys.filter((key) => text.includes(key)).map((key) => Buffer.from(key).toString('latin1'))
  const gaps = lines.map((line, index) => gapIn(line, index, held)).filter((gap) => gap !== undefined)
  return { digest: digest(withoutGaps(lines, gaps) ?? lines), gaps }
}

/** Reports whether a file is the one that was marked. */
export function bears(bytes: Buffer, { digest: wanted, gaps }: Mark): boolean {
  const lines = withoutGaps(linesOf(bytes), gaps)
  return lines !== undefined && digest(lines) === wanted
}

export function sameMarks(one: Marks, other: Marks): boolean {
  return writeMarks(one) === writeMarks(other)
}

/** One character for each byte, so that a gap is the same in every encoding. */
function linesOf(bytes: Buffer): string[] {
  return bytes.toString('latin1').split('\n')
}

function gapIn(line: string, index: number, keys: readonly string[]): Gap | undefined {
  const held = keys.filter((key) => line.includes(key))
  if (held.length === 0) return undefined
  const before = Math.min(...held.map((key) => line.indexOf(key)))
  const end = Math.max(...held.map((key) => line.lastIndexOf(key) + key.length))
  return [index, before, line.length - end]
}

/** A NUL stands in each gap; `undefined` when the lines have no room for the gaps. */
function withoutGaps(lines: readonly string[], gaps: readonly Gap[]): string[] | undefined {
  const left = [...lines]
  for (const [index, before, behind] of gaps) {
    const line = lines[index]
    if (line === undefined || line.length < before + behind) return undefined
    left[index] = `${line.slice(0, before)}\0${line.slice(line.length - behind)}`
  }
  return left
}

function digest(lines: readonly string[]): string {
  return createHash('sha256').update(lines.join('\n'), 'latin1').digest('hex')
}

/** A file without keys is written as its digest alone. */
type WrittenMark = string | { readonly digest: string; readonly gaps: readonly Gap[] }

export function writeMarks(marks: Marks): string {
  const written = (mark: Mark): WrittenMark => (mark.gaps.length === 0 ? mark.digest : mark)
  const entries = [...marks].map(([path, all]) => {
    const [only, ...more] = all.map(written)
    return [path, more.length === 0 && only !== undefined ? only : all.map(written)] as const
  })
  const lines = entries.map(([path, value]) => `  ${JSON.stringify(path)}: ${JSON.stringify(value)}`)
  return `{\n${lines.join(',\n')}\n}\n`
}

/** The list is a stranger's: of what it says only good marks of paths inside the folder count. */
export function readMarks(text: string): Marks {
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch {
    return new Map()
  }
  if (typeof data !== 'object' || data === null) return new Map()
  const entries = Object.entries(data).filter(([path]) => isInside(path))
  return new Map(entries.map(([path, value]) => [path, (Array.isArray(value) ? value : [value]).flatMap(readMark)]))
}

function readMark(value: unknown): Mark[] {
  if (typeof value === 'string') return [{ digest: value, gaps: [] }]
  if (typeof value !== 'object' || value === null) return []
  const { digest, gaps } = value as { readonly digest?: unknown; readonly gaps?: unknown }
  return typeof digest === 'string' && Array.isArray(gaps) && gaps.every(isGap) ? [{ digest, gaps }] : []
}

function isGap(value: unknown): value is Gap {
  return Array.isArray(value) && value.length === 3 && value.every((part) => Number.isSafeInteger(part) && part >= 0)
}

/**
 * A plain path below the folder: no part is empty, leads up or is too long, none is a sign of a path on any system, and none is hidden, as
 * `.git` and files of natplan's own are, but for the one hidden file that natplan writes.
 */
function isInside(path: string): boolean {
  const isPlain = (part: string) => /^[^.]/.test(part) && Buffer.byteLength(part) < 256
  return path === '.gitignore' || (!/[\\:\p{Cc}]/u.test(path) && path.split('/').every(isPlain))
}
