import { Address } from '@natplan/core'
import type { NotUnderstood } from '../../platform.ts'
import { type Block, type Line, partsOf } from './read-blocks.ts'

const units: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 }

/** The `key = value` lines of one section of swanctl.conf, each taken once. */
export class Settings {
  readonly #lines: Map<string, { readonly line: Line; readonly value: string }>
  readonly #strange: Line[]

  constructor(block: Block) {
    this.#lines = new Map()
    this.#strange = []
    for (const line of partsOf(block).lines) {
      const [, key, quoted, plain] =
        /^([A-Za-z0-9_-]+)\s*=\s*(?:"([^"\\]*)"|([^\s"#{}]+))\s*(?:#.*)?$/.exec(line.text) ?? []
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

  /** One address; a list, a range or a name → `undefined`. */
  address(key: string): Address | undefined {
    return this.read(key, Address.tryParse)
  }

  seconds(key: string): number | undefined {
    return this.read(key, (text) => {
      const [, digits, unit = ''] = /^([0-9]{1,9})([smhd]?)$/.exec(text) ?? []
      return digits === undefined ? undefined : Number(digits) * (units[unit] ?? 1)
    })
  }

  /** What nobody took. */
  rest(): NotUnderstood[] {
    const left = [...this.#lines.values()].map(({ line }) => line)
    return [...left, ...this.#strange].map(({ line, text }) => ({ line, text }))
  }
}
