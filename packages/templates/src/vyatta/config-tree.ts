import { limits } from '../limits.ts'
import type { NotUnderstood } from '../platform.ts'
import {
  type Children,
  childNamed,
  indexed,
  isBehind,
  lastOf,
  listOf,
  mapped,
  withChild,
  withoutChild,
} from './children.ts'

export const maxDepth = limits.configurationDepth.most

/**
 * One node of a configuration: what stands below it by name, in order, and the line that ends at it. Reading a value marks its line
 * as understood; `unread` lists the others.
 */
export class ConfigNode {
  #children: Children<ConfigNode>
  #line: NotUnderstood | undefined
  #isRead = false
  /** By which it stands below another one; empty for the root. */
  readonly name: string
  /** The line on which the node is named first, counted from 1; `undefined` for the root. */
  readonly line: number | undefined

  constructor(name = '', line?: number) {
    this.name = name
    this.line = line
  }

  /** The same tree with no line read yet. */
  copy(): ConfigNode {
    const made = new ConfigNode(this.name, this.line)
    made.#line = this.#line
    made.#children = mapped(this.#children, (child) => child.copy())
    return made
  }

  /** The child of that name, made when it is missing. */
  grow(name: string, line?: number): ConfigNode {
    const below = this.#children
    if (isBehind(below, name)) {
      const made = new ConfigNode(name, line)
      below.push(made)
      return made
    }
    this.#children = indexed(below, name)
    const known = childNamed(this.#children, name)
    if (known) return known
    const made = new ConfigNode(name, line)
    this.adopt(made)
    return made
  }

  /** The node behind a path, made as far as it is missing. */
  branch(path: readonly string[], line: number | undefined): ConfigNode {
    let node: ConfigNode = this
    for (const name of path) node = node.grow(name, line)
    return node
  }

  /** Puts a node of another tree below this one. */
  adopt(node: ConfigNode): void {
    this.#children = withChild(this.#children, node)
  }

  endHere(line: NotUnderstood): void {
    this.#line ??= line
  }

  at(...path: readonly string[]): ConfigNode | undefined {
    let node: ConfigNode = this
    for (const name of path) {
      const below = childNamed(node.#children, name)
      if (below === undefined) return undefined
      node = below
    }
    return node
  }

  /** Takes away what stands behind a path; reports whether it was there. */
  remove(...path: readonly string[]): boolean {
    const above = this.at(...path.slice(0, -1))
    const last = path.at(-1)
    if (above === undefined || last === undefined || !above.at(last)) return false
    above.#children = withoutChild(above.#children, last)
    return true
  }

  /** The nodes below, in order. */
  get nodes(): readonly ConfigNode[] {
    return listOf(this.#children)
  }

  /** The nodes below a path, by name and in order, such as the tags of a tag node; none where the path is not there. */
  children(...path: readonly string[]): readonly [string, ConfigNode][] {
    const node = this.at(...path)
    return node ? listOf(node.#children).map((child) => [child.name, child]) : []
  }

  get isEmpty(): boolean {
    const below = this.#children
    return below === undefined || (below instanceof Map && below.size === 0)
  }

  /** The value behind a path: the last one where a line was given twice, as on the device. */
  value(...path: readonly string[]): string | undefined {
    const last = this.#last(path)
    last?.markRead()
    return last?.name
  }

  /** The value without marking it, so that it can still be reported. */
  peek(...path: readonly string[]): string | undefined {
    return this.#last(path)?.name
  }

  #last(path: readonly string[]): ConfigNode | undefined {
    const node = this.at(...path)
    return node && lastOf(node.#children)
  }

  values(...path: readonly string[]): string[] {
    return this.children(...path).map(([value, node]) => {
      node.markRead()
      return value
    })
  }

  /** Reports whether a node without a value is there, such as `disable`. */
  flag(...path: readonly string[]): boolean {
    const node = this.at(...path)
    node?.markAllRead()
    return node !== undefined
  }

  markRead(): void {
    this.#isRead = true
  }

  markAllRead(): void {
    this.#visit((node) => node.markRead())
  }

  /** Takes back every mark below: what was read in part is then reported in full. */
  markAllUnread(): void {
    this.#visit((node) => {
      node.#isRead = false
    })
  }

  get hasUnread(): boolean {
    return this.unread().length > 0
  }

  /** A line that only makes a node in which other lines stand says nothing. */
  unread(): NotUnderstood[] {
    const found: NotUnderstood[] = []
    this.#visit((node) => {
      if (node.#line && !node.#isRead && node.isEmpty) found.push(node.#line)
    })
    return found
  }

  /** The lines that end here or below, in the order of the tree. */
  lines(): NotUnderstood[] {
    const found: NotUnderstood[] = []
    this.#visit((node) => {
      if (node.#line) found.push(node.#line)
    })
    return found
  }

  /** The first of them. */
  firstLine(): NotUnderstood | undefined {
    if (this.#line) return this.#line
    for (const child of listOf(this.#children)) {
      const first = child.firstLine()
      if (first) return first
    }
    return undefined
  }

  /** This node and all below it, in the order of the tree. */
  #visit(look: (node: ConfigNode) => void): void {
    look(this)
    for (const child of listOf(this.#children)) child.#visit(look)
  }
}
