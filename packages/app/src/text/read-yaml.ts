import { bounded, type Finding, findingOf, type Path, type Place } from '@natplan/core'
import { Composer, type CST, isAlias, isMap, isNode, isSeq, LineCounter, type Node, Parser } from 'yaml'
import { limits } from '../limits.ts'
import { type Position, positionOf } from './documents.ts'
import type { ReadDocument } from './read-document.ts'
import { pairsOf, type Source, YamlValues } from './yaml-values.ts'

/** Reads one document of YAML 1.2 with merge keys. Time is linear in the text. */
export function readYaml(name: string, text: string, source: Place['source']): ReadDocument {
  const broken = (finding: Finding): ReadDocument => ({
    name,
    data: undefined,
    findings: [finding],
    locate: positionOf,
  })
  if (text.length > limits.yamlBytes.most) return broken(tooLarge(source))
  const lines = new LineCounter()
  const tokens = [...new Parser(lines.addNewLine).parse(text)]
  // The composer calls itself, and where the stack ends it takes time without end.
  if (depthOf(tokens) > limits.documentDepth.most) return broken(tooDeep(source))
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(line, 1), column: Math.max(col, 1) }
  }
  const [document] = new Composer(options).compose(tokens, true, text.length)
  const contents = document?.contents ?? null
  const values = new YamlValues({ source, at })
  const syntax = [...syntaxFindings(document?.errors ?? [], { source, at }), ...otherDocuments(tokens, { source, at })]
  const data = syntax.length === 0 ? values.read(contents) : undefined
  const findings = bounded([...syntax, ...values.findings])
  return {
    name,
    data: findings.every(({ code }) => code === 'KEY_DUPLICATE') ? data : undefined,
    findings,
    locate: (place) => positionOf(place) ?? locateIn(contents, place, { values, at }),
  }
}

const options = { merge: true, uniqueKeys: false, prettyErrors: false, logLevel: 'silent' } as const

function tooLarge(source: Place['source']): Finding {
  return findingOf(
    'YAML_TOO_LARGE',
    { source, path: [] },
    {
      message: `the text has more than ${limits.yamlBytes.most / 1024 / 1024} MiB`,
      hint: 'write it as JSON, which is read many times faster, or divide the plan',
    },
  )
}

export function tooDeep(source: Place['source']): Finding {
  const message = `the text is nested more than ${limits.documentDepth.most} levels deep`
  return findingOf('YAML_TOO_DEEP', { source, path: [] }, { message })
}

/** How many collections stand in one another; counted without a call for each. */
function depthOf(tokens: readonly CST.Token[]): number {
  let level: readonly CST.Token[] = tokens
  for (let depth = 0; ; depth++) {
    if (level.length === 0) return depth - 1
    if (depth > limits.documentDepth.most) return depth
    level = level.flatMap(partsOf)
  }
}

function partsOf(token: CST.Token): CST.Token[] {
  const parts =
    token.type === 'document'
      ? [token.value]
      : 'items' in token
        ? token.items.flatMap(({ key, value }: CST.CollectionItem) => [key, value])
        : []
  return parts.flatMap((part) => (part && 'items' in part ? part : []))
}

/** The first error of each line: those behind it mostly follow from it. */
function syntaxFindings(
  errors: readonly { readonly pos: readonly [number, number]; readonly code: string; readonly message: string }[],
  { source, at }: Source,
): Finding[] {
  const lines = new Set<number>()
  return errors.flatMap(({ pos, code, message }) => {
    const position = at(pos[0])
    if (lines.has(position.line)) return []
    lines.add(position.line)
    const hint = code === 'TAB_AS_INDENT' ? 'indent with blanks' : 'check indentation, colons, brackets and quotes here'
    return findingOf('YAML_SYNTAX', { source, path: [], ...position }, { message: message.replace(/\s+/g, ' '), hint })
  })
}

function otherDocuments(tokens: readonly CST.Token[], { source, at }: Source): Finding[] {
  const [, second] = tokens.filter(({ type }) => type === 'document')
  if (!second) return []
  return [
    findingOf(
      'YAML_SYNTAX',
      { source, path: [], ...at(second.offset) },
      {
        message: `a second document begins here, and a ${source === 'lock' ? 'lock' : 'plan file'} is one`,
        hint: 'remove the line with --- when all belongs together, else move the rest into a file of its own',
      },
    ),
  ]
}

interface Located {
  readonly values: YamlValues
  readonly at: Source['at']
}

/** The position of a path: of its key or value, or of the nearest thing around it that is written in the text. */
function locateIn(contents: unknown, { path, isKey }: Place, { values, at }: Located): Position | undefined {
  let node = contents
  let found: Node | undefined = isNode(node) ? node : undefined
  for (const [index, step] of path.entries()) {
    const entry = stepInto(node, step, values)
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

function stepInto(node: unknown, step: Path[number], values: YamlValues): Entry | undefined {
  const target = isAlias(node) ? values.targets.get(node) : node
  if (isSeq(target)) return typeof step === 'number' ? { value: target.items[step] } : undefined
  if (!isMap(target)) return undefined
  const pairs = pairsOf(target)
  const pair = pairs.get(String(step))
  if (pair) return pair
  const merged = pairs.get('<<')
  return merged && stepInto(merged.value, step, values)
}
