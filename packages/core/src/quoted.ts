import { limits } from './limits.ts'

/** A text of somebody in quotes for a message, cut where it is long. */
export function quoted(text: string): string {
  return JSON.stringify(cut(text, limits.quotedLetters.most))
}

/** The text, or its begin and an ellipsis where it is longer than so many characters. */
export function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text
}
