/** So many prefixes of one object are remembered to see a second mention. */
const mostRemembered = 64

/** Where a prefix is mentioned. */
export interface Mention {
  /** The path of the value, the same for all elements of a list. */
  readonly path: string
  /** How many steps lead to the object that the value belongs to. */
  readonly depth: number
}

/** What was mentioned in an object that is not closed yet. */
interface Open {
  /** The last path of each prefix that the object itself mentions. */
  readonly own: Map<string, string>
  /** What objects inside it mention. */
  readonly inside: Set<string>
}

/**
 * Tells a second mention of the same network from a second network. A network's object says its prefix again under another key, or in
 * an object inside it; two elements of a list, or two objects side by side, are two networks that collide.
 */
export class Mentions {
  /** By the number of steps that lead to the object. */
  readonly #open: (Open | undefined)[] = []

  /** Reports whether a prefix is the second mention of one that was counted; a third one may be a network of its own. */
  isRepeated(prefix: string, { path, depth }: Mention): boolean {
    const object = this.#at(depth)
    const lastPath = object.own.get(prefix)
    let isRepeated =
      (lastPath !== undefined && lastPath !== path) || (lastPath === undefined && object.inside.has(prefix))
    for (let above = 0; above < depth; above++) {
      const around = this.#at(above)
      if (around.own.has(prefix) && lastPath === undefined && !around.inside.has(prefix)) isRepeated = true
      if (around.inside.size < mostRemembered) around.inside.add(prefix)
    }
    if (object.own.size < mostRemembered || lastPath !== undefined) object.own.set(prefix, path)
    return isRepeated
  }

  /** The object, or list, that so many steps lead to ends. */
  close(depth: number): void {
    if (this.#open.length > depth) this.#open.length = depth
  }

  clear(): void {
    this.#open.length = 0
  }

  #at(depth: number): Open {
    const open = this.#open[depth]
    if (open) return open
    const made = { own: new Map<string, string>(), inside: new Set<string>() }
    this.#open[depth] = made
    return made
  }
}
