/** So many prefixes of one object are remembered to see a second mention. */
const mostRemembered = 64

/** An object or a list that a value lies in. */
interface Around {
  readonly above: Around | undefined
}

/** Where a prefix is mentioned. */
export interface Mention {
  /** The path of the value, the same for all elements of a list. */
  readonly path: string
  /** The object that the value belongs to. */
  readonly frame: Around
}

/** What was mentioned in an object so far. */
interface Known {
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
  readonly #known = new WeakMap<Around, Known>()

  /** Reports whether a prefix is the second mention of one that was counted; a third one may be a network of its own. */
  isRepeated(prefix: string, { path, frame }: Mention): boolean {
    const object = this.#of(frame)
    const lastPath = object.own.get(prefix)
    let isRepeated =
      (lastPath !== undefined && lastPath !== path) || (lastPath === undefined && object.inside.has(prefix))
    for (let above = frame.above; above; above = above.above) {
      const around = this.#of(above)
      if (around.own.has(prefix) && lastPath === undefined && !around.inside.has(prefix)) isRepeated = true
      if (around.inside.size < mostRemembered) around.inside.add(prefix)
    }
    if (object.own.size < mostRemembered || lastPath !== undefined) object.own.set(prefix, path)
    return isRepeated
  }

  #of(frame: Around): Known {
    const known = this.#known.get(frame)
    if (known) return known
    const made = { own: new Map<string, string>(), inside: new Set<string>() }
    this.#known.set(frame, made)
    return made
  }
}
