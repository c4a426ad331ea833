/** Breaks lines between words and never inside one; how far a line is indented stays. */
export default function wrapAnsi(text: string, width: number): string {
  return text
    .split('\n')
    .flatMap((line) => wrapLine(line, width))
    .join('\n')
}

function wrapLine(line: string, width: number): string[] {
  const [, indent = '', rest = ''] = /^( *)(.*)$/.exec(line) ?? []
  const [first = '', ...words] = rest.split(/ +/)
  const lines = [indent + first]
  for (const word of words) {
    const longer = `${lines.at(-1)} ${word}`
    if (longer.length <= width) lines[lines.length - 1] = longer
    else lines.push(word)
  }
  return lines
}
