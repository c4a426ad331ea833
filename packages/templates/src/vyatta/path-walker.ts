import type { ConfigNode } from './config-tree.ts'
import { type ContainerPlace, endsAtContainer, noPath } from './trees.ts'

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
  /** The one that everything is below, and those of the last path; what is behind `#depth` is of paths before. */
  readonly #nodes: ConfigNode[]
  readonly #places: (ContainerPlace | undefined)[] = [noPath]
  #depth = 0
  /** Of the printed line that the last walk followed, where that starts, and how far from there its words end; no words if it was another walk. */
  #start = 0
  readonly #ends: number[] = []
  #words = 0

  constructor(root: ConfigNode) {
    this.#nodes = [root]
  }

  /** Whether a line that ends where the last walk did says nothing that a device would do. */
  get isAtContainer(): boolean {
    return endsAtContainer(this.#places[this.#depth], this.#depth)
  }

  /** The node behind a path, made as far as it is missing. */
  branch(path: readonly string[], line: number): ConfigNode {
    let shared = 0
    while (shared < path.length && shared < this.#depth && path[shared] === this.#nodes[shared + 1]?.name) shared++
    this.#depth = shared
    this.#words = 0
    for (let at = shared; at < path.length; at++) this.#enter(path[at] as string, line)
    return this.#nodes[this.#depth] as ConfigNode
  }

  /** How many words of the line that starts there are those of the last one: characters are compared, and no words made. */
  sharedWith(text: string, start: number): number {
    const ends = this.#ends
    const words = this.#words
    const before = this.#start
    const last = words === 0 ? -1 : (ends[words - 1] as number)
    let same = 0
    while (same <= last && text.charCodeAt(before + same) === text.charCodeAt(start + same)) same++
    let shared = 0
    while (shared < words && (ends[shared] as number) < same) shared++
    return shared
  }

  /** The node behind the words of a line. */
  follow(text: string, { start, end, shared, line }: PrintedLine): ConfigNode {
    const isQuoted = text.endsWith("'", end)
    const last = isQuoted ? text.lastIndexOf("'", end - 2) : end
    let at = start + (shared === 0 ? beforeWords : (this.#ends[shared - 1] as number) + 1)
    this.#depth = shared
    this.#words = shared
    this.#start = start
    while (at < last) {
      const blank = text.indexOf(' ', at)
      const stop = blank < 0 || blank > last ? last : blank
      this.#enter(this.#wordOf(text, at, stop), line)
      this.#ends[this.#words++] = stop - start
      at = stop + 1
    }
    if (at === last && isQuoted) {
      this.#enter(text.slice(at + 1, end - 1), line)
      this.#ends[this.#words++] = end - start
    }
    return this.#nodes[this.#depth] as ConfigNode
  }

  /** Takes away what stands behind a path. */
  remove(path: readonly string[]): void {
    this.#depth = 0
    this.#words = 0
    this.#nodes[0]?.remove(...path)
  }

  /** Lines that stand together mostly have some words in common behind those that differ: no text is made of them anew. */
  #wordOf(text: string, start: number, end: number): string {
    const before = this.#nodes[this.#depth + 1]?.name
    return before?.length === end - start && text.startsWith(before, start) ? before : text.slice(start, end)
  }

  #enter(name: string, line: number): void {
    const node = (this.#nodes[this.#depth] as ConfigNode).grow(name, line)
    const place = this.#places[this.#depth]?.below(name)
    this.#depth++
    this.#nodes[this.#depth] = node
    this.#places[this.#depth] = place
  }
}
