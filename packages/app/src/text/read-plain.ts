import { limits } from '../limits.ts'

/** `- WORD`, `KEY:` or `KEY: WORD`; a key may be two prefixes, and a word a name in quotes because YAML has a meaning for it. */
const form =
  /^( *)(?:- ([\w./:-]+|"[A-Za-z]+")|([\w./:-]+(?: [\w./:-]+)?|"[A-Za-z]+"):(?: ([\w./:-]+|\{\}|"[A-Za-z]+"))?)$/
const name = /^[A-Za-z][\w-]*$/
const meaningful = /^(?:null|true|false)$/i
const prefix = /^(?:[\d.]+|[\da-f:]+(?:\.\d+){0,3})\/\d+$/i
const number = /^(?:0|[1-9]\d{0,9})$/
/** YAML itself takes no longer keys than 1,024. */
const longest = 500

/**
 * The value of a text in the few forms of YAML that a lock is written in: mappings and lists of plain words, a thing a line, two blanks a
 * level. `undefined` for every other text, which is the YAML reader's; this one is many times faster, and a lock can be long.
 */
export function readPlain(text: string): Record<string, unknown> | undefined {
  const reading = new PlainReading()
  const lines = text.endsWith('\n') ? text.slice(0, -1).split('\n') : text.split('\n')
  return lines.every((line) => line.startsWith('#') || reading.takes(line)) ? reading.whole : undefined
}

type Mapping = Record<string, unknown>

class PlainReading {
  /** The mapping or list of each level that the last line is in. */
  readonly #levels: (Mapping | unknown[])[] = [{}]
  /** What has no value yet: what is below the next line says whether it is a list or a mapping. */
  #open: { readonly holder: Mapping; readonly key: string } | undefined

  get whole(): Mapping | undefined {
    const [whole] = this.#levels
    return this.#open || Array.isArray(whole) || Object.keys(whole ?? {}).length === 0 ? undefined : whole
  }

  takes(line: string): boolean {
    const match = line.length > longest ? null : form.exec(line)
    if (!match) return false
    const [, blanks = '', item, key, value] = match
    if (!this.#enters(blanks.length / 2, item !== undefined)) return false
    const holder = this.#levels.at(-1)
    if (item !== undefined) return Array.isArray(holder) && this.#adds(holder, plainOf(item))
    return holder !== undefined && !Array.isArray(holder) && this.#puts(holder, keyOf(key ?? ''), value)
  }

  #enters(level: number, isItem: boolean): boolean {
    const deepest = this.#levels.length - (this.#open ? 0 : 1)
    if (!Number.isInteger(level) || level > limits.documentDepth.most) return false
    if (this.#open ? level !== deepest : level > deepest) return false
    if (this.#open) {
      const below = isItem ? [] : {}
      this.#open.holder[this.#open.key] = below
      this.#levels.push(below)
      this.#open = undefined
    }
    this.#levels.length = level + 1
    return true
  }

  #adds(list: unknown[], value: unknown): boolean {
    list.push(value)
    return value !== undefined
  }

  #puts(holder: Mapping, key: string | undefined, value: string | undefined): boolean {
    if (key === undefined || Object.hasOwn(holder, key)) return false
    if (value === undefined) this.#open = { holder, key }
    holder[key] = value === undefined ? null : plainOf(value)
    return holder[key] !== undefined
  }
}

function keyOf(text: string): string | undefined {
  const plain = text.split(' ').every((part) => prefix.test(part)) ? text : plainOf(text)
  return typeof plain === 'string' ? plain : undefined
}

function plainOf(text: string): unknown {
  if (text.startsWith('"')) return text.slice(1, -1)
  if (text === '{}') return {}
  if (number.test(text)) return Number(text)
  return (name.test(text) && !meaningful.test(text)) || prefix.test(text) ? text : undefined
}
