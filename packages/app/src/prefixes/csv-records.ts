import { type CsvColumns, columnsBeside } from './csv-columns.ts'

/** What a row of an export with rows of several kinds is. */
export type RecordKind = CsvColumns | 'container' | 'other'

/** Reports whether a text is an export of Infoblox: each row begins with its kind, and rows above say what such rows hold. */
export function isByKind(text: string): boolean {
  return /^\s*"?header-[a-z0-9]+"?,/i.test(text)
}

/** Learns from rows such as `header-network,address*,netmask*,comment` what the rows of each kind hold. */
export class CsvRecords {
  readonly #kinds = new Map<string, RecordKind>()
  readonly #by: string | undefined

  constructor(by?: string) {
    this.#by = by
  }

  /** What a row is; `undefined` for one that says what others are, and has said it. */
  kindOf(kind: string, cells: () => readonly string[]): RecordKind | undefined {
    const lower = kind.toLowerCase()
    if (!lower.startsWith('header-')) return this.#kinds.get(lower) ?? 'other'
    this.#kinds.set(lower.slice('header-'.length), kindFor(lower, cells(), this.#by))
    return undefined
  }
}

/** Names of columns that must be filled end with a star. */
function kindFor(kind: string, cells: readonly string[], by: string | undefined): RecordKind {
  if (/networkcontainer$/.test(kind)) return 'container'
  const names = cells.map((cell) => cell.replace(/\*$/, ''))
  const address = names.findIndex((name) => /^address$/i.test(name))
  const mask = names.findIndex((name) => /^(netmask|cidr)$/i.test(name))
  if (!/network$/.test(kind) || address < 0 || mask < 0) return 'other'
  return columnsBeside([address, mask], names, by)
}
