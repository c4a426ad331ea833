import type { NotUnderstood } from '../platform.ts'
import { splitWords, type Word } from './split-words.ts'

/**
 * One node of a configuration: what stands below it by name, in order, and the line that ends at it. Reading a value marks its line
 * as understood; `unread` lists the others.
 */
export class ConfigNode {
  readonly #children = new Map<string, ConfigNode>()
  #line: NotUnderstood | undefined
  #isRead = false
  /** The line on which the node is named first, counted from 1; `undefined` for the root. */
  readonly line: number | undefined

  constructor(line?: number) {
    this.line = line
  }

  /** The child of that name, made when it is missing. */
  grow(name: string, line?: number): ConfigNode {
    const known = this.#children.get(name)
    if (known) return known
    const made = new ConfigNode(line)
    this.#children.set(name, made)
    return made
  }

  /** Puts a node of another tree below this one. */
  adopt(name: string, node: ConfigNode): void {
    this.#children.set(name, node)
  }

  endHere(line: NotUnderstood): void {
    this.#line ??= line
  }

  at(...path: readonly string[]): ConfigNode | undefined {
    let node: ConfigNode | undefined = this
    for (const name of path) node = node === undefined ? undefined : node.#children.get(name)
    return node
  }

  /** The nodes below, by name: the tags of a tag node. */
  entries(): IterableIterator<[string, ConfigNode]> {
    return this.#children.entries()
  }

  get isEmpty(): boolean {
    return this.#children.size === 0
  }

  /** The value behind a path: the last one where a line was given twice, as on the device. */
  value(...path: readonly string[]): string | undefined {
    const last = [...(this.at(...path)?.entries() ?? [])].at(-1)
    last?.[1].markRead()
    return last?.[0]
  }

  /** The value without marking it, so that it can still be reported. */
  peek(...path: readonly string[]): string | undefined {
    return [...(this.at(...path)?.entries() ?? [])].at(-1)?.[0]
  }

  values(...path: readonly string[]): string[] {
    return [...(this.at(...path)?.entries() ?? [])].map(([value, node]) => {
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
    this.#isRead = true
    for (const child of this.#children.values()) child.markAllRead()
  }

  /** Takes back every mark below: what was read in part is then reported in full. */
  markAllUnread(): void {
    this.#isRead = false
    for (const child of this.#children.values()) child.markAllUnread()
  }

  get hasUnread(): boolean {
    return this.unread().length > 0
  }

  unread(): NotUnderstood[] {
    const own = this.#line && !this.#isRead ? [this.#line] : []
    return [...own, ...[...this.#children.values()].flatMap((child) => child.unread())]
  }

  /** The lines that end here or below, in the order of the tree. */
  lines(): NotUnderstood[] {
    return [...(this.#line ? [this.#line] : []), ...[...this.#children.values()].flatMap((child) => child.lines())]
  }
}

/** No configuration is deeper; what is goes to the deepest node, so that a hostile file cannot exhaust the stack. */
const maxDepth = 64

/**
 * Reads `set` lines (bare or quoted in either way) and the brace form of `config.boot`, also mixed with other output; comments and prompts are
 * passed over. Time is linear in the text.
 */
export function readConfig(text: string): ConfigNode {
  const root = new ConfigNode()
  const stack: ConfigNode[] = []
  let inComment = false
  let number = 0
  for (const raw of text.split('\n')) {
    number++
    const line = raw.trim()
    if (inComment || line.startsWith('/*')) {
      inComment = !line.endsWith('*/')
      continue
    }
    if (line === '' || line.startsWith('#') || line.startsWith('//')) continue
    readLine(splitWords(line), { root, stack, line: { line: number, text: line } })
  }
  return root
}

interface Reader {
  readonly root: ConfigNode
  readonly stack: ConfigNode[]
  readonly line: NotUnderstood
}

function readLine(words: readonly Word[], { root, stack, line }: Reader): void {
  const [first] = words
  if (stack.length === 0 && first?.text === 'set') {
    plant(root, words.slice(1), line)
    return
  }
  let pending: Word[] = []
  for (const word of words) {
    if (!word.quoted && word.text === '{') {
      const parent = stack.at(-1) ?? root
      stack.push(stack.length < maxDepth ? branch(parent, pending, line) : parent)
      pending = []
    } else if (!word.quoted && word.text === '}') {
      const node = stack.pop()
      if (node && pending.length > 0) plant(node, pending, line)
      pending = []
    } else {
      pending.push(word)
    }
  }
  const node = stack.at(-1)
  if (node && pending.length > 0) plant(node, pending, line)
}

function plant(from: ConfigNode, path: readonly Word[], line: NotUnderstood): void {
  if (path.length > 0) branch(from, path, line).endHere(line)
}

function branch(from: ConfigNode, path: readonly Word[], { line }: NotUnderstood): ConfigNode {
  return path.slice(0, maxDepth).reduce((node, { text }) => node.grow(text, line), from)
}
