import type { Touch, Unread } from '@natplan/core'
import { shownLine } from '../../shown-line.ts'

/** A line of the text that is read. */
export interface Numbered {
  /** Counted from 1. */
  readonly line: number
  readonly text: string
}

/** A line that was not understood and that no rule, route or tunnel stands for. */
export function unread({ line, text }: Numbered, touches: Touch): Unread {
  return { line, text: shownLine(text.trim()), touches, isPlaced: false }
}
