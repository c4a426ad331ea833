import { visible } from '@natplan/templates'

/** Nothing that people are to read is longer; programs get the whole of it. */
const longest = 1000

/**
 * A text for people, who read it on a terminal or in the log of a pipeline: one line, in which nothing that strangers wrote moves a cursor,
 * hides or turns round other text, or is taken for a command of the pipeline; cut where it does not end.
 */
export function forPeople(text: string): string {
  const left = text.length - longest
  const shown = left > 0 ? `${visible(text.slice(0, longest))}… and ${left} characters more` : visible(text)
  return shown.replace(workflowCommand, '$1\\u003a').replace(loggingCommand, '#\\u0023')
}

/** `::error::` at the beginning of a line is a command to GitHub Actions. */
const workflowCommand = /^(\s*):(?=:[a-z][a-z-]*(?:\s.*)?::)/i

/** `##[error]` and `##vso[task.setvariable]` anywhere in a line are commands to Azure Pipelines and their like. */
const loggingCommand = /##(?=[a-z]*\[)/gi
