/** A piece of a line of any language of configurations. */
export interface LineToken {
  /** `closed` and `open`: in quotes that end, or of which nobody knows where they do. */
  readonly kind: 'word' | 'closed' | 'open' | 'sign'
  /** Without the quotes around it. */
  readonly text: string
  readonly start: number
  readonly end: number
}

const blank = /\s/
const signs = new Set('={}[],;<>?&')
/** What may follow a quote that closes. */
const boundary = /[\s=:,;{}[\])<>&]/

/** What stands in place of a secret. */
export const hidden = '[hidden]'

/** Words, strings and signs, each from where the one before ended: linear in the length of the line. */
export function lineTokens(line: string): LineToken[] {
  const tokens: LineToken[] = []
  let at = 0
  while (at < line.length) {
    const character = line[at] as string
    if (blank.test(character)) at++
    else {
      const token = isHidden(line, at)
        ? { kind: 'closed' as const, text: hidden, start: at, end: at + hidden.length }
        : isQuote(character)
          ? quotedAt(line, at)
          : isSign(line, at)
            ? signAt(line, at)
            : wordAt(line, at)
      tokens.push(token)
      at = token.end
    }
  }
  return tokens
}

function isHidden(line: string, at: number): boolean {
  const behind = line[at + hidden.length]
  return line.startsWith(hidden, at) && (behind === undefined || boundary.test(behind))
}

function signAt(line: string, start: number): LineToken {
  return { kind: 'sign', text: line[start] as string, start, end: start + 1 }
}

const wordStretch = /[^\s={}[\],;<>?&:]*/y

function wordAt(line: string, start: number): LineToken {
  let end = start
  do {
    wordStretch.lastIndex = end + 1
    wordStretch.exec(line)
    end = wordStretch.lastIndex
  } while (line[end] === ':' && !isWordEnd(line, end))
  return { kind: 'word', text: line.slice(start, end), start, end }
}

function isSign(line: string, at: number): boolean {
  return line[at] === ':' || signs.has(line[at] as string)
}

/** A colon is in the middle of an address or a community, and behind a name. */
function isWordEnd(line: string, colon: number): boolean {
  const next = line[colon + 1]
  return next === undefined || blank.test(next) || isQuote(next) || signs.has(next)
}

function isQuote(character: string): boolean {
  return character === '"' || character === "'"
}

/** A backslash takes the next character with it, within quotes and behind them; a quote in the middle opens what belongs to the same word. */
function quotedAt(line: string, start: number): LineToken {
  let quote = line[start]
  let isGlued = false
  let at = start + 1
  for (; at < line.length; at++) {
    const character = line[at] as string
    if (character === '\\') at++
    else if (quote === undefined && isQuote(character)) quote = character
    else if (quote === undefined && blank.test(character)) break
    else if (character === quote) {
      if (at + 1 === line.length || boundary.test(line[at + 1] as string)) {
        const text = line.slice(start + 1, at)
        return { kind: isGlued ? 'open' : 'closed', text, start, end: at + 1 }
      }
      isGlued = true
      quote = undefined
    }
  }
  const end = Math.min(at, line.length)
  return { kind: 'open', text: line.slice(start + 1, end), start, end }
}
