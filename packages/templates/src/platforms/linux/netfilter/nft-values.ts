import type { PacketMatch } from '@natplan/core'
import type { Budget } from './budget.ts'
import { bracedAt, isSymbol, isWord, type Token } from './nft-tokens.ts'
import type { NftSet } from './nft-tree.ts'
import type { Way } from './nft-ways.ts'

/** One member of a set or map: the parts of its key, and what a map gives for it. */
export interface Element {
  readonly key: readonly string[]
  readonly value: readonly Token[]
}

export interface Elements {
  readonly elements: readonly Element[]
  /** Behind the set or value. */
  readonly next: number
}

/** What every reading of a rule may ask. */
export interface Scope {
  readonly sets: ReadonlyMap<string, NftSet>
  /** Members of sets with names that were read already. */
  readonly known: Map<string, readonly Element[]>
  /** What such a set asks of a field. */
  readonly matches: Map<string, PacketMatch | undefined>
  /** The ways through such a map. */
  readonly ways: Map<string, readonly Way[] | undefined>
  readonly budget: Budget
}

/** Reads `{ … }`, `@name` or values with commas between; `undefined` when the members are not known. */
export function elementsAt(tokens: readonly Token[], at: number, scope: Scope): Elements | undefined {
  const first = tokens[at]
  if (isSymbol(first, '{')) {
    const { inner, next } = bracedAt(tokens, at)
    const elements = elementsOf(inner, scope)
    return elements && { elements, next }
  }
  if (first?.kind === 'word' && first.text.startsWith('@')) {
    const elements = namedElements(first.text.slice(1), scope)
    return elements && { elements, next: at + 1 }
  }
  return plainAt(tokens, at)
}

function namedElements(name: string, scope: Scope): readonly Element[] | undefined {
  const before = scope.known.get(name)
  if (before) return before
  const set = scope.sets.get(name)
  const elements = set && !set.isDynamic ? elementsOf(set.elements, scope) : undefined
  if (elements) scope.known.set(name, elements)
  return elements
}

function elementsOf(inner: readonly Token[], { budget }: Scope): readonly Element[] | undefined {
  if (!budget.spend(inner.length)) return undefined
  const flat = inner.filter((token) => !isSymbol(token, '{') && !isSymbol(token, '}'))
  return splitAt(flat).flatMap((tokens) => {
    const one = elementOf(tokens)
    return one.key.length > 0 ? [one] : []
  })
}

/** `22`, `new,established`, `10.0.0.1 . 80`. */
function plainAt(tokens: readonly Token[], at: number): Elements | undefined {
  const elements: Element[] = []
  let next = at
  while (isValue(tokens[next])) {
    const key = [tokens[next++]?.text ?? '']
    while (isWord(tokens[next], '.') && isValue(tokens[next + 1])) {
      key.push(tokens[next + 1]?.text ?? '')
      next += 2
    }
    elements.push({ key, value: [] })
    if (!isSymbol(tokens[next], ',')) break
    next++
  }
  return elements.length > 0 ? { elements, next } : undefined
}

function isValue(token: Token | undefined): boolean {
  return token?.kind === 'string' || (token?.kind === 'word' && token.text !== '.' && !token.text.startsWith('$'))
}

function splitAt(tokens: readonly Token[]): Token[][] {
  const parts: Token[][] = [[]]
  for (const token of tokens) {
    if (isSymbol(token, ',')) parts.push([])
    else parts.at(-1)?.push(token)
  }
  return parts
}

/** What may stand behind a key and says nothing about it. */
const ornaments = ['timeout', 'expires', 'counter', 'comment', 'last', 'limit']

function elementOf(tokens: readonly Token[]): Element {
  const colon = tokens.findIndex((token) => isWord(token, ':'))
  const [key, value] = colon < 0 ? gluedAt(tokens) : [tokens.slice(0, colon), tokens.slice(colon + 1)]
  const end = key.findIndex((token) => isWord(token, ...ornaments))
  const parts = (end < 0 ? key : key.slice(0, end)).filter((token) => !isWord(token, '.'))
  return { key: parts.map(({ text }) => text), value }
}

/** `80:10.0.0.1` and `10.0.0.1: drop`, where nobody left a blank. */
function gluedAt(tokens: readonly Token[]): [readonly Token[], readonly Token[]] {
  const [first, ...rest] = tokens
  const [, key = '', value = ''] = /^([^:]+):([^:]*)$/.exec(first?.text ?? '') ?? []
  if (!first || key === '') return [tokens, []]
  return [[{ ...first, text: key }], value === '' ? rest : [{ ...first, text: value }, ...rest]]
}
