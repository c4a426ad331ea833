/** A second column narrower than this goes below the first. */
const narrowest = 24
const below = 6

/**
 * Fits a help text, whose lines are as long as they come out, into a screen: lines are broken between words only, so that whatever is
 * written can be copied, and a word longer than the screen stays whole.
 */
export function foldHelp(text: string, width: number): string {
  return text
    .split('\n\n')
    .map((block) => foldBlock(block.split('\n'), width).join('\n'))
    .join('\n\n')
}

interface Row {
  readonly line: string
  /** Where the second column begins; `undefined` without one. */
  readonly column: number | undefined
}

function foldBlock(lines: readonly string[], width: number): string[] {
  const rows = lines.map((line) => ({ line, column: secondColumn(line) }))
  const isNarrow = rows.some(
    ({ line, column }) => column !== undefined && line.length > width && width - column < narrowest,
  )
  return rows.flatMap((row) => (isNarrow ? stacked(row, width) : hanging(row, width)))
}

function secondColumn(line: string): number | undefined {
  return /^ *\S.*? {2,}(?=\S)/.exec(line)?.[0].length
}

function hanging({ line, column }: Row, width: number): string[] {
  if (line.length <= width) return [line]
  if (column === undefined) return folded(line, { indent: indentOf(line), further: hangOf(line), width })
  const [first = '', ...more] = folded(line.slice(column), { indent: column, further: column, width })
  return [line.slice(0, column) + first.trimStart(), ...more]
}

function stacked({ line, column }: Row, width: number): string[] {
  if (column === undefined) return hanging({ line, column }, width)
  return [
    ...hanging({ line: line.slice(0, column).trimEnd(), column: undefined }, width),
    ...folded(line.slice(column), { indent: below, further: below, width }),
  ]
}

/** A command that goes on in the next line is seen to do so; prose needs no mark. */
function hangOf(line: string): number {
  const indent = indentOf(line)
  return indent === 0 ? 0 : indent + 2
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length
}

function folded(
  text: string,
  { indent, further, width }: { readonly indent: number; readonly further: number; readonly width: number },
): string[] {
  const lines: string[] = []
  let current = ''
  for (const word of text.trim().split(/ +/)) {
    const start = ' '.repeat(lines.length === 0 ? indent : further)
    const longer = current === '' ? `${start}${word}` : `${current} ${word}`
    if (longer.length > width && current !== '') {
      lines.push(current)
      current = `${' '.repeat(further)}${word}`
    } else current = longer
  }
  return [...lines, current]
}
