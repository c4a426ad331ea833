import { type Finding, findingOf, type Path, type Place } from '@natplan/core'
import {
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  visit,
  type YAMLMap,
  type Document as YamlDocument,
} from 'yaml'
import type { Document, Position } from './documents.ts'

/** A parsed YAML or JSON text; `data` is undefined when it could not be parsed, and has one of two values where a key is written twice. */
export interface ReadDocument extends Document {
  readonly data: unknown
  readonly findings: readonly Finding[]
}

/** How often an anchor may be used, counting anchors inside anchors; more is taken for an attack. */
const mostAliases = 10_000

/**
 * Parses YAML 1.2 with merge keys, or JSON, which is read many times faster. Every problem is a finding with its position: syntax,
 * duplicate keys, aliases that multiply, nesting without end.
 */
export function readDocument(name: string, text: string, source: Place['source']): ReadDocument {
  return readJson(name, text, source) ?? readYaml(name, text, source)
}

/** `undefined` when the text is not JSON, or is JSON with keys twice or forbidden: the YAML reader says where. */
function readJson(name: string, text: string, source: Place['source']): ReadDocument | undefined {
  if (!/^\s*\{/.test(text) || text.includes('__proto__')) return undefined
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch {
    return undefined
  }
  const written = text.match(/"(?:[^"\\]|\\.)*"\s*:/g)?.length ?? 0
  if (written !== countKeys(data)) return undefined
  let yaml: ReadDocument | undefined
  const locate = (place: Place) => {
    yaml ??= readYaml(name, text, source)
    return yaml.locate(place)
  }
  return { name, data, findings: [], locate }
}

function countKeys(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  const own = Array.isArray(value) ? 0 : Object.keys(value).length
  return Object.values(value).reduce((sum: number, child) => sum + countKeys(child), own)
}

function readYaml(name: string, text: string, source: Place['source']): ReadDocument {
  const lines = new LineCounter()
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(line, 1), column: Math.max(col, 1) }
  }
  const broken = (finding: Finding): ReadDocument => ({
    name,
    data: undefined,
    findings: [finding],
    locate: positionOf,
  })
  const marker = /^(<{7}|>{7})( |$)/m.exec(text)
  if (marker) {
    const line = text.slice(0, marker.index).split('\n').length
    return broken(
      findingOf(
        'MERGE_MARKERS',
        { source, path: [], line, column: 1 },
        {
          message: 'two versions of the file are merged only in part',
          hint:
            source === 'lock'
              ? 'take one side as it is (git checkout --ours FILE), then natplan plan --save: the other side is allocated anew'
              : 'keep what belongs to both sides, remove the marker lines, and plan again',
        },
      ),
    )
  }
  try {
    const document = parseDocument(text, { lineCounter: lines, merge: true, uniqueKeys: false, prettyErrors: false })
    const findings = [...syntaxFindings(document, { source, at }), ...duplicateKeys(document, { source, at })]
    const isReadable = findings.every(({ code }) => code === 'KEY_DUPLICATE')
    const data = isReadable ? document.toJS({ maxAliasCount: mostAliases }) : undefined
    return { name, data, findings, locate: (place) => positionOf(place) ?? locateIn(document, place, at) }
  } catch (error) {
    return broken(resourceFinding(error, source))
  }
}

function positionOf({ line, column }: Place): Position | undefined {
  return line === undefined ? undefined : { line, column: column ?? 1 }
}

interface Source {
  readonly source: Place['source']
  readonly at: (offset: number) => Position
}

/** The first error of each line: those behind it mostly follow from it. */
function syntaxFindings(document: YamlDocument.Parsed, { source, at }: Source): Finding[] {
  if (document.errors.some(({ code }) => code === 'RESOURCE_EXHAUSTION')) return [tooDeep(source)]
  const lines = new Set<number>()
  return document.errors.flatMap((error) => {
    const position = at(error.pos[0])
    if (lines.has(position.line)) return []
    lines.add(position.line)
    if (error.code === 'MULTIPLE_DOCS') return secondDocument({ source, path: [], ...position }, source)
    return findingOf(
      'YAML_SYNTAX',
      { source, path: [], ...position },
      {
        message: error.message.replace(/\s+/g, ' '),
        hint:
          error.code === 'TAB_AS_INDENT' ? 'indent with blanks' : 'check indentation, colons, brackets and quotes here',
      },
    )
  })
}

function secondDocument(place: Place, source: Place['source']): Finding {
  return findingOf('YAML_SYNTAX', place, {
    message: `a second document begins here, and a ${source === 'lock' ? 'lock' : 'plan file'} is one`,
    hint: 'remove the line with --- when all belongs together, else move the rest into a file of its own',
  })
}

