import type { ConfigNode } from './config-tree.ts'

/** A line of a text: `set`, and words behind one blank each, the last one perhaps in quotes. */
export interface PrintedLine {
  readonly start: number
  readonly end: number
  /** How many of its words are those of the line that was followed last. */
  readonly shared: number
  readonly line: number
}

const beforeWords = 'set '.length

/** Makes nodes by their paths from one node on. Lines that stand together share most of their paths, so each walk begins where it leaves the last one. */
export class PathWalker {
  readonly #root: ConfigNode
  /** The last path, and its nodes. */
  readonly #path: string[] = []
  readonly #nodes: ConfigNode[] = []
  /** Of the line that it was followed by, where that starts, and how far from there its words end; no words if by none. */
  #start = 0
  readonly #ends: number[] = []

  constructor(root: ConfigNode) {
    this.#root = root
  }

  /** The names of the last walk. */
  get path(): readonly string[] {
    return this.#path
  }

  /** The node behind a path, made as far as it is missing. */
  branch(path: readonly string[], line: number): ConfigNode {
    let shared = 0
    while (shared < path.length && path[shared] === this.#path[shared]) shared++
    this.#leave(shared)
    this.#ends.length = 0
    for (let at = shared; at < path.length; at++) this.#enter(path[at] as string, line)
    return this.#nodes.at(-1) ?? this.#root
  }

  /** How many words of the line that starts there are those of the last one: characters are compared, and no words made. */
  sharedWith(text: string, start: number): number {
    const ends = this.#ends
    const last = ends.at(-1) ?? -1
    let same = 0
    while (same <= last && text.charCodeAt(this.#start + same) === text.charCodeAt(start + same)) same++
    let shared = 0
    while (shared < ends.length && (ends[shared] as number) < same) shared++
    return shared
  }

  /** The node behind the words of a line. */
  follow(text: string, { start, end, shared, line }: PrintedLine): ConfigNode {
    const ends = this.#ends
    this.#leave(shared)
    ends.length = shared
    this.#start = start
    const isQuoted = text.endsWith("'", end)
    const last = isQuoted ? text.lastIndexOf("'", end - 2) : end
    let at = start + (shared === 0 ? beforeWords : (ends[shared - 1] as number) + 1)
    while (at < last) {
      const blank = text.indexOf(' ', at)
      const stop = blank < 0 || blank > last ? last : blank
      this.#enter(text.slice(at, stop), line)
      ends.push(stop - start)
      at = stop + 1
    }
    if (at === last && isQuoted) {
      this.#enter(text.slice(at + 1, end - 1), line)
      ends.push(end - start)
    }
    return this.#nodes.at(-1) ?? this.#root
  }

  /** Takes away what stands behind a path. */
  remove(path: readonly string[]): void {
    this.#leave(0)
    this.#ends.length = 0
    this.#root.remove(...path)
  }

  #leave(shared: number): void {
    this.#path.length = shared
    this.#nodes.length = shared
  }

  #enter(name: string, line: number): void {
    const node = this.#nodes.at(-1) ?? this.#root
    this.#path.push(name)
    this.#nodes.push(node.grow(name, line))
  }
}
