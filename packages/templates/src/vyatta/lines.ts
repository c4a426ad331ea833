import type { ConfigNode } from './config-tree.ts'

/** Remembers on which line each thing that was read begins. */
export class Lines {
  readonly #lines = new Map<object, number>()

  /** The thing itself, remembered with the first line of its node. */
  keep<T extends object>(thing: T, { line }: ConfigNode): T {
    if (line !== undefined) this.#lines.set(thing, line)
    return thing
  }

  get all(): ReadonlyMap<object, number> {
    return this.#lines
  }
}
