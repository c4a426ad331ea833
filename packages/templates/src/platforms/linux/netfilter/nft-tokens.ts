import type { Numbered } from '../numbered.ts'

/** A word of nft's language; `end`: a line break or a semicolon. */
export interface Token {
  readonly kind: 'word' | 'string' | 'symbol' | 'end'
  /** Of a string without its quotes. */
  readonly text: string
  readonly line: number
}

const pattern = /\s+|#.*|"([^"]*)"|([{}(),]|[!<>=]=?|&|\||")|(;)|([^\s{}(),;"#!<>=&|]+)/y

/** Splits lines into words. A backslash at the end of a line joins it to the next. */
export function tokenize(lines: readonly Numbered[]): Token[] {
  const tokens: Token[] = []
  for (const { line, text } of lines) {
    const isJoined = text.endsWith('\\')
    const own = isJoined ? text.slice(0, -1) : text
    pattern.lastIndex = 0
    for (let found = pattern.exec(own); found; found = pattern.exec(own)) {
      const token = tokenOf(found, line)
      if (token) tokens.push(token)
    }
    if (!isJoined) tokens.push({ kind: 'end', text: '', line })
  }
  return tokens
}

function tokenOf([, string, symbol, semicolon, word]: RegExpExecArray, line: number): Token | undefined {
  if (string !== undefined) return { kind: 'string', text: string, line }
  if (symbol !== undefined) return { kind: 'symbol', text: symbol, line }
  if (semicolon !== undefined) return { kind: 'end', text: semicolon, line }
  return word === undefined ? undefined : { kind: 'word', text: word, line }
}

export function isWord(token: Token | undefined, ...texts: readonly string[]): boolean {
  return token?.kind === 'word' && texts.includes(token.text)
}

export function isSymbol(token: Token | undefined, text: string): boolean {
  return token?.kind === 'symbol' && token.text === text
}

/** The tokens between a brace and the one that closes it, and the position behind that. */
export function bracedAt(tokens: readonly Token[], open: number): { readonly inner: Token[]; readonly next: number } {
  let depth = 0
  for (let at = open; at < tokens.length; at++) {
    if (isSymbol(tokens[at], '{')) depth++
    if (isSymbol(tokens[at], '}')) depth--
    if (depth === 0) return { inner: tokens.slice(open + 1, at), next: at + 1 }
  }
  return { inner: tokens.slice(open + 1), next: tokens.length }
}
