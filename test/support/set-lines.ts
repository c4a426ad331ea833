/** The words of a set line that natplan wrote: bare, or in single quotes. */
export function wordsOf(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '')
}

function setLines(text: string): string[] {
  return text.split('\n').filter((line) => line.startsWith('set '))
}

/** The same lines with every component in quotes, as older devices print them. */
export function fullyQuoted(text: string): string {
  return setLines(text)
    .map(
      (line) =>
        `set ${wordsOf(line)
          .slice(1)
          .map((word) => `'${word}'`)
          .join(' ')}`,
    )
    .join('\n')
}

/** The same lines with values in double quotes. */
export function doubleQuoted(text: string): string {
  return text.replaceAll("'", '"')
}

interface Tree extends Map<string, Tree> {}

/** The same configuration in the brace form of `config.boot`, leaves on lines of their own. */
export function braceForm(text: string): string {
  const root: Tree = new Map()
  for (const line of setLines(text)) {
    let node = root
    for (const word of wordsOf(line).slice(1)) {
      const next: Tree = node.get(word) ?? new Map()
      node.set(word, next)
      node = next
    }
  }
  return linesOf(root, '').join('\n')
}

/** A node with leaves only is a list of values; any other is a block. */
function linesOf(tree: Tree, indent: string): string[] {
  return [...tree].flatMap(([name, below]) => {
    const values = [...below].filter(([, inner]) => inner.size === 0)
    if (below.size === 0) return [`${indent}${name}`]
    if (values.length === below.size) return values.map(([value]) => `${indent}${name} "${value}"`)
    return [`${indent}${name} {`, ...linesOf(below, `${indent}    `), `${indent}}`]
  })
}
