import type { ConfigNode } from './config-tree.ts'

/** Makes nodes by their paths from one node on. Lines that stand together share most of their paths, so each walk begins where it leaves the last one. */
export class PathWalker {
  readonly #root: ConfigNode
  #path: readonly string[] = []
  readonly #nodes: ConfigNode[] = []

  constructor(root: ConfigNode) {
    this.#root = root
  }

  /** The node behind a path, made as far as it is missing. */
  branch(path: readonly string[], line: number): ConfigNode {
    let shared = 0
    while (shared < path.length && path[shared] === this.#path[shared]) shared++
    let node = shared === 0 ? this.#root : (this.#nodes[shared - 1] as ConfigNode)
    for (let at = shared; at < path.length; at++) {
      node = node.grow(path[at] as string, line)
      this.#nodes[at] = node
    }
    this.#path = path
    return node
  }

  /** Takes away what stands behind a path. */
  remove(path: readonly string[]): void {
    this.#path = []
    this.#root.remove(...path)
  }
}
