import { Address } from '@natplan/core'
import type { NotUnderstood } from '../../platform.ts'
import { type Block, type Line, partsOf } from './read-blocks.ts'

const units: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 }

/** An address that is left open. */
const anyAddress = Address.parse('0.0.0.0')

export interface List<T> {
  readonly known: readonly T[]
  readonly isWhole: boolean
}

/** The `key = value` lines of one section of swanctl.conf, each taken once. */
export class Settings {
  readonly #lines: Map<string, { readonly line: Line; readonly value: string }>
  readonly #strange: Line[]

  constructor(block: Block) {
    this.#lines = new Map()
    this.#strange = []
    for (const line of partsOf(block).lines) {
      const [, key, quoted, plain] =
        /^([A-Za-z0-9_-]+)\s*=\s*(?:"([^"\\]*)"|([^\s"#{},]+(?:\s*,\s*[^\s"#{},]+)*))\s*(?:#.*)?$/.exec(line.text) ?? []
      const value = quoted ?? plain
      if (key === undefined || value === undefined) this.#strange.push(line)
      else this.#set(key, { line, value })
    }
  }

  /** The last of several lines with one key counts. */
  #set(key: string, entry: { readonly line: Line; readonly value: string }): void {
    const before = this.#lines.get(key)
    if (before) this.#strange.push(before.line)
    this.#lines.set(key, entry)
  }

  /** Takes a value. One that `parse` does not know stays among the rest; a key that is not there → `undefined`. */
  read<T>(key: string, parse: (text: string) => T | undefined): T | undefined {
    const entry = this.#lines.get(key)
    const value = entry && parse(entry.value)
    if (value !== undefined) this.#lines.delete(key)
    return value
  }

  /** As `read`, but with something to take for a key that is not there. */
  readOr<T>(key: string, parse: (text: string) => T | undefined, otherwise: T): T | undefined {
    return this.#lines.has(key) ? this.read(key, parse) : otherwise
  }

  /** 0, which also stands for a missing line, offers IKEv2 first. */
  version(): 1 | 2 | undefined {
    return this.readOr<1 | 2>('version', (text) => ({ 0: 2 as const, 1: 1 as const, 2: 2 as const })[text], 2)
  }

  /** One address; 0.0.0.0 for a name, `%any` or a missing line, which leave it open; a list or a range → `undefined`. */
  openAddress(key: string): Address | undefined {
    return this.readOr(
      key,
      (text) => Address.tryParse(text) ?? (/^(%any|[A-Za-z][A-Za-z0-9.-]*)$/.test(text) ? anyAddress : undefined),
      anyAddress,
    )
  }

  seconds(key: string, otherwise: number | undefined): number | undefined {
    return this.readOr<number | undefined>(
      key,
      (text) => {
        const [, digits, unit = ''] = /^([0-9]{1,9})([smhd]?)$/.exec(text) ?? []
        return digits === undefined ? undefined : Number(digits) * (units[unit] ?? 1)
      },
      otherwise,
    )
  }

  /** The members of a list between commas that `parse` knows; with one that it does not know, the line stays among the rest. */
  list<T>(key: string, parse: (text: string) => T | undefined): List<T> {
    const text = this.#lines.get(key)?.value ?? ''
    const all = text.split(',').map((member) => parse(member.trim()))
    const known = all.filter((member) => member !== undefined)
    const isWhole = known.length === all.length
    if (isWhole) this.#lines.delete(key)
    return { known, isWhole }
  }

  /** The values of all keys of a kind, without taking them. */
  all(kind: RegExp): string[] {
    return [...this.#lines].flatMap(([key, { value }]) => (kind.test(key) ? [value] : []))
  }

  /** What nobody took. */
  rest(): NotUnderstood[] {
    const left = [...this.#lines.values()].map(({ line }) => line)
    return [...left, ...this.#strange].map(({ line, text }) => ({ line, text }))
  }
}
