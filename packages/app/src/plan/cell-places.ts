import type { Path } from '@natplan/core'
import type { Position } from '../text/documents.ts'

/** Where the values that were made of a table stand in its text. */
export class CellPlaces {
  readonly #text: string
  readonly #starts = new Map<string, number>()
  #lines: readonly number[] | undefined

  constructor(text: string) {
    this.#text = text
  }

  /** Says where a value begins, and what is around it where that was not said yet. */
  mark(path: Path, start: number): void {
    for (let length = path.length; length > 0; length--) {
      const key = keyOf(path.slice(0, length))
      if (this.#starts.has(key)) return
      this.#starts.set(key, start)
    }
  }

  locate(path: Path): Position {
    for (let length = path.length; length > 0; length--) {
      const start = this.#starts.get(keyOf(path.slice(0, length)))
      if (start !== undefined) return this.positionAt(start)
    }
    return { line: 1, column: 1 }
  }

  positionAt(start: number): Position {
    this.#lines ??= linesOf(this.#text)
    const line = this.#lines.findLastIndex((begin) => begin <= start)
    return { line: line + 1, column: start - (this.#lines[line] ?? 0) + 1 }
  }
}

/** Where each line begins. */
function linesOf(text: string): number[] {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

function keyOf(path: Path): string {
  return path.join('\0')
}
