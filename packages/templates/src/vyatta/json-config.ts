import type { NotUnderstood } from '../platform.ts'
import { eachLine, type TextLine } from '../text-lines.ts'
import { type ConfigNode, maxDepth } from './config-tree.ts'
import { type JsonNode, JsonScanner } from './json-scanner.ts'
import { pasted } from './pasted.ts'
import { quotedWord } from './split-words.ts'
import { isContainer } from './trees.ts'

/** What JSON left to be read. */
export interface JsonRest {
  /** Strings of a list, which are lines themselves, and what stands behind the JSON. */
  readonly lines: readonly TextLine[]
  readonly stray: readonly NotUnderstood[]
}

/**
 * Puts the JSON of `show configuration json` or of a `config.gateway.json` into a tree; also the answer of VyOS's API, with the
 * configuration as `data`, and a list of commands. `undefined` for a text that is not JSON.
 */
export function readJson(text: string, root: ConfigNode): JsonRest | undefined {
  const start = startOf(text)
  if (start === undefined) return undefined
  const scanner = new JsonScanner(text, start)
  const whole = scanner.read()
  if (!whole) return undefined
  const behind = scanner.position
  const rest: TextLine[] = []
  eachLine(text.slice(behind.at), ({ written, text: read }) => {
    rest.push({ written: { ...written, line: written.line + behind.line - 1 }, text: read })
  })
  const top = unwrapped(whole)
  if (top.kind === 'list') return { lines: [...top.items.map(lineOf), ...rest], stray: [] }
  const planter = new Planter(root)
  planter.plant(top, [])
  return { lines: rest, stray: planter.stray }
}

/** Where a text begins with a brace or a list, behind blank lines and prompts. */
function startOf(text: string): number | undefined {
  let at = 0
  for (const line of text.split('\n', 20)) {
    const trimmed = line.trimStart().replace(/^\ufeff\s*/, '')
    if (/^(?:\{|\[\s*(?:["{\]]|$))/.test(trimmed)) return at + line.length - trimmed.length
    const isFrame = trimmed.trim() === '' || pasted(trimmed.trim(), { isComparison: false }).kind !== 'other'
    if (!isFrame || /^\s*(?:set|delete)\s/.test(line)) return undefined
    at += line.length + 1
  }
  return undefined
}

function unwrapped(node: JsonNode): JsonNode {
  const members = node.kind === 'object' ? node.members : []
  const isAnswer = members.some(({ name }) => name === 'success')
  return (isAnswer && members.find(({ name }) => name === 'data')?.value) || node
}

function lineOf(item: JsonNode): TextLine {
  const text = item.kind === 'text' ? item.text : item.kind
  return { written: { line: item.line, text }, text: text.trim() }
}

class Planter {
  readonly stray: NotUnderstood[] = []
  readonly #root: ConfigNode

  constructor(root: ConfigNode) {
    this.#root = root
  }

  /** An object holds nodes, a list values; nothing (`{}`, `null`, `""`, and `''` of UniFi) makes a node without a value. */
  plant(node: JsonNode, path: readonly string[]): void {
    if (path.length > maxDepth || node.kind === 'deep') this.stray.push(shown(path, node.line))
    else if (node.kind === 'object' && node.members.length > 0) {
      for (const { name, value } of node.members) this.plant(value, [...path, name])
    } else if (node.kind === 'list') this.#plantValues(node.items, path, node.line)
    else if (node.kind === 'text' && node.text !== '' && node.text !== "''") this.#end([...path, node.text], node.line)
    else this.#end(path, node.line)
  }

  #plantValues(items: readonly JsonNode[], path: readonly string[], line: number): void {
    if (items.length === 0) this.#root.branch(path, line)
    for (const item of items) {
      if (item.kind === 'text') this.plant(item, path)
      else this.stray.push(shown(path, item.line))
    }
  }

  #end(path: readonly string[], line: number): void {
    if (path.length === 0) return
    const node = this.#root.branch(path, line)
    if (!isContainer(path)) node.endHere(shown(path, line))
  }
}

/** The command that would set the same, since a line of JSON does not say where it stands. */
function shown(path: readonly string[], line: number): NotUnderstood {
  return { line, text: `set ${path.map(quotedWord).join(' ')}` }
}
