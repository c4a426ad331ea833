import { grouped } from '../text/count.ts'
import type { FigureLine } from './figure.ts'

/** The first of some lines, and how many more there are: never one line more in place of one that would have fitted. */
export function shortList(lines: readonly FigureLine[], most: number): FigureLine[] {
  if (lines.length <= most) return [...lines]
  const left = lines.length - (most - 1)
  return [...lines.slice(0, most - 1), { text: `and ${grouped(left)} more`, style: 'quiet' }]
}

/** Lines of at most so many letters, broken between words where that can be. */
export function wrapped(text: string, most: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > most) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
    for (; line.length > most; line = line.slice(most)) lines.push(line.slice(0, most))
  }
  return line === '' ? lines : [...lines, line]
}

/** What is longer ends with a dot for what is missing. */
export function clipped(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text
}
