import type { Told } from './answers/told.ts'

/** A piece of a text that something was found in. */
export interface Mark {
  readonly from: number
  readonly to: number
  readonly severity: Told['severity']
  readonly message: string
  /** What to do. */
  readonly hint: string | undefined
}

/** What to write in place of a piece of a text, where a hint says just that. */
export interface Fix {
  readonly from: number
  readonly to: number
  readonly insert: string
}

/** The pieces that findings point at, in the order of the text; of two that overlap the one that begins first. */
export function marksIn(text: string, findings: readonly Told[]): Mark[] {
  const starts = lineStarts(text)
  const marks = findings.flatMap((finding) => {
    const range = rangeOf(text, starts, finding)
    return range ? [{ ...range, severity: finding.severity, message: finding.message, hint: finding.hint }] : []
  })
  let end = -1
  return marks
    .toSorted((one, other) => one.from - other.from)
    .filter(({ from, to }) => {
      const isFree = from >= end
      if (isFree) end = to
      return isFree
    })
}

/** The fix that a hint names: `write 10.0.1.0/27`, `did you mean subnets?`. What it replaces must be what the message speaks of. */
export function fixOf(text: string, finding: Told): Fix | undefined {
  const [, insert] = /^(?:write|did you mean) ([^\s;:,]+?)\??$/.exec(finding.hint ?? '') ?? []
  const range = rangeOf(text, lineStarts(text), finding)
  if (insert === undefined || !range || finding.column === undefined) return undefined
  const written = text.slice(range.from, range.to)
  return written !== insert && finding.message.includes(unquoted(written)) ? { ...range, insert } : undefined
}

export function fixed(text: string, { from, to, insert }: Fix): string {
  return text.slice(0, from) + insert + text.slice(to)
}

function unquoted(text: string): string {
  return text.replace(/^(['"])(.*)\1$/, '$2')
}

function lineStarts(text: string): number[] {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

/** From where a finding is to the end of the word there; all of the line where only that is known. */
function rangeOf(text: string, starts: readonly number[], { line, column }: Told) {
  const start = line === undefined ? undefined : starts[line - 1]
  if (start === undefined) return undefined
  const end = text.indexOf('\n', start)
  const whole = text.slice(start, end < 0 ? text.length : end)
  const skipped = column === undefined ? whole.length - whole.trimStart().length : column - 1
  const rest = whole.slice(skipped)
  const [word = ''] =
    column === undefined ? [rest.trimEnd()] : (/^(?:"[^"]*"|'[^']*'|[^\s,\]}#:]+(?::[^\s,\]}#]+)*)/.exec(rest) ?? [])
  return word === '' ? undefined : { from: start + skipped, to: start + skipped + word.length }
}
