import { limits } from '../../../limits.ts'
import type { Numbered } from '../numbered.ts'

/** `key = value` */
export interface Setting {
  readonly line: number
  readonly value: string
}

/** `name { … }` in the language of strongswan.conf(5). */
export interface Section {
  readonly name: string
  readonly line: number
  readonly settings: Map<string, Setting>
  readonly sections: Map<string, Section>
  /** Sections whose settings it has where it has none itself, by their path. */
  readonly references: string[]
  /** Lines that are no settings: includes, and what breaks the rules. */
  readonly strange: Numbered[]
}

export function sectionOf(name: string, line: number): Section {
  return { name, line, settings: new Map(), sections: new Map(), references: [], strange: [] }
}

/** Nobody nests deeper; a text that does is not followed. */
const deepest = 16

/**
 * Reads sections and settings. A section that comes again goes on, and the last of several settings with one key counts, as strongSwan
 * takes them.
 */
export function readSettings(lines: readonly Numbered[]): Section {
  return new Reader(lines).read()
}

const blank = /(?:[\t\r ]+|#.*)*/y
const name = /[^#{}:.,="\r\n\t ](?:[^#{}:,="\r\n\t ]*)/y
const reference = /:\s*([^#{}="\r\n]*)/y
const include = /include[\t ]+[^=]/y
const plain = /[^#}"\r\n\t ]+/y

class Reader {
  readonly #lines: readonly Numbered[]
  readonly #root = sectionOf('', 1)
  readonly #open: Section[] = [this.#root]
  #index = 0
  #at = 0
  /** A name that stands before its brace or equals sign. */
  #pending: { readonly text: string; readonly line: Numbered; references: string[] } | undefined

  constructor(lines: readonly Numbered[]) {
    this.#lines = lines
  }

  read(): Section {
    for (; this.#index < this.#lines.length; this.#index++) {
      const line = this.#lines[this.#index] as Numbered
      this.#at = 0
      while (this.#skip(line.text, blank) < line.text.length) if (!this.#step(line)) break
    }
    if (this.#pending) this.#inner.strange.push(this.#pending.line)
    for (const section of this.#open.slice(1))
      this.#root.strange.push({ line: section.line, text: `${section.name} {` })
    return this.#root
  }

  get #inner(): Section {
    return this.#open.at(-1) ?? this.#root
  }

  #skip(text: string, pattern: RegExp): number {
    this.#take(text, pattern)
    return this.#at
  }

  #take(text: string, pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at
    const found = pattern.exec(text)
    if (found) this.#at = pattern.lastIndex
    return found
  }

  /** Takes one thing of a line; false when the rest of it is not understood. */
  #step(line: Numbered): boolean {
    const { text } = line
    const character = text[this.#at]
    if (character === '{') return this.#enter(line)
    if (character === '}') return this.#leave(line)
    if (character === '=' && this.#pending) return this.#value(line)
    if (character === ':' && this.#pending) {
      const names = this.#take(text, reference)?.[1] ?? ''
      this.#pending.references = names.split(',').map((one) => one.trim())
      return true
    }
    if (this.#pending) this.#inner.strange.push(this.#pending.line)
    this.#pending = undefined
    if (this.#take(text, include)) return this.#strange(line)
    const found = this.#take(text, name)
    if (!found) return this.#strange(line)
    this.#pending = { text: found[0], line, references: [] }
    return true
  }

  #strange(line: Numbered): false {
    this.#inner.strange.push(line)
    return false
  }

  #enter(line: Numbered): boolean {
    const pending = this.#pending
    this.#pending = undefined
    if (!pending || this.#open.length > deepest) {
      this.#open.push(sectionOf(pending?.text ?? '', line.line))
      this.#at++
      this.#root.strange.push(line)
      return true
    }
    const section = this.#inner.sections.get(pending.text) ?? sectionOf(pending.text, pending.line.line)
    section.references.push(...pending.references.slice(0, deepest))
    this.#inner.sections.set(pending.text, section)
    this.#open.push(section)
    this.#at++
    return true
  }

  #leave(line: Numbered): boolean {
    if (this.#pending) this.#inner.strange.push(this.#pending.line)
    this.#pending = undefined
    this.#at++
    if (this.#open.length > 1) this.#open.pop()
    else this.#root.strange.push(line)
    return true
  }

  /** To the end of the line, a comment or a closing brace; in quotes also over lines. */
  #value(line: Numbered): boolean {
    const key = this.#pending?.text ?? ''
    this.#pending = undefined
    this.#at++
    const parts: string[] = []
    let { text } = line
    for (;;) {
      while (text[this.#at] === ' ' || text[this.#at] === '\t' || text[this.#at] === '\r') this.#at++
      if (text[this.#at] === '"') {
        const quoted = this.#quoted()
        if (quoted === undefined) return this.#strange(line)
        parts.push(quoted)
        text = this.#lines[this.#index]?.text ?? ''
      } else {
        const found = this.#take(text, plain)
        if (!found) break
        parts.push(found[0])
      }
    }
    this.#inner.settings.set(key, { line: line.line, value: parts.join(' ') })
    return true
  }

  /** What stands in quotes; `undefined` when they are not closed within a few lines. */
  #quoted(): string | undefined {
    let value = ''
    const last = Math.min(this.#index + 20, this.#lines.length)
    let at = this.#at + 1
    for (let index = this.#index; index < last; index++) {
      const text = this.#lines[index]?.text ?? ''
      for (; at < text.length; at++) {
        if (text[at] === '"') {
          ;[this.#index, this.#at] = [index, at + 1]
          return value
        }
        if (text[at] === '\\') value += text[++at] ?? ''
        else value += text[at]
      }
      value += '\n'
      at = 0
    }
    this.#at = (this.#lines[this.#index]?.text ?? '').length
    return undefined
  }
}

const mostMerged = limits.mergedSections.most

/** Puts what references name into the sections that name them. */
export function resolve(root: Section): Section {
  let left = mostMerged
  const find = (path: string): Section | undefined => {
    return path.split('.').reduce<Section | undefined>((section, part) => section?.sections.get(part), root)
  }
  const merged = (into: Section, from: Section, depth: number): void => {
    if (--left < 0 || depth > deepest) {
      into.strange.push({ line: into.line, text: `${into.name} : ${from.name}` })
      return
    }
    for (const path of from.references) {
      const other = find(path)
      if (other) merged(into, other, depth + 1)
      else into.strange.push({ line: from.line, text: `${from.name} : ${path}` })
    }
    for (const [key, setting] of from.settings) into.settings.set(key, setting)
    into.strange.push(...from.strange.slice(0, 100))
    for (const [key, inner] of from.sections) {
      const target = into.sections.get(key) ?? sectionOf(key, inner.line)
      into.sections.set(key, target)
      merged(target, inner, depth + 1)
    }
  }
  const result = sectionOf('', root.line)
  merged(result, root, 0)
  return result
}
