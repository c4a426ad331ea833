import { visible } from '@natplan/templates'

/** No word that people are to read is longer, and no text; programs get the whole of it. */
const longestWord = 200
const longest = 1000

/**
 * A text for people, who read it on a terminal or in the log of a pipeline: one line, in which nothing that strangers wrote moves a cursor,
 * hides or turns round other text, or is taken for a command of the pipeline; cut where it does not end.
 */
export function forPeople(text: string): string {
  if (isHarmless(text)) return text
  const bounded = cut(
    text.replace(longWord, (word) => cut(word, longestWord)),
    longest,
  )
  return visible(bounded).replace(workflowCommand, '$1\\u003a').replace(loggingCommand, '#\\u0023')
}

/** Reports whether a text is for people as it is, as most cells of a large table are. */
export function isHarmless(text: string): boolean {
  return harmless.test(text)
}

/** Short, in ASCII and arrows, without a character that a command begins with. */
const harmless = /^[ -"$-9;-~\u2192\u2194]{0,200}$/

const longWord = new RegExp(`\\S{${longestWord + 1},}`, 'g')

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}… (${text.length - length} characters more)` : text
}

/** `::error::` at the beginning of a line is a command to GitHub Actions. */
const workflowCommand = /^(\s*):(?=:[a-z][a-z-]*(?:\s.*)?::)/i

/** `##[error]` and `##vso[task.setvariable]` anywhere in a line are commands to Azure Pipelines and their like. */
const loggingCommand = /##(?=[a-z]*\[)/gi
