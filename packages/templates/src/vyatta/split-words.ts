/** One word of a configuration line, and whether any part of it was in quotes. */
export interface Word {
  readonly text: string
  readonly quoted: boolean
  /** Where it begins in the line. */
  readonly at: number
}

/**
 * Splits a line as the family's shell and its config files do: blanks separate; single quotes keep everything; double quotes keep
 * everything but a backslash, which takes the next character as it is. A quote that is not closed ends with the line.
 */
export function splitWords(line: string): Word[] {
  return [...wordsFrom(line, 0)]
}

/** The words from a place in the line on. */
export function* wordsFrom(line: string, start: number): Generator<Word> {
  let at = start
  while (at < line.length) {
    if (isBlank(line, at)) {
      at++
      continue
    }
    const { word, end } = wordAt(line, at)
    yield word
    at = end
  }
}

const bare = /^[A-Za-z0-9@:][A-Za-z0-9@:._/+-]*$/

/** A word as it is written in a command: as it is, or in quotes. */
export function quotedWord(word: string): string {
  return bare.test(word) ? word : `'${word}'`
}

function wordAt(line: string, start: number): { readonly word: Word; readonly end: number } {
  let text = ''
  let quoted = false
  let at = start
  while (at < line.length && !isBlank(line, at)) {
    const character = line[at]
    if (character === "'") {
      const close = line.indexOf("'", at + 1)
      const end = close < 0 ? line.length : close
      text += line.slice(at + 1, end)
      quoted = true
      at = end + 1
    } else if (character === '"') {
      const inside = doubleQuoted(line, at + 1)
      text += inside.text
      quoted = true
      at = inside.end
    } else {
      const end = plainEnd(line, at + 1)
      text += line.slice(at, end)
      at = end
    }
  }
  return { word: { text, quoted, at: start }, end: at }
}

function plainEnd(line: string, start: number): number {
  let at = start
  while (at < line.length && !isBlank(line, at) && line[at] !== "'" && line[at] !== '"') at++
  return at
}

function doubleQuoted(line: string, start: number): { readonly text: string; readonly end: number } {
  let text = ''
  let at = start
  while (at < line.length && line[at] !== '"') {
    if (line[at] === '\\' && at + 1 < line.length) at++
    text += line[at]
    at++
  }
  return { text, end: at + 1 }
}

function isBlank(line: string, at: number): boolean {
  const character = line[at]
  return character === ' ' || character === '\t' || character === '\r'
}
