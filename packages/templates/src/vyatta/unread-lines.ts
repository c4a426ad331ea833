import type { Doubt, Unread } from '@natplan/core'
import type { NotUnderstood } from '../platform.ts'
import { shownLine } from '../shown-line.ts'
import type { ConfigNode } from './config-tree.ts'

/** The lines that were not understood, as they come up while a device is read. */
export class UnreadLines {
  readonly #found = new Map<string, Unread>()

  /** Lines of the text, which may hold keys. The first of them as the reason of what they make doubtful. */
  add(
    lines: readonly NotUnderstood[],
    { touches, isPlaced, fills }: Pick<Unread, 'touches' | 'isPlaced' | 'fills'>,
  ): Doubt | undefined {
    const shown = lines.map(({ line, text }) => ({ line, text: shownLine(text) }))
    for (const { line, text } of shown) {
      const name = `${line} ${touches} ${text}`
      if (isPlaced && this.#found.has(name)) continue
      this.#found.set(name, { line, text, touches, isPlaced, ...(fills === undefined ? {} : { fills }) })
    }
    const [first] = shown
    return first && { line: first.line, what: first.text }
  }

  /** By line. */
  get all(): Unread[] {
    return [...this.#found.values()].sort((a, b) => a.line - b.line)
  }
}

/** The line that stands for a node: the first that ends at it or below. */
export function firstLineOf(node: ConfigNode): NotUnderstood | undefined {
  const first = node.firstLine()
  return first && { line: first.line, text: shownLine(first.text) }
}
