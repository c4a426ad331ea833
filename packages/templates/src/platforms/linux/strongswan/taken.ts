import { type Doubt, wordTable } from '@natplan/core'
import { shownLine } from '../../../shown-line.ts'
import type { Section } from './settings-tree.ts'

const units: Readonly<Record<string, number>> = wordTable({ '': 1, s: 1, m: 60, h: 3600, d: 86_400 })

/** The settings of a section, and which of them nobody asked for. */
export class Taken {
  readonly #section: Section
  readonly #asked = new Set<string>()
  readonly #wrong = new Set<string>()

  constructor(section: Section) {
    this.#section = section
  }

  /** A value; an empty one is none. */
  text(key: string): string | undefined {
    this.#asked.add(key)
    const value = this.#section.settings.get(key)?.value
    return value === '' ? undefined : value
  }

  /** A value that `parse` knows; of another it is known that it is not understood. */
  read<T>(key: string, parse: (text: string) => T | undefined, otherwise: T): T {
    const text = this.text(key)
    if (text === undefined) return otherwise
    const value = parse(text)
    if (value !== undefined) return value
    this.#wrong.add(key)
    return otherwise
  }

  list(key: string): string[] {
    const text = this.text(key) ?? ''
    return text.split(',').flatMap((member) => (member.trim() === '' ? [] : [member.trim()]))
  }

  /** Marks settings that say nothing about packets. */
  pass(keys: readonly string[]): void {
    for (const key of keys) this.#asked.add(key)
  }

  seconds(key: string, otherwise: number): number {
    return this.read(key, secondsOf, otherwise)
  }

  yesNo(key: string): boolean {
    return this.read(key, yesNoOf, false)
  }

  /** Marks a value as not understood. */
  refuse(key: string): void {
    this.#wrong.add(key)
  }

  /** What nobody asked for, and what was not understood. */
  doubts(): Doubt[] {
    const left = [...this.#section.settings].filter(([key]) => !this.#asked.has(key) || this.#wrong.has(key))
    const lines = left.map(([key, { line, value }]) => ({ line, what: shownLine(`${key} = ${value}`) }))
    return [...lines, ...this.#section.strange.map(({ line, text }) => ({ line, what: shownLine(text.trim()) }))]
  }
}

function secondsOf(text: string): number | undefined {
  const [, digits, unit = ''] = /^(\d{1,9})\s*([smhd]?)$/i.exec(text) ?? []
  return digits === undefined ? undefined : Number(digits) * (units[unit.toLowerCase()] ?? 1)
}

export function yesNoOf(text: string): boolean | undefined {
  if (['yes', 'true', 'enabled', '1'].includes(text.toLowerCase())) return true
  return ['no', 'false', 'disabled', '0'].includes(text.toLowerCase()) ? false : undefined
}
