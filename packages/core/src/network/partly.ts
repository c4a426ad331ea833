import type { Path } from '../finding.ts'

/** What a text says as far as it could be read; what could not is `undefined`, in its place in a list. */
export type Partly<T> = T extends readonly (infer Element)[]
  ? readonly (Partly<Element> | undefined)[]
  : T extends object
    ? { readonly [Key in keyof T]?: Partly<T[Key]> | undefined }
    : T

/** The places of a document that hold something which could not be read. */
export class Unread {
  readonly #own = new Set<string>()
  readonly #around = new Set<string>()

  add(path: Path): void {
    for (const [index] of path.entries()) this.#around.add(keyOf(path.slice(0, index)))
    this.#own.add(keyOf(path))
  }

  has(path: Path): boolean {
    return this.#own.has(keyOf(path))
  }

  copy(): Unread {
    const copy = new Unread()
    for (const key of this.#own) copy.add(key.split('\0'))
    return copy
  }

  /** The places that were added at or below one. */
  below(path: Path): Path[] {
    const start = keyOf(path)
    return [...this.#own].filter((key) => key === start || key.startsWith(`${start}\0`)).map((key) => key.split('\0'))
  }

  /** Reports whether what stands here was not read, by itself or as a part of something larger. */
  covers(path: Path): boolean {
    return this.#own.size > 0 && [...path, ''].some((_, length) => this.has(path.slice(0, length)))
  }

  /** Reports whether something here, around it or inside it was not read, so that nothing follows from what is missing. */
  touches(path: Path): boolean {
    return this.#own.size > 0 && (this.#around.has(keyOf(path)) || this.covers(path))
  }
}

/** A path as the key of a map. */
export function keyOf(path: Path): string {
  return path.join('\0')
}
