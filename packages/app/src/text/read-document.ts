import { type Finding, findingOf, type Place } from '@natplan/core'
import { limits } from '../limits.ts'
import { type Document, positionOf } from './documents.ts'
import { readPlain, Spots } from './read-plain.ts'
import { readYaml, tooDeep } from './read-yaml.ts'

/** A parsed YAML or JSON text; `data` is undefined when it could not be parsed, and has one of two values where a key is written twice. */
export interface ReadDocument extends Document {
  readonly data: unknown
  readonly findings: readonly Finding[]
}

/**
 * Parses YAML 1.2 with merge keys, or JSON, which is read many times faster. Every problem is a finding with its position: syntax,
 * duplicate keys, aliases that multiply, nesting without end.
 */
export function readDocument(name: string, text: string, source: Place['source']): ReadDocument {
  return (
    readJson(name, text, source) ??
    plainly(name, text) ??
    halfMerged(name, text, source) ??
    readYaml(name, text, source)
  )
}

function plainly(name: string, text: string): ReadDocument | undefined {
  const data = readPlain(text)
  return data && { name, data, findings: [], locate: locatedPlainly(text) }
}

/** Where something is, is asked of few texts, which are then read again. */
function locatedPlainly(text: string): ReadDocument['locate'] {
  let spots: Spots | undefined
  return (place) => {
    const known = positionOf(place)
    if (known) return known
    if (!spots) {
      spots = new Spots()
      readPlain(text, spots)
    }
    return spots.of(place)
  }
}

/** The same of JSON, by the reader that knows. */
function locatedByYaml(name: string, text: string, source: Place['source']): ReadDocument['locate'] {
  let yaml: ReadDocument | undefined
  return (place) => {
    yaml ??= readYaml(name, text, source)
    return yaml.locate(place)
  }
}

/** Version control leaves its marks where two sides changed the same lines; YAML takes some of them for texts. */
function halfMerged(name: string, text: string, source: Place['source']): ReadDocument | undefined {
  const marker = /^(<{7}|>{7})( |$)/m.exec(text)
  if (!marker) return undefined
  const place = { source, path: [], line: text.slice(0, marker.index).split('\n').length, column: 1 }
  const hint =
    source === 'lock'
      ? 'take one side as it is (git checkout --ours FILE), then natplan plan --save: the other side is allocated again'
      : 'keep what belongs to both sides, remove the marker lines, and plan again'
  const message = 'two versions of the file are merged only in part'
  return { name, data: undefined, findings: [findingOf('MERGE_MARKERS', place, { message, hint })], locate: positionOf }
}

/** `undefined` when the text is not JSON, or is JSON with keys twice or forbidden: the YAML reader says where. */
function readJson(name: string, text: string, source: Place['source']): ReadDocument | undefined {
  if (!/^\s*\{/.test(text)) return undefined
  const written = measure(text)
  const data = parsed(text)
  if (data === undefined) return undefined
  if (written.depth > limits.documentDepth.most) {
    return { name, data: undefined, findings: [tooDeep(source)], locate: positionOf }
  }
  if (written.keys !== countKeys(data)) return undefined
  return { name, data, findings: [], locate: locatedByYaml(name, text, source) }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** How many keys a JSON text has, and how deep it is, without a look at anything else. */
function measure(text: string): { readonly keys: number; readonly depth: number } {
  const parts = /["[{\]}:]/g
  let [keys, depth, deepest] = [0, 0, 0]
  while (parts.test(text)) {
    const part = text[parts.lastIndex - 1]
    if (part === '"') parts.lastIndex = endOfString(text, parts.lastIndex)
    else if (part === ':') keys++
    else depth += part === '[' || part === '{' ? 1 : -1
    deepest = Math.max(deepest, depth)
  }
  return { keys, depth: deepest }
}

/** Behind the quote that ends a string. */
function endOfString(text: string, start: number): number {
  const parts = /["\\]/g
  parts.lastIndex = start
  while (parts.test(text)) {
    if (text[parts.lastIndex - 1] === '"') return parts.lastIndex
    parts.lastIndex++
  }
  return text.length
}

/** No number at all with a key that JavaScript takes for something else. */
function countKeys(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  if (Object.hasOwn(value, '__proto__')) return Number.NaN
  const own = Array.isArray(value) ? 0 : Object.keys(value).length
  return Object.values(value).reduce((sum: number, child) => sum + countKeys(child), own)
}
