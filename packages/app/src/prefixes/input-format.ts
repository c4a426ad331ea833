import { type Sample, separatorOf } from './csv-begin.ts'

export type InputFormat = 'list' | 'csv' | 'json' | 'ndjson' | 'extract'

/** Reports whether a text is a plan file rather than a collection of prefixes. */
export function isPlanText({ name, text }: Pick<Sample, 'name' | 'text'>): boolean {
  if (/\.ya?ml$/i.test(name)) return true
  if (/^\s*\{/.test(text)) return /"version"\s*:/.test(text) && /"sites"\s*:\s*\{/.test(text)
  return /^sites[ \t]*:/m.test(text) || /^version[ \t]*:/.test(firstLine(text))
}

/** What stands behind a `#` on a line without quotes, in which a `#` may be anything. */
const comment = /^([^"\n#]*[ \t])#.*$/gm

/** What the begin of a text says about its format. */
export function formatOf(sample: Sample): InputFormat {
  const { text } = sample
  if (/^\s*\{/.test(text) || /^\s*\[\s*(["{[\]]|$)/.test(text)) return isByLine(text) ? 'ndjson' : 'json'
  const written = text.includes('#') ? text.replace(comment, '$1') : text
  if (separatorOf({ ...sample, text: written }) !== undefined) return 'csv'
  // A single column needs no separator: its header or its quotes show it.
  return /^\s*("|[A-Za-z][\w .-]*\s*$)/.test(firstLine(text)) ? 'csv' : 'list'
}

/** The first line that is neither blank nor a comment. */
function firstLine(text: string): string {
  return text.split('\n').find((line) => line.trim() !== '' && !line.startsWith('#')) ?? ''
}

/** Reports whether the first line is a document of its own with another behind it. */
function isByLine(text: string): boolean {
  const [first = '', second = ''] = text.trimStart().split('\n', 2)
  if (!/^\s*[{[]/.test(second)) return false
  try {
    JSON.parse(first)
    return true
  } catch {
    return false
  }
}