function duplicateKeys(document: YamlDocument.Parsed, { source, at }: Source): Finding[] {
  const findings: Finding[] = []
  visit(document, {
    Map: (_, map, around) => {
      const path = pathOf([...around, map])
      const seen = new Map<unknown, Node>()
      for (const { key } of map.items) {
        if (!isScalar(key) || isMergeKey(key.value)) continue
        if (key.value === '__proto__') findings.push(forbiddenKey(key, { source, at }))
        const first = seen.get(key.value)
        if (!first) seen.set(key.value, key)
        else findings.push(duplicateKey(key, first, { path, source, at }))
      }
    },
  })
  return findings
}

/** JavaScript gives this key a meaning of its own, so what stands under it would be lost on the way. */
function forbiddenKey(key: Node, { source, at }: Source): Finding {
  const place = { source, path: [], ...at(key.range?.[0] ?? 0) }
  return findingOf('KEY_UNKNOWN', place, { message: 'the key "__proto__" cannot be used', hint: 'choose another name' })
}

/** The keys and indexes from the top of the text down to the last of these nodes. */
function pathOf(nodes: readonly unknown[]): (string | number)[] {
  return nodes.flatMap((node, index): (string | number)[] => {
    if (isPair(node)) return isScalar(node.key) ? [keyText(node.key.value)] : []
    return isSeq(node) ? [node.items.indexOf(nodes[index + 1])] : []
  })
}

function duplicateKey(
  key: Node & { value?: unknown },
  first: Node,
  { path: map, source, at }: Source & { readonly path: Place['path'] },
): Finding {
  const path = [...map, String(key.value)]
  const place = (node: Node) => ({ source, path, isKey: true, ...at(node.range?.[0] ?? 0) })
  return findingOf('KEY_DUPLICATE', place(key), {
    message: `the key ${String(key.value)} is written twice`,
    hint: 'remove one of the two',
    related: [{ place: place(first), message: 'it is here already' }],
  })
}

function tooDeep(source: Place['source']): Finding {
  return findingOf('YAML_TOO_DEEP', { source, path: [] }, { message: 'the text is nested too deeply to be read' })
}

function resourceFinding(error: unknown, source: Place['source']): Finding {
  if (error instanceof RangeError) return tooDeep(source)
  if (error instanceof ReferenceError) {
    const hint = 'write the repeated part out, or use fewer aliases inside anchors'
    return findingOf('YAML_ALIASES', { source, path: [] }, { message: 'the aliases of the file expand too far', hint })
  }
  throw error
}

/** The position of a path: of its key or value, or of the nearest thing around it that is written in the text. */
function locateIn(
  document: YamlDocument.Parsed,
  { path, isKey }: Place,
  at: (offset: number) => Position,
): Position | undefined {
  let node: unknown = document.contents
  let found: Node | undefined = isNode(node) ? node : undefined
  for (const [index, step] of path.entries()) {
    const entry = stepInto(node, step, document)
    if (!entry) break
    node = entry.value
    const wanted = isKey && index === path.length - 1 ? entry.key : (entry.value ?? entry.key)
    if (isNode(wanted) && wanted.range) found = wanted
  }
  return found?.range ? at(found.range[0]) : undefined
}

interface Entry {
  readonly key?: unknown
  readonly value: unknown
}

function stepInto(node: unknown, step: Path[number], document: YamlDocument.Parsed): Entry | undefined {
  const target = isAlias(node) ? node.resolve(document) : node
  if (isSeq(target)) return typeof step === 'number' ? { value: target.items[step] } : undefined
  if (!isMap(target)) return undefined
  const pairs = pairsOf(target)
  const pair = pairs.get(String(step))
  if (pair) return pair
  const merged = pairs.get('<<')
  return merged && stepInto(merged.value, step, document)
}

/** The parser turns the merge key into a symbol. */
function isMergeKey(value: unknown): boolean {
  return value === '<<' || (typeof value === 'symbol' && value.description === '<<')
}

function keyText(value: unknown): string {
  return isMergeKey(value) ? '<<' : String(value)
}

const pairIndexes = new WeakMap<YAMLMap, ReadonlyMap<string, Pair>>()

function pairsOf(map: YAMLMap): ReadonlyMap<string, Pair> {
  const known = pairIndexes.get(map)
  if (known) return known
  const index = new Map(map.items.map((pair) => [isScalar(pair.key) ? keyText(pair.key.value) : '', pair]))
  pairIndexes.set(map, index)
  return index
}
