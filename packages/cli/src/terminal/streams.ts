import { forPeople } from '@natplan/app'

/** Tells people something on standard error; each text is one line, whatever is in it. */
export function say(...lines: readonly string[]): void {
  process.stderr.write(linesOf(lines))
}

/** Prints a result for people to standard output; each text is one line, whatever is in it. */
export function printLines(...lines: readonly string[]): void {
  process.stdout.write(linesOf(lines))
}

/** Prints a result as it is, to standard output: a document or a configuration, whose writer has made it safe for its reader. */
export function print(text: string): void {
  process.stdout.write(text)
}

/** The same to standard error: lines with colours. */
export function printToError(text: string): void {
  process.stderr.write(text)
}

function linesOf(lines: readonly string[]): string {
  return lines.map((line) => `${forPeople(line)}\n`).join('')
}
