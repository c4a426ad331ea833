/** A statement of YANG: a keyword, its argument, and those inside. */
export interface Statement {
  readonly keyword: string
  readonly argument: string
  readonly inside: readonly Statement[]
}

const token = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"((?:[^"\\]|\\.)*)"|'([^']*)'|([{};+])(?=[\s"'{};]|$)|([{};])|([^\s{};"']+)/g

interface Token {
  readonly text: string
  readonly isMark: boolean
}

export function parseYang(text: string): readonly Statement[] {
  const tokens: Token[] = []
  for (const [, double, single, mark, other, word] of text.matchAll(token)) {
    const plain = double === undefined ? (single ?? word) : double.replace(/\\(["\\])/g, '$1')
    const sign = mark ?? other
    if (sign !== undefined) tokens.push({ text: sign, isMark: true })
    else if (plain !== undefined) tokens.push({ text: plain, isMark: false })
  }
  let at = 0
  const next = () => tokens[at++] ?? { text: '}', isMark: true }
  const block = (): Statement[] => {
    const found: Statement[] = []
    for (let first = next(); !(first.isMark && first.text === '}'); first = next()) {
      let argument = ''
      let end = next()
      for (; !(end.isMark && '{};'.includes(end.text)); end = next()) if (!end.isMark) argument += end.text
      found.push({ keyword: first.text, argument, inside: end.text === '{' ? block() : [] })
      if (end.text === '}') break
    }
    return found
  }
  return block()
}

export function one({ inside }: Statement, keyword: string): string | undefined {
  return inside.find((statement) => statement.keyword === keyword)?.argument
}

export function all({ inside }: Statement, keyword: string): readonly Statement[] {
  return inside.filter((statement) => statement.keyword === keyword)
}
