import { lineTokens } from './line-tokens.ts'
import { opensSecret } from './secret-ranges.ts'
import { announcing } from './secret-words.ts'

/** So many lines go by before what does not end is taken for a slip. */
const longest = 100

const begin = /-----BEGIN (?!CERTIFICATE|PUBLIC|X509|.* PUBLIC KEY)[\w ]+-----\s*["']?\s*$/i
/** One word, as the lines of keys in PEM are. */
const body = /^[\s"'#+-]*[\w+/=\\]*[\s"',\\]*$/

/** Follows secrets that go on over lines: keys in PEM, strings, and values on the line below their names. */
export class SecretBlocks {
  #state: 'outside' | 'pem' | 'value' | 'text' | '"' | "'" = 'outside'
  #left = 0

  /** Whether the next line may be the rest of a secret. */
  get isInside(): boolean {
    return this.#state !== 'outside'
  }

  /** Takes the next line; reports whether it is the rest of a secret that began above. */
  takes(line: string): boolean {
    const isInside = this.#state !== 'outside' && this.#left-- > 0 && this.#goesOn(line)
    if (!isInside) this.#begin(line)
    return isInside
  }

  #goesOn(line: string): boolean {
    switch (this.#state) {
      case 'pem':
        return body.test(line) || /^[\s"']*(?:Proc-Type|DEK-Info):/.test(line)
      case 'value':
        this.#state = 'outside'
        return isValue(line)
      case 'text':
        return isValue(line) || begin.test(line)
      default: {
        const quote = this.#state
        if (line.replace(/\\./g, '').includes(quote)) this.#state = 'outside'
        return true
      }
    }
  }

  #begin(line: string): void {
    this.#state = begin.test(line) ? 'pem' : mayOpen(line) ? (opensSecret(line) ?? 'outside') : 'outside'
    this.#left = longest
  }
}

/** The numbers of the lines of a text that are the rest of a secret. */
export function linesInSecrets(text: string): ReadonlySet<number> {
  const blocks = new SecretBlocks()
  const found = new Set<number>()
  for (const [index, line] of text.split('\n').entries()) if (blocks.takes(line)) found.add(index + 1)
  return found
}

/** A quick look: hardly any line is one. */
function mayOpen(line: string): boolean {
  const isUnfinished = /[:=|>\\-]\s*$/.test(line.slice(-20)) || isOdd(line, '"') || isOdd(line, "'")
  return isUnfinished && announcing.test(line)
}

function isOdd(line: string, quote: string): boolean {
  let count = 0
  for (let at = line.indexOf(quote); at >= 0; at = line.indexOf(quote, at + 1)) count++
  return count % 2 === 1
}

/** A value that stands alone, perhaps as one of a list. */
function isValue(line: string): boolean {
  const [first, ...others] = lineTokens(line.replace(/^\s*-\s+/, ''))
  return (
    first !== undefined && first.kind !== 'sign' && others.every(({ kind, text }) => kind === 'sign' && text === ',')
  )
}
